"""Date, time and party size of a message: several values, old and new ones, known ones."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from conversations.parsers.findings import (
    Aside,
    Clock,
    Day,
    Days,
    Later,
    New,
    Noise,
    Old,
    Party,
    Shift,
    Window,
)
from conversations.refiners.days import HORIZON, settled, within
from conversations.refiners.hours import meant, minutes_of, span_meant
from conversations.refiners.message import Message

_DAY = 24 * 60


@dataclass
class Slots:
    """What is known of a message so far; times in minutes of the day.

    `clock` and `day` are as said, and become `minutes` and `on` when all is known.
    """

    party: int | None = None
    clock: Clock | Window | None = None
    day: Day | None = None
    days: tuple[date, date] | None = None
    part: str | None = None
    choice: int | None = None
    minutes: int | None = None
    minutes_to: int | None = None
    on: date | None = None
    old_clock: Clock | None = None
    old_day: Day | None = None
    old_minutes: int | None = None
    old_on: date | None = None
    approximate: bool = False
    ambiguous: tuple[str, ...] = ()
    number: int | None = None

    @property
    def empty(self) -> bool:
        """Whether the message gave nothing to book with."""
        values = (self.party, self.clock, self.day, self.days, self.part, self.minutes)
        return all(v is None for v in values) and not self.ambiguous


@dataclass
class _Told:
    """One value of a slot, with where it stood and whether it is old or new."""

    at: int
    value: Any
    role: str = ""
    name: str = ""


def gathered(message: Message, *, changing: bool) -> Slots:
    """Collect the values that are sure; numbers without a sign are left to `figures`.

    Args:
        message: with its matches.
        changing: the message names a change, so of two values the first is the old one.

    """
    told = list(_told(message, changing=changing))
    slots = Slots()
    party = _chosen(message, _kind(told, Party), changing=changing)[0]
    slots.party = party.size if party else None
    slots.day, slots.old_day = _chosen(message, _kind(told, Day), changing=changing)
    slots.clock, slots.old_clock = _chosen(message, _kind(told, Clock, Window), changing=changing)
    if slots.clock is None:
        slots.clock = next((aside.time for _, aside in message.of(Aside)), None)
    slots.part = _part(message)
    for _, days in message.of(Days):
        slots.days = (days.first, days.last)
    _relate(message, slots)
    _either_day(message, slots)
    return slots


def _either_day(message: Message, slots: Slots) -> None:
    """Take "Saturday or Sunday" for a span of two days, and for no date."""
    days = message.of(Day)
    if len(days) != 2 or slots.day is None:  # noqa: PLR2004 - either of two
        return
    (one, first), (two, second) = days
    if message.between(one.end, two.start, "either") and first.date < second.date:
        slots.day, slots.days = None, (first.date, second.date)


def _told(message: Message, *, changing: bool) -> Iterable[_Told]:
    """Give all values, with the roles that words like "instead of" and "to" give them."""
    for match in message.found:
        value = match.value
        if type(value) is Shift:
            yield _Told(match.start, value.old, "old")
            yield _Told(match.start, value.new, "new")
        elif type(value) is Old:
            yield _Told(match.start, value.value, "old")
        elif type(value) is New:
            yield _Told(match.start, value.value, "new")
        elif type(value) is Window and changing and value.start and value.end and not value.fixed:
            yield _Told(match.start, value.start, "old")
            yield _Told(match.start, value.end, "new")
        else:
            yield _Told(match.start, value, name=match.name)


def _kind(told: list[_Told], *kinds: type) -> list[_Told]:
    return [one for one in told if isinstance(one.value, kinds)]


def _chosen(message: Message, told: list[_Told], *, changing: bool) -> tuple[Any, Any]:
    """Give the value that holds, and the old one when a new one is said beside it."""
    if not told:
        return None, None
    new = [one for one in told if one.role == "new"]
    old = [one for one in told if one.role == "old"]
    plain = [one for one in told if not one.role]
    if new:
        return new[-1].value, (old or plain or [_NONE])[0].value
    if changing and len(plain) > 1:
        return plain[-1].value, plain[0].value
    if not plain:
        return None, old[0].value if old else None
    return _best(message, plain).value, old[0].value if old else None


_NONE = _Told(0, None)


def _best(message: Message, plain: list[_Told]) -> _Told:
    """Give the last value after words that take back, else the one that was said most exactly."""
    last = plain[-1]
    if len(plain) > 1 and message.between(plain[0].at, last.at, "correct", "refuse", "amend"):
        return last
    return max(plain, key=_exactness)


def _exactness(told: _Told) -> int:
    value = told.value
    if type(value) is Clock:
        return 2 * bool(value.half or value.part or value.exact) + (not value.bare)
    if type(value) is Day:
        vague = value.again == "week" or told.name == "holiday"  # "xmas lunch on the 12th"
        return 0 if vague else 1
    return 0


def _part(message: Message) -> str | None:
    """Give the day part that was said by itself or with the day."""
    alone = [match.value for match in message.found if match.name == "day_part"]
    if alone:
        return str(alone[-1])
    return next((day.part for _, day in message.of(Day) if day.part), None)


def _relate(message: Message, slots: Slots) -> None:
    """Work out times and days that were said relative to what is known, or to now."""
    draft = message.context.draft
    for _, later in message.of(Later):
        if later.days:
            if draft.date is not None:
                slots.day = Day(draft.date + timedelta(days=later.days))
        elif draft.time is not None:
            slots.minutes = (minutes_of(draft.time) + later.minutes) % _DAY
        elif later.minutes > 0 and not message.says & {"change", "holds"}:
            moment = message.context.now + timedelta(minutes=later.minutes)
            slots.minutes, slots.day = minutes_of(moment.time()), slots.day or Day(moment.date())
    if slots.clock is None and slots.minutes is None:
        slots.minutes = next((d.minutes for _, d in message.of(Day) if d.minutes is not None), None)


def passed(message: Message, slots: Slots) -> bool:
    """Tell whether the only day that is named is over; "I called yesterday" is about another."""
    if slots.on is not None or slots.days is not None:
        return False
    if slots.day is not None:
        today = message.context.now.date()
        return today - HORIZON <= slots.day.date < today
    told = [match for match in message.found if type(match.value) is not Noise]
    beside = {edge for match in told for edge in (match.start, match.end)}
    over = (match for match, noise in message.of(Noise) if noise.kind == "past")
    return any({match.start, match.end} & beside for match in over)


def settle(message: Message, slots: Slots) -> None:
    """Turn what was said into times and dates, against opening hours and `now`."""
    context = message.context
    now, hours = context.now, context.hours
    said_day = slots.day.date if slots.day else None
    today = said_day == now.date() and not (slots.day and slots.day.again)
    after = now.hour * 60 + now.minute if today else -1
    if isinstance(slots.clock, Clock):
        slots.minutes = meant(slots.clock, hours, part=slots.part, after=after)
        slots.approximate = slots.clock.approximate
    elif slots.clock:
        slots.minutes, slots.minutes_to = span_meant(
            slots.clock, hours, part=slots.part, after=after
        )
    if slots.day:
        slots.on = settled(slots.day, now, hours, slots.minutes)
    if slots.old_clock:
        slots.old_minutes = meant(slots.old_clock, hours)
    if slots.old_day:
        slots.old_on = slots.old_day.date
    if slots.days and not within(slots.days[0], now):
        slots.days = None
