"""Classes of tables that parties compete for, and how much of each a party needs at least.

The tables for seven and more are a class; a party of seven needs one of them, wherever it sits. If
at some instant more is needed of a class than there is of it, there is no way, and nobody has to
search for one.

A party of seven could do with two fours joined: each of these is half a table of that class. So
classes come in two ways: with the tables that reach it when they are joined, as parts, and without.
"""

from collections.abc import Iterator
from math import lcm
from typing import NamedTuple

from booking.floor import FloorPlan, Table
from booking.seating.evening import Evening
from booking.seating.grid import Grid, members
from booking.seating.pools import Pools

#: Which part of the class a table of each pool is.
TableClass = tuple[int, ...]


class Need(NamedTuple):
    """What a party needs at least, whichever spot it takes of some.

    Attributes:
        amounts: of each class.
        rows: the same as rows of the grid.

    """

    amounts: tuple[int, ...]
    rows: int


class Needs:
    """How much of each class a party needs.

    Attributes:
        grid: a row for each class.
        held: what is taken of the classes by those who will not move.
        steps: amounts that a party may want beyond its need, and the same all over the grid.
        lighter: of each class the spots that take less of it than 0, 1, 2, .. parts, as bits.

    """

    def __init__(self, evening: Evening) -> None:
        """Find the classes of an evening."""
        pools, spots = evening.pools, evening.spots.found
        classes, whole = classes_of(evening.floor, pools)
        self.grid = grid = Grid([_size(each, pools) for each in classes], evening.columns)
        self.held = grid.empty + _held(classes, pools, grid)
        takes = [[sum(each[pool] for pool in spot) for spot in spots] for each in classes]
        self.lighter = [_lighter(amounts) for amounts in takes]
        self.steps = [
            (step, grid.everywhere(step if step <= max(amounts) else 0 for amounts in takes))
            for step in sorted({1, whole})
        ]
        self._known: dict[int, Need] = {}

    def of(self, spots: int) -> Need:
        """What who takes one of these spots needs at least (spots are bits)."""
        need = self._known.get(spots)
        if need is None:
            amounts = tuple([_least(lighter, spots) for lighter in self.lighter])
            need = self._known[spots] = Need(amounts, self.grid.rows(amounts))
        return need


def classes_of(floor: FloorPlan, pools: Pools) -> tuple[list[TableClass], int]:
    """Each pool by itself, then the tables from one size to another; and what a whole table is."""
    whole = lcm(*(len(joined.table_ids) for joined in floor.combinations))
    numbers = range(len(pools.tables))
    alone = [tuple(int(pool == number) for pool in numbers) for number in numbers]
    return [*alone, *dict.fromkeys(_by_size(floor, pools, whole))], whole


def _by_size(floor: FloorPlan, pools: Pools, whole: int) -> Iterator[TableClass]:
    by_id = {table.id: table for table in floor.tables}
    members = [by_id[tables[0]] for tables in pools.tables]
    sizes = sorted({table.max_covers for table in members})
    for least in sizes:
        parts = [_part(floor, table, least, whole) for table in members]
        for most in (size for size in sizes if size >= least):
            full = [whole * (least <= table.max_covers <= most) for table in members]
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


def _size(each: TableClass, pools: Pools) -> int:
    return sum(part * len(tables) for part, tables in zip(each, pools.tables, strict=True))


def _held(classes: list[TableClass], pools: Pools, grid: Grid) -> int:
    """What is taken of the classes by who will not move; nobody is given a pool that is held."""
    taken = 0
    for pool, held in enumerate(pools.held):
        tables = len(pools.tables[pool])
        rows = [each[pool] * tables if sum(map(bool, each)) > 1 else 0 for each in classes]
        taken += sum(grid.span(i, i + 1) for i in members(held)) * grid.rows(rows)
    return taken


def _lighter(amounts: list[int]) -> list[int]:
    return [
        sum(1 << spot for spot, amount in enumerate(amounts) if amount < limit)
        for limit in range(max(amounts) + 2)
    ]


def _least(lighter: list[int], spots: int) -> int:
    """The least amount that one of these spots takes."""
    amount = 0
    while not lighter[amount + 1] & spots:
        amount += 1
    return amount
