"""`python -m bot.alive`: ends with 0 while the workers give signs of life, else with 1 and why.

For whoever restarts or reports containers: the worker itself listens on no port.
"""

import sys
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from booking.database import Database, outage_reason
from booking.errors import Busy
from bot import figures, utc_now
from bot.settings import BadSetting, load_settings


def fault(database: Database, *, now: datetime) -> str | None:
    """Why the workers do not seem to work, in one line; None while they do."""
    try:
        with database.reading() as db:
            age = figures.age(db, figures.WORKER_SEEN, now=now)
    except (SQLAlchemyError, Busy) as error:
        return f"the database cannot be read: {outage_reason(error)}"
    if age is None:
        return "no worker has ever been seen"
    silent = age > figures.WORKER_SILENT.total_seconds()
    return f"no worker has been seen for {age:.0f} s" if silent else None


def main() -> None:
    """Ask the database that the settings name."""
    try:
        database = Database(load_settings().database_url, pool_size=1)
    except BadSetting as error:
        sys.exit(str(error))
    try:
        sys.exit(fault(database, now=utc_now()))
    finally:
        database.close()


if __name__ == "__main__":
    main()
