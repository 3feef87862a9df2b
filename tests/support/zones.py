"""All time zones of the world, the days on which their clocks are moved, and what is right then."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from booking.service_periods import DAY_MINUTES, ServicePeriod, Turn, slot_at

YEAR = 2026
QUARTERS = range(-DAY_MINUTES, DAY_MINUTES, 15)
ALWAYS_OPEN = ServicePeriod(
    name="always",
    days=frozenset(range(7)),
    first_seating=0,
    last_seating=2 * DAY_MINUTES - 1,
    closes=2 * DAY_MINUTES,
    slot_minutes=1,
    turns=(Turn(2, 90), Turn(4, 105), Turn(None, 120)),
)


def transition_days(zone: ZoneInfo) -> list[date]:
    """The days since whose last noon the clock was moved."""
    days = [date(YEAR, 1, 1) + timedelta(days=number) for number in range(366)]
    offsets = [datetime.combine(day, time(12), tzinfo=zone).utcoffset() for day in days]
    pairs = zip(days[1:], pairwise(offsets), strict=True)
    return [day for day, (before, after) in pairs if before != after]


def way_of_moving(zone: ZoneInfo) -> tuple[object, ...]:
    """When the clock is moved, to the quarter of an hour, and by how much."""
    return tuple(
        (
            day,
            tuple((instant_of(day, quarter).astimezone(zone).utcoffset()) for quarter in QUARTERS),
        )
        for day in transition_days(zone)
    )


def instant_of(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC) + timedelta(minutes=minute)


def kinds_of_zones() -> list[str]:
    """One zone for each way in which clocks are moved this year; together they stand for all."""
    kinds = {way_of_moving(ZoneInfo(name)): name for name in sorted(available_timezones())}
    return sorted(name for moves, name in kinds.items() if moves)


def instants_by_wall_clock(zone: ZoneInfo, day: date) -> dict[datetime, list[datetime]]:
    """What the clock shows, minute by minute: found from the instants, not from the clock."""
    shown: dict[datetime, list[datetime]] = {}
    for minute in range(-DAY_MINUTES, 3 * DAY_MINUTES):
        instant = instant_of(day, minute)
        wall = instant.astimezone(zone).replace(tzinfo=None, fold=0)
        shown.setdefault(wall, []).append(instant)
    return shown


def slots_are_as_the_clock_shows(zone: ZoneInfo) -> int:
    """Compare every start minute of the days on which the clock is moved with the clock itself.

    Returns:
        How many starts were compared.

    """
    starts = 0
    for day in transition_days(zone):
        service_date = day - timedelta(days=1)  # its last night runs through the transition day
        shown = instants_by_wall_clock(zone, service_date)
        midnight = datetime.combine(service_date, time())
        for minutes in ALWAYS_OPEN.starts():
            slot = slot_at(zone, ALWAYS_OPEN, service_date, minutes)
            wall = midnight + timedelta(minutes=minutes)
            assert (slot.starts_at if slot else None) == shown.get(wall, [None])[0], (zone, wall)
            starts += 1
    return starts
