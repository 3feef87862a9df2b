"""What guests ask a house for over three weeks, for one evening. Seeded: the same in every run."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate, takewhile
from random import Random

from booking.floor import FloorPlan

#: How many of a hundred parties are so large.
SIZES = {1: 4, 2: 41, 3: 13, 4: 21, 5: 8, 6: 6, 7: 2, 8: 3, 9: 1, 10: 1}
#: How long parties up to a size keep their table.
TURNS = ((2, 90), (4, 105), (10, 120))
#: How sought after each quarter of an hour is, from 18:00 to 22:00.
STARTS = (3, 3, 4, 5, 7, 8, 9, 10, 11, 9, 8, 7, 6, 4, 3, 2, 2)
OPENING = datetime(2026, 11, 20, 18, tzinfo=UTC)
SLOT = timedelta(minutes=15)
#: How long before the opening guests ask.
WINDOW = timedelta(days=21)
CANCELLED, PINNED, WISHES = 0.15, 0.08, 0.12


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A guest who asks for a table; instants in UTC.

    Attributes:
        asked_at: when.
        party_size: how many come.
        starts_at: from when on.
        ends_at: until when.
        features: what they wish for.
        cancelled_at: when they cancel, if they do and were given a table.
        is_pinned: whether the staff promise them the table that they are given.

    """

    asked_at: datetime
    party_size: int
    starts_at: datetime
    ends_at: datetime
    features: frozenset[str]
    cancelled_at: datetime | None
    is_pinned: bool


def requests_for(
    floor: FloorPlan, demand: float, seed: int, *, promises: bool = True
) -> list[Request]:
    """The requests for an evening, in the order in which they come.

    Args:
        floor: for its number of tables.
        demand: how much of the time of all tables is asked for; 1.0 is all of it.
        seed: of the dice.
        promises: whether some wish for the window, and some are promised the table they are given.

    """
    evening = (len(STARTS) - 1) * SLOT + turn_time(max(SIZES))
    wanted = demand * len(floor.tables) * evening
    drawn = list(_draw(Random(f"{len(floor.tables)}-{demand}-{seed}")))
    spans = accumulate(request.ends_at - request.starts_at for request in drawn)
    count = sum(1 for _ in takewhile(lambda span: span <= wanted, spans))
    asked = sorted(drawn[:count], key=lambda request: request.asked_at)
    if promises:
        return asked
    return [replace(request, features=frozenset(), is_pinned=False) for request in asked]


def turn_time(party_size: int) -> timedelta:
    """How long a party of a size keeps its table."""
    return timedelta(minutes=next(minutes for up_to, minutes in TURNS if party_size <= up_to))


#: More than any of our floors is ever asked for.
_MOST = 1000


def _draw(dice: Random) -> Iterator[Request]:
    for _ in range(_MOST):
        asked_at = OPENING - dice.random() * WINDOW
        size = dice.choices(list(SIZES), list(SIZES.values()))[0]
        starts_at = OPENING + dice.choices(range(len(STARTS)), STARTS)[0] * SLOT
        wish, cancels, pinned, when = (dice.random() for _ in range(4))
        yield Request(
            asked_at=asked_at,
            party_size=size,
            starts_at=starts_at,
            ends_at=starts_at + turn_time(size),
            features=frozenset({"window"} if wish < WISHES else ()),
            cancelled_at=asked_at + when * (OPENING - asked_at) if cancels < CANCELLED else None,
            is_pinned=pinned < PINNED,
        )
