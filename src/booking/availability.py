"""What can be had: offers for a wish, or the reason why not and the nearest times that can.

Pure: the stays of each evening come as an argument, and nothing here promises anything. A place
is only sure once `reservations.place_hold` has looked again under the lock.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from booking.errors import Reason, Rule, TableRule
from booking.floor import Audience
from booking.rules import (
    BENDABLE,
    Refusal,
    Wish,
    date_refusals,
    first_kept,
    minutes_of,
    refuse_size,
    refuse_time,
    slot_refusals,
)
from booking.seating import Move, Party, Seating, Stay, free_until, occupied, seat
from booking.service_periods import DAY_MINUTES, Slot, wall_instant
from booking.venue import Venue

#: How far from the wished date other days are looked at.
NEAR_DAYS = 7
#: How far from the wished time the wished date is better than another day.
SAME_DAY_MINUTES = 180
#: How far from the wished time another day is still "the same time".
OTHER_DAY_MINUTES = 60
#: Nobody gets a table for less.
SHORTEST_TURN = dt.timedelta(minutes=45)

#: Gives who occupies tables on a service date: asked only for dates that matter.
EveningOn = Callable[[dt.date], Sequence[Stay]]


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A time that can be had, with its tables. Instants in UTC.

    Attributes:
        service_date: to which it belongs.
        starts_at: when the party sits down.
        ends_at: when it leaves.
        party_size: how many come.
        table_ids: their tables.
        moves: other parties that get other tables for it.
        features: what was wished for and the tables have.
        unmet: what was wished for and they have not.
    """

    service_date: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime
    party_size: int
    table_ids: tuple[int, ...]
    moves: tuple[Move, ...] = ()
    features: frozenset[str] = frozenset()
    unmet: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Seeker:
    """Who looks for a place, and what is set aside for them.

    Attributes:
        audience: some tables are kept for some.
        keep: tables to stay at if they still fit.
        bend: rules that the staff set aside, of those in BENDABLE.
    """

    audience: Audience = Audience.GUEST
    keep: tuple[int, ...] = ()
    bend: frozenset[Rule] = frozenset()


#: A guest who comes anew.
NEWCOMER = Seeker()


def check(
    venue: Venue,
    stays: Sequence[Stay],
    wish: Wish,
    *,
    now: dt.datetime,
    seeker: Seeker = NEWCOMER,
) -> Offer | Refusal:
    """Check one wish against the rules and the stays of its service date.

    Args:
        venue: the rules and the floor.
        stays: of the service date of the wish.
        wish: what is asked for.
        now: the instant of the question (UTC).
        seeker: who asks.

    """
    bend = seeker.bend
    size = refuse_size(venue, wish.party_size)
    if size and size.reason is Reason.NO_TABLE and venue.floor.largest_party >= wish.party_size:
        size = None if bend & _OPENS_TABLES or seeker.audience is not Audience.GUEST else size
    if size and size.reason not in bend:
        return size
    refusal = first_kept(date_refusals(venue, stays, wish, now), bend)
    if refusal:
        return refusal
    slots = _wished_slots(venue, wish)
    if not slots:
        refusal = refuse_time(venue, wish)
        slots = _slots_off_hours(venue, wish)
        if not slots or (refusal.reason not in bend and Reason.CLOSED not in bend):
            return refusal
    answers = (fit(venue, stays, slot, wish, now=now, seeker=seeker) for slot in slots)
    first = next(answers)
    later = (answer for answer in answers if isinstance(answer, Offer))
    return first if isinstance(first, Offer) else next(later, first)


#: These rules, set aside, open tables that guests are not given.
_OPENS_TABLES = frozenset({TableRule.MINIMUM, TableRule.KEPT})


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
    wish: Wish,
    *,
    now: dt.datetime,
    seeker: Seeker = NEWCOMER,
) -> Offer | Refusal:
    """Fit a party into a slot: the rules of the start first, then a place at a table.

    Args:
        venue: the rules and the floor.
        stays: of the service date of the slot.
        slot: the start.
        wish: for its size and features.
        now: the instant of the question (UTC).
        seeker: who asks.

    """
    size = wish.party_size
    refusal = first_kept(slot_refusals(venue, stays, slot, size, now), seeker.bend)
    if refusal:
        return refusal
    tomorrow = venue.next_opening(slot.service_date)
    ends_at = slot.ends_at(size)
    is_short = tomorrow is not None and ends_at > tomorrow
    found = None if is_short else place(venue, stays, party_of(slot, wish, seeker), seeker)
    if found:
        return offer_of(slot, wish, ends_at, found)
    if TableRule.TURN_TIME in seeker.bend:
        return fit_for_longest(venue, stays, slot, wish, seeker)
    return Refusal(reason=Reason.NO_TABLE)


