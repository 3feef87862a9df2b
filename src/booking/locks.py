"""The one lock of the book: a row per venue and service date. The rules: docs/locking.md."""

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking.database import insert_new
from booking.errors import LockOrder
from booking.models import ServiceDay


def lock_service_dates(db: Connection, venue_id: int, dates: Iterable[date]) -> None:
    """Lock service dates of a venue until the transaction ends: late, but before the look.

    Taken once for all dates that a transaction touches. A later call may only go upwards, so that
    two transactions can never wait for each other.

    Raises:
        Busy: another transaction holds one of them for too long.
        LockOrder: a date before one that is already held.

    """
    held: set[tuple[int, date]] = db.info.setdefault("service_dates", set())
    wanted = sorted({(venue_id, day) for day in dates} - held)
    if wanted and held and wanted[0] < max(held):
        raise LockOrder(f"{wanted[0]} after {max(held)}")
    if db.dialect.name != "sqlite":  # there BEGIN IMMEDIATE has locked everything
        for key in wanted:
            _lock(db, *key)
    held.update(wanted)


_LOCK = (
    sa.select(ServiceDay.id)
    .where(
        ServiceDay.venue_id == sa.bindparam("venue_id"),
        ServiceDay.service_date == sa.bindparam("service_date"),
    )
    .with_for_update()
)


def _lock(db: Connection, venue_id: int, day: date) -> None:
    key = {"venue_id": venue_id, "service_date": day}
    if db.execute(_LOCK, key).first() is None:
        new = insert_new(db, ServiceDay).returning(ServiceDay.id)
        if db.execute(new, key).first() is None:  # else it is ours, and nobody can see it yet
            db.execute(_LOCK, key)
