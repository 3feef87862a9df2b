"""What a process of the house has: settings, database, senders. Put together here, once."""

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from pydantic import SecretStr

from booking.database import Database
from bot import delivery, exchange, inbox, statuses
from bot.channels import SMS, TELEGRAM, Sender
from bot.inbox import Accepted, Received
from bot.settings import Settings
from conversations import language
from conversations.wording import load_wording


@dataclass(frozen=True, kw_only=True)
class House:
    """The bot of one process.

    Args:
        settings: as read.
        database: where everything is.
        senders: by channel; only those that are on.
        accounts: our account on each channel that is on.

    """

    settings: Settings
    database: Database
    senders: "Senders"
    accounts: Mapping[str, str]

    def accept(self, received: Received, *, now: datetime) -> Accepted:
        """Store a message; committed when this returns."""
        with self.database.transaction() as db:
            return inbox.accept(db, received, now=now)

    def handle(self, talk_id: int, *, now: datetime) -> list[int]:
        """Hold one exchange; gives the messages that are due."""
        return exchange.run(self.database, self.accounts, talk_id, now=now)

    def deliver(self, outbound_id: int, *, now: datetime) -> list[int]:
        """Send one message; gives those that waited behind it."""
        return delivery.deliver(self.database, self.senders, self.accounts, outbound_id, now=now)

    def record_status(
        self,
        *,
        outbound_id: int | None,
        provider_id: str,
        status: str,
        error_code: int | None,
        now: datetime,
    ) -> list[int]:
        """Write down what a provider tells about a message; gives the messages that are due."""
        with self.database.transaction() as db:
            return statuses.record(
                db,
                self.accounts,
                outbound_id=outbound_id,
                provider_id=provider_id,
                status=status,
                error_code=error_code,
                now=now,
            )

    def warm_up(self) -> None:
        """Load what the first message would otherwise wait for; in a thread, after the start."""
        for channel in self.senders:
            self.senders[channel].warm_up()
        for code in language.available():
            language.load(code)
            load_wording(code)

    def close(self) -> None:
        """Close all connections."""
        self.senders.close()
        self.database.close()


class Senders(Mapping[str, Sender]):
    """Senders by channel, each made when it is first needed: their libraries import slowly."""

    def __init__(self, makers: Mapping[str, Callable[[], Sender]]) -> None:
        self._makers = makers
        self._made: dict[str, Sender] = {}
        self._making = threading.Lock()

    def __getitem__(self, channel: str) -> Sender:
        with self._making:
            if channel not in self._made:
                self._made[channel] = self._makers[channel]()
            return self._made[channel]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def close(self) -> None:
        """Close those that were made."""
        with self._making:
            for sender in self._made.values():
                sender.close()


def open_house(settings: Settings) -> House:
    """Put a house together from its settings."""
    makers: dict[str, Callable[[], Sender]] = {}
    accounts: dict[str, str] = {}
    if settings.has_telegram:
        makers[TELEGRAM] = partial(_telegram_sender, settings)
        accounts[TELEGRAM] = settings.telegram_account
    if settings.twilio_number is not None:
        makers[SMS] = partial(_sms_sender, settings)
        accounts[SMS] = settings.twilio_number
    return House(
        settings=settings,
        database=Database(settings.database_url),
        senders=Senders(makers),
        accounts=accounts,
    )


def _telegram_sender(settings: Settings) -> Sender:
    from bot.channels.telegram import TelegramSender  # noqa: PLC0415 (see Senders)

    token = settings.telegram_token or SecretStr("")
    return TelegramSender(token.get_secret_value(), settings.telegram_api_url)


def _sms_sender(settings: Settings) -> Sender:
    from bot.channels.sms import TwilioSender  # noqa: PLC0415 (see Senders)

    return TwilioSender(
        settings.twilio_account_sid or "",
        (settings.twilio_auth_token or SecretStr("")).get_secret_value(),
        settings.twilio_api_url,
        f"{settings.public_url}/webhooks/twilio/status",
    )
