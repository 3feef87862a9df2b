"""Loading venue files: what contradicts reservations ahead is refused, or kept on request."""

import threading
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from races import PATIENCE, before, once_others_wait, race
from restaurants import (
    FRIDAY,
    NOON,
    SATURDAY,
    Book,
    open_venue,
    period,
    rome,
    table,
    venue_data,
    wish,
)

from booking import approvals, guests, imports, models, reservations, venues
from booking import database as rooms
from booking.database import Database
from booking.errors import NoAvailability, Reason, ReservationsAhead
from booking.expiry import expire_holds
from booking.imports import Entry
from booking.venue import Venue
from booking.venue_file import VenueFile

SUNDAY = FRIDAY + timedelta(days=2)
DINNER_TILL_ONE = period(last_seating="01:00", closes="03:00")
#: Reservations ahead, the changes they forbid, and why.
CONTRADICTIONS: list[tuple[dict[str, Any], str]] = [
    ({"tables": venue_data()["tables"][1:], "combinations": []}, "a table of it is gone"),
    (
        {"tables": [table("T1", 1), *venue_data()["tables"][1:]]},
        "T1 would no longer take a party of 2",
    ),
    (
        {"tables": [table("T1", 4, min_covers=3), *venue_data()["tables"][1:]]},
        "T1 would no longer take a party of 2",
    ),
    ({"closures": [{"date": FRIDAY.isoformat()}]}, "the date is closed"),
    ({"service_periods": [period(first_seating="19:30")]}, "nobody is seated at that time"),
    ({"service_periods": [period(last_seating="18:45")]}, "nobody is seated at that time"),
    ({"service_periods": [period(days=["sat"])]}, "nobody is seated at that time"),
    ({"service_periods": [period(slot_minutes=50)]}, "nobody begins at that time any more"),
    ({"restaurant": {"timezone": "Europe/London"}}, "the time zone changes"),
]


def reload(book: Book, *, keep: bool = False, now: Any = NOON, **changes: Any) -> Venue:
    with book.database.transaction() as db:
        return open_venue(db, keep=keep, now=now, **changes)


def refused(book: Book, now: Any = NOON, **changes: Any) -> list[tuple[str, str]]:
    before = book.rows()
    with pytest.raises(ReservationsAhead) as ahead:
        reload(book, now=now, **changes)
    assert book.rows() == before
    assert ahead.value.slug == "aurora"
    return [(c.code, c.reason) for c in ahead.value.contradictions]


def test_a_contradiction_tells_whom_to_ring_and_the_time_the_guest_was_told(
    database: Database,
) -> None:
    book = Book.opened(database)
    booked = book.reserve(wish("19:00", 2), "100")
    with pytest.raises(ReservationsAhead) as ahead:
        reload(book, restaurant={"timezone": "Asia/Tokyo"})

    (told,) = ahead.value.contradictions
    assert (told.code, told.party_size) == (booked.code, 2)
    assert (told.channel, told.address) == ("telegram", "100")
    assert f"{told.starts_at:%Y-%m-%d %H:%M %Z}" == "2026-11-20 19:00 CET"


def test_a_venue_is_created_with_its_tables_and_found_again(database: Database) -> None:
    with database.transaction() as db:
        data = venue_data()
        loaded = venues.load(db, VenueFile.model_validate(data), data, now=NOON)
    with database.reading() as db:
        found = venues.get(db, loaded.venue.id)

    assert (loaded.is_new, loaded.changes) == (True, ())
    assert found == loaded.venue
    assert found.floor == loaded.venue.floor
    assert (found.periods, found.policy) == (loaded.venue.periods, loaded.venue.policy)


def test_loading_the_same_file_again_changes_nothing(book: Book) -> None:
    book.reserve(wish())
    before = book.rows()
    data = venue_data()
    with book.database.transaction() as db:
        again = venues.load(db, VenueFile.model_validate(data), data, now=NOON)

    assert (again.is_new, again.changes, again.venue) == (False, (), book.venue)
    assert book.rows() == before


def test_a_changed_file_is_told_and_takes_effect_at_once(book: Book) -> None:
    data = venue_data(policy={"hold_minutes": 9})
    with book.database.transaction() as db:
        loaded = venues.load(db, VenueFile.model_validate(data), data, now=NOON)
    with book.database.reading() as db:
        found = venues.get(db, loaded.venue.id)

    assert loaded.changes == ("+ policy",)
    assert loaded.venue != book.venue
    assert found.policy.hold_minutes == 9


