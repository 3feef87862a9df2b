"""Which tables a party gets.

Greedy best fit: the place that wastes least among those that are free for the whole stay.
"""

from collections.abc import Sequence
from datetime import timedelta

from booking.floor import FloorPlan, Place
from booking.seating.stays import Party, Seating, Stay, occupied


def seat(
    floor: FloorPlan, stays: Sequence[Stay], party: Party, *, buffer: timedelta = timedelta()
) -> Seating | None:
    """Find tables for a party.

    Args:
        floor: the tables and combinations.
        stays: who sits where; not the party itself.
        party: who looks for seats.
        buffer: how long a table is not given away after a party has left it.

    Returns:
        The tables, or None when the party cannot be seated.

    """
    gap = buffer if party.party_size else timedelta()
    taken = occupied(stays, party.starts_at, party.ends_at, gap)
    places = floor.places(party.party_size, party.audience, any_minimum=party.any_minimum)
    if party.only_keep:
        places = (Place(party.keep, party.party_size, party.party_size, party.features),)
    free = [place for place in places if taken.isdisjoint(place.table_ids)]
    if not free:
        return None
    kept = [place for place in free if place.table_ids == party.keep]
    best = min([*kept, *free], key=lambda place: len(party.features - place.features))
    return Seating(table_ids=best.table_ids, unmet=party.features - best.features)
