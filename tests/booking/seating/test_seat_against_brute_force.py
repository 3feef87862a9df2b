"""On floors so small that every arrangement can be tried, the plan finds one whenever there is."""

import pytest
from evenings import Case, Seeded, can_be_seated, case

from booking.seating import seat

SEEDS = range(4000)


def is_found(given: Case) -> bool:
    return seat(given.floor, given.stays, given.party, buffer=given.buffer) is not None


@pytest.mark.parametrize("tenth", range(10))
def test_a_party_is_seated_exactly_when_some_arrangement_seats_it(tenth: int) -> None:
    for seed in SEEDS[tenth::10]:
        given = case(Seeded(seed))
        assert is_found(given) == can_be_seated(given), f"seed {seed}: {given}"
