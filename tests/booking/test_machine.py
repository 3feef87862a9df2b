"""The book as a state machine: whatever happens in whatever order, it stays a book.

Every refusal is committed as an exchange would commit it, so that half a step would be seen. The
seed is printed with a failure; TEST_SEED=number runs the same again.
"""

import os
import random
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from datetime import datetime, timedelta
from itertools import combinations, count
from typing import Any

import sqlalchemy as sa
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
from restaurants import FRIDAY, NOON, SATURDAY, meet, open_venue, period, rome, table, wish

from booking import (
    approvals,
    closings,
    host_stand,
    lookups,
    models,
    remarks,
    reservations,
    turns,
    undo,
    venues,
)
from booking.database import Database
from booking.errors import (
    BookingError,
    NoAvailability,
    Reason,
    ReservationsAhead,
    TablesTaken,
)
from booking.events import Kind
from booking.expiry import expire_holds
from booking.lifecycle import LIVE, State, check_step
from booking.lookups import Reservation
from booking.rules import Wish
from booking.seating import NOBODY, Stay

PACING = 6
SLOT = 30
TURNS = [{"up_to": 2, "minutes": 90}, {"minutes": 120}]
EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
TABLES = [table("T1"), table("T2"), table("T3", 4, min_covers=2)]


def hours(first: str, last: str, closes: str) -> dict[str, Any]:
    return period(
        name=first,
        days=EVERY_DAY,
        first_seating=first,
        last_seating=last,
        closes=closes,
        slot_minutes=SLOT,
        pacing_covers=PACING,
        turn_minutes=TURNS,
    )


#: Venue files between which the house changes its mind, all on one grid of half hours.
FILES: list[dict[str, Any]] = [
    {"service_periods": [hours("18:00", "01:00", "03:00")], "tables": TABLES},
    # 00:30 belongs to the day that begins, no longer to the night before.
    {
        "service_periods": [hours("00:00", "01:00", "03:00"), hours("18:00", "21:30", "23:30")],
        "tables": TABLES,
    },
    {
        "service_periods": [hours("18:00", "01:00", "03:00")],
        "tables": TABLES[1:],
        "combinations": [],
    },
    {
        "service_periods": [hours("18:00", "01:00", "03:00")],
        "tables": TABLES,
        "restaurant": {"timezone": "Asia/Kolkata"},
    },
]
POLICY = {"approval_party_size": 4, "min_notice_minutes": 0}
WISHES = st.builds(
    wish,
    st.sampled_from(["00:30", "19:00", "19:30", "20:30", "21:00"]),
    st.integers(1, 5),
    st.sampled_from([FRIDAY, FRIDAY, SATURDAY]),
    until=st.sampled_from([None, None, "21:00"]),
)
ACTORS = st.sampled_from(["guest", "guest", "staff:Ada"])
STAND = st.sampled_from([turns.seat, turns.finish, turns.no_show, undo.take_back])
DEAD = frozenset(State) - LIVE
NUMBERS = count(1)


