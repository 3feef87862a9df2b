"""Date, time and party size of a message: several values, old and new ones, known ones."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from conversations.chart import Match
from conversations.lexer import Kind
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
#: a longer span is rather an hour ("décaler ma réservation de 20h")
_LONGEST = 3 * 60
#: parts of the day that one wishes a good one of, and what goes on behind
_GREETED = ("morning", "afternoon", "evening")
_AFTER_GREETING = ("seek", "ask", "book", "greeting", "polite")
#: marks that part a sentence
_PARTS = (",", "(", ")")
#: so many words that no rule explains are another matter
_STRANGE = 2


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
    told = [one for one in told if not _is_foreign(message, one, told, changing=changing)]
    slots = Slots()
    party = _chosen(message, _kind(told, Party), changing=changing)[0]
    slots.party = party.size if party else None
    slots.day, slots.old_day = _chosen(message, _kind(told, Day), changing=changing)
    slots.clock, slots.old_clock = _chosen(message, _kind(told, Clock, Window), changing=changing)
    slots.part = _part(message)
    for _, days in message.of(Days):
        slots.days = (days.first, days.last)
    _relate(message, slots)
    _either_day(message, slots)
    return slots


def fall_back(message: Message, slots: Slots) -> None:
    """Take the time of something else ("our train arrives at 6") when no other is said."""
    if slots.clock is None and slots.minutes is None:
        slots.clock = next((aside.time for _, aside in message.of(Aside)), None)


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


def _is_foreign(message: Message, one: _Told, told: list[_Told], *, changing: bool) -> bool:
    """Tell whether a time is about another matter than one that is said beside it.

    Of "we land at 7, so a table at 9" the first stands among words that no rule explains. A
    correction is about the same matter, and so is what follows an old value in its sentence.
    """
    if one.role or type(one.value) is not Clock:
        return False
    strange = len(_around(message, one, told))
    return strange >= _STRANGE and any(
        other is not one
        and not other.role
        and type(other.value) is Clock
        and len(_around(message, other, told)) <= strange - _STRANGE
        and not _belong_together(message, one.at, other.at, changing=changing)
        for other in told
    )


def _around(message: Message, one: _Told, told: list[_Told]) -> set[int]:
    """Give the unread words around a value: those before it, and those behind if no value is."""
    values = [other.at for other in told if other is not one]
    stops = [i for i, t in enumerate(message.tokens) if t.kind is Kind.STOP or t.text in _PARTS]
    begin = max((at for at in (*values, *stops) if at < one.at), default=-1)
    end = min((at for at in stops if at > one.at), default=len(message.tokens))
    if any(one.at < at < end for at in values):
        end = one.at
    return {at for at in message.unread if begin < at < end}


def _belong_together(message: Message, one: int, other: int, *, changing: bool) -> bool:
    """Tell whether two values at these places are of one matter."""
    first, last = sorted((one, other))
    if message.between(first, last, "correct", "refuse", "amend", "either"):
        return True
    return changing and all(t.kind is not Kind.STOP for t in message.tokens[first:last])


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
    if len(plain) > 1 and message.between(plain[0].at, last.at + 1, "correct", "refuse", "amend"):
        return last
    return max(plain, key=_exactness)


def _exactness(told: _Told) -> int:
    value = told.value
    if type(value) is Clock:
        if value.is_vague:
            return 0
        return 2 * bool(value.half or value.part or value.exact) + (not value.bare)
    if type(value) is Day:
        vague = value.again == "week" or told.name == "holiday"  # "xmas lunch on the 12th"
        return 0 if vague else 1
    return 0


def _part(message: Message) -> str | None:
    """Give the day part that was said by itself or with the day."""
    greeting = greeting_part(message)
    alone = [m.value for m in message.found if m.name == "day_part" and m is not greeting]
    if alone:
        return str(alone[-1])
    return next((day.part for _, day in message.of(Day) if day.part), None)


def greeting_part(message: Message) -> Match | None:
    """Give the day part with which a message opens when it only greets ("Morning, a table ...")."""
    first = message.found[0] if message.found else None
    if first is None or first.name != "day_part" or (first.start, first.end) != (0, 1):
        return None
    ends = len(message.tokens) == 1 or message.tokens[1].kind is Kind.STOP
    ends = ends or message.tokens[1].text == "," or message.between(1, 2, *_AFTER_GREETING)
    return first if ends and first.value in _GREETED and not message.in_progress else None


def _relate(message: Message, slots: Slots) -> None:
    """Work out times and days that were said relative to what is known, or to now."""
    draft = message.context.draft
    for _, later in message.of(Later):
        if later.days:
            from_today = later.or_today and not _of_existing(message)
            base = draft.date or (message.context.now.date() if from_today else None)
            if base is not None:
                slots.day = Day(base + timedelta(days=later.days))
        elif draft.time is not None:
            slots.minutes = (minutes_of(draft.time) + later.minutes) % _DAY
        elif later.minutes > 0 and not _of_existing(message):
            moment = message.context.now + timedelta(minutes=later.minutes)
            slots.minutes, slots.day = minutes_of(moment.time()), slots.day or Day(moment.date())
    if slots.clock is None and slots.minutes is None:
        slots.minutes = next((d.minutes for _, d in message.of(Day) if d.minutes is not None), None)


def _move_booked(message: Message, slots: Slots) -> None:
    """Work out the new time of a booking whose time is said ("my table at 7, an hour later?").

    A time behind that is the new one itself, unless it is said what is booked.
    """
    later = [(m, v.minutes) for m, v in message.of(Later) if 0 < abs(v.minutes) <= _LONGEST]
    clocks = message.of(Clock)
    is_known = message.context.draft.time is not None
    is_known = is_known or bool(message.of(New)) or bool(message.of(Shift))
    if not later or len(clocks) != 1 or is_known or not _of_existing(message):
        return
    if "holds" in message.says or clocks[0][0].start < later[0][0].start:
        slots.old_minutes = slots.minutes
        slots.minutes = ((slots.minutes or 0) + later[0][1]) % _DAY


def _of_existing(message: Message) -> bool:
    """Tell whether what is later is later than a booking that exists ("can we come later")."""
    if message.says & {"change", "holds"}:
        return True
    existing = any(cue.value.get("existing") for cue in message.told("amend"))
    return existing and not message.in_progress


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
        _move_booked(message, slots)
    elif slots.clock:
        slots.minutes, slots.minutes_to = span_meant(
            slots.clock, hours, part=slots.part, after=after
        )
    if slots.day:
        slots.on = settled(slots.day, now, hours, slots.minutes)
    sizes = isinstance(slots.old_clock, Clock) and slots.old_clock.bare and slots.party is not None
    if slots.old_clock and not (sizes and slots.minutes is None):  # "5 instead of 4" are persons
        slots.old_minutes = meant(slots.old_clock, hours)
    if slots.old_day:
        slots.old_on = slots.old_day.date
    if slots.days and not within(slots.days[0], now):
        slots.days = None
