"""Migrations: the schema they make is the one that the code maps, on both databases."""

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from alembic.script import ScriptDirectory

from booking.database import Database
from bot import migrations


def test_the_newest_revision_is_the_one_alembic_finds(database: Database) -> None:
    with database.reading() as db:
        script = ScriptDirectory.from_config(migrations.config(db))
        assert migrations.newest() == script.get_current_head()
        assert migrations.is_newest(db)


def test_an_empty_database_is_not_the_newest_until_it_is_upgraded(
    tmp_path: Path, open_database: Callable[[str], Database]
) -> None:
    database = open_database(f"sqlite:///{tmp_path}/empty.db")
    with database.reading() as db:
        assert not migrations.is_newest(db)

    migrations.upgrade(database)
    migrations.upgrade(database)
    with database.reading() as db:
        assert migrations.is_newest(db)
        assert sa.inspect(db).has_table("occupancy")