def test_venues_are_listed_by_slug(book: Book) -> None:
    reload(book, restaurant={"slug": "zora"})
    reload(book, restaurant={"slug": "alba"})
    with book.database.reading() as db:
        assert [venue.slug for venue in venues.every(db)] == ["alba", "aurora", "zora"]


@pytest.mark.parametrize(("changes", "reason"), CONTRADICTIONS)
def test_a_file_that_contradicts_a_reservation_ahead_is_refused_with_its_code(
    book: Book, changes: dict[str, Any], reason: str
) -> None:
    ahead = book.reserve(wish())

    assert refused(book, **changes) == [(ahead.code, reason)]


@pytest.mark.parametrize(("changes", "reason"), CONTRADICTIONS)
def test_it_is_loaded_when_reservations_are_to_be_kept(
    book: Book, changes: dict[str, Any], reason: str
) -> None:
    ahead = book.reserve(wish())

    reload(book, keep=True, **changes)

    assert book.get(ahead) == ahead, reason
    assert book.live(ahead) == [True]


def import_one(book: Book, at: time, size: int = 2, *tables: str) -> str:
    """Take one visit over as the old book had it; gives its code."""
    entry = Entry(party_size=size, date=FRIDAY, time=at, who="Odd", tables=tables)
    with book.database.transaction() as db:
        imports.enter(
            db,
            book.venue,
            [entry],
            guest_of=lambda _: guests.meet(db, book.venue.id, "desk", "1", now=NOON).id,
            actor="staff:import",
            now=NOON,
        )
        (code,) = db.execute(sa.select(models.Reservation.code)).scalars()
    return str(code)


def test_what_the_old_rules_did_not_allow_either_is_no_news(book: Book) -> None:
    code = import_one(book, time(19, 7), 1, "T4")  # between two slots, at a table for ten

    assert reload(book)
    assert reload(book, policy={"hold_minutes": 9})
    assert reload(book, service_periods=[period(slot_minutes=50)])
    late = [period(first_seating="19:30")]
    assert refused(book, service_periods=late) == [(code, "nobody is seated at that time")]
    reload(book, keep=True, service_periods=late)
    assert reload(book, service_periods=late, policy={"hold_minutes": 9})
    closed = [{"date": FRIDAY.isoformat()}]
    assert refused(book, service_periods=late, closures=closed) == [(code, "the date is closed")]


def test_a_combination_that_is_gone_is_refused(book: Book) -> None:
    book.reserve(wish(size=3))  # at T3
    joined = book.reserve(wish(size=3))

    assert book.tables(joined) == ["T1", "T2"]
    assert refused(book, combinations=[]) == [
        (joined.code, "T1 + T2 would no longer take a party of 3")
    ]


def test_every_reservation_that_is_contradicted_is_listed(book: Book) -> None:
    first, second = book.reserve(wish("18:00")), book.hold(wish("20:00"))
    book.reserve(wish("20:00", day=SATURDAY))

    assert refused(book, closures=[{"date": FRIDAY.isoformat()}]) == [
        (first.code, "the date is closed"),
        (second.code, "the date is closed"),
    ]


def test_requests_count_and_what_is_over_does_not(book: Book) -> None:
    request = book.reserve(wish("19:00", 10))
    cancelled = book.reserve(wish())
    book.do(reservations.cancel, cancelled.id, now=NOON)
    declined = book.reserve(wish("21:30", 10))
    book.do(approvals.decide, declined.id, accept=False, actor="staff:Ada", now=NOON)
    closed: dict[str, Any] = {"closures": [{"date": FRIDAY.isoformat()}]}

    assert refused(book, **closed) == [(request.code, "the date is closed")]
    assert reload(book, now=request.ends_at, **closed)


def test_a_hold_that_ran_out_contradicts_nothing(book: Book) -> None:
    hold = book.hold(wish())
    assert hold.held_until

    assert refused(
        book,
        now=hold.held_until - timedelta(seconds=1),
        closures=[{"date": FRIDAY.isoformat()}],
    )
    assert reload(book, now=hold.held_until, closures=[{"date": FRIDAY.isoformat()}])


def test_other_venues_reservations_contradict_nothing(book: Book) -> None:
    book.reserve(wish())
    other = Book.opened(book.database, restaurant={"slug": "alba"})

    assert reload(other, restaurant={"slug": "alba"}, closures=[{"date": FRIDAY.isoformat()}])


