"""Writing a new reservation: its row, its tables and its first event.

Every hold goes this way. PostgreSQL takes all of it in one statement, because each one more costs
as much as the work that it does; SQLite has no such statement, and no network either.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect

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
    row, seat, born = _prepared(db.dialect)
    number = row.run(db, values).scalar()
    if number is not None:
        of_row = {"venue_id": values["venue_id"], "reservation_id": number}
        span = {"starts_at": values["starts_at"], "ends_at": values["ends_at"], "live": True}
        for table_id in table_ids:
            seat.run(db, {**of_row, **span, "table_id": table_id})
        shared = {key: values[name] for key, name in _SHARED.items()}
        born.run(db, {"reservation_id": number, **shared, **event})
    return number


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An INSERT as the driver takes it: nothing about it is looked up while the file is locked."""

    sql: str
    names: Sequence[str]
    processors: Sequence[Callable[[Any], Any] | None]

    @classmethod
    def of(cls, statement: Any, table: sa.FromClause, dialect: Dialect) -> "_Prepared":
        """Compile a statement whose parameters are named as the columns that they are for."""
        compiled = statement.compile(dialect=dialect)
        types = [table.c[name].type.dialect_impl(dialect) for name in compiled.positiontup]
        processors = [each.bind_processor(dialect) for each in types]
        return cls(str(compiled), compiled.positiontup, processors)

    def run(self, db: Connection, values: Mapping[str, Any]) -> sa.CursorResult[Any]:
        """Write a row."""
        pairs = zip(self.names, self.processors, strict=True)
        row = [process(values[name]) if process else values[name] for name, process in pairs]
        return db.exec_driver_sql(self.sql, tuple(row))


@lru_cache(4)
def _prepared(dialect: Dialect) -> tuple[_Prepared, _Prepared, _Prepared]:
    """The row, a table of it, and its event (SQLite)."""
    row = (
        sqlite.insert(_row)
        .values({name: sa.bindparam(name) for name in _COLUMNS})
        .on_conflict_do_nothing(index_elements=["venue_id", "code"])
        .returning(_row.id)
    )
    seat = sa.insert(_seat).values({name: sa.bindparam(name) for name in _SEAT})
    event = sa.insert(_event).values({name: sa.bindparam(name) for name in _EVENT})
    given = ((row, _row), (seat, _seat), (event, _event))
    tables = [(statement, model.__table__) for statement, model in given]
    first, second, third = [_Prepared.of(*each, dialect) for each in tables]
    return first, second, third


_COLUMNS = [column.name for column in _row.__table__.c if column.name != "id"]
_OWN = ("kind", "actor", "at", "from_state", "tables", "before", "bent")
_SEAT = ("venue_id", "reservation_id", "table_id", "starts_at", "ends_at", "live")
_EVENT = ("reservation_id", *_SHARED, *_OWN)


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
