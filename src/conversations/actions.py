"""What the dialogue asks for: sentences to say, and things to do in the book. Plain values."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from booking.rules import Wish
from conversations.reading import Side


@dataclass(frozen=True)
class Action:
    """Anything the dialogue asks for."""


@dataclass(frozen=True)
class Say(Action):
    """A sentence of the language file, with its values; `spare` as in `wording.Line`."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    spare: int = 0


@dataclass(frozen=True)
class Hold(Action):
    """Hold tables, instead of those that are held already."""

    wish: Wish
    request: str | None
    instead_of: int | None


@dataclass(frozen=True)
class Wait(Action):
    """Let the guest wait; where there is a place hold it, instead of what is held already."""

    wish: Wish
    request: str | None
    instead_of: int | None


@dataclass(frozen=True)
class StopWaiting(Action):
    """End an entry of the waitlist."""

    entry_id: int


@dataclass(frozen=True)
class CheckSize(Action):
    """Look whether the house takes parties of this size at all, before more is asked."""

    party_size: int
    days: tuple[dt.date, dt.date] | None = None


@dataclass(frozen=True)
class Confirm(Action):
    """Turn the hold into a reservation, with what is wished besides."""

    hold_id: int
    request: str | None = None


@dataclass(frozen=True)
class Recall(Action):
    """Look whether a hold still stands; `beside` something else that was talked about."""

    hold_id: int
    beside: bool = False


@dataclass(frozen=True)
class LookUpHours(Action):
    """Look when guests are seated on a date."""

    date: dt.date
    beside: bool = False


@dataclass(frozen=True)
class SeekOthers(Action):
    """Look for other times than that of a wish; `but` is the hold or visit that would move."""

    wish: Wish
    side: Side
    but: int | None


@dataclass(frozen=True)
class Release(Action):
    """Let a hold go."""

    hold_id: int


@dataclass(frozen=True)
class Propose(Action):
    """Look whether a visit could be changed."""

    target_id: int
    wish: Wish


@dataclass(frozen=True)
class Amend(Action):
    """Change a visit."""

    target_id: int
    wish: Wish
    request: str | None


@dataclass(frozen=True)
class Cancel(Action):
    """Cancel a visit."""

    target_id: int


@dataclass(frozen=True)
class Note(Action):
    """Write a request down."""

    target_id: int
    request: str


@dataclass(frozen=True)
class NoteLate(Action):
    """Write down that a party will be late."""

    target_id: int


@dataclass(frozen=True)
class Rename(Action):
    """Write a guest's name down."""

    name: str


@dataclass(frozen=True)
class Silence(Action):
    """Send this guest nothing unasked any more."""


@dataclass(frozen=True)
class Alert(Action):
    """Tell the staff, with what they need to know."""

    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict)
