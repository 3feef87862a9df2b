"""A venue as the book sees it: its rules, its floor, its people. Values only, no I/O."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from booking.floor import FloorPlan
from booking.seating import NOBODY, Stay
from booking.service_periods import (
    DAY_MINUTES,
    ServicePeriod,
    Slot,
    exists_on_clock,
    slot_at,
    slot_from,
    wall_instant,
)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The rules of the house; the defaults are those of the contract.

    Attributes:
        hold_minutes: how long a hold waits for its yes.
        opening_minutes: how long a table that came free waits for who was on the waitlist.
        booking_window_days: how far ahead guests may book.
        min_notice_minutes: how long before the start at the latest.
        cancel_cutoff_minutes: later than this only the staff change or cancel.
        max_party_size: larger parties are referred to the staff.
        approval_party_size: from here on the staff must approve.
        approval_minutes: how long a request waits for them; None is until its start.
        max_open_reservations: how many visits a guest may have ahead; None is no limit.
        buffer_minutes: between two parties at one table.
        small_party_percent: of the tables for more than two that parties of one or two may hold
            at a time, besides all the others; None is no limit.
        small_party_hours: that limit ends so long before the start.
        reminder_minutes: how long before the start guests are reminded.
        reminder_hours: when messages that nobody asked for may go out.
    """

    hold_minutes: int = 5
    opening_minutes: int = 15
    booking_window_days: int = 60
    min_notice_minutes: int = 30
    cancel_cutoff_minutes: int = 120
    max_party_size: int = 12
    approval_party_size: int = 9
    approval_minutes: int | None = 2880
    max_open_reservations: int | None = 10
    buffer_minutes: int = 0
    small_party_percent: int | None = None
    small_party_hours: int = 48
    reminder_minutes: tuple[int, ...] = (1440,)
    reminder_hours: tuple[time, time] = (time(9), time(20, 30))


@dataclass(frozen=True, kw_only=True)
class StaffMember:
    """Where alerts go: a Telegram chat, a phone, or both."""

    name: str
    telegram_chat_id: int | None = None
    phone: str | None = None


@dataclass(frozen=True, kw_only=True)
class SpecialDay:
    """A service date with periods of its own, such as New Year's Eve."""

    name: str | None
    periods: tuple[ServicePeriod, ...]


