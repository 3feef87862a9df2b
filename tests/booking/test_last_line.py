"""The database itself refuses two live occupancies of one table. Nothing relies on it."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from restaurants import SATURDAY, Book, rome, wish

from booking import models
from booking.lookups import Reservation

SEATS = models.Occupancy
MINUTE = timedelta(minutes=1)


@pytest.fixture
def seated(book: Book) -> Reservation:
    """A party that sits at T1 from 19:00 to 20:30."""
    return book.reserve(wish())


def occupy(
    book: Book,
    of: Reservation,
    begin: datetime,
    end: datetime,
    *,
    table_id: int | None = None,
    live: bool = True,
) -> int:
    values = {
        "venue_id": of.venue_id,
        "reservation_id": of.id,
        "table_id": table_id or of.table_ids[0],
        "starts_at": begin,
        "ends_at": end,
        "live": live,
    }
    with book.database.transaction() as db:
        return int(db.execute(sa.insert(SEATS).values(values).returning(SEATS.id)).scalar_one())


def change(book: Book, number: int, **values: object) -> None:
    with book.database.transaction() as db:
        db.execute(sa.update(SEATS).where(SEATS.id == number).values(**values))


OVERLAPS = [
    ("19:00", "20:30"),
    ("18:00", "22:00"),
    ("19:30", "20:00"),
    ("17:30", "19:01"),
    ("20:29", "21:59"),
]
APART = [("17:30", "19:00"), ("20:30", "22:00")]


@pytest.mark.parametrize(("begin", "end"), OVERLAPS)
def test_a_second_live_occupancy_is_refused(
    book: Book, seated: Reservation, begin: str, end: str
) -> None:
    before = book.rows()
    with pytest.raises(sa.exc.IntegrityError, match="ex_occupancy_live"):
        occupy(book, seated, rome(begin), rome(end))

    assert book.rows() == before


@pytest.mark.parametrize(("begin", "end"), APART)
def test_back_to_back_is_not_refused(book: Book, seated: Reservation, begin: str, end: str) -> None:
    assert occupy(book, seated, rome(begin), rome(end))


def test_another_table_another_day_and_what_is_over_are_not_refused(
    book: Book, seated: Reservation
) -> None:
    other = next(i for i in book.venue.floor.names if i not in seated.table_ids)

    assert occupy(book, seated, rome("19:00"), rome("20:30"), table_id=other)
    assert occupy(book, seated, rome("19:00", SATURDAY), rome("20:30", SATURDAY))
    assert occupy(book, seated, rome("19:00"), rome("20:30"), live=False)


@pytest.mark.parametrize(("begin", "end"), OVERLAPS)
def test_what_is_over_cannot_come_to_life_on_a_table_that_is_taken(
    book: Book, seated: Reservation, begin: str, end: str
) -> None:
    over = occupy(book, seated, rome(begin), rome(end), live=False)

    with pytest.raises(sa.exc.IntegrityError, match="ex_occupancy_live"):
        change(book, over, live=True)


def test_no_occupancy_can_be_moved_onto_a_table_or_a_time_that_is_taken(
    book: Book, seated: Reservation
) -> None:
    (taken,) = seated.table_ids
    other = next(i for i in book.venue.floor.names if i != taken)
    later = occupy(book, seated, rome("20:30"), rome("22:00"))
    elsewhere = occupy(book, seated, rome("19:00"), rome("20:30"), table_id=other)

    for number, values in (
        (later, {"starts_at": rome("20:30") - MINUTE}),
        (elsewhere, {"table_id": taken}),
    ):
        with pytest.raises(sa.exc.IntegrityError, match="ex_occupancy_live"):
            change(book, number, **values)
    change(book, later, starts_at=rome("20:30") + MINUTE)  # it is not in its own way
    change(book, elsewhere, live=False)


def test_a_joined_party_is_refused_for_one_of_its_tables(book: Book, seated: Reservation) -> None:
    both = [entry.id for entry in book.venue.floor.tables[:2]]
    assert seated.table_ids[0] in both
    before = book.rows()
    span = {
        "venue_id": seated.venue_id,
        "reservation_id": seated.id,
        "starts_at": rome("20:00"),
        "ends_at": rome("21:00"),
        "live": True,
    }
    rows = [{**span, "table_id": number} for number in reversed(both)]

    def join() -> None:
        with book.database.transaction() as db:
            db.execute(sa.insert(SEATS), rows)

    with pytest.raises(sa.exc.IntegrityError, match="ex_occupancy_live"):
        join()
    assert book.rows() == before
