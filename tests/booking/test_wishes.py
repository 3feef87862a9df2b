"""Which table a party gets: what it wishes for, for whom tables are kept, how long they rest."""

from datetime import timedelta
from typing import Any

import pytest
from restaurants import FRIDAY, NOON, Book, a_venue, period, rome, table, wish

from booking import host_stand, reservations
from booking.availability import Offer, check
from booking.database import Database
from booking.errors import NoAvailability, Reason
from booking.floor import Audience
from booking.lookups import Reservation
from booking.rules import Refusal
from booking.seating import Stay

ADA = "staff:Ada"
ROOMS: dict[str, Any] = {
    "combinations": [],
    "tables": [
        table("T1"),
        {**table("T2"), "section": "Terrace", "attributes": ["outdoor"]},
        {**table("T3"), "section": "Terrace", "attributes": ["outdoor", "quiet"]},
        {**table("T4", 8, 5), "attributes": ["quiet"]},
    ],
}
KEPT: dict[str, Any] = {
    "combinations": [],
    "tables": [
        table("T1"),
        {**table("T2"), "kept_for": "house"},
        {**table("T3"), "kept_for": "walk_ins"},
    ],
}


def prefer(book: Book, party: Reservation, *features: str) -> Reservation:
    return book.do(reservations.prefer, party.id, frozenset(features), now=NOON)


def kept(book: Book, party: Reservation) -> tuple[list[str], set[str], set[str]]:
    """Its tables, what it wished for and has, and what it has not."""
    stands = book.get(party)
    return book.tables(stands), set(stands.features), set(stands.unmet)


# Wishes.


@pytest.mark.parametrize(
    ("features", "size", "stands"),
    [
        ((), 2, (["T1"], set(), set())),
        (
            ("terrace",),
            2,
            (["T2"], {"terrace"}, set()),
        ),  # not the quiet one: that is wished for too
        (("outdoor", "quiet"), 2, (["T3"], {"outdoor", "quiet"}, set())),
        (("high",), 2, (["T1"], set(), {"high"})),
        (("quiet", "terrace"), 6, (["T4"], {"quiet"}, {"terrace"})),
    ],
)
def test_a_wish_is_met_where_it_can_be_and_noted_where_not(
    sqlite_database: Database,
    features: tuple[str, ...],
    size: int,
    stands: tuple[list[str], set[str], set[str]],
) -> None:
    book = Book.opened(sqlite_database, **ROOMS)
    party = book.reserve(wish(size=size, features=features))

    assert kept(book, party) == stands


def test_a_wish_is_not_met_at_the_cost_of_one_that_is_promised(book: Book) -> None:
    book = Book.opened(book.database, **ROOMS)
    first = book.reserve(wish(features=["quiet"]))
    second = book.reserve(wish(features=["quiet"]), "200")

    assert kept(book, first) == (["T3"], {"quiet"}, set())
    assert kept(book, second) == (["T1"], set(), {"quiet"})


def test_who_wishes_for_nothing_gives_way_to_who_does(book: Book) -> None:
    book = Book.opened(book.database, **ROOMS)
    parties = [book.reserve(wish(), str(guest)) for guest in range(2)]
    quiet = book.reserve(wish(features=["terrace", "quiet"]), "200")

    assert kept(book, quiet)[1:] == ({"terrace", "quiet"}, set())
    assert {*kept(book, parties[0])[0], *kept(book, parties[1])[0]} == {"T1", "T2"}


def test_a_wish_that_comes_later_moves_its_party_and_adds_to_the_first(book: Book) -> None:
    book = Book.opened(book.database, **ROOMS)
    party = book.reserve(wish(features=["terrace"]))
    moved = prefer(book, party, "quiet")

    assert kept(book, party) == (["T3"], {"terrace", "quiet"}, set())
    assert (moved.starts_at, moved.version) == (party.starts_at, party.version)
    assert book.events(party)[-1]["kind"] == "moved"


def test_a_wish_that_comes_too_late_is_noted_and_moves_nobody(book: Book) -> None:
    book = Book.opened(book.database, **ROOMS)
    first = book.reserve(wish(features=["quiet"]))
    second = book.reserve(wish(), "200")
    prefer(book, second, "quiet")

    assert kept(book, second) == (["T1"], set(), {"quiet"})
    assert kept(book, first)[0] == ["T3"]


def test_who_is_pinned_stays_whatever_is_wished_for(book: Book) -> None:
    book = Book.opened(book.database, **ROOMS)
    party = book.reserve(wish())
    book.do(host_stand.pin, party.id, pinned=True, actor=ADA, now=NOON)
    prefer(book, party, "terrace")

    assert kept(book, party) == (["T1"], set(), {"terrace"})


def test_who_is_given_a_table_has_what_it_has_and_not_what_was_promised(book: Book) -> None:
    book = Book.opened(book.database, **ROOMS)
    party = book.reserve(wish(features=["terrace", "quiet"]))
    for table_id, stands in (
        (1, (["T1"], set(), {"terrace", "quiet"})),
        (2, (["T2"], {"terrace"}, {"quiet"})),
    ):
        ids = [book.venue.floor.tables[table_id - 1].id]
        book.do(host_stand.assign, party.id, ids, actor=ADA, now=NOON)
        assert kept(book, party) == stands


def test_a_change_keeps_the_wish(book: Book) -> None:
    book = Book.opened(book.database, **ROOMS)
    book.reserve(wish("20:00", features=["quiet"]), "200")
    party = book.reserve(wish("18:00", features=["quiet"]))
    book.do(reservations.amend, party.id, wish("20:30"), now=NOON)
    assert kept(book, party) == (["T1"], set(), {"quiet"})

    book.do(reservations.amend, party.id, wish("21:30"), now=NOON)
    assert kept(book, party) == (["T3"], {"quiet"}, set())


