"""What is wrong between keys of a venue file that are each right. Pure."""

from collections.abc import Collection, Iterator
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
    yield from _wrong_periods([period.build() for period in file.service_periods])


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


def _wrong_periods(periods: list[ServicePeriod]) -> Iterator[tuple[str, str]]:
    for number, period in enumerate(periods, 1):
        key = f"service_periods[{number}]"
        late, why = "", ""
        if period.last_seating >= DAY_MINUTES:
            last, first = _told(period.last_seating), _told(period.first_seating)
            late = f", {last} of the next day"
            why = f"{last} lies before first_seating {first}, so it would be the next day, and "
        if period.closes > period.first_seating + DAY_MINUTES:
            yield f"{key}.closes", f"lies before the last seating{late}"
        end = period.last_seating + max(turn.minutes for turn in period.turns)
        for other in periods:
            shared = other is not period and period.days & other.days
            if shared and period.seats_at(other.first_seating):
                yield f"{key}.last_seating", f"{why}seats at the same time as {other.name!r}"
            if any(
                end > other.first_seating + days * DAY_MINUTES
                and {(day + days) % 7 for day in period.days} & other.days
                for days in (1, 2)
            ):
                reason = f"with its turn time it runs into {other.name!r} of a later date"
                yield f"{key}.last_seating", f"{why}{reason}"


def _told(minutes: int) -> str:
    """A minute of a service date as the clock shows it."""
    return f"{minutes % DAY_MINUTES // 60:02}:{minutes % 60:02}"
