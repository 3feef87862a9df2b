"""The waitlist of a book: who joins it, what a look gives, and how each entry stands."""

from datetime import date, datetime
from typing import Any

from restaurants import FRIDAY, NOON, Book, rome, wish

from booking import looking, lookups, models, openings, reservations, waiting, waitlist
from booking.availability import Offer
from booking.lifecycle import LIVE
from booking.lookups import Reservation
from booking.rules import Wish
from booking.waiting import Entry, EntryState

#: T4 takes eight and nothing else does, for two hours from each start.
LARGE = wish("20:00", 8)
WINDOW = wish("19:00", 8, until="21:00")


def fill(book: Book, day: date = FRIDAY) -> None:
    """Take the only large table for a whole evening: at 18:00, 20:00 and 22:00."""
    for at in ("18:00", "20:00", "22:00"):
        book.reserve(wish(at, 8, day), f"{day} {at}")


def free(book: Book, at: str = "20:00", day: date = FRIDAY, *, now: datetime = NOON) -> None:
    """Take the large table from the party that comes at a time."""
    number = party_at(book, at, day).id
    book.do(reservations.cancel, number, actor="staff:Marta", now=now)


def party_at(book: Book, at: str = "20:00", day: date = FRIDAY) -> Reservation:
    """The party that is expected at the large table at a time."""
    row = models.Reservation
    comes = (row.starts_at == rome(at, day), row.party_size == LARGE.party_size)
    with book.database.reading() as db:
        (found,) = lookups.fetch(db, *comes, row.state.in_(LIVE))
    return found


def join(book: Book, wished: Wish, guest: str = "200", **given: Any) -> Entry:
    """Let a guest wait, where there is no place."""
    found = try_to_join(book, wished, guest, **given)
    assert isinstance(found, Entry)
    return found


def try_to_join(
    book: Book, wished: Wish, guest: str = "200", *, source: str = "sms", now: datetime = NOON
) -> Entry | Offer:
    return book.do(waitlist.join, wished, book.guest(guest), source=source, now=now)


def look(book: Book, now: datetime = NOON, day: date = FRIDAY) -> list[Reservation]:
    """Look for places as the scheduler does: only if it is time; the openings."""
    with book.database.transaction() as db:
        looking.lock_and_sweep(db, book.venue, [day], now=now)
        return openings.serve_awaited(db, book.venue, day, now=now)


def entry_of(book: Book, entry: Entry) -> Entry:
    """An entry as it stands now."""
    with book.database.reading() as db:
        (found,) = waiting.fetch(db, models.WaitlistEntry.id == entry.id)
    return found


def in_line(book: Book, day: date = FRIDAY) -> list[Entry]:
    """Who waits for a date, the first in line first."""
    with book.database.reading() as db:
        return waiting.of_date(db, book.venue.id, day)


def state_of(book: Book, entry: Entry) -> EntryState:
    return entry_of(book, entry).state


def awaited(book: Book, now: datetime = NOON) -> list[date]:
    """The dates for which it is time to look."""
    with book.database.reading() as db:
        return [day for _, day in openings.awaited(db, now=now, limit=100)]
