"""What a party wishes for later: met where that can be, and not told to be met elsewhere."""

from typing import Any

from restaurants import NOON, Book, rome, table, wish

from booking import host_stand, reservations, turns, undo
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


def test_who_is_seated_elsewhere_is_not_said_to_have_what_is_only_there(
    sqlite_database: Database,
) -> None:
    book = Book.opened(sqlite_database, tables=TABLES, combinations=[])
    party = book.reserve(wish("21:00", features=TERRACE))
    there = book.do(host_stand.walk_in, 2, book.guest("2"), actor="staff:Ada", now=rome("19:00"))
    book.do(host_stand.assign, there.id, party.table_ids, actor="staff:Ada", now=rome("19:00"))
    party = book.do(turns.seat, party.id, actor="staff:Ada", now=rome("19:05"))

    assert (book.tables(party), party.features, party.unmet) == (["inside"], (), ("terrace",))
    party = book.do(undo.take_back, party.id, actor="staff:Ada", now=rome("19:06"))
    assert book.tables(party) == ["inside"]
