"""What must be true of a book at any moment, and of its whole history. Plain checks on its rows."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import lookups, models
from booking.events import HOUSE, STAFF, Kind
from booking.floor import Place
from booking.lifecycle import LIVE, State, check_step
from booking.lookups import Reservation
from booking.seating import Stay

DEAD = frozenset(State) - LIVE


class Pages:
    """The rows of one venue's book."""

    def __init__(self, db: Connection, venue_id: int) -> None:
        seats, event = models.Occupancy, models.BookingEvent
        found = lookups.fetch(db, models.Reservation.venue_id == venue_id)
        occupied = sa.select(seats.__table__).where(seats.venue_id == venue_id)
        history = sa.select(event.__table__).where(event.venue_id == venue_id)
        names = sa.select(models.DiningTable.name, models.DiningTable.id)
        of_venue = names.where(models.DiningTable.venue_id == venue_id)
        self.every: dict[int, Reservation] = {r.id: r for r in found}
        self.occupancies: Sequence[Any] = db.execute(occupied.order_by(seats.id)).all()
        self.events: Sequence[Any] = db.execute(history.order_by(event.id)).all()
        self._table_ids: dict[str, int] = {row.name: row.id for row in db.execute(of_venue)}

    def tables_of(self, event: Any) -> set[int]:
        """The tables of an event; one that had left the venue file shows its number."""
        known = self._table_ids
        return {known[n] if n in known else int(n.removeprefix("#")) for n in event.tables}


def no_table_is_had_twice(alive: Iterable[Reservation]) -> None:
    for one, other in combinations(alive, 2):
        if one.starts_at < other.ends_at and other.starts_at < one.ends_at:
            assert not set(one.table_ids) & set(other.table_ids), (one, other)


def nobody_sits_at_a_closed_table(alive: Iterable[Reservation], closed: Sequence[Stay]) -> None:
    for r in alive:
        for closing in closed:
            if r.starts_at < closing.ends_at and closing.starts_at < r.ends_at:
                assert set(r.table_ids).isdisjoint(closing.table_ids), (r, closing)


def occupancies_are_live_as_their_states_are(pages: Pages) -> None:
    at: dict[int, list[int]] = {number: [] for number in pages.every}
    for row in pages.occupancies:
        r = pages.every[row.reservation_id]
        assert (row.live, row.starts_at, row.ends_at) == (r.state in LIVE, r.starts_at, r.ends_at)
        at[r.id].append(row.table_id)
    for number, table_ids in at.items():
        assert table_ids, f"reservation {number} has no table"
        assert len(table_ids) == len(set(table_ids))


def the_history_replays_to_what_stands_in_the_book(pages: Pages) -> None:
    """Each step is legal, each cover is freed once, and the last event is what the row tells."""
    stands: dict[int, Any] = {}
    freed: Counter[int] = Counter()
    for event in pages.events:
        before = stands.get(event.reservation_id)
        assert event.from_state == (before.to_state if before else None), event
        assert event.version == (before.version + _moved(before, event) if before else 1), event
        if event.from_state not in {None, event.to_state}:
            check_step("", event.from_state, State(event.to_state))
        freed[event.reservation_id] += event.from_state in LIVE and event.to_state not in LIVE
        freed[event.reservation_id] -= event.from_state in DEAD and event.to_state in LIVE
        stands[event.reservation_id] = event
    assert stands.keys() == pages.every.keys()
    for number, r in pages.every.items():
        last = stands[number]
        assert (last.to_state, last.party_size, last.version) == (r.state, r.party_size, r.version)
        assert (last.starts_at, last.ends_at) == (r.starts_at, r.ends_at)
        assert pages.tables_of(last) == set(r.table_ids), r
        assert freed[number] == (r.state not in LIVE)


def is_assigned(event: Any) -> bool:
    """Whether the staff have promised a party the tables of this event."""
    by_staff = event.actor.startswith(STAFF)
    return bool(event.kind == Kind.PINNED or (event.kind == Kind.MOVED and by_staff))


def nobody_is_moved_who_sits_or_is_pinned(pages: Pages) -> None:
    """Whom the plan moves is expected, and was promised no table."""
    states: dict[int, str] = {}
    pinned: set[int] = set()
    for event in pages.events:
        number, by_plan = event.reservation_id, event.kind == Kind.MOVED and event.actor == HOUSE
        if by_plan:
            assert number not in pinned, event
            assert states[number] in LIVE - {State.SEATED}, event
        elif is_assigned(event):
            pinned.add(number)
        elif event.kind == Kind.UNPINNED:
            pinned.discard(number)
        states[number] = event.to_state


def everybody_has_room(alive: Iterable[Reservation], every: Iterable[Place]) -> None:
    """Whoever is expected or sits has a place that takes as many: the plan can go on from there."""
    takes = {frozenset(p.table_ids): range(p.min_covers, p.max_covers + 1) for p in every}
    for r in alive:
        assert r.party_size in takes.get(frozenset(r.table_ids), ()), r


def _moved(before: Any, event: Any) -> bool:
    moved: bool = (before.starts_at, before.party_size) != (event.starts_at, event.party_size)
    return moved


def no_table_was_ever_had_twice(pages: Pages) -> int:
    """Replay the history, and look at each moment for two parties at one table.

    Whoever takes a place has seen what was free before, so that the ids of events are an order.

    Returns:
        How many moments were looked at.

    """
    there: dict[int, Any] = {}
    moments = 0
    for together in _transactions(pages.events):
        for event in together:
            there.pop(event.reservation_id, None)
            if event.to_state in LIVE:
                there[event.reservation_id] = event
        for event in together:
            _alone(event, there)
        moments += 1
    return moments


def _transactions(events: Iterable[Any]) -> Iterator[list[Any]]:
    """Events in groups: those who are moved for a party are moved in its transaction.

    Takers of one date wait for each other, and those who free a place for nobody: a step that
    frees may stand between two events of one transaction.
    """
    moved: dict[date, list[Any]] = {}
    for event in events:
        day = (event.starts_at - timedelta(hours=6)).date()
        waiting = moved.get(day, [])
        if waiting and waiting[0].at != event.at and event.to_state in LIVE:
            yield moved.pop(day)
            waiting = []
        if event.kind == Kind.MOVED and event.actor == HOUSE:
            moved.setdefault(day, []).append(event)
        elif waiting and waiting[0].at == event.at:
            yield [*moved.pop(day), event]
        else:
            yield [event]
    yield from moved.values()


def _alone(event: Any, there: Mapping[int, Any]) -> None:
    mine = there.get(event.reservation_id)
    if mine is None:
        return
    for number, other in there.items():
        if number != event.reservation_id and set(mine.tables) & set(other.tables):
            apart = mine.ends_at <= other.starts_at or other.ends_at <= mine.starts_at
            assert apart, (dict(mine._mapping), dict(other._mapping))  # noqa: SLF001