def test_a_table_that_left_the_file_stays_in_the_history_and_may_return(book: Book) -> None:
    gone = book.reserve(wish())
    book.do(reservations.cancel, gone.id, now=NOON)
    reload(book, tables=venue_data()["tables"][1:], combinations=[])

    assert book.get(gone).table_ids == gone.table_ids
    assert reload(book).floor.names == book.venue.floor.names


def test_a_reservation_kept_from_older_hours_still_takes_its_table(book: Book) -> None:
    """00:30 was Friday's; by the new hours it is Saturday's."""
    book = Book(book.database, reload(book, service_periods=[DINNER_TILL_ONE]))
    kept = book.reserve(wish("00:30", 10, SATURDAY))
    assert kept.service_date == FRIDAY
    early = period(first_seating="00:00", last_seating="02:00", closes="04:00")
    book = Book(book.database, reload(book, keep=True, service_periods=[early]))

    assert book.get(kept).service_date == SATURDAY
    with pytest.raises(NoAvailability) as taken:
        book.hold(wish("00:30", 10, SATURDAY))
    assert taken.value.reason is Reason.NO_TABLE


def test_a_reservation_kept_from_another_zone_still_takes_its_table(book: Book) -> None:
    kept = book.reserve(wish("19:00", 10))
    book = Book(book.database, reload(book, keep=True, restaurant={"timezone": "Asia/Tokyo"}))
    around_the_clock = [
        period(
            days=["tue", "wed", "thu", "fri", "sat", "sun"],
            first_seating="02:00",
            last_seating="06:00",
            closes="08:00",
        )
    ]
    book = Book(
        book.database,
        reload(
            book,
            keep=True,
            restaurant={"timezone": "Asia/Tokyo"},
            service_periods=around_the_clock,
        ),
    )

    moved = book.get(kept)
    assert (moved.service_date, moved.starts_at) == (SATURDAY, rome("19:00"))
    with pytest.raises(NoAvailability) as taken:
        book.hold(wish("03:00", 10, SATURDAY))  # 19:00 in Rome
    assert taken.value.reason is Reason.NO_TABLE


def test_a_late_yes_to_a_hold_of_older_hours_is_booked_by_the_new_ones(book: Book) -> None:
    early = period(first_seating="00:00", last_seating="02:00", closes="04:00")
    book = Book(book.database, reload(book, service_periods=[early]))
    hold = book.hold(wish("00:30", 10, SATURDAY))
    with book.database.transaction() as db:  # swept before the hours change
        expire_holds(db, now=NOON + timedelta(minutes=5))
    book = Book(book.database, reload(book, service_periods=[DINNER_TILL_ONE]))

    booked = book.do(reservations.confirm, hold.id, now=NOON + timedelta(minutes=6))

    assert (hold.service_date, booked.service_date) == (SATURDAY, FRIDAY)
    assert booked.starts_at == hold.starts_at


def test_two_loads_of_a_new_venue_at_once_take_turns(database: Database) -> None:
    data = venue_data()

    def load() -> bool:
        with database.transaction() as db:
            return venues.load(db, VenueFile.model_validate(data), data, now=NOON).is_new

    assert sorted(map(str, race(*[load] * 5))) == ["False"] * 4 + ["True"]


def test_guests_go_on_holding_tables_while_a_file_is_being_loaded(
    new_postgres: Callable[[], str],
    open_database: Callable[[str], Database],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rooms, "LOCK_TIMEOUT_MS", 30)
    book = Book.opened(open_database(new_postgres()))
    book.reserve(wish())
    with book.database.transaction() as db:
        open_venue(db, policy={"hold_minutes": 9})

        assert book.hold(wish("20:30"), "200")


def test_a_file_is_held_against_where_a_reservation_is_about_to_be(
    postgres_database: Database,
) -> None:
    """A guest moves from 00:30 to Sunday while new hours make 00:30 another date's."""
    book = Book.opened(postgres_database, service_periods=[DINNER_TILL_ONE])
    old = book.reserve(wish("00:30", day=SATURDAY))
    early = period(first_seating="00:00", last_seating="02:00", closes="04:00")
    moved = threading.Event()

    def move() -> None:
        book.do(reservations.amend, old.id, wish("19:00", day=SUNDAY), now=NOON)

    def load() -> None:
        moved.wait(PATIENCE)
        reload(book, keep=True, service_periods=[early])

    with (
        before(book.database, "INSERT INTO booking_event", moved.set),
        once_others_wait(book.database, "INSERT INTO booking_event", 1),
    ):
        assert race(move, load) == [None, None]
    assert book.get(old).service_date == SUNDAY
