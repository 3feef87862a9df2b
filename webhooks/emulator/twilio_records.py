"""What an account holds, in the shapes of Twilio's REST API."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from webhooks.emulator.segments import segments
from webhooks.emulator.twilio_rules import Json

API_VERSION = "2010-04-01"


def new_sid(prefix: str) -> str:
    """An id as Twilio makes them: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


@dataclass(slots=True, kw_only=True)
class Number:
    """A number of the account and where its texts go; a URL may carry connection overrides."""

    sid: str
    number: str
    sms_url: str = ""
    fallback_url: str = ""
    status_callback: str = ""

    def shape(self, account: str) -> Json:
        """As an `IncomingPhoneNumber`."""
        return {
            "sid": self.sid,
            "account_sid": account,
            "phone_number": self.number,
            "friendly_name": self.number,
            "capabilities": {"voice": False, "sms": True, "mms": True, "fax": False},
            "sms_url": self.sms_url,
            "sms_method": "POST",
            "sms_fallback_url": self.fallback_url,
            "sms_fallback_method": "POST",
            "status_callback": self.status_callback,
            "status_callback_method": "POST",
            "api_version": API_VERSION,
            "uri": f"/{API_VERSION}/Accounts/{account}/IncomingPhoneNumbers/{self.sid}.json",
        }


@dataclass(slots=True, kw_only=True)
class Text:
    """A message of the account.

    Attributes:
        direction: `inbound` or `outbound-api`.
        status: Twilio's word.
        created: when Twilio took it, UTC; `sent` when it left, `updated` when it last changed.
    """

    sid: str
    direction: str
    sender: str
    to: str
    body: str
    status: str
    created: datetime
    updated: datetime
    sent: datetime | None = None
    error: int | None = None
    media: int = 0
    status_callback: str = ""
    validity: int = 36000

    def shape(self, account: str) -> Json:
        """As a `Message`."""
        uri = f"/{API_VERSION}/Accounts/{account}/Messages/{self.sid}"
        return {
            "sid": self.sid,
            "account_sid": account,
            "api_version": API_VERSION,
            "messaging_service_sid": None,
            "direction": self.direction,
            "from": self.sender,
            "to": self.to,
            "body": self.body,
            "status": self.status,
            "num_segments": str(segments(self.body)),
            "num_media": str(self.media),
            "error_code": self.error,
            "error_message": None,
            "price": None,
            "price_unit": "USD",
            "date_created": _rfc2822(self.created),
            "date_updated": _rfc2822(self.updated),
            "date_sent": _rfc2822(self.sent) if self.sent else None,
            "uri": f"{uri}.json",
            "subresource_uris": {"media": f"{uri}/Media.json"},
        }


def _rfc2822(instant: datetime) -> str:
    return format_datetime(instant.astimezone(UTC))


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The filters of the list of messages; `on` is a UTC day or an instant."""

    to: str = ""
    sender: str = ""
    on: str = ""
    before: str = ""
    after: str = ""

    def finds(self, text: Text) -> bool:
        """Whether a message passes; what has not left yet has no date and passes no date filter."""
        if (self.to and text.to != self.to) or (self.sender and text.sender != self.sender):
            return False
        if not (self.on or self.before or self.after):
            return True
        if text.sent is None:
            return False
        return (
            (not self.on or _same(text.sent, self.on))
            and (not self.before or text.sent <= _instant(self.before))
            and (not self.after or text.sent >= _instant(self.after))
        )


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _same(sent: datetime, asked: str) -> bool:
    return sent.strftime("%Y-%m-%dT%H:%M:%S").startswith(asked.removesuffix("Z")[:10])
