"""Turns what was said into times and dates, when all of it is known."""

from conversations.parsers.findings import Aside, Clock, Day, Noise, Party
from conversations.refiners.days import HORIZON, settled, within
from conversations.refiners.hours import Hours, is_open, meant, span_meant
from conversations.refiners.message import Message
from conversations.refiners.relating import move_booked, move_booked_day
from conversations.refiners.slots import Slots


def fall_back(message: Message, slots: Slots) -> None:
    """Take the time of something else ("our train arrives at 6") when no other is said.

    A message that only asks may mean no visit at all, and who picks an option or knows the time
    already gives a reason ("the earlier one, I'm up at 5").
    """
    only_asks = "ask" in message.says and not message.says & {"book", "seek"}
    known = slots.choice is not None or message.context.draft.time is not None
    if slots.clock is None and slots.minutes is None and not (only_asks or known):
        slots.clock = next((aside.time for _, aside in message.of(Aside)), None)


def forget_alternatives(message: Message, slots: Slots) -> None:
    """Leave out what a guest does not know of their booking ("was it at 7 or at 8?")."""
    if "either" not in message.says:
        return
    if _leaves_open(message, Clock):
        slots.clock = None
    if _leaves_open(message, Day):
        slots.day = None
    if _leaves_open(message, Party):
        slots.party = None


def _leaves_open(message: Message, kind: type) -> bool:
    """Tell whether several values of a kind are said, be it in one match ("7 or 7.30")."""
    matches = [match for match, _ in message.of(kind)]
    either = [cue.start for cue in message.told("either")]
    return len(matches) > 1 or any(m.start < at < m.end for m in matches for at in either)


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


def _is_rather_part(clock: Clock, hours: Hours) -> bool:
    """Tell whether the name of an hour is that of the time around ("a mediodía", closed at 12)."""
    if not clock.is_vague or clock.part is None or not hours:
        return False
    return not is_open(clock.readings()[0], hours)


def settle(message: Message, slots: Slots) -> None:
    """Turn what was said into times and dates, against opening hours and `now`."""
    context = message.context
    now, hours = context.now, context.hours
    said_day = slots.day.date if slots.day else None
    today = said_day == now.date() and not (slots.day and slots.day.again)
    after = now.hour * 60 + now.minute if today else -1
    if isinstance(slots.clock, Clock) and _is_rather_part(slots.clock, hours):
        slots.part = slots.part or slots.clock.part
    elif isinstance(slots.clock, Clock):
        slots.minutes = meant(slots.clock, hours, part=slots.part, after=after)
        slots.approximate = slots.clock.approximate
        move_booked(message, slots)
    elif slots.clock:
        slots.minutes, slots.minutes_to = span_meant(
            slots.clock, hours, part=slots.part, after=after
        )
    move_booked_day(message, slots)
    if slots.day:
        slots.on = settled(slots.day, now, hours, slots.minutes)
    sizes = isinstance(slots.old_clock, Clock) and slots.old_clock.bare and slots.party is not None
    if slots.old_clock and not (sizes and slots.minutes is None):  # "5 instead of 4" are persons
        slots.old_minutes = meant(slots.old_clock, hours)
    if slots.old_day:
        slots.old_on = slots.old_day.date
    if slots.days and not within(slots.days[0], now):
        slots.days = None
