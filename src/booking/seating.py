"""Which tables a party gets.

Greedy best fit: the place that wastes least among those that are free for the whole stay. A
search over whole plans can stand behind `seat` without anybody noticing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from booking.floor import FloorPlan

#: Stands for the reservation of a stay that is a closing.
NOBODY = 0


@dataclass(frozen=True, slots=True)
class Stay:
    """A party that occupies tables from `starts_at` up to, not including, `ends_at` (UTC).

    The stay of NOBODY is a closing: it keeps its tables closed; one without tables is a pause, in
    which the house takes no new bookings.
    """

    reservation_id: int
    party_size: int
    starts_at: datetime
    ends_at: datetime
    table_ids: tuple[int, ...]


def seat(
    floor: FloorPlan,
    stays: Sequence[Stay],
    party_size: int,
    starts_at: datetime,
    ends_at: datetime,
    *,
    keep: tuple[int, ...] = (),
) -> tuple[int, ...] | None:
    """Find tables for a party over a half-open span of instants.

    Args:
        floor: the tables and combinations.
        stays: who sits where; not the party itself.
        party_size: how many come.
        starts_at: when they sit down (UTC).
        ends_at: when they leave (UTC).
        keep: the tables they have now, kept if they still fit.

    Returns:
        The ids of the tables, or None when the party cannot be seated.

    """
    taken = occupied(stays, starts_at, ends_at)
    free = [p.table_ids for p in floor.places(party_size) if taken.isdisjoint(p.table_ids)]
    return keep if keep in free else next(iter(free), None)


def occupied(stays: Iterable[Stay], starts_at: datetime, ends_at: datetime) -> set[int]:
    """The ids of the tables that are taken at some moment of a half-open span."""
    return {
        table_id
        for stay in stays
        if stay.starts_at < ends_at and starts_at < stay.ends_at
        for table_id in stay.table_ids
    }


def free_until(
    stays: Iterable[Stay], table_ids: Sequence[int], starts_at: datetime
) -> datetime | None:
    """Until when tables that are free at an instant stay free (UTC).

    None when one of them is taken then, or nobody comes after.
    """
    wanted = set(table_ids)
    here = (stay for stay in stays if not wanted.isdisjoint(stay.table_ids))
    first = min((stay.starts_at for stay in here if stay.ends_at > starts_at), default=starts_at)
    return first if first > starts_at else None
