"""Pools and spots: which tables nothing tells apart tonight, and what places are made of.

On a pool a set of stays has room exactly when at no instant there are more of them than tables: in
order of arrival each takes any table that is free. So nobody needs to ask which table, only how
many. All places that take their tables from the same pools are one spot.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from booking.floor import Audience, FloorPlan
from booking.seating.grid import bits
from booking.seating.obstacles import Obstacles, Span

#: Pools by number; one that gives several tables is named as often.
Spot = tuple[int, ...]
#: The size of a party, as whom it asks, and what its place must have.
Kind = tuple[int, Audience, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Pool:
    """Tables that nothing tells apart.

    Attributes:
        tables: their ids.
        kind: their kind, a number; pools of one kind differ only in when they are free.
        held: when they are held by who will not move, as bits.
        closed: when they are closed, as bits.

    """

    tables: tuple[int, ...]
    kind: int
    held: int
    closed: int


def pools_of(floor: FloorPlan, obstacles: Obstacles, alone: Iterable[int]) -> list[Pool]:
    """Put tables together that are of one kind and free at the same times.

    Args:
        floor: the tables.
        obstacles: what stands in the way at each.
        alone: tables that matter to somebody by themselves.

    """
    single = frozenset(alone)
    kinds: dict[object, int] = {}
    groups: dict[tuple[int, int, int, int | None], list[int]] = {}
    for table_id, looks in floor.kinds.items():
        kind = kinds.setdefault(looks, len(kinds))
        held, closed = obstacles.held[table_id], obstacles.closed[table_id]
        own = table_id if table_id in single else None
        groups.setdefault((kind, held, closed, own), []).append(table_id)
    return [
        Pool(tuple(tables), kind, held, closed)
        for (kind, held, closed, _), tables in groups.items()
    ]


class Spots:
    """The spots of an evening, numbered as they are met: first those of the floor plan.

    Attributes:
        found: the spots by number.
        covers: the largest party at each; 0 where somebody sits at tables that make no place.
        at: the number of the spot of each place, by its tables.

    """

    def __init__(self, floor: FloorPlan, pools: Sequence[Pool]) -> None:
        """Number the spots of all places."""
        self._floor, self._pools = floor, pools
        self._pool_of = {i: number for number, pool in enumerate(pools) for i in pool.tables}
        self._numbers: dict[Spot, int] = {}
        self._options: dict[Kind, tuple[int, ...]] = {}
        self._barred: list[tuple[int, int]] = []
        self.found: list[Spot] = []
        self.covers: list[int] = []
        self.at = {each.table_ids: self.of(each.table_ids, each.max_covers) for each in floor.every}

    def of(self, table_ids: Iterable[int], covers: int = 0) -> int:
        """The spot at which these tables are."""
        spot = tuple(sorted([self._pool_of[table_id] for table_id in table_ids]))
        number = self._numbers.setdefault(spot, len(self.found))
        if number == len(self.found):
            self.found.append(spot)
            self.covers.append(covers)
            pools = [self._pools[pool] for pool in spot]
            held = reduce(or_, [pool.held for pool in pools])
            self._barred.append((held, reduce(or_, [pool.closed for pool in pools])))
        return number

    def options(self, kind: Kind) -> tuple[int, ...]:
        """Where parties of a kind may sit, the best first."""
        if kind not in self._options:
            party_size, audience, features = kind
            places = self._floor.places(party_size, audience)
            fitting = [self.at[each.table_ids] for each in places if features <= each.features]
            self._options[kind] = tuple(dict.fromkeys(fitting))
        return self._options[kind]

    def open_to(self, options: Iterable[int], span: Span) -> tuple[int, ...]:
        """Of these spots the ones that are neither held nor closed meanwhile."""
        stay, visit = bits(span.first, span.last), bits(span.first, span.leaves)
        barred = self._barred
        return tuple([n for n in options if not (barred[n][0] & stay or barred[n][1] & visit)])
