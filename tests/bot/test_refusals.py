"""Refusals: what the house turned away is written down, once an exchange, and nothing else is."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from front import GUEST, OTHER, Front
from restaurants import FRIDAY, MONDAY, SATURDAY, venue_data

from booking.database import Database
from booking.models import Refusal

#: Only one table, so that the second guest has to take another time.
ONE_TABLE = {"tables": [{"name": "T1", "max_covers": 4}], "combinations": []}


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough here."""
    return sqlite_database


def refused(front: Front) -> list[tuple[str, int, date]]:
    row = Refusal
    query = sa.select(row.reason, row.party_size, row.service_date).order_by(row.id)
    with front.database.reading() as db:
        return [(reason, size, day) for reason, size, day in db.execute(query)]


def test_what_can_be_had_is_no_refusal(front: Front) -> None:
    front.say(GUEST, "table for 2 tomorrow at 8pm")
    front.say(GUEST, "make it 8:30")
    front.say(GUEST, "1")

    assert refused(front) == []


def test_a_wish_is_written_down_with_its_reason(front: Front) -> None:
    front.say(GUEST, "table for 2 on monday at 8pm")

    assert refused(front) == [("closed", 2, MONDAY)]


def test_a_time_after_midnight_belongs_to_the_evening_before(front: Front) -> None:
    front.say(GUEST, "table for 2 tomorrow night at 00:15")

    assert refused(front) == [("outside_hours", 2, SATURDAY - timedelta(days=1))]


def test_a_full_house_is_a_refusal_for_the_second_guest_only(empty_front: Front) -> None:
    empty_front.open(venue_data(**ONE_TABLE))
    for guest in (GUEST, OTHER):
        empty_front.say(guest, "table for 4 tomorrow at 8pm")

    assert refused(empty_front) == [("no_table", 4, SATURDAY)]


def test_a_party_that_is_too_large_counts_before_it_names_a_date(front: Front) -> None:
    front.say(GUEST, "table for 40 please")

    assert refused(front) == [("too_large", 40, FRIDAY)]


def test_a_change_that_cannot_be_had_counts(front: Front) -> None:
    for text in ("table for 2 tomorrow at 8pm", "1", "change it to monday at 8pm"):
        front.say(GUEST, text)

    assert refused(front) == [("closed", 2, MONDAY)]


def test_a_burst_counts_once(front: Front) -> None:
    front.receive(GUEST, "table for 2 on monday at 8pm")
    front.work(front.receive(GUEST, "or for 4 at 9pm"))

    assert len(refused(front)) == 1


def test_a_yes_that_comes_when_the_table_is_gone_counts(empty_front: Front) -> None:
    empty_front.open(venue_data(**ONE_TABLE))
    empty_front.say(GUEST, "table for 4 tomorrow at 8pm")
    empty_front.clock.forward(minutes=6)
    empty_front.say(OTHER, "table for 4 tomorrow at 8pm")
    empty_front.say(GUEST, "1")

    assert refused(empty_front) == [("no_table", 4, SATURDAY)]
