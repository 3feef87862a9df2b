"""The evening blended: tables of one kind are one pool, whoever is promised one of them.

Promises make tables differ that are alike otherwise, and many small pools are slow to search. But
they seldom matter: it is enough to know how many tables of a kind are free. So the search is made
on the blended evening, and what it finds is settled on the real one, within each kind. What cannot
be done on the blended evening cannot be done at all.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from booking.seating.evening import Evening, Seeker

if TYPE_CHECKING:
    from booking.seating.pools import Spot


class Blend:
    """An evening, and the same blended.

    Attributes:
        real: the evening.
        blended: the same with one pool for each kind.

    """

    def __init__(self, evening: Evening) -> None:
        """Blend an evening."""
        numbers: dict[Spot, int] = {}
        self.real = evening
        self._spot_of = [
            numbers.setdefault(tuple(sorted([evening.kinds[pool] for pool in spot])), len(numbers))
            for spot in evening.spots
        ]
        covers = dict(zip(reversed(self._spot_of), reversed(evening.covers), strict=True))
        self.blended = replace(
            evening,
            pools=_by_kind(evening),
            kinds=tuple(range(len(set(evening.kinds)))),
            held=tuple([held._replace(pool=evening.kinds[held.pool]) for held in evening.held]),
            spots=tuple(numbers),
            covers=tuple([covers[number] for number in range(len(numbers))]),
            at={table_ids: self._spot_of[spot] for table_ids, spot in evening.at.items()},
            seekers=tuple([self._blended(seeker) for seeker in evening.seekers]),
        )

    def _blended(self, seeker: Seeker) -> Seeker:
        of = self._spot_of
        options = tuple(dict.fromkeys([of[spot] for spot in seeker.options]))
        return seeker._replace(
            options=options, home=None if seeker.home is None else of[seeker.home]
        )

    def within(self, arrangement: Sequence[int]) -> Evening:
        """The real evening, on which everybody sits at a spot of the kind that was found for them.

        Args:
            arrangement: the spot of each on the blended evening.

        """
        pairs = zip(self.real.seekers, arrangement, strict=True)
        return replace(self.real, seekers=tuple([self._kept_to(*each) for each in pairs]))

    def _kept_to(self, seeker: Seeker, spot: int) -> Seeker:
        options = tuple([each for each in seeker.options if self._spot_of[each] == spot])
        return seeker._replace(
            options=options, home=seeker.home if seeker.home in options else None
        )


def _by_kind(evening: Evening) -> tuple[tuple[int, ...], ...]:
    tables: dict[int, tuple[int, ...]] = {}
    for kind, pool in zip(evening.kinds, evening.pools, strict=True):
        tables[kind] = tables.get(kind, ()) + pool
    return tuple([tables[kind] for kind in range(len(tables))])
