"""The schema: `upgrade` brings a database to its newest form, all packages' tables together."""

import zlib
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from booking.database import Database

_LOCK = zlib.crc32(b"tabletalk migrations")


def upgrade(database: Database) -> None:
    """Bring the database to the newest schema; two processes at once take turns."""
    with database.transaction() as db:
        if not database.is_sqlite:
            db.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        command.upgrade(_config(db), "head")


def is_newest(db: Connection) -> bool:
    """Tell whether the database has the schema that this code needs."""
    newest = ScriptDirectory.from_config(_config(db)).get_current_head()
    return MigrationContext.configure(db).get_current_revision() == newest


def _config(db: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = db
    return config
