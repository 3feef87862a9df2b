"""The rules of the house: which wishes are refused whatever tables are free, and why.

Pure. Each rule gives a Refusal, or nothing when it is kept.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from booking.errors import Reason
from booking.seating import NOBODY, Stay
from booking.service_periods import Slot
from booking.venue import Venue

#: Rules of the house that its staff may set aside. The rest is true whatever anybody says.
BENDABLE = frozenset(
    {
        Reason.CLOSED,
        Reason.TOO_SOON,
        Reason.TOO_FAR,
        Reason.OUTSIDE_HOURS,
        Reason.BETWEEN_SLOTS,
        Reason.TOO_LARGE,
        Reason.PACING,
        Reason.PAUSED,
    }
)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a party asks for, in calendar date and wall time of the venue.

    With `time_to` any start from `time` to it will do, the earlier the better; it may lie after
    midnight.
    """

    party_size: int
    date: dt.date
    time: dt.time
    time_to: dt.time | None = None


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
    if not venue.floor.places(party_size):  # too small, or between two sizes
        return Refusal(reason=Reason.NO_TABLE)
    return None


def date_refusals(venue: Venue, wish: Wish, now: dt.datetime) -> Iterator[Refusal]:
    """Refuse dates that are over, too far ahead, or on which the house is closed."""
    service_date = venue.service_date_of(wish.date, wish.time)
    today = venue.local(now).date()
    last = today + dt.timedelta(days=venue.policy.booking_window_days)
    if wish.date < today:
        yield Refusal(reason=Reason.PAST)
    if service_date > last:
        yield Refusal(reason=Reason.TOO_FAR, fields={"last_date": last})
    if not venue.is_open_on(service_date):
        closure = venue.closures.get(service_date)
        yield Refusal(reason=Reason.CLOSED, fields={"date": service_date, "closure": closure})


def refuse_time(venue: Venue, wish: Wish) -> Refusal:
    """Tell why nobody is seated at the wished time of that date."""
    service_date, minutes = venue.service_time_of(wish.date, wish.time)
    periods = sorted(venue.periods_on(service_date), key=lambda p: p.first_seating)
    for period in periods:
        if period.seats_at(minutes):
            return Refusal(reason=Reason.BETWEEN_SLOTS, fields={"minutes": period.slot_minutes})
    if not periods:
        return Refusal(reason=Reason.CLOSED, fields={"date": service_date, "closure": None})
    spans = tuple((_clock(p.first_seating), _clock(p.last_seating)) for p in periods)
    return Refusal(reason=Reason.OUTSIDE_HOURS, fields={"spans": spans, "date": service_date})


def refuse_notice(
    venue: Venue, slot: Slot, now: dt.datetime, bend: Collection[Reason] = ()
) -> Refusal | None:
    """Refuse a start that is over, or comes sooner than the house can be ready."""
    if slot.starts_at <= now:
        return Refusal(reason=Reason.PAST)
    notice = venue.policy.min_notice_minutes
    too_soon = slot.starts_at < now + dt.timedelta(minutes=notice)
    if too_soon and Reason.TOO_SOON not in bend:
        return Refusal(reason=Reason.TOO_SOON, fields={"min_notice_minutes": notice})
    return None


def refuse_pause(venue: Venue, stays: Sequence[Stay], slot: Slot) -> Refusal | None:
    """Refuse a start for which the staff take no bookings."""
    pauses = (stay for stay in stays if stay.reservation_id == NOBODY and not stay.table_ids)
    over = [p.ends_at for p in pauses if p.starts_at <= slot.starts_at < p.ends_at]
    if not over:
        return None
    return Refusal(reason=Reason.PAUSED, fields={"until": venue.local(max(over)).time()})


def refuse_pacing(stays: Sequence[Stay], slot: Slot, party_size: int) -> Refusal | None:
    """Refuse a start at which too many covers would sit down."""
    limit = slot.period.pacing_covers
    if limit is None or covers_starting(stays, slot) + party_size <= limit:
        return None
    return Refusal(reason=Reason.PACING, fields={"pacing_covers": limit})


def covers_starting(stays: Sequence[Stay], slot: Slot) -> int:
    """The covers that sit down within the slot."""
    begin, end = slot.span
    return sum(stay.party_size for stay in stays if begin <= stay.starts_at < end)


def minutes_of(clock: dt.time) -> int:
    """The minutes from midnight to a wall time."""
    return clock.hour * 60 + clock.minute


def _clock(minutes: int) -> dt.time:
    return dt.time(minutes // 60 % 24, minutes % 60)
