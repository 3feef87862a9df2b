"""The rule for small parties: in time before the day they do not hold every table of a slot.

Off by default. Couples book early and would take the tables that larger parties ask for later.
"""

from collections.abc import Sequence
from datetime import datetime

from booking.floor import FloorPlan
from booking.seating import Stay

#: So many make a small party.
SMALL_PARTY = 2


def are_one_too_many(
    floor: FloorPlan,
    stays: Sequence[Stay],
    *,
    party_size: int,
    starts_at: datetime,
    ends_at: datetime,
    percent: int,
) -> bool:
    """Tell whether small parties would hold more than their share of the tables at some moment.

    Args:
        floor: all tables.
        stays: who sits where.
        party_size: of the party that asks; larger ones are never one too many.
        starts_at: when it would sit down (UTC).
        ends_at: when it would leave (UTC).
        percent: of the tables for more than two, what small parties may hold besides all others.

    """
    if party_size > SMALL_PARTY:
        return False
    there = [
        stay
        for stay in stays
        if 0 < stay.party_size <= SMALL_PARTY
        if stay.starts_at < ends_at and starts_at < stay.ends_at
    ]
    # The most at one time sit there when one of them has just sat down.
    begins = {max(stay.starts_at, starts_at) for stay in there}
    most = max((sum(s.starts_at <= at < s.ends_at for s in there) for at in begins), default=0)
    small = sum(table.max_covers <= SMALL_PARTY for table in floor.tables)
    return most + 1 > small + (len(floor.tables) - small) * percent // 100
