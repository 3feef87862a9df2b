"""The rules of the house: which wishes are refused whatever tables are free, and why.

Pure. Each rule gives a Refusal, or nothing when it is kept.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from booking.errors import Reason, Rule, TableRule
from booking.seating import NOBODY, Stay
from booking.service_periods import Pacing, ServicePeriod, Slot
from booking.small_parties import are_one_too_many
from booking.venue import Venue

#: Rules of the house that its staff may set aside. The rest is true whatever anybody says.
BENDABLE: frozenset[Rule] = frozenset(
    {
        Reason.CLOSED,
        Reason.TOO_SOON,
        Reason.TOO_FAR,
        Reason.OUTSIDE_HOURS,
        Reason.BETWEEN_SLOTS,
        Reason.SEATINGS,
        Reason.TOO_LARGE,
        Reason.PACING,
        Reason.PAUSED,
        Reason.SMALL_PARTIES,
        Reason.SECOND_VISIT,
        *TableRule,
    }
)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a party asks for, in calendar date and wall time of the venue.

    With `time_to` any start from `time` to it will do, the earlier the better; it may lie after
    midnight. `features` are sections and attributes of tables, in lower case: met when possible.
    """

    party_size: int
    date: dt.date
    time: dt.time
    time_to: dt.time | None = None
    features: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why a wish cannot be had."""

    reason: Reason
    fields: Mapping[str, Any] = field(default_factory=dict)


def refuse_size(venue: Venue, party_size: int) -> Refusal | None:
    """Tell why no party of this size can be seated, whenever it comes; None when it can."""
    limit = min(venue.policy.max_party_size, venue.floor.largest_party)
    if party_size > limit:
        return Refusal(reason=Reason.TOO_LARGE, fields={"max_party_size": limit})
    if not venue.floor.places(party_size):  # too small, between two sizes, or all are kept
        return Refusal(reason=Reason.NO_TABLE, fields={"is_lasting": True})
    return None


def date_refusals(
    venue: Venue, stays: Sequence[Stay], wish: Wish, now: dt.datetime
) -> Iterator[Refusal]:
    """Refuse dates that are over, too far ahead, or on which the house is closed."""
    service_date = venue.service_date_of(wish.date, wish.time)
    today = venue.local(now).date()
    last = today + dt.timedelta(days=venue.policy.booking_window_days)
    if wish.date < today:
        yield Refusal(reason=Reason.PAST)
    if service_date > last:
        yield Refusal(reason=Reason.TOO_FAR, fields={"last_date": last})
    if not venue.is_open_on(service_date) or _is_shut_all_day(venue, stays, service_date):
        yield _closed(venue, service_date)


def refuse_time(venue: Venue, wish: Wish) -> Refusal:
    """Tell why nobody is seated at the wished time of that date."""
    service_date, minutes = venue.service_time_of(wish.date, wish.time)
    for period in venue.periods_on(service_date):
        if period.seats_at(minutes):
            return _between(period, service_date)
    # A time too late for last night: what is told are the hours of the date that was said.
    periods = sorted(venue.periods_on(wish.date), key=lambda p: p.first_seating)
    if not periods:
        return Refusal(reason=Reason.CLOSED, fields={"date": wish.date, "closure": None})
    spans = tuple((_clock(p.first_seating), _clock(p.last_seating)) for p in periods)
    return Refusal(reason=Reason.OUTSIDE_HOURS, fields={"spans": spans, "date": wish.date})


def _between(period: ServicePeriod, service_date: dt.date) -> Refusal:
    if not period.seatings:
        return Refusal(reason=Reason.BETWEEN_SLOTS, fields={"minutes": period.slot_minutes})
    times = tuple(_clock(minutes) for minutes in period.seatings)
    return Refusal(reason=Reason.SEATINGS, fields={"times": times, "date": service_date})


def _is_shut_all_day(venue: Venue, stays: Sequence[Stay], service_date: dt.date) -> bool:
    """Tell whether all tables are closed at every start of a service date."""
    shut = [stay for stay in stays if stay.reservation_id == NOBODY and stay.table_ids]
    if not {i for stay in shut for i in stay.table_ids}.issuperset(venue.floor.names):
        return False
    return all(
        {i for s in shut if s.starts_at <= at < s.ends_at for i in s.table_ids}.issuperset(
            venue.floor.names
        )
        for at in (slot.starts_at for slot in venue.slots_on(service_date))
    )


def _closed(venue: Venue, service_date: dt.date) -> Refusal:
    closure = venue.closures.get(service_date)
    return Refusal(reason=Reason.CLOSED, fields={"date": service_date, "closure": closure})


def slot_refusals(
    venue: Venue, stays: Sequence[Stay], slot: Slot, party_size: int, now: dt.datetime
) -> Iterator[Refusal]:
    """Refuse a start that is over or too soon, in a pause, or beyond the pacing.

    Args:
        venue: the rules.
        stays: of the service date of the slot.
        slot: the start.
        party_size: how many come.
        now: the instant of the question (UTC).

    """
    if slot.starts_at <= now:
        yield Refusal(reason=Reason.PAST)
    notice = venue.policy.min_notice_minutes
    if slot.starts_at < now + dt.timedelta(minutes=notice):
        yield Refusal(reason=Reason.TOO_SOON, fields={"min_notice_minutes": notice})
    yield from _pause(venue, stays, slot)
    yield from _pacing(stays, slot, party_size)
    if _are_one_too_many(venue, stays, slot, party_size, now):
        yield Refusal(reason=Reason.SMALL_PARTIES)


def _pause(venue: Venue, stays: Sequence[Stay], slot: Slot) -> Iterator[Refusal]:
    """Refuse a start for which the staff take no bookings."""
    pauses = (stay for stay in stays if stay.reservation_id == NOBODY and not stay.table_ids)
    over = [p.ends_at for p in pauses if p.starts_at <= slot.starts_at < p.ends_at]
    if over:
        yield Refusal(reason=Reason.PAUSED, fields={"until": venue.local(max(over)).time()})


def _pacing(stays: Sequence[Stay], slot: Slot, party_size: int) -> Iterator[Refusal]:
    """Refuse a start at which too many covers or parties would sit down, or in its period."""
    period = slot.period
    if period.pacing != _NO_PACING:
        yield from _too_many(period.pacing, stays, slot.span, party_size, "pacing")
    if period.pacing_in_all != _NO_PACING:
        yield from _too_many(period.pacing_in_all, stays, slot.whole_span, party_size, "period")


_NO_PACING = Pacing()


def _too_many(
    pacing: Pacing,
    stays: Sequence[Stay],
    span: tuple[dt.datetime, dt.datetime],
    party_size: int,
    name: str,
) -> Iterator[Refusal]:
    covers, parties = starting(stays, *span)
    if pacing.covers is not None and covers + party_size > pacing.covers:
        yield Refusal(reason=Reason.PACING, fields={f"{name}_covers": pacing.covers})
    if pacing.parties is not None and parties + 1 > pacing.parties:
        yield Refusal(reason=Reason.PACING, fields={f"{name}_parties": pacing.parties})


def starting(stays: Sequence[Stay], begin: dt.datetime, end: dt.datetime) -> tuple[int, int]:
    """The covers and the parties that sit down within a half-open span of instants."""
    sizes = [
        s.party_size for s in stays if s.reservation_id != NOBODY if begin <= s.starts_at < end
    ]
    return sum(sizes), len(sizes)


def _are_one_too_many(
    venue: Venue, stays: Sequence[Stay], slot: Slot, party_size: int, now: dt.datetime
) -> bool:
    """Tell whether small parties would hold more than their share of the tables by now."""
    percent = venue.policy.small_party_percent
    far_ahead = slot.starts_at - now > dt.timedelta(hours=venue.policy.small_party_hours)
    return (
        percent is not None
        and far_ahead
        and are_one_too_many(
            venue.floor,
            stays,
            party_size=party_size,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at(party_size),
            percent=percent,
        )
    )


def minutes_of(clock: dt.time) -> int:
    """The minutes from midnight to a wall time."""
    return clock.hour * 60 + clock.minute


def first_kept(refusals: Iterator[Refusal], bend: Collection[Rule]) -> Refusal | None:
    """The first refusal of a rule that is not set aside."""
    return next((refusal for refusal in refusals if refusal.reason not in bend), None)


def _clock(minutes: int) -> dt.time:
    return dt.time(minutes // 60 % 24, minutes % 60)
