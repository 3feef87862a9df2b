"""The values of a message that are sure: of several the one that holds, old ones beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from conversations.chart import Match
from conversations.lexer import Kind
from conversations.parsers.dates import coming_in
from conversations.parsers.findings import Clock, Day, Days, New, Old, Party, Shift, Window
from conversations.reading import Asked
from conversations.refiners.message import Message
from conversations.refiners.relating import past_the_hour, relate
from conversations.refiners.slots import Slots

#: parts of the day that one wishes a good one of, and what goes on behind
_GREETED = ("morning", "afternoon", "evening")
_AFTER_GREETING = ("seek", "ask", "book", "greeting", "polite")
_DOT = "."
#: marks that part a sentence
_PARTS = (",", "(", ")")
#: so many words that no rule explains are another matter
_STRANGE = 2


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
    slots.clock, old = _chosen(message, _kind(told, Clock, Window), changing=changing)
    slots.old_clock = old if isinstance(old, Clock) else None  # a booking has one time
    slots.part = _part(message)
    for _, days in message.of(Days):
        slots.days = (days.first, days.last)
    _date_with_dot(message, slots)
    relate(message, slots)
    past_the_hour(message, slots, changing=changing)
    _either_day(message, slots)
    return slots


def _date_with_dot(message: Message, slots: Slots) -> None:
    """Take what was a time for a date where that was asked for ("12.10")."""
    clock = slots.clock
    if message.context.asked is not Asked.DATE or slots.day or not isinstance(clock, Clock):
        return
    at = next(match for match, value in message.of(Clock) if value == clock)
    if any(token.text == _DOT for token in message.tokens[at.start : at.end]) and clock.exact:
        slots.day = coming_in(clock.hour, clock.minute, message.context.now)
        slots.clock = None if slots.day else clock


def _either_day(message: Message, slots: Slots) -> None:
    """Take "Saturday or Sunday" for a span of two days if they follow, and for no date.

    "Saturday, else Sunday" wishes for Saturday.
    """
    days = message.of(Day)
    if len(days) != 2 or slots.day is None:  # noqa: PLR2004 - either of two
        return
    (one, first), (two, second) = days
    alike = [cue for cue in message.told("either") if not cue.value.get("weak")]
    if first.date == second.date or not any(one.end <= c.start < two.start for c in alike):
        return
    last = second.date
    if second.again == "week" and last < first.date:  # "Saturday or Sunday", said on a Sunday
        last += timedelta(weeks=1)
    slots.day = None
    slots.days = (first.date, last) if first.date < last else None


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


def _best(message: Message, plain: list[_Told]) -> _Told:
    """Give the last value after words that take back, else the one that was said most exactly.

    Before words for a second choice it is the first.
    """
    last = plain[-1]
    if len(plain) > 1 and message.between(plain[0].at, last.at + 1, "correct", "refuse", "amend"):
        return last
    second = [cue.start for cue in message.told("either") if cue.value.get("weak")]
    if any(plain[0].at < at < last.at for at in second):  # "Boxing Day, otherwise the 28th"
        return plain[0]
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


_NONE = _Told(0, None)
