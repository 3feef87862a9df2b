"""What can be had: offers for a wish, or the reason why not and the nearest times that can.

Pure: the stays of each evening come as an argument, and nothing here promises anything. A place
is only sure once `reservations.place_hold` has looked again under the lock.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from booking.errors import Reason
from booking.rules import (
    BENDABLE,
    Refusal,
    Wish,
    date_refusals,
    minutes_of,
    refuse_notice,
    refuse_pacing,
    refuse_pause,
    refuse_size,
    refuse_time,
)
from booking.seating import Stay, free_until, seat
from booking.service_periods import DAY_MINUTES, Slot, wall_instant
from booking.venue import Venue

#: How far from the wished date other days are looked at.
NEAR_DAYS = 7
#: How far from the wished time the wished date is better than another day.
SAME_DAY_MINUTES = 180
#: How far from the wished time another day is still "the same time".
OTHER_DAY_MINUTES = 60
#: Walk-ins get no table for less.
SHORTEST_TURN = dt.timedelta(minutes=45)

Evenings = Mapping[dt.date, Sequence[Stay]]


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A time that can be had, with its tables. Instants in UTC."""

    service_date: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime
    party_size: int
    table_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer to a wish: an offer, or a refusal with the nearest times that can be had."""

    offer: Offer | None = None
    refusal: Refusal | None = None
    nearest: tuple[Offer, ...] = ()


def offers(
    venue: Venue, evenings: Evenings, wish: Wish, *, now: dt.datetime, limit: int = 3
) -> Answer:
    """Look a wish up in the book.

    Args:
        venue: the rules and the floor.
        evenings: the stays of every service date in `dates_near(venue, wish, now=now)`.
        wish: what is asked for.
        now: the instant of the question (UTC).
        limit: how many alternatives to give at most.

    """
    service_date = venue.service_date_of(wish.date, wish.time)
    found = check(venue, evenings.get(service_date, ()), wish, now=now)
    if isinstance(found, Offer):
        return Answer(offer=found)
    near = nearest(venue, evenings, wish, now=now, limit=limit)
    return Answer(refusal=found, nearest=near)


def check(
    venue: Venue,
    stays: Sequence[Stay],
    wish: Wish,
    *,
    now: dt.datetime,
    keep: tuple[int, ...] = (),
    bend: Collection[Reason] = (),
) -> Offer | Refusal:
    """Check one wish against the rules and the stays of its service date.

    Args:
        venue: the rules and the floor.
        stays: of the service date of the wish.
        wish: what is asked for.
        now: the instant of the question (UTC).
        keep: tables to stay at if they still fit.
        bend: rules that the staff set aside, of those in BENDABLE.

    """
    rules = [refuse_size(venue, wish.party_size), *date_refusals(venue, wish, now)]
    refusal = next((rule for rule in rules if rule and rule.reason not in bend), None)
    if refusal:
        return refusal
    slots = _wished_slots(venue, wish)
    if not slots:
        refusal = refuse_time(venue, wish)
        slots = _slots_off_hours(venue, wish)
        if not slots or (refusal.reason not in bend and Reason.CLOSED not in bend):
            return refusal
    answers = (
        refuse_notice(venue, slot, now, bend)
        or fit(venue, stays, slot, wish.party_size, keep=keep, bend=bend)
        for slot in slots
    )
    first = next(answers)
    later = (answer for answer in answers if isinstance(answer, Offer))
    return first if isinstance(first, Offer) else next(later, first)


def bending(
    venue: Venue,
    stays: Sequence[Stay],
    wish: Wish,
    *,
    now: dt.datetime,
    keep: tuple[int, ...] = (),
) -> tuple[Offer | Refusal, tuple[Refusal, ...]]:
    """Find which rules of the house would have to bend for a wish, and what it would get then.

    Args:
        venue: the rules and the floor.
        stays: of the service date of the wish.
        wish: what is asked for.
        now: the instant of the question (UTC).
        keep: tables to stay at if they still fit.

    """
    bent: dict[Reason, Refusal] = {}
    while True:
        found = check(venue, stays, wish, now=now, keep=keep, bend=bent.keys())
        if isinstance(found, Offer) or found.reason in bent or found.reason not in BENDABLE:
            return found, tuple(bent.values())
        bent[found.reason] = found


def _slots_off_hours(venue: Venue, wish: Wish) -> list[Slot]:
    """The wished start as a slot of the nearest period of that weekday, if it has any."""
    service_date, minutes = venue.service_time_of(wish.date, wish.time)
    slot = venue.slot_off_hours(service_date, minutes)
    return [slot] if slot else []


def _wished_slots(venue: Venue, wish: Wish) -> Sequence[Slot]:
    """The slots that would do, the best first."""
    if wish.time_to is None:
        slot = venue.find_slot(wish.date, wish.time)
        return [slot] if slot else []
    service_date, first = venue.service_time_of(wish.date, wish.time)
    last = first + (minutes_of(wish.time_to) - minutes_of(wish.time)) % DAY_MINUTES
    return [slot for slot in venue.slots_on(service_date) if first <= slot.minutes <= last]


def fit(
    venue: Venue,
    stays: Sequence[Stay],
    slot: Slot,
    party_size: int,
    *,
    keep: tuple[int, ...] = (),
    bend: Collection[Reason] = (),
) -> Offer | Refusal:
    """Fit a party into a slot: pauses and pacing first, then a place at a table."""
    rules = (refuse_pause(venue, stays, slot), refuse_pacing(stays, slot, party_size))
    refusal = next((rule for rule in rules if rule and rule.reason not in bend), None)
    if refusal:
        return refusal
    ends_at = slot.ends_at(party_size)
    table_ids = seat(venue.floor, stays, party_size, slot.starts_at, ends_at, keep=keep)
    tomorrow = venue.next_opening(slot.service_date)
    if table_ids is None or (tomorrow and ends_at > tomorrow):
        return Refusal(reason=Reason.NO_TABLE)
    return Offer(
        service_date=slot.service_date,
        starts_at=slot.starts_at,
        ends_at=ends_at,
        party_size=party_size,
        table_ids=table_ids,
    )


def fit_walk_in(
    venue: Venue, stays: Sequence[Stay], slot: Slot, party_size: int
) -> Offer | Refusal:
    """Fit a party that stands at the door: now, whatever the pacing, for the time there is.

    Raises nothing; without a table for the whole turn time, the offer is the one that is free for
    longest, at least SHORTEST_TURN.
    """
    found = fit(venue, stays, slot, party_size, bend=BENDABLE)
    if isinstance(found, Offer):
        return found
    least = slot.starts_at + SHORTEST_TURN
    free = [
        (free_until(stays, place.table_ids, slot.starts_at), place.table_ids)
        for place in venue.floor.places(party_size)
    ]
    ends = [(until, tables) for until, tables in free if until and until >= least]
    if not ends:
        return found
    until, table_ids = max(ends, key=lambda end: end[0])
    return Offer(
        service_date=slot.service_date,
        starts_at=slot.starts_at,
        ends_at=until,
        party_size=party_size,
        table_ids=table_ids,
    )


def nearest(
    venue: Venue, evenings: Evenings, wish: Wish, *, now: dt.datetime, limit: int = 3
) -> tuple[Offer, ...]:
    """The nearest times that can be had, in order of the clock.

    The wished date around the wished time, then that time on other days, then any time.
    """
    if refuse_size(venue, wish.party_size):
        return ()
    found: dict[dt.datetime, Offer] = {}
    for slots in _slots_near(venue, wish, now):
        fitting = (fit(venue, evenings.get(s.service_date, ()), s, wish.party_size) for s in slots)
        offer = next((offer for offer in fitting if isinstance(offer, Offer)), None)
        if offer:
            found[offer.starts_at] = offer
        if len(found) == limit:
            break
    return tuple(found[starts_at] for starts_at in sorted(found))


def others(
    venue: Venue,
    stays: Sequence[Stay],
    wish: Wish,
    *,
    now: dt.datetime,
    earlier: bool = True,
    later: bool = True,
    limit: int = 3,
) -> tuple[Offer, ...]:
    """Other times that can be had on the service date of a wish, in order of the clock.

    Args:
        venue: the rules and the floor.
        stays: of that service date.
        wish: what is talked about; its own time is not given.
        now: the instant of the question (UTC).
        earlier: whether times before the wished one will do.
        later: whether times after it will do.
        limit: how many to give at most, the nearest to the wished time.

    """
    service_date, wished = venue.service_time_of(wish.date, wish.time)
    if refuse_size(venue, wish.party_size) or not venue.is_open_on(service_date):
        return ()
    slots = [
        slot
        for slot in venue.slots_on(service_date)
        if (slot.minutes < wished and earlier) or (slot.minutes > wished and later)
    ]
    slots.sort(key=lambda slot: abs(slot.minutes - wished))
    fitting = (
        fit(venue, stays, slot, wish.party_size)
        for slot in slots
        if not refuse_notice(venue, slot, now)
    )
    found = islice((offer for offer in fitting if isinstance(offer, Offer)), limit)
    return tuple(sorted(found, key=lambda offer: offer.starts_at))


def dates_near(venue: Venue, wish: Wish, *, now: dt.datetime) -> list[dt.date]:
    """The service dates that alternatives to a wish are looked for on, the nearest first."""
    first = venue.local(now).date() - dt.timedelta(days=1)  # last night may still be going on
    last = first + dt.timedelta(days=1 + venue.policy.booking_window_days)
    centre = min(max(venue.service_date_of(wish.date, wish.time), first), last)
    around = [centre]
    for days in range(1, NEAR_DAYS + 1):
        around += [centre + dt.timedelta(days=days), centre - dt.timedelta(days=days)]
    return [day for day in around if first <= day <= last]


def coming_night(venue: Venue, wish: Wish, *, now: dt.datetime) -> Wish:
    """Move "tonight at 00:30", said before midnight, from the small hours gone to those to come."""
    later = replace(wish, date=wish.date + dt.timedelta(days=1))
    slot = venue.find_slot(later.date, later.time)
    gone = wall_instant(venue.zone, wish.date, minutes_of(wish.time)) <= now
    return later if gone and slot and slot.service_date == wish.date else wish


def _slots_near(venue: Venue, wish: Wish, now: dt.datetime) -> Iterator[list[Slot]]:
    """Slots in the order in which a guest would want them; of each list at most one is wanted."""
    service_date, wished = venue.service_time_of(wish.date, wish.time)
    by_day = {
        day: sorted(
            (s for s in venue.slots_on(day) if not refuse_notice(venue, s, now)),
            key=lambda slot: abs(slot.minutes - wished),
        )
        for day in dates_near(venue, wish, now=now)
    }
    same = by_day.pop(service_date, [])
    yield from ([s] for s in same if abs(s.minutes - wished) <= SAME_DAY_MINUTES)
    for slots in by_day.values():
        yield [s for s in slots if abs(s.minutes - wished) <= OTHER_DAY_MINUTES]
    yield from ([s] for s in same if abs(s.minutes - wished) > SAME_DAY_MINUTES)
    yield from by_day.values()
