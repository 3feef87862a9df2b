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
        columns: how many instants there are.

    """

    __slots__ = ("_cell", "_column", "_row", "columns", "empty", "guard")

    def __init__(self, capacities: Sequence[int], columns: int) -> None:
        """Make an empty grid.

        Args:
            capacities: how much each row holds.
            columns: how many instants there are.

        """
        # Three times the most: a count may run over by as much again, and does not spill.
        self._cell = (3 * max(capacities)).bit_length() + 1
        self._row = self._cell * columns
        self.columns = columns
        self._column = sum(1 << self._cell * column for column in range(columns))
        top = 1 << self._cell - 1
        self.empty = self.everywhere(top - 1 - capacity for capacity in capacities)
        self.guard = self.everywhere(top for _ in capacities)

    def span(self, first: int, last: int) -> int:
        """One in a row from an instant up to, not including, another; times `rows` it is a stay."""
        cells = self._column & ((1 << self._cell * last) - 1)
        return cells >> self._cell * first << self._cell * first

    def rows(self, amounts: Iterable[int]) -> int:
        """So much in each row; times a `span` it is a stay."""
        return sum(amount << self._row * row for row, amount in enumerate(amounts) if amount)

    def everywhere(self, amounts: Iterable[int]) -> int:
        """So much in each row at every instant."""
        return self._column * self.rows(amounts)

    def over(self, count: int) -> Iterator[int]:
        """The numbers of the cells that hold too much, one row after the other."""
        for bit in members(count & self.guard):
            yield bit // self._cell


def bits(first: int, last: int) -> int:
    """The numbers from one up to, not including, another as the bits of an integer."""
    return (1 << last) - (1 << first)


def members(numbers: int) -> Iterator[int]:
    """The numbers that are bits of an integer."""
    while numbers:
        lowest = numbers & -numbers
        numbers ^= lowest
        yield lowest.bit_length() - 1
