"""Picks from what was offered: by its place, by naming its time, or its day."""

from conversations.parsers.findings import Choice, Clock, Day
from conversations.reading import Asked, Option
from conversations.refiners.hours import minutes_of
from conversations.refiners.message import Message
from conversations.refiners.slots import Slots


def choose(message: Message, slots: Slots) -> None:
    """Take an ordinal, or a time or day that is that of one option only, for a choice of it.

    The time and day of the option itself are said beside its place: "the second, at 7".
    """
    options = message.context.options
    for _, choice in message.of(Choice):
        slots.choice = len(options) if choice.place < 0 else choice.place
    if slots.party is not None:
        return
    if slots.choice is not None:
        says_when = slots.clock is not None or slots.day is not None
        if says_when and _is_named(options[slots.choice - 1], slots):
            slots.clock, slots.day, slots.part = None, None, None
        return
    if slots.clock is not None or slots.day is not None:
        named = [place for place, option in enumerate(options, 1) if _is_named(option, slots)]
        if not named and isinstance(slots.clock, Clock) and slots.clock.is_vague and slots.day:
            day = slots.day
            named = [place for place, option in enumerate(options, 1) if _is_on(option, day)]
        if len(named) == 1:
            slots.choice, slots.clock, slots.day, slots.part = named[0], None, None, None


def restate(message: Message, slots: Slots) -> None:
    """Take a choice beside a party for its time ("table for 2 at 8:15"): both count, then."""
    if slots.choice is None or slots.party is None or not message.context.options:
        return
    option = message.context.options[slots.choice - 1]
    slots.choice, slots.minutes, slots.on = None, minutes_of(option.time), option.date


def _is_named(option: Option, slots: Slots) -> bool:
    """Tell whether the time and the day that were said are those of an option."""
    if slots.day is not None and not _is_on(option, slots.day):
        return False
    if slots.clock is None:
        return True
    return isinstance(slots.clock, Clock) and minutes_of(option.time) in slots.clock.readings()


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
