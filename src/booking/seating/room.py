"""The room: who sits at which spot, and what each takes of the pools."""

from collections.abc import Iterable

from booking.seating.evening import Evening
from booking.seating.grid import Grid

#: A seeker and its new spot, by their numbers.
Step = tuple[int, int]


class Room:
    """Who sits at which spot.

    Attributes:
        seekers: all who may be seated anew.
        at: the spot of each.
        taken: how many tables of each pool are taken at each instant.
        guard: what `taken` has none of as long as everybody has a table.

    """

    def __init__(self, evening: Evening) -> None:
        """Let everybody sit where they are."""
        sizes = [len(tables) for tables in evening.pools]
        self.seekers = evening.seekers
        self.at: list[int | None] = [None] * len(evening.seekers)
        self._spots, self._covers = evening.spots, evening.covers
        self._grid = grid = Grid(sizes, evening.columns)
        self.guard = grid.guard
        self.taken = grid.empty + sum([grid.held(*each) for each in evening.held])
        self._takes = [grid.amounts(map(spot.count, range(len(sizes)))) for spot in self._spots]
        self._spans = [grid.span(each.span.first, each.span.last) for each in evening.seekers]
        self._shapes: dict[Step, int] = {}
        self._there = [[0] * len(sizes) for _ in range(evening.columns)]
        for number, seeker in enumerate(evening.seekers):
            if seeker.home is not None:
                self.sit(number, seeker.home)

    @property
    def arrangement(self) -> list[int]:
        """The spot of each seeker, once all have one."""
        return [spot for spot in self.at if spot is not None]

    def shape(self, number: int, spot: int) -> int:
        """What a seeker takes at a spot, over all cells."""
        step = (number, spot)
        shape = self._shapes.get(step)
        if shape is None:
            shape = self._shapes[step] = self._spans[number] * self._takes[spot]
        return shape

    def without(self, taken: int, number: int) -> int:
        """What is taken still when a seeker leaves its spot."""
        at = self.at[number]
        return taken if at is None else taken - self.shape(number, at)

    def elsewhere(self, number: int, waste: int | None) -> list[int]:
        """Where else a seeker may sit.

        Args:
            number: of the seeker.
            waste: not where so many covers, or more, stay empty, except at spots that are no larger
                than its own; None is no limit.

        """
        seeker, at = self.seekers[number], self.at[number]
        others = [spot for spot in seeker.options if spot != at]
        if waste is None or at is None:
            return others
        most = max(seeker.party_size + waste - 1, self._covers[at])
        return [spot for spot in others if self._covers[spot] <= most]

    def crowds(self, taken: int) -> list[int]:
        """Who sits in each cell that holds too much, as bits."""
        return [self._there[column][pool] for column, pool in self._grid.over(taken)]

    def crowd(self, bit: int) -> int:
        """Who sits in the cell whose guard this bit is, as bits."""
        column, pool = self._grid.cell(bit)
        return self._there[column][pool]

    def sit(self, number: int, spot: int) -> None:
        """Move a seeker to a spot, whoever is there."""
        at = self.at[number]
        if at is not None:
            self.taken -= self.shape(number, at)
            self._mark(number, at)
        self.at[number] = spot
        self.taken += self.shape(number, spot)
        self._mark(number, spot)

    def carry_out(self, steps: Iterable[Step]) -> None:
        """Move seekers to their new spots."""
        for number, spot in steps:
            self.sit(number, spot)

    def _mark(self, number: int, spot: int) -> None:
        """Note that a seeker comes to the cells of a spot, or leaves them."""
        span = self.seekers[number].span
        for pool in set(self._spots[spot]):
            for there in self._there[span.first : span.last]:
                there[pool] ^= 1 << number
