"""The book as a state machine: whatever happens in whatever order, it stays a book.

Every refusal is committed as an exchange would commit it, so that half a step would be seen. What
may happen is in `machine_guests.py`, `machine_staff.py`, `machine_line.py`, and here.
"""

from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from datetime import date, datetime, timedelta
from typing import Any

from history import (
    Pages,
    everybody_has_room,
    is_assigned,
    no_table_is_had_twice,
    nobody_is_moved_who_sits_or_is_pinned,
    nobody_sits_at_a_closed_table,
    occupancies_are_live_as_their_states_are,
    the_history_replays_to_what_stands_in_the_book,
)
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from machine_files import ADA, DAYS, FILES, GALA, PACING
from machine_guests import Guests
from machine_line import Line, entries_stand_as_their_openings_do
from machine_staff import Staff
from restaurants import open_venue

from booking import special_days
from booking.errors import BadVenueFile, ReservationsAhead, TableRule
from booking.events import Kind
from booking.expiry import expire_holds
from booking.floor import Place
from booking.lifecycle import LIVE
from booking.lookups import Reservation


class BookMachine(Guests, Staff, Line):
    """All of it at one venue, while time goes by and the house changes its mind."""

    @rule()
    def sweep(self) -> None:
        """To the end: how many are left of other runs must make no difference to this one."""
        more = True
        while more:
            with self.database.transaction() as db:
                more = bool(expire_holds(db, now=self.now, limit=3))

    @rule(minutes=st.sampled_from([1, 4, 5, 5, 120]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(number=st.integers(0, len(FILES) - 1), keep=st.booleans())
    def reload(self, number: int, *, keep: bool) -> None:
        refusal = nullcontext() if keep else suppress(ReservationsAhead, BadVenueFile)
        with refusal, self.database.transaction() as db:
            self.venue = open_venue(db, now=self.now, keep=keep, **self.file(number))
        self.note_who_is_left_over()

    @rule(day=DAYS, keep=st.booleans(), clear=st.booleans())
    def set_day(self, day: date, *, keep: bool, clear: bool) -> None:
        how: dict[str, Any] = {"keep_reservations": keep, "now": self.now}
        with suppress(ReservationsAhead), self.database.transaction() as db:
            if clear:
                self.venue = special_days.clear(db, self.venue, day, **how)
            else:
                self.venue = special_days.set_periods(db, self.venue, day, [GALA], actor=ADA, **how)
        self.note_who_is_left_over()

    def note_who_is_left_over(self) -> None:
        places = {frozenset(p.table_ids): p for p in self.venue.floor.every}
        for r in self.alive():
            place = places.get(frozenset(r.table_ids))
            if place is None or not place.min_covers <= r.party_size <= place.max_covers:
                self.left_over.add(r.id)

    @invariant()
    def the_book_is_a_book(self) -> None:
        with self.database.reading() as db:
            pages = Pages(db, self.venue.id)
            closed, entries = self.closed_in(db), self.entries_in(db)
        alive = [r for r in pages.every.values() if r.state_at(self.now) in LIVE]
        no_table_is_had_twice(alive)
        nobody_sits_at_a_closed_table([r for r in alive if r.ends_at > self.now], closed)
        bypassed = {e.reservation_id for e in pages.events if e.kind in _BYPASSES}
        the_pacing_is_kept([r for r in alive if r.id not in bypassed])
        promises_are_kept(pages, self.venue.floor.every)
        occupancies_are_live_as_their_states_are(pages)
        the_history_replays_to_what_stands_in_the_book(pages)
        nobody_is_moved_who_sits_or_is_pinned(pages)
        by_hand = {e.reservation_id for e in pages.events if _is_by_hand(e)}
        placed = [r for r in alive if r.id not in self.left_over | by_hand]
        everybody_has_room(placed, self.venue.floor.every)
        entries_stand_as_their_openings_do(entries, pages.every)


#: After these a party sits at a time that nobody asked the pacing about.
_BYPASSES = {Kind.WALKED_IN, Kind.RESTORED, Kind.SEATED, Kind.IMPORTED}


def _is_by_hand(event: Any) -> bool:
    """Whether the staff, or an old book, chose the tables: large enough or not is their affair."""
    return (
        is_assigned(event) or event.kind == Kind.IMPORTED or TableRule.MINIMUM in (event.bent or ())
    )


def the_pacing_is_kept(alive: list[Reservation]) -> None:
    covers: Counter[datetime] = Counter()
    for r in alive:
        covers[r.starts_at] += r.party_size
    assert all(number <= PACING for number in covers.values())


def promises_are_kept(pages: Pages, every: Sequence[Place]) -> None:
    """A party has what it was promised of its place, wherever the plan has put it."""
    features = {place.table_ids: place.features for place in every}
    assigned = {e.reservation_id for e in pages.events if is_assigned(e)}
    for r in pages.every.values():
        known = features.get(r.table_ids)
        if r.state in LIVE and known is not None and r.id not in assigned:
            assert set(r.features) <= known, r


def run(machine: type[BookMachine], *, examples: int, steps: int, number: int) -> None:
    """Run a machine; the number makes it the same again."""
    seeded = seed(number)(machine)
    run_state_machine_as_test(
        seeded,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        ),
    )
