"""One person by several contacts: what is linked, who is merged, and what happens meanwhile."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Event

import pytest
import sqlalchemy as sa
from races import ENTERS, PATIENCE, before, once_others_wait, race
from restaurants import FRIDAY, NOON, SATURDAY, Book, rome, wish

from booking import allergies, guests, looks, merging, models, reservations
from booking.database import Database
from booking.errors import UnknownGuest
from booking.guests import Guest
from booking.lookups import Reservation

PHONE = "+393331234567"
UNTIL = NOON + timedelta(days=2)


def by_phone(book: Book, name: str | None = None, *, verified: bool = True) -> Guest:
    with book.database.transaction() as db:
        return guests.meet(db, book.venue.id, "sms", PHONE, name=name, verified=verified, now=NOON)


def by_chat(book: Book, name: str | None = None) -> Guest:
    with book.database.transaction() as db:
        return guests.meet(db, book.venue.id, "telegram", "100", name=name, verified=True, now=NOON)


def link(book: Book, guest: Guest, *, verified: bool = True) -> Guest:
    with book.database.transaction() as db:
        return merging.link(db, book.venue.id, guest.id, "sms", PHONE, verified=verified, now=NOON)


def addresses(guest: Guest) -> list[str]:
    return [contact.address for contact in guest.contacts]


def waits(book: Book, guest: Guest) -> int:
    row = models.WaitlistEntry
    new = sa.insert(row).values(
        venue_id=book.venue.id,
        guest_id=guest.id,
        state="waiting",
        party_size=2,
        service_date=FRIDAY,
        starts_from=rome("19:00"),
        starts_to=rome("21:00"),
        source="sms",
        created_at=NOON,
        look_at=NOON,
        wished_at=rome("20:00"),
    )
    with book.database.transaction() as db:
        return int(db.execute(new.returning(row.id)).scalar_one())


def test_a_number_that_nobody_has_becomes_a_contact(book: Book) -> None:
    ada = link(book, by_chat(book), verified=False)
    assert [contact.verified_at for contact in ada.contacts] == [NOON, None]

    assert [contact.verified_at for contact in link(book, ada).contacts] == [NOON, NOON]
    assert link(book, ada) == link(book, ada)


def test_a_number_of_somebody_else_that_is_only_said_to_be_theirs_changes_nothing(
    book: Book,
) -> None:
    other, ada = by_phone(book), by_chat(book)
    before_it = book.rows()

    assert link(book, ada, verified=False) == ada
    assert book.rows() == before_it
    assert by_phone(book) == other


@pytest.mark.parametrize("order", [(by_phone, by_chat), (by_chat, by_phone)])
def test_a_proved_number_of_another_guest_makes_the_two_one(
    book: Book, order: Sequence[Callable[[Book, str], Guest]]
) -> None:
    for meet, name in zip(order, ("First", "Second"), strict=True):
        meet(book, name)
    phone, chat = by_phone(book), by_chat(book)
    visit = book.do(reservations.place_hold, wish(), phone.id, source="sms", now=NOON)
    other = book.do(
        reservations.place_hold, wish(day=SATURDAY), chat.id, source="telegram", now=NOON
    )
    waiting = waits(book, phone)
    with book.database.transaction() as db:
        guests.annotate(db, phone.id, "likes table 4")
        guests.annotate(db, chat.id, "birthday in May")
        guests.set_vip(db, phone.id, is_vip=True)
        guests.speak(db, phone.id, "it")
        allergies.note(db, phone.id, "nuts", until=UNTIL, now=NOON)
        allergies.note(db, chat.id, "eggs", until=UNTIL + timedelta(days=1), now=NOON)

    one = link(book, chat)
    older = min(phone.id, chat.id)
    assert (one.id, one.name) == (older, "First")
    assert (one.channel, one.address) == ("telegram", "100")  # where they have just written from
    assert sorted(addresses(one)) == sorted([PHONE, "100"])
    assert {*(one.note or "").split("; ")} == {"likes table 4", "birthday in May"}
    assert (one.is_vip, one.language) == (True, "it")
    assert {*(one.allergies or "").split("; ")} == {"nuts", "eggs"}
    assert one.allergies_until == UNTIL + timedelta(days=1)
    assert {book.get(each).guest_id for each in (visit, other)} == {older}
    with book.database.reading() as db:
        row = models.WaitlistEntry
        assert db.execute(sa.select(row.guest_id).where(row.id == waiting)).scalar() == older
        assert len(looks.read(db, book.venue, [FRIDAY], now=NOON, guest_id=older).visits) == 2
        with pytest.raises(UnknownGuest):
            guests.get(db, max(phone.id, chat.id))
    assert by_phone(book).id == by_chat(book).id == older


def test_allergies_that_are_over_are_forgotten_after_a_merge_as_before(book: Book) -> None:
    phone, chat = by_phone(book), by_chat(book)
    visit = book.do(
        reservations.place_hold, wish(), phone.id, request="no nuts", source="sms", now=NOON
    )
    over = visit.ends_at + allergies.KEPT
    with book.database.transaction() as db:
        allergies.note(db, phone.id, "no nuts", until=over, now=NOON)
    with book.database.transaction() as db:
        one = merging.link(db, book.venue.id, chat.id, "sms", PHONE, verified=True, now=over)
        assert one.allergies_at(over) is None
        allergies.forget(db, now=over)
        assert guests.get(db, one.id).allergies is None
    assert book.get(visit).request is None


def test_nobody_is_merged_with_themselves_or_with_nobody(book: Book) -> None:
    ada = by_chat(book)
    with book.database.transaction() as db:
        assert merging.merge(db, ada.id, ada.id) == ada
    for pair in ((ada.id, 999), (999, ada.id)):
        with book.database.transaction() as db, pytest.raises(UnknownGuest):
            merging.merge(db, *pair)


# A merge while the other channel of the same person holds a table.


def held_meanwhile(book: Book, met: Callable[[], object] = lambda: None) -> Reservation:
    """What an exchange by text message does, with something in the middle of it."""
    with book.database.transaction() as db:
        guest = guests.meet(db, book.venue.id, "sms", PHONE, verified=True, now=NOON)
        met()
        return reservations.place_hold(db, book.venue, wish(), guest.id, source="sms", now=NOON)


def race_of_merge_and_hold(book: Book) -> list[object]:
    """The hold's exchange has met its guest when the merge begins."""
    chat, _ = by_chat(book), by_phone(book)
    has_met = Event()

    def merged() -> Guest:
        assert has_met.wait(PATIENCE)
        return link(book, chat)

    return race(lambda: held_meanwhile(book, has_met.set), merged)


