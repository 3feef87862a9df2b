"""The odd days of a venue as the command line prints them (`tabletalk check-calendar`)."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from booking.odd_days import LateNight, Oddity, late_nights, odd_days
from booking.venue import Venue
from booking.venue_values import WEEKDAYS


def lines(venue: Venue, year: int) -> Iterator[str]:
    """What an operator should know of a year, a line each."""
    yield from map(_late, late_nights(venue))
    for day in odd_days(venue, year):
        yield f"{day.date} {WEEKDAYS[day.date.weekday()]}  {_SAYS[day.oddity](day.fields)}"


def _late(night: LateNight) -> str:
    days = ", ".join(WEEKDAYS[day] for day in night.days)
    hours = f"seats until {night.last_seating:%H:%M} and closes at {night.closes:%H:%M}"
    return f"every {days}  {night.period} {hours}: past midnight, still the same service date"


def _moved(way: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda f: f"clocks go {way} at {f['at']:%H:%M} by {f['minutes']} minutes"


def _times(times: Sequence[dt.time]) -> str:
    return ", ".join(f"{at:%H:%M}" for at in times)


def _special(fields: Mapping[str, Any]) -> str:
    periods = "; ".join(
        f"{p.name} {_clock(p.first_seating)}-{_clock(p.last_seating)}"
        if not p.seatings
        else f"{p.name} at {', '.join(map(_clock, p.seatings))}"
        for p in fields["periods"]
    )
    return f"special day{_because(fields['name'])}: {periods}"


def _partly(fields: Mapping[str, Any]) -> str:
    hours, tables = f"{fields['begin']:%H:%M}-{fields['end']:%H:%M}", ", ".join(fields["tables"])
    return f"closed {hours}{_because(fields['reason'])}: {tables}"


def _because(reason: str | None) -> str:
    return f" ({reason})" if reason else ""


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


_SAYS: dict[Oddity, Callable[[Mapping[str, Any]], str]] = {
    Oddity.CLOCK_FORWARD: _moved("forward"),
    Oddity.CLOCK_BACK: _moved("back"),
    Oddity.STARTS_SKIPPED: lambda f: f"{f['period']}: {_times(f['times'])} not on the clock",
    Oddity.STARTS_TWICE: lambda f: f"{f['period']}: {_times(f['times'])} twice; the first counts",
    Oddity.CUT_SHORT: lambda f: f"{_times(f['times'])} too late for the longest turn time",
    Oddity.CLOSED: lambda f: f"closed{_because(f['reason'])}",
    Oddity.PARTLY_CLOSED: _partly,
    Oddity.SPECIAL: _special,
}
