"""Times and days that are said relative to now, to what is known, or to what is booked."""

from datetime import timedelta

from conversations.lexer import Kind
from conversations.parsers.findings import Clock, Day, Later, New, PastHour, Shift
from conversations.reading import Asked
from conversations.refiners.hours import minutes_of
from conversations.refiners.message import Message
from conversations.refiners.slots import Slots

_DAY = 24 * 60
#: a longer span is rather an hour ("décaler ma réservation de 20h")
_LONGEST = 3 * 60


def relate(message: Message, slots: Slots) -> None:
    """Work out times and days that were said relative to what is known, or to now."""
    draft = message.context.draft
    for _, later in message.of(Later):
        if later.days:
            from_today = later.or_today and not _of_existing(message)
            base = draft.date or (message.context.now.date() if from_today else None)
            if base is not None:
                slots.day = Day(base + timedelta(days=later.days))
        elif draft.time is not None and (later.minutes or message.context.asked is Asked.TIME):
            slots.minutes = (minutes_of(draft.time) + later.minutes) % _DAY
        elif later.minutes > 0 and not _of_existing(message):
            moment = message.context.now + timedelta(minutes=later.minutes)
            slots.minutes = minutes_of(moment.time())
            if slots.day is None and draft.date != moment.date():
                slots.day = Day(moment.date())
    if slots.clock is None and slots.minutes is None:
        slots.minutes = next((d.minutes for _, d in message.of(Day) if d.minutes is not None), None)
        if slots.day and slots.day.minutes is not None and slots.day.date == draft.date:
            slots.day = None  # "in an hour" says when, not on which day


def past_the_hour(message: Message, slots: Slots, *, changing: bool) -> None:
    """Put minutes to the hour that is said or known besides ("at 8, can we make it ten past?")."""
    known, clock = message.context.draft.time, slots.clock
    for _, past in message.of(PastHour):
        if isinstance(clock, Clock):
            slots.clock = clock._replace(minute=past.minutes, exact=True)
            slots.old_clock = clock if changing else slots.old_clock
        elif clock is None and slots.minutes is None and known is not None:
            slots.minutes = known.hour * 60 + past.minutes


def move_booked(message: Message, slots: Slots) -> None:
    """Work out the new time of a booking whose time is said ("my table at 7, an hour later?").

    A time behind that is the new one itself, unless it is that of what is booked, in a sentence of
    its own ("an hour later? I booked for 7").
    """
    later = [(m, v.minutes) for m, v in message.of(Later) if 0 < abs(v.minutes) <= _LONGEST]
    clocks = message.of(Clock)
    is_known = message.context.draft.time is not None
    is_known = is_known or bool(message.of(New)) or bool(message.of(Shift))
    if not later or len(clocks) != 1 or is_known or not _of_existing(message):
        return
    at, moved = clocks[0][0].start, later[0][0]
    stops = any(token.kind is Kind.STOP for token in message.tokens[moved.end : at])
    if at < moved.start or stops or message.between(moved.end, at, "holds"):
        slots.old_minutes = slots.minutes
        slots.minutes = ((slots.minutes or 0) + later[0][1]) % _DAY


def move_booked_day(message: Message, slots: Slots) -> None:
    """Work out the new day of a booking whose day is said ("our table on Friday, a day later?").

    A day behind that is the new one itself, as with times.
    """
    later = [(m, v.days) for m, v in message.of(Later) if v.days]
    days, day = message.of(Day), slots.day
    is_known = message.context.draft.date is not None
    is_known = is_known or bool(message.of(New)) or bool(message.of(Shift))
    if day is None or not later or len(days) != 1 or is_known or not _of_existing(message):
        return
    if days[0][0].start < later[0][0].start:
        slots.old_day, slots.day = day, Day(day.date + timedelta(days=later[0][1]))


def _of_existing(message: Message) -> bool:
    """Tell whether what is later is later than a booking that exists ("can we come later")."""
    if message.says & {"change", "holds"}:
        return True
    existing = any(cue.value.get("existing") for cue in message.told("amend"))
    return existing and not message.in_progress
