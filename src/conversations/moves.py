"""What can happen in a talk: what was heard, and what the book answered. Plain values."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from booking.errors import Reason
from booking.rules import Wish
from conversations.draft import Choice
from conversations.reading import Reading, Side, Topic
from conversations.waits import Waiting


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A reservation or hold as a guest thinks of it, in calendar date and wall time.

    `is_requested` is true while the staff have yet to decide, `is_final` from the cut-off on.
    """

    id: int
    code: str
    party_size: int
    date: dt.date
    time: dt.time
    request: str | None = None
    until: dt.time | None = None
    is_requested: bool = False
    is_final: bool = False


@dataclass(frozen=True)
class Event:
    """Anything that happens in a talk."""


# What was heard.


@dataclass(frozen=True)
class Told(Event):
    """Details of a booking, or of a change in progress."""

    reading: Reading


@dataclass(frozen=True)
class Chose(Event):
    """One of the alternatives, counted from 1."""

    number: int


@dataclass(frozen=True)
class Agreed(Event):
    """A yes to what was asked, perhaps with a wish."""

    request: str | None = None


@dataclass(frozen=True)
class Declined(Event):
    """A no to what was asked."""


@dataclass(frozen=True)
class DeclinesOthers(Event):
    """A no to other times or sizes, while tables are held."""

    hold_id: int


@dataclass(frozen=True)
class PutsOff(Event):
    """The answer will come later."""


@dataclass(frozen=True)
class SeeksOthers(Event):
    """Another time would suit better: for what is talked about, or for an agreed visit."""

    side: Side
    visit: Visit | None = None


@dataclass(frozen=True)
class WantsMore(Event):
    """One booking more, before there is an answer about the first."""


@dataclass(frozen=True)
class Content(Event):
    """A yes or no out of the blue, from a guest who is expected."""

    visits: tuple[Visit, ...]
    agrees: bool


@dataclass(frozen=True)
class Named(Event):
    """A name for the book."""

    name: str


@dataclass(frozen=True)
class Noted(Event):
    """A request that belongs to an agreed visit."""

    visit: Visit
    request: str


@dataclass(frozen=True)
class ChangesOne(Event):
    """An agreed visit shall change, perhaps already to something."""

    visit: Visit
    reading: Reading


@dataclass(frozen=True)
class ChangesWhich(Event):
    """A visit shall change, but several could be meant."""

    visits: tuple[Visit, ...]
    reading: Reading


@dataclass(frozen=True)
class CancelsOne(Event):
    """An agreed visit shall be cancelled."""

    visit: Visit


@dataclass(frozen=True)
class CancelsWhich(Event):
    """A visit shall be cancelled, but several could be meant."""

    visits: tuple[Visit, ...]


@dataclass(frozen=True)
class CancelsDraft(Event):
    """What was being talked about shall be dropped; the visits stay."""

    visits: tuple[Visit, ...] = ()


@dataclass(frozen=True)
class FindsNothing(Event):
    """A change or cancellation of a visit that is not in the book."""


@dataclass(frozen=True)
class PicksToChange(Event):
    """The visit to change has been picked."""

    visit: Visit


@dataclass(frozen=True)
class PicksToCancel(Event):
    """The visit to cancel has been picked."""

    visit: Visit


@dataclass(frozen=True)
class LooksUp(Event):
    """The guest asks what is in the book; `entries` is what they wait for."""

    visits: tuple[Visit, ...]
    entries: tuple[Waiting, ...] = ()


@dataclass(frozen=True)
class Waits(Event):
    """The guest would wait for a table."""

    reading: Reading


@dataclass(frozen=True)
class LeavesList(Event):
    """The guest would wait no longer; for nothing when they wait for nothing."""

    entries: tuple[Waiting, ...]


@dataclass(frozen=True)
class IsLate(Event):
    """The party will be late; for no visit when there is none today, but perhaps others."""

    visit: Visit | None
    others: tuple[Visit, ...] = ()


@dataclass(frozen=True)
class Asks(Event):
    """A question about the house, perhaps beside something else that was said."""

    topic: Topic
    date: dt.date | None = None
    beside: bool = False


