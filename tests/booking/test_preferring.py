"""What a party wishes for later: met where that can be, and not told to be met elsewhere."""

from typing import Any

from restaurants import NOON, Book, table, wish

from booking import host_stand, reservations
from booking.database import Database

TERRACE = frozenset({"terrace"})
TABLES: list[dict[str, Any]] = [table("inside"), {**table("outside"), "section": "terrace"}]


def test_a_party_gets_the_place_that_it_would_like_better(sqlite_database: Database) -> None:
    book = Book.opened(sqlite_database, tables=TABLES, combinations=[])
    party = book.do(reservations.prefer, book.reserve(wish()).id, TERRACE, now=NOON)

    assert (book.tables(party), party.features, party.unmet) == (["outside"], ("terrace",), ())


def test_a_party_that_is_pinned_stays_and_its_wish_is_not_met(sqlite_database: Database) -> None:
    book = Book.opened(sqlite_database, tables=TABLES, combinations=[])
    party = book.reserve(wish())
    book.do(host_stand.pin, party.id, pinned=True, actor="staff:Ada", now=NOON)
    party = book.do(reservations.prefer, party.id, TERRACE, now=NOON)

    assert (book.tables(party), party.features, party.unmet) == (["inside"], (), ("terrace",))
