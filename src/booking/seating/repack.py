"""Repacking: an evening is laid out anew, those first who have least choice.

Everybody goes on preferring the spot they have, until too many prefer the same. Then of all who are
there at that time the one with least choice decides, and from the choice of the others is taken
what they cannot have any more. Who is left without any ends the attempt, and decides earlier in the
next. It ends with an arrangement, with the proof that there is none, or with its budget.
"""

from typing import TYPE_CHECKING, NamedTuple

from booking.seating.choices import Choices, State
from booking.seating.grid import members

if TYPE_CHECKING:
    from collections.abc import Iterator

#: An attempt is given up for the next after so many dead ends, and each may meet more of them.
PATIENCE, GROWTH = 10, 1.3


class Repacked(NamedTuple):
    """What repacking came to.

    Attributes:
        arrangement: the spot of each seeker, if one was found for all.
        is_certain: if not, whether that is certain to be because there is none.

    """

    arrangement: list[int] | None = None
    is_certain: bool = False


def repack(choices: Choices, *, budget: int) -> Repacked:
    """Look for a spot for everybody.

    Args:
        choices: what is left to each.
        budget: how often anybody may lose spots while others decide, at most.

    """
    patience = float(PATIENCE)
    while choices.losses < budget:
        found = _Attempt(choices, int(patience), budget).run()
        if found is not None:
            return _outcome(choices) if found else Repacked(is_certain=True)
        patience *= GROWTH
    return Repacked()


def _outcome(choices: Choices) -> Repacked:
    choices.go_home()
    return Repacked(list(choices.preferred))


class _Attempt:
    """A search in depth: who has least choice takes one spot after the other."""

    def __init__(self, choices: Choices, patience: int, budget: int) -> None:
        self._choices = choices
        self._patience, self._budget = patience, budget
        self._begin = choices.state
        self._branches: list[tuple[State, int, Iterator[int]]] = []

    def run(self) -> bool | None:
        """Whether all are seated; None if that was not found out."""
        while not self._choices.all_seated:
            self._branch()
            while not self._decide():
                if not self._branches:
                    return False
                if self._patience < 0 or self._choices.losses > self._budget:
                    self._choices.back(self._begin)
                    return None
        return True

    def _branch(self) -> None:
        """Let the party with the least choice decide next."""
        of, failures = self._choices.of, self._choices.failures
        crowd = members(self._choices.crowd)
        number = min(crowd, key=lambda each: of[each].bit_count() / failures[each])
        left = [spot for spot in self._choices.orders[number] if of[number] >> spot & 1]
        self._branches.append((self._choices.state, number, iter(left)))

    def _decide(self) -> bool:
        """Try the next spot of who decides; False when that is a dead end."""
        state, number, spots = self._branches[-1]
        self._choices.back(state)
        spot = next(spots, None)
        if spot is None:
            self._branches.pop()
        elif self._choices.narrow(number, 1 << spot):
            return True
        self._patience -= 1
        return False