@dataclass(frozen=True, kw_only=True)
class Closure:
    """Tables that seat nobody for a part of a service date.

    Args:
        begin: in minutes from the midnight that begins the date.
        end: not included.
        table_ids: those that are closed.
        reason: for the staff.

    """

    begin: int
    end: int
    table_ids: tuple[int, ...]
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class Venue:
    """One restaurant. Compared by its id and revision, so that it can be a key."""

    id: int
    revision: str
    slug: str = field(compare=False)
    name: str = field(compare=False)
    zone: ZoneInfo = field(compare=False)
    languages: tuple[str, ...] = field(compare=False)
    policy: Policy = field(compare=False)
    periods: tuple[ServicePeriod, ...] = field(compare=False)
    floor: FloorPlan = field(compare=False)
    closures: Mapping[date, str | None] = field(compare=False)  # of whole service dates
    partial_closures: Mapping[date, tuple[Closure, ...]] = field(
        compare=False, default_factory=dict
    )
    special_days: Mapping[date, SpecialDay] = field(compare=False, default_factory=dict)
    staff: tuple[StaffMember, ...] = field(compare=False, default=())
    phone: str | None = field(compare=False, default=None)
    address: str | None = field(compare=False, default=None)
    currency: str | None = field(compare=False, default=None)
    sms_number: str | None = field(compare=False, default=None)

    def local(self, instant: datetime) -> datetime:
        """An instant as the venue's clock shows it."""
        return instant.astimezone(self.zone)

    def is_open_on(self, service_date: date) -> bool:
        """Tell whether the venue seats anybody on this service date."""
        return service_date not in self.closures and any(self.periods_on(service_date))

    def periods_on(self, service_date: date) -> Iterator[ServicePeriod]:
        """The service periods of a special day, else of the weekday; closures left aside."""
        special = self.special_days.get(service_date)
        if special:
            return iter(special.periods)
        return (p for p in self.periods if service_date.weekday() in p.days)

    def slots_on(self, service_date: date) -> Iterator[Slot]:
        """All starts of a service date in order of the clock; none when the venue is closed."""
        if service_date in self.closures:
            return
        for period in sorted(self.periods_on(service_date), key=lambda p: p.first_seating):
            for minutes in period.starts():
                slot = slot_at(self.zone, period, service_date, minutes)
                if slot:
                    yield slot

    def shut_on(self, service_date: date) -> list[Stay]:
        """What the venue file closes on a part of a service date, as stays of nobody."""
        return [
            Stay(
                NOBODY,
                0,
                wall_instant(self.zone, service_date, closure.begin),
                wall_instant(self.zone, service_date, closure.end),
                closure.table_ids,
            )
            for closure in self.partial_closures.get(service_date, ())
        ]

    def next_opening(self, service_date: date) -> datetime | None:
        """When the next service date begins to seat (UTC), unless it is a day off.

        Venue files keep service dates apart by the clock. In the night in which an hour is skipped
        a stay that lasts its real minutes could still run into the next one.
        """
        tomorrow = service_date + timedelta(days=1)
        opening = min((p.first_seating for p in self.periods_on(tomorrow)), default=None)
        return None if opening is None else wall_instant(self.zone, tomorrow, opening)

    def find_slot(self, day: date, at: time) -> Slot | None:
        """The slot that begins at this calendar date and wall time; it may be last night's."""
        service_date, minutes = self.service_time_of(day, at)
        if service_date in self.closures:
            return None
        here = self.periods_on(service_date)
        slots = (slot_at(self.zone, p, service_date, minutes) for p in here)
        return next(filter(None, slots), None)

    def slot_off_hours(self, service_date: date, minutes: int) -> Slot | None:
        """A start that no service period has, by the rules of the nearest one of that weekday."""
        periods = list(self.periods_on(service_date))
        if not periods or not exists_on_clock(self.zone, service_date, minutes):
            return None
        nearest = min(periods, key=lambda p: max(p.first_seating - minutes, minutes - p.closes, 0))
        return slot_from(self.zone, nearest, service_date, minutes)

    def evening_of(self, instant: datetime) -> tuple[date, int]:
        """The service date that is going on at an instant, or comes next, and its minute then."""
        local = self.local(instant)
        minutes = local.hour * 60 + local.minute
        last_night, late = local.date() - timedelta(days=1), minutes + DAY_MINUTES
        if any(late < period.ends for period in self.periods_on(last_night)):
            return last_night, late
        return local.date(), minutes

    def service_date_at(self, starts_at: datetime) -> date:
        """The service date to which a start at this instant belongs."""
        local = self.local(starts_at)
        return self.service_date_of(local.date(), local.time())

    def service_date_of(self, day: date, at: time) -> date:
        """The service date to which a calendar date and wall time belong."""
        return self.service_time_of(day, at)[0]

    def service_time_of(self, day: date, at: time) -> tuple[date, int]:
        """The service date to which a calendar date and wall time belong, and its minute there.

        The night before as long as somebody may still sit there from it, unless the date itself
        seats at that time: whoever looks for a place reads one service date only.
        """
        minutes = at.hour * 60 + at.minute
        last_night, late = day - timedelta(days=1), minutes + DAY_MINUTES
        going_on = [p for p in self.periods_on(last_night) if late < p.ends]
        if not going_on:
            return day, minutes
        begins = any(p.seats_at(minutes) for p in self.periods_on(day))
        is_tonight = begins and not any(p.seats_at(late) for p in going_on)
        return (day, minutes) if is_tonight else (last_night, late)
