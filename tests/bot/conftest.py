"""A front desk for every test of the bot, on both databases."""

from collections.abc import Iterator

import pytest
from front import Front, build_front
from restaurants import venue_data
from serving import Server, serving

from booking.database import Database


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def empty_front(server: Server, database: Database) -> Iterator[Front]:
    """A house without a venue."""
    front = build_front(server, database)
    yield front
    front.emulators.close()
    front.house.senders.close()  # the database is the next test's too


@pytest.fixture
def front(empty_front: Front) -> Front:
    """A house with Trattoria Aurora."""
    empty_front.open(venue_data())
    return empty_front
