"""What the staff decide about a request: once, and only about requests."""

from dataclasses import replace

import pytest
from restaurants import NOON, Book, wish

from booking import approvals
from booking.errors import IllegalStep, UnknownReservation
from booking.lifecycle import State
from booking.lookups import Reservation


def decide(
    book: Book, request: Reservation, *, accept: bool, actor: str = "staff:Ada"
) -> Reservation:
    return book.do(approvals.decide, request.id, accept=accept, actor=actor, now=NOON)


def last(book: Book, reservation: Reservation) -> tuple[str, str, str, str]:
    event = book.events(reservation)[-1]
    return event["kind"], event["actor"], event["from_state"], event["to_state"]


def test_a_request_that_is_accepted_becomes_a_reservation(book: Book) -> None:
    request = book.reserve(wish(size=10))

    accepted = replace(request, state=State.RESERVED, held_until=None)
    assert decide(book, request, accept=True) == accepted
    assert last(book, request) == ("approved", "staff:Ada", "requested", "reserved")
    assert book.live(request) == [True]


def test_a_request_that_is_declined_frees_its_table(book: Book) -> None:
    request = book.reserve(wish(size=10))

    assert decide(book, request, accept=False).state is State.DECLINED
    assert last(book, request) == ("declined", "staff:Ada", "requested", "declined")
    assert book.hold(wish(size=10), "200")


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("second", [True, False])
def test_a_request_is_decided_once(book: Book, *, first: bool, second: bool) -> None:
    request = book.reserve(wish(size=10))
    decided = decide(book, request, accept=first)
    before = book.rows()

    with pytest.raises(IllegalStep) as illegal:
        decide(book, request, accept=second, actor="staff:Bert")

    assert illegal.value.state == decided.state
    assert book.rows() == before


def test_only_requests_are_decided(book: Book) -> None:
    for other in (book.hold(wish()), book.reserve(wish())):
        with pytest.raises(IllegalStep):
            decide(book, other, accept=True)
    with pytest.raises(UnknownReservation):
        book.do(approvals.decide, 4711, accept=True, actor="staff:Ada", now=NOON)
