"""Eight sessions at once: exactly one wins, the others get a named refusal.

Each race has its control beside it: the same race with the guard taken out sells twice. On
PostgreSQL the winner waits with its write until all others wait for the lock, and without the
lock nobody writes until all have looked: nothing here depends on luck.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from races import PATIENCE, TAKES, once_others_wait, race, together_at
from restaurants import FRIDAY, NOON, SATURDAY, Book, period, rome, table, wish

from booking import (
    approvals,
    availability,
    events,
    expiry,
    host_stand,
    ledger,
    looks,
    lookups,
    reservations,
)
from booking import database as rooms
from booking.availability import Offer
from booking.database import Database
from booking.errors import Busy, IllegalStep, NoAvailability, Reason
from booking.events import Kind
from booking.lifecycle import LIVE, State
from booking.lookups import Reservation

SESSIONS = 8
LAST_TABLE = wish(size=10)
RUN_OUT = NOON + timedelta(minutes=5)
Act = Callable[[], Reservation]


def hold(book: Book, guest: int) -> Reservation:
    return book.do(reservations.place_hold, LAST_TABLE, guest, source="sms", now=RUN_OUT)


def holds(book: Book, number: int = SESSIONS) -> list[Act]:
    guests = [book.guest(str(address)) for address in range(number)]
    return [partial(hold, book, guest) for guest in guests]


def a_late_yes_against_holds(book: Book) -> list[Act]:
    """A hold that ran out is confirmed while others want its table."""
    dead = book.hold(LAST_TABLE)
    with book.database.transaction() as db:
        expiry.expire_holds(db, now=RUN_OUT)
    late_yes = partial(book.do, reservations.confirm, dead.id, now=RUN_OUT)
    return [late_yes, *holds(book, SESSIONS - 1)]


def changes(book: Book, number: int = SESSIONS) -> list[Act]:
    """Guests of other evenings want to come on Friday."""
    evenings = [SATURDAY + timedelta(days=days) for days in (0, 1, 3)]  # on Monday it is closed
    wishes = [wish(at, 10, day) for day in evenings for at in ("18:00", "20:00", "22:00")]
    old = [book.reserve(wished, str(wished)) for wished in wishes[:number]]
    return [partial(book.do, reservations.amend, r.id, LAST_TABLE, now=RUN_OUT) for r in old]


def changes_against_holds(book: Book) -> list[Act]:
    return [*changes(book, 2), *holds(book, SESSIONS - 2)]


def walk_ins(book: Book) -> list[Act]:
    """Parties stand at the door, each before another of the staff."""
    seat = partial(host_stand.walk_in, actor=f"{events.STAFF}Ada", now=rome("19:00"))
    guests = [book.guest(str(address)) for address in range(SESSIONS)]
    return [partial(book.do, seat, LAST_TABLE.party_size, guest) for guest in guests]


RACES = [holds, a_late_yes_against_holds, changes, changes_against_holds, walk_ins]


def winners(ends: Sequence[object]) -> list[Reservation]:
    return [end for end in ends if isinstance(end, Reservation)]


def takers(book: Book) -> list[Reservation]:
    """Who has Friday's last table, as the rows tell."""
    with book.database.reading() as db:
        found = lookups.fetch(db)
    return [r for r in found if r.state in LIVE and r.service_date == FRIDAY]


@pytest.fixture
def unguarded(new_postgres: Callable[[], str], open_database: Callable[[str], Database]) -> Book:
    """Aurora's book in a database without its last line."""
    book = Book.opened(open_database(new_postgres()))
    with book.database.transaction() as db:
        db.execute(sa.text("ALTER TABLE occupancy DROP CONSTRAINT ex_occupancy_live"))
    return book


def all_wait(book: Book) -> AbstractContextManager[None]:
    if book.database.is_sqlite:
        return nullcontext()  # nobody else even begins a transaction
    return once_others_wait(book.database, TAKES, SESSIONS - 1)


