"""From spots to tables: within each pool all get a table, and as many as can keep the one they had.

In order of arrival everybody takes their own table, or if that is gone any that is free: there is
one, because no instant has more parties than tables. The same backwards, in order of leaving, moves
other parties; the better of the two is taken.
"""

import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple

from booking.seating.evening import Evening, Seeker
from booking.seating.stays import Move

#: The tables of each seeker, by its number.
Tables = dict[int, list[int]]


class _Guest(NamedTuple):
    """A seeker in a pool.

    Attributes:
        number: of the seeker.
        first: the instant at which it comes.
        last: the instant from which on its tables are free.
        own: the table of the pool at which it sits now, if at one.
        is_alone: whether it takes all tables of the pool.

    """

    number: int
    first: int
    last: int
    own: int | None
    is_alone: bool


def moves_of(evening: Evening, tables: Tables) -> tuple[Move, ...]:
    """Who gets other tables than they have, by reservation."""
    moved = [
        Move(stay.reservation_id, as_listed(evening, tables[number]))
        for number, (*_, stay) in enumerate(evening.seekers)
        if stay is not None and set(stay.table_ids) != set(tables[number])
    ]
    return tuple(sorted(moved, key=lambda move: move.reservation_id))


def as_listed(evening: Evening, table_ids: Sequence[int]) -> tuple[int, ...]:
    """Tables in the order in which the floor plan lists those of their place."""
    return evening.floor.place_at[frozenset(table_ids)].table_ids


def tables_of(evening: Evening, arrangement: Sequence[int]) -> Tables:
    """The tables of each seeker.

    Args:
        evening: who may sit where.
        arrangement: the spot of each, by their numbers.

    """
    found: Tables = {number: [] for number in range(len(arrangement))}
    for pool, tables in enumerate(evening.pools):
        guests = _guests(evening, arrangement, pool)
        for number, table_id in _deal(guests, tables).items():
            found[number].append(table_id)
        for guest in guests:
            if guest.is_alone:
                found[guest.number] += tables
    return found


def _guests(evening: Evening, arrangement: Sequence[int], pool: int) -> list[_Guest]:
    """Who sits in a pool."""
    tables = evening.pools[pool]
    spots = evening.spots
    return [
        _Guest(
            number,
            seeker.span.first,
            seeker.span.last,
            _own(seeker, tables),
            spots[arrangement[number]].count(pool) == len(tables),
        )
        for number, seeker in enumerate(evening.seekers)
        if pool in spots[arrangement[number]]
    ]


def _own(seeker: Seeker, tables: Sequence[int]) -> int | None:
    """The table at which a seeker sits now, if it takes one and no more of these."""
    if seeker.stay is None:
        return None
    there = [table_id for table_id in seeker.stay.table_ids if table_id in tables]
    return there[0] if len(there) == 1 else None


def _deal(guests: Sequence[_Guest], tables: Sequence[int]) -> dict[int, int]:
    """One table to each who does not take all, forwards or backwards, whichever moves fewer."""
    if all(guest.is_alone or guest.own is not None for guest in guests):
        return {each.number: each.own for each in guests if each.own is not None}
    backwards = [each._replace(first=-each.last, last=-each.first) for each in guests]
    return min(_in_order(guests, tables), _in_order(backwards, tables), key=_moved(guests))


def _moved(guests: Sequence[_Guest]) -> Callable[[dict[int, int]], int]:
    own = {guest.number: guest.own for guest in guests}
    return lambda dealt: sum(own[number] not in (None, table) for number, table in dealt.items())


def _in_order(guests: Sequence[_Guest], tables: Sequence[int]) -> dict[int, int]:
    """One table to each, in order of arrival; those who take all are let through."""
    given: dict[int, int] = {}
    free_from = dict.fromkeys(tables, -sys.maxsize)
    coming = sorted(guests, key=lambda guest: guest.first)
    for position, guest in enumerate(coming, 1):
        mine = tables
        if not guest.is_alone:
            free = [table_id for table_id in tables if free_from[table_id] <= guest.first]
            table_id = _least_wanted(free, guest, coming[position:])
            if guest.own is not None and guest.own in free:
                table_id = guest.own
            given[guest.number] = table_id
            mine = (table_id,)
        free_from.update(dict.fromkeys(mine, guest.last))
    return given


def _least_wanted(free: Sequence[int], guest: _Guest, later: Sequence[_Guest]) -> int:
    """The table that is free just long enough, else the one whose owner comes last."""
    owners = {other.own: other.first for other in reversed(later)}

    def worth(table_id: int) -> tuple[bool, int]:
        begins = owners.get(table_id, sys.maxsize)
        return (False, begins) if begins >= guest.last else (True, -begins)

    return min(free, key=worth)
