"""Closed tables and pauses: nobody is put there, and nobody who is expected is put out."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from races import ENTERS, before, once_others_wait, race
from restaurants import NOON, SATURDAY, Book, rome, wish

from booking import closings, host_stand, looking, reservations
from booking.errors import NoAvailability, Reason, TablesTaken
from booking.lookups import Reservation

Act = Callable[[], object]

ADA = "staff:Ada"
SPAN = (rome("19:00"), rome("21:00"))


def close(book: Book, *names: str, span: tuple[datetime, datetime] = SPAN) -> list[int]:
    ids = [t.id for t in book.venue.floor.tables if t.name in names]
    return book.do(closings.close, ids, *span, actor=ADA, now=NOON)


def test_nobody_is_seated_at_a_closed_table_while_it_is_closed(book: Book) -> None:
    close(book, "T4")

    with pytest.raises(NoAvailability) as refused:
        book.hold(wish("20:30", 10))
    assert refused.value.reason is Reason.NO_TABLE
    assert refused.value.nearest[0].starts_at == rome("21:00")
    with pytest.raises(NoAvailability):  # whoever asks
        book.do(host_stand.enter, wish("20:30", 10), book.guest(), source="x", actor=ADA, now=NOON)
    assert book.tables(book.hold(wish("21:00", 10))) == ["T4"]


def test_a_combination_needs_all_its_tables_open(book: Book) -> None:
    close(book, "T2", "T3")

    with pytest.raises(NoAvailability, match="no_table"):
        book.hold(wish(size=4))


def test_a_table_where_somebody_is_expected_is_not_closed(book: Book) -> None:
    there = book.reserve(wish("18:00", 10))
    before = book.rows()
    with pytest.raises(TablesTaken) as taken:
        close(book, "T1", "T4")

    assert [r.id for r in taken.value.reservations] == [there.id]
    assert book.rows() == before
    assert close(book, "T4", span=(there.ends_at, rome("23:00")))


def test_a_hold_that_ran_out_is_nobody(book: Book) -> None:
    book.hold(wish(size=10), now=NOON - timedelta(minutes=5))

    assert close(book, "T4")


def test_a_pause_refuses_new_starts_in_its_time_and_leaves_the_rest(book: Book) -> None:
    there = book.reserve(wish("19:30"))
    close(book)

    with pytest.raises(NoAvailability) as refused:
        book.hold(wish("19:30"), "other")
    assert refused.value.reason is Reason.PAUSED
    assert all(not SPAN[0] <= o.starts_at < SPAN[1] for o in refused.value.nearest)
    assert book.get(there) == there
    assert book.hold(wish("18:45"), "other")  # it sits into the pause, but does not begin in it
    assert book.hold(wish("21:00"), "other")
    assert book.hold(wish("19:30", day=SATURDAY), "other")


def test_closings_can_be_lifted_and_set_again(book: Book) -> None:
    ids = close(book, "T4")
    book.do(closings.lift, ids, actor="staff:Bo", now=NOON)
    assert book.do(closings.ahead, now=NOON) == []

    book.do(closings.close_again, ids, now=NOON)
    assert [c.id for c in book.do(closings.ahead, now=NOON)] == ids
    assert book.do(closings.ahead, now=SPAN[1]) == []


def test_a_closing_is_not_set_again_over_somebody(book: Book) -> None:
    ids = close(book, "T4")
    book.do(closings.lift, ids, actor=ADA, now=NOON)
    book.reserve(wish(size=10))

    with pytest.raises(TablesTaken):
        book.do(closings.close_again, ids, now=NOON)


def test_an_evening_knows_the_closings_that_touch_it(book: Book) -> None:
    (number,) = close(book, "T4")

    assert [c.id for c in book.do(closings.between, rome("20:59"), rome("23:00"))] == [number]
    assert book.do(closings.between, SPAN[1], rome("23:00")) == []


@pytest.fixture
def rivals(postgres_database: Any) -> tuple[Book, Act, Act]:
    """A guest who wants the largest table, and the staff who close it, on PostgreSQL."""
    book = Book.opened(postgres_database)
    book.do(closings.lift, close(book), actor=ADA, now=NOON)  # the rows of the lock are there
    guest = book.guest("rival")
    hold = partial(reservations.place_hold, source="sms", now=NOON)
    table = next(t.id for t in book.venue.floor.tables if t.name == "T4")
    return (
        book,
        partial(book.do, hold, wish(size=10), guest),
        partial(book.do, closings.close, [table], *SPAN, actor=ADA, now=NOON),
    )


def test_a_table_is_held_or_closed_never_both(rivals: tuple[Book, Act, Act]) -> None:
    book, hold, close_it = rivals
    with once_others_wait(book.database, (*ENTERS, "INSERT INTO closing"), 1):
        ends = race(hold, close_it)

    is_held = isinstance(ends[0], Reservation)
    assert is_held != bool(book.do(closings.ahead, now=NOON))
    assert isinstance(ends[1] if is_held else ends[0], TablesTaken | NoAvailability)


def test_control_without_the_lock_it_is_both(
    rivals: tuple[Book, Act, Act], monkeypatch: pytest.MonkeyPatch
) -> None:
    book, hold, close_it = rivals
    monkeypatch.setattr(looking, "lock_service_dates", lambda *_: None)
    with before(book.database, ENTERS, close_it):
        hold()

    assert book.do(closings.ahead, now=NOON)


# Whoever was to sit at a table that is closed.


def test_who_was_to_sit_there_gets_another_table_and_never_hears_of_it(book: Book) -> None:
    party = book.reserve(wish(size=2))
    assert book.tables(party) == ["T1"]
    close(book, "T1")

    assert book.tables(book.get(party)) == ["T2"]
    moved = book.events(party)[-1]
    assert (moved["kind"], moved["actor"], moved["before"]["tables"]) == ("moved", "house", ["T1"])
    assert book.get(party).version == party.version


def test_who_sits_or_is_pinned_there_stays_and_the_table_stays_open(book: Book) -> None:
    party = book.reserve(wish(size=2))
    book.do(host_stand.pin, party.id, pinned=True, actor=ADA, now=NOON)
    with pytest.raises(TablesTaken) as taken:
        close(book, "T1")

    assert [r.id for r in taken.value.reservations] == [party.id]
    assert book.do(closings.ahead, now=NOON) == []


def test_a_table_that_is_closed_may_be_closed_for_longer(book: Book) -> None:
    close(book, "T1")
    close(book, "T1", "T2")

    assert len(book.do(closings.ahead, now=NOON)) == 3