@pytest.mark.parametrize("prepare", RACES)
def test_the_last_table_is_had_once(book: Book, prepare: Callable[[Book], list[Act]]) -> None:
    acts = prepare(book)
    with all_wait(book):
        ends = race(*acts)

    (winner,) = winners(ends)
    assert [r.id for r in takers(book)] == [winner.id]
    refused = [end for end in ends if isinstance(end, NoAvailability)]
    assert len(refused) == SESSIONS - 1
    assert {r.reason for r in refused} == {Reason.NO_TABLE}
    assert all(bool(r.nearest) != (prepare is walk_ins) for r in refused)


@pytest.mark.usefixtures("without_lock")
@pytest.mark.parametrize("prepare", RACES)
def test_control_without_lock_and_last_line_everybody_gets_the_table(
    unguarded: Book, prepare: Callable[[Book], list[Act]]
) -> None:
    acts = prepare(unguarded)
    with together_at(unguarded.database, TAKES, SESSIONS):
        ends = race(*acts)

    assert len(winners(ends)) == len(takers(unguarded)) == SESSIONS


@pytest.mark.usefixtures("without_lock")
@pytest.mark.parametrize("prepare", RACES)
def test_without_the_lock_the_database_still_refuses_a_second_sale(
    postgres_database: Database, prepare: Callable[[Book], list[Act]]
) -> None:
    book = Book.opened(postgres_database)
    acts = prepare(book)
    with together_at(book.database, TAKES, SESSIONS):
        ends = race(*acts)

    assert len(winners(ends)) == len(takers(book)) == 1
    losers = [end for end in ends if not isinstance(end, Reservation)]
    assert {type(loser) for loser in losers} <= {sa.exc.IntegrityError, Busy}


