"""Channels: what each provider can carry, and how a message is handed to it.

A sender returns a Receipt, or raises one of the errors below, which say what is known of the
message: that it was not sent and may be tried again, that it never will be, or that nobody knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from conversations.wording import Capability

TELEGRAM = "telegram"
SMS = "sms"
TERMINAL = "terminal"
#: Guests who ring or walk in: nothing can be sent to them.
DESK = "desk"

#: Telegram: 4096 characters (Bot API, sendMessage). SMS: 2 segments keep the cost and the order.
CAPABILITIES = {
    TELEGRAM: Capability(max_length=4096, has_buttons=True),
    SMS: Capability(max_length=306, max_segments=2),
    TERMINAL: Capability(max_length=4096),
}


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One message for a provider.

    Args:
        id: its row in the outbox.
        account: the one of ours that sends it.
        address: a chat id or number.
        text: what it says.
        buttons: as (label, token).
        press_id: the press of a button to acknowledge, instead of a text.
        edits: the provider's id of an earlier message that this one replaces.
        valid_for: how long it is worth delivering.
        since: when it was first handed over (UTC), for looking whether it arrived.

    """

    id: int
    account: str
    address: str
    text: str = ""
    buttons: Sequence[tuple[str, str]] = ()
    press_id: str | None = None
    edits: str | None = None
    valid_for: timedelta = timedelta(minutes=5)
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What the provider said when it took a message."""

    provider_id: str | None = None
    provider_state: str | None = None


class SendError(Exception):
    """The base of what can go wrong in sending."""


@dataclass
class NotNow(SendError):
    """It was not sent, for a reason that passes. `pause` holds for the whole account."""

    reason: str
    pause: timedelta | None = None


@dataclass
class Unknown(SendError):
    """Nobody knows whether it was sent: the provider's answer was lost."""

    reason: str


@dataclass
class Refused(SendError):
    """This message will never be taken."""

    reason: str


@dataclass
class Unreachable(SendError):
    """Nothing will be taken for this address any more."""

    reason: str


@dataclass
class Moved(SendError):
    """The address has a new one (a Telegram group became a supergroup)."""

    address: str
    data: dict[str, Any] = field(default_factory=dict)


class Sender(Protocol):
    """One provider."""

    def send(self, outgoing: Outgoing) -> Receipt:
        """Hand a message over; waits some seconds at most."""
        ...

    def find(self, outgoing: Outgoing) -> Receipt | None:
        """Look whether a message whose answer was lost has arrived after all."""
        ...

    def warm_up(self) -> None:
        """Load what the first message would otherwise wait for."""
        ...

    def close(self) -> None:
        """Close connections and threads."""
        ...
