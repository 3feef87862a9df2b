"""Joining the waitlist and leaving it: who may wait, for what, and in which order."""

from datetime import timedelta

import pytest
from restaurants import FRIDAY, MONDAY, NOON, SATURDAY, Book, period, rome, wish
from waitlists import (
    LARGE,
    WINDOW,
    entry_of,
    fill,
    free,
    in_line,
    join,
    look,
    state_of,
    try_to_join,
)

from booking import waiting, waitlist
from booking.availability import Offer
from booking.database import Database
from booking.errors import NoAvailability, Reason
from booking.rules import Wish
from booking.waiting import Entry, EntryState


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: here it makes no difference."""
    return sqlite_database


@pytest.fixture
def full(book: Book) -> Book:
    """Aurora with its only large table taken all evening."""
    fill(book)
    return book


def span(book: Book, entry: Entry) -> tuple[str, str]:
    ends = (book.venue.local(at) for at in (entry.starts_from, entry.starts_to))
    first, last = (f"{end:%H:%M}" for end in ends)
    return first, last


def of_guest(book: Book, guest: str = "200") -> list[Entry]:
    number = book.guest(guest)
    with book.database.reading() as db:
        return waiting.of_guest(db, book.venue.id, number, now=NOON)


def test_a_party_waits_for_the_window_it_names(full: Book) -> None:
    entry = join(full, WINDOW)

    assert span(full, entry) == ("19:00", "21:00")
    assert (entry.state, entry.party_size, entry.service_date) == ("waiting", 8, FRIDAY)
    assert of_guest(full) == [entry]


def test_without_a_window_it_waits_an_hour_to_each_side_within_the_hours(full: Book) -> None:
    assert span(full, join(full, LARGE)) == ("19:00", "21:00")
    assert span(full, join(full, wish("21:40", 8), "201")) == ("20:45", "22:00")


def test_it_does_not_wait_for_times_that_it_was_offered_and_did_not_want(book: Book) -> None:
    book.reserve(wish("20:00", 8))  # from 18:15 to 21:45 nobody else can begin
    book.reserve(wish("18:00", 8))
    entry = join(book, wish("21:00", 8))

    assert span(book, entry) == ("20:00", "21:45")
    assert isinstance(try_to_join(book, wish("21:00", 8, until="22:00")), Offer)


def test_where_there_is_a_place_nobody_waits(book: Book) -> None:
    found = try_to_join(book, LARGE)

    assert isinstance(found, Offer)
    assert found.starts_at == rome("20:00")
    assert of_guest(book) == []


def test_a_time_between_two_slots_is_near_enough_to_wait_for(full: Book) -> None:
    assert span(full, join(full, wish("20:10", 8))) == ("19:15", "21:00")


@pytest.mark.parametrize(
    ("wished", "reason"),
    [
        (wish("20:00", 8, MONDAY), Reason.CLOSED),
        (wish("20:00", 8, FRIDAY - timedelta(days=1)), Reason.PAST),
        (wish("20:00", 8, FRIDAY + timedelta(days=61)), Reason.TOO_FAR),
        (wish("20:00", 13), Reason.TOO_LARGE),
        (wish("15:00", 8), Reason.OUTSIDE_HOURS),
        (wish("15:00", 8, until="17:00"), Reason.OUTSIDE_HOURS),
    ],
)
def test_nobody_waits_for_what_can_never_be_had(full: Book, wished: Wish, reason: Reason) -> None:
    with pytest.raises(NoAvailability) as refused:
        try_to_join(full, wished)

    assert refused.value.reason is reason
    assert of_guest(full) == []


def test_nobody_waits_for_a_start_that_is_too_near(full: Book) -> None:
    now = rome("20:45")

    entry = join(full, wish("21:00", 8), now=now)
    assert span(full, entry) == ("21:15", "22:00")
    with pytest.raises(NoAvailability) as refused:
        try_to_join(full, wish("21:00", 8, until="21:00"), now=now)
    assert refused.value.reason is Reason.TOO_SOON


def test_a_party_that_the_pacing_never_lets_in_does_not_wait(database: Database) -> None:
    paced = Book.opened(database, service_periods=[period(pacing_covers=4)])

    with pytest.raises(NoAvailability) as refused:
        try_to_join(paced, LARGE)
    assert refused.value.reason is Reason.PACING


def test_who_joins_again_waits_for_the_new_wish_in_the_old_place(full: Book) -> None:
    first, second = join(full, WINDOW, "200"), join(full, WINDOW, "201")
    again = join(full, wish("20:00", 7, until="22:00"), "200")

    assert again.id == first.id
    assert (again.party_size, span(full, again)) == (7, ("20:00", "22:00"))
    assert of_guest(full) == [again]
    assert [e.id for e in in_line(full)] == [first.id, second.id]


def test_a_party_that_grows_goes_to_the_end_of_the_line(full: Book) -> None:
    first, second = join(full, wish("19:00", 7, until="21:00"), "200"), join(full, WINDOW, "201")
    again = join(full, WINDOW, "200")

    assert [e.id for e in in_line(full)] == [second.id, again.id]
    assert state_of(full, first) is EntryState.LEFT


def test_a_guest_may_wait_for_several_dates_but_not_for_all(database: Database) -> None:
    strict = Book.opened(database, policy={"max_open_reservations": 2})
    days = [FRIDAY, SATURDAY, SATURDAY + timedelta(days=1)]
    for day in days:
        fill(strict, day)
    for day in days[:2]:
        join(strict, wish("20:00", 8, day))

    assert [e.service_date for e in of_guest(strict)] == days[:2]
    with pytest.raises(NoAvailability) as refused:
        try_to_join(strict, wish("20:00", 8, days[2]))
    assert refused.value.reason is Reason.TOO_MANY


def test_who_leaves_waits_no_more(full: Book) -> None:
    entry = join(full, WINDOW)
    full.do(waitlist.leave, entry, now=NOON)
    full.do(waitlist.leave, entry, now=NOON)

    assert (state_of(full, entry), entry_of(full, entry).ended_at) == ("left", NOON)
    assert of_guest(full) == []
    assert look(full) == []


def test_who_leaves_lets_go_what_was_held(full: Book) -> None:
    entry, other = join(full, WINDOW, "200"), join(full, WINDOW, "201")
    free(full, "20:00")
    (opening,) = look(full)
    full.do(waitlist.leave, entry, now=NOON)

    assert (state_of(full, entry), full.get(opening).state) == ("left", "cancelled")
    assert [o.guest_id for o in look(full)] == [other.guest_id]