def test_a_hold_under_way_goes_to_the_guest_who_stays(postgres_database: Database) -> None:
    book = Book.opened(postgres_database)
    with once_others_wait(book.database, ENTERS, 1):
        hold, one = race_of_merge_and_hold(book)

    assert isinstance(hold, Reservation)
    assert isinstance(one, Guest)
    assert hold.guest_id != one.id == book.get(hold).guest_id


def test_control_without_the_lock_the_hold_is_lost(
    postgres_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guests, "_LOCKED_AT", vars(guests)["_AT"])
    book = Book.opened(postgres_database)
    is_merged = Event()
    chat, _ = by_chat(book), by_phone(book)
    has_met = Event()

    def merged() -> Guest:
        assert has_met.wait(PATIENCE)
        one = link(book, chat)
        is_merged.set()
        return one

    def met() -> None:
        has_met.set()
        assert is_merged.wait(PATIENCE)

    hold, one = race(lambda: held_meanwhile(book, met), merged)
    assert isinstance(hold, sa.exc.IntegrityError)
    assert isinstance(one, Guest)


def test_who_comes_while_two_are_merged_waits_and_is_the_one_who_stays(
    postgres_database: Database,
) -> None:
    book = Book.opened(postgres_database)
    chat, _ = by_chat(book), by_phone(book)
    is_merging = Event()

    def came() -> Reservation:
        assert is_merging.wait(PATIENCE)
        return held_meanwhile(book)

    # The merge has locked both when it moves the first row; it goes on once somebody waits.
    with (
        before(book.database, "UPDATE waitlist_entry", is_merging.set),
        once_others_wait(book.database, "DELETE FROM guest ", 1),
    ):
        one, hold = race(lambda: link(book, chat), came)

    assert isinstance(one, Guest)
    assert isinstance(hold, Reservation)
    assert hold.guest_id == one.id
