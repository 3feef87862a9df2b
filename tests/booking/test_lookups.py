"""Reading the book: by code, by guest, and as the stays of an evening."""

from datetime import timedelta

import pytest
from restaurants import FRIDAY, NOON, SATURDAY, Book, rome, wish

from booking import approvals, looks, lookups, reservations
from booking.errors import UnknownReservation
from booking.lookups import Reservation
from booking.seating import Stay


def upcoming(book: Book, guest: str = "100") -> list[Reservation]:
    number = book.guest(guest)
    with book.database.reading() as db:
        return lookups.upcoming(db, book.venue.id, number, now=rome("20:00"))


def test_a_code_is_found_however_it_was_typed(book: Book) -> None:
    held = book.hold(wish())
    with book.database.reading() as db:
        for typed in (held.code, held.code.lower(), f" {held.code}\n"):
            assert lookups.by_code(db, book.venue.id, typed) == held
        assert lookups.by_code(db, book.venue.id, "????") is None
        assert lookups.by_code(db, book.venue.id + 1, held.code) is None


def test_an_id_is_found_at_its_own_venue_only(book: Book) -> None:
    held = book.hold(wish())
    with book.database.reading() as db:
        assert lookups.get(db, book.venue.id, held.id) == held
        with pytest.raises(UnknownReservation):
            lookups.get(db, book.venue.id + 1, held.id)


def test_a_guest_has_ahead_what_was_agreed_and_has_not_ended(book: Book) -> None:
    over = book.reserve(wish("18:00"))
    now_there, tomorrow = book.reserve(wish("19:30")), book.reserve(wish(day=SATURDAY))
    request = book.reserve(wish(size=10, day=SATURDAY))
    book.hold(wish(day=SATURDAY))
    book.do(reservations.cancel, book.reserve(wish("21:30")).id, now=NOON)
    book.reserve(wish("21:30"), "200")

    assert over.ends_at < rome("20:00")
    assert upcoming(book) == [now_there, tomorrow, request]


def test_what_ends_now_is_over(book: Book) -> None:
    assert book.reserve(wish("18:30")).ends_at == rome("20:00")
    assert upcoming(book) == []


def test_the_stays_of_an_evening_are_those_of_live_reservations(book: Book) -> None:
    held, booked, joined = (
        book.hold(wish()),
        book.reserve(wish()),
        book.reserve(wish("21:00", 4)),
    )
    request = book.reserve(wish(size=10))
    declined = book.reserve(wish("21:00", 10))
    book.do(approvals.decide, declined.id, accept=False, actor="staff:Ada", now=NOON)
    book.do(reservations.cancel, book.reserve(wish("20:30")).id, now=NOON)
    saturday = book.reserve(wish(day=SATURDAY))

    with book.database.reading() as db:
        found = looks.stays(db, book.venue, [FRIDAY, SATURDAY], now=NOON)
        without = looks.stays(db, book.venue, [FRIDAY], now=NOON, but=booked.id)

    assert found[SATURDAY] == [stay(saturday)]
    assert found[FRIDAY] == [stay(r) for r in (held, booked, joined, request)]
    assert without == {FRIDAY: [stay(r) for r in (held, joined, request)]}


def stay(of: Reservation) -> Stay:
    is_fixed = False  # by nothing but the seating plan
    return Stay(of.id, of.party_size, of.starts_at, of.ends_at, of.table_ids, is_fixed)


def test_a_joined_party_is_one_stay_at_all_its_tables(book: Book) -> None:
    book.reserve(wish(size=4))
    joined = book.reserve(wish(size=4))
    with book.database.reading() as db:
        found = looks.stays(db, book.venue, [FRIDAY], now=NOON)[FRIDAY]

    assert found[1].table_ids == joined.table_ids
    assert len(found[1].table_ids) == 2


def test_an_evening_without_stays_is_there_and_empty(book: Book) -> None:
    with book.database.reading() as db:
        assert looks.stays(db, book.venue, [FRIDAY], now=NOON) == {FRIDAY: []}


def test_reservations_are_listed_by_their_start(book: Book) -> None:
    late, early = book.reserve(wish("21:00")), book.reserve(wish("18:00"))
    with book.database.reading() as db:
        assert lookups.fetch(db) == [early, late]


def test_a_hold_counts_as_expired_from_its_last_moment_on(book: Book) -> None:
    held = book.hold(wish())
    assert held.held_until == NOON + timedelta(minutes=5)

    assert held.state_at(held.held_until - timedelta(microseconds=1)) == "held"
    assert held.state_at(held.held_until) == "expired"
    assert book.reserve(wish()).state_at(held.held_until) == "reserved"
