"""The book of one venue, on both databases.

All tests of the book share one PostgreSQL database, emptied before each of them: that takes a
fiftieth of the time of a new one. Tests that change the schema take `new_postgres`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from restaurants import Book

from booking import looking, lookups
from booking.database import Database


@contextmanager
def new_database(server: str, name: str, *, template: str) -> Iterator[str]:
    """The URL of a PostgreSQL database of this process."""
    own = f"{name}{os.getpid()}"
    engine = sa.create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {own} TEMPLATE {template}"))
        yield f"{server}/{own}"
        connection.execute(sa.text(f"DROP DATABASE {own} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def empty_urls(postgres_url: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Databases of both kinds, without a schema."""
    with new_database(postgres_url, "bare", template="template1") as url:
        yield {"postgres": url, "sqlite": f"sqlite:///{tmp_path}/bare.db"}


@pytest.fixture
def book(database: Database) -> Book:
    """Aurora's book; the test runs once on PostgreSQL and once on SQLite."""
    return Book.opened(database)


@pytest.fixture
def without_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the lock out of everything that looks for a place."""
    monkeypatch.setattr(looking, "lock_service_dates", lambda *_: None)


@pytest.fixture
def without_rows_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read a reservation that is about to change as if nobody else were there."""
    bare = lookups.get
    monkeypatch.setattr(
        lookups, "get", lambda db, venue_id, number, **_: bare(db, venue_id, number)
    )
