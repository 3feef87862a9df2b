"""Looking for a place in the book: under the lock to take it, without the lock to tell of it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import availability, lookups, models
from booking.availability import NEWCOMER, Offer, Seeker
from booking.errors import Busy, NoAvailability
from booking.expiry import expire_holds
from booking.lifecycle import LIVE, State
from booking.locks import lock_service_dates
from booking.rules import Refusal, Wish
from booking.seating import Move
from booking.venue import Venue

T = TypeVar("T")
#: What holds a place for those who have waited longer (`openings.serve`).
Serve = Callable[..., object]

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
    serve: Serve | None = None,
) -> Offer:
    """Look for a place on a service date that is locked and swept.

    Whoever would move for it is locked, and still there.

    Args:
        db: a writing transaction that holds the lock of the service date.
        venue: the venue.
        wish: what is asked for.
        now: the instant (UTC).
        but: a reservation that would move itself, and so takes no room.
        seeker: who asks.
        serve: gives those on the waitlist theirs first; without it, who asks goes before them.

    Raises:
        NoAvailability: with the reason and the nearest times.
        Busy: the parties that would move kept leaving.

    """
    day = venue.service_date_of(wish.date, wish.time)

    def find() -> Offer | Refusal:
        seen = lookups.read(db, venue, [day], now=now, but=but)
        if serve and seen.awaited:
            serve(db, venue, day, now=now)
            seen = lookups.read(db, venue, [day], now=now, but=but)
        return availability.check(venue, seen.stays[day], wish, now=now, seeker=seeker)

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
    evening = lookups.stays(db, venue, [day], now=now, but=but)[day]
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
    stays = lookups.stays(db, venue, [day], now=now, but=but)[day]
    return availability.others(venue, stays, wish, now=now, earlier=earlier, later=later)


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
    dates = availability.dates_near(venue, wish, now=now)
    evenings = lookups.stays(db, venue, dates, now=now, but=but)
    near = availability.nearest(venue, evenings, wish, now=now)
    return NoAvailability(refusal.reason, refusal.fields, near)


def lock_and_sweep(db: Connection, venue: Venue, dates: Iterable[date], *, now: datetime) -> None:
    """Lock service dates, and write down what has run out there: before any look."""
    days = sorted(set(dates))
    lock_service_dates(db, venue.id, days)
    for day in days:
        expire_holds(db, now=now, venue_id=venue.id, service_date=day)


def _lock_movers(db: Connection, venue: Venue, moves: Sequence[Move]) -> bool:
    """Lock who would move, and tell whether all of them may still be moved."""
    row = models.Reservation
    ids = [move.reservation_id for move in moves]
    movable = (row.state.in_(LIVE - {State.SEATED}), ~row.is_pinned)
    query = sa.select(row.id).where(row.venue_id == venue.id, row.id.in_(ids), *movable)
    found = db.execute(query.order_by(row.id).with_for_update()).scalars().all()
    return len(found) == len(ids)
