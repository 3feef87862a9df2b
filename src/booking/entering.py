"""Writing a new reservation: its row, its tables and its first event.

Every hold goes this way. PostgreSQL takes all of it in one statement, because each one more costs
as much as the work that it does; SQLite has no such statement, and no network either.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from booking import models

_row, _seat, _event = models.Reservation, models.Occupancy, models.BookingEvent
#: What an event has in common with its reservation, by the names that these have there.
_SHARED = {
    "venue_id": "venue_id",
    "to_state": "state",
    "party_size": "party_size",
    "starts_at": "starts_at",
    "ends_at": "ends_at",
    "version": "version",
}


def write(
    db: Connection,
    values: dict[str, Any],
    table_ids: Sequence[int],
    event: dict[str, Any],
) -> int | None:
    """Write a reservation with its tables and its event.

    Args:
        db: the transaction.
        values: of the reservation, its code among them.
        table_ids: of its tables, which are free.
        event: the values of the event that a reservation has not.

    Returns:
        Its id, or None when the code is taken: then nothing was written.

    """
    if db.dialect.name == "postgresql":
        given = {f"event_{key}": value for key, value in event.items()}
        asked = {**values, **given, "table_ids": list(table_ids)}
        number: int | None = db.execute(_at_once(), asked).scalar()
        return number
    number = db.execute(_reservation(), values).scalar()
    if number is not None:
        seats = {
            "venue_id": values["venue_id"],
            "reservation_id": number,
            "starts_at": values["starts_at"],
            "ends_at": values["ends_at"],
            "live": True,
        }
        rows = [{**seats, "table_id": table_id} for table_id in table_ids]
        db.execute(_SEATS, rows if len(rows) > 1 else rows[0])
        shared = {key: values[name] for key, name in _SHARED.items()}
        db.execute(_EVENT, {"reservation_id": number, **shared, **event})
    return number


_SEATS = sa.insert(_seat)
_EVENT = sa.insert(_event)
_COLUMNS = [column.name for column in _row.__table__.c if column.name != "id"]
_OWN = ("kind", "actor", "at", "from_state", "tables", "before", "bent")


@cache
def _reservation() -> Any:
    """The row alone (SQLite)."""
    new = sqlite.insert(_row).values({name: sa.bindparam(name) for name in _COLUMNS})
    return new.on_conflict_do_nothing(index_elements=["venue_id", "code"]).returning(_row.id)


@cache
def _at_once() -> Any:
    """The row, its tables and its event in one statement (PostgreSQL)."""
    row = (
        postgresql.insert(_row)
        .values({name: sa.bindparam(name) for name in _COLUMNS})
        .on_conflict_do_nothing(index_elements=["venue_id", "code"])
        .returning(_row.id, *(getattr(_row, name) for name in _SHARED.values()))
        .cte("entered")
    )
    tables = sa.func.unnest(sa.bindparam("table_ids", type_=postgresql.ARRAY(sa.Integer)))
    seats = (
        sa.insert(_seat)
        .from_select(
            ["venue_id", "reservation_id", "starts_at", "ends_at", "table_id", "live"],
            sa.select(row.c.venue_id, row.c.id, row.c.starts_at, row.c.ends_at, tables, sa.true()),
        )
        .cte("seats")
    )
    own = [
        sa.bindparam(f"event_{name}", type_=_event.__table__.c[name].type).label(name)
        for name in _OWN
    ]
    event = (
        sa.insert(_event)
        .from_select(
            ["reservation_id", *_SHARED, *_OWN],
            sa.select(row.c.id, *(row.c[name] for name in _SHARED.values()), *own),
        )
        .cte("event")
    )
    return sa.select(row.c.id).add_cte(seats, event)
