"""The one lock: its order, how long anybody waits, and whom it does not stop."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from races import PATIENCE, TAKES, once_others_wait, race, sessions_waiting
from restaurants import FRIDAY, NOON, SATURDAY, Book, wish
from servers import wait_until
from sqlalchemy.engine import Connection

from booking import database as rooms
from booking import models, remarks, reservations
from booking.database import Database
from booking.errors import Busy, LockOrder
from booking.locks import lock_service_dates
from booking.lookups import Reservation

SUNDAY = FRIDAY + timedelta(days=2)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections that are opened from now on wait for a moment only."""
    monkeypatch.setattr(rooms, "LOCK_TIMEOUT_MS", 30)


def locked_days(db: Connection) -> list[date]:
    return list(db.execute(sa.select(models.ServiceDay.service_date)).scalars())


def test_all_dates_are_locked_in_one_call_in_whatever_order_they_come(
    postgres_database: Database,
) -> None:
    book = Book.opened(postgres_database)
    with book.database.transaction() as db:
        lock_service_dates(db, book.venue.id, [SUNDAY, FRIDAY, SATURDAY, FRIDAY])
        assert locked_days(db) == [FRIDAY, SATURDAY, SUNDAY]


def test_a_second_call_may_go_upwards_only(book: Book) -> None:
    with book.database.transaction() as db:
        lock_service_dates(db, book.venue.id, [SATURDAY])
        lock_service_dates(db, book.venue.id, [SATURDAY])  # held already
        lock_service_dates(db, book.venue.id, [SUNDAY])
        with pytest.raises(LockOrder):
            lock_service_dates(db, book.venue.id, [FRIDAY])
        with pytest.raises(LockOrder):
            lock_service_dates(db, book.venue.id - 1, [SUNDAY])


def test_a_new_transaction_holds_nothing_of_the_last_one(
    empty_url: str,
) -> None:
    database = Database(empty_url, pool_size=1)  # the same connection every time
    book = Book.opened(database)

    def crash() -> None:
        with database.transaction() as db:
            lock_service_dates(db, book.venue.id, [SATURDAY])
            raise RuntimeError

    with database.transaction() as db:
        lock_service_dates(db, book.venue.id, [SUNDAY])
    with pytest.raises(RuntimeError):
        crash()
    with database.transaction() as db:
        lock_service_dates(db, book.venue.id, [FRIDAY])
    database.close()


@pytest.mark.usefixtures("impatient")
def test_a_date_that_somebody_else_holds_for_too_long_is_busy(
    empty_url: str, open_database: Callable[[str], Database]
) -> None:
    url = empty_url
    book = Book.opened(open_database(url))
    elsewhere = Book(open_database(url), book.venue)  # as if in another process
    guest = book.guest()
    with book.database.transaction() as db:
        lock_service_dates(db, book.venue.id, [FRIDAY])
        with pytest.raises(Busy):
            elsewhere.do(reservations.place_hold, wish(), guest, source="sms", now=NOON)

    held = elsewhere.do(reservations.place_hold, wish(), guest, source="sms", now=NOON)
    assert held.table_ids


@pytest.mark.usefixtures("impatient")
def test_other_dates_other_venues_and_readers_are_not_stopped(
    new_postgres: Callable[[], str], open_database: Callable[[str], Database]
) -> None:
    book = Book.opened(open_database(new_postgres()))
    other = Book.opened(book.database, restaurant={"slug": "alba"})
    old = book.reserve(wish(day=SATURDAY))
    with book.database.transaction() as db:
        lock_service_dates(db, book.venue.id, [FRIDAY])

        assert book.hold(wish(day=SATURDAY))
        assert other.hold(wish())
        with book.database.reading() as reader:
            assert reservations.propose(reader, book.venue, old.id, wish(), now=NOON)


@pytest.mark.usefixtures("impatient")
def test_who_only_frees_waits_for_no_date(
    new_postgres: Callable[[], str], open_database: Callable[[str], Database]
) -> None:
    book = Book.opened(open_database(new_postgres()))
    held, booked, noted = book.hold(wish()), book.reserve(wish()), book.reserve(wish(size=4))
    with book.database.transaction() as db:
        lock_service_dates(db, book.venue.id, [FRIDAY])

        book.do(reservations.release, held.id, now=NOON)
        book.do(reservations.cancel, booked.id, now=NOON)
        book.do(remarks.note, noted.id, "a pram", now=NOON)
        with pytest.raises(Busy):  # the control: what needs a place does wait
            book.hold(wish("20:30"))


def test_who_waits_goes_on_when_the_other_is_done(postgres_database: Database) -> None:
    book = Book.opened(postgres_database)
    guests = [book.guest("100"), book.guest("200")]

    def hold(guest: int) -> Reservation:
        return book.do(reservations.place_hold, wish(), guest, source="sms", now=NOON)

    with once_others_wait(book.database, TAKES, 1):
        held = race(*(partial(hold, guest) for guest in guests))

    tables = [book.tables(each) for each in held if isinstance(each, Reservation)]
    assert sorted(tables) == [["T1"], ["T2"]]


def test_a_date_that_was_never_locked_before_lets_in_one_at_a_time(
    postgres_database: Database, open_database: Callable[[str], Database]
) -> None:
    """Its row is made by the first; those who waited for that must lock it in their turn."""
    book = Book.opened(postgres_database)
    url = book.database.engine.url.render_as_string(hide_password=False)
    observer, still_to_come = open_database(url), iter([2, 1, 0])

    def enter() -> int:
        with book.database.transaction() as db:
            lock_service_dates(db, book.venue.id, [FRIDAY])
            others = next(still_to_come)
            wait_until(lambda: sessions_waiting(observer) == others, what=f"{others} who wait")
            return others

    assert sorted(map(str, race(enter, enter, enter))) == ["0", "1", "2"]


def test_two_transactions_that_wait_for_each_other_end_with_one_busy(
    postgres_database: Database,
) -> None:
    """What the order forbids; done here behind its back, with bare rows."""
    book = Book.opened(postgres_database)
    with book.database.transaction() as db:
        lock_service_dates(db, book.venue.id, [FRIDAY, SATURDAY])
    row = models.ServiceDay
    lock = sa.select(row.id).with_for_update()
    meeting = threading.Barrier(2)

    def both(first: date, second: date) -> None:
        with book.database.transaction() as db:
            db.execute(sa.text("SET LOCAL deadlock_timeout = '20ms'"))
            db.execute(lock.where(row.service_date == first))
            meeting.wait(PATIENCE)
            db.execute(lock.where(row.service_date == second))

    ends = race(lambda: both(FRIDAY, SATURDAY), lambda: both(SATURDAY, FRIDAY))

    assert sorted(type(end).__name__ for end in ends) == ["Busy", "NoneType"]
