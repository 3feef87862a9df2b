"""The house of the state machine: its book, and what is said of each answer of it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from itertools import count
from typing import Any

from honesty import ends_of, had_room, is_paced_out, stays_of
from hypothesis.stateful import RuleBasedStateMachine
from machine_files import FILES, POLICY
from restaurants import NOON, meet, open_venue
from sqlalchemy.engine import Connection

from booking import closings, lookups, models, venues, waiting
from booking.database import Database
from booking.errors import BookingError, NoAvailability, Reason
from booking.floor import Audience
from booking.lifecycle import LIVE, State
from booking.lookups import Reservation
from booking.rules import Wish
from booking.seating import NOBODY, Stay
from booking.waiting import Entry

NUMBERS = count(1)


class House(RuleBasedStateMachine):
    """One venue of its own for each run, in a database that all runs share."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.slug = f"venue-{next(NUMBERS)}"
        #: Whom new rules found at a place that is none of theirs.
        self.left_over: set[int] = set()
        self.now = NOON
        with self.database.transaction() as db:
            self.venue = open_venue(db, **self.file(0))
            self.guests = [meet(db, self.venue, self.stranger()) for _ in range(3)]

    def stranger(self) -> str:
        """The number of somebody who was never here."""
        return str(next(NUMBERS))

    def file(self, number: int) -> dict[str, Any]:
        chosen = FILES[number]
        return {
            **chosen,
            "restaurant": {**chosen.get("restaurant", {}), "slug": self.slug},
            "policy": POLICY,
        }

    def act(self, do: Callable[..., object], *args: Any, **kwargs: Any) -> Any:
        """Do it in one transaction that is committed even when the book refuses."""
        with self.database.transaction() as db:
            venue = venues.get(db, self.venue.id)
            try:
                return do(db, venue, *args, now=self.now, **kwargs)
            except BookingError as refused:
                return refused

    def all(self) -> dict[int, Reservation]:
        with self.database.reading() as db:
            found = lookups.fetch(db, models.Reservation.venue_id == self.venue.id)
        return {r.id: r for r in found}

    def alive(self, *, but: int | None = None) -> list[Reservation]:
        every = self.all().values()
        return [r for r in every if r.state_at(self.now) in LIVE and r.id != but]

    def entries(self) -> list[Entry]:
        with self.database.reading() as db:
            return self.entries_in(db)

    def entries_in(self, db: Connection) -> list[Entry]:
        return waiting.fetch(db, models.WaitlistEntry.venue_id == self.venue.id)

    def closed(self) -> list[Stay]:
        with self.database.reading() as db:
            return self.closed_in(db)

    def closed_in(self, db: Connection) -> list[Stay]:
        """The closings ahead, as stays."""
        return [
            Stay(NOBODY, 0, c.starts_at, c.ends_at, (c.table_id,) if c.table_id else ())
            for c in closings.ahead(db, self.venue, now=self.now)
        ]

    def check_refusal(
        self,
        refused: object,
        wished: Wish,
        *,
        but: int | None = None,
        audience: Audience = Audience.GUEST,
    ) -> None:
        """Nobody is refused a place who could be seated, whoever would have to move."""
        if not isinstance(refused, NoAvailability):
            return
        slot = self.venue.find_slot(wished.date, wished.time)
        if slot is None or refused.reason not in {Reason.NO_TABLE, Reason.PACING}:
            return
        others, size = self.alive(but=but), wished.party_size
        if refused.reason is Reason.PACING:
            assert is_paced_out(others, slot.starts_at, size)
            return
        tomorrow = self.venue.next_opening(slot.service_date)
        if tomorrow is None or ends_of(slot.starts_at, size) <= tomorrow:
            stays = [*stays_of(others, slot.service_date), *self.closed()]
            assert not had_room(self.venue, stays, size, slot.starts_at, audience)

    def is_unchanged_unless_done(self, old: Reservation, new: object) -> None:
        if isinstance(new, Reservation):
            return
        after = self.all()[old.id]
        ran_out = old.state in {State.HELD, State.REQUESTED} and after.state is State.EXPIRED
        # Who waited longer may have been given an opening first, and this party moved for it.
        loose = not old.is_pinned and old.state is not State.SEATED
        old = replace(old, table_ids=after.table_ids) if loose else old
        assert after == old or ran_out

    def only_tried(self, do: Callable[..., object], *args: Any, **kwargs: Any) -> None:
        """Do what must not be refused, and leave the book as it was."""
        with suppress(_Undone), self.database.transaction() as db:
            do(db, venues.get(db, self.venue.id), *args, now=self.now, **kwargs)
            raise _Undone


class _Undone(Exception):
    """Rolls back what was only tried."""
