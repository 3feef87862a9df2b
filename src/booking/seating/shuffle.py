"""Shuffling: who has no spot sits down where others are, and of each crowd one moves on.

A local search. In each step one cell with too many is looked at, and of those who are there one
moves: the move that leaves the fewest cells with too many. Where that leads nowhere such cells gain
weight, so that the search learns which tables and hours are sought after, and keeps off them; and
nobody goes straight back. It proves nothing, but finds a way through a crowded evening long before
an orderly search does.
"""

import sys
from collections.abc import Callable
from random import Random

from booking.seating.grid import members
from booking.seating.room import Room, Step

#: For how many steps, at least and at most, nobody goes back to where they came from.
REST = 3, 5


class Shuffle:
    """A search that begins with the room as it is; who has no spot takes the least crowded."""

    def __init__(self, room: Room) -> None:
        """Seat all who have no spot."""
        self._room = room
        # Always the same dice: the same question has the same answer.
        self._dice = Random(0)  # noqa: S311 -- dice, no secret
        # Of each cell a binary number: the cells whose number has a one as its digit 0, 1, 2, ..
        self._lessons: list[int] = []
        self._rests: dict[tuple[int, int | None], int] = {}
        for number, spot in enumerate(room.at):
            if spot is None:
                room.sit(number, min(room.seekers[number].options, key=self._crowding(number)))

    def run(self, steps: int) -> bool:
        """Tell whether all have a table after so many steps at most."""
        room = self._room
        for now in range(steps):
            over = room.taken & room.guard
            if not over:
                return True
            least, moves = self._best(over, now)
            if least >= self._weight(over):
                self._learn(over)
            if moves:
                number, spot = self._dice.choice(moves)
                at = room.at[number]
                self._rests[number, at] = now + self._dice.randint(*REST)
                room.sit(number, spot)
        return not room.taken & room.guard

    def _best(self, over: int, now: int) -> tuple[int, list[Step]]:
        """What weighs least of all that may be too much next, and the moves that lead there."""
        room = self._room
        least, moves = sys.maxsize, list[Step]()
        for number in members(room.crowd(self._dice.choice(list(members(over))))):
            at = room.at[number]
            without = room.without(room.taken, number)
            for spot in room.seekers[number].options:
                left = (without + room.shape(number, spot)) & room.guard
                # No cell weighs less than one: most are passed over here.
                if spot == at or left.bit_count() > least or self._rests_from(number, spot, now):
                    continue
                weight = self._weight(left)
                if weight < least:
                    least, moves = weight, []
                if weight == least:
                    moves.append((number, spot))
        return least, moves

    def _rests_from(self, number: int, spot: int, now: int) -> bool:
        return self._rests.get((number, spot), -1) >= now

    def _weight(self, cells: int) -> int:
        """The weight of all of these cells; of each it is one, and once more for each lesson."""
        weight = cells.bit_count()
        for digit, ones in enumerate(self._lessons):
            weight += (cells & ones).bit_count() << digit
        return weight

    def _learn(self, cells: int) -> None:
        """Add a lesson to each of these cells: one to all numbers at once, with the carry."""
        for digit, ones in enumerate(self._lessons):
            self._lessons[digit], cells = ones ^ cells, ones & cells
        if cells:
            self._lessons.append(cells)

    def _crowding(self, number: int) -> Callable[[int], int]:
        """How many cells have too many if a party sits at a spot."""
        room = self._room
        return lambda spot: ((room.taken + room.shape(number, spot)) & room.guard).bit_count()
