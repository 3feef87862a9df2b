"""A party at its tables: early, late, staying on; who follows there sits elsewhere if need be."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from restaurants import NOON, Book, rome, wish

from booking import host_stand, turns
from booking.errors import IllegalStep, NoAvailability
from booking.lifecycle import State
from booking.lookups import Reservation

ADA = "staff:Ada"
PAIR = wish("19:00")  # until 20:30


def seat(book: Book, party: Reservation, now: datetime) -> Reservation:
    return book.do(turns.seat, party.id, actor=ADA, now=now)


def stay_on(book: Book, party: Reservation, minutes: int, now: datetime) -> Reservation:
    return book.do(turns.stay_on, party.id, minutes, actor=ADA, now=now)


def kinds(book: Book, party: Reservation) -> list[Any]:
    return [event["kind"] for event in book.events(party)]


def test_who_sits_down_on_time_leaves_on_time(book: Book) -> None:
    party = book.reserve(PAIR)

    assert seat(book, party, rome("19:14")).ends_at == party.ends_at


def test_who_sits_down_late_has_the_whole_turn_time_and_who_follows_another_table(
    book: Book,
) -> None:
    party, follows = book.reserve(PAIR), book.reserve(wish("20:30"), "200")
    assert book.tables(party) == book.tables(follows) == ["T1"]
    seated = seat(book, party, rome("19:20"))

    assert seated.ends_at == rome("20:50")
    assert (book.tables(seated), book.tables(book.get(follows))) == (["T1"], ["T2"])
    assert kinds(book, follows)[-1] == "moved"
    assert seated.version == party.version  # nobody is told of anything


def test_who_is_late_keeps_the_old_end_where_nobody_can_give_way(book: Book) -> None:
    party, follows = book.reserve(wish("18:00", 8)), book.reserve(wish("20:00", 8), "200")
    seated = seat(book, party, rome("18:30"))

    assert (seated.state, seated.ends_at) == (State.SEATED, party.ends_at)
    assert book.get(follows) == follows


def test_who_stays_on_keeps_the_table_and_who_follows_gets_another(book: Book) -> None:
    party, follows = book.reserve(PAIR), book.reserve(wish("20:30"), "200")
    seat(book, party, rome("19:00"))
    stays = stay_on(book, party, 30, rome("20:15"))

    assert (stays.ends_at, book.tables(stays)) == (rome("21:00"), ["T1"])
    assert book.tables(book.get(follows)) == ["T2"]
    assert kinds(book, party)[-1] == "stayed_on"


def test_who_has_overstayed_stays_on_from_now(book: Book) -> None:
    party = book.reserve(PAIR)
    seat(book, party, rome("19:00"))

    assert stay_on(book, party, 20, rome("20:45")).ends_at == rome("21:05")


def test_nobody_stays_on_where_a_pinned_party_follows(book: Book) -> None:
    party, follows = book.reserve(PAIR), book.reserve(wish("20:30"), "200")
    book.do(host_stand.pin, follows.id, pinned=True, actor=ADA, now=NOON)
    seat(book, party, rome("19:00"))
    before = book.rows()
    with pytest.raises(NoAvailability):
        stay_on(book, party, 15, rome("20:15"))

    assert book.rows() == before


def test_only_who_sits_stays_on(book: Book) -> None:
    party = book.reserve(PAIR)
    with pytest.raises(IllegalStep):
        stay_on(book, party, 15, rome("19:00"))


def test_a_delay_is_noted_with_its_minutes_and_author(book: Book) -> None:
    party = book.reserve(PAIR)
    late = book.do(turns.run_late, party.id, 20, actor=ADA, now=rome("18:50"))

    assert (late.late_minutes, late.starts_at, late.table_ids) == (
        20,
        party.starts_at,
        party.table_ids,
    )
    assert book.get(party) == late
    assert book.events(party)[-1]["actor"] == ADA
    again = book.do(turns.run_late, party.id, actor="guest", now=rome("18:55"))
    assert again.late_minutes == 20  # how much is not said anew


def test_who_is_over_is_not_late(book: Book) -> None:
    party = book.reserve(PAIR)
    book.do(turns.no_show, party.id, actor=ADA, now=rome("19:30"))
    with pytest.raises(IllegalStep):
        book.do(turns.run_late, party.id, 5, actor=ADA, now=rome("19:31"))


def test_a_party_is_given_tables_and_who_was_to_sit_there_gets_others(book: Book) -> None:
    first, second = book.reserve(PAIR), book.reserve(PAIR, "200")
    assert [book.tables(r) for r in (first, second)] == [["T1"], ["T2"]]
    (t1,) = first.table_ids
    given = book.do(host_stand.assign, second.id, [t1], actor=ADA, now=NOON)

    assert (book.tables(given), given.is_pinned) == (["T1"], True)
    assert book.tables(book.get(first)) == ["T2"]
    assert book.get(given) == given
    assert book.events(given)[-1]["kind"] == "moved"
    with pytest.raises(NoAvailability):
        book.do(host_stand.assign, first.id, [t1], actor=ADA, now=NOON)


def test_a_pinned_party_is_pinned_until_it_is_not(book: Book) -> None:
    party = book.reserve(PAIR)
    for pinned, kind in ((True, "pinned"), (False, "unpinned")):
        book.do(host_stand.pin, party.id, pinned=pinned, actor=ADA, now=NOON)
        assert book.get(party).is_pinned is pinned
        assert kinds(book, party)[-1] == kind


def test_a_finished_party_frees_the_rest_of_its_turn(book: Book) -> None:
    party = book.reserve(wish("19:00", 8))
    seat(book, party, rome("19:00"))
    book.do(turns.finish, party.id, actor=ADA, now=rome("20:00"))

    assert book.hold(wish("20:30", 8), "200", now=rome("20:00") - timedelta(minutes=1))
