"""What a phone shows: one conversation with the house, as its holder sees it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import count
from typing import Any, TypeVar

T = TypeVar("T")


class Channel(StrEnum):
    """How a phone talks to the house."""

    TELEGRAM = "telegram"
    SMS = "sms"


class Author(StrEnum):
    """Who a message on a phone comes from."""

    HOLDER = "holder"
    HOUSE = "house"
    CARRIER = "carrier"
    NOTE = "note"  # what the app itself shows: a pop-up, "blocked"


class Delivery(StrEnum):
    """How far a message has come."""

    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNSEEN = "unseen"  # never passed on: a bot in a group sees only what is meant for it


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message; `data` goes back to the house, `url` opens a page."""

    text: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneMessage:
    """A message as shown on a phone.

    Attributes:
        id: the provider's own id, as text.
        name: who wrote it, where several people share a phone.
        at: when, in UTC.
        problem: the provider's error code of a message that failed.
    """

    id: str
    author: Author
    text: str
    at: datetime
    name: str = ""
    state: Delivery = Delivery.DELIVERED
    buttons: tuple[tuple[Button, ...], ...] = ()
    edited: bool = False
    problem: int | None = None


class Phone:
    """The messages of one address on one channel, safe to use from any thread."""

    def __init__(self, channel: Channel, address: str, name: str) -> None:
        self.channel = channel
        self.address = address
        self.name = name
        self._changed = threading.Condition()
        self._messages: dict[str, PhoneMessage] = {}
        self._notes = count(1)
        self._revision = 0
        self._blocked = False
        self._typing_until: datetime | None = None

    @property
    def revision(self) -> int:
        """Rises with each change of what the phone shows."""
        return self._revision

    @property
    def blocked(self) -> bool:
        """Whether the holder has blocked the house."""
        return self._blocked

    @property
    def typing_until(self) -> datetime | None:
        """Until when the phone shows that the house is writing; UTC."""
        return self._typing_until

    def messages(self) -> tuple[PhoneMessage, ...]:
        """Everything shown, oldest first."""
        with self._changed:
            return tuple(self._messages.values())

    def show(self, message: PhoneMessage) -> None:
        """Add a message; one of the house ends its typing."""
        with self._changed:
            self._messages[message.id] = message
            if message.author is Author.HOUSE:
                self._typing_until = None
            self._mark()

    def clear(self) -> None:
        """Take all messages off the screen; the house is told nothing."""
        with self._changed:
            self._messages.clear()
            self._typing_until = None
            self._mark()

    def note(self, text: str, *, at: datetime) -> None:
        """Add a line of the app itself, at an instant in UTC."""
        with self._changed:
            name = f"note-{next(self._notes)}"
            self.show(PhoneMessage(id=name, author=Author.NOTE, text=text, at=at))

    def change(self, message_id: str, **changes: Any) -> None:
        """Replace fields of a message; one that was cleared away is left alone."""
        with self._changed:
            if message_id in self._messages:
                self._messages[message_id] = replace(self._messages[message_id], **changes)
                self._mark()

    def show_blocked(self, *, blocked: bool) -> None:
        """Show whether the house is blocked."""
        with self._changed:
            self._blocked = blocked
            self._mark()

    def show_typing(self, *, until: datetime) -> None:
        """Show until an instant (UTC) that the house is writing."""
        with self._changed:
            self._typing_until = until
            self._mark()

    def wait_for(self, look: Callable[[tuple[PhoneMessage, ...]], T], timeout: float = 10) -> T:
        """Wait until `look` finds something (anything true) in the messages, and return it.

        Args:
            look: is called with all messages, again after each change.
            timeout: in seconds.

        Raises:
            TimeoutError: it found nothing; the error tells what the phone shows.
        """
        found: T | None = None

        def seen() -> bool:
            nonlocal found
            found = look(tuple(self._messages.values()))
            return bool(found)

        with self._changed:
            if not self._changed.wait_for(seen, timeout) or found is None:
                shown = "\n".join(f"  {m.author}: {m.text!r}" for m in self._messages.values())
                raise TimeoutError(f"{self.channel} {self.address} shows only:\n{shown}")
            return found

    def wait_beyond(self, revision: int, timeout: float) -> None:
        """Wait until something has changed since a revision, at most `timeout` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._revision > revision, timeout)

    def _mark(self) -> None:
        self._revision += 1
        self._changed.notify_all()


class Phones:
    """All phones, found by channel and address."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._phones: dict[tuple[Channel, str], Phone] = {}

    def open(self, channel: Channel, address: str, name: str = "") -> Phone:
        """The phone of an address, made when there is none yet."""
        with self._lock:
            key = (channel, address)
            if key not in self._phones:
                self._phones[key] = Phone(channel, address, name or address)
            return self._phones[key]

    def find(self, channel: Channel, address: str) -> Phone | None:
        """The phone of an address, if there is one."""
        return self._phones.get((channel, address))

    def all(self) -> tuple[Phone, ...]:
        """Every phone, in the order of their opening."""
        with self._lock:
            return tuple(self._phones.values())

    def clear(self) -> None:
        """Throw all phones away."""
        with self._lock:
            self._phones.clear()
