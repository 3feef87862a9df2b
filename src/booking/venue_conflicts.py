"""What is wrong between keys of a venue file that are each right. Pure."""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from booking.service_periods import DAY_MINUTES, ServicePeriod

if TYPE_CHECKING:
    from booking.venue_file import VenueFile


def conflicts(file: "VenueFile", languages: Collection[str]) -> Iterator[tuple[str, str]]:
    """What is wrong between keys that are each right, as (key, reason)."""
    for code in file.restaurant.languages:
        if code not in languages:
            yield "restaurant.languages", f"{code!r} is not spoken; there is {', '.join(languages)}"
    yield from _wrong_tables(file)
    yield from _wrong_closures(file)
    yield from _wrong_periods([p.build(frozenset(p.days)) for p in file.service_periods])
    yield from _wrong_special_days(file)


def _wrong_tables(file: "VenueFile") -> Iterator[tuple[str, str]]:
    names = [table.name for table in file.tables]
    for number, table in enumerate(file.tables, 1):
        if table.name in names[: number - 1]:
            yield f"tables[{number}].name", f"{table.name!r} is there twice"
        if table.min_covers > table.max_covers:
            yield f"tables[{number}].min_covers", "is larger than max_covers"
    for number, joined in enumerate(file.combinations, 1):
        key = f"combinations[{number}]"
        for name in joined.tables:
            if name not in names:
                yield f"{key}.tables", f"there is no table {name!r}"
        if len(set(joined.tables)) < len(joined.tables):
            yield f"{key}.tables", "names a table twice"
        if joined.min_covers > joined.max_covers:
            yield f"{key}.min_covers", "is larger than max_covers"


def _wrong_closures(file: "VenueFile") -> Iterator[tuple[str, str]]:
    names = {table.name for table in file.tables}
    sections = {table.section for table in file.tables}
    for number, closure in enumerate(file.closures, 1):
        key = f"closures[{number}]"
        if closure.section is not None and closure.section not in sections:
            yield f"{key}.section", f"there is no section {closure.section!r}"
        for name in closure.tables or ():
            if name not in names:
                yield f"{key}.tables", f"there is no table {name!r}"


def _wrong_periods(periods: list[ServicePeriod]) -> Iterator[tuple[str, str]]:
    for number, period in enumerate(periods, 1):
        key = f"service_periods[{number}]"
        why = _of_the_next_day(period)
        yield from _wrong_hours(key, period, periods, why)
        for other in periods:
            if any(
                _end(period) > other.first_seating + days * DAY_MINUTES
                and {(day + days) % 7 for day in period.days} & other.days
                for days in (1, 2)
            ):
                reason = f"with its turn time it runs into {other.name!r} of a later date"
                yield f"{key}.last_seating", f"{why}{reason}"


def _wrong_hours(
    key: str, period: ServicePeriod, periods: Sequence[ServicePeriod], why: str
) -> Iterator[tuple[str, str]]:
    """What is wrong with a period among those that may be of the same date."""
    late = f", {_told(period.last_seating)} of the next day" if why else ""
    if period.closes > period.first_seating + DAY_MINUTES:
        yield f"{key}.closes", f"lies before the last seating{late}"
    for other in periods:
        shared = other is not period and (period.days & other.days or not period.days)
        if shared and period.seats_at(other.first_seating):
            yield f"{key}.last_seating", f"{why}seats at the same time as {other.name!r}"


def _wrong_special_days(file: "VenueFile") -> Iterator[tuple[str, str]]:
    dates = [special.date for special in file.special_days]
    for number, special in enumerate(file.special_days, 1):
        key = f"special_days[{number}]"
        if special.date in dates[: number - 1]:
            yield f"{key}.date", f"{special.date} is there twice"
        periods = list(special.build().periods)
        opens, ends = min(p.first_seating for p in periods), max(map(_end, periods))
        for which, period in enumerate(periods, 1):
            where = f"{key}.service_periods[{which}]"
            yield from _wrong_hours(where, period, periods, _of_the_next_day(period))
        for days in (1, 2):
            night = file.periods_on(special.date - timedelta(days=days))
            if any(_end(p) > opens + days * DAY_MINUTES for p in night):
                yield f"{key}.service_periods", "begins before the night before it is over"
            morning = file.periods_on(special.date + timedelta(days=days))
            if any(ends > p.first_seating + days * DAY_MINUTES for p in morning):
                yield f"{key}.service_periods", "with its turn time it runs into a later date"


def _end(period: ServicePeriod) -> int:
    """When the last party leaves, in minutes of its service date."""
    return period.last_seating + max(turn.minutes for turn in period.turns)


def _of_the_next_day(period: ServicePeriod) -> str:
    """The remark that a time lies before the one that it should follow, if it does."""
    if period.last_seating < DAY_MINUTES:
        return ""
    last, first = _told(period.last_seating), _told(period.first_seating)
    return f"{last} lies before first_seating {first}, so it would be the next day, and "


def _told(minutes: int) -> str:
    """A minute of a service date as the clock shows it."""
    return f"{minutes % DAY_MINUTES // 60:02}:{minutes % 60:02}"
