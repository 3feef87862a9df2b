"""Eight sessions: a yes that is said many times, or at the last moment, counts once or never."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from races import STEPS, in_between, once_others_wait, race, together_at
from restaurants import FRIDAY, NOON, Book, wish

from booking import expiry, looking, reservations
from booking.database import Database
from booking.events import Kind
from booking.lifecycle import State
from booking.lookups import Reservation

SESSIONS = 8
RUN_OUT = NOON + timedelta(minutes=5)


@pytest.fixture
def book(postgres_database: Database) -> Book:
    return Book.opened(postgres_database)


@pytest.fixture
def hold(book: Book) -> Reservation:
    return book.hold(wish())


def yes(book: Book, hold: Reservation) -> Callable[[], Reservation]:
    in_time = RUN_OUT - timedelta(seconds=1)
    return partial(book.do, reservations.confirm, hold.id, now=in_time)


def sweeps(book: Book) -> list[Callable[[], None]]:
    """To these sessions its time is over; some lock the date, others (the scheduler) do not."""

    def sweep(*, locked: bool) -> None:
        with book.database.transaction() as db:
            if locked:
                looking.lock_and_sweep(db, book.venue, [FRIDAY], now=RUN_OUT)
            else:
                expiry.expire_holds(db, now=RUN_OUT)

    return [partial(sweep, locked=number % 2 == 0) for number in range(SESSIONS - 1)]


def kinds(book: Book, hold: Reservation) -> list[str]:
    return [event["kind"] for event in book.events(hold)]


def test_a_yes_that_is_said_many_times_counts_once(book: Book, hold: Reservation) -> None:
    with once_others_wait(book.database, STEPS, SESSIONS - 1):
        ends = race(*[yes(book, hold)] * SESSIONS)

    assert [end.state for end in ends if isinstance(end, Reservation)] == [
        State.RESERVED
    ] * SESSIONS
    assert kinds(book, hold) == [Kind.HELD, Kind.RESERVED]


@pytest.mark.usefixtures("without_lock", "without_rows_lock")
def test_control_without_locks_it_counts_as_often_as_it_is_said(
    book: Book, hold: Reservation
) -> None:
    with together_at(book.database, STEPS, SESSIONS):
        race(*[yes(book, hold)] * SESSIONS)

    assert kinds(book, hold) == [Kind.HELD, *[Kind.RESERVED] * SESSIONS]


def test_a_hold_that_is_just_being_confirmed_does_not_run_out(
    book: Book, hold: Reservation
) -> None:
    ends = in_between(book.database, STEPS, yes(book, hold), *sweeps(book))

    assert ends[1:] == [None] * (SESSIONS - 1)
    assert kinds(book, hold) == [Kind.HELD, Kind.RESERVED]
    assert book.live(hold) == [True]


@pytest.mark.usefixtures("without_lock", "without_rows_lock")
def test_control_without_locks_it_is_confirmed_and_runs_out(book: Book, hold: Reservation) -> None:
    in_between(book.database, STEPS, yes(book, hold), *sweeps(book))

    assert kinds(book, hold) == [Kind.HELD, Kind.EXPIRED, Kind.RESERVED]
    assert book.live(hold) == [False]  # agreed upon, and without a table
