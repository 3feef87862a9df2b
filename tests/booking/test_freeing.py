"""Whoever frees a place has it looked for, on both databases; whoever takes one has not."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from restaurants import FRIDAY, NOON, SATURDAY, Book, rome, table, venue_data, wish
from waitlists import WINDOW, awaited, fill, free, join, look, party_at

from booking import (
    approvals,
    closings,
    expiry,
    host_stand,
    lookups,
    reservations,
    turns,
    venues,
)
from booking.database import Database
from booking.lookups import Reservation
from booking.venue_file import VenueFile

MARTA = "staff:Marta"


def let_go(book: Book, now: datetime) -> None:
    book.do(reservations.release, last(book).id, now=now)


def run_out(book: Book, now: datetime) -> None:
    with book.database.transaction() as db:
        expiry.expire_holds(db, now=now)


def declined(book: Book, now: datetime) -> None:
    book.do(approvals.decide, last(book).id, accept=False, actor=MARTA, now=now)


def cancelled(book: Book, now: datetime) -> None:
    free(book, now=now)


def moved_away(book: Book, now: datetime) -> None:
    book.do(reservations.amend, party_at(book).id, wish("20:00", 8, SATURDAY), now=now)


def shrunk(book: Book, now: datetime) -> None:
    book.do(reservations.amend, party_at(book).id, wish("20:00", 5), now=now)


def not_come(book: Book, now: datetime) -> None:
    book.do(turns.no_show, party_at(book).id, actor=MARTA, now=now)


def finished(book: Book, now: datetime) -> None:
    number = party_at(book).id
    book.do(turns.seat, number, actor=MARTA, now=rome("20:00"))
    book.do(turns.finish, number, actor=MARTA, now=now)


def opened(book: Book, now: datetime) -> None:
    tables = [book.venue.floor.tables[0].id]
    span = (rome("20:00"), rome("21:00"))
    ids = book.do(closings.close, tables, *span, actor=MARTA, now=now)
    book.do(closings.lift, ids, actor=MARTA, now=now)


def unpinned(book: Book, now: datetime) -> None:
    for pinned in (True, False):
        book.do(host_stand.pin, party_at(book).id, pinned=pinned, actor=MARTA, now=now)


def reloaded(book: Book, now: datetime) -> None:
    data = venue_data(tables=[*venue_data()["tables"], table("T5", 12, 5)])
    with book.database.transaction() as db:
        venues.load(db, VenueFile.model_validate(data), data, now=now)


SOON = NOON + timedelta(minutes=5)
TONIGHT = rome("20:30")
FREEING: dict[Callable[[Book, datetime], None], datetime] = {
    **dict.fromkeys((let_go, run_out, declined, cancelled, moved_away, shrunk), SOON),
    **dict.fromkeys((opened, unpinned, reloaded), SOON),
    **dict.fromkeys((not_come, finished), TONIGHT),
}
#: What is held or asked for besides, to be let go.
BESIDES = {let_go: wish("20:00", 2), run_out: wish("20:00", 2), declined: wish("20:00", 9)}


@pytest.mark.parametrize("act", FREEING, ids=lambda act: act.__name__)
def test_whoever_frees_a_place_has_it_looked_for(
    database: Database, act: Callable[[Book, datetime], None]
) -> None:
    book = Book.opened(database, tables=[*venue_data()["tables"], table("T9", 12, 9)])
    fill(book)
    if act in BESIDES:
        held = book.hold(BESIDES[act], "900", now=NOON + timedelta(seconds=act is let_go))
        if act is declined:
            book.do(reservations.confirm, held.id, now=NOON)
    join(book, wish("21:00", 8, until="22:00"))
    look(book, FREEING[act] - timedelta(seconds=1))
    assert awaited(book, FREEING[act]) == []
    act(book, FREEING[act])

    assert awaited(book, FREEING[act]) == [FRIDAY]


def test_a_hold_and_its_yes_have_nothing_looked_for(book: Book) -> None:
    fill(book)
    join(book, WINDOW)
    look(book)
    book.reserve(wish("20:00", 2), "900")

    assert awaited(book) == []


def last(book: Book) -> Reservation:
    with book.database.reading() as db:
        return max(lookups.fetch(db), key=lambda r: r.id)
