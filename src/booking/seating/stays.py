"""Who sits where and when, and who looks for a place. Plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from booking.floor import Audience

#: Stands for the reservation of a stay that is a closing.
NOBODY = 0


class Stay(NamedTuple):
    """A party that occupies tables from `starts_at` up to, not including, `ends_at` (UTC).

    The stay of NOBODY is a closing: it keeps its tables closed; one without tables is a pause, in
    which the house takes no new bookings.

    Attributes:
        reservation_id: whose.
        party_size: how many sit there.
        starts_at: when they sit down.
        ends_at: when they leave.
        table_ids: their tables.
        is_fixed: whether they stay at these: they sit there, or were promised them.
        audience: as whom they came by their place.
        features: what they wished for and were given; they keep it wherever they sit.

    """

    reservation_id: int
    party_size: int
    starts_at: datetime
    ends_at: datetime
    table_ids: tuple[int, ...]
    is_fixed: bool = True
    audience: Audience = Audience.GUEST
    features: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A party that looks for seats over a half-open span of instants (UTC).

    Attributes:
        party_size: how many come.
        starts_at: when they sit down.
        ends_at: when they leave.
        audience: as whom they ask.
        features: what they would like the place to have; it is met when possible.
        keep: the tables they have now, kept if they still fit.
        only_keep: whether no other tables will do, whatever their size; a party of 0 is a closing,
            for which those who are there move away.
        any_minimum: whether tables that are meant for larger parties will do.

    """

    party_size: int
    starts_at: datetime
    ends_at: datetime
    audience: Audience = Audience.GUEST
    features: frozenset[str] = frozenset()
    keep: tuple[int, ...] = ()
    only_keep: bool = False
    any_minimum: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """Another party that gets other tables, so that everybody has a place."""

    reservation_id: int
    table_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seating:
    """A place for a party, who moves for it, and which of its wishes the place does not meet."""

    table_ids: tuple[int, ...]
    moves: tuple[Move, ...] = ()
    unmet: frozenset[str] = frozenset()


def occupied(
    stays: Iterable[Stay],
    starts_at: datetime,
    ends_at: datetime,
    buffer: timedelta = timedelta(),
) -> set[int]:
    """The ids of the tables that are taken at some moment of a half-open span.

    Args:
        stays: who sits where.
        starts_at: of the span (UTC).
        ends_at: of the span (UTC).
        buffer: how long a table is not given away after a party has left it.

    """
    return {
        table_id
        for stay in stays
        if stay.starts_at < ends_at + _gap(stay, buffer)
        and starts_at < stay.ends_at + _gap(stay, buffer)
        for table_id in stay.table_ids
    }


def _gap(stay: Stay, buffer: timedelta) -> timedelta:
    """Between parties; a closing needs no time to clear up."""
    return timedelta() if stay.reservation_id == NOBODY else buffer


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
