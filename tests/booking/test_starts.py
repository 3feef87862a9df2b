"""All starts of a date: the same that a wish for each of them would get."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from restaurants import FRIDAY, MONDAY, NOON, SATURDAY, Book, a_venue, period, rome, wish

from booking import looking
from booking.availability import Offer, check
from booking.seating import NOBODY, Stay
from booking.starts import starts_on

HOUSE = a_venue(service_periods=[period(pacing_covers=8)], policy={"buffer_minutes": 10})


@st.composite
def stays(draw: st.DrawFn) -> Stay:
    begin = rome("18:00") + timedelta(minutes=15 * draw(st.integers(-4, 20)))
    number, size = draw(st.sampled_from([(NOBODY, 0), (1, 2), (2, 4)]))
    tables = draw(st.sets(st.integers(1, 4), min_size=1, max_size=2))
    length = timedelta(minutes=draw(st.sampled_from([45, 90, 120])))
    return Stay(number, size, begin, begin + length, tuple(sorted(tables)))


@given(st.lists(stays(), max_size=8), st.integers(1, 13))
def test_the_starts_of_a_date_are_those_that_a_wish_would_get(taken: list[Stay], size: int) -> None:
    now = rome("18:40")
    found = {slot.starts_at for slot in starts_on(HOUSE, taken, size, FRIDAY, now=now)}
    wished = {
        offer.starts_at
        for slot in HOUSE.slots_on(FRIDAY)
        if isinstance(
            offer := check(
                HOUSE, taken, wish(HOUSE.local(slot.starts_at).time().isoformat(), size), now=now
            ),
            Offer,
        )
    }
    assert found == wished


@pytest.mark.parametrize(
    ("day", "size"), [(MONDAY, 2), (FRIDAY - timedelta(days=1), 2), (FRIDAY, 13)]
)
def test_where_nothing_can_be_had_there_are_no_starts(day: date, size: int) -> None:
    assert list(starts_on(HOUSE, [], size, day, now=NOON)) == []


def test_the_starts_are_read_from_the_book(book: Book) -> None:
    book.reserve(wish("19:00", 8))
    with book.database.reading() as db:
        found = looking.starts(db, book.venue, 8, FRIDAY, now=NOON)

    assert found == (rome("21:00"), rome("21:15"), rome("21:30"), rome("21:45"), rome("22:00"))


def test_the_next_starts_go_on_over_full_and_closed_days(book: Book) -> None:
    for at in ("18:00", "20:00"):
        book.reserve(wish(at, 8))
    book.reserve(wish("20:00", 8, SATURDAY))
    with book.database.reading() as db:
        found = looking.next_starts(db, book.venue, 8, FRIDAY, limit=4, now=NOON)
        few = looking.next_starts(db, book.venue, 8, FRIDAY, days=1, now=NOON)

    assert few == (rome("22:00"),)
    assert found == (
        rome("22:00"),
        rome("18:00", SATURDAY),
        rome("22:00", SATURDAY),
        rome("18:00", SATURDAY + timedelta(days=1)),
    )
