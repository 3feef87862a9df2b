"""What houses do without a plan: nobody ever moves."""

from collections.abc import Sequence

from booking.floor import FloorPlan, Place
from booking.seating import Party, Seating, Stay, occupied
from proof.evenings.house import BUFFER


def first_fit(floor: FloorPlan, stays: Sequence[Stay], party: Party) -> Seating | None:
    """The first table that is free and large enough, in the order of the venue file."""
    fitting = set(floor.places(party.party_size, party.audience))
    return _first(stays, party, [place for place in floor.every if place in fitting])


def best_fit(floor: FloorPlan, stays: Sequence[Stay], party: Party) -> Seating | None:
    """The free place that meets most wishes; of these the one that wastes least."""
    places = floor.places(party.party_size, party.audience)
    return _first(stays, party, sorted(places, key=lambda p: len(party.features - p.features)))


def _first(stays: Sequence[Stay], party: Party, places: Sequence[Place]) -> Seating | None:
    taken = occupied(stays, party.starts_at, party.ends_at, BUFFER)
    for place in places:
        if taken.isdisjoint(place.table_ids):
            return Seating(table_ids=place.table_ids, unmet=party.features - place.features)
    return None
