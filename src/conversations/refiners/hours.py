"""Which time an hour without am or pm means: the one at which the venue is open."""

from datetime import time

from conversations.parsers.findings import Clock, Window, lies_in

#: the hour that dinner is about; of two open readings the nearer one is meant
_DINNER = 20 * 60
_DAY = 24 * 60
_USUAL = ((time(11), time(23)),)

Hours = tuple[tuple[time, time], ...]


def minutes_of(moment: time) -> int:
    """Give the minutes since midnight."""
    return moment.hour * 60 + moment.minute


def time_of(minutes: int) -> time:
    """Give the time so many minutes after midnight, of the next day when need be."""
    return time(*divmod(minutes % _DAY, 60))


def is_open(minutes: int, hours: Hours, *, at_closing: bool = False) -> bool:
    """Tell whether the venue is open; the minute of closing counts only when asked for."""
    for opens, closes in hours:
        start, end = minutes_of(opens), minutes_of(closes)
        end += _DAY if end <= start else 0
        for moment in (minutes, minutes + _DAY):
            if start <= moment < end or (at_closing and moment == end):
                return True
    return False


def meant(clock: Clock, hours: Hours, *, part: str | None = None, after: int = -1) -> int:
    """Give the minutes of the day that a time means.

    Args:
        clock: the time as said.
        hours: when the venue is open; the usual hours when empty.
        part: a day part said elsewhere in the message.
        after: minutes of the day that must have passed, if any reading does so.

    """
    readings = clock.readings()
    tests = (
        lambda m: part is not None and clock.part is None and lies_in(part, m),
        lambda m: m > after,
        lambda m: is_open(m, hours or _USUAL),
        lambda m: is_open(m, hours or _USUAL, at_closing=True),
    )
    for test in tests:
        readings = tuple(m for m in readings if test(m)) or readings
        if len(readings) == 1:
            return readings[0]
    if clock.zero:
        return readings[0]
    return min(readings, key=lambda m: abs(m - _DINNER))


def span_meant(
    window: Window, hours: Hours, *, part: str | None, after: int
) -> tuple[int | None, int | None]:
    """Give start and end of a window, which must follow each other.

    The end that was said more exactly decides; the other lies next to it.
    """
    start, end = window.start, window.end
    if start is None or end is None:
        return (
            meant(start, hours, part=part, after=after) if start else None,
            meant(end, hours, part=part, after=after) if end else None,
        )
    if len(end.readings()) < len(start.readings()):
        last = meant(end, hours, part=part, after=after)
        before = [m for m in start.readings() if m < last] or [start.readings()[0]]
        return max(before), last
    first = meant(start, hours, part=part, after=after)
    behind = [m for m in end.readings() if m > first] or [end.readings()[0]]
    return first, min(behind)
