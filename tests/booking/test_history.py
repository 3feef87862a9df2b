"""What a guest has done so far: what counts as what, and who did which step when."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from restaurants import NOON, SATURDAY, Book, rome, wish

from booking import expiry, host_stand, reservations, turns, undo
from booking.events import Kind
from booking.history import History, history, no_shows
from booking.lifecycle import State
from booking.lookups import Reservation

HOST = "staff:Marta"
EVENING = rome("19:05")
NEXT_DAY = rome("12:00", SATURDAY)


def past(book: Book, guest: str = "100") -> History:
    guest_id = book.guest(guest)
    with book.database.reading() as db:
        return history(db, book.venue, guest_id, now=NEXT_DAY)


def counts(found: History) -> dict[str, int]:
    values = {
        "visits": found.visits,
        "no_shows": found.no_shows,
        "cancelled": found.cancelled,
        "late": found.cancelled_late,
    }
    return {name: count for name, count in values.items() if count}


def seated(book: Book) -> Reservation:
    return book.do(turns.seat, book.reserve(wish()).id, actor=HOST, now=EVENING)


def finished(book: Book) -> Reservation:
    return book.do(turns.finish, seated(book).id, actor=HOST, now=EVENING)


def missing(book: Book) -> Reservation:
    return book.do(turns.no_show, book.reserve(wish()).id, actor=HOST, now=EVENING)


def found_after_all(book: Book) -> Reservation:
    return book.do(undo.take_back, missing(book).id, actor=HOST, now=EVENING)


def expected_and_never_crossed_off(book: Book) -> Reservation:
    return book.reserve(wish())


def expected_tomorrow(book: Book) -> Reservation:
    return book.reserve(wish(day=SATURDAY))


def cancelled(book: Book) -> Reservation:
    return book.do(reservations.cancel, book.reserve(wish()).id, now=NOON)


def cancelled_late(book: Book) -> Reservation:
    return book.do(reservations.cancel, book.reserve(wish()).id, actor=HOST, now=EVENING)


def cancelled_by_mistake(book: Book) -> Reservation:
    return book.do(undo.take_back, cancelled(book).id, actor=HOST, now=NOON)


def let_go(book: Book) -> Reservation:
    return book.do(reservations.release, book.hold(wish()).id, now=NOON)


def run_out(book: Book) -> Reservation:
    held = book.hold(wish())
    with book.database.transaction() as db:
        expiry.expire_holds(db, now=NOON + timedelta(minutes=5))
    return book.get(held)


def entered_by_mistake(book: Book) -> Reservation:
    there = book.do(host_stand.walk_in, 2, book.guest(), actor=HOST, now=EVENING)
    return book.do(undo.undo, there.id, actor=HOST, now=EVENING)


def asked_for_in_vain(book: Book) -> Reservation:
    asked = book.reserve(wish(size=10))
    with book.database.transaction() as db:
        expiry.expire_holds(db, now=NEXT_DAY)
    return book.get(asked)


LISTED: list[tuple[Callable[[Book], Reservation], dict[str, int]]] = [
    (seated, {"visits": 1}),
    (finished, {"visits": 1}),
    (expected_and_never_crossed_off, {"visits": 1}),
    (expected_tomorrow, {}),
    (missing, {"no_shows": 1}),
    (found_after_all, {"visits": 1}),
    (cancelled, {"cancelled": 1}),
    (cancelled_late, {"cancelled": 1, "late": 1}),
    (cancelled_by_mistake, {"visits": 1}),
    (entered_by_mistake, {}),
    (asked_for_in_vain, {}),
]


@pytest.mark.parametrize(("happen", "counted"), LISTED)
def test_each_visit_counts_as_what_became_of_it(
    book: Book, happen: Callable[[Book], Reservation], counted: dict[str, int]
) -> None:
    visit = happen(book)
    found = past(book)

    assert counts(found) == counted
    assert [each.reservation for each in found.listed] == [book.get(visit)]


@pytest.mark.parametrize("happen", [let_go, run_out])
def test_a_hold_that_came_to_nothing_is_no_history(
    book: Book, happen: Callable[[Book], Reservation]
) -> None:
    happen(book)

    assert (counts(past(book)), past(book).listed) == ({}, [])


def test_the_steps_tell_who_did_what_and_when_the_newest_visit_first(book: Book) -> None:
    first = finished(book)
    second = book.reserve(wish(day=SATURDAY))
    book.reserve(wish("21:00"), "200")
    found = past(book)

    assert [each.reservation.code for each in found.listed] == [second.code, first.code]
    steps = [(step.kind, step.actor, step.at) for step in found.listed[1].steps]
    assert steps == [
        (Kind.HELD, "guest", NOON),
        (Kind.RESERVED, "guest", NOON),
        (Kind.SEATED, HOST, EVENING),
        (Kind.FINISHED, HOST, EVENING),
    ]
    assert found.listed[1].steps[-1].tables == tuple(book.tables(first))
    assert found.listed[1].state is State.FINISHED


def test_no_shows_are_counted_for_several_guests_at_once(book: Book) -> None:
    missing(book)
    book.reserve(wish("21:00"), "200")
    with book.database.reading() as db:
        counted = no_shows(db, [book.guest("100"), book.guest("200")])

    assert counted == {book.guest("100"): 1}
