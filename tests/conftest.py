"""Databases and servers for all tests, started once a worker process."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa
from servers import postgres, valkey

from booking.database import Base, Database
from bot.migrations import upgrade

os.environ["TABLETALK_ENV_FILE"] = ""  # whoever has an .env here has it for something else


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A folder with a short path that a server's own user may enter."""
    with tempfile.TemporaryDirectory(prefix="tabletalk-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres_url(server_folder: Path) -> Iterator[str]:
    """A PostgreSQL server with a migrated database `template` to copy."""
    home = server_folder / "postgres"
    home.mkdir(mode=0o755)
    with postgres(home) as url:
        _run(url, "CREATE DATABASE template")
        database = Database(f"{url}/template")
        upgrade(database)
        database.close()
        yield url


@pytest.fixture(scope="session")
def sqlite_template(server_folder: Path) -> Path:
    """A migrated SQLite file to copy."""
    path = server_folder / "template.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def redis_url(server_folder: Path) -> Iterator[str]:
    """A Redis server."""
    home = server_folder / "redis"
    home.mkdir()
    with valkey(home) as url:
        yield url


@pytest.fixture(scope="session")
def new_postgres(postgres_url: str) -> Iterator[Callable[[], str]]:
    """Make URLs of fresh, migrated PostgreSQL databases."""
    made: list[str] = []

    def make() -> str:
        name = f"t{os.getpid()}_{next(_numbers)}"
        _run(postgres_url, f"CREATE DATABASE {name} TEMPLATE template")
        made.append(name)
        return f"{postgres_url}/{name}"

    yield make
    for name in made:
        _run(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def new_sqlite(sqlite_template: Path, tmp_path: Path) -> Callable[[], str]:
    """Make URLs of fresh, migrated SQLite files."""

    def make() -> str:
        path = tmp_path / f"{next(_numbers)}.db"
        shutil.copy(sqlite_template, path)
        return f"sqlite:///{path}"

    return make


@pytest.fixture(scope="session")
def shared_postgres(new_postgres: Callable[[], str]) -> Iterator[Database]:
    """A PostgreSQL database that tests share one after the other."""
    database = Database(new_postgres())
    yield database
    database.close()


@pytest.fixture(scope="session")
def shared_sqlite(sqlite_template: Path, server_folder: Path) -> Iterator[Database]:
    """A SQLite database that tests share one after the other, and with it its compiled SQL."""
    path = server_folder / "shared.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture
def postgres_database(shared_postgres: Database) -> Database:
    """An empty, migrated PostgreSQL database, in a fiftieth of the time of a new one."""
    return _emptied(shared_postgres)


@pytest.fixture
def sqlite_database(shared_sqlite: Database) -> Database:
    """An empty, migrated SQLite database."""
    return _emptied(shared_sqlite)


@pytest.fixture(params=["postgres", "sqlite"])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty database; the test runs once on PostgreSQL and once on SQLite."""
    found: Database = request.getfixturevalue(f"{request.param}_database")
    return found


@pytest.fixture
def empty_url(database: Database) -> str:
    """The URL of an empty database; the test runs once on PostgreSQL and once on SQLite."""
    return database.engine.url.render_as_string(hide_password=False)


@pytest.fixture
def open_database() -> Iterator[Callable[[str], Database]]:
    """Open databases that are closed after the test."""
    with ExitStack() as stack:

        def opened(url: str) -> Database:
            database = Database(url)
            stack.callback(database.close)
            return database

        yield opened


def _emptied(database: Database) -> Database:
    with database.transaction() as db:
        for rows in reversed(Base.metadata.sorted_tables):
            db.execute(sa.delete(rows))  # for so few rows much quicker than TRUNCATE
    return database


_numbers = iter(range(10**9))


def _run(url: str, statement: str) -> None:
    engine = sa.create_engine(f"{url}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(statement))
    engine.dispose()
