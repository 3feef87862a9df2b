"""Classes of tables that parties compete for, and how much of each a party needs at least.

The tables for seven and more are a class; a party of seven needs one of them, wherever it sits. If
at some instant more is needed of a class than there is of it, there is no way, and nobody has to
search for one.

A party of seven could do with two fours joined: each of these is half a table of that class. So
classes come in two ways: with the tables that reach it when they are joined, as parts, and without.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import lcm
from typing import NamedTuple

from booking.floor import FloorPlan, Table
from booking.seating.grid import Grid
from booking.seating.pools import Spot

#: The tables of each pool.
Tables = tuple[tuple[int, ...], ...]
#: Which part of the class a table of each pool is.
TableClass = tuple[int, ...]
#: For how many floors, as far as their tables differ on an evening, needs are remembered.
MOST = 32


class Need(NamedTuple):
    """What a party needs at least, whichever spot it takes of some.

    Attributes:
        of_each: how much of each class.
        in_all: the same as amounts of a grid.
        open_rows: the classes of which it may take more than that.

    """

    of_each: tuple[int, ...]
    in_all: int
    open_rows: tuple[int, ...]


class Needs:
    """How much of each class parties need.

    Attributes:
        sizes: how much there is of each class.
        steps: for each amount that a party may want beyond its need, that amount of each class of
            which there is a spot that takes so much.
        lighter: of each class the spots that take less of it than 0, 1, 2, .. parts, as bits.
        of_pool: how much of each class a table of each pool is, as amounts of a grid.

    """

    def __init__(self, floor: FloorPlan, pools: Tables, spots: Sequence[Spot]) -> None:
        """Find the classes of tables, and what each spot takes of them."""
        whole = lcm(*(len(joined.table_ids) for joined in floor.combinations))
        classes = [*_identity(len(pools)), *dict.fromkeys(_by_size(floor, pools, whole))]
        takes = [[sum([each[pool] for pool in spot]) for spot in spots] for each in classes]
        self.sizes = [
            sum(part * len(tables) for part, tables in zip(each, pools, strict=True))
            for each in classes
        ]
        self.steps = [
            (step, [step if step <= max(amounts) else 0 for amounts in takes])
            for step in sorted({1, whole})
        ]
        self.lighter = [_lighter(amounts) for amounts in takes]
        self._grid = grid = Grid(self.sizes, 1)
        self.of_pool = [
            grid.amounts([each[pool] for each in classes]) for pool in range(len(pools))
        ]
        self._known: dict[int, Need] = {}
        self._heavier = {
            (row, step): _Heavier(lighter, step)
            for row, lighter in enumerate(self.lighter)
            for step, _ in self.steps
        }

    def of(self, spots: int) -> Need:
        """What who takes one of these spots needs at least (spots are bits)."""
        need = self._known.get(spots)
        if need is None:
            need = self._known[spots] = self._need(spots)
        return need

    def heavier(self, row: int, step: int) -> dict[int, int]:
        """Of spots (bits) those that take so much more of a class than the lightest of them."""
        return self._heavier[row, step]

    def _need(self, spots: int) -> Need:
        least = tuple([_least(lighter, spots) for lighter in self.lighter])
        rows = zip(self.lighter, least, strict=True)
        can_more = [row for row, (each, much) in enumerate(rows) if spots & ~each[much + 1]]
        return Need(least, self._grid.amounts(least), tuple(can_more))


class _Heavier(dict[int, int]):
    """Of some spots those that take so much more of a class than the lightest, once asked."""

    def __init__(self, lighter: Sequence[int], step: int) -> None:
        super().__init__()
        self._lighter, self._step = lighter, step

    def __missing__(self, spots: int) -> int:
        limit = _least(self._lighter, spots) + self._step
        heavy = spots & ~self._lighter[limit] if limit < len(self._lighter) else 0
        self[spots] = heavy
        return heavy


@lru_cache(MOST)
def needs_of(floor: FloorPlan, pools: Tables, spots: tuple[Spot, ...]) -> Needs:
    """The needs of an evening; evenings on which the same tables differ share them."""
    return Needs(floor, pools, spots)


def _identity(count: int) -> list[TableClass]:
    return [tuple(int(pool == number) for pool in range(count)) for number in range(count)]


def _by_size(floor: FloorPlan, pools: Tables, whole: int) -> Iterator[TableClass]:
    """The tables from one size to another, without and with those that reach it when joined."""
    by_id = {table.id: table for table in floor.tables}
    first = [by_id[tables[0]] for tables in pools]
    sizes = sorted({table.max_covers for table in first})
    for least in sizes:
        parts = [_part(floor, table, least, whole) for table in first]
        for most in (size for size in sizes if size >= least):
            full = [whole * (least <= table.max_covers <= most) for table in first]
            yield tuple(full)
            yield tuple(map(max, full, parts))


def _part(floor: FloorPlan, table: Table, covers: int, whole: int) -> int:
    """Which part of a place for so many a table is by being joined with others."""
    joined = [
        whole // len(each.table_ids)
        for each in floor.combinations
        if table.id in each.table_ids and each.max_covers >= covers
    ]
    return max(joined, default=0)


def _lighter(amounts: Sequence[int]) -> list[int]:
    return [
        sum([1 << spot for spot, amount in enumerate(amounts) if amount < limit])
        for limit in range(max(amounts) + 2)
    ]


def _least(lighter: Sequence[int], spots: int) -> int:
    """The least amount that one of these spots takes."""
    amount = 0
    while not lighter[amount + 1] & spots:
        amount += 1
    return amount
