"""When tables are taken by whoever will not move. Instants are numbered; a set of them is bits."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from booking.seating.grid import bits
from booking.seating.stays import Stay


class Span(NamedTuple):
    """From an instant up to, not including, another.

    Attributes:
        first: when they sit down.
        last: when their table can be given to others, the buffer gone by.
        leaves: when they leave.

    """

    first: int
    last: int
    leaves: int


class Axis:
    """The instants at which somebody sits down, in order.

    Two half-open spans meet exactly if the later one begins within the earlier, so no others need
    looking at.
    """

    __slots__ = ("_gap", "instants")

    def __init__(self, starts: Iterable[datetime], gap: timedelta) -> None:
        """Number instants.

        Args:
            starts: when parties sit down (UTC), in any order.
            gap: the buffer between two parties at a table.

        """
        found: list[datetime] = []
        for start in sorted(starts):  # a set would have to hash them, which takes much longer
            if not found or start != found[-1]:
                found.append(start)
        self.instants: Sequence[datetime] = found
        self._gap = gap

    def span(self, starts_at: datetime, ends_at: datetime) -> Span:
        """A span of time (UTC) by the numbers of its instants."""
        first, leaves = bisect_left(self.instants, starts_at), bisect_left(self.instants, ends_at)
        last = bisect_left(self.instants, ends_at + self._gap) if self._gap else leaves
        return Span(first, last, leaves)

    def cleared(self, ends_at: datetime) -> int:
        """From which instant on a table is free that is left then (UTC)."""
        return bisect_left(self.instants, ends_at + self._gap)


class Obstacles:
    """What stands in the way at each table, as bits: one for each instant.

    Attributes:
        held: when somebody is there who will not move, the buffer included.
        closed: when it is closed, next to which no buffer is kept.

    """

    __slots__ = ("_axis", "closed", "held")

    def __init__(self, axis: Axis) -> None:
        """Begin with nothing in the way."""
        self._axis = axis
        self.held: defaultdict[int, int] = defaultdict(int)
        self.closed: defaultdict[int, int] = defaultdict(int)

    def hold(self, table_ids: Iterable[int], starts_at: datetime, ends_at: datetime) -> None:
        """Let a party sit at tables from one instant up to, not including, another (UTC)."""
        span = self._axis.span(starts_at, ends_at)
        for table_id in table_ids:
            self.held[table_id] |= bits(span.first, span.last)

    def close(self, table_ids: Iterable[int], starts_at: datetime, ends_at: datetime) -> None:
        """Close tables from one instant up to, not including, another (UTC)."""
        span, cleared = self._axis.span(starts_at, ends_at), self._axis.cleared(starts_at)
        for table_id in table_ids:
            self.closed[table_id] |= bits(span.first, span.leaves)
            # Whoever has left before needs the table no more from here on.
            self.held[table_id] |= bits(cleared, max(cleared, span.leaves))

    def stop(self, table_ids: Iterable[int], span: Span) -> bool:
        """Tell whether a party cannot sit at these tables."""
        stay, visit = bits(span.first, span.last), bits(span.first, span.leaves)
        return any(self.held[i] & stay or self.closed[i] & visit for i in table_ids)


def at_odds(stays: Sequence[Stay], spans: Sequence[Span], obstacles: Obstacles) -> list[bool]:
    """Tell of each stay whether it sits where somebody else does, or where it is closed.

    That should not be; but the staff close tables, and rules change. Whoever is in such a place
    stays in it: to move them is not for the plan to decide.
    """
    once, twice = dict(obstacles.held), defaultdict[int, int](int)
    for stay, span in zip(stays, spans, strict=True):
        mine = bits(span.first, span.last)
        for table_id in stay.table_ids:
            there = once.get(table_id, 0)
            twice[table_id] |= there & mine
            once[table_id] = there | mine
    return [
        any(twice[i] & bits(span.first, span.last) for i in stay.table_ids)
        or (bool(obstacles.closed) and obstacles.stop(stay.table_ids, span))
        for stay, span in zip(stays, spans, strict=True)
    ]
