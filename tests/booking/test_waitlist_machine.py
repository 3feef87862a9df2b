"""The waitlist as a state machine: whatever happens in whatever order, the line is kept.

The seed is printed with a failure; TEST_SEED=number runs the same again.
"""

import os
import random
from datetime import timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from machine_line import a_guest_waits_once_a_date, entries_stand_as_their_openings_do
from restaurants import NOON, Book, period, rome, table, wish
from waitlists import join, look

from booking import closings, lookups, models, openings, reservations, waiting, waitlist
from booking.database import Database
from booking.errors import BookingError
from booking.lifecycle import State
from booking.lookups import Reservation
from booking.waiting import Entry, EntryState

NOTICE = timedelta(minutes=30)
HOUSE: dict[str, Any] = {
    "service_periods": [period(last_seating="21:00", slot_minutes=30)],
    "tables": [table("T1"), table("T2"), table("T3", 4, 2)],
    "policy": {"max_open_reservations": 0, "reminder_hours": "00:00-23:59"},
}
CLOCKS = ["18:00", "19:00", "20:00", "21:00"]
SIZES = st.sampled_from([2, 2, 4])
PICKS = st.integers(0, 20)
#: So many never leave, or there were seldom anybody to be served.
MOST_PATIENT = 2
NUMBERS = count(1)


class LineMachine(RuleBasedStateMachine):
    """A small house of its own for each run, on its fullest evening."""

    made = Bundle("made")
    database: Database

    def __init__(self) -> None:
        super().__init__()
        slug = f"house-{next(NUMBERS)}"
        self.book = Book.opened(self.database, **HOUSE, restaurant={"slug": slug})
        self.now = rome("16:30")
        for at in ("18:00", "20:00"):
            for size in (2, 2, 2):
                self.book.reserve(wish(at, size), "900", now=NOON)
        for guest, size in (("1", 2), ("2", 4), ("3", 2)):
            join(self.book, wish("18:00", size, until="21:00"), guest, now=self.now)

    def act(self, do: Any, *args: Any, **kwargs: Any) -> Any:
        """Do it in one transaction that is committed even when the book refuses."""
        with self.book.database.transaction() as db:
            try:
                return do(db, self.book.venue, *args, now=self.now, **kwargs)
            except BookingError as refused:
                return refused

    def entries(self) -> list[Entry]:
        with self.database.reading() as db:
            return waiting.fetch(db, models.WaitlistEntry.venue_id == self.book.venue.id)

    def all(self) -> dict[int, Reservation]:
        with self.database.reading() as db:
            here = models.Reservation.venue_id == self.book.venue.id
            return {r.id: r for r in lookups.fetch(db, here)}

    def nobody_waits_for(self, found: Reservation, *, before: int | None = None) -> None:
        """Nobody who came before goes on waiting for what somebody of their size was given."""
        answered_at = self.now + openings.LEAST
        for entry in self.entries():
            is_earlier = before is None or entry.id < before
            if entry.state is EntryState.WAITING and is_earlier:
                wanted = entry.starts_from <= found.starts_at <= entry.starts_to
                in_time = answered_at <= found.starts_at - NOTICE
                assert not (wanted and in_time and entry.party_size == found.party_size)

    @rule(size=SIZES, at=st.sampled_from(CLOCKS), hours=st.integers(0, 2), guest=st.integers(1, 5))
    def join(self, size: int, at: str, hours: int, guest: int) -> None:
        until = f"{min(int(at[:2]) + hours, 21)}:00"
        who = self.book.guest(f"{guest}")
        self.act(waitlist.join, wish(at, size, until=until), who, source="sms")

    @rule(number=PICKS)
    def leave(self, number: int) -> None:
        line = [e for e in self.entries() if e.state in {EntryState.WAITING, EntryState.OFFERED}]
        if len(line) > MOST_PATIENT:
            self.act(waitlist.leave, line[number % len(line)])

    @rule(target=made)
    def look(self) -> Any:
        line = {e.id: e for e in self.entries()}
        given = look(self.book, self.now)
        after = {e.reservation_id: e for e in self.entries()}
        for opening in given:
            entry = after[opening.id]
            assert line[entry.id].state is EntryState.WAITING
            assert entry.starts_from <= opening.starts_at <= entry.starts_to
            assert opening.held_until is not None
            assert self.now < opening.held_until <= opening.starts_at - NOTICE
            self.nobody_waits_for(opening, before=entry.id)
        return multiple(*(opening.id for opening in given))

    @rule(target=made, size=SIZES, at=st.sampled_from(CLOCKS))
    def hold(self, size: int, at: str) -> Any:
        return self.held(size, at) or multiple()

    @rule(number=made)
    def confirm(self, number: int) -> None:
        self.act(reservations.confirm, number)

    @rule(number=made)
    def release(self, number: int) -> None:
        self.act(reservations.release, number)

    @rule(number=PICKS)
    def cancel(self, number: int) -> None:
        self.freed(number)

    @rule(target=made, number=PICKS)
    def come_for_what_was_just_freed(self, number: int) -> Any:
        freed = self.freed(number)
        if freed is None:
            return multiple()
        at = f"{self.book.venue.local(freed.starts_at):%H:%M}"
        return self.held(freed.party_size, at) or multiple()

    def freed(self, number: int) -> Reservation | None:
        """Cancel one of those who are expected."""
        agreed = [r for r in self.all().values() if r.state is State.RESERVED]
        if not agreed:
            return None
        picked = agreed[number % len(agreed)]
        self.act(reservations.cancel, picked.id, actor="staff:Ada")
        return picked

    def held(self, size: int, at: str) -> int | None:
        """Hold a place for a newcomer."""
        guest = self.book.guest("901")
        held = self.act(reservations.place_hold, wish(at, size), guest, source="sms")
        if not isinstance(held, Reservation):
            return None
        self.nobody_waits_for(held)
        return held.id

    @rule(number=made, size=SIZES, at=st.sampled_from(CLOCKS))
    def amend(self, number: int, size: int, at: str) -> None:
        self.act(reservations.amend, number, wish(at, size))

    @rule(at=st.sampled_from(CLOCKS), number=st.integers(0, 2))
    def close(self, at: str, number: int) -> None:
        tables = [self.book.venue.floor.tables[number].id]
        span = (rome(at), rome(at) + timedelta(hours=1))
        self.act(closings.close, tables, *span, actor="staff:Ada")

    @rule()
    def reopen(self) -> None:
        ids = [each.id for each in self.act(closings.ahead)]
        self.act(closings.lift, ids, actor="staff:Ada")

    @rule(minutes=st.sampled_from([1, 1, 5, 15]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @invariant()
    def the_line_is_a_line(self) -> None:
        entries = self.entries()
        entries_stand_as_their_openings_do(entries, self.all())
        a_guest_waits_once_a_date(entries)


def test_the_line_is_kept_whatever_happens(sqlite_database: Database) -> None:
    number = int(os.environ.get("TEST_SEED") or random.SystemRandom().randrange(10**9))
    print(f"TEST_SEED={number}")  # noqa: T201 (shown when the test fails)

    @seed(number)
    class Machine(LineMachine):
        pass

    Machine.database = sqlite_database
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=int(os.environ.get("TEST_EXAMPLES") or 8),
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        ),
    )
