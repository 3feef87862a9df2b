"""Chains: a party takes a spot, whoever was there takes another, and so on.

The chain that seems nearest to its end is followed first: one with few steps so far, whose last
party lacks a table at few instants only. It is the cheap half of the search, and moves few.
"""

from collections.abc import Iterator, Sequence
from functools import reduce
from heapq import heappop, heappush
from itertools import count
from operator import and_, or_
from typing import NamedTuple

from booking.seating.grid import members
from booking.seating.room import Room, Step


class _Chain(NamedTuple):
    """A chain that may go on.

    Attributes:
        left: who has lost their spot, the hardest to seat first: one seeker, or two.
        taken: what all others take.
        moved: who has lost their spot so far, as bits.
        steps: their moves.

    """

    left: tuple[int, ...]
    taken: int
    moved: int
    steps: tuple[Step, ...]


class Chains:
    """The chains that begin with a seeker."""

    def __init__(
        self, room: Room, number: int, spots: Sequence[int], waste: int | None = None
    ) -> None:
        """Begin with one chain, of no steps.

        Args:
            room: who sits where.
            number: of the seeker.
            spots: where it may sit, the best first.
            waste: nobody is moved to a spot that leaves so many covers empty, or more, unless it
                is no larger than the one that they have.

        """
        self._room = room
        self._waste = waste
        self._spots = {number: spots}
        self._open = [(0, 0, _Chain((number,), room.taken, 1 << number, ()))]
        self._seen: set[tuple[tuple[int, ...], int]] = set()
        self._ticket = count(1)  # of two that are as near the first is followed first

    def find(self, *, moves: int, tries: int) -> Sequence[Step] | None:
        """The steps of a chain that comes to an end.

        Args:
            moves: how many others may move, at most.
            tries: how many chains may be followed, at most.

        """
        for _ in range(tries):
            if not self._open:
                return None
            *_, chain = heappop(self._open)
            found = self._follow(chain, moves)
            if found:
                return found
        return None

    def _follow(self, chain: _Chain, moves: int) -> Sequence[Step] | None:
        """Seat the first who has no spot, in all ways; the steps, if that is the end of it."""
        number, *others = chain.left
        guard = self._room.guard
        tried = [
            (spot, chain.taken + self._room.shape(number, spot)) for spot in self._where(number)
        ]
        for spot, taken in tried:
            if not taken & guard:
                steps = (*chain.steps, (number, spot))
                if others:
                    self._add(_Chain(tuple(others), taken, chain.moved, steps))
                return None if others else steps
        for spot, taken in tried:
            steps = (*chain.steps, (number, spot))
            for leaving in self._in_the_way(taken, chain.moved, len(others)):
                if len(steps) + len(others) + len(leaving) - 1 <= moves:
                    freed = reduce(self._room.without, leaving, taken)
                    moved = reduce(or_, (1 << each for each in leaving), chain.moved)
                    self._add(_Chain((*others, *leaving), freed, moved, steps))
        return None

    def _in_the_way(self, taken: int, moved: int, waiting: int) -> Iterator[tuple[int, ...]]:
        """Who frees all cells that hold too much: one who leaves, or two if there is none such."""
        crowds = [there & ~moved for there in self._room.crowds(taken)]
        alone = reduce(and_, crowds)
        if alone:
            yield from ((number,) for number in members(alone))
        elif not waiting:
            for number in members(crowds[0]):
                other = reduce(and_, [there for there in crowds if not there >> number & 1])
                yield from ((number, each) for each in members(other))

    def _add(self, chain: _Chain) -> None:
        """Keep a chain to be followed, unless one like it was."""
        known = (tuple(sorted(chain.left)), chain.taken)
        if chain.taken & self._room.guard or known in self._seen:
            return
        self._seen.add(known)
        lacks = sorted((self._lack(number, chain.taken), number) for number in chain.left)
        lacks.reverse()
        # Who must move on costs as much as a step, and what they lack where they lack least.
        rank = len(chain.steps) + sum(lack + 1 for lack, _ in lacks if lack)
        left = tuple(number for _, number in lacks)
        heappush(self._open, (rank, next(self._ticket), chain._replace(left=left)))

    def _lack(self, number: int, taken: int) -> int:
        """In how many cells a party lacks a table, where it lacks least."""
        least = -1
        for spot in self._where(number):
            lack = ((taken + self._room.shape(number, spot)) & self._room.guard).bit_count()
            if not lack:
                return 0
            least = lack if least < 0 else min(least, lack)
        return least

    def _where(self, number: int) -> Sequence[int]:
        """The spots that a seeker may move to."""
        spots = self._spots.get(number)
        if spots is None:
            spots = self._spots[number] = self._room.elsewhere(number, self._waste)
        return spots
