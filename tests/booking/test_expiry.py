"""Holds that ran out block nobody, swept or not; the sweep writes down what everybody knows."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from races import race, sessions_waiting
from restaurants import FRIDAY, NOON, SATURDAY, Book, wish
from servers import wait_until

from booking import availability, looking, looks, reservations
from booking.database import Database
from booking.errors import NoAvailability
from booking.expiry import expire_holds
from booking.lifecycle import State

RUN_OUT = NOON + timedelta(minutes=5)
MOMENTS = [RUN_OUT, RUN_OUT + timedelta(seconds=1), RUN_OUT + timedelta(days=1)]
LAST_TABLE = wish(size=10)


def sweep(book: Book, now: datetime = RUN_OUT, **limits: Any) -> list[int]:
    with book.database.transaction() as db:
        return [expired.id for expired in expire_holds(db, now=now, **limits)]


def stays_at(book: Book, now: datetime) -> int:
    with book.database.reading() as db:
        return len(looks.stays(db, book.venue, [FRIDAY], now=now)[FRIDAY])


def test_a_hold_blocks_until_the_last_moment(book: Book) -> None:
    book.hold(LAST_TABLE)

    assert stays_at(book, RUN_OUT - timedelta(microseconds=1)) == 1
    with pytest.raises(NoAvailability):
        book.hold(LAST_TABLE, "200", now=RUN_OUT - timedelta(microseconds=1))


@pytest.mark.parametrize("now", MOMENTS[:2])
def test_a_hold_that_ran_out_blocks_nobody_with_no_scheduler_running(
    book: Book, now: datetime
) -> None:
    dead = book.hold(LAST_TABLE)

    assert dead.state_at(now) is State.EXPIRED
    assert stays_at(book, now) == 0
    assert book.get(dead).state is State.HELD  # nobody has swept yet
    new = book.hold(LAST_TABLE, "200", now=now)

    assert new.table_ids == dead.table_ids
    assert (book.get(dead).state, book.live(dead), book.live(new)) == (
        State.EXPIRED,
        [False],
        [True],
    )
    event = book.events(dead)[-1]
    assert (event["kind"], event["actor"], event["at"]) == ("expired", "house", now)
    assert (event["from_state"], event["to_state"], event["tables"]) == ("held", "expired", ["T4"])


def test_a_dead_hold_lets_others_amend_and_say_a_late_yes(book: Book) -> None:
    first = book.hold(LAST_TABLE)
    mover = book.reserve(wish("19:00", 10, SATURDAY))
    moved = book.do(reservations.amend, mover.id, LAST_TABLE, now=RUN_OUT)
    assert moved.table_ids == first.table_ids

    second = book.hold(wish("21:00", 10), now=RUN_OUT)
    third = book.hold(wish("21:00", 10), "200", now=RUN_OUT + timedelta(minutes=5))
    late = RUN_OUT + timedelta(minutes=10)
    assert book.do(reservations.confirm, third.id, now=late).starts_at == second.starts_at


def test_without_the_sweep_the_database_refuses_the_dead_holds_table(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the constraint cannot know the time, so the sweep must come before the look."""
    book.hold(LAST_TABLE)
    monkeypatch.setattr(looking, "expire_holds", lambda *_, **__: [])

    with pytest.raises(sa.exc.IntegrityError, match="ex_occupancy_live"):
        book.hold(LAST_TABLE, "200", now=RUN_OUT)


def test_the_sweep_under_the_lock_takes_its_own_date_and_venue_only(book: Book) -> None:
    other = Book.opened(book.database, restaurant={"slug": "alba"})
    here, tomorrow, theirs = (
        book.hold(wish()),
        book.hold(wish(day=SATURDAY)),
        other.hold(wish()),
    )

    assert sweep(book, venue_id=book.venue.id, service_date=FRIDAY) == [here.id]
    assert sorted(sweep(book)) == [tomorrow.id, theirs.id]


def test_the_sweep_takes_nothing_that_is_not_a_hold_or_still_has_time(book: Book) -> None:
    alive = book.hold(wish(), now=NOON + timedelta(seconds=1))
    book.reserve(wish())
    book.reserve(LAST_TABLE)
    before = book.rows()

    assert sweep(book) == []
    assert book.rows() == before
    assert sweep(book, RUN_OUT + timedelta(seconds=1)) == [alive.id]


def test_a_second_sweep_finds_nothing_left_to_do(book: Book) -> None:
    dead = book.hold(wish())

    assert sweep(book) == [dead.id]
    before = book.rows()
    assert sweep(book) == []
    assert book.rows() == before


def test_the_scheduler_takes_no_more_than_it_is_told(book: Book) -> None:
    holds = [book.hold(wish()), book.hold(wish()), book.hold(wish("20:30"))]

    assert sorted(sweep(book, limit=2)) == [holds[0].id, holds[1].id]
    assert sweep(book, limit=2) == [holds[2].id]


def test_all_tables_of_a_joined_party_are_freed(book: Book) -> None:
    book.hold(wish(size=4))
    joined = book.hold(wish(size=4))
    assert book.tables(joined) == ["T1", "T2"]
    sweep(book)

    assert book.live(joined) == [False, False]
    assert book.events(joined)[-1]["tables"] == ["T1", "T2"]


def test_what_a_look_offers_after_a_hold_ran_out_can_be_held(book: Book) -> None:
    book.hold(LAST_TABLE)
    with book.database.reading() as db:
        evening = looks.stays(db, book.venue, [FRIDAY], now=RUN_OUT)[FRIDAY]
    offer = availability.check(book.venue, evening, LAST_TABLE, now=RUN_OUT)

    assert isinstance(offer, availability.Offer)
    assert book.hold(LAST_TABLE, "200", now=RUN_OUT).table_ids == offer.table_ids


@pytest.mark.parametrize("under_the_lock", [True, False])
def test_what_somebody_let_go_meanwhile_is_not_expired_as_well(
    new_postgres: Callable[[], str],
    open_database: Callable[[str], Database],
    *,
    under_the_lock: bool,
) -> None:
    """Freeing takes no date lock, so a sweep may meet a row that is just being let go."""
    url = new_postgres()
    book, observer = Book.opened(open_database(url)), open_database(url)
    hold = book.hold(wish())
    limits: dict[str, Any]
    limits = {"venue_id": book.venue.id, "service_date": FRIDAY} if under_the_lock else {}

    def let_go() -> object:
        with book.database.transaction() as db:
            reservations.release(db, book.venue, hold.id, now=RUN_OUT - timedelta(seconds=1))
            released.set()
            if under_the_lock:  # the scheduler skips what is locked
                wait_until(lambda: sessions_waiting(observer) == 1, what="the sweep")
            else:
                swept.wait(30)
        return None

    def expire() -> object:
        released.wait(30)
        found = sweep(book, **limits)
        swept.set()
        return found

    released, swept = threading.Event(), threading.Event()
    assert race(let_go, expire) == [None, []]
    assert book.get(hold).state is State.CANCELLED
    assert [event["kind"] for event in book.events(hold)] == ["held", "released"]
