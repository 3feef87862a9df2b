"""Changing the book, on both databases."""

from datetime import date, time, timedelta

from restaurants import NOON, meet, open_venue

from booking import lookups, reservations
from booking.availability import Wish
from booking.database import Database
from booking.lifecycle import State

FRIDAY = date(2026, 11, 20)


def wish(party_size: int = 2, at: time = time(19), day: date = FRIDAY) -> Wish:
    return Wish(party_size=party_size, date=day, time=at)


def test_a_hold_takes_the_smallest_free_table_for_the_turn_time(database: Database) -> None:
    with database.transaction() as db:
        venue = open_venue(db)
        held = reservations.place_hold(
            db, venue, wish(), meet(db, venue), source="telegram", now=NOON
        )

    assert held.state is State.HELD
    assert [venue.floor.names[i] for i in held.table_ids] == ["T1"]
    assert held.ends_at - held.starts_at == timedelta(minutes=90)
    assert held.held_until == NOON + timedelta(minutes=5)
    with database.reading() as db:
        assert lookups.get(db, venue.id, held.id) == held
