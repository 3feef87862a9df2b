"""What a process of the house has: settings, database, senders. Put together here, once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from booking.database import Database
from bot import delivery, exchange, inbox, statuses
from bot.channels import SMS, TELEGRAM, Sender
from bot.channels.sms import TwilioSender
from bot.channels.telegram import TelegramSender
from bot.inbox import Accepted, Received
from bot.settings import Settings


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
    senders: Mapping[str, Sender]
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

    def close(self) -> None:
        """Close all connections."""
        for sender in self.senders.values():
            sender.close()
        self.database.close()


def open_house(settings: Settings) -> House:
    """Put a house together from its settings."""
    senders: dict[str, Sender] = {}
    accounts: dict[str, str] = {}
    if settings.telegram_token:
        token = settings.telegram_token.get_secret_value()
        senders[TELEGRAM] = TelegramSender(token, settings.telegram_api_url)
        accounts[TELEGRAM] = settings.telegram_account
    if settings.twilio_number and settings.twilio_account_sid and settings.twilio_auth_token:
        senders[SMS] = TwilioSender(
            settings.twilio_account_sid,
            settings.twilio_auth_token.get_secret_value(),
            settings.twilio_api_url,
            f"{settings.public_url}/webhooks/twilio/status",
        )
        accounts[SMS] = settings.twilio_number
    return House(
        settings=settings,
        database=Database(settings.database_url),
        senders=senders,
        accounts=accounts,
    )
