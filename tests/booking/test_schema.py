"""The migrations make what the code maps, once, whoever comes first. On both databases."""

import subprocess
import sys
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from booking.database import Base, Database
from bot import models as bot_models
from bot.migrations import is_newest, upgrade
from conversations import models as conversation_models

MAPPED = (bot_models, conversation_models)  # imported so that Base knows them
MIGRATE = """
import sys
from booking.database import Database
from bot.migrations import upgrade
database = Database(sys.argv[1])
upgrade(database)
database.close()
"""


SCHEMA = {
    "sqlite": "SELECT name || coalesce(sql, '') FROM sqlite_master",
    "postgresql": """
        SELECT concat(table_name, column_name, data_type, is_nullable, column_default)
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    """,
}


def differences(database: Database, metadata: sa.MetaData) -> list[object]:
    with database.reading() as db:
        context = MigrationContext.configure(
            db, opts={"compare_type": True, "include_object": is_ours}
        )
        return list(compare_metadata(context, metadata))


def is_ours(_: object, name: str | None, *__: object) -> bool:
    return name not in {"alembic_version", "ex_occupancy_live", "ix_occupancy_live"}


def test_the_migrated_schema_is_the_one_that_the_code_maps(database: Database) -> None:
    assert differences(database, Base.metadata) == []


def test_a_difference_would_be_seen(database: Database) -> None:
    """The control: one more column, one index less, another type."""
    changed = sa.MetaData(naming_convention=Base.metadata.naming_convention)
    for rows in Base.metadata.tables.values():
        rows.to_metadata(changed)
    changed.tables["guest"].append_column(sa.Column("birthday", sa.Date))

    (difference,) = differences(database, changed)
    assert "birthday" in repr(difference)


def test_upgrading_again_changes_nothing(database: Database) -> None:
    def schema() -> list[str]:
        with database.reading() as db:
            return sorted(db.execute(sa.text(SCHEMA[db.dialect.name])).scalars())

    before = schema()
    upgrade(database)

    assert schema() == before
    assert any("ex_occupancy_live" in entry for entry in before)
    with database.reading() as db:
        assert is_newest(db)


@pytest.mark.parametrize("kind", ["postgres", "sqlite"])
def test_two_processes_that_migrate_at_once_take_turns(
    empty_urls: dict[str, str], open_database: Callable[[str], Database], kind: str
) -> None:
    url = empty_urls[kind]
    both = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", MIGRATE, url], stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    told = [process.communicate(timeout=60)[1].decode() for process in both]

    assert [process.returncode for process in both] == [0, 0], told
    database = open_database(url)
    with database.reading() as db:
        assert is_newest(db)
    assert differences(database, Base.metadata) == []


def test_a_schema_that_is_not_there_is_not_the_newest(
    empty_urls: dict[str, str], open_database: Callable[[str], Database]
) -> None:
    for url in empty_urls.values():
        with open_database(url).reading() as db:
            assert not is_newest(db)
