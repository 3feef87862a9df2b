"""The book of one venue, on both databases.

All tests of the book share one PostgreSQL database, emptied before each of them: that takes a
fiftieth of the time of a new one. Tests that change the schema take `new_postgres`.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from restaurants import Book

from booking.database import Base, Database


@pytest.fixture(scope="session")
def shared_postgres(postgres_url: str) -> Iterator[Database]:
    """A migrated PostgreSQL database for all tests of the book in this process."""
    with new_database(postgres_url, "book", template="template") as url:
        database = Database(url)
        yield database
        database.close()


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
def postgres_database(shared_postgres: Database) -> Database:
    """An empty, migrated PostgreSQL database."""
    with shared_postgres.transaction() as db:
        for rows in reversed(Base.metadata.sorted_tables):
            db.execute(sa.delete(rows))  # for so few rows much quicker than TRUNCATE
    return shared_postgres


@pytest.fixture
def sqlite_database(
    new_sqlite: Callable[[], str], open_database: Callable[[str], Database]
) -> Database:
    """An empty, migrated SQLite database."""
    return open_database(new_sqlite())


@pytest.fixture(params=["postgres", "sqlite"])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty database; the test runs once on PostgreSQL and once on SQLite."""
    found: Database = request.getfixturevalue(f"{request.param}_database")
    return found


@pytest.fixture
def book(database: Database) -> Book:
    """Aurora's book; the test runs once on PostgreSQL and once on SQLite."""
    return Book.opened(database)