def party_of(slot: Slot, wish: Wish, seeker: Seeker) -> Party:
    """The party of a wish at a slot, as the seating plan sees it."""
    everywhere = TableRule.KEPT in seeker.bend
    return Party(
        party_size=wish.party_size,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at(wish.party_size),
        audience=Audience.WALK_IN if everywhere else seeker.audience,
        features=wish.features,
        keep=seeker.keep,
        any_minimum=TableRule.MINIMUM in seeker.bend,
    )


def place(
    venue: Venue, stays: Sequence[Stay], party: Party, seeker: Seeker = NEWCOMER
) -> Seating | None:
    """Seat a party by the rules of the venue about tables.

    Args:
        venue: the floor and the buffer.
        stays: who sits where, closings among them.
        party: who looks for seats.
        seeker: for the rules that are set aside.

    """
    return seat(venue.floor, stays, party, buffer=buffer_of(venue, seeker))


def buffer_of(venue: Venue, seeker: Seeker = NEWCOMER) -> dt.timedelta:
    """How long a table is not given away after a party has left it."""
    is_bent = TableRule.BUFFER in seeker.bend
    return dt.timedelta(minutes=0 if is_bent else venue.policy.buffer_minutes)


def offer_of(slot: Slot, wish: Wish, ends_at: dt.datetime, found: Seating) -> Offer:
    """The offer of a place that was found for a wish."""
    return Offer(
        service_date=slot.service_date,
        starts_at=slot.starts_at,
        ends_at=ends_at,
        party_size=wish.party_size,
        table_ids=found.table_ids,
        moves=found.moves,
        features=wish.features - found.unmet,
        unmet=found.unmet,
    )


def fit_walk_in(
    venue: Venue, stays: Sequence[Stay], slot: Slot, party_size: int
) -> Offer | Refusal:
    """Fit a party that stands at the door: now, whatever the pacing, for the time there is.

    Without a table for the whole turn time, the offer is the one that is free for longest, at
    least SHORTEST_TURN.
    """
    wish = Wish(party_size=party_size, date=slot.service_date, time=dt.time())
    bend = BENDABLE - set(TableRule) | {TableRule.TURN_TIME}
    seeker = Seeker(audience=Audience.WALK_IN, bend=bend)
    just_before = slot.starts_at - dt.timedelta(minutes=1)  # who is there has not come too late
    return fit(venue, stays, slot, wish, now=just_before, seeker=seeker)


def fit_for_longest(
    venue: Venue, stays: Sequence[Stay], slot: Slot, wish: Wish, seeker: Seeker
) -> Offer | Refusal:
    """Fit a party at the tables that are free for longest from a start on."""
    party, gap = party_of(slot, wish, seeker), buffer_of(venue, seeker)
    least = slot.starts_at + SHORTEST_TURN
    taken = occupied(stays, slot.starts_at, least, gap)
    places = venue.floor.places(party.party_size, party.audience, any_minimum=party.any_minimum)
    free = [p for p in places if taken.isdisjoint(p.table_ids)]
    ends = [
        (until - gap, p) for p in free if (until := free_until(stays, p.table_ids, slot.starts_at))
    ]
    if not ends:
        return Refusal(reason=Reason.NO_TABLE)
    until, best = max(ends, key=lambda end: end[0])
    found = Seating(table_ids=best.table_ids, unmet=party.features - best.features)
    return offer_of(slot, wish, min(until, slot.ends_at(party.party_size)), found)


def nearest(
    venue: Venue, evening_on: EveningOn, wish: Wish, *, now: dt.datetime, limit: int = 3
) -> tuple[Offer, ...]:
    """The nearest times that can be had, in order of the clock.

    The wished date around the wished time, then that time on other days, then any time.

    Args:
        venue: the rules and the floor.
        evening_on: gives the stays of a service date.
        wish: what cannot be had.
        now: the instant of the question (UTC).
        limit: how many to give at most.

    """
    if refuse_size(venue, wish.party_size):
        return ()
    found: dict[dt.datetime, Offer] = {}
    for slots in _slots_near(venue, wish, now):
        fitting = (fit(venue, evening_on(slot.service_date), slot, wish, now=now) for slot in slots)
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
    fitting = (fit(venue, stays, slot, wish, now=now) for slot in slots)
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
    dates = dates_near(venue, wish, now=now)

    @cache
    def on(day: dt.date) -> list[Slot]:
        coming = (slot for slot in venue.slots_on(day) if slot.starts_at > now)
        return sorted(coming, key=lambda slot: abs(slot.minutes - wished))

    same = on(service_date) if service_date in dates else []
    others = [day for day in dates if day != service_date]
    yield from ([s] for s in same if abs(s.minutes - wished) <= SAME_DAY_MINUTES)
    for day in others:
        yield [s for s in on(day) if abs(s.minutes - wished) <= OTHER_DAY_MINUTES]
    yield from ([s] for s in same if abs(s.minutes - wished) > SAME_DAY_MINUTES)
    yield from map(on, others)
