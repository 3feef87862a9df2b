"""What each party can still choose from, while others take what they need.

Whichever spot a party takes of those that are left to it, it needs so much of each class of tables
at least (see `classes`). Where a class has no more to give than is needed of it already, everybody
loses the spots that would take more of it than they need. Sets of spots and of seekers are bits of
an integer.
"""

from typing import NamedTuple

from booking.seating.classes import Needs
from booking.seating.evening import Evening, Seeker
from booking.seating.grid import Grid, members


class State(NamedTuple):
    """All that changes, to come back to."""

    length: int
    needed: int
    tight: tuple[int, ...]
    wanted: int
    undecided: int


class Choices:
    """The spots that are left to each seeker.

    Attributes:
        orders: the spots of each, the best first: their home, if they have one.
        of: those that are left, as bits.
        preferred: the best that is left.
        undecided: who has more than one, as bits.
        failures: how often each was the one for whom nothing was left, and once more.
        losses: how often anybody lost spots.

    """

    def __init__(self, evening: Evening) -> None:
        """Leave everybody all their options."""
        self._seekers = evening.seekers
        self.orders = [_home_first(seeker) for seeker in evening.seekers]
        self.of = [sum(1 << spot for spot in order) for order in self.orders]
        self.preferred = [order[0] for order in self.orders]
        self.undecided = sum(1 << n for n, order in enumerate(self.orders) if len(order) > 1)
        self.failures = [1] * len(self.orders)
        self.losses = 0
        self._trail: list[tuple[int, int, int]] = []
        self._columns = [self._there_at(column) for column in range(evening.columns)]
        self._count_wishes(evening)
        self._count_needs(evening)

    def _there_at(self, column: int) -> int:
        spans = [seeker.span for seeker in self._seekers]
        return sum(1 << n for n, span in enumerate(spans) if span.first <= column < span.last)

    def _count_wishes(self, evening: Evening) -> None:
        """Count how many prefer each pool."""
        spots, sizes = evening.spots.found, [len(tables) for tables in evening.pools.tables]
        self._pools = grid = Grid(sizes, evening.columns)
        self._rows = [grid.rows(map(spot.count, range(len(sizes)))) for spot in spots]
        self._stays = [grid.span(each.span.first, each.span.last) for each in self._seekers]
        preferred = zip(self._stays, self.preferred, strict=True)
        self._wanted = grid.empty + sum(stay * self._rows[spot] for stay, spot in preferred)

    def _count_needs(self, evening: Evening) -> None:
        """Count what is needed of each class of tables."""
        self._needs = Needs(evening)
        self._classes = grid = self._needs.grid
        self._spans = [grid.span(each.span.first, each.span.last) for each in self._seekers]
        choices = zip(self._spans, self.of, strict=True)
        needed = sum(span * self._needs.of(spots).rows for span, spots in choices)
        self._needed = self._needs.held + needed
        self._tight = (0,) * len(self._needs.steps)

    @property
    def all_seated(self) -> bool:
        """Whether everybody can have what they prefer."""
        return not self._wanted & self._pools.guard

    @property
    def crowd(self) -> int:
        """Who is undecided, and there when more prefer a pool than it has tables."""
        who = 0
        for column in {cell % self._pools.columns for cell in self._pools.over(self._wanted)}:
            who |= self._columns[column]
        return who & self.undecided

    @property
    def state(self) -> State:
        """What there is to come back to."""
        return State(len(self._trail), self._needed, self._tight, self._wanted, self.undecided)

    def back(self, state: State) -> None:
        """Leave everything as it was."""
        while len(self._trail) > state.length:
            number, spots, preferred = self._trail.pop()
            self.of[number], self.preferred[number] = spots, preferred
        _, self._needed, self._tight, self._wanted, self.undecided = state

    def settle(self) -> bool:
        """Take from all what they cannot have from the start; False when that leaves one none."""
        return not self._needed & self._classes.guard and self._narrow(self._too_much())

    def narrow(self, number: int, spots: int) -> bool:
        """Leave a seeker only these spots, and others what is left; False when one has none."""
        return self._narrow([(number, spots)])

    def _narrow(self, todo: list[tuple[int, int]]) -> bool:
        while todo:
            number, spots = todo.pop()
            left = self.of[number] & spots
            if left == self.of[number]:
                continue
            if not left or not self._leave(number, left):
                self.failures[number] += 1
                return False
            todo += self._too_much()
        return True

    def _leave(self, number: int, spots: int) -> bool:
        """Leave a seeker these spots; False when it needs more now than there is."""
        before, preferred = self.of[number], self.preferred[number]
        self._trail.append((number, before, preferred))
        self.losses += 1
        self.of[number] = spots
        if not spots & (spots - 1):
            self.undecided &= ~(1 << number)
        if not spots >> preferred & 1:
            self._prefer(number, next(s for s in self.orders[number] if spots >> s & 1))
        more = self._needs.of(spots).rows - self._needs.of(before).rows
        self._needed += self._spans[number] * more
        return not self._needed & self._classes.guard

    def _prefer(self, number: int, spot: int) -> None:
        self._wanted = self._if_preferred(number, spot)
        self.preferred[number] = spot

    def _if_preferred(self, number: int, spot: int) -> int:
        change = self._rows[spot] - self._rows[self.preferred[number]]
        return self._wanted + self._stays[number] * change

    def go_home(self) -> None:
        """Once all are seated, let everybody prefer the spot that they have, if they still can."""
        for number, seeker in enumerate(self._seekers):
            home = seeker.home
            if home is not None and not self._if_preferred(number, home) & self._pools.guard:
                self._prefer(number, home)

    def _too_much(self) -> list[tuple[int, int]]:
        """Who must keep to lighter spots, because a class has no more to give; and to which."""
        found = []
        for level, (step, everywhere) in enumerate(self._needs.steps):
            tight = (self._needed + everywhere) & self._classes.guard
            new = tight & ~self._tight[level]
            if new:
                self._tight = (*self._tight[:level], tight, *self._tight[level + 1 :])
                for cell in self._classes.over(new):
                    found += self._losers(cell, step)
        return found

    def _losers(self, cell: int, step: int) -> list[tuple[int, int]]:
        """Who loses spots because in one cell so much cannot be given beyond what is needed."""
        row, column = divmod(cell, self._classes.columns)
        lighter = self._needs.lighter[row]
        found = []
        for number in members(self._columns[column] & self.undecided):
            limit = self._needs.of(self.of[number]).amounts[row] + step
            if limit < len(lighter) and self.of[number] & ~lighter[limit]:
                found.append((number, lighter[limit]))
        return found


def _home_first(seeker: Seeker) -> list[int]:
    if seeker.home is None:
        return list(seeker.options)
    return [seeker.home, *(spot for spot in seeker.options if spot != seeker.home)]
