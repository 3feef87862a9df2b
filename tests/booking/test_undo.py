"""Taking back the last step of a visit, whatever it was, for five minutes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from restaurants import NOON, Book, rome, wish

from booking import approvals, host_stand, remarks, reservations, turns
from booking.database import Database
from booking.errors import IllegalStep, NoAvailability, Settled
from booking.lifecycle import State
from booking.lookups import Reservation
from booking.undo import UNDO_WITHIN, take_back, undo

ADA = "staff:Ada"
AT = rome("19:00")
Step = Callable[[Book, Reservation], object]


def undone(book: Book, party: Reservation, now: datetime = AT) -> Reservation:
    return book.do(undo, party.id, actor=ADA, now=now)


def seat(book: Book, party: Reservation, now: datetime = AT) -> Reservation:
    return book.do(turns.seat, party.id, actor=ADA, now=now)


def test_each_step_of_an_evening_is_taken_back(book: Book) -> None:
    party = book.reserve(wish("19:00"))
    steps: list[tuple[Callable[..., Reservation], State]] = [
        (turns.no_show, State.RESERVED),
        (reservations.cancel, State.RESERVED),
        (turns.seat, State.RESERVED),
    ]
    for step, before in steps:
        book.do(step, party.id, actor=ADA, now=AT)
        back = undone(book, party, AT + UNDO_WITHIN)
        assert (back.state, back.starts_at, back.table_ids) == (
            before,
            party.starts_at,
            party.table_ids,
        )
        assert book.events(party)[-1]["kind"] == "restored"

    seat(book, party)
    book.do(turns.finish, party.id, actor=ADA, now=AT)
    assert undone(book, party).state is State.SEATED


def test_after_five_minutes_a_step_stands(book: Book) -> None:
    party = book.reserve(wish("19:00"))
    seat(book, party)
    late = AT + UNDO_WITHIN + timedelta(seconds=1)
    with pytest.raises(Settled) as settled:
        undone(book, party, late)
    assert settled.value == Settled(party.code, AT)

    back = book.do(take_back, party.id, actor=ADA, now=late)  # by people it is reversible
    assert back.state is State.RESERVED


def test_an_entry_of_the_staff_goes_away_again(book: Book) -> None:
    how: dict[str, Any] = {"source": "staff", "actor": ADA, "now": AT}
    entered = book.do(host_stand.enter, wish("21:00"), book.guest(), **how)
    walked = book.do(host_stand.walk_in, 2, book.guest("200"), actor=ADA, now=AT)

    assert undone(book, entered).state is State.CANCELLED
    assert undone(book, walked).state is State.CANCELLED
    assert book.live(entered) == book.live(walked) == [False]


def test_the_yes_of_a_guest_is_not_the_staffs_to_take_back(book: Book) -> None:
    party = book.reserve(wish("21:00"), now=AT)
    with pytest.raises(IllegalStep):
        undone(book, party)


def test_a_change_is_taken_back_with_its_time_size_and_table(book: Book) -> None:
    party = book.reserve(wish("21:00"))
    how: dict[str, Any] = {"actor": ADA, "now": AT}
    changed = book.do(reservations.amend, party.id, wish("20:00", 4), **how)
    assert changed.table_ids != party.table_ids
    back = undone(book, party)

    assert (back.party_size, back.starts_at, back.ends_at, back.table_ids) == (
        party.party_size,
        party.starts_at,
        party.ends_at,
        party.table_ids,
    )
    assert back.version == changed.version + 1  # the guest has heard of the change


def test_a_longer_stay_is_taken_back(book: Book) -> None:
    party = book.reserve(wish("19:00"))
    seat(book, party)
    book.do(turns.stay_on, party.id, 30, actor=ADA, now=AT)

    back = undone(book, party)
    assert (back.state, back.ends_at) == (State.SEATED, party.ends_at)


def test_a_party_that_was_seated_early_is_expected_at_its_old_time_again(book: Book) -> None:
    party = book.reserve(wish("20:00"))
    assert seat(book, party).starts_at == AT
    book.do(host_stand.annotate, party.id, "a pram", actor=ADA, now=AT)

    back = undone(book, party)
    assert (back.state, back.starts_at, back.ends_at) == (
        State.RESERVED,
        party.starts_at,
        party.ends_at,
    )


def test_remarks_in_between_are_no_steps(book: Book) -> None:
    party = book.reserve(wish("19:00"))
    seat(book, party)
    book.do(host_stand.pin, party.id, pinned=True, actor=ADA, now=AT)
    book.do(remarks.name_guest, party.guest_id, "Rossi", now=AT)

    assert undone(book, party).state is State.RESERVED


def test_a_cancelled_request_is_a_request_again(book: Book) -> None:
    request = book.reserve(wish("21:00", 10))
    book.do(reservations.cancel, request.id, actor=ADA, now=NOON)
    back = undone(book, request, NOON)

    assert back.state is State.REQUESTED
    assert back.held_until == request.held_until
    assert book.do(approvals.decide, request.id, accept=True, actor=ADA, now=NOON)


def test_what_has_lost_its_place_stays_as_it_is(book: Book) -> None:
    party = book.reserve(wish("19:00", 10))
    book.do(reservations.cancel, party.id, actor=ADA, now=NOON)
    book.reserve(wish("19:00", 10), "200")
    before = book.rows()
    with pytest.raises(NoAvailability):
        undone(book, party, NOON)

    assert book.rows() == before


def test_who_comes_back_gets_their_table_while_whoever_has_it_moves(database: Database) -> None:
    book = Book.opened(
        database,
        tables=[
            {"name": "T1", "min_covers": 1, "max_covers": 4},
            {"name": "T2", "min_covers": 3, "max_covers": 6},
        ],
        combinations=[],
    )
    first = book.reserve(wish("20:00", 2))
    book.do(reservations.cancel, first.id, actor=ADA, now=NOON)
    second = book.reserve(wish("20:00", 3))
    assert second.table_ids == first.table_ids

    back = book.do(take_back, first.id, actor=ADA, now=NOON)

    assert back.table_ids == first.table_ids
    assert book.get(second).table_ids != first.table_ids
    assert (book.live(first), book.live(second)) == ([True], [True])
