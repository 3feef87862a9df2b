"""Looking for a place in the book: under the lock to take it, without the lock to tell of it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import islice, pairwise
from typing import NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import availability, looks, lookups, models
from booking.availability import NEWCOMER, Offer, Seeker
from booking.errors import Busy, NoAvailability
from booking.expiry import expire_holds
from booking.lifecycle import LIVE, State
from booking.locks import lock_service_dates
from booking.looks import Look, Visit
from booking.lookups import Reservation
from booking.rules import Refusal, Wish
from booking.seating import Move, Stay
from booking.starts import starts_on
from booking.venue import Venue

T = TypeVar("T")
#: What holds a place for those who have waited longer (`openings.serve`).
Serve = Callable[..., object]


class Found(NamedTuple):
    """A place, and what the guest it is for has ahead besides."""

    offer: Offer
    visits: Sequence[Visit]

    @property
    def moves(self) -> Sequence[Move]:
        """Who would move for it."""
        return self.offer.moves


#: So often a plan is made anew because somebody left meanwhile whom it would have moved.
MOST_LOOKS = 5


def look_for_place(
    db: Connection,
    venue: Venue,
    wish: Wish,
    *,
    now: datetime,
    but: int | None = None,
    seeker: Seeker = NEWCOMER,
    guest_id: int | None = None,
    serve: Serve | None = None,
) -> Found:
    """Look for a place on a service date that is locked; what has run out there is swept first.

    Whoever would move for it is locked, and still there.

    Args:
        db: a writing transaction that holds the lock of the service date.
        venue: the venue.
        wish: what is asked for.
        now: the instant (UTC).
        but: a reservation that would move itself, and so takes no room.
        seeker: who asks.
        guest_id: for whom; their visits are given as well.
        serve: gives those on the waitlist theirs first; without it, who asks goes before them.

    Raises:
        NoAvailability: with the reason and the nearest times.
        Busy: the parties that would move kept leaving.

    """
    day = venue.service_date_of(wish.date, wish.time)

    def read() -> Look:
        return looks.read(db, venue, [day], now=now, but=but, guest_id=guest_id)

    def find() -> Found | Refusal:
        seen = read()
        if seen.ran_out:
            expire_holds(db, now=now, venue_id=venue.id, service_date=day)
            seen = read()
        if serve and seen.awaited:
            serve(db, venue, day, now=now)
            seen = read()
        offer = availability.check(venue, seen.stays[day], wish, now=now, seeker=seeker)
        return offer if isinstance(offer, Refusal) else Found(offer, seen.visits)

    found = settled(db, venue, find)
    if isinstance(found, Refusal):
        raise refused(db, venue, wish, found, now=now, but=but)
    return found


def settled(db: Connection, venue: Venue, find: Callable[[], T]) -> T:
    """What is found, once all whom it would move are locked, and still there.

    Freeing takes no lock of the date: who leaves meanwhile must not be moved back in.

    Args:
        db: a writing transaction that holds the lock of the service date.
        venue: the venue.
        find: reads the book and looks for a place; called anew when somebody has left.

    Raises:
        Busy: the parties that would move kept leaving.

    """
    for _ in range(MOST_LOOKS):
        found = find()
        moves: Sequence[Move] = getattr(found, "moves", ())
        if not moves or _lock_movers(db, venue, moves):
            return found
    raise Busy


def look(
    db: Connection,
    venue: Venue,
    wish: Wish,
    *,
    now: datetime,
    but: int | None = None,
    seeker: Seeker = NEWCOMER,
) -> Offer:
    """Look whether a wish could be had, without changing or promising anything.

    Raises:
        NoAvailability: as `look_for_place` would.

    """
    day = venue.service_date_of(wish.date, wish.time)
    evening = looks.stays(db, venue, [day], now=now, but=but)[day]
    found = availability.check(venue, evening, wish, now=now, seeker=seeker)
    if isinstance(found, Refusal):
        raise refused(db, venue, wish, found, now=now, but=but)
    return found


def others(
    db: Connection,
    venue: Venue,
    wish: Wish,
    *,
    now: datetime,
    earlier: bool = True,
    later: bool = True,
    but: int | None = None,
) -> tuple[Offer, ...]:
    """Look for other times on the date of a wish, without changing or promising anything.

    Args:
        db: any transaction.
        venue: whose book.
        wish: what is talked about.
        now: the instant (UTC).
        earlier: whether times before the wished one will do.
        later: whether times after it will do.
        but: the reservation or hold that would be moved, and so takes no room.

    """
    day = venue.service_date_of(wish.date, wish.time)
    stays = looks.stays(db, venue, [day], now=now, but=but)[day]
    return availability.others(venue, stays, wish, now=now, earlier=earlier, later=later)


def starts(
    db: Connection, venue: Venue, party_size: int, service_date: date, *, now: datetime
) -> tuple[datetime, ...]:
    """All starts (UTC) that a party could have on a service date; they promise nothing.

    Args:
        db: any transaction.
        venue: whose book.
        party_size: how many come.
        service_date: the date.
        now: the instant (UTC).

    """
    stays = looks.stays(db, venue, [service_date], now=now)[service_date]
    found = starts_on(venue, stays, party_size, service_date, now=now)
    return tuple(slot.starts_at for slot in found)


def next_starts(
    db: Connection,
    venue: Venue,
    party_size: int,
    since: date,
    *,
    days: int = 14,
    limit: int = 5,
    now: datetime,
) -> tuple[datetime, ...]:
    """The next starts (UTC) that a party could have, from a service date on.

    Args:
        db: any transaction.
        venue: whose book.
        party_size: how many come.
        since: the first service date.
        days: how many dates are looked at, at most.
        limit: how many starts are given, at most.
        now: the instant (UTC).

    """
    found: list[datetime] = []
    ahead = [since + timedelta(days=number) for number in range(days)]
    for some in (ahead[begin:end] for begin, end in pairwise(_BATCHES) if ahead[begin:end]):
        evenings = looks.stays(db, venue, some, now=now)
        slots = (
            slot
            for day in some
            for slot in starts_on(venue, evenings[day], party_size, day, now=now)
        )
        found += (slot.starts_at for slot in islice(slots, limit - len(found)))
        if len(found) == limit:
            break
    return tuple(found)


#: Dates are read in batches: mostly the first ones have what is looked for.
_BATCHES = (0, 1, 4, 14, 60, 400)


def refused(
    db: Connection,
    venue: Venue,
    wish: Wish,
    refusal: Refusal,
    *,
    now: datetime,
    but: int | None = None,
) -> NoAvailability:
    """A refusal with the nearest times that can be had; they promise nothing."""
    return NoAvailability(refusal.reason, refusal.fields, near(db, venue, wish, now=now, but=but))


def near(
    db: Connection, venue: Venue, wish: Wish, *, now: datetime, but: int | None = None
) -> tuple[Offer, ...]:
    """The nearest times that can be had instead of a wish; they promise nothing.

    Args:
        db: any transaction; the refused wait for it with the date locked, so the other dates are
            read, all at once, only when the wished one has too little.
        venue: whose book.
        wish: what cannot be had.
        now: the instant (UTC).
        but: the reservation or hold that would be moved, and so takes no room.

    """
    wished = venue.service_date_of(wish.date, wish.time)
    dates = availability.dates_near(venue, wish, now=now)
    read: dict[date, list[Stay]] = {}

    def evening_on(day: date) -> Sequence[Stay]:
        if day not in read:
            wanted = [day] if day == wished else [each for each in dates if each not in read]
            read.update(looks.stays(db, venue, wanted, now=now, but=but))
        return read[day]

    return availability.nearest(venue, evening_on, wish, now=now)


def lock(db: Connection, venue: Venue, dates: Iterable[date]) -> None:
    """Lock service dates; whoever looks there by `look_for_place` sweeps them if need be."""
    lock_service_dates(db, venue.id, dates)


def lock_and_sweep(db: Connection, venue: Venue, dates: Iterable[date], *, now: datetime) -> None:
    """Lock service dates, and write down what has run out there: before any look."""
    days = sorted(set(dates))
    lock(db, venue, days)
    for day in days:
        expire_holds(db, now=now, venue_id=venue.id, service_date=day)


def locked(db: Connection, venue: Venue, reservation_id: int, *, now: datetime) -> Reservation:
    """A reservation that needs a place: its service date is locked and swept, then its own row.

    Raises:
        Busy: it was moved to another date meanwhile.

    """
    found = lookups.get(db, venue.id, reservation_id)
    lock_and_sweep(db, venue, [found.service_date], now=now)
    again = lookups.get(db, venue.id, reservation_id, lock=True)
    if again.service_date != found.service_date:
        raise Busy
    return again


def _lock_movers(db: Connection, venue: Venue, moves: Sequence[Move]) -> bool:
    """Lock who would move, and tell whether all of them may still be moved."""
    ids = [move.reservation_id for move in moves]
    found = db.execute(_MOVABLE, {"venue_id": venue.id, "ids": ids}).all()
    return len(found) == len(ids)


_row = models.Reservation
_MOVABLE = (
    sa.select(_row.id)
    .where(
        _row.venue_id == sa.bindparam("venue_id"),
        _row.id.in_(sa.bindparam("ids", expanding=True)),
        _row.state.in_(LIVE - {State.SEATED}),
        ~_row.is_pinned,
    )
    .order_by(_row.id)
    .with_for_update()
)
