"""The book of one venue, on both databases.

All tests of the book share one PostgreSQL database, emptied before each of them: that takes a
tenth of the time of a new one. Tests that change the schema take `new_postgres`.
"""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from restaurants import Book

from booking.database import Base, Database


@pytest.fixture(scope="session")
def shared_postgres(postgres_url: str) -> Iterator[Database]:
    """A migrated PostgreSQL database for all tests of the book in this process."""
    engine = sa.create_engine(f"{postgres_url}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE book TEMPLATE template"))
    engine.dispose()
    database = Database(f"{postgres_url}/book")
    yield database
    database.close()


@pytest.fixture
def postgres_database(shared_postgres: Database) -> Database:
    """An empty, migrated PostgreSQL database."""
    names = ", ".join(Base.metadata.tables)
    with shared_postgres.transaction() as db:
        db.execute(sa.text(f"TRUNCATE {names} RESTART IDENTITY"))
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
