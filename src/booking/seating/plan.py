"""The seating plan: which tables a party gets, and who moves for it.

In this order: a place that is free as it is, unless a few others can make a better one free; a
refusal that is remembered; a chain of moves; the evening laid out anew; a refusal. What is tried is
limited by counts, never by the clock, so the same question always has the same answer.
"""

from collections.abc import Hashable, Iterable, Sequence
from datetime import timedelta
from functools import partial
from itertools import groupby
from typing import NamedTuple

from booking.floor import FloorPlan, Place
from booking.seating.blend import Blend
from booking.seating.chains import Chains
from booking.seating.choices import Choices
from booking.seating.evening import NEWCOMER, Evening, evening_of
from booking.seating.memo import Refusals
from booking.seating.repack import Repacked, repack
from booking.seating.room import Room
from booking.seating.stays import Move, Party, Seating, Stay, occupied
from booking.seating.tables import moves_of, tables_of

#: For a better place than one that is free: how many may move, and how many chains be followed.
FEW_MOVES, FEW_TRIES = 2, 10
#: The same for any place at all.
MOVES, TRIES = 12, 100
#: How often parties may lose spots to others while an evening is laid out anew.
BUDGET = 1000

#: How many wishes a place does not meet, and how many it takes: the less, the better.
Level = tuple[int, int]

_NO_TIME = timedelta()
_REFUSALS = Refusals()


class _Question(NamedTuple):
    """What `seat` was asked."""

    floor: FloorPlan
    stays: Sequence[Stay]
    party: Party
    buffer: timedelta

    @property
    def gist(self) -> Hashable:
        """All that a refusal depends on besides the stays: no wish is ever a reason for one."""
        who = self.party
        only = who.keep if who.only_keep else None
        span = who.starts_at, who.ends_at, self.buffer
        return self.floor, span, who.party_size, who.audience, who.any_minimum, only


def seat(
    floor: FloorPlan, stays: Sequence[Stay], party: Party, *, buffer: timedelta = _NO_TIME
) -> Seating | None:
    """Find tables for a party.

    Args:
        floor: the tables and combinations.
        stays: who sits where; not the party itself.
        party: who looks for seats.
        buffer: how long a table is not given away after a party has left it.

    Returns:
        The tables, and who moves for it; None when no plan was found.

    """
    asked = _Question(floor, stays, party, buffer)
    gap = buffer if party.party_size else _NO_TIME
    taken = occupied(stays, party.starts_at, party.ends_at, gap)
    if party.only_keep:
        is_free = taken.isdisjoint(party.keep)
        return _at_own(floor, party) if is_free else _unless_refused(asked, [])
    places = _best_first(floor, party)
    free = [place for place in places if taken.isdisjoint(place.table_ids)]
    if not free:
        return _unless_refused(asked, places)
    kept = _kept(party, free)
    if kept:
        return _seating(party, kept)
    return _better(asked, places, free[0]) or _seating(party, free[0])


def _level(party: Party, place: Place) -> Level:
    return len(party.features - place.features), place.max_covers


def _best_first(floor: FloorPlan, party: Party) -> Sequence[Place]:
    """Where a party may sit: most wishes met, then least waste, then as the floor plan has it."""
    places = floor.places(party.party_size, party.audience, any_minimum=party.any_minimum)
    if not party.features:
        return places
    return sorted(places, key=lambda place: _level(party, place))


def _kept(party: Party, free: Sequence[Place]) -> Place | None:
    """The place that a party has, if it is free and no free one meets more wishes."""
    if not party.keep:
        return None
    best, _ = _level(party, free[0])
    own = (place for place in free if set(place.table_ids) == set(party.keep))
    return next((place for place in own if _level(party, place)[0] == best), None)


def _better(asked: _Question, places: Sequence[Place], free: Place) -> Seating | None:
    """A place that is better than the best free one, if a few others can make room there."""
    party = asked.party
    better = [place for place in places if _level(party, place) < _level(party, free)]
    evening = evening_of(*asked, better) if better else None
    if evening is None:
        return None
    blend = Blend(evening)
    found = _few_move(blend.blended, Room(blend.blended), party, better, free)
    arrangement = _settled(blend, found) if found else None
    return _planned(evening, arrangement, party) if arrangement else None


