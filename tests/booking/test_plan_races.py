"""Eight sessions: one moves a party for a newcomer, seven do something else with that very party.

The seven act when the plan is made and the party not yet moved. Each race has its control beside
it: with the guard taken out a party is moved that sits, was promised its table, has gone or grown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import pytest
from history import (
    Pages,
    everybody_has_room,
    no_table_is_had_twice,
    nobody_is_moved_who_sits_or_is_pinned,
    occupancies_are_live_as_their_states_are,
    the_history_replays_to_what_stands_in_the_book,
)
from races import MOVES, in_between
from restaurants import SATURDAY, Book, rome, table, wish

from booking import host_stand, looking, reservations, turns
from booking.database import Database
from booking.errors import Busy, IllegalStep, NoAvailability, Reason
from booking.lifecycle import LIVE, State
from booking.lookups import Reservation

ADA = "staff:Ada"
RIVALS = 7
START = rome("19:00")
EARLY = START - timedelta(minutes=10)
Rival = Callable[[Book, Reservation], object]


@dataclass(frozen=True)
class Scene:
    """Two sit at the table for four, from 19:00; four want it from 19:15, and the other is free."""

    book: Book
    party: Reservation
    guest: int

    def newcomer(self, now: datetime) -> Callable[[], Reservation]:
        hold = partial(reservations.place_hold, source="sms", now=now)
        return partial(self.book.do, hold, wish("19:15", 4), self.guest)

    def race(self, rival: Rival, now: datetime = START) -> list[object]:
        rivals = [partial(rival, self.book, self.party)] * RIVALS
        return in_between(self.book.database, MOVES, self.newcomer(now), *rivals)

    def stands(self) -> Reservation:
        return self.book.get(self.party)

    def check(self) -> None:
        with self.book.database.reading() as db:
            pages = Pages(db, self.book.venue.id)
        alive = [r for r in pages.every.values() if r.state in LIVE]
        no_table_is_had_twice(alive)
        occupancies_are_live_as_their_states_are(pages)
        nobody_is_moved_who_sits_or_is_pinned(pages)
        everybody_has_room(alive, self.book.venue.floor.every)
        the_history_replays_to_what_stands_in_the_book(pages)


@pytest.fixture
def scene(postgres_database: Database) -> Scene:
    tables = [table("small"), table("large", 4)]
    policy = {"min_notice_minutes": 0, "cancel_cutoff_minutes": 0}
    book = Book.opened(postgres_database, tables=tables, combinations=[], policy=policy)
    first, party = book.reserve(wish(), "1"), book.reserve(wish(), "2")
    book.do(reservations.cancel, first.id, now=START - timedelta(hours=1))
    assert book.tables(party) == ["large"]
    return Scene(book, party, book.guest("3"))


def seat(book: Book, party: Reservation, now: datetime = START) -> object:
    return book.do(turns.seat, party.id, actor=ADA, now=now)


def pin(book: Book, party: Reservation) -> object:
    return book.do(host_stand.pin, party.id, pinned=True, actor=ADA, now=START)


def cancel(book: Book, party: Reservation) -> object:
    return book.do(reservations.cancel, party.id, now=START)


def no_show(book: Book, party: Reservation) -> object:
    return book.do(turns.no_show, party.id, actor=ADA, now=START)


def grow(book: Book, party: Reservation) -> object:
    return book.do(reservations.amend, party.id, wish(size=4), now=EARLY)


STAYING: list[Rival] = [seat, pin]
GOING: list[Rival] = [cancel, no_show]


@pytest.mark.parametrize("rival", STAYING)
def test_who_is_seated_or_pinned_meanwhile_is_not_moved(scene: Scene, rival: Rival) -> None:
    ends = scene.race(rival)

    assert isinstance(ends[0], NoAvailability)
    assert scene.book.tables(scene.stands()) == ["large"]
    scene.check()


@pytest.mark.parametrize("rival", GOING)
def test_who_goes_meanwhile_is_not_moved_back_in(scene: Scene, rival: Rival) -> None:
    ends = scene.race(rival)

    assert isinstance(ends[0], Reservation)
    assert scene.book.tables(ends[0]) == ["large"]
    assert scene.book.live(scene.party) == [False]
    scene.check()


@pytest.mark.parametrize("rival", [*STAYING, *GOING])
def test_control_without_a_lock_of_who_moves_they_are_moved_all_the_same(
    scene: Scene, rival: Rival, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "_lock_movers", lambda *_: True)
    ends = scene.race(rival)

    assert isinstance(ends[0], Reservation)
    assert scene.book.tables(scene.stands()) == ["small"]
    with pytest.raises(AssertionError):
        scene.check()


def test_who_grows_meanwhile_waits_and_is_refused_the_table_that_was_theirs(scene: Scene) -> None:
    ends = scene.race(grow, EARLY)

    assert isinstance(ends[0], Reservation)
    refused = [end.reason for end in ends if isinstance(end, NoAvailability)]
    assert refused == [Reason.NO_TABLE] * RIVALS
    assert (scene.stands().party_size, scene.book.tables(scene.stands())) == (2, ["small"])
    scene.check()


def test_control_without_the_lock_who_has_grown_is_moved_to_a_table_too_small(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "lock_service_dates", lambda *_: None)
    scene.race(grow, EARLY)

    assert (scene.stands().party_size, scene.book.tables(scene.stands())) == (4, ["small"])
    with pytest.raises(AssertionError):
        scene.check()


def test_who_is_seated_before_their_time_waits_for_the_plan_and_not_the_plan_for_them(
    scene: Scene,
) -> None:
    """The date before the row: the other way round each would wait for the other."""
    ends = scene.race(partial(seat, now=EARLY), EARLY)

    assert isinstance(ends[0], Reservation)
    seated = [end for end in ends[1:] if isinstance(end, Reservation)]
    assert [(r.state, scene.book.tables(r)) for r in seated] == [(State.SEATED, ["small"])]
    assert [type(end) for end in ends[1:]].count(IllegalStep) == RIVALS - 1
    scene.check()


def test_who_moves_to_another_date_meanwhile_is_given_no_table_there_without_its_lock(
    scene: Scene,
) -> None:
    book, number = scene.book, scene.party.id
    away = partial(reservations.amend, actor=ADA, now=EARLY)
    given = partial(book.do, host_stand.assign, number, [1], actor=ADA, now=EARLY)
    changed = partial(book.do, away, number, wish(day=SATURDAY))
    ends = in_between(book.database, "SELECT service_day", given, changed)

    assert [type(end) for end in ends] == [Busy, Reservation]
    assert not scene.stands().is_pinned
