"""Pools and spots: which tables nothing tells apart tonight, and what places are made of.

On a pool a set of stays has room exactly when at no instant there are more of them than tables: in
order of arrival each takes any table that is free. So nobody needs to ask which table, only how
many. All places that take their tables from the same pools are one spot.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from booking.floor import Audience, FloorPlan, Place
from booking.seating.grid import bits
from booking.seating.obstacles import Obstacles, Span

#: Pools by number; one that gives several tables is named as often.
Spot = tuple[int, ...]
#: The size of a party, as whom it asks, and what its place must have.
Kind = tuple[int, Audience, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Pools:
    """The tables of an evening, as far as they differ.

    Attributes:
        tables: of each pool.
        of: the pool of each table.
        held: when each pool is held by who will not move, as bits.
        closed: when each pool is closed, as bits.

    """

    tables: tuple[tuple[int, ...], ...]
    of: Mapping[int, int]
    held: tuple[int, ...]
    closed: tuple[int, ...]


def pools_of(floor: FloorPlan, obstacles: Obstacles, alone: Iterable[int]) -> Pools:
    """Put tables together that are of one kind and free at the same times.

    Args:
        floor: the tables.
        obstacles: what stands in the way at each.
        alone: tables that matter to somebody by themselves.

    """
    single = frozenset(alone)
    held, closed = obstacles.held, obstacles.closed
    numbers: dict[object, int] = {}
    tables: list[list[int]] = []
    of: dict[int, int] = {}
    for table_id, kind in floor.kinds.items():
        key = table_id if table_id in single else (kind, held[table_id], closed[table_id])
        number = of[table_id] = numbers.setdefault(key, len(tables))
        if number == len(tables):
            tables.append([])
        tables[number].append(table_id)
    first = [own[0] for own in tables]
    return Pools(
        tuple(tuple(own) for own in tables),
        of,
        tuple(held[table_id] for table_id in first),
        tuple(closed[table_id] for table_id in first),
    )


class Spots:
    """The spots of an evening, numbered as they are met.

    Attributes:
        pools: what they are made of.
        found: the spots by number.
        places: a place of each spot; None where somebody sits at tables that are no place.

    """

    __slots__ = ("_at", "_barred", "_floor", "_numbers", "_options", "found", "places", "pools")

    def __init__(self, floor: FloorPlan, pools: Pools) -> None:
        """Number the spots of all places."""
        self._floor = floor
        self.pools = pools
        self.found: list[Spot] = []
        self.places: list[Place | None] = []
        self._numbers: dict[Spot, int] = {}
        self._options: dict[Kind, tuple[int, ...]] = {}
        self._barred: list[tuple[int, int]] = []
        self._at = {place.table_ids: self.number(place.table_ids, place) for place in floor.every}

    def number(self, table_ids: Iterable[int], place: Place | None = None) -> int:
        """The spot at which these tables are."""
        of = self.pools.of
        spot = tuple(sorted([of[table_id] for table_id in table_ids]))
        number = self._numbers.setdefault(spot, len(self.found))
        if number == len(self.found):
            self.found.append(spot)
            self.places.append(place)
            held = closed = 0
            for pool in spot:
                held |= self.pools.held[pool]
                closed |= self.pools.closed[pool]
            self._barred.append((held, closed))
        return number

    def of(self, places: Iterable[Place]) -> tuple[int, ...]:
        """The spots of places, in their order."""
        return tuple(dict.fromkeys([self._at[place.table_ids] for place in places]))

    def options(self, kind: Kind) -> tuple[int, ...]:
        """Where parties of a kind may sit, the best first."""
        if kind not in self._options:
            party_size, audience, features = kind
            places = self._floor.places(party_size, audience)
            self._options[kind] = self.of(p for p in places if features <= p.features)
        return self._options[kind]

    def open_to(self, options: Iterable[int], span: Span) -> tuple[int, ...]:
        """Of these spots the ones that are neither held nor closed meanwhile."""
        stay, visit = bits(span.first, span.last), bits(span.first, span.leaves)
        barred = self._barred
        return tuple([n for n in options if not (barred[n][0] & stay or barred[n][1] & visit)])
