"""Guests: one row a person, found by any of their contacts."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from races import race, together_at
from restaurants import NOON, Book
from sqlalchemy.engine import Connection

from booking import guests, merging, models
from booking.database import Database
from booking.errors import UnknownGuest
from booking.guests import Guest

PHONE = "+393331234567"


def met(book: Book, name: str | None = None, address: str = "100", **more: Any) -> Guest:
    channel = "sms" if address.startswith("+") else "telegram"
    with book.database.transaction() as db:
        return guests.meet(db, book.venue.id, channel, address, name=name, now=NOON, **more)


def linked(book: Book, guest: Guest, *, verified: bool) -> Guest:
    with book.database.transaction() as db:
        return merging.link(db, book.venue.id, guest.id, "sms", PHONE, verified=verified, now=NOON)


def got(book: Book, guest: Guest) -> Guest:
    with book.database.reading() as db:
        return guests.get(db, guest.id)


def rows(db: Connection, table: type[models.Guest | models.GuestContact]) -> int:
    return db.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_a_guest_is_entered_once_an_address(book: Book) -> None:
    first = met(book)

    assert met(book) == first
    assert met(book, address="200").id != first.id
    with book.database.transaction() as db:
        by_sms = guests.meet(db, book.venue.id, "sms", "100", now=NOON)
        assert by_sms.id != first.id
        assert guests.get(db, first.id) == first
        assert guests.at(db, book.venue.id, "telegram", "100") == first
        assert guests.at(db, book.venue.id, "telegram", "999") is None


def test_a_name_and_a_language_fill_empty_ones_and_never_overwrite(book: Book) -> None:
    assert (met(book).name, met(book).language) == (None, None)
    for name, language in (("Ada", "en"), ("Bert", "it")):
        guest = met(book, name, language=language)
        assert (guest.name, guest.language) == ("Ada", "en")


def test_what_the_staff_know_of_a_guest_can_be_written_and_taken_away(book: Book) -> None:
    guest = met(book, "Ada")
    with book.database.transaction() as db:
        guests.rename(db, guest.id, "Ada Lovelace")
        guests.speak(db, guest.id, "it")
        guests.annotate(db, guest.id, "likes table 4")
        guests.set_vip(db, guest.id, is_vip=True)
    known = got(book, guest)
    assert (known.name, known.language, known.note) == ("Ada Lovelace", "it", "likes table 4")
    assert known.is_vip

    with book.database.transaction() as db:
        guests.annotate(db, guest.id, None)
        guests.set_vip(db, guest.id, is_vip=False)
    assert (got(book, guest).note, got(book, guest).is_vip) == (None, False)


def test_the_same_address_is_another_guest_at_another_venue(book: Book) -> None:
    other = Book.opened(book.database, restaurant={"slug": "alba"})

    assert met(book, "Ada").id != met(other).id
    assert met(other).name is None


def test_a_contact_is_verified_by_the_first_message_from_it_and_stays_so(book: Book) -> None:
    (said,) = met(book, address=PHONE).contacts
    assert said.verified_at is None

    (proved,) = met(book, address=PHONE, verified=True).contacts
    with book.database.transaction() as db:
        later = NOON + timedelta(days=1)
        again = guests.meet(db, book.venue.id, "sms", PHONE, verified=True, now=later)
    assert [proved.verified_at] == [NOON] == [c.verified_at for c in again.contacts]


def test_a_guest_is_written_to_where_they_wrote_from_last(book: Book) -> None:
    guest = linked(book, met(book, verified=True), verified=True)
    assert guest.address == "100"

    assert met(book, address=PHONE, verified=True).address == PHONE
    assert met(book).address == PHONE  # nobody has written from there
    again = met(book, verified=True)
    assert (again.id, again.channel, again.address) == (guest.id, "telegram", "100")


def test_whoever_writes_from_a_number_that_was_only_said_to_be_a_guests_is_somebody_else(
    book: Book,
) -> None:
    guest = linked(book, met(book, "Ada", verified=True), verified=False)
    assert [contact.address for contact in guest.contacts] == ["100", PHONE]
    stranger = met(book, "Eve", PHONE, verified=True)

    assert (stranger.id != guest.id, stranger.name) == (True, "Eve")
    assert [contact.address for contact in got(book, guest).contacts] == ["100"]


def test_a_guest_who_was_written_to_at_such_a_number_is_written_to_elsewhere(book: Book) -> None:
    typed = met(book, "Ada", PHONE)
    with book.database.transaction() as db:
        merging.link(db, book.venue.id, typed.id, "telegram", "100", verified=True, now=NOON)
    met(book, "Eve", PHONE, verified=True)

    assert (got(book, typed).address, met(book).id) == ("100", typed.id)


def test_a_guest_is_found_by_whole_words_of_the_name(book: Book) -> None:
    ada, anna = met(book, "Ada Nossi"), met(book, "Anna Rossi", "200")
    emil = met(book, "\u00c9mile Rossi", "300")
    met(Book.opened(book.database, restaurant={"slug": "alba"}), "Ada Nossi")
    with book.database.reading() as db:

        def found(name: str) -> list[int]:
            return [g.id for g in guests.named(db, book.venue.id, name, limit=9)]

        assert found("nossi ADA") == [ada.id]
        assert found("rossi") == [emil.id, anna.id]
        assert found("\u00e9mile") == [emil.id]
        assert [found(none) for none in ("ross", "rossi no", "%", "")] == [[]] * 4
        assert len(guests.named(db, book.venue.id, "rossi", limit=1)) == 1


def test_a_guest_there_is_not_has_a_name_of_its_own_as_an_error(book: Book) -> None:
    with book.database.reading() as db, pytest.raises(UnknownGuest):
        guests.get(db, 7)


def test_allergies_count_while_they_are_kept(book: Book) -> None:
    ada = met(book)
    with book.database.transaction() as db:
        known = {"allergies": "nuts", "allergies_until": NOON}
        db.execute(sa.update(models.Guest).where(models.Guest.id == ada.id).values(**known))

    assert got(book, ada).allergies_at(NOON - timedelta(seconds=1)) == "nuts"
    assert got(book, ada).allergies_at(NOON) is None


def test_texts_are_joined_once() -> None:
    assert guests.joined("nuts; eggs", None, "eggs", "milk") == "nuts; eggs; milk"
    assert guests.joined(None, "") is None


# Two at once.

FIRST_OF_TWO = "INSERT INTO guest ("


def test_two_who_meet_somebody_new_at_once_meet_the_same_guest(
    postgres_database: Database,
) -> None:
    book = Book.opened(postgres_database)
    with together_at(book.database, FIRST_OF_TWO, 2):
        one, two = race(lambda: met(book, "Ada"), lambda: met(book, "Ada"))

    assert isinstance(one, Guest)
    assert one == two
    with book.database.reading() as db:
        assert (rows(db, models.Guest), rows(db, models.GuestContact)) == (1, 1)


def test_control_without_the_guard_one_of_two_fails(
    postgres_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guests, "insert_new", lambda _db, model, *_: sa.insert(model))
    book = Book.opened(postgres_database)
    with together_at(book.database, FIRST_OF_TWO, 2):
        ends = race(lambda: met(book), lambda: met(book))

    assert {type(end) for end in ends} == {Guest, sa.exc.IntegrityError}


def test_who_meets_a_number_while_it_is_linked_meets_its_guest(
    postgres_database: Database,
) -> None:
    book = Book.opened(postgres_database)
    ada = met(book, "Ada", verified=True)
    with together_at(book.database, "INSERT INTO guest_contact", 2):
        ends = race(lambda: linked(book, ada, verified=True), lambda: met(book, address=PHONE))

    assert all(isinstance(end, Guest) for end in ends)
    assert met(book, address=PHONE).id == ada.id
    with book.database.reading() as db:
        assert (rows(db, models.Guest), rows(db, models.GuestContact)) == (1, 2)
