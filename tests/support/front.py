"""A house with real databases, the real client libraries and providers in a box, at a clock that
stands still until a test moves it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa
from restaurants import NOON
from serving import Server

from booking import lookups, venues
from booking.database import Database
from booking.lookups import Reservation
from booking.models import Reservation as ReservationRow
from booking.venue import Venue
from booking.venue_file import VenueFile
from bot import scheduler
from bot.channels import SMS, TELEGRAM
from bot.channels.sms import TIMEOUT, TwilioSender
from bot.channels.telegram import TelegramSender
from bot.house import House, Senders
from bot.inbox import Kind, Received
from bot.models import OutboundMessage
from bot.settings import Settings
from bot.staff import contacts
from webhooks.emulator import Account, Emulators, build
from webhooks.emulator.faults import Fault
from webhooks.emulator.phones import Author, Channel, Phone, PhoneMessage

ACCOUNT = Account(
    telegram_token="77:made-up",
    telegram_secret="hush-hush",
    twilio_account_sid="AC0",
    twilio_auth_token="made-up-too",
    twilio_number="+390212345678",
)
STAFF_CHAT = -1001234567890
GUEST = "+447700900101"
OTHER = "+447700900102"
CHAT = "501"

#: Seconds that the senders wait for an answer which a provider is known to withhold.
IMPATIENCE = 1.0


@dataclass
class Clock:
    """Stands still until a test moves it."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> datetime:
        self.now += timedelta(**time)
        return self.now


@dataclass
class Front:
    """The house, its providers and its clock."""

    house: House
    emulators: Emulators
    clock: Clock
    numbers: "count[int]" = field(default_factory=count)

    @property
    def database(self) -> Database:
        return self.house.database

    def open(self, data: Mapping[str, Any]) -> Venue:
        """Load a venue and its staff."""
        with self.database.transaction() as db:
            loaded = venues.load(
                db, VenueFile.model_validate(data), data, now=self.clock(), keep_reservations=True
            )
            contacts.enter(db, loaded.venue)
        for member in loaded.venue.staff:
            if member.telegram_chat_id:
                self.emulators.telegram.open_group(member.telegram_chat_id, member.name)
        return loaded.venue

    def receive(
        self,
        address: str,
        text: str,
        *,
        kind: Kind = Kind.TEXT,
        at: datetime | None = None,
        **data: Any,
    ) -> int:
        """Store a message, as its webhook would; gives the conversation."""
        channel = SMS if address.startswith("+") else TELEGRAM
        if channel == TELEGRAM and int(address) > 0:
            self.emulators.telegram.open_chat(int(address), data.get("name", "Anna"))
        accepted = self.house.accept(
            Received(
                channel=channel,
                account=self.house.accounts[channel],
                address=address,
                external_id=str(next(self.numbers)),
                kind=kind,
                text=text,
                data=data,
            ),
            now=at or self.clock(),
        )
        assert accepted.talk_id is not None
        return accepted.talk_id

    def say(self, address: str, text: str, **data: Any) -> str | None:
        """Write to the bot; what it answers, or None when it keeps silent."""
        before = len(self.heard(address))
        self.work(self.receive(address, text, **data))
        heard = self.heard(address)[before:]
        self.clock.forward(seconds=1)
        return heard[-1] if heard else None

    def press(self, address: str, button: str, *, name: str = "Anna") -> str | None:
        """Press a button under the newest message that has it."""
        tokens = [
            shown.data
            for message in self.phone(address).messages()
            for row in message.buttons
            for shown in row
            if shown.text == button
        ]
        return self.say(address, tokens[-1] or "", kind=Kind.PRESS, name=name)

    def work(self, talk_id: int) -> None:
        """Hold one exchange and send what is due."""
        due = self.house.handle(talk_id, now=self.clock())
        while due:
            due += self.house.deliver(due.pop(0), now=self.clock())

    def run_due(self) -> None:
        """Do the scheduler's work as of the clock."""
        scheduler.run_due(self.house, now=self.clock())

    def phone(self, address: str) -> Phone:
        if address.startswith("+"):
            return self.emulators.twilio.open_phone(address, "")
        return self.emulators.phones.open(Channel.TELEGRAM, address)

    def messages(self, address: str) -> list[PhoneMessage]:
        return [m for m in self.phone(address).messages() if m.author is Author.HOUSE]

    def heard(self, address: str) -> list[str]:
        """All that the house has said to an address."""
        return [message.text for message in self.messages(address)]

    def alerts(self) -> list[str]:
        """All that the staff's group was told."""
        return self.heard(str(STAFF_CHAT))

    def book(self) -> list[Reservation]:
        """All reservations."""
        with self.database.reading() as db:
            return lookups.fetch(db, ReservationRow.id > 0)

    @contextmanager
    def answers_lost(self, address: str) -> Iterator[None]:
        """Meanwhile the provider does as it is asked, but its answer comes too late."""
        by_sms = address.startswith("+")
        provider = self.emulators.twilio if by_sms else self.emulators.telegram
        patient = self.house
        hasty = replace(patient, senders=senders(patient.settings, timeout=IMPATIENCE))
        provider.faults.switch(Fault.LOSE_ANSWER, times=True)
        self.house = hasty
        yield
        self.house = patient
        hasty.senders.close()
        provider.faults.switch(Fault.LOSE_ANSWER, times=False)

    def outbox(self, **columns: Any) -> list[dict[str, Any]]:
        """Rows of the outbox, in order."""
        row = OutboundMessage
        query = sa.select(row.__table__).order_by(row.id)
        for name, value in columns.items():
            query = query.where(getattr(row, name) == value)
        with self.database.reading() as db:
            return [dict(found) for found in db.execute(query).mappings()]


def senders(settings: Settings, *, timeout: float) -> Senders:
    """The real senders, as patient as wanted.

    Args:
        settings: where the providers are.
        timeout: in seconds.
    """
    return Senders(
        {
            TELEGRAM: lambda: TelegramSender(
                ACCOUNT.telegram_token, settings.telegram_api_url, timeout=timeout
            ),
            SMS: lambda: TwilioSender(
                ACCOUNT.twilio_account_sid,
                ACCOUNT.twilio_auth_token,
                settings.twilio_api_url,
                f"{settings.public_url}/webhooks/twilio/status",
                timeout=timeout,
            ),
        }
    )


def build_front(server: Server, database: Database) -> Front:
    """Put a house together, with its providers on a server."""
    clock = Clock()
    emulators = build(ACCOUNT, webhooks=server.url, now=clock, status_pause=0.01)
    server.app = emulators.app
    settings = Settings.model_validate(
        {
            "database_url": database.engine.url.render_as_string(hide_password=False),
            "public_url": server.url,
            "telegram_api_url": f"{server.url}/telegram",
            "twilio_api_url": f"{server.url}/twilio",
            "telegram_token": ACCOUNT.telegram_token,
            "telegram_webhook_secret": ACCOUNT.telegram_secret,
            "twilio_account_sid": ACCOUNT.twilio_account_sid,
            "twilio_auth_token": ACCOUNT.twilio_auth_token,
            "twilio_number": ACCOUNT.twilio_number,
        }
    )
    house = House(
        settings=settings,
        database=database,
        senders=senders(settings, timeout=TIMEOUT),
        accounts={TELEGRAM: "77", SMS: ACCOUNT.twilio_number},
    )
    return Front(house, emulators, clock)
