"""What has run out: holds without a yes, requests without a decision.

Everybody already treats them as gone; this writes it down.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import events, lookups, models, waiting
from booking.events import HOUSE, Kind
from booking.lifecycle import State
from booking.lookups import Reservation

# Written out as in the partial index: SQLite does not see that parameters would fit it.
_RAN_OUT = sa.text("reservation.state IN ('held', 'requested')") & (
    models.Reservation.held_until <= sa.bindparam("now")
)
# It is asked of the row itself: after waiting for somebody else's change to it, PostgreSQL asks
# again, and a hold that was confirmed or let go meanwhile stays so.
_EXPIRE = (
    sa.update(models.Reservation)
    .where(_RAN_OUT)
    .values(state=State.EXPIRED)
    .returning(models.Reservation.id)
)
_EXPIRE_ON = _EXPIRE.where(
    models.Reservation.venue_id == sa.bindparam("venue"),
    models.Reservation.service_date == sa.bindparam("day"),
)
_EXPIRE_THESE = _EXPIRE.where(models.Reservation.id.in_(sa.bindparam("ids", expanding=True)))
# Waits for nobody while it holds rows, so it can never deadlock; and in a statement of its own,
# since within an UPDATE PostgreSQL may run it more than once.
_DEAD = (
    sa.select(models.Reservation.id)
    .where(_RAN_OUT)
    .order_by(models.Reservation.id)
    .with_for_update(skip_locked=True)
)


def expire_holds(
    db: Connection,
    *,
    now: datetime,
    venue_id: int | None = None,
    service_date: date | None = None,
    limit: int = 100,
) -> list[Reservation]:
    """Expire holds and requests whose time is over, with their occupancies and events.

    Called under the lock of a service date before anybody looks there, since the database's own
    guard cannot know the time; and by the scheduler for all, so that guests are told.

    Args:
        db: a writing transaction.
        now: the instant (UTC); a hold is over at `held_until`, not after it.
        venue_id: only this venue.
        service_date: only this service date.
        limit: how many at most when no date is given.

    """
    if service_date is not None:
        here = {"venue": venue_id, "day": service_date}
        ids = db.execute(_EXPIRE_ON, {"now": now, **here}).scalars().all()
    else:
        ids = db.execute(_DEAD.limit(limit), {"now": now}).scalars().all()
        ids = db.execute(_EXPIRE_THESE, {"now": now, "ids": ids}).scalars().all()
    return _free(db, ids, now=now)


def _free(db: Connection, ids: Sequence[int], *, now: datetime) -> list[Reservation]:
    if not ids:
        return []
    seats = models.Occupancy
    db.execute(sa.update(seats).where(seats.reservation_id.in_(ids)).values(live=False))
    expired = lookups.fetch(db, models.Reservation.id.in_(ids))
    names = _names(db, {i for reservation in expired for i in reservation.table_ids})
    asked = _requests(db, ids)
    for state in (State.HELD, State.REQUESTED):
        these = [r for r in expired if (r.id in asked) == (state is State.REQUESTED)]
        events.append(db, Kind.EXPIRED, these, names, actor=HOUSE, now=now, from_state=state)
    dates = {reservation.service_date for reservation in expired}
    waiting.look_again(db, {reservation.venue_id for reservation in expired}, dates, now=now)
    for opening in (r for r in expired if r.source == waiting.WAITLIST):
        waiting.conclude(db, opening, actor=HOUSE, now=now)
    return expired


def _names(db: Connection, table_ids: Collection[int]) -> dict[int, str]:
    table = models.DiningTable
    rows = db.execute(sa.select(table.id, table.name).where(table.id.in_(table_ids)))
    return {row.id: row.name for row in rows}


def _requests(db: Connection, ids: Sequence[int]) -> set[int]:
    """Which of these had been put to the staff, as their rows do not tell any more."""
    row = models.BookingEvent
    put = sa.select(row.reservation_id).where(
        row.reservation_id.in_(ids), row.to_state == State.REQUESTED
    )
    return set(db.execute(put).scalars())
