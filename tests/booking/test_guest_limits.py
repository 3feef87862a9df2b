"""What one guest may have: so many visits ahead, and a second one at one time only knowingly."""

from functools import partial
from typing import Any

import pytest
from races import race
from restaurants import NOON, SATURDAY, Book, meet, rome, wish

from booking import host_stand, reservations
from booking.errors import NoAvailability, Reason
from booking.lookups import Reservation


def hold(book: Book, at: str, guest: str = "100", **given: Any) -> Reservation:
    how = {"source": "sms", "now": NOON, **given}
    return book.do(reservations.place_hold, wish(at), book.guest(guest), **how)


def refusal(book: Book, at: str, guest: str = "100") -> NoAvailability:
    with pytest.raises(NoAvailability) as refused:
        hold(book, at, guest)
    return refused.value


def test_a_second_visit_at_that_time_is_asked_about(book: Book) -> None:
    there = book.reserve(wish("19:00"))  # until 20:30

    asked = refusal(book, "20:15")
    assert asked.reason is Reason.SECOND_VISIT
    assert asked.fields == {"reservation": there.id, "code": there.code}
    assert hold(book, "20:15", accept_second=True)
    assert hold(book, "20:15", "200")


def test_a_visit_that_begins_when_the_other_ends_is_no_second_one(book: Book) -> None:
    book.reserve(wish("19:00"))

    assert hold(book, "20:30")


def test_a_hold_is_no_visit_yet(book: Book) -> None:
    hold(book, "19:00")

    assert hold(book, "19:00")


def test_so_many_visits_ahead_and_no_more(book: Book) -> None:
    book = Book.opened(book.database, policy={"max_open_reservations": 2})
    book.reserve(wish("18:00"))
    book.reserve(wish("18:00", day=SATURDAY))

    assert refusal(book, "21:00").reason is Reason.TOO_MANY
    assert refusal(book, "21:00").fields == {"max_open_reservations": 2}
    assert hold(book, "21:00", "200")
    assert hold(book, "21:00", now=rome("20:00"))  # by now the first is over


def test_the_staff_may_enter_as_many_as_they_like_but_are_told_of_a_second_at_one_time(
    book: Book,
) -> None:
    book = Book.opened(book.database, policy={"max_open_reservations": 1})
    book.reserve(wish("19:00"))
    how: dict[str, Any] = {"source": "staff", "actor": "staff:Ada", "now": NOON}

    assert book.do(host_stand.enter, wish("21:00"), book.guest(), **how)
    with pytest.raises(NoAvailability, match="second_visit"):
        book.do(host_stand.enter, wish("19:00"), book.guest(), **how)
    second = {Reason.SECOND_VISIT}
    assert book.do(host_stand.enter, wish("19:00"), book.guest(), bend=second, **how)


# A key by which a caller who never heard the answer finds the reservation again.


def test_who_asks_again_under_the_same_key_gets_the_same_reservation(book: Book) -> None:
    first = hold(book, "19:00", request_key="m1")

    assert hold(book, "19:00", request_key="m1") == first
    assert hold(book, "21:00", request_key="m1") == first
    assert hold(book, "19:00", request_key="m2").id != first.id
    entered = [
        book.do(
            host_stand.enter,
            wish("20:00"),
            book.guest("200"),
            source="api",
            request_key="m3",
            actor="staff:Ada",
            now=NOON,
        )
        for _ in range(2)
    ]
    assert entered[0] == entered[1]


def test_another_venue_has_keys_of_its_own(book: Book) -> None:
    other = Book.opened(book.database, restaurant={"slug": "other"})

    assert hold(book, "19:00", request_key="m1").id != hold(other, "19:00", request_key="m1").id


def test_of_eight_who_ask_at_once_under_one_key_all_get_the_same(book: Book) -> None:
    guest = book.do(meet)
    ends = race(
        *[
            partial(
                book.do,
                reservations.place_hold,
                wish(),
                guest,
                source="sms",
                request_key="m1",
                now=NOON,
            )
        ]
        * 8
    )

    assert len({end.id for end in ends if isinstance(end, Reservation)}) == 1
    assert len(ends) == len([end for end in ends if isinstance(end, Reservation)])
