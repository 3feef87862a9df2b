"""Cancelling, letting go, noting, being late."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from restaurants import NOON, Book, rome, wish

from booking import remarks, reservations, turns
from booking.errors import IllegalStep, TooLate
from booking.events import GUEST
from booking.lifecycle import State
from booking.lookups import Reservation

RUN_OUT = NOON + timedelta(minutes=5)


def cancel(book: Book, old: Reservation, *, actor: str = "guest", now: datetime = NOON) -> State:
    return book.do(reservations.cancel, old.id, actor=actor, now=now).state


def last(book: Book, reservation: Reservation) -> tuple[str, str, str, str]:
    event = book.events(reservation)[-1]
    return event["kind"], event["actor"], event["from_state"], event["to_state"]


def test_a_cancelled_reservation_frees_its_tables(book: Book) -> None:
    old = book.reserve(wish(size=10))

    assert cancel(book, old) is State.CANCELLED
    assert book.live(old) == [False]
    assert last(book, old) == ("cancelled", "guest", "requested", "cancelled")
    assert book.hold(wish(size=10), "200")


def test_a_cancelled_reservation_stays_cancelled_and_is_told_once(book: Book) -> None:
    old = book.reserve(wish())
    cancel(book, old)
    before = book.rows()

    assert cancel(book, old) is State.CANCELLED
    assert book.rows() == before


def test_cancelling_a_hold_lets_it_go(book: Book) -> None:
    held = book.hold(wish())

    assert cancel(book, held) is State.CANCELLED
    assert last(book, held) == ("released", "guest", "held", "cancelled")


def test_a_hold_that_ran_out_cannot_be_cancelled(book: Book) -> None:
    held = book.hold(wish())

    with pytest.raises(IllegalStep) as illegal:
        cancel(book, held, now=RUN_OUT)
    assert illegal.value == IllegalStep(held.code, "expired", "cancelled")


def test_after_the_cutoff_only_the_staff_cancel(book: Book) -> None:
    old = book.reserve(wish("21:00"))
    late = rome("19:00") + timedelta(seconds=1)
    before = book.rows()

    with pytest.raises(TooLate) as too_late:
        cancel(book, old, now=late)
    assert too_late.value == TooLate(old.id, rome("21:00"), 120)
    assert book.rows() == before

    assert cancel(book, old, actor="staff:Ada", now=late) is State.CANCELLED
    assert last(book, old) == ("cancelled", "staff:Ada", "reserved", "cancelled")


def test_at_the_cutoff_itself_a_guest_may_still_cancel(book: Book) -> None:
    assert cancel(book, book.reserve(wish("21:00")), now=rome("19:00")) is State.CANCELLED


def test_a_hold_is_released_and_anything_else_left_alone(book: Book) -> None:
    held, booked, dead = book.hold(wish()), book.reserve(wish()), book.hold(wish("20:30"))

    released = book.do(reservations.release, held.id, now=NOON)
    assert released.state is State.CANCELLED
    assert last(book, held) == ("released", "guest", "held", "cancelled")
    assert book.live(held) == [False]

    before = book.rows()
    assert book.do(reservations.release, held.id, now=NOON) == released
    assert book.do(reservations.release, booked.id, now=NOON) == booked
    assert book.do(reservations.release, dead.id, now=RUN_OUT) == dead
    assert book.rows() == before


def test_a_request_is_noted_on_holds_and_reservations(book: Book) -> None:
    for old in (book.hold(wish()), book.reserve(wish()), book.reserve(wish(size=10))):
        noted = book.do(remarks.note, old.id, "a pram", now=NOON)

        assert noted == replace(old, request="a pram") == book.get(old)
        assert last(book, old) == ("noted", "guest", old.state, old.state)


def test_nothing_is_noted_on_what_is_over(book: Book) -> None:
    dead, gone = book.hold(wish()), book.reserve(wish())
    cancel(book, gone)
    before = book.rows()
    for over, now, state in ((dead, RUN_OUT, "expired"), (gone, NOON, "cancelled")):
        with pytest.raises(IllegalStep) as illegal:
            book.do(remarks.note, over.id, "a pram", now=now)
        assert illegal.value == IllegalStep(over.code, state, "noted")

    assert book.rows() == before


def test_a_party_that_will_be_late_keeps_its_tables_as_they_are(book: Book) -> None:
    booked = book.reserve(wish())

    assert book.do(turns.run_late, booked.id, actor=GUEST, now=rome("19:05")) == booked
    assert book.get(booked) == booked
    assert last(book, booked) == ("late", "guest", "reserved", "reserved")
    assert book.events(booked)[-1]["at"] == rome("19:05")
