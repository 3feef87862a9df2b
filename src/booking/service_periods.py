"""When a venue seats: service periods, their slots, and service dates.

A period belongs to a service date and may run past midnight: 00:30 belongs to last night. Times
of a period are therefore minutes from the midnight that begins its service date, 1470 for 00:30.
Slots are made in the wall time of the venue, so that daylight saving never moves dinner.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Turn:
    """How long parties up to a size keep their table; `up_to` None is all larger ones."""

    up_to: int | None
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePeriod:
    """A named span of seating, such as dinner. All times in minutes from midnight."""

    name: str
    days: frozenset[int]  # Monday is 0
    first_seating: int
    last_seating: int
    closes: int
    slot_minutes: int
    pacing_covers: int | None
    turns: tuple[Turn, ...]

    def turn_time(self, party_size: int) -> timedelta:
        """How long a party of this size keeps its table."""
        fitting = (t for t in self.turns if t.up_to is None or party_size <= t.up_to)
        return timedelta(minutes=next(fitting, self.turns[-1]).minutes)

    def seats_at(self, minutes: int) -> bool:
        """Tell whether the house seats parties at this minute, on a slot or between two."""
        return self.first_seating <= minutes <= self.last_seating

    def starts(self) -> range:
        """The minutes at which a party may sit down."""
        return range(self.first_seating, self.last_seating + 1, self.slot_minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A start at which a party may sit down, on one service date."""

    service_date: date
    period: ServicePeriod
    minutes: int
    starts_at: datetime  # UTC

    def ends_at(self, party_size: int) -> datetime:
        """When the party leaves its table (UTC)."""
        return self.starts_at + self.period.turn_time(party_size)

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The slot as a half-open span of instants: who starts in it counts for pacing."""
        return self.starts_at, self.starts_at + timedelta(minutes=self.period.slot_minutes)


def wall_instant(zone: ZoneInfo, service_date: date, minutes: int) -> datetime:
    """The UTC instant at which the venue's clock shows this; the first of two when set back."""
    wall = datetime.combine(service_date, time()) + timedelta(minutes=minutes)
    return wall.replace(tzinfo=zone).astimezone(UTC)


def exists_on_clock(zone: ZoneInfo, service_date: date, minutes: int) -> bool:
    """Tell whether the clock shows this time at all: not in the hour that is skipped in spring."""
    wall = datetime.combine(service_date, time()) + timedelta(minutes=minutes)
    back = wall_instant(zone, service_date, minutes).astimezone(zone)
    return back.replace(tzinfo=None) == wall


def slot_at(zone: ZoneInfo, period: ServicePeriod, service_date: date, minutes: int) -> Slot | None:
    """The slot of a period that starts at this minute, or None when there is none."""
    if service_date.weekday() not in period.days or minutes not in period.starts():
        return None
    if not exists_on_clock(zone, service_date, minutes):
        return None
    starts_at = wall_instant(zone, service_date, minutes)
    return Slot(service_date=service_date, period=period, minutes=minutes, starts_at=starts_at)
