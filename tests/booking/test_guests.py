"""Guests: one row a venue and address; a name fills an empty one."""

from restaurants import NOON, Book

from booking import guests
from booking.guests import Guest


def met(book: Book, name: str | None = None, address: str = "100") -> Guest:
    with book.database.transaction() as db:
        return guests.meet(db, book.venue.id, "telegram", address, name=name, now=NOON)


def test_a_guest_is_entered_once_an_address(book: Book) -> None:
    first = met(book)

    assert met(book) == first
    assert met(book, address="200").id != first.id
    with book.database.transaction() as db:
        by_sms = guests.meet(db, book.venue.id, "sms", "100", now=NOON)
        assert by_sms.id != first.id
        assert guests.get(db, first.id) == first


def test_a_name_fills_an_empty_one_and_never_overwrites(book: Book) -> None:
    assert met(book).name is None
    assert met(book, "Ada").name == "Ada"
    assert met(book, "Bert").name == "Ada"
    assert met(book).name == "Ada"


def test_a_guest_may_be_renamed(book: Book) -> None:
    guest = met(book, "Ada")
    with book.database.transaction() as db:
        guests.rename(db, guest.id, "Ada Lovelace")

    assert met(book).name == "Ada Lovelace"


def test_the_same_address_is_another_guest_at_another_venue(book: Book) -> None:
    other = Book.opened(book.database, restaurant={"slug": "alba"})

    assert met(book, "Ada").id != met(other).id
    assert met(other).name is None
