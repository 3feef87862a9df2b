"""The odd days of a year at a venue: moved clocks, closures, special days, late nights. Pure."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from booking.service_periods import DAY_MINUTES, ServicePeriod, exists_on_clock
from booking.venue import Venue


class Oddity(StrEnum):
    """What is odd about a day."""

    CLOCK_FORWARD = "clock_forward"  # `at`, `minutes`
    CLOCK_BACK = "clock_back"  # `at`, `minutes`
    STARTS_SKIPPED = "starts_skipped"  # `period`, `times`: they are not on the clock that day
    STARTS_TWICE = "starts_twice"  # `period`, `times`: the first of the two counts
    CUT_SHORT = "cut_short"  # `times`: too late that night for the longest turn time
    CLOSED = "closed"  # `reason`
    PARTLY_CLOSED = "partly_closed"  # `begin`, `end`, `tables`, `reason`
    SPECIAL = "special"  # `name`, `periods`


@dataclass(frozen=True, kw_only=True)
class OddDay:
    """One odd thing about a service date, with what it takes to tell it."""

    date: dt.date
    oddity: Oddity
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class LateNight:
    """A service period that runs past midnight, which its weekdays do every week."""

    period: str
    days: tuple[int, ...]
    last_seating: dt.time
    closes: dt.time


def odd_days(venue: Venue, year: int) -> Iterator[OddDay]:
    """All that is odd in a calendar year, by date.

    Args:
        venue: its zone and its calendar.
        year: of the service dates.

    """
    moves = clock_moves(venue.zone, year)
    first = dt.date(year, 1, 1)
    for number in range((dt.date(year + 1, 1, 1) - first).days):
        day = first + dt.timedelta(days=number)
        if day in moves:
            yield _moved(day, *moves[day])
        yield from _nights(venue, day)
        yield from _calendar(venue, day)


def late_nights(venue: Venue) -> tuple[LateNight, ...]:
    """The periods of the week that run past midnight: they belong to the day they begin on."""
    return tuple(
        LateNight(
            period=period.name,
            days=tuple(sorted(period.days)),
            last_seating=_wall(period.last_seating),
            closes=_wall(period.closes),
        )
        for period in venue.periods
        if period.closes > DAY_MINUTES
    )


def _moved(day: dt.date, at: dt.time, minutes: int) -> OddDay:
    oddity = Oddity.CLOCK_FORWARD if minutes > 0 else Oddity.CLOCK_BACK
    return OddDay(date=day, oddity=oddity, fields={"at": at, "minutes": abs(minutes)})


def _nights(venue: Venue, day: dt.date) -> Iterator[OddDay]:
    """What a moved clock does to the starts of a service date."""
    if venue.is_open_on(day):
        for period in sorted(venue.periods_on(day), key=lambda period: period.first_seating):
            yield from _starts(venue, day, period)
        yield from _cut_short(venue, day)


def clock_moves(zone: ZoneInfo, year: int) -> dict[dt.date, tuple[dt.time, int]]:
    """When the clock is moved: by date, the time that it shows then, and by how many minutes.

    Forward is more than nothing. What is moved at midnight is moved on the day that begins.
    """
    found = {}
    begin = dt.datetime(year, 1, 1, tzinfo=dt.UTC) - dt.timedelta(days=1)
    for number in range(4 * (366 + 2)):
        since = begin + number * _STEP
        before, after = _offset(zone, since), _offset(zone, since + _STEP)
        if before != after:
            shown = (_first_after(zone, since) + before).replace(tzinfo=None)
            found[shown.date()] = (shown.time(), int((after - before).total_seconds() // 60))
    return {day: moved for day, moved in found.items() if day.year == year}


#: Clocks are not moved twice within this.
_STEP = dt.timedelta(hours=6)


def _first_after(zone: ZoneInfo, since: dt.datetime) -> dt.datetime:
    """The first minute (UTC) of a step at which the clock has another offset than at its begin."""
    low, high = 0, int(_STEP.total_seconds() // 60)
    while high - low > 1:
        middle = (low + high) // 2
        is_before = _offset(zone, since + dt.timedelta(minutes=middle)) == _offset(zone, since)
        low, high = (middle, high) if is_before else (low, middle)
    return since + dt.timedelta(minutes=high)


def _offset(zone: ZoneInfo, instant: dt.datetime) -> dt.timedelta:
    return instant.astimezone(zone).utcoffset() or dt.timedelta()


def _starts(venue: Venue, day: dt.date, period: ServicePeriod) -> Iterator[OddDay]:
    skipped = [m for m in period.starts() if not exists_on_clock(venue.zone, day, m)]
    twice = [m for m in period.starts() if _comes_twice(venue, day, m)]
    for oddity, starts in ((Oddity.STARTS_SKIPPED, skipped), (Oddity.STARTS_TWICE, twice)):
        if starts:
            fields = {"period": period.name, "times": tuple(map(_wall, starts))}
            yield OddDay(date=day, oddity=oddity, fields=fields)


def _comes_twice(venue: Venue, day: dt.date, minutes: int) -> bool:
    wall = dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=minutes)
    first, second = (wall.replace(tzinfo=venue.zone, fold=fold) for fold in (0, 1))
    return first.utcoffset() != second.utcoffset() and exists_on_clock(venue.zone, day, minutes)


def _cut_short(venue: Venue, day: dt.date) -> Iterator[OddDay]:
    """The starts that are too late because the night is shorter by the hour that is skipped."""
    opening = venue.next_opening(day)
    if opening is None:
        return
    late = [
        slot.minutes
        for slot in venue.slots_on(day)
        if slot.starts_at + slot.period.longest_turn > opening
    ]
    if late:
        fields = {"times": tuple(map(_wall, late))}
        yield OddDay(date=day, oddity=Oddity.CUT_SHORT, fields=fields)


def _calendar(venue: Venue, day: dt.date) -> Iterator[OddDay]:
    if day in venue.closures:
        yield OddDay(date=day, oddity=Oddity.CLOSED, fields={"reason": venue.closures[day]})
        return
    special = venue.special_days.get(day)
    if special:
        told = {"name": special.name, "periods": special.periods}
        yield OddDay(date=day, oddity=Oddity.SPECIAL, fields=told)
    for closure in venue.partial_closures.get(day, ()):
        fields = {
            "begin": _wall(closure.begin),
            "end": _wall(closure.end),
            "tables": tuple(venue.floor.names[number] for number in closure.table_ids),
            "reason": closure.reason,
        }
        yield OddDay(date=day, oddity=Oddity.PARTLY_CLOSED, fields=fields)


def _wall(minutes: int) -> dt.time:
    return dt.time(minutes // 60 % 24, minutes % 60)
