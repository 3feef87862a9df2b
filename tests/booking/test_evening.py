"""An evening as the staff see it."""

from datetime import date, datetime, timedelta

import pytest
from restaurants import FRIDAY, MONDAY, NOON, SATURDAY, Book, a_venue, period, rome, wish

from booking import approvals, closings, guests, reservations
from booking.database import Database
from booking.evening import Evening, hours_of, parties_ahead, read_evening
from booking.lifecycle import State


@pytest.fixture
def book(sqlite_database: Database) -> Book:
    """Aurora's book; what is read here is read by the same statements on both databases."""
    return Book.opened(sqlite_database)


def evening(book: Book, day: date = FRIDAY, *, now: datetime = NOON) -> Evening:
    with book.database.reading() as db:
        return read_evening(db, book.venue, day, now=now)


def close(book: Book, table: str | None, at: str, until: str) -> list[int]:
    numbers = {name: number for number, name in book.venue.floor.names.items()}
    tables = [numbers[table]] if table else []
    return book.do(closings.close, tables, rome(at), rome(until), actor="staff:Ada", now=NOON)


def test_visits_are_listed_by_their_start_with_guest_and_tables(book: Book) -> None:
    late, early = book.reserve(wish("21:00", 4), "200"), book.hold(wish("18:00"))
    book.reserve(wish(day=SATURDAY))
    with book.database.transaction() as db:
        guests.rename(db, late.guest_id, "Ben")

    found = evening(book).visits

    assert [v.reservation for v in found] == [early, late]
    assert [v.state for v in found] == [State.HELD, State.RESERVED]
    assert [v.guest.name for v in found] == [None, "Ben"]
    assert [list(v.tables) for v in found] == [book.tables(early), book.tables(late)]


def test_a_hold_leaves_the_list_the_moment_it_runs_out(book: Book) -> None:
    held = book.hold(wish())
    assert held.held_until is not None

    just_before = held.held_until - timedelta(microseconds=1)
    assert len(evening(book, now=just_before).visits) == 1
    assert evening(book, now=held.held_until).visits == ()


def test_what_took_no_table_is_not_listed_unless_asked_for(book: Book) -> None:
    book.do(reservations.cancel, book.reserve(wish()).id, now=NOON)
    declined = book.reserve(wish(size=10))
    book.do(approvals.decide, declined.id, accept=False, actor="staff:Ada", now=NOON)

    assert evening(book).visits == ()
    with book.database.reading() as db:
        every = read_evening(db, book.venue, FRIDAY, states=set(State), now=NOON)
    assert {v.state for v in every.visits} == {State.CANCELLED, State.DECLINED}


def test_the_hours_span_all_service_periods_of_the_date(book: Book) -> None:
    found = evening(book)
    assert (found.opens_at, found.closes_at) == (rome("18:00"), rome("00:30", SATURDAY))

    lunch = period(
        name="lunch",
        first_seating="12:00",
        last_seating="14:00",
        closes="16:00",
        turn_minutes=[{"minutes": 90}],
    )
    both = a_venue(service_periods=[period(), lunch])
    assert hours_of(both, FRIDAY) == (rome("12:00"), rome("00:30", SATURDAY))


def test_a_day_off_has_no_hours(book: Book) -> None:
    assert (evening(book, MONDAY).opens_at, evening(book, MONDAY).closes_at) == (None, None)
    closed = a_venue(closures=[{"date": str(FRIDAY)}])
    assert hours_of(closed, FRIDAY) == (None, None)


def test_what_is_closed_that_evening_is_told_unless_it_was_lifted(book: Book) -> None:
    close(book, "T3", "19:00", "21:00")
    close(book, None, "20:00", "21:00")
    book.do(closings.lift, close(book, "T4", "19:00", "21:00"), actor="staff:Ada", now=NOON)
    close(book, "T1", "12:00", "18:00")  # over when the house opens

    found = evening(book).closings

    assert [c.table_id and book.venue.floor.names[c.table_id] for c in found] == ["T3", None]
    assert [c.starts_at for c in found] == [rome("19:00"), rome("20:00")]


def test_parties_ahead_are_counted_by_service_date(book: Book) -> None:
    book.hold(wish())
    book.reserve(wish("21:30"))
    book.do(reservations.cancel, book.reserve(wish("18:00")).id, now=NOON)
    book.reserve(wish(day=SATURDAY))

    def ahead(until: date, now: datetime) -> dict[date, int]:
        with book.database.reading() as db:
            return parties_ahead(db, book.venue.id, FRIDAY, until, now=now)

    assert ahead(SATURDAY, NOON) == {FRIDAY: 2, SATURDAY: 1}
    assert ahead(FRIDAY, NOON + timedelta(minutes=5)) == {FRIDAY: 1}