# Kept tables.


@pytest.mark.parametrize(
    ("audience", "most"), [(Audience.GUEST, 1), (Audience.STAFF, 2), (Audience.WALK_IN, 3)]
)
def test_tables_are_kept_for_walk_ins_and_for_the_house(audience: Audience, most: int) -> None:
    venue = a_venue(**KEPT)
    tables = {entry.id for entry in venue.floor.tables}
    place = venue.floor.places(2, audience)

    assert {n for each in place for n in each.table_ids} == set(sorted(tables)[:most])


def test_a_guest_is_refused_while_a_kept_table_is_free(book: Book) -> None:
    book = Book.opened(book.database, **KEPT)
    book.reserve(wish("19:00"))
    with pytest.raises(NoAvailability) as refused:
        book.hold(wish("19:00"), "200")
    assert refused.value.reason is Reason.NO_TABLE

    staff: dict[str, Any] = {"source": "staff", "actor": ADA}
    entered = book.do(host_stand.enter, wish("19:00"), book.guest("300"), now=NOON, **staff)
    assert book.tables(entered) == ["T2"]
    with pytest.raises(NoAvailability):
        book.do(host_stand.enter, wish("19:00"), book.guest("400"), now=NOON, **staff)
    walk_in = book.do(host_stand.walk_in, 2, book.guest("500"), actor=ADA, now=rome("19:01"))
    assert book.tables(walk_in) == ["T3"]


def test_who_is_moved_is_not_moved_to_a_kept_table(book: Book) -> None:
    floor = [table("T1", 4, 1), {**table("T2"), "kept_for": "house"}]
    book = Book.opened(book.database, combinations=[], tables=floor)
    pair = book.hold(wish())

    with pytest.raises(NoAvailability):
        book.hold(wish(size=4), "200")
    assert book.tables(book.get(pair)) == ["T1"]


# A table rests between two parties.


@pytest.mark.parametrize(
    ("at", "can_be_had"),
    [("17:30", True), ("17:45", False), ("20:45", False), ("21:00", True)],
)
def test_a_table_rests_between_two_parties(
    sqlite_database: Database, at: str, *, can_be_had: bool
) -> None:
    book = Book.opened(
        sqlite_database,
        combinations=[],
        tables=[table("T1")],
        policy={"buffer_minutes": 15},
        service_periods=[period(first_seating="17:00")],
    )
    book.hold(wish("19:15"))  # until 20:45, and the one before it until 19:00
    if can_be_had:
        assert book.hold(wish(at), "200")
    else:
        with pytest.raises(NoAvailability):
            book.hold(wish(at), "200")


# Larger tables for larger parties.


def test_two_get_an_eight_only_when_nothing_smaller_is_free(book: Book) -> None:
    floor = [table("T8", 8), table("T4", 4), table("T2")]
    book = Book.opened(book.database, combinations=[], tables=floor)

    pairs = [book.hold(wish(), str(guest)) for guest in range(3)]
    assert [book.tables(pair) for pair in pairs] == [["T2"], ["T4"], ["T8"]]


def test_two_get_no_eight_while_others_can_move_so_that_something_smaller_is_free(
    book: Book,
) -> None:
    floor = [table("T8", 8), table("T4", 4), table("T2")]
    book = Book.opened(book.database, combinations=[], tables=floor)
    gone, after = book.reserve(wish("20:00"), "1"), book.reserve(wish("20:00"), "2")
    book.do(reservations.cancel, gone.id, now=NOON)
    before = book.reserve(wish("18:00"), "3")
    assert (book.tables(before), book.tables(after)) == (["T2"], ["T4"])

    between = book.reserve(wish("19:00"), "4")
    assert "T8" not in {book.tables(book.get(pair))[0] for pair in (before, between, after)}


SIZES = [table("T1"), table("T2"), *(table(f"F{number}", 4) for number in range(4))]


@pytest.mark.parametrize(
    ("policy", "pairs", "size", "day", "is_refused"),
    [
        ({}, 5, 2, 7, False),  # off unless it is asked for
        ({"small_party_percent": 25}, 2, 2, 7, False),  # both small tables, and one in four
        ({"small_party_percent": 25}, 3, 2, 7, True),
        ({"small_party_percent": 25}, 3, 1, 7, True),
        ({"small_party_percent": 25}, 3, 3, 7, False),  # they are who it is for
        ({"small_party_percent": 25}, 3, 2, 1, False),  # by then anybody may have them
        ({"small_party_percent": 25, "small_party_hours": 12}, 3, 2, 1, True),
        ({"small_party_percent": 50}, 3, 2, 7, False),
    ],
)
def test_larger_tables_are_kept_for_larger_parties_for_a_while(
    policy: dict[str, int], pairs: int, size: int, day: int, *, is_refused: bool
) -> None:
    venue = a_venue(combinations=[], tables=SIZES, policy=policy)
    date = FRIDAY + timedelta(days=day)
    begin, end = rome("19:00", date), rome("20:30", date)
    stays = [Stay(number, 2, begin, end, (number,)) for number in range(1, pairs + 1)]
    found = check(venue, stays, wish("20:15", size, date), now=NOON)

    assert found == Refusal(reason=Reason.SMALL_PARTIES) if is_refused else isinstance(found, Offer)
    later = check(venue, stays, wish("20:30", size, date), now=NOON)
    assert isinstance(later, Offer)
