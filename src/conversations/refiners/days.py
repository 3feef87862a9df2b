"""Which date is meant, once the time is known: nothing past, nothing too far."""

from datetime import date, datetime, timedelta

from conversations.parsers.dates import coming
from conversations.parsers.findings import Day
from conversations.refiners.hours import Hours, minutes_of

#: Nobody books further ahead; a date beyond was misread.
HORIZON = timedelta(days=400)
_DAY = 24 * 60
#: a time before is taken for the night that follows the date
_SMALL_HOURS = 4 * 60


def settled(day: Day, now: datetime, hours: Hours, minutes: int | None) -> date | None:
    """Give the date, or its next occurrence when today is said and can no longer be.

    Args:
        day: as said.
        now: local wall time at the venue.
        hours: when the venue is open.
        minutes: the time of day that goes with it, in minutes, when known.

    """
    found: date | None = day.date
    if day.again and day.date == now.date() and _is_over(now, hours, minutes):
        found = _next(now, day.again)
    return found if found and within(found, now) else None


def within(found: date, now: datetime) -> bool:
    """Tell whether a date can be booked at all: not past, and not beyond the horizon."""
    return now.date() <= found <= now.date() + HORIZON


def _is_over(now: datetime, hours: Hours, minutes: int | None) -> bool:
    """Tell whether the time, or without a time all opening hours, have passed."""
    clock = minutes_of(now.time())
    if minutes is not None:
        return _SMALL_HOURS <= minutes <= clock
    ends = [(minutes_of(opens), minutes_of(closes)) for opens, closes in hours]
    return bool(ends) and all(clock >= end + (_DAY if end <= start else 0) for start, end in ends)


def _next(now: datetime, again: str) -> date | None:
    """Give the same day of the next week, month or year; None when there is none."""
    if again == "week":
        return now.date() + timedelta(weeks=1)
    if again == "month":
        day = coming(now.day, now + timedelta(days=1))
        return day.date if day else None
    try:
        return now.date().replace(year=now.year + 1)
    except ValueError:
        return None
