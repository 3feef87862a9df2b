"""What parsers find: small values that refiners put together."""

from datetime import date
from typing import NamedTuple

NOON = 12
#: in hours; "12-14" is a span of times that suit, "2-15" is rather a date
LONGEST_WINDOW = 6
#: day part -> minutes of the day between which it lies; past 24 * 60 is the small hours
DAY_PARTS: dict[str, tuple[int, int]] = {
    "breakfast": (5 * 60, 11 * 60 + 59),
    "morning": (60, 12 * 60),
    "brunch": (9 * 60, 14 * 60),
    "lunch": (11 * 60, 16 * 60),
    "noon": (11 * 60, 15 * 60),
    "afternoon": (12 * 60, 19 * 60),
    "long_afternoon": (12 * 60, 21 * 60),  # lasts until dinner (Spanish "las ocho de la tarde")
    "dinner": (17 * 60, 25 * 60),
    "evening": (16 * 60, 28 * 60),
    "night": (18 * 60, 28 * 60),
}


class Clock(NamedTuple):
    """A time of day as it was said.

    `half` is am or pm, `part` a day part. `bare` is an hour without any sign of being one. `exact`
    means that minutes were said, `zero` that it was written with a leading zero, `article` that the
    word may as well be an article ("una"), `named` that it is noon or midnight by name; a `part`
    besides says that the name is one for that part of the day, too ("mediodía").
    """

    hour: int
    minute: int = 0
    half: str | None = None
    part: str | None = None
    approximate: bool = False
    bare: bool = False
    exact: bool = False
    zero: bool = False
    article: bool = False
    named: bool = False

    @property
    def is_vague(self) -> bool:
        """Whether it may be the time around: "Sunday noon" for 12:30."""
        return self.named and not self.exact

    def readings(self) -> tuple[int, ...]:
        """Give the minutes of the day that this can mean, as said: without opening hours."""
        first = self.hour * 60 + self.minute
        if self.hour > NOON or self.hour == 0 or first < 0:  # "0:30" has a clock of 24 hours
            return (first % 1440,)
        if self.half:
            return (first % 720 + (720 if self.half == "pm" else 0),)
        both = ((first % 720), (first % 720) + 720)
        within = tuple(m for m in both if self.part and lies_in(self.part, m))
        return within or both


def lies_in(part: str, minutes: int) -> bool:
    """Tell whether minutes of a day lie in a day part."""
    low, high = DAY_PARTS[part]
    return low <= minutes <= high or low <= minutes + 1440 <= high


class Window(NamedTuple):
    """A span of times; either end may be open. `fixed`: it cannot mean an old and a new time."""

    start: Clock | None
    end: Clock | None
    fixed: bool = False


class Later(NamedTuple):
    """So many minutes, or days, after (or before) what is known; `or_today` if nothing is."""

    minutes: int
    days: int = 0
    or_today: bool = False


class PastHour(NamedTuple):
    """So many minutes past the hour that is said or known besides ("quarter past")."""

    minutes: int


class Day(NamedTuple):
    """A calendar date.

    `again` is what repeats it when it has just passed: day, week, month, year or nothing.
    """

    date: date
    again: str = ""
    part: str | None = None
    minutes: int | None = None


class Days(NamedTuple):
    """A span of days, both ends included."""

    first: date
    last: date


class Span(NamedTuple):
    """A length of time: so many of a unit."""

    number: int
    unit: str


class Persons(NamedTuple):
    """Some persons.

    `self_included` counts the writer; `counted` are persons of a party, not somebody's relatives;
    `unknown` says that the words give no number ("the kids").
    """

    size: int
    self_included: bool = False
    counted: bool = False
    unknown: bool = False


class Party(NamedTuple):
    """How many come, the writer included."""

    size: int


class MoreParty(NamedTuple):
    """So many more (or fewer) than known."""

    by: int


class Besides(NamedTuple):
    """Persons who come in addition to a number said elsewhere, or are all when they are counted."""

    size: int
    counted: bool = False


class Figure(NamedTuple):
    """A number without a sign of what it counts; `lead` is the kind of word before it."""

    number: int
    digits: int = 0
    lead: str = ""


class Choice(NamedTuple):
    """The so-manieth of the options; -1 is the last, -2 the one before."""

    place: int


class Shift(NamedTuple):
    """The old value and the new one; `slip` if the old one was never meant ("for 6, I mean 7")."""

    old: object
    new: object
    slip: bool = False


class Old(NamedTuple):
    """A value that no longer holds ("instead of Friday")."""

    value: object


class New(NamedTuple):
    """A value that shall hold from now on ("to 8")."""

    value: object


class Aside(NamedTuple):
    """A time of something else; it counts only when no other time is said."""

    time: Clock


class Noise(NamedTuple):
    """Words that say nothing about the booking, whatever numbers or days are in them."""

    kind: str
