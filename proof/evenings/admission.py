"""Who is let in before the plan is asked: everybody, or large parties first."""

from collections.abc import Sequence
from datetime import timedelta

from booking.floor import FloorPlan
from booking.seating import Stay
from booking.small_parties import are_one_too_many
from proof.evenings.requests import OPENING, Request

#: What small parties may hold of the larger tables, and until how long before the evening.
PERCENT, AHEAD = 25, timedelta(days=2)


def everybody(_floor: FloorPlan, _stays: Sequence[Stay], _request: Request) -> bool:
    """Admit whoever asks."""
    return True


def large_first(floor: FloorPlan, stays: Sequence[Stay], request: Request) -> bool:
    """Admit all but small parties that would be one too many, until shortly before the day."""
    return OPENING - request.asked_at <= AHEAD or not are_one_too_many(
        floor,
        stays,
        party_size=request.party_size,
        starts_at=request.starts_at,
        ends_at=request.ends_at,
        percent=PERCENT,
    )
