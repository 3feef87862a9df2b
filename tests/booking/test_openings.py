"""Openings: what came free is held for the first in line whom it fits, and dies in time."""

from datetime import timedelta
from typing import Any

import pytest
from restaurants import FRIDAY, NOON, SATURDAY, Book, period, rome, venue_data, wish
from waitlists import LARGE, WINDOW, awaited, entry_of, fill, free, join, look, state_of

from booking import (
    approvals,
    host_stand,
    lookups,
    openings,
    reservations,
    venues,
)
from booking.database import Database
from booking.errors import NoAvailability, Reason
from booking.lifecycle import State
from booking.lookups import Reservation
from booking.venue_file import VenueFile
from booking.waiting import EntryState

LATER = NOON + timedelta(minutes=15)
MINUTE = timedelta(minutes=1)
MARTA = "staff:Marta"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database; `test_waitlist_races.py` has the same on the other."""
    return sqlite_database


@pytest.fixture
def full(book: Book) -> Book:
    """Aurora with its only large table taken all evening."""
    fill(book)
    return book


def test_a_place_that_came_free_is_held_for_the_first_in_line(full: Book) -> None:
    first, second = join(full, WINDOW, "200"), join(full, WINDOW, "201")
    free(full)
    (opening,) = look(full)

    assert (opening.state, opening.source, opening.guest_id) == ("held", "waitlist", first.guest_id)
    assert (opening.starts_at, opening.held_until) == (rome("20:00"), LATER)
    (event,) = full.events(opening)
    assert (event["kind"], event["actor"], event["from_state"]) == ("offered", "house", None)
    offered = entry_of(full, first)
    assert (offered.state, offered.reservation_id) == (EntryState.OFFERED, opening.id)
    assert state_of(full, second) is EntryState.WAITING
    assert look(full, NOON + MINUTE) == []


def test_a_place_that_fits_only_who_came_later_goes_to_them(book: Book) -> None:
    for at in ("18:00", "20:00", "22:00"):
        for size, guest in ((8, "a"), (4, "b"), (4, "c")):
            book.reserve(wish(at, size), guest + at)
    eight, four = join(book, WINDOW, "200"), join(book, wish("20:00", 4), "201")
    small = next(r for r in the_book(book) if r.party_size == 4 and r.starts_at == rome("20:00"))
    book.do(reservations.cancel, small.id, now=NOON)
    (opening,) = look(book)

    assert (opening.guest_id, opening.table_ids) == (four.guest_id, small.table_ids)
    assert state_of(book, eight) is EntryState.WAITING


def test_one_look_serves_as_many_as_there_are_places(full: Book) -> None:
    entries = [join(full, wish("18:00", 8, until="22:00"), str(n)) for n in range(200, 204)]
    free(full, "18:00")
    free(full, "22:00")
    found = look(full)

    assert [(o.guest_id, o.starts_at) for o in found] == [
        (entries[0].guest_id, rome("18:00")),
        (entries[1].guest_id, rome("22:00")),
    ]


def test_an_opening_is_the_earliest_start_of_the_window_that_can_be_had(full: Book) -> None:
    join(full, wish("19:15", 8, until="21:00"))
    free(full, "18:00")
    assert look(full) == []

    free(full, "20:00")
    assert [o.starts_at for o in look(full)] == [rome("19:15")]


def party_in_the_way(book: Book) -> tuple[Reservation, Reservation]:
    """Two who sit at the table for four, and two whose table would do for them."""
    for size in (8, 4):
        book.reserve(wish("20:00", size), f"{size}")
    small = [book.reserve(wish("20:00"), f"2{n}") for n in range(2)]
    large = next(r for r in the_book(book) if r.party_size == 4)
    book.do(reservations.cancel, large.id, actor=MARTA, now=NOON)
    return book.reserve(wish("20:00"), "22"), small[0]


def test_others_move_so_that_who_waits_has_a_place(book: Book) -> None:
    mover, small = party_in_the_way(book)
    assert book.tables(mover) == ["T3"]
    entry = join(book, wish("20:00", 4, until="20:00"))
    book.do(reservations.cancel, small.id, actor=MARTA, now=NOON)
    (opening,) = look(book)

    assert (opening.guest_id, book.tables(opening)) == (entry.guest_id, ["T3"])
    assert book.tables(book.get(mover)) == book.tables(small)


def test_who_is_moved_for_those_who_wait_may_then_move_as_they_like(book: Book) -> None:
    mover, small = party_in_the_way(book)
    join(book, wish("20:00", 4, until="20:00"))
    book.do(reservations.cancel, small.id, actor=MARTA, now=NOON)
    moved = book.do(reservations.amend, mover.id, wish("20:15"), now=NOON)

    assert moved == book.get(moved)
    assert book.tables(moved) == book.tables(small)
    assert book.live(moved) == [True]


def test_without_a_window_it_is_the_start_that_is_nearest_to_the_time_named(full: Book) -> None:
    join(full, LARGE, "200")
    join(full, wish("21:30", 8), "201")
    for at in ("18:00", "20:00", "22:00"):
        free(full, at)

    assert [o.starts_at for o in look(full)] == [rome("20:00"), rome("22:00")]


def test_a_look_in_vain_is_made_again_after_a_minute_whatever_was_heard(full: Book) -> None:
    entry = join(full, WINDOW)
    assert awaited(full) == [FRIDAY]
    assert look(full) == []

    assert awaited(full, NOON + MINUTE - timedelta(microseconds=1)) == []
    assert awaited(full, NOON + MINUTE) == [FRIDAY]
    assert state_of(full, entry) is EntryState.WAITING


# Nobody goes before those who wait.


def test_a_newcomer_does_not_get_what_somebody_waits_for(full: Book) -> None:
    entry = join(full, WINDOW)
    free(full)
    guest = full.guest("900")
    with full.database.transaction() as db, pytest.raises(NoAvailability) as refused:
        reservations.place_hold(db, full.venue, LARGE, guest, source="sms", now=NOON)

    assert refused.value.reason is Reason.NO_TABLE
    assert state_of(full, entry) is EntryState.OFFERED


def test_control_without_the_look_for_those_who_wait_the_newcomer_overtakes_them(
    full: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = join(full, WINDOW)
    free(full)
    monkeypatch.setattr(openings, "serve", None)

    assert full.hold(LARGE, "900").state is State.HELD
    assert state_of(full, entry) is EntryState.WAITING


def test_a_newcomer_gets_what_nobody_who_waits_can_use(full: Book) -> None:
    entry = join(full, wish("18:00", 8, until="18:30"))
    free(full)

    assert full.hold(LARGE, "900").state is State.HELD
    assert state_of(full, entry) is EntryState.WAITING


def test_who_would_move_a_visit_here_waits_behind_those_who_wait(full: Book) -> None:
    mover = full.reserve(wish("20:00", 8, SATURDAY), "900")
    join(full, WINDOW)
    free(full)

    with pytest.raises(NoAvailability):
        full.do(reservations.amend, mover.id, LARGE, now=NOON)
    moved = full.do(reservations.amend, mover.id, LARGE, actor=MARTA, now=NOON)
    assert moved.service_date == FRIDAY


def test_the_staff_may_overtake(full: Book) -> None:
    entry, guest = join(full, WINDOW), full.guest("900")
    free(full)
    entered = full.do(host_stand.enter, LARGE, guest, source="staff", actor=MARTA, now=NOON)

    assert entered.state is State.RESERVED
    assert look(full) == []
    assert state_of(full, entry) is EntryState.WAITING


def test_a_late_yes_does_not_overtake_either(book: Book) -> None:
    for at in ("18:00", "22:00"):
        book.reserve(wish(at, 8), at)
    late = book.hold(LARGE, "100")
    entry = join(book, WINDOW)
    now = NOON + timedelta(minutes=5)

    with book.database.transaction() as db, pytest.raises(NoAvailability):
        reservations.confirm(db, book.venue, late.id, now=now)
    assert state_of(book, entry) is EntryState.OFFERED


# How an opening ends.


def opening_of(book: Book) -> tuple[Any, Any, Reservation]:
    """Two who wait, and the opening of the first."""
    first, second = join(book, WINDOW, "200"), join(book, WINDOW, "201")
    free(book)
    (opening,) = look(book)
    return first, second, opening


def test_a_yes_books_it_and_the_next_goes_on_waiting(full: Book) -> None:
    first, second, opening = opening_of(full)
    booked = full.do(reservations.confirm, opening.id, now=NOON)

    assert (booked.state, booked.id) == (State.RESERVED, opening.id)
    assert entry_of(full, first).ended_at == NOON
    assert (state_of(full, first), state_of(full, second)) == ("booked", "waiting")
    assert look(full, NOON + MINUTE) == []


def test_a_no_gives_it_to_the_next(full: Book) -> None:
    first, second, opening = opening_of(full)
    full.do(reservations.release, opening.id, now=NOON)
    (again,) = look(full)

    assert (state_of(full, first), again.guest_id) == ("left", second.guest_id)


def test_what_runs_out_passes_to_the_next_at_that_very_moment(full: Book) -> None:
    first, second, opening = opening_of(full)
    assert look(full, LATER - timedelta(microseconds=1)) == []
    (again,) = look(full, LATER)

    assert full.get(opening).state is State.EXPIRED
    assert (state_of(full, first), again.guest_id) == ("lapsed", second.guest_id)
    assert again.held_until == LATER + timedelta(minutes=15)


def test_a_yes_that_comes_too_late_does_not_take_it_from_the_next(full: Book) -> None:
    first, second, opening = opening_of(full)

    with full.database.transaction() as db, pytest.raises(NoAvailability):
        reservations.confirm(db, full.venue, opening.id, now=LATER)
    assert (state_of(full, first), state_of(full, second)) == ("lapsed", "offered")


def test_a_late_yes_counts_while_nobody_else_waits(full: Book) -> None:
    entry = join(full, WINDOW)
    free(full)
    (opening,) = look(full)
    booked = full.do(reservations.confirm, opening.id, now=LATER)

    assert (booked.state, booked.starts_at) == (State.RESERVED, rome("20:00"))
    assert state_of(full, entry) is EntryState.LAPSED


def test_what_its_guest_cannot_be_told_of_is_taken_back(full: Book) -> None:
    first, second, opening = opening_of(full)
    full.do(openings.withdraw, opening.id, now=NOON)

    assert state_of(full, first) is EntryState.LAPSED
    assert [o.guest_id for o in look(full)] == [second.guest_id]
    assert full.do(openings.withdraw, opening.id, now=NOON) is None


def test_a_large_party_asks_the_staff_after_its_yes(database: Database) -> None:
    book = Book.opened(database, policy={"approval_party_size": 8})
    fill(book)
    entry = join(book, WINDOW)
    free(book)
    (opening,) = look(book)
    asked = book.do(reservations.confirm, opening.id, now=NOON)
    book.do(approvals.decide, asked.id, accept=False, actor=MARTA, now=NOON)

    assert (asked.state, state_of(book, entry)) == (State.REQUESTED, EntryState.BOOKED)


@pytest.mark.parametrize(
    ("accept", "becomes"), [(True, EntryState.BOOKED), (False, EntryState.LEFT)]
)
def test_for_whom_the_staff_entered_it_is_put_to_the_staff(
    full: Book, *, accept: bool, becomes: EntryState
) -> None:
    entry = join(full, WINDOW, source="staff")
    free(full)
    (opening,) = look(full)
    assert (opening.state, opening.held_until) == (State.REQUESTED, LATER)
    full.do(approvals.decide, opening.id, accept=accept, actor=MARTA, now=NOON)

    assert state_of(full, entry) is becomes


# Until when.


def test_an_opening_never_outlives_the_last_moment_of_its_start(full: Book) -> None:
    entry = join(full, wish("20:00", 8, until="20:00"))
    now = rome("19:20")
    free(full, now=now)
    (opening,) = look(full, now)

    assert opening.held_until == rome("19:30")
    assert state_of(full, entry) is EntryState.OFFERED


@pytest.mark.parametrize("before", [MINUTE * 4, timedelta()])
def test_nothing_is_given_that_could_not_be_answered_in_time(full: Book, before: timedelta) -> None:
    entry = join(full, wish("20:00", 8, until="20:00"))
    now = rome("19:30") - before
    free(full, now=now)

    assert look(full, now) == []
    assert look(full, rome("19:30")) == []
    closed = entry_of(full, entry)
    assert (closed.state, closed.ended_at) == (EntryState.CLOSED, rome("19:30"))
    assert awaited(full, rome("23:00")) == []


def test_a_later_start_of_the_window_is_given_when_the_first_is_too_near(full: Book) -> None:
    join(full, wish("20:00", 8, until="20:30"))
    free(full, now=rome("18:00"))
    free(full, "22:00", now=rome("18:00"))
    assert [o.starts_at for o in look(full, rome("19:28"))] == [rome("20:15")]


def test_at_night_it_is_held_until_the_guest_has_been_told_in_the_morning(book: Book) -> None:
    fill(book, SATURDAY)
    join(book, wish("20:00", 8, SATURDAY))
    now = rome("23:00")
    free(book, "20:00", SATURDAY, now=now)
    (opening,) = look(book, now, SATURDAY)

    assert opening.held_until == rome("09:15", SATURDAY)


def test_who_waits_for_tonight_is_told_tonight(full: Book) -> None:
    join(full, wish("22:00", 8))
    now = rome("20:45")
    free(full, "22:00", now=now)

    assert [o.held_until for o in look(full, now)] == [now + timedelta(minutes=15)]


def test_what_would_be_over_before_the_guest_can_be_told_is_not_held(database: Database) -> None:
    book = Book.opened(
        database,
        service_periods=[period(first_seating="09:00", last_seating="10:00", closes="12:30")],
    )
    book.reserve(wish("09:00", 8, SATURDAY), "900")
    join(book, wish("09:00", 8, SATURDAY, until="09:30"), "200")
    join(book, wish("09:00", 8, SATURDAY, until="10:00"), "201")
    now = rome("04:00", SATURDAY)
    free(book, "09:00", SATURDAY, now=now)

    assert [o.starts_at for o in look(book, now, SATURDAY)] == [rome("09:45", SATURDAY)]


def test_entries_follow_their_evening_when_the_hours_of_the_house_change(book: Book) -> None:
    late = period(last_seating="01:00", closes="03:00")
    with book.database.transaction() as db:
        data = venue_data(service_periods=[late])
        book = Book(
            book.database, venues.load(db, VenueFile.model_validate(data), data, now=NOON).venue
        )
    book.reserve(wish("00:30", 8, SATURDAY), "900")
    entry = join(book, wish("00:30", 8, SATURDAY, until="00:45"))
    assert entry.service_date == FRIDAY
    with book.database.transaction() as db:
        early = period(first_seating="00:00", last_seating="01:00", closes="03:00")
        data = venue_data(service_periods=[early])
        venues.load(db, VenueFile.model_validate(data), data, keep_reservations=True, now=NOON)

    assert entry_of(book, entry).service_date == SATURDAY


def the_book(book: Book) -> list[Reservation]:
    with book.database.reading() as db:
        return lookups.fetch(db)