@dataclass(frozen=True)
class Opens(Event):
    """When guests are seated on a date: spans of wall times, none when closed."""

    date: dt.date
    spans: tuple[tuple[dt.time, dt.time], ...]
    beside: bool = False


@dataclass(frozen=True)
class Speaks(Event):
    """The guest wants to be answered in another language, which the talk has taken on."""


@dataclass(frozen=True)
class WantsPerson(Event):
    """The guest wants to talk to a person, or is not understood while something is open."""

    unclear: bool = False


@dataclass(frozen=True)
class Stops(Event):
    """The guest wants no more messages."""


@dataclass(frozen=True)
class StartsOver(Event):
    """The guest wants to start from the beginning."""


@dataclass(frozen=True)
class Greets(Event):
    """A greeting and nothing else."""


@dataclass(frozen=True)
class Thanks(Event):
    """Thanks and nothing else."""


@dataclass(frozen=True)
class Doubts(Event):
    """A number that may mean two things."""

    number: int


@dataclass(frozen=True)
class Unclear(Event):
    """Nothing was understood."""


@dataclass(frozen=True)
class GivesUp(Event):
    """Nothing was understood, for the third time in a row."""


@dataclass(frozen=True)
class Stale(Event):
    """An answer to a question that is no longer the open one."""


# What the book answered.


@dataclass(frozen=True)
class Held(Event):
    """Tables are held; `asks_staff` says that the staff have to agree.

    `second` is a visit that the guest has at that time already, `after_all` says that the guest
    would have waited for a table, and need not, `beside` that something else was talked about.
    """

    visit: Visit
    asks_staff: bool = False
    second: Visit | None = None
    after_all: bool = False
    beside: bool = False


@dataclass(frozen=True)
class Joined(Event):
    """The guest waits; if a table comes free it will be held for so many minutes."""

    entry: Waiting
    minutes: int


@dataclass(frozen=True)
class Fits(Event):
    """The size is one that the house takes; `days` are those between which a date was named."""

    days: tuple[dt.date, dt.date] | None = None


@dataclass(frozen=True)
class Offered(Event):
    """A wish cannot be had, but other times can; `held` is what it was to replace."""

    reason: Reason
    fields: Mapping[str, Any]
    options: tuple[Choice, ...]
    held: Visit | None = None


@dataclass(frozen=True)
class FoundOthers(Event):
    """Other times can be had."""

    options: tuple[Choice, ...]


@dataclass(frozen=True)
class FoundNoOthers(Event):
    """No other time than that of the wish can be had on that side."""

    side: Side
    wish: Wish


@dataclass(frozen=True)
class Refused(Event):
    """A wish cannot be had, and there is nothing near it; `held` is what it was to replace."""

    reason: Reason
    fields: Mapping[str, Any]
    held: Visit | None = None


@dataclass(frozen=True)
class NeedsApproval(Event):
    """A visit is to grow to a size that only the staff can allow; it stays as it is."""


@dataclass(frozen=True)
class Booked(Event):
    """The hold has become a reservation, or a request; the guest's name is known."""

    visit: Visit


@dataclass(frozen=True)
class BookedUnnamed(Event):
    """The hold has become a reservation, or a request; the guest's name is not known."""

    visit: Visit


@dataclass(frozen=True)
class Proposed(Event):
    """A visit could be changed to this; `second` is another that the guest has at that time."""

    visit: Visit
    wish: Wish
    second: Visit | None = None


@dataclass(frozen=True)
class Unchanged(Event):
    """What a visit is to be changed to is what it is."""

    visit: Visit


@dataclass(frozen=True)
class Changed(Event):
    """A visit has been changed."""

    visit: Visit


@dataclass(frozen=True)
class Cancelled(Event):
    """A visit has been cancelled."""

    visit: Visit


@dataclass(frozen=True)
class TooLate(Event):
    """The cut-off for changes and cancellations of a visit has passed."""

    visit: Visit


@dataclass(frozen=True)
class Gone(Event):
    """What was talked about is over: cancelled, declined or seated meanwhile."""