def test_control_a_lock_is_no_use_to_who_looks_at_an_older_state(
    unguarded: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under REPEATABLE READ the look sees the state from before the wait."""
    acts = holds(unguarded)
    unguarded.reserve(wish())  # the row of the date is there; locking it changes nothing
    isolated = unguarded.database.engine.execution_options(isolation_level="REPEATABLE READ")
    with once_others_wait(unguarded.database, TAKES, SESSIONS - 1):
        monkeypatch.setattr(unguarded.database, "engine", isolated)
        ends = race(*acts)

    assert len(winners(ends)) == SESSIONS


PACED: dict[str, Any] = {
    "tables": [table(f"T{number}") for number in range(1, SESSIONS + 1)],
    "combinations": [],
    "service_periods": [period(pacing_covers=3)],
}


def paced_holds(book: Book) -> list[Act]:
    guests = [book.guest(str(address)) for address in range(SESSIONS)]
    return [
        partial(book.do, reservations.place_hold, wish(), guest, source="sms", now=NOON)
        for guest in guests
    ]


def test_no_more_covers_start_in_a_slot_than_the_pacing_allows(database: Database) -> None:
    book = Book.opened(database, **PACED)
    with all_wait(book):
        ends = race(*paced_holds(book))

    assert len(winners(ends)) == 1
    refused = [end.reason for end in ends if isinstance(end, NoAvailability)]
    assert refused == [Reason.PACING] * (SESSIONS - 1)


@pytest.mark.usefixtures("without_lock")
def test_control_without_the_lock_the_pacing_is_exceeded(unguarded: Book) -> None:
    book = Book.opened(unguarded.database, restaurant={"slug": "paced"}, **PACED)
    with together_at(book.database, TAKES, SESSIONS):
        ends = race(*paced_holds(book))

    assert len(winners(ends)) == SESSIONS  # sixteen covers where three may start


def decisions(book: Book, request: Reservation) -> list[Act]:
    return [
        partial(
            book.do,
            approvals.decide,
            request.id,
            accept=number % 2 == 0,
            actor=f"{events.STAFF}{number}",
            now=NOON,
        )
        for number in range(SESSIONS)
    ]


def verdicts(book: Book, request: Reservation) -> list[str]:
    decided = {Kind.APPROVED, Kind.DECLINED}
    return [event["actor"] for event in book.events(request) if event["kind"] in decided]


def test_the_first_of_the_staff_decides(book: Book) -> None:
    request = book.reserve(LAST_TABLE)
    with (
        nullcontext()
        if book.database.is_sqlite
        else once_others_wait(book.database, "UPDATE reservation", SESSIONS - 1)
    ):
        ends = race(*decisions(book, request))

    (winner,) = winners(ends)
    assert book.get(request) == winner
    assert len(verdicts(book, request)) == 1
    refused = [end for end in ends if isinstance(end, IllegalStep)]
    assert [r.state for r in refused] == [winner.state] * (SESSIONS - 1)


@pytest.mark.usefixtures("without_rows_lock")
def test_control_without_the_rows_lock_all_of_the_staff_decide(
    postgres_database: Database,
) -> None:
    book = Book.opened(postgres_database)
    request = book.reserve(LAST_TABLE)
    with together_at(book.database, "UPDATE reservation", SESSIONS):
        ends = race(*decisions(book, request))

    assert len(winners(ends)) == len(verdicts(book, request)) == SESSIONS


@pytest.fixture
def processes(
    new_sqlite: Callable[[], str], open_database: Callable[[str], Database]
) -> list[Book]:
    """The same SQLite file opened many times, as if by many processes."""
    url = new_sqlite()
    book = Book.opened(open_database(url))
    return [book, *(Book(open_database(url), book.venue) for _ in range(SESSIONS - 1))]


def test_processes_that_share_a_sqlite_file_take_turns(processes: list[Book]) -> None:
    guests = [book.guest(str(n)) for n, book in enumerate(processes)]
    ends = race(
        *(partial(hold, book, guest) for book, guest in zip(processes, guests, strict=True))
    )

    assert len(winners(ends)) == 1
    refused = [end.reason for end in ends if isinstance(end, NoAvailability)]
    assert refused == [Reason.NO_TABLE] * (SESSIONS - 1)


def test_writers_of_one_process_take_turns_without_sqlites_patience(
    new_sqlite: Callable[[], str],
    open_database: Callable[[str], Database],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rooms, "LOCK_TIMEOUT_MS", 0)
    book = Book.opened(open_database(new_sqlite()))
    ends = race(*holds(book))

    assert len(winners(ends)) == 1
    assert not [end for end in ends if isinstance(end, Busy)]


def look_first_write_later(book: Book, guest: int, looked: threading.Barrier) -> Reservation:
    """What no function of the book does: the look and the write in two transactions."""
    with book.database.reading() as db:
        stays = looks.stays(db, book.venue, [FRIDAY], now=NOON)[FRIDAY]
    offer = availability.check(book.venue, stays, LAST_TABLE, now=NOON)
    assert isinstance(offer, Offer)
    looked.wait(PATIENCE)
    return book.do(
        ledger.enter,
        offer,
        guest,
        state=State.HELD,
        kind=Kind.HELD,
        held_until=RUN_OUT,
        request=None,
        source="sms",
        actor=events.GUEST,
        now=NOON,
    )


@pytest.mark.parametrize(("last_line", "sold"), [(False, SESSIONS), (True, 1)])
def test_control_on_sqlite_a_look_outside_of_the_transaction_sells_twice(
    processes: list[Book], *, last_line: bool, sold: int
) -> None:
    if not last_line:
        with processes[0].database.transaction() as db:
            db.execute(sa.text("DROP TRIGGER occupancy_overlap_INSERT"))
    guests = [book.guest(str(n)) for n, book in enumerate(processes)]
    looked = threading.Barrier(SESSIONS)
    pairs = zip(processes, guests, strict=True)
    ends = race(*(partial(look_first_write_later, *pair, looked) for pair in pairs))

    assert len(winners(ends)) == len(takers(processes[0])) == sold
    losers = [end for end in ends if not isinstance(end, Reservation)]
    assert all(isinstance(loser, sa.exc.IntegrityError) for loser in losers)
