"""Holds that have run out. Everybody already treats them as gone; this writes it down."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import events, lookups, models
from booking.events import HOUSE, Kind
from booking.lifecycle import State
from booking.lookups import Reservation

_RAN_OUT = (models.Reservation.state == State.HELD) & (
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
    """Expire holds whose time is over, with their occupancies and events.

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
    table = models.DiningTable
    used = {i for reservation in expired for i in reservation.table_ids}
    rows = db.execute(sa.select(table.id, table.name).where(table.id.in_(used)))
    events.append(
        db,
        Kind.EXPIRED,
        expired,
        {row.id: row.name for row in rows},
        actor=HOUSE,
        now=now,
        from_state=State.HELD,
    )
    return expired
