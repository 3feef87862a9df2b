"""What each party can still choose from, while others take what they need.

Whichever spot a party takes of those that are left to it, it needs so much of each class of tables
at least (see `classes`). Where a class has no more to give than is needed of it already, everybody
loses the spots that would take more of it than they need. Sets of spots and of seekers are bits of
an integer.
"""

from typing import NamedTuple

from booking.seating.classes import needs_of
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
        self.of = [sum([1 << spot for spot in order]) for order in self.orders]
        self.preferred = [order[0] for order in self.orders]
        self.undecided = sum([1 << n for n, order in enumerate(self.orders) if len(order) > 1])
        self.failures = [1] * len(self.orders)
        self.losses = 0
        self._trail: list[tuple[int, int, int]] = []
        self._columns = _who_is_there(evening)
        self._count_wishes(evening)
        self._count_needs(evening)

    def _count_wishes(self, evening: Evening) -> None:
        """Count how many prefer each pool."""
        spots, sizes = evening.spots, [len(tables) for tables in evening.pools]
        self._pools = grid = Grid(sizes, evening.columns)
        self._takes = [grid.amounts(map(spot.count, range(len(sizes)))) for spot in spots]
        self._stays = [grid.span(each.span.first, each.span.last) for each in self._seekers]
        preferred = zip(self._stays, self.preferred, strict=True)
        held = grid.empty + sum([grid.held(*each) for each in evening.held])
        self._wanted = held + sum([stay * self._takes[spot] for stay, spot in preferred])

    def _count_needs(self, evening: Evening) -> None:
        """Count what is needed of each class of tables."""
        self._needs = needs = needs_of(evening.floor, evening.pools, evening.spots)
        self._classes = grid = Grid(needs.sizes, evening.columns)
        self._spans = [grid.span(each.span.first, each.span.last) for each in self._seekers]
        needed = zip(self._spans, map(needs.of, self.of), strict=True)
        self._needed = grid.empty + sum([span * need.in_all for span, need in needed])
        for pool, tables, instants in evening.held:
            of_each = needs.of_pool[pool]
            self._needed += grid.held(0, tables, instants) * of_each
        self._steps = [(step, grid.always(amounts)) for step, amounts in needs.steps]
        self._tight = (0,) * len(self._steps)
        self._open = self._who_may_take_more()

    def _who_may_take_more(self) -> list[int]:
        """Of each class, who may take more than they need, as bits."""
        alike: dict[int, int] = {}
        for number, spots in enumerate(self.of):
            alike[spots] = alike.get(spots, 0) | 1 << number
        found = [0] * self._classes.rows
        for spots, who in alike.items():
            for row in self._needs.of(spots).open_rows:
                found[row] |= who
        return found

    @property
    def all_seated(self) -> bool:
        """Whether everybody can have what they prefer."""
        return not self._wanted & self._pools.guard

    @property
    def crowd(self) -> int:
        """Who is undecided, and there when more prefer a pool than it has tables."""
        who = 0
        for column, _ in self._pools.over(self._wanted):
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
        if self._needed & self._classes.guard:
            return False
        return self._narrow([*self._too_much().items()])

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
            todo += self._too_much().items()
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
        more = self._needs.of(spots).in_all - self._needs.of(before).in_all
        self._needed += self._spans[number] * more
        return not self._needed & self._classes.guard

    def _prefer(self, number: int, spot: int) -> None:
        self._wanted = self._if_preferred(number, spot)
        self.preferred[number] = spot

    def _if_preferred(self, number: int, spot: int) -> int:
        change = self._takes[spot] - self._takes[self.preferred[number]]
        return self._wanted + self._stays[number] * change

    def go_home(self) -> None:
        """Once all are seated, let everybody prefer the spot that they have, if they still can."""
        for number, seeker in enumerate(self._seekers):
            home = seeker.home
            if home is not None and not self._if_preferred(number, home) & self._pools.guard:
                self._prefer(number, home)

    def _too_much(self) -> dict[int, int]:
        """Who must keep to lighter spots, because a class has no more to give; and to which."""
        found: dict[int, int] = {}
        for level, (step, everywhere) in enumerate(self._steps):
            tight = (self._needed + everywhere) & self._classes.guard
            new = tight & ~self._tight[level]
            if new:
                self._tight = (*self._tight[:level], tight, *self._tight[level + 1 :])
                for column, row in self._classes.over(new):
                    who = self._columns[column] & self._open[row] & self.undecided
                    self._lighten(who, row, step, found)
        return found

    def _lighten(self, who: int, row: int, step: int, found: dict[int, int]) -> None:
        """Note what is left to parties who cannot have so much of a class beyond their need."""
        too_heavy = self._needs.heavier(row, step)
        for number in members(who):
            spots = self.of[number]
            heavy = too_heavy[spots]
            if heavy:
                found[number] = found.get(number, spots) & ~heavy


def _who_is_there(evening: Evening) -> list[int]:
    """The seekers who are there at each instant, as bits."""
    found = [0] * evening.columns
    for number, seeker in enumerate(evening.seekers):
        for column in range(seeker.span.first, seeker.span.last):
            found[column] |= 1 << number
    return found


def _home_first(seeker: Seeker) -> list[int]:
    if seeker.home is None:
        return list(seeker.options)
    return [seeker.home, *(spot for spot in seeker.options if spot != seeker.home)]
