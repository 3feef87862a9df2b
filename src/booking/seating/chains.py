"""Chains: a party takes a spot, whoever was there takes another, and so on, a few steps at most.

This is the cheap half of the search, and the one that moves the fewest: before a chain in which
two parties move, all those are tried in which one does, and before these whether the tables of a
pool suffice as they are.
"""

from collections.abc import Iterable

from booking.seating.evening import Evening, Seeker
from booking.seating.grid import Grid, members

#: A seeker and its new spot, by their numbers.
Step = tuple[int, int]


class Chains:
    """Who sits at which spot, changed by chains until everybody has one."""

    __slots__ = ("_at", "_covers", "_evening", "_grid", "_left", "_limit", "_moved", "_rows")
    __slots__ += ("_shapes", "_spans", "_taken", "_there")

    def __init__(self, evening: Evening) -> None:
        """Count who sits where."""
        sizes = [len(tables) for tables in evening.pools.tables]
        self._evening = evening
        self._grid = grid = Grid(sizes, evening.columns)
        self._rows = [grid.rows(map(spot.count, range(len(sizes)))) for spot in evening.spots.found]
        self._covers = [place.max_covers if place else 0 for place in evening.spots.places]
        self._spans = [grid.span(each.span.first, each.span.last) for each in evening.seekers]
        self._shapes: dict[Step, int] = {}
        self._there = [0] * (len(sizes) * grid.columns)
        self._taken = grid.empty
        self._at: list[int | None] = [None] * len(evening.seekers)
        self._left = self._moved = 0
        self._limit: int | None = None
        for number, seeker in enumerate(evening.seekers):
            if seeker.home is not None:
                self._sit(number, seeker.home)

    @property
    def arrangement(self) -> list[int]:
        """The spot of each seeker, when all have one."""
        return [spot for spot in self._at if spot is not None]

    def seat(
        self,
        number: int,
        spots: Iterable[int],
        *,
        steps: int,
        tries: int,
        waste: int | None = None,
    ) -> bool:
        """Find a spot for a seeker, and others for those who sit there.

        Args:
            number: of the seeker.
            spots: where it may sit, the best first.
            steps: how many others may move, at most.
            tries: of how many parties all spots may be tried, at most.
            waste: nobody is moved to a spot that leaves so many covers empty, or more, unless it
                is no larger than the one that they have.

        Returns:
            Whether it has one now; else nothing has changed.

        """
        self._left, self._limit = tries, waste
        for depth in range(steps + 1):
            self._moved = 0
            chain = self._reach(number, tuple(spots), self._taken, depth)
            if chain:
                for mover, spot in chain:
                    self._sit(mover, spot)
                return True
            if self._left < 0:
                break
        return False

    def _reach(
        self, number: int, spots: tuple[int, ...], taken: int, steps: int
    ) -> list[Step] | None:
        """The chain that begins with a seeker, its last step first."""
        self._left -= 1
        if self._left < 0:
            return None
        guard = self._grid.guard
        tried = [(spot, taken + self._shape(number, spot)) for spot in spots]
        for spot, then in tried:
            if not then & guard:
                return [(number, spot)]
        if not steps:
            return None
        self._moved |= 1 << number
        for spot, then in tried:
            for other in self._in_the_way(then):
                home = self._at[other]
                freed = then - self._shape(other, home) if home is not None else then
                chain = self._reach(other, self._elsewhere(other), freed, steps - 1)
                if chain:
                    return [*chain, (number, spot)]
        self._moved &= ~(1 << number)
        return None

    def _in_the_way(self, taken: int) -> Iterable[int]:
        """Who alone frees all of these cells by leaving, and has not moved yet."""
        who = ~self._moved
        for cell in self._grid.over(taken):
            who &= self._there[cell]
        return members(who)

    def _elsewhere(self, number: int) -> tuple[int, ...]:
        """Where else a seeker may sit."""
        home = self._at[number]
        seeker = self._evening.seekers[number]
        return tuple([s for s in seeker.options if s != home and self._may(seeker, home, s)])

    def _may(self, seeker: Seeker, home: int | None, spot: int) -> bool:
        if self._limit is None or home is None:
            return True
        covers = self._covers[spot]
        return covers - seeker.party_size < self._limit or covers <= self._covers[home]

    def _shape(self, number: int, spot: int) -> int:
        """What a seeker takes at a spot, over all cells."""
        step = (number, spot)
        shape = self._shapes.get(step)
        if shape is None:
            shape = self._shapes[step] = self._spans[number] * self._rows[spot]
        return shape

    def _sit(self, number: int, spot: int) -> None:
        """Move a seeker to a spot, whoever is there."""
        home = self._at[number]
        if home is not None:
            self._taken -= self._shape(number, home)
            self._mark(number, home)
        self._at[number] = spot
        self._taken += self._shape(number, spot)
        self._mark(number, spot)

    def _mark(self, number: int, spot: int) -> None:
        """Note that a seeker comes to the cells of a spot, or goes."""
        span = self._evening.seekers[number].span
        for pool in set(self._evening.spots.found[spot]):
            for cell in range(pool * self._grid.columns + span.first, pool * self._grid.columns + span.last):
                self._there[cell] ^= 1 << number
