"""Where the book is kept: PostgreSQL in production, SQLite when embedded. And its transactions."""

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator, TypeEngine

from booking.errors import Busy

#: How long a transaction waits for a lock before it gives up with Busy.
LOCK_TIMEOUT_MS = 5_000
#: What marks a transaction that only reads; on SQLite it takes no write lock.
READING = "tabletalk_reading"
#: Whoever has waited for a lock must then see what its holder wrote, whatever the server's default.
_POSTGRES = {"isolation_level": "READ COMMITTED"}
#: A connection that has rested for so long (s) is asked whether it still is one before it is used;
#: on a busy one the question would cost a tenth of every hold.
RESTED = 5.0
_SQLITE_OUTAGES = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}
_BUSY_SQLSTATES = {"55P03", "40P01", "40001"}  # lock not available, deadlock, serialization


class _SQLiteInstant(sqlite.DATETIME):
    """Text as SQLAlchemy writes it, by the functions of the language: five times as quick."""

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], str | None]:
        """Write an instant without its zone."""
        del dialect
        return lambda value: value.isoformat(" ", "microseconds") if value else None

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[str | None], datetime | None]:
        """Read an instant, without a zone as it was written."""
        del dialect, coltype
        return lambda text: datetime.fromisoformat(text) if text else None


_SQLITE_INSTANT = _SQLiteInstant()  # type: ignore[no-untyped-call]  # SQLAlchemy has no types here


class Instant(TypeDecorator[datetime]):
    """A point in time: aware in Python, UTC in the database, ordered as text in SQLite."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """SQLite has no instants: they are texts there."""
        return dialect.type_descriptor(_SQLITE_INSTANT if dialect.name == "sqlite" else self.impl)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive datetimes; hand over UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a zone: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back UTC, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The rows of the house. Mapped for their types; written and read with Core."""

    type_annotation_map = {  # noqa: RUF012 (declared so by SQLAlchemy)
        datetime: Instant,
        dict[str, Any]: sa.JSON(none_as_null=True),
        list[str]: sa.JSON(none_as_null=True),
        list[dict[str, Any]]: sa.JSON(none_as_null=True),
    }
    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Database:
    """One database and its connections.

    Args:
        url: a SQLAlchemy URL, `postgresql+psycopg://...` or `sqlite:///file.db`.
        pool_size: connections kept open; bursts may use twice as many.

    """

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        address = sa.make_url(url)
        self.is_sqlite = address.get_backend_name() == "sqlite"
        self.engine = sa.create_engine(
            address,
            json_serializer=lambda value: json.dumps(value, ensure_ascii=False),
            hide_parameters=True,  # they hold what guests write, and errors go into the log
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=LOCK_TIMEOUT_MS / 1000,
            **({} if self.is_sqlite else _POSTGRES),
        )
        self._reader = self.engine.execution_options(**{READING: True})
        # SQLite has one writer at a time, and polls: within a process it is quicker to wait here.
        self._writer = threading.Lock() if self.is_sqlite else nullcontext()
        _prepare(self.engine, is_sqlite=self.is_sqlite)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Write in one transaction: committed at the end, rolled back by any exception.

        Raises:
            Busy: a lock or a connection could not be had in time.

        """
        with _busy_by_name(), self._writer, self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read in one transaction, without any lock."""
        with _busy_by_name(), self._reader.begin() as connection:
            yield connection

    def compact(self) -> bool:
        """Leave nothing of deleted rows in the file of SQLite; false when others are using it.

        PostgreSQL does so in its own time.
        """
        if not self.is_sqlite:
            return True
        with self.engine.connect() as connection:
            raw: Any = connection.connection.dbapi_connection
            try:
                raw.execute("VACUUM")
                busy, *_ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.OperationalError:
                return False
        return not busy

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def insert_new(db: Connection, model: type[Base], *columns: str) -> Any:
    """An INSERT that does nothing when the row is already there (ON CONFLICT DO NOTHING).

    Args:
        db: says which dialect is spoken.
        model: the rows.
        columns: the unique columns of the conflict; any unique constraint when left out.

    """
    return _insert_new(db.dialect.name, model, columns)


def is_outage(error: BaseException) -> bool:
    """Tell a database that is away, busy or out of order from a fault of ours."""
    if isinstance(error, Busy):
        return True
    if not isinstance(error, sa.exc.DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.Error):  # there a missing table is an OperationalError too
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _SQLITE_OUTAGES
    could_not_connect = error.statement is None
    return could_not_connect or isinstance(error, sa.exc.OperationalError)


def outage_reason(error: BaseException) -> str:
    """What the database says of an outage, in one line and without any address or password."""
    said = str(getattr(error, "orig", None) or "").partition("\n")[0]
    return said or "it is busy"


@cache
def _insert_new(dialect: str, model: type[Base], columns: tuple[str, ...]) -> Any:
    # Only the dialect that is spoken: the other one takes long to import.
    insert: Any = import_module(f"sqlalchemy.dialects.{dialect}").insert
    return insert(model).on_conflict_do_nothing(index_elements=columns or None)


def _prepare(engine: Engine, *, is_sqlite: bool) -> None:
    event.listen(engine, "connect", _open_sqlite if is_sqlite else _open_postgres)
    event.listen(engine, "begin", _begin_sqlite if is_sqlite else _begin)
    if not is_sqlite:
        event.listen(engine, "checkout", _ask_rested)
        event.listen(engine, "checkin", _leave)


def _open_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; _begin_sqlite does
    for pragma in (
        f"busy_timeout = {LOCK_TIMEOUT_MS}",  # first: the next one may have to wait
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _open_postgres(connection: Any, entry: ConnectionPoolEntry) -> None:
    connection.execute(f"SET lock_timeout = {LOCK_TIMEOUT_MS}")
    connection.execute("SET TIME ZONE 'UTC'")  # so that instants come as they are wanted
    connection.commit()
    entry.info["used"] = time.monotonic()


def _ask_rested(connection: Any, entry: ConnectionPoolEntry, _: Any) -> None:
    """Give a connection away only if its server is still there."""
    if time.monotonic() - entry.info["used"] < RESTED:
        return
    try:
        connection.execute("SELECT")
        connection.rollback()
    except connection.OperationalError as error:
        raise sa.exc.DisconnectionError from error  # the pool opens another one


def _leave(_: Any, entry: ConnectionPoolEntry) -> None:
    entry.info["used"] = time.monotonic()


def _begin(connection: Connection) -> None:
    connection.info.pop("service_dates", None)
    connection.info.pop("steps", None)


def _begin_sqlite(connection: Connection) -> None:
    _begin(connection)
    reading = connection.get_execution_options().get(READING)
    # A deferred BEGIN that turns into a write fails at once when another has written meanwhile.
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def _busy_by_name() -> Iterator[None]:
    try:
        yield
    except sa.exc.TimeoutError as error:  # all connections are taken
        raise Busy from error
    except sa.exc.OperationalError as error:
        locked = "database is locked" in str(error.orig)
        if locked or getattr(error.orig, "sqlstate", None) in _BUSY_SQLSTATES:
            raise Busy from error
        raise
