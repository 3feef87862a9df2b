"""Holds and their confirmation, on both databases."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from restaurants import FRIDAY, MONDAY, NOON, SATURDAY, Book, open_venue, rome, table, wish

from booking import approvals, looks, lookups, reservations
from booking.errors import IllegalStep, NoAvailability, Reason, UnknownReservation
from booking.expiry import expire_holds
from booking.lifecycle import State
from booking.lookups import Reservation

ONE_TABLE = {"tables": [table("T1")], "combinations": []}
RUN_OUT = NOON + timedelta(minutes=5)


def starts(refused: NoAvailability) -> list[datetime]:
    return [offer.starts_at for offer in refused.nearest]


def confirm(book: Book, hold: Reservation, *, now: datetime = NOON) -> Reservation:
    return book.do(reservations.confirm, hold.id, now=now)


def test_a_hold_takes_the_smallest_free_table_for_the_turn_time(book: Book) -> None:
    held = book.hold(wish(), request="a pram")

    assert book.get(held) == held
    assert (held.state, held.version, held.source) == (State.HELD, 1, "telegram")
    assert (held.starts_at, held.ends_at) == (rome("19:00"), rome("20:30"))
    assert (held.service_date, held.party_size, held.request) == (FRIDAY, 2, "a pram")
    assert (held.created_at, held.held_until) == (NOON, RUN_OUT)
    assert book.tables(held) == ["T1"]
    assert book.live(held) == [True]


def test_a_hold_waits_as_long_as_the_venue_says(book: Book) -> None:
    with book.database.transaction() as db:
        patient = Book(book.database, open_venue(db, policy={"hold_minutes": 17}))

    assert patient.hold(wish()).held_until == NOON + timedelta(minutes=17)


def test_a_large_party_gets_a_combination(book: Book) -> None:
    first, second = book.hold(wish(size=4)), book.hold(wish(size=4))

    assert book.tables(first) == ["T3"]
    assert book.tables(second) == ["T1", "T2"]
    assert book.live(second) == [True, True]


def test_the_last_table_is_refused_with_the_reason_and_the_nearest_times(book: Book) -> None:
    book.hold(wish(size=10))
    before = book.rows()

    with pytest.raises(NoAvailability) as refused:
        book.hold(wish(size=10), "200")

    assert refused.value.reason is Reason.NO_TABLE
    assert starts(refused.value) == [rome("21:00"), rome("21:15"), rome("21:30")]
    after = book.rows()
    for known in ("guest", "guest_contact"):  # by now
        assert after.pop(known) != before.pop(known)
    assert after == before


def test_a_refusal_before_the_look_changes_nothing(book: Book) -> None:
    guest = book.guest()
    before = book.rows()
    for wished in (wish(size=13), wish(day=MONDAY), wish("17:00"), wish("19:07")):
        with pytest.raises(NoAvailability):
            book.do(reservations.place_hold, wished, guest, source="sms", now=NOON)

    assert book.rows() == before


def test_an_old_button_is_checked_again(book: Book) -> None:
    """What was offered once may be past, too soon, or closed by now."""
    for now in (rome("19:00"), rome("18:40")):
        with pytest.raises(NoAvailability) as refused:
            book.hold(wish(), now=now)
        assert refused.value.reason in {Reason.PAST, Reason.TOO_SOON}


def test_a_yes_makes_a_hold_a_reservation(book: Book) -> None:
    held = book.hold(wish(), request="a pram")

    booked = confirm(book, held, now=RUN_OUT - timedelta(microseconds=1))

    assert booked == replace(held, state=State.RESERVED, held_until=None)
    assert book.get(booked) == booked
    assert [event["kind"] for event in book.events(held)] == ["held", "reserved"]


def test_a_second_yes_changes_nothing(book: Book) -> None:
    held = book.hold(wish())
    booked = confirm(book, held)
    before = book.rows()

    assert confirm(book, held, now=RUN_OUT) == booked
    assert book.rows() == before


@pytest.mark.parametrize(
    ("size", "state"), [(8, State.RESERVED), (9, State.REQUESTED), (12, State.REQUESTED)]
)
def test_from_the_approval_size_on_a_yes_makes_a_request(
    book: Book, size: int, state: State
) -> None:
    booked = book.reserve(wish(size=size))

    assert booked.state is state
    assert book.events(booked)[-1]["kind"] == state
    assert book.live(booked) == [True]


def test_a_request_takes_its_table_before_it_is_approved(book: Book) -> None:
    book.reserve(wish(size=10))

    with pytest.raises(NoAvailability):
        book.hold(wish(size=10))


def test_a_yes_after_the_hold_ran_out_books_at_once_while_the_place_is_free(book: Book) -> None:
    held = book.hold(wish(), request="a pram")

    booked = confirm(book, held, now=RUN_OUT)

    assert booked.id != held.id
    assert (booked.state, booked.held_until) == (State.RESERVED, None)
    assert (booked.starts_at, booked.party_size, booked.guest_id) == (
        held.starts_at,
        held.party_size,
        held.guest_id,
    )
    assert (booked.request, booked.source) == ("a pram", "telegram")
    assert book.get(held).state is State.EXPIRED
    assert (book.live(held), book.live(booked)) == ([False], [True])
    assert [event["kind"] for event in book.events(held)] == ["held", "expired"]
    assert [event["kind"] for event in book.events(booked)] == ["held", "reserved"]


def test_a_late_yes_that_is_said_twice_books_once(book: Book) -> None:
    held = book.hold(wish())
    booked = confirm(book, held, now=RUN_OUT)

    assert confirm(book, held, now=RUN_OUT) == booked

    book.do(reservations.cancel, booked.id, now=RUN_OUT)
    with pytest.raises(IllegalStep):
        confirm(book, held, now=RUN_OUT)


def test_a_late_yes_counts_also_after_the_sweep(book: Book) -> None:
    held = book.hold(wish())
    with book.database.transaction() as db:
        expire_holds(db, now=RUN_OUT)

    assert confirm(book, held, now=RUN_OUT).state is State.RESERVED


def test_a_late_yes_to_a_place_that_is_taken_gets_the_nearest_times(book: Book) -> None:
    held = book.hold(wish(size=10))
    other = book.hold(wish(size=10), "200", now=RUN_OUT)

    with pytest.raises(NoAvailability) as refused:
        confirm(book, held, now=RUN_OUT)

    assert refused.value.reason is Reason.NO_TABLE
    assert starts(refused.value) == [rome("21:00"), rome("21:15"), rome("21:30")]
    assert book.get(other) == other
    assert book.get(held).state is State.EXPIRED


def test_a_late_yes_to_a_time_that_is_over_is_refused(book: Book) -> None:
    held = book.hold(wish(), now=rome("18:29"))

    with pytest.raises(NoAvailability) as refused:
        confirm(book, held, now=rome("19:00"))

    assert refused.value.reason is Reason.PAST


def test_a_yes_to_what_was_let_go_is_refused_by_name(book: Book) -> None:
    held, request, booked = book.hold(wish()), book.reserve(wish(size=10)), book.reserve(wish())
    book.do(reservations.release, held.id, now=NOON)
    book.do(approvals.decide, request.id, accept=False, actor="staff:Ada", now=NOON)
    book.do(reservations.cancel, booked.id, now=NOON)
    before = book.rows()
    for over, state in (
        (held, State.CANCELLED),
        (request, State.DECLINED),
        (booked, State.CANCELLED),
    ):
        with pytest.raises(IllegalStep) as illegal:
            confirm(book, over)
        assert illegal.value == IllegalStep(over.code, state, State.RESERVED)

    assert book.rows() == before


def test_a_reservation_that_nobody_made_is_unknown(book: Book) -> None:
    for act in (reservations.confirm, reservations.cancel, reservations.release):
        with pytest.raises(UnknownReservation):
            book.do(act, 4711, now=NOON)


def test_venues_with_the_same_tables_and_codes_never_meet(book: Book) -> None:
    other = Book.opened(book.database, restaurant={"slug": "alba"}, **ONE_TABLE)
    ours = book.hold(wish(size=10))
    theirs = other.hold(wish())
    with pytest.raises(NoAvailability):  # their only table is theirs
        other.hold(wish(), "200")

    assert book.tables(book.hold(wish())) == ["T1"]
    assert book.guest() != other.guest()
    with book.database.reading() as db:
        with pytest.raises(UnknownReservation):
            lookups.get(db, book.venue.id, theirs.id)
        assert lookups.by_code(db, other.venue.id, ours.code) in {None, theirs}
        stays = looks.stays(db, other.venue, [FRIDAY], now=NOON)
        assert [stay.reservation_id for stay in stays[FRIDAY]] == [theirs.id]
    for act in (reservations.confirm, reservations.cancel, reservations.release):
        with pytest.raises(UnknownReservation):
            other.do(act, ours.id, now=NOON)
    with pytest.raises(UnknownReservation):
        other.do(reservations.amend, ours.id, wish(day=SATURDAY), now=NOON)