class BookMachine(RuleBasedStateMachine):
    """One venue of its own for each run, in a database that all runs share."""

    made = Bundle("made")
    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.slug = f"venue-{next(NUMBERS)}"
        self.now = NOON
        with self.database.transaction() as db:
            self.venue = open_venue(db, **self.file(0))
            self.guest = meet(db, self.venue)

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

    def check_refusal(self, refused: object, wished: Wish, *, but: int | None = None) -> None:
        """Only the living may be in the way: nobody is refused for a hold that ran out."""
        if not isinstance(refused, NoAvailability):
            return
        slot = self.venue.find_slot(wished.date, wished.time)
        if slot is None or refused.reason not in {Reason.NO_TABLE, Reason.PACING}:
            return
        others, size = self.alive(but=but), wished.party_size
        begin, end = slot.starts_at, slot.ends_at(size)
        half_hour = timedelta(minutes=SLOT)
        starting = sum(r.party_size for r in others if begin <= r.starts_at < begin + half_hour)
        if refused.reason is Reason.PACING:
            assert starting + size > PACING
            return
        stays: list[Reservation | Stay] = [*others, *self.closed()]
        taken = {i for s in stays if s.starts_at < end and begin < s.ends_at for i in s.table_ids}
        floor = self.venue.floor
        places = [((t.id,), t.min_covers, t.max_covers) for t in floor.tables]
        places += [(c.table_ids, c.min_covers, c.max_covers) for c in floor.combinations]  # type: ignore[misc]
        free = [p for p in places if p[1] <= size <= p[2] and taken.isdisjoint(p[0])]
        assert not free

    @rule(target=made, wished=WISHES)
    def hold(self, wished: Wish) -> Any:
        held = self.act(reservations.place_hold, wished, self.guest, source="sms")
        self.check_refusal(held, wished)
        return held.id if isinstance(held, Reservation) else multiple()

    @rule(target=made, number=made)
    def confirm(self, number: int) -> Any:
        old = self.all()[number]
        booked = self.act(reservations.confirm, number)
        if isinstance(booked, NoAvailability):
            assert old.state_at(self.now) is State.EXPIRED
            self.check_refusal(booked, reservations.wish_of(self.venue, old), but=number)
        return booked.id if isinstance(booked, Reservation) else multiple()

    @rule(number=made, wished=WISHES, actor=ACTORS)
    def amend(self, number: int, wished: Wish, actor: str) -> None:
        old = self.all()[number]
        new = self.act(reservations.amend, number, wished, actor=actor)
        self.check_refusal(new, wished, but=number)
        if not isinstance(new, Reservation):
            after = self.all()[number]
            assert after == old or (old.state, after.state) == (State.HELD, State.EXPIRED)

    @rule(number=made, wished=WISHES)
    def propose(self, number: int, wished: Wish) -> None:
        before = self.all()
        offer = self.act(reservations.propose, number, wished)
        self.check_refusal(offer, wished, but=number)
        assert self.all() == before

    @rule(number=made, actor=ACTORS)
    def cancel(self, number: int, actor: str) -> None:
        self.act(reservations.cancel, number, actor=actor)

    @rule(number=made)
    def release(self, number: int) -> None:
        self.act(reservations.release, number)

    @rule(number=made)
    def note(self, number: int) -> None:
        self.act(remarks.note, number, "a pram")

    @rule(number=made, accept=st.booleans())
    def decide(self, number: int, *, accept: bool) -> None:
        self.act(approvals.decide, number, accept=accept, actor="staff:Ada")

    @rule(target=made, wished=WISHES)
    def enter(self, wished: Wish) -> Any:
        entered = self.act(host_stand.enter, wished, self.guest, source="staff", actor="staff:Ada")
        self.check_refusal(entered, wished)
        return entered.id if isinstance(entered, Reservation) else multiple()

    @rule(target=made, size=st.integers(1, 5), cut_short=st.booleans())
    def walk_in(self, size: int, *, cut_short: bool) -> Any:
        seated = self.act(
            host_stand.walk_in, size, self.guest, cut_short=cut_short, actor="staff:Ada"
        )
        return seated.id if isinstance(seated, Reservation) else multiple()

    @rule(number=made, step=STAND)
    def stand(self, number: int, step: Callable[..., Reservation]) -> None:
        old = self.all()[number]
        if not isinstance(self.act(step, number, actor="staff:Ada"), Reservation):
            after = self.all()[number]
            assert after == old or (old.state, after.state) == (State.HELD, State.EXPIRED)

    @rule(names=st.sets(st.sampled_from(["T1", "T2", "T3"])), begin=WISHES, hours=st.integers(1, 5))
    def close(self, names: set[str], begin: Wish, hours: int) -> None:
        tables = [t.id for t in self.venue.floor.tables if t.name in names]
        starts_at = rome(begin.time.isoformat(), begin.date)
        ends_at = starts_at + timedelta(hours=hours)
        found = self.act(closings.close, tables, starts_at, ends_at, actor="staff:Ada")
        if isinstance(found, TablesTaken):
            assert {r.id for r in found.reservations} <= {r.id for r in self.alive()}

    @rule()
    def reopen(self) -> None:
        ids = [each.id for each in self.act(closings.ahead)]
        self.act(closings.lift, ids, actor="staff:Ada")
        if ids and isinstance(self.act(closings.close_again, ids[:1]), TablesTaken):
            assert ids[0] not in [each.id for each in self.act(closings.ahead)]

    def closed(self) -> list[Stay]:
        """The closings ahead, as stays."""
        return [
            Stay(NOBODY, 0, c.starts_at, c.ends_at, (c.table_id,) if c.table_id else ())
            for c in self.act(closings.ahead)
        ]

    @rule()
    def sweep(self) -> None:
        with self.database.transaction() as db:
            expire_holds(db, now=self.now, limit=3)

    @rule(minutes=st.sampled_from([1, 4, 5, 5, 120]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(number=st.integers(0, len(FILES) - 1), keep=st.booleans())
    def reload(self, number: int, *, keep: bool) -> None:
        refusal = nullcontext() if keep else suppress(ReservationsAhead)
        with refusal, self.database.transaction() as db:
            self.venue = open_venue(db, now=self.now, keep=keep, **self.file(number))

    @invariant()
    def the_book_is_a_book(self) -> None:
        seats, event = models.Occupancy, models.BookingEvent
        here = models.Reservation.venue_id == self.venue.id
        with self.database.reading() as db:
            every = {r.id: r for r in lookups.fetch(db, here)}
            occupied = sa.select(seats.__table__).where(seats.venue_id == self.venue.id)
            occupancies = db.execute(occupied).all()
            history = sa.select(event.__table__).where(event.venue_id == self.venue.id)
            events = db.execute(history.order_by(event.id)).all()
        alive = [r for r in every.values() if r.state_at(self.now) in LIVE]
        no_table_is_had_twice(alive)
        nobody_sits_at_a_closed_table([r for r in alive if r.ends_at > self.now], self.closed())
        bypassed = {e.reservation_id for e in events if e.kind in {Kind.WALKED_IN, Kind.RESTORED}}
        the_pacing_is_kept([r for r in alive if r.id not in bypassed])
        occupancies_are_live_as_their_states_are(every, occupancies)
        the_history_replays_to_what_stands_in_the_book(every, events)


def no_table_is_had_twice(alive: list[Reservation]) -> None:
    for one, other in combinations(alive, 2):
        if one.starts_at < other.ends_at and other.starts_at < one.ends_at:
            assert not set(one.table_ids) & set(other.table_ids)


def nobody_sits_at_a_closed_table(alive: list[Reservation], closed: list[Stay]) -> None:
    for r in alive:
        for closing in closed:
            if r.starts_at < closing.ends_at and closing.starts_at < r.ends_at:
                assert set(r.table_ids).isdisjoint(closing.table_ids)


def the_pacing_is_kept(alive: list[Reservation]) -> None:
    covers: Counter[datetime] = Counter()
    for r in alive:
        covers[r.starts_at] += r.party_size
    assert all(number <= PACING for number in covers.values())


def occupancies_are_live_as_their_states_are(
    every: dict[int, Reservation], occupancies: Sequence[Any]
) -> None:
    for row in occupancies:
        r = every[row.reservation_id]
        assert (row.live, row.starts_at, row.ends_at) == (r.state in LIVE, r.starts_at, r.ends_at)


def moved_since(before: Any, event: Any) -> bool:
    moved: bool = (before.starts_at, before.party_size) != (event.starts_at, event.party_size)
    return moved


def the_history_replays_to_what_stands_in_the_book(
    every: dict[int, Reservation], events: Sequence[Any]
) -> None:
    stands: dict[int, Any] = {}
    freed: Counter[int] = Counter()
    for event in events:
        before = stands.get(event.reservation_id)
        assert event.from_state == (before.to_state if before else None)
        assert event.version == (before.version + moved_since(before, event) if before else 1)
        if event.from_state not in {None, event.to_state}:
            check_step("", event.from_state, State(event.to_state))
        freed[event.reservation_id] += event.from_state in LIVE and event.to_state not in LIVE
        freed[event.reservation_id] -= event.from_state in DEAD and event.to_state in LIVE
        stands[event.reservation_id] = event
    assert stands.keys() == every.keys()
    for number, r in every.items():
        last = stands[number]
        assert (last.to_state, last.party_size, last.version) == (r.state, r.party_size, r.version)
        assert (last.starts_at, last.ends_at) == (r.starts_at, r.ends_at)
        assert freed[number] == (r.state not in LIVE)  # each cover is freed once


def test_the_book_stays_a_book_whatever_happens(database: Database) -> None:
    number = int(os.environ.get("TEST_SEED") or random.SystemRandom().randrange(10**9))
    print(f"TEST_SEED={number}")  # noqa: T201 (shown when the test fails)

    @seed(number)
    class Machine(BookMachine):
        pass

    Machine.database = database
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        ),
    )