def _few_move(
    evening: Evening,
    room: Room,
    party: Party,
    places: Iterable[Place],
    free: Place | None = None,
) -> list[int] | None:
    """Make room for a newcomer at one of these places, the best first, by moving a few.

    Where that only saves covers, nobody who moves may waste as many as the free place would.
    """
    open_to = evening.seekers[NEWCOMER].options
    for (unmet, _), level in groupby(places, partial(_level, party)):
        saves = free is not None and unmet == _level(party, free)[0]
        waste = free.max_covers - party.party_size if free and saves else None
        spots = [s for s in dict.fromkeys(evening.at[p.table_ids] for p in level) if s in open_to]
        steps = Chains(room, NEWCOMER, spots, waste).find(moves=FEW_MOVES, tries=FEW_TRIES)
        if steps:
            room.carry_out(steps)
            return room.arrangement
    return None


def _unless_refused(asked: _Question, places: Sequence[Place]) -> Seating | None:
    """A place for which others move, unless it is known already that there is none."""
    if _REFUSALS.hold(asked.gist, asked.stays):
        return None
    evening = evening_of(*asked, places)
    found = _arranged(evening, asked.party, places) if evening else Repacked(is_certain=True)
    if evening and found.arrangement:
        return _planned(evening, found.arrangement, asked.party)
    _REFUSALS.add(asked.gist, asked.stays, is_proved=found.is_certain)
    return None


def _arranged(evening: Evening, party: Party, places: Sequence[Place]) -> Repacked:
    """An arrangement in which everybody sits: first by kinds of tables, then within each kind."""
    blend = Blend(evening)
    found = _searched(blend.blended, party, places)
    if not found.arrangement:
        return found
    settled = _settled(blend, found.arrangement)
    return Repacked(settled) if settled else _searched(evening, party, places)


def _settled(blend: Blend, arrangement: list[int]) -> list[int] | None:
    """An arrangement by kinds of tables as one of the real evening, if it can be one."""
    return _searched(blend.within(arrangement)).arrangement


def _searched(
    evening: Evening, party: Party | None = None, places: Sequence[Place] = ()
) -> Repacked:
    """An arrangement in which everybody sits: by moving few, or by laying the evening out anew."""
    room = Room(evening)
    if party and not party.only_keep:
        few = _few_move(evening, room, party, places)
        if few:
            return Repacked(few)
    if not all(seeker.options for seeker in evening.seekers):
        return Repacked(is_certain=True)
    choices = Choices(evening)
    if not choices.settle():
        return Repacked(is_certain=True)
    if all(_some_move(evening, room, number) for number in evening.homeless):
        return Repacked(room.arrangement)
    return repack(choices, budget=BUDGET)


def _some_move(evening: Evening, room: Room, number: int) -> bool:
    """Make room for one party by moving some others."""
    steps = Chains(room, number, evening.seekers[number].options).find(moves=MOVES, tries=TRIES)
    room.carry_out(steps or ())
    return bool(steps)


def _planned(evening: Evening, arrangement: Sequence[int], party: Party) -> Seating:
    """What an arrangement means for a party and for those who move."""
    tables = tables_of(evening, arrangement)
    moves = moves_of(evening, tables)
    if party.only_keep:
        return _at_own(evening.floor, party, moves)
    place = evening.floor.place_at[frozenset(tables[NEWCOMER])]
    return _seating(party, place, moves)


def _at_own(floor: FloorPlan, party: Party, moves: tuple[Move, ...] = ()) -> Seating:
    unmet = party.features - floor.features_at(party.keep) if party.features else party.features
    return Seating(table_ids=party.keep, moves=moves, unmet=unmet)


def _seating(party: Party, place: Place, moves: tuple[Move, ...] = ()) -> Seating:
    return Seating(table_ids=place.table_ids, moves=moves, unmet=party.features - place.features)
