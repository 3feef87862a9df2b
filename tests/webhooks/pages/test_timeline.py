"""The book as the page reads it, and the chart of an evening."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from restaurants import FRIDAY, MONDAY, NOON, SATURDAY, Book, rome, wish

from booking import closings, guests
from booking.database import Database
from webhooks.pages import timeline
from webhooks.pages.book import Book as Look
from webhooks.pages.book import read_book


@pytest.fixture
def book(sqlite_database: Database) -> Book:
    return Book.opened(sqlite_database)


def look(book: Book, day: date | None = None, *, now: datetime = NOON) -> Look:
    found = read_book(book.database, day, now=now)
    assert found is not None
    return found


def bars(book: Book, day: date | None = None, *, now: datetime = NOON) -> list[list[Any]]:
    options = timeline.options(look(book, day, now=now), now=now)
    found: list[list[Any]] = options["series"][0]["data"]
    return found


def name_the_guest(book: Book, name: str, address: str = "100") -> None:
    with book.database.transaction() as db:
        guests.rename(db, guests.meet(db, book.venue.id, "telegram", address, now=NOON).id, name)


def test_without_a_venue_there_is_no_book(sqlite_database: Database) -> None:
    assert read_book(sqlite_database, None, now=NOON) is None


def test_after_midnight_it_is_still_last_nights_evening(book: Book) -> None:
    assert look(book, now=NOON).evening.service_date == FRIDAY
    assert look(book, SATURDAY).evening.service_date == SATURDAY
    assert look(book, now=rome("21:00")).tonight == FRIDAY


def test_the_days_are_a_week_from_tonight_or_from_a_day_beyond(book: Book) -> None:
    book.reserve(wish(day=SATURDAY))

    assert list(look(book).days)[0::6] == [FRIDAY, FRIDAY + timedelta(days=6)]
    assert look(book, SATURDAY).days[SATURDAY] == 1
    far = FRIDAY + timedelta(days=30)
    assert next(iter(look(book, far).days)) == far


def test_whose_hold_is_running_is_told_until_it_runs_out(book: Book) -> None:
    held = book.hold(wish())
    assert held.held_until is not None

    (hold,) = look(book).holds.values()
    assert ("telegram", "100") in look(book).holds
    assert hold.left(NOON) == hold.lasts == timedelta(minutes=5)
    assert look(book, now=held.held_until).holds == {}


def test_the_newest_reservation_is_told_with_its_day(book: Book) -> None:
    assert look(book).newest is None
    saturday = book.reserve(wish(day=SATURDAY))
    assert look(book).newest == (saturday.id, SATURDAY)


def test_a_bar_tells_table_times_party_and_state(book: Book) -> None:
    name_the_guest(book, "Anna")
    book.reserve(wish("19:00"))

    ((row, begins, ends, label, state, tip, short),) = bars(book)

    assert (row, begins, ends) == (0, 19 * 60, 20 * 60 + 30)
    assert (label, short, state) == ("2 Anna", "2", "reserved")
    assert "19:00 to 20:30 · T1" in tip


def test_a_joined_party_has_a_bar_at_each_of_its_tables(book: Book) -> None:
    book.reserve(wish(size=4))
    book.reserve(wish(size=4), "200")

    assert sorted(bar[0] for bar in bars(book)) == [0, 1, 2]


def test_a_hold_counts_down_on_its_bar(book: Book) -> None:
    book.hold(wish())

    (bar,) = bars(book, now=NOON + timedelta(seconds=27))

    assert bar[3:5] == ["4:33 · 2 Telegram", "held"]


def test_a_stay_past_midnight_runs_on(book: Book) -> None:
    book.reserve(wish("22:00", 6))
    assert bars(book)[0][1:3] == [22 * 60, 24 * 60]
    assert timeline.span(book.venue, look(book).evening) == (18 * 60, 25 * 60)


def test_markup_in_a_name_or_request_is_shown_as_it_was_written(book: Book) -> None:
    name_the_guest(book, "<img src=x>")
    book.hold(wish(), request="<b>pram</b>")

    tip = bars(book)[0][5]

    assert "&lt;img src=x&gt;" in tip
    assert "&lt;b&gt;pram&lt;/b&gt;" in tip
    assert "<img" not in tip


def test_a_closed_table_is_a_bar_and_a_closed_house_is_an_area(book: Book) -> None:
    for tables in ([book.venue.floor.tables[2].id], []):
        book.do(closings.close, tables, rome("17:00"), rome("21:00"), actor="staff:Ada", now=NOON)

    options = timeline.options(look(book), now=NOON)

    ((row, _, ends, _, state, *_),) = options["series"][0]["data"]
    assert (row, ends, state) == (2, 21 * 60, "shut")
    ((begins, until),) = options["series"][1]["markArea"]["data"]
    assert (begins["xAxis"], until["xAxis"]) == (18 * 60, 21 * 60)


def test_this_moment_is_marked_only_on_tonights_chart(book: Book) -> None:
    now = rome("19:30")

    def line(day: date) -> list[dict[str, int]]:
        found: list[dict[str, int]] = timeline.options(look(book, day, now=now), now=now)["series"][
            1
        ]["markLine"]["data"]
        return found

    assert line(FRIDAY) == [{"xAxis": 19 * 60 + 30}]
    assert line(SATURDAY) == []


def test_a_day_off_still_has_a_chart(book: Book) -> None:
    assert look(book, MONDAY).evening.opens_at is None
    assert bars(book, MONDAY) == []
