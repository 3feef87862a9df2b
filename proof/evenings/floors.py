"""Floors of three sizes, with tables as restaurants have them, and a few that may be joined."""

from booking.floor import FloorPlan, Table, TableCombination

#: Of tables for so many: the smallest party they are given to.
LEAST = {2: 1, 4: 2, 6: 4, 8: 5}
#: How many tables of each size a floor has, by its number of tables.
MIX = {
    12: {2: 4, 4: 5, 6: 2, 8: 1},
    30: {2: 10, 4: 13, 6: 4, 8: 3},
    60: {2: 20, 4: 26, 6: 9, 8: 5},
}
#: Pairs that may be joined: of which size, and how many such pairs, by the number of tables.
PAIRS = {12: {2: 1, 4: 1}, 30: {2: 2, 4: 2, 6: 1}, 60: {2: 3, 4: 4, 6: 2}}
#: One table in so many stands at the window.
WINDOW = 4


def floor_of(tables: int) -> FloorPlan:
    """A floor of 12, 30 or 60 tables."""
    sizes = [size for size, count in MIX[tables].items() for _ in range(count)]
    return FloorPlan(
        tuple(_table(number, size) for number, size in enumerate(sizes, 1)),
        tuple(
            TableCombination(table_ids=(first, first + 1), min_covers=size + 1, max_covers=2 * size)
            for size, count in PAIRS[tables].items()
            for first in (sizes.index(size) + 1 + 2 * n for n in range(count))
        ),
    )


def _table(number: int, size: int) -> Table:
    section = "window" if number % WINDOW == 0 else "room"
    return Table(
        id=number,
        name=f"T{number}",
        min_covers=LEAST[size],
        max_covers=size,
        section=section,
    )
