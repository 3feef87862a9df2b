"""The book as a state machine: whatever happens in whatever order, it stays a book.

Every refusal is committed as an exchange would commit it, so that half a step would be seen.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext, suppress
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from history import (
    Pages,
    no_table_is_had_twice,
    nobody_sits_at_a_closed_table,
    occupancies_are_live_as_their_states_are,
    the_history_replays_to_what_stands_in_the_book,
)
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
    explain,
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
    TableRule,
    TablesTaken,
)
from booking.events import Kind
from booking.expiry import expire_holds
from booking.floor import Audience, Place
from booking.lifecycle import LIVE, State
from booking.lookups import Reservation
from booking.rules import Wish
from booking.seating import NOBODY, Stay

PACING = 6
SLOT = 30
BUFFER = timedelta(minutes=10)
TURNS = [{"up_to": 2, "minutes": 80}, {"minutes": 110}]
EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
TABLES = [
    {**table("T1"), "section": "terrace"},
    table("T2"),
    {**table("T3", 4, min_covers=2), "attributes": ["quiet"]},
    {**table("T4"), "kept_for": "walk_ins"},
]
POLICY = {
    "approval_party_size": 4,
    "approval_minutes": 180,
    "min_notice_minutes": 0,
    "buffer_minutes": 10,
    "max_open_reservations": 0,
}


def hours(first: str, last: str, closes: str, **more: Any) -> dict[str, Any]:
    return period(
        name=first,
        days=EVERY_DAY,
        first_seating=first,
        last_seating=last,
        closes=closes,
        slot_minutes=SLOT,
        pacing_covers=PACING,
        pacing_parties=3,
        turn_minutes=TURNS,
        **more,
    )


GALA = {k: v for k, v in hours("19:00", "21:00", "23:00").items() if k != "days"}
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
    {
        "service_periods": [hours("18:00", "01:00", "03:00")],
        "tables": TABLES,
        "special_days": [{"date": SATURDAY.isoformat(), "service_periods": [GALA]}],
    },
]
WISHES = st.builds(
    wish,
    st.sampled_from(["00:30", "19:00", "19:30", "20:30", "21:00"]),
    st.integers(1, 5),
    st.sampled_from([FRIDAY, FRIDAY, SATURDAY]),
    until=st.sampled_from([None, None, "21:00"]),
    features=st.sampled_from([(), (), ("terrace",), ("quiet",), ("outdoor", "terrace")]),
)
ACTORS = st.sampled_from(["guest", "guest", "staff:Ada"])
STAND = st.sampled_from([turns.seat, turns.finish, turns.no_show, undo.take_back, undo.undo])
NAMES = st.sampled_from(["T1", "T2", "T3", "T4"])
ADA = "staff:Ada"
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
            self.guests = [meet(db, self.venue, str(n)) for n in range(3)]

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

    def check_refusal(
        self,
        refused: object,
        wished: Wish,
        *,
        but: int | None = None,
        audience: Audience = Audience.GUEST,
    ) -> None:
        """Nobody is refused a place who could sit somewhere without anybody moving."""
        if not isinstance(refused, NoAvailability):
            return
        slot = self.venue.find_slot(wished.date, wished.time)
        if slot is None or refused.reason not in {Reason.NO_TABLE, Reason.PACING}:
            return
        others, size = self.alive(but=but), wished.party_size
        begin, end = slot.starts_at, slot.ends_at(size)
        if refused.reason is Reason.PACING:
            half_hour = timedelta(minutes=SLOT)
            there = [r.party_size for r in others if begin <= r.starts_at < begin + half_hour]
            assert sum(there) + size > PACING or len(there) + 1 > 3
            return
        taken = {
            i
            for r in others
            if r.starts_at < end + BUFFER and begin < r.ends_at + BUFFER
            for i in r.table_ids
        }
        taken |= {
            i for c in self.closed() if c.starts_at < end and begin < c.ends_at for i in c.table_ids
        }
        assert not [p for p in self.places(size, audience) if taken.isdisjoint(p.table_ids)]

    def places(self, size: int, audience: Audience) -> Iterator[Place]:
        """Where such a party may sit, by nobody else's arithmetic."""
        for place in self.venue.floor.every:
            kept = bool(place.kept_for) and audience is not Audience.WALK_IN
            if place.min_covers <= size <= place.max_covers and not kept:
                yield place

    @rule(target=made, wished=WISHES, guest=st.integers(0, 2))
    def hold(self, wished: Wish, guest: int) -> Any:
        held = self.act(
            reservations.place_hold, wished, self.guests[guest], source="sms", accept_second=True
        )
        self.check_refusal(held, wished)
        return held.id if isinstance(held, Reservation) else multiple()

    @rule(wished=WISHES, guest=st.integers(0, 2), key=st.integers(0, 3))
    def hold_under_a_key(self, wished: Wish, guest: int, key: int) -> None:
        how = {"source": "sms", "request_key": f"key-{key}", "accept_second": True}
        first = self.act(reservations.place_hold, wished, self.guests[guest], **how)
        if isinstance(first, Reservation):
            again = self.act(reservations.place_hold, wished, self.guests[guest], **how)
            assert again.id == first.id

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
        self.is_unchanged_unless_done(old, new)

    def is_unchanged_unless_done(self, old: Reservation, new: object) -> None:
        if isinstance(new, Reservation):
            return
        after = self.all()[old.id]
        ran_out = old.state in {State.HELD, State.REQUESTED} and after.state is State.EXPIRED
        assert after == old or ran_out

    @rule(number=made, wished=WISHES)
    def propose(self, number: int, wished: Wish) -> None:
        before = self.all()
        offer = self.act(reservations.propose, number, wished)
        self.check_refusal(offer, wished, but=number)
        assert self.all() == before

    @rule(number=made, features=st.sampled_from(["terrace", "quiet"]))
    def prefer(self, number: int, features: str) -> None:
        self.act(reservations.prefer, number, frozenset({features}))

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
        self.act(approvals.decide, number, accept=accept, actor=ADA)

    @rule(target=made, wished=WISHES, bend=st.sets(st.sampled_from([*TableRule])))
    def enter(self, wished: Wish, bend: set[TableRule]) -> Any:
        bending = {*bend, Reason.SECOND_VISIT}
        how: dict[str, Any] = {"source": "staff", "bend": bending, "actor": ADA}
        entered = self.act(host_stand.enter, wished, self.guests[0], **how)
        self.check_refusal(entered, wished, audience=Audience.STAFF)
        return entered.id if isinstance(entered, Reservation) else multiple()

    @rule(wished=WISHES)
    def explained(self, wished: Wish) -> None:
        """What an explanation promises the staff get: with the rule bent that it names."""
        found = self.act(explain.explain, wished)
        assert (found.offer is None) == (found.refusal is not None)
        for way in found.ways:
            how = {"bend": {way.bend.rule, Reason.SECOND_VISIT}, "source": "staff", "actor": ADA}
            with suppress(_Undone), self.database.transaction() as db:
                venue = venues.get(db, self.venue.id)
                host_stand.enter(db, venue, wished, self.guests[0], now=self.now, **how)  # type: ignore[arg-type]
                raise _Undone

    @rule(target=made, size=st.integers(1, 5), cut_short=st.booleans())
    def walk_in(self, size: int, *, cut_short: bool) -> Any:
        seated = self.act(host_stand.walk_in, size, self.guests[0], cut_short=cut_short, actor=ADA)
        return seated.id if isinstance(seated, Reservation) else multiple()

    @rule(number=made, step=STAND)
    def stand(self, number: int, step: Callable[..., Reservation]) -> None:
        old = self.all()[number]
        self.is_unchanged_unless_done(old, self.act(step, number, actor=ADA))

    @rule(number=made, minutes=st.sampled_from([15, 60]))
    def stay_on(self, number: int, minutes: int) -> None:
        old = self.all()[number]
        self.is_unchanged_unless_done(old, self.act(turns.stay_on, number, minutes, actor=ADA))

    @rule(number=made)
    def run_late(self, number: int) -> None:
        self.act(turns.run_late, number, 20, actor=ADA)

    @rule(number=made, pinned=st.booleans())
    def pin(self, number: int, *, pinned: bool) -> None:
        self.act(host_stand.pin, number, pinned=pinned, actor=ADA)

    @rule(number=made, names=st.sets(NAMES, min_size=1, max_size=2))
    def assign(self, number: int, names: set[str]) -> None:
        old = self.all()[number]
        tables = [t.id for t in self.venue.floor.tables if t.name in names]
        if tables:
            given = self.act(host_stand.assign, number, tables, actor=ADA)
            self.is_unchanged_unless_done(old, given)

    @rule(names=st.sets(NAMES), begin=WISHES, hours=st.integers(1, 5))
    def close(self, names: set[str], begin: Wish, hours: int) -> None:
        tables = [t.id for t in self.venue.floor.tables if t.name in names]
        starts_at = rome(begin.time.isoformat(), begin.date)
        ends_at = starts_at + timedelta(hours=hours)
        found = self.act(closings.close, tables, starts_at, ends_at, actor=ADA)
        if isinstance(found, TablesTaken):
            assert {r.id for r in found.reservations} <= {r.id for r in self.alive()}

    @rule()
    def reopen(self) -> None:
        ids = [each.id for each in self.act(closings.ahead)]
        self.act(closings.lift, ids, actor=ADA)
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
        with self.database.reading() as db:
            pages = Pages(db, self.venue.id)
        alive = [r for r in pages.every.values() if r.state_at(self.now) in LIVE]
        no_table_is_had_twice(alive)
        nobody_sits_at_a_closed_table([r for r in alive if r.ends_at > self.now], self.closed())
        bypassed = {e.reservation_id for e in pages.events if e.kind in _BYPASSES}
        the_pacing_is_kept([r for r in alive if r.id not in bypassed])
        promises_are_kept(pages, self.venue.floor.every)
        occupancies_are_live_as_their_states_are(pages)
        the_history_replays_to_what_stands_in_the_book(pages)


class _Undone(Exception):
    """Rolls back what was only tried."""


#: After these a party sits at a time that nobody asked the pacing about.
_BYPASSES = {Kind.WALKED_IN, Kind.RESTORED, Kind.SEATED}


def the_pacing_is_kept(alive: list[Reservation]) -> None:
    covers: Counter[datetime] = Counter()
    for r in alive:
        covers[r.starts_at] += r.party_size
    assert all(number <= PACING for number in covers.values())


def promises_are_kept(pages: Pages, every: Sequence[Place]) -> None:
    """A party has what it was promised of its place, wherever the plan has put it."""
    features = {place.table_ids: place.features for place in every}
    assigned = {e.reservation_id for e in pages.events if e.kind in {Kind.PINNED, Kind.MOVED}}
    for r in pages.every.values():
        known = features.get(r.table_ids)
        if r.state in LIVE and known is not None and r.id not in assigned:
            assert set(r.features) <= known or r.version > 1


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
