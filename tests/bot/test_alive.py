"""Whether the workers live, as a container's check of health asks."""

from datetime import timedelta

import pytest
from front import Front

from booking.database import Database
from bot import alive


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough here."""
    return sqlite_database


def test_workers_that_were_never_seen_do_not_live(front: Front) -> None:
    assert alive.fault(front.database, now=front.clock()) == "no worker has ever been seen"


def test_workers_live_for_half_a_minute_after_their_last_sign(front: Front) -> None:
    front.run_due()
    now = front.clock()

    assert alive.fault(front.database, now=now + timedelta(seconds=30)) is None
    told = alive.fault(front.database, now=now + timedelta(seconds=31))
    assert told == "no worker has been seen for 31 s"
