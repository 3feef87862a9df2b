"""When a venue seats: service periods, their slots, and service dates.

A period belongs to a service date and may run past midnight: 00:30 belongs to last night. Times
of a period are therefore minutes from the midnight that begins its service date, 1470 for 00:30.
Slots are made in the wall time of the venue, so that daylight saving never moves dinner.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Turn:
    """How long parties up to a size keep their table; `up_to` None is all larger ones."""

    up_to: int | None
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """Most covers and most parties that may sit down; None is no limit."""

    covers: int | None = None
    parties: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePeriod:
    """A named span of seating, such as dinner. All times in minutes from midnight.

    Attributes:
        name: what it is called.
        days: the weekdays, Monday is 0; empty for the period of a special day.
        first_seating: when the first party may sit down.
        last_seating: when the last party may.
        closes: when it ends.
        slot_minutes: how far apart rolling slots are.
        seatings: the only starts, where the house has fixed ones.
        pacing: who may sit down within one slot.
        pacing_in_all: who may sit down within the whole period.
        turns: how long parties keep their tables, by size.
    """

    name: str
    days: frozenset[int]
    first_seating: int
    last_seating: int
    closes: int
    slot_minutes: int
    seatings: tuple[int, ...] = ()
    pacing: Pacing = Pacing()
    pacing_in_all: Pacing = Pacing()
    turns: tuple[Turn, ...]

    def turn_time(self, party_size: int) -> timedelta:
        """How long a party of this size keeps its table."""
        fitting = (t for t in self.turns if t.up_to is None or party_size <= t.up_to)
        return timedelta(minutes=next(fitting, self.turns[-1]).minutes)

    @property
    def longest_turn(self) -> timedelta:
        """How long the party stays that stays for longest."""
        return timedelta(minutes=max(turn.minutes for turn in self.turns))

    @property
    def ends(self) -> int:
        """The minute from which on nobody sits here any more."""
        return max(self.closes, self.last_seating + int(self.longest_turn.total_seconds() // 60))

    def seats_at(self, minutes: int) -> bool:
        """Tell whether the house seats parties at this minute, on a slot or between two."""
        return self.first_seating <= minutes <= self.last_seating

    def starts(self) -> Sequence[int]:
        """The minutes at which a party may sit down."""
        if self.seatings:
            return self.seatings
        return range(self.first_seating, self.last_seating + 1, self.slot_minutes)

    def slot_end(self, minutes: int) -> int:
        """The minute at which a slot ends: there the next one begins."""
        if minutes in self.seatings[:-1]:
            return self.seatings[self.seatings.index(minutes) + 1]
        return minutes + self.slot_minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A start at which a party may sit down, on one service date."""

    service_date: date
    period: ServicePeriod
    minutes: int
    starts_at: datetime  # UTC
    zone: ZoneInfo

    def ends_at(self, party_size: int) -> datetime:
        """When the party leaves its table (UTC)."""
        return self.starts_at + self.period.turn_time(party_size)

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The slot as a half-open span of instants: who starts in it counts for pacing."""
        ends_in = self.period.slot_end(self.minutes) - self.minutes
        return self.starts_at, self.starts_at + timedelta(minutes=ends_in)

    @property
    def whole_span(self) -> tuple[datetime, datetime]:
        """The starts of the whole period, as a half-open span of instants."""
        first, last = self.period.first_seating, self.period.last_seating
        begin, end = (wall_instant(self.zone, self.service_date, m) for m in (first, last))
        return begin, end + timedelta(minutes=1)


#: Of so many walls and dates it is remembered when they are: each look asks for the same.
MOST_INSTANTS = 8192


@lru_cache(MOST_INSTANTS)
def wall_instant(zone: ZoneInfo, service_date: date, minutes: int) -> datetime:
    """The UTC instant at which the venue's clock shows this; the first of two when set back."""
    wall = datetime.combine(service_date, time()) + timedelta(minutes=minutes)
    return wall.replace(tzinfo=zone).astimezone(UTC)


@lru_cache(MOST_INSTANTS)
def exists_on_clock(zone: ZoneInfo, service_date: date, minutes: int) -> bool:
    """Tell whether the clock shows this time at all: not in the hour that is skipped in spring."""
    wall = datetime.combine(service_date, time()) + timedelta(minutes=minutes)
    back = wall_instant(zone, service_date, minutes).astimezone(zone)
    return back.replace(tzinfo=None) == wall


def slot_at(zone: ZoneInfo, period: ServicePeriod, service_date: date, minutes: int) -> Slot | None:
    """The slot of a period that starts at this minute, or None when there is none.

    Args:
        zone: of the venue.
        period: one that the venue has on that service date.
        service_date: the date.
        minutes: from the midnight that begins it.

    """
    if minutes not in period.starts() or not exists_on_clock(zone, service_date, minutes):
        return None
    return slot_from(zone, period, service_date, minutes)


def slot_from(zone: ZoneInfo, period: ServicePeriod, service_date: date, minutes: int) -> Slot:
    """A start at this minute by the rules of a period, whether it is one of its slots or not."""
    starts_at = wall_instant(zone, service_date, minutes)
    return Slot(
        service_date=service_date, period=period, minutes=minutes, starts_at=starts_at, zone=zone
    )
