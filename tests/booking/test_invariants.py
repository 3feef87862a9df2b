"""The controls of the state machine: each of its checks fails on a book in which it is not so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from book_machine import BookMachine, promises_are_kept, the_pacing_is_kept
from history import (
    Pages,
    everybody_has_room,
    no_table_is_had_twice,
    nobody_is_moved_who_sits_or_is_pinned,
    nobody_sits_at_a_closed_table,
    occupancies_are_live_as_their_states_are,
    the_history_replays_to_what_stands_in_the_book,
)
from machine_line import a_guest_waits_once_a_date, entries_stand_as_their_openings_do
from restaurants import wish

from booking import models, reservations, turns
from booking.database import Database
from booking.errors import NoAvailability, Reason
from booking.events import HOUSE, Kind
from booking.lifecycle import State
from booking.lookups import Reservation
from booking.seating import NOBODY, Stay
from booking.waiting import EntryState

WISH = wish("20:30", 2)
NO_TABLE = NoAvailability(Reason.NO_TABLE)
Check = Callable[[Pages], object]


class Run(BookMachine):
    """A run of the state machine in which two parties are expected; the second is a hold."""

    def __init__(self) -> None:
        super().__init__()
        self.party, self.held = self.hold_one(), self.hold_one()
        self.act(reservations.confirm, self.party.id)

    def hold_one(self) -> Reservation:
        how: dict[str, Any] = {"source": "sms", "accept_second": True}
        held: Reservation = self.act(reservations.place_hold, WISH, self.guests[0], **how)
        return held

    def pages(self) -> Pages:
        with self.database.reading() as db:
            return Pages(db, self.venue.id)

    def corrupt(self, row: Any, *where: Any, **values: Any) -> None:
        with self.database.transaction() as db:
            db.execute(sa.update(row).where(*where).values(**values))

    def fails(self, check: Check, spoil: Callable[[], object]) -> None:
        """The check holds until the book is spoilt; and so says the machine, which makes it."""
        check(self.pages())
        self.the_book_is_a_book()
        spoil()
        with pytest.raises(AssertionError):
            check(self.pages())
        with pytest.raises(AssertionError):
            self.the_book_is_a_book()


@pytest.fixture
def run(sqlite_database: Database) -> Run:
    class Here(Run):
        database = sqlite_database

    return Here()


def test_a_table_that_is_had_twice(run: Run) -> None:
    no_table_is_had_twice(run.alive())
    one, other = run.alive()
    with pytest.raises(AssertionError):
        no_table_is_had_twice([one, replace(other, table_ids=one.table_ids)])


def test_a_party_at_a_closed_table(run: Run) -> None:
    one, other = run.alive()
    closed = Stay(NOBODY, 0, one.starts_at, one.ends_at, one.table_ids)
    nobody_sits_at_a_closed_table([other], [closed])
    with pytest.raises(AssertionError):
        nobody_sits_at_a_closed_table([one], [closed])


def test_more_covers_than_the_pacing_allows(run: Run) -> None:
    one, other = run.alive()
    the_pacing_is_kept([one, replace(other, party_size=4)])
    with pytest.raises(AssertionError):
        the_pacing_is_kept([one, replace(other, party_size=5)])


def row(run: Run) -> Any:
    return models.Reservation.id == run.party.id


def event(run: Run, kind: Kind) -> tuple[Any, ...]:
    told = models.BookingEvent
    return told.reservation_id == run.party.id, told.kind == kind


def test_a_cover_that_is_freed_twice(run: Run) -> None:
    run.cancel(run.party.id, "guest")
    told = models.BookingEvent

    def again() -> None:
        with run.database.transaction() as db:
            (last,) = db.execute(
                sa.select(told.__table__).where(*event(run, Kind.CANCELLED))
            ).mappings()
            db.execute(sa.insert(told).values({**last, "id": None}))

    run.fails(the_history_replays_to_what_stands_in_the_book, again)


REPLAYS: list[dict[str, Any]] = [
    {"state": State.SEATED},
    {"party_size": 1},
    {"version": 2},
]


@pytest.mark.parametrize("values", REPLAYS)
def test_a_row_that_its_history_does_not_tell(run: Run, values: dict[str, Any]) -> None:
    run.fails(
        the_history_replays_to_what_stands_in_the_book,
        lambda: run.corrupt(models.Reservation, row(run), **values),
    )


def test_a_step_that_the_lifecycle_does_not_have(run: Run) -> None:
    told = models.BookingEvent
    run.fails(
        the_history_replays_to_what_stands_in_the_book,
        lambda: run.corrupt(told, *event(run, Kind.RESERVED), from_state=State.EXPIRED),
    )


@pytest.mark.parametrize("values", [{"live": False}, {"ends_at": sa.literal_column("starts_at")}])
def test_an_occupancy_that_is_not_as_its_reservation(run: Run, values: dict[str, Any]) -> None:
    seats = models.Occupancy
    run.fails(
        occupancies_are_live_as_their_states_are,
        lambda: run.corrupt(seats, seats.reservation_id == run.party.id, **values),
    )


@pytest.mark.parametrize("pinned", [True, False])
def test_a_party_that_is_moved_where_it_sits_or_was_promised_its_table(
    run: Run, *, pinned: bool
) -> None:
    if pinned:
        run.pin(run.party.id, pinned=True)
    else:
        run.now = run.party.starts_at
        run.stand(run.party.id, turns.seat)
    run.remark(run.party.id, "staff")
    run.fails(
        nobody_is_moved_who_sits_or_is_pinned,
        lambda: run.corrupt(
            models.BookingEvent, *event(run, Kind.ANNOTATED), kind=Kind.MOVED, actor=HOUSE
        ),
    )


PLACES: list[dict[str, Any]] = [{"party_size": 4}, {"table_ids": (0,)}, {"table_ids": ()}]


@pytest.mark.parametrize("values", PLACES)
def test_a_party_without_a_place_that_takes_it(run: Run, values: dict[str, Any]) -> None:
    everybody_has_room(run.alive(), run.venue.floor.every)
    with pytest.raises(AssertionError):
        everybody_has_room([replace(run.alive()[0], **values)], run.venue.floor.every)


def test_a_place_that_has_not_what_was_promised(run: Run) -> None:
    run.fails(
        lambda pages: promises_are_kept(pages, run.venue.floor.every),
        lambda: run.corrupt(models.Reservation, row(run), features=["outdoor"]),
    )


def test_a_refusal_while_there_is_room(run: Run) -> None:
    """Both small tables are taken; two more can sit at the third."""
    run.check_refusal(NO_TABLE, wish("20:30", 5))
    with pytest.raises(AssertionError):
        run.check_refusal(NO_TABLE, WISH)
    with pytest.raises(AssertionError):
        run.check_refusal(NoAvailability(Reason.PACING), WISH)


def test_a_refusal_of_a_place_for_which_others_had_to_move(run: Run) -> None:
    run.assign(run.party.id, {"T3"})
    run.pin(run.party.id, pinned=False)
    run.check_refusal(NO_TABLE, wish("20:30", 5))
    with pytest.raises(AssertionError):
        run.check_refusal(NO_TABLE, wish("20:30", 4))


def test_a_hold_that_ran_out_and_still_blocks(run: Run) -> None:
    run.hold_one()
    run.check_refusal(NO_TABLE, WISH)
    run.now += timedelta(minutes=5)
    with pytest.raises(AssertionError):
        run.check_refusal(NO_TABLE, WISH)


def test_a_party_that_is_sent_away_from_the_door_while_there_is_room(run: Run) -> None:
    with pytest.raises(AssertionError):
        run.check_door(2)


ENTRIES: list[dict[str, Any]] = [{"state": EntryState.BOOKED}, {"state": EntryState.OFFERED}]


@pytest.mark.parametrize("values", ENTRIES)
def test_an_entry_that_is_not_as_its_opening(run: Run, values: dict[str, Any]) -> None:
    run.join(wish("20:30", 4), 1, "sms")
    (entry,) = run.entries()
    entries_stand_as_their_openings_do([entry], run.all())
    with pytest.raises(AssertionError):
        entries_stand_as_their_openings_do([replace(entry, **values)], run.all())


def test_a_guest_who_waits_twice(run: Run) -> None:
    run.join(wish("20:30", 4), 1, "sms")
    a_guest_waits_once_a_date(run.entries())
    with pytest.raises(AssertionError):
        a_guest_waits_once_a_date(run.entries() * 2)
