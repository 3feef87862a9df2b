"""Requests that nobody decides: they keep their tables for so long, and no longer."""

from datetime import datetime, timedelta

import pytest
from restaurants import FRIDAY, NOON, SATURDAY, Book, rome, wish

from booking import approvals, looks, lookups, reservations
from booking.errors import IllegalStep
from booking.expiry import expire_holds
from booking.lifecycle import State
from booking.lookups import Reservation

LARGE = wish(size=10)
HOUR = {"policy": {"approval_minutes": 60}}
OVER = NOON + timedelta(hours=1)


@pytest.fixture
def house(book: Book) -> Book:
    return Book.opened(book.database, restaurant={"slug": "patient"}, **HOUR)


def waiting(book: Book, now: datetime) -> list[Reservation]:
    with book.database.reading() as db:
        return lookups.waiting(db, book.venue.id, now=now)


def test_a_request_waits_for_as_long_as_the_house_says_and_not_past_its_start(house: Book) -> None:
    assert house.reserve(LARGE).held_until == OVER
    soon = rome("19:15")
    assert house.reserve(wish("20:00", 10, SATURDAY), now=soon).held_until == soon + timedelta(
        hours=1
    )
    patient = Book.opened(house.database, policy={"approval_minutes": 0})
    assert patient.reserve(LARGE).held_until == rome("19:00")


def test_its_table_is_taken_until_then_and_free_from_then_on(house: Book) -> None:
    house.reserve(LARGE)
    just_before = OVER - timedelta(microseconds=1)
    with house.database.reading() as db:
        assert looks.stays(db, house.venue, [FRIDAY], now=just_before)[FRIDAY]
        assert not looks.stays(db, house.venue, [FRIDAY], now=OVER)[FRIDAY]

    assert house.hold(LARGE, "200", now=OVER).state is State.HELD


def test_it_is_written_down_as_expired_by_the_house(house: Book) -> None:
    request, hold = house.reserve(LARGE), house.hold(wish("20:00"), now=OVER - timedelta(minutes=5))
    with house.database.transaction() as db:
        assert {r.id for r in expire_holds(db, now=OVER)} == {request.id, hold.id}

    (ran_out,) = [e for e in house.events(request) if e["kind"] == "expired"]
    assert (ran_out["from_state"], ran_out["actor"]) == ("requested", "house")
    assert house.events(hold)[-1]["from_state"] == "held"
    assert house.live(request) == [False]


def test_nobody_decides_about_it_or_confirms_it_any_more(house: Book) -> None:
    request = house.reserve(LARGE)
    assert waiting(house, NOON) == [request]
    assert waiting(house, OVER) == []
    for _ in range(2):  # not swept, and swept
        with pytest.raises(IllegalStep) as illegal:
            house.do(approvals.decide, request.id, accept=True, actor="staff:Ada", now=OVER)
        assert illegal.value.state == State.EXPIRED
        with pytest.raises(IllegalStep):
            house.do(reservations.confirm, request.id, now=OVER)
        with house.database.transaction() as db:
            expire_holds(db, now=OVER)


def test_a_request_that_changes_is_waited_for_anew(house: Book) -> None:
    request = house.reserve(LARGE)
    later = NOON + timedelta(minutes=30)
    changed = house.do(reservations.amend, request.id, wish("20:00", 10), now=later)

    assert (changed.state, changed.held_until) == (State.REQUESTED, later + timedelta(hours=1))
