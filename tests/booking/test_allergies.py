"""Allergies: kept until a day after the visit, then forgotten with the request that told them."""

from datetime import date, datetime, timedelta
from functools import partial
from threading import Event

import sqlalchemy as sa
from races import PATIENCE, once_others_wait, race
from restaurants import FRIDAY, MONDAY, NOON, SATURDAY, Book, rome, wish

from booking import allergies, guests, models, reservations
from booking.allergies import KEPT
from booking.database import Database
from booking.guests import Guest
from booking.lookups import Reservation

NUTS = "allergic to nuts"


def hold(book: Book, request: str, day: date = FRIDAY) -> Reservation:
    return book.hold(wish(day=day), request=request)


def note(book: Book, guest_id: int, text: str, until: datetime, *, now: datetime = NOON) -> None:
    with book.database.transaction() as db:
        allergies.note(db, guest_id, text, until=until, now=now)


def forget(book: Book, now: datetime) -> None:
    with book.database.transaction() as db:
        allergies.forget(db, now=now)


def got(book: Book, guest_id: int) -> Guest:
    with book.database.reading() as db:
        return guests.get(db, guest_id)


def noted_at(book: Book, visit: Reservation) -> datetime:
    """Note the allergy of a visit; when it is to be forgotten."""
    until = visit.ends_at + KEPT
    note(book, visit.guest_id, NUTS, until)
    return until


def test_what_is_told_later_is_added_and_the_latest_visit_counts(book: Book) -> None:
    ada = book.guest()
    late, early = NOON + timedelta(days=3), NOON + timedelta(days=2)
    note(book, ada, NUTS, late)
    note(book, ada, "no eggs", early)
    note(book, ada, NUTS, early)
    known = got(book, ada)
    assert (known.allergies, known.allergies_until) == (f"{NUTS}; no eggs", late)

    note(book, ada, "no milk", late + timedelta(days=9), now=late)  # what is over is not told again
    known = got(book, ada)
    assert (known.allergies, known.allergies_until) == ("no milk", late + timedelta(days=9))


def test_a_day_after_the_visit_nothing_of_it_is_left(book: Book) -> None:
    visit = hold(book, f"a pram; {NUTS}")
    other = book.hold(wish(day=SATURDAY), request="window")
    stranger = book.hold(wish("21:00"), "200", request="allergic to eggs")
    until = noted_at(book, visit)

    forget(book, until - timedelta(seconds=1))
    assert got(book, visit.guest_id).allergies == NUTS
    assert book.get(visit).request == f"a pram; {NUTS}"

    forget(book, until)
    known = got(book, visit.guest_id)
    assert (known.allergies, known.allergies_until) == (None, None)
    assert book.get(visit).request is None
    assert book.get(other).request == "window"
    assert book.get(stranger).request == "allergic to eggs"  # nobody has noted theirs


def test_each_visit_is_forgotten_in_its_time(book: Book) -> None:
    first, second = hold(book, NUTS), hold(book, f"window, {NUTS}", SATURDAY)
    early, late = noted_at(book, first), noted_at(book, second)

    forget(book, early)
    assert (book.get(first).request, book.get(second).request) == (None, f"window, {NUTS}")
    assert got(book, first.guest_id).allergies == NUTS

    forget(book, late)
    assert book.get(second).request is None
    assert got(book, first.guest_id).allergies is None


def test_what_nobody_swept_is_forgotten_before_more_is_told(book: Book) -> None:
    visit = hold(book, NUTS)
    until = noted_at(book, visit)
    note(book, visit.guest_id, "no milk", until + timedelta(days=9), now=until)

    assert got(book, visit.guest_id).allergies == "no milk"
    assert book.get(visit).request is None


def test_a_visit_that_was_moved_keeps_them_until_it_is_over(book: Book) -> None:
    visit = book.reserve(wish())
    book.do(reservations.amend, visit.id, wish(), request=NUTS, now=NOON)
    until = noted_at(book, book.get(visit))
    moved = book.do(reservations.amend, visit.id, wish(day=SATURDAY), actor="staff:M", now=NOON)

    forget(book, until)
    assert book.get(visit).request == NUTS
    assert got(book, visit.guest_id).allergies_until == moved.ends_at + KEPT

    forget(book, moved.ends_at + KEPT)
    assert (book.get(visit).request, got(book, visit.guest_id).allergies) == (None, None)


def test_who_waits_for_a_table_is_forgotten_as_well(book: Book) -> None:
    ada, row = book.guest(), models.WaitlistEntry
    new = sa.insert(row).values(
        venue_id=book.venue.id,
        guest_id=ada,
        state="waiting",
        party_size=2,
        service_date=FRIDAY,
        starts_from=rome("19:00"),
        starts_to=rome("21:00"),
        request=NUTS,
        source="sms",
        created_at=NOON,
        look_at=NOON,
        wished_at=rome("20:00"),
    )
    with book.database.transaction() as db:
        db.execute(new)
    note(book, ada, NUTS, rome("21:00") + KEPT)
    forget(book, rome("21:00", SATURDAY))

    with book.database.reading() as db:
        assert db.execute(sa.select(row.request)).scalar_one() is None


def test_a_letter_and_its_accent_are_found_however_they_were_typed(book: Book) -> None:
    visit = hold(book, "allergica alle noci, perche\u0301")
    note(book, visit.guest_id, "noci, perch\u00e9", visit.ends_at + KEPT)
    forget(book, rome("12:00", MONDAY))

    assert book.get(visit).request is None


def test_what_somebody_is_changing_is_forgotten_the_next_time(
    postgres_database: Database,
) -> None:
    book = Book.opened(postgres_database)
    visit = hold(book, NUTS)
    until = noted_at(book, visit)
    is_locked, is_over = Event(), Event()

    def change() -> None:
        with book.database.transaction() as db:
            row = models.Reservation
            db.execute(sa.select(row.id).where(row.id == visit.id).with_for_update())
            is_locked.set()
            assert is_over.wait(PATIENCE)

    def forgotten() -> str | None:
        assert is_locked.wait(PATIENCE)
        forget(book, until)
        is_over.set()
        return got(book, visit.guest_id).allergies

    _, kept = race(change, forgotten)
    assert kept == NUTS  # else nobody would know what is left to forget
    forget(book, until)
    assert (book.get(visit).request, got(book, visit.guest_id).allergies) == (None, None)


def test_two_who_tell_at_once_are_both_heard(postgres_database: Database) -> None:
    book = Book.opened(postgres_database)
    ada, told = book.guest(), ("no eggs", "no milk")
    with once_others_wait(book.database, "UPDATE guest SET allergies", 1):
        race(*(partial(note, book, ada, text, NOON + KEPT) for text in told))

    assert {*(got(book, ada).allergies or "").split("; ")} == {*told}
