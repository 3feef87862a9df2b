"""Picks from what was offered: by its place, by naming its time, or its day."""

from conversations.parsers.findings import Choice, Clock, Day, PastHour, lies_in
from conversations.reading import Asked, Option
from conversations.refiners.hours import minutes_of
from conversations.refiners.message import Message
from conversations.refiners.slots import Slots

#: so many minutes from "noon" are noon still
_NEAR = 90


def choose(message: Message, slots: Slots) -> None:
    """Take an ordinal, or a time or day that is that of one option only, for a choice of it.

    The time and day of the option itself are said beside its place: "the second, at 7".
    """
    options = message.context.options
    for _, choice in message.of(Choice):
        slots.choice = choice.place % (len(options) + 1)  # -1 is the last
    if slots.party is not None:
        return
    if slots.choice is not None:
        says_when = slots.clock is not None or slots.day is not None
        if says_when and _is_named(options[slots.choice - 1], slots):
            slots.clock, slots.day, slots.part = None, None, None
        return
    past = {value.minutes for _, value in message.of(PastHour)}
    at_past = [place for place, option in enumerate(options, 1) if option.time.minute in past]
    if slots.clock is None and len(at_past) == 1:  # "quarter past is fine"
        slots.choice, slots.minutes = at_past[0], None
        return
    if slots.clock is not None or slots.day is not None:
        named = [place for place, option in enumerate(options, 1) if _is_named(option, slots)]
        if not named and isinstance(slots.clock, Clock) and slots.clock.is_vague and slots.day:
            day, about = slots.day, slots.clock
            named = [place for place, option in enumerate(options, 1) if _is_on(option, day)]
            near = [place for place in named if _is_near(options[place - 1], about)]
            named = near if len(named) > 1 else named
        if len(named) == 1:
            slots.choice, slots.clock, slots.day, slots.part = named[0], None, None, None


def restate(message: Message, slots: Slots) -> None:
    """Take a choice beside a party for its time ("table for 2 at 8:15"): both count, then."""
    if slots.choice is None or slots.party is None or not message.context.options:
        return
    option = message.context.options[slots.choice - 1]
    slots.choice, slots.minutes, slots.on = None, minutes_of(option.time), option.date


def _is_named(option: Option, slots: Slots) -> bool:
    """Tell whether the day, and the time or the part of the day, that were said are an option's."""
    if slots.day is not None and not _is_on(option, slots.day):
        return False
    if slots.clock is None:
        return slots.part is None or lies_in(slots.part, minutes_of(option.time))
    return isinstance(slots.clock, Clock) and minutes_of(option.time) in slots.clock.readings()


def _is_near(option: Option, about: Clock) -> bool:
    """Tell whether an option is of the time around that was named ("noon" for 12:30)."""
    minutes = minutes_of(option.time)
    return any(abs(minutes - named) <= _NEAR for named in about.readings())


def _is_on(option: Option, day: Day) -> bool:
    """Tell whether a day is that of an option; a weekday may be that of a later week."""
    if option.date is None or day.again != "week":
        return option.date == day.date
    return option.date.weekday() == day.date.weekday()


def choose_by_number(message: Message, slots: Slots, number: int, clock: Clock | None) -> bool:
    """Take a lone number for an option: by its place, else by its hour.

    Args:
        message: says what was offered.
        slots: gets the choice.
        number: as said; 0 when it cannot be a place.
        clock: the time that the number can be, if any.

    """
    options = message.context.options
    if slots.choice is not None or slots.clock is not None:
        return False
    at_hour = [
        place
        for place, option in enumerate(options, 1)
        if clock and minutes_of(option.time) in clock.readings()
    ]
    if message.context.asked is Asked.CONFIRMATION:  # they were offered before: no places now
        number = 0
    place = number if 0 < number <= len(options) else next(iter(at_hour), None)
    slots.choice = place
    return place is not None
