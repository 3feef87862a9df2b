"""The schema: `upgrade` brings a database to its newest form, all packages' tables together."""

import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

_HERE = Path(__file__).parent
_LOCK = zlib.crc32(b"tabletalk migrations")


def upgrade(database: Database) -> None:
    """Bring the database to the newest schema; two processes at once take turns."""
    with database.reading() as db:
        if is_newest(db):
            return
    from alembic import command  # noqa: PLC0415 (slow to import, and seldom needed)

    with database.transaction() as db:
        if not database.is_sqlite:
            db.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        command.upgrade(config(db), "head")


def is_newest(db: Connection) -> bool:
    """Tell whether the database has the schema that this code needs."""
    if not sa.inspect(db).has_table("alembic_version"):
        return False
    version = db.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return bool(version == newest())


def newest() -> str:
    """The newest revision: migrations are named by it."""
    return max(path.stem.partition("_")[0] for path in (_HERE / "versions").glob("[0-9]*.py"))


def config(db: Connection) -> "Config":
    """What Alembic needs to know, with the connection that it is to use."""
    from alembic.config import Config  # noqa: PLC0415 (slow to import, and seldom needed)

    found = Config()
    found.set_main_option("script_location", str(_HERE))
    found.attributes["connection"] = db
    return found
