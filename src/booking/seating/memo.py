"""Refusals that were found out once, so that on a full evening they take no time.

A refusal that was proved holds as long as all the stays are there that it was proved for: more of
them only leave less room. A party that has left, is smaller, sits elsewhere or may be moved again
is another stay, and with it goes the proof. A refusal without a proof, when the search was given
up, holds for the very same stays alone: for them it would be given up again. So no answer depends
on what is remembered.
"""

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from threading import Lock
from typing import NamedTuple

from booking.seating.stays import Stay

#: How many are remembered, those asked for last.
MOST = 256


class _Refusal(NamedTuple):
    """Who was there, and whether it is proved that they leave no room."""

    stays: tuple[Stay, ...]
    is_proved: bool


class Refusals:
    """Refusals by what was asked for. Threads may share them."""

    def __init__(self, most: int = MOST) -> None:
        """Remember nothing yet, and never more than so many."""
        self._most = most
        self._known: OrderedDict[Hashable, _Refusal] = OrderedDict()
        self._lock = Lock()

    def hold(self, asked: Hashable, stays: Sequence[Stay]) -> bool:
        """Tell whether there is surely no other answer than a refusal.

        Args:
            asked: all that the answer depends on besides the stays.
            stays: who sits where, in an order that does not change.

        """
        with self._lock:
            known = self._known.get(asked)
            if known:
                self._known.move_to_end(asked)
        if known is None or not (known.is_proved or len(known.stays) == len(stays)):
            return False
        rest = iter(stays)
        return all(stay in rest for stay in known.stays)  # each is looked for behind the last

    def add(self, asked: Hashable, stays: Sequence[Stay], *, is_proved: bool) -> None:
        """Remember a refusal.

        Args:
            asked: all that the answer depends on besides the stays.
            stays: who sits where.
            is_proved: whether they leave no room, for certain.

        """
        with self._lock:
            self._known[asked] = _Refusal(tuple(stays), is_proved)
            self._known.move_to_end(asked)
            if len(self._known) > self._most:
                self._known.popitem(last=False)
