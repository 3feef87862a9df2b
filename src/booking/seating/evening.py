"""An evening as the search sees it: who may sit where, with all that cannot matter left out.

Only those count whom the newcomer can touch, one through the other, and of the time only the
instants at which somebody sits down.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from booking.floor import FloorPlan, Place
from booking.seating.obstacles import Axis, Obstacles, Span, at_odds
from booking.seating.pools import Spot, Spots, pools_of
from booking.seating.stays import NOBODY, Party, Stay, occupied


class Seeker(NamedTuple):
    """A party that may be seated anew.

    Attributes:
        party_size: how many they are.
        span: from when to when.
        options: the numbers of the spots at which they may sit, the best first.
        home: where they sit now; None for who has no place yet, or cannot keep it.
        stay: what stands in the book; None for the newcomer.

    """

    party_size: int
    span: Span
    options: tuple[int, ...]
    home: int | None
    stay: Stay | None


class Held(NamedTuple):
    """Tables of a pool that are held by who will not move: how many, and when, as bits."""

    pool: int
    tables: int
    instants: int


@dataclass(frozen=True, slots=True)
class Evening:
    """Who may sit where.

    Attributes:
        floor: all tables.
        pools: the tables of each pool.
        kinds: the kind of each pool, a number; pools of one kind differ in when they are free.
        held: what is held of the pools.
        spots: the pools of each spot.
        covers: the largest party at each spot.
        at: the spot of each place, by its tables.
        seekers: all who may be seated anew, a newcomer first.
        columns: how many instants there are.

    """

    floor: FloorPlan
    pools: tuple[tuple[int, ...], ...]
    kinds: tuple[int, ...]
    held: tuple[Held, ...]
    spots: tuple[Spot, ...]
    covers: tuple[int, ...]
    at: Mapping[tuple[int, ...], int]
    seekers: tuple[Seeker, ...]
    columns: int

    @property
    def homeless(self) -> Sequence[int]:
        """The numbers of the seekers that have no place yet, or cannot keep it."""
        return [n for n, seeker in enumerate(self.seekers) if seeker.home is None]


#: The number of the newcomer among the seekers, if there is one.
NEWCOMER = 0


def evening_of(
    floor: FloorPlan, stays: Iterable[Stay], party: Party, gap: timedelta, places: Iterable[Place]
) -> Evening | None:
    """Lay out an evening for a party that looks for a place.

    Args:
        floor: the tables and combinations.
        stays: who sits where.
        party: who looks for seats; with `only_keep` it sits, and they do who are in its way.
        gap: the buffer between two parties at a table.
        places: where it may sit, the best first.

    Returns:
        The evening; None when the party must sit where somebody does who will not move.

    """
    movable, fixed = _by_mobility(floor, stays)
    near = _near(movable, party, gap)
    in_the_way = _in_the_way(fixed, [party, *near], gap)
    axis = _axis([party, *near], in_the_way, gap)
    obstacles = Obstacles(axis)
    for stay in in_the_way:
        put = obstacles.close if stay.reservation_id == NOBODY else obstacles.hold
        put(stay.table_ids, stay.starts_at, stay.ends_at)
    spans = [axis.span(stay.starts_at, stay.ends_at) for stay in near]
    settled = []
    for stay, span, is_odd in zip(near, spans, at_odds(near, spans, obstacles), strict=True):
        if is_odd:
            in_the_way.append(stay)
            obstacles.hold(stay.table_ids, stay.starts_at, stay.ends_at)
        else:
            settled.append((stay, span))
    if party.only_keep:
        if not _can_be_cleared(in_the_way, party, gap):
            return None
        put = obstacles.hold if party.party_size else obstacles.close
        put(party.keep, party.starts_at, party.ends_at)
    pools = pools_of(floor, obstacles, _odd_tables(floor, settled))
    spots = Spots(floor, pools)
    seekers = [_seeker(spots, stay, span) for stay, span in settled]
    if not party.only_keep:
        own = axis.span(party.starts_at, party.ends_at)
        wanted = dict.fromkeys([spots.at[place.table_ids] for place in places])
        newcomer = Seeker(party.party_size, own, spots.open_to(wanted, own), None, None)
        seekers.insert(NEWCOMER, newcomer)
    return Evening(
        floor=floor,
        pools=tuple([pool.tables for pool in pools]),
        kinds=tuple([pool.kind for pool in pools]),
        held=tuple([Held(n, len(p.tables), p.held) for n, p in enumerate(pools) if p.held]),
        spots=tuple(spots.found),
        covers=tuple(spots.covers),
        at=spots.at,
        seekers=tuple(seekers),
        columns=len(axis.instants),
    )


def _in_the_way(
    fixed: Iterable[Stay], seekers: Sequence[Stay | Party], gap: timedelta
) -> list[Stay]:
    """Those who will not move, and are there while one of the seekers is."""
    begin = min(seeker.starts_at for seeker in seekers)
    end = max(seeker.ends_at for seeker in seekers) + gap
    return [stay for stay in fixed if stay.starts_at < end and begin < stay.ends_at + gap]


def _axis(seekers: Sequence[Stay | Party], fixed: Iterable[Stay], gap: timedelta) -> Axis:
    """The instants from the first seeker on; who sat down before has done so by then."""
    starts = [seeker.starts_at for seeker in seekers]
    begin = min(starts)
    return Axis([*starts, *(s.starts_at for s in fixed if s.starts_at > begin)], gap)


def _can_be_cleared(fixed: Iterable[Stay], party: Party, gap: timedelta) -> bool:
    own = gap if party.party_size else timedelta()
    return occupied(fixed, party.starts_at, party.ends_at, own).isdisjoint(party.keep)


def _by_mobility(floor: FloorPlan, stays: Iterable[Stay]) -> tuple[list[Stay], list[Stay]]:
    """Who may be given other tables, and who may not."""
    movable: list[Stay] = []
    fixed: list[Stay] = []
    for stay in stays:
        stands = stay.is_fixed or stay.reservation_id == NOBODY
        known = not stands and floor.names.keys() >= set(stay.table_ids)
        (movable if known else fixed).append(stay)
    return movable, fixed


def _near(stays: Iterable[Stay], party: Party, gap: timedelta) -> list[Stay]:
    """Whom a party can touch, one through the other: lunch does not matter to dinner."""
    begin, end = party.starts_at, party.ends_at + gap
    return [
        stay
        for group in _groups(stays, gap)
        if group and group[0].starts_at < end and begin < max(stay.ends_at for stay in group) + gap
        for stay in group
    ]


def _groups(stays: Iterable[Stay], gap: timedelta) -> Iterator[list[Stay]]:
    """Those who overlap, one through the other."""
    group: list[Stay] = []
    until = datetime.min.replace(tzinfo=UTC)
    for stay in sorted(stays, key=lambda stay: stay.starts_at):
        if group and stay.starts_at >= until:
            yield group
            group = []
        until = max(until, stay.ends_at + gap)
        group.append(stay)
    yield group


def _odd_tables(floor: FloorPlan, settled: Iterable[tuple[Stay, Span]]) -> set[int]:
    """Tables of parties that would not be seated there anew: the staff have bent a rule."""
    return {i for stay, _ in settled if not _fits(floor, stay) for i in stay.table_ids}


def _fits(floor: FloorPlan, stay: Stay) -> bool:
    place = floor.place_at.get(frozenset(stay.table_ids))
    return (
        place is not None
        and stay.features <= place.features
        and place in floor.places(stay.party_size, stay.audience)
    )


def _seeker(spots: Spots, stay: Stay, span: Span) -> Seeker:
    own = spots.of(stay.table_ids)
    options = spots.options((stay.party_size, stay.audience, stay.features))
    if own not in options:
        options = (*options, own)
    free = spots.open_to(options, span)
    return Seeker(stay.party_size, span, free, own if own in free else None, stay)
