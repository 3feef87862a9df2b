"""Holds that have run out. Everybody already treats them as gone; this writes it down."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import events, lookups, models
from booking.events import HOUSE, Kind
from booking.lifecycle import State
from booking.lookups import Reservation


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
    row = models.Reservation
    ran_out = (row.state == State.HELD) & (row.held_until <= now)
    chosen: sa.ColumnElement[bool]
    if service_date is not None:
        chosen = (row.venue_id == venue_id) & (row.service_date == service_date)
    else:  # waits for nobody while it holds rows, so it can never deadlock
        dead = sa.select(row.id).where(ran_out).order_by(row.id).limit(limit)
        # In a statement of its own: within the UPDATE, PostgreSQL may run it more than once.
        ids = db.execute(dead.with_for_update(skip_locked=True)).scalars().all()
        chosen = row.id.in_(ids)
    # `ran_out` is asked of the row itself: after waiting for somebody else's change to it,
    # PostgreSQL asks again, and a hold that was confirmed or let go meanwhile stays so.
    expire = sa.update(row).where(ran_out, chosen).values(state=State.EXPIRED).returning(row.id)
    return _free(db, db.execute(expire).scalars().all(), now=now)


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
