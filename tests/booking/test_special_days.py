"""Days with periods of their own, from the venue file or set by the staff."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from restaurants import FRIDAY, MONDAY, NOON, Book, period, rome, seatings, wish

from booking import special_days, venues
from booking.errors import BadVenueFile, NoAvailability, Reason, ReservationsAhead
from booking.venue import Venue

ADA = "staff:Ada"


def gala(*times: str, **changes: Any) -> dict[str, Any]:
    return {key: value for key, value in seatings(*times, **changes).items() if key != "days"}


def set_gala(book: Book, day: date = FRIDAY, *times: str, **how: Any) -> Book:
    periods = [gala(*(times or ("18:30", "21:30")))]
    venue = book.do(special_days.set_periods, day, periods, name="Gala", actor=ADA, now=NOON, **how)
    return Book(book.database, venue)


def loaded(book: Book) -> Venue:
    with book.database.reading() as db:
        return venues.get(db, book.venue.id)


def test_a_special_day_of_the_file_replaces_the_periods_of_its_weekday(book: Book) -> None:
    day = {"date": FRIDAY.isoformat(), "service_periods": [gala("18:30", "21:30")]}
    monday = {"date": MONDAY.isoformat(), "service_periods": [gala("19:00")]}
    house = Book.opened(book.database, special_days=[day, monday])

    assert [slot.minutes for slot in house.venue.slots_on(FRIDAY)] == [1110, 1290]
    with pytest.raises(NoAvailability) as refused:
        house.hold(wish("19:00"))
    assert refused.value.reason is Reason.SEATINGS
    assert refused.value.fields["times"] == (time(18, 30), time(21, 30))
    assert [offer.starts_at for offer in refused.value.nearest][:1] == [rome("18:30")]
    assert house.hold(wish("19:00", day=MONDAY))  # a day off, every other week


def test_the_staff_may_set_one_and_take_it_away_again(book: Book) -> None:
    house = set_gala(book)
    assert loaded(book).special_days == house.venue.special_days
    assert loaded(book).revision != book.venue.revision
    assert house.hold(wish("21:30"))
    with pytest.raises(NoAvailability, match="seatings"):
        house.hold(wish("20:00"))

    plain = book.do(special_days.clear, FRIDAY, now=NOON, keep_reservations=True)
    assert plain.special_days == {}
    assert loaded(book).revision == book.venue.revision


def test_what_the_staff_have_set_stands_before_the_file_and_outlives_a_reload(book: Book) -> None:
    set_gala(book)
    day = {"date": FRIDAY.isoformat(), "service_periods": [gala("12:00")]}
    house = Book.opened(book.database, special_days=[day])

    assert [slot.minutes for slot in house.venue.slots_on(FRIDAY)] == [1110, 1290]
    assert loaded(book) == house.venue


def test_reservations_that_it_contradicts_are_told_and_it_is_not_set(book: Book) -> None:
    booked = book.reserve(wish("20:00"))
    with pytest.raises(ReservationsAhead) as ahead:
        set_gala(book)

    assert [c.code for c in ahead.value.contradictions] == [booked.code]
    assert loaded(book).special_days == {}
    assert set_gala(book, keep_reservations=True).venue.special_days


@pytest.mark.parametrize(
    ("periods", "reason"),
    [
        ([], "must list at least 1"),
        ([gala("21:00", "18:00")], "lies before the last seating"),
        ([gala("22:00", turn_minutes=[{"minutes": 1440}])], "runs into a later date"),
        ([period()], "unknown key"),
    ],
)
def test_periods_that_no_venue_file_could_have_are_refused(
    book: Book, periods: list[dict[str, Any]], reason: str
) -> None:
    before = book.rows()
    with pytest.raises(BadVenueFile, match=reason):
        book.do(special_days.set_periods, FRIDAY, periods, actor=ADA, now=NOON)

    assert book.rows() == before


def test_a_file_that_runs_into_a_day_of_the_staff_is_refused(book: Book) -> None:
    set_gala(book, FRIDAY, "12:00")
    with pytest.raises(BadVenueFile, match="begins before the night before it is over"):
        Book.opened(book.database, service_periods=[period(turn_minutes=[{"minutes": 60 * 16}])])


def test_a_night_before_that_is_not_over_is_refused(book: Book) -> None:
    late = [gala("23:00", turn_minutes=[{"minutes": 60 * 16}])]
    book.do(special_days.set_periods, FRIDAY - timedelta(days=4), late, actor=ADA, now=NOON)
    with pytest.raises(BadVenueFile, match="begins before the night before it is over"):
        set_gala(book, FRIDAY - timedelta(days=3), "12:00")
