"""Which date is meant, once the time is known: nothing past, nothing too far."""

from datetime import date, datetime, timedelta

from conversations.parsers.findings import Day
from conversations.refiners.hours import Hours, minutes_of

#: Nobody books further ahead; a date beyond was misread.
HORIZON = timedelta(days=400)
_DAY = 24 * 60
_LAST_MONTH = 12


def settled(day: Day, now: datetime, hours: Hours, minutes: int | None) -> date | None:
    """Give the date, or its next occurrence when today is said and can no longer be.

    Args:
        day: as said.
        now: local wall time at the venue.
        hours: when the venue is open.
        minutes: the time of day that goes with it, in minutes, when known.

    """
    found: date | None = day.date
    if day.date == now.date() and day.again and _is_over(now, hours, minutes):
        found = _next(day.date, day.again)
    return found if found and within(found, now) else None


def within(found: date, now: datetime) -> bool:
    """Tell whether a date can be booked at all: not past, and not beyond the horizon."""
    return now.date() <= found <= now.date() + HORIZON


def _is_over(now: datetime, hours: Hours, minutes: int | None) -> bool:
    clock = now.hour * 60 + now.minute
    if minutes is not None:
        return minutes <= clock and minutes >= _SMALL_HOURS
    return bool(hours) and all(clock >= _closing(*span) for span in hours)


#: a time before is taken for the night that follows the date
_SMALL_HOURS = 4 * 60


def _closing(opens: object, closes: object) -> int:
    start, end = minutes_of(opens), minutes_of(closes)  # type: ignore[arg-type]
    return end + (_DAY if end <= start else 0)


def _next(today: date, again: str) -> date | None:
    if again == "week":
        return today + timedelta(weeks=1)
    year, month = today.year, today.month + 1
    if again == "year":
        year, month = today.year + 1, today.month
    for _ in range(_LAST_MONTH):
        year, month = (year + 1, 1) if month > _LAST_MONTH else (year, month)
        try:
            return date(year, month, today.day)
        except ValueError:
            month += 1
    return None
