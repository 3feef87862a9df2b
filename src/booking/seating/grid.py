"""How many sit where and when, all in one integer.

A grid has a row for each thing that can run short (a pool of tables, a class of them) and a column
for each instant at which somebody sits down. A cell counts what is taken there and then. The cells
lie side by side in one long integer, each with a guard bit on top that is set exactly when the cell
counts more than its row holds. So a party is seated by one addition, and one `&` tells whether
everybody has a table, everywhere and all evening. Both take some hundred nanoseconds.
"""

from collections.abc import Iterable, Iterator, Sequence


class Grid:
    """Rows that hold so much, over so many instants.

    Attributes:
        empty: the count when nobody is there.
        guard: the guard bits of all cells; a count that has none of them is one that fits.
        rows: how many rows there are.

    """

    __slots__ = ("_cell", "_columns", "empty", "guard", "rows")

    def __init__(self, capacities: Sequence[int], columns: int) -> None:
        """Make an empty grid.

        Args:
            capacities: how much each row holds.
            columns: how many instants there are.

        """
        self.rows = len(capacities)
        self._cell = _cell_size(capacities)
        column = self._cell * self.rows
        self._columns = [0]
        for number in range(columns):
            self._columns.append(self._columns[-1] | 1 << column * number)
        top = 1 << self._cell - 1
        self.empty = self.always(top - 1 - capacity for capacity in capacities)
        self.guard = self.always(top for _ in capacities)

    def span(self, first: int, last: int) -> int:
        """One from an instant up to, not including, another; times some amounts it is a stay."""
        return self._columns[last] - self._columns[first]

    def amounts(self, of_each_row: Iterable[int]) -> int:
        """So much of each row; times a span it is a stay."""
        cell = self._cell
        return sum(much << cell * row for row, much in enumerate(of_each_row) if much)

    def always(self, of_each_row: Iterable[int]) -> int:
        """So much of each row at every instant."""
        return self._columns[-1] * self.amounts(of_each_row)

    def held(self, row: int, much: int, instants: int) -> int:
        """So much of one row at some instants, which are bits."""
        first = sum(
            [self._columns[number + 1] - self._columns[number] for number in members(instants)]
        )
        return first * much << self._cell * row

    def over(self, count: int) -> Iterator[tuple[int, int]]:
        """The cells that hold too much, by their columns and rows."""
        for bit in members(count & self.guard):
            yield self.cell(bit)

    def cell(self, bit: int) -> tuple[int, int]:
        """The cell whose guard a bit is, by its column and row."""
        return divmod(bit // self._cell, self.rows)


def _cell_size(capacities: Sequence[int]) -> int:
    """Bits for three times the most: a count may run over by as much again without spilling."""
    return (3 * max(capacities)).bit_length() + 1


def bits(first: int, last: int) -> int:
    """The numbers from one up to, not including, another as the bits of an integer."""
    return (1 << last) - (1 << first)


def members(numbers: int) -> Iterator[int]:
    """The numbers that are bits of an integer."""
    while numbers:
        lowest = numbers & -numbers
        numbers ^= lowest
        yield lowest.bit_length() - 1
