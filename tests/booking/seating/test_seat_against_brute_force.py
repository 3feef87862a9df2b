"""On floors so small that every arrangement can be tried, the plan finds one whenever there is."""

from collections.abc import Iterable

import pytest
from evenings import Case, Seeded, after, can_be_seated, candidates, case, clash, placings

from booking.seating import Move, Seating, Stay, seat

SEEDS = range(4000)


def found_for(given: Case) -> Seating | None:
    return seat(given.floor, given.stays, given.party, buffer=given.buffer)


def faults(given: Case, found: Seating) -> Iterable[str]:
    """What is wrong with a plan."""
    if found.table_ids not in [place.table_ids for place in candidates(given)]:
        yield "the party sits where it may not"
    after_it = after(given, found)
    for before, now in zip(given.stays, after_it, strict=False):
        if before.table_ids != now.table_ids and before.is_fixed:
            yield f"{before.reservation_id} was promised its table"
        if now not in placings(given.floor, before):
            yield f"{before.reservation_id} sits where it may not"
    pairs = [(one, other) for number, one in enumerate(after_it) for other in after_it[:number]]
    if sum(clash(*pair, given.buffer) for pair in pairs):
        yield "two sit at one table"


@pytest.mark.parametrize("tenth", range(10))
def test_a_party_is_seated_exactly_when_some_arrangement_seats_it(tenth: int) -> None:
    for seed in SEEDS[tenth::10]:
        given = case(Seeded(seed))
        found = found_for(given)
        assert (found is not None) == can_be_seated(given), f"seed {seed}: {given}"
        assert not found or [*faults(given, found)] == [], f"seed {seed}: {given}"


def with_move(found: Seating, stay: Stay, table_ids: tuple[int, ...]) -> Seating:
    others = [move for move in found.moves if move.reservation_id != stay.reservation_id]
    moves = (*others, Move(stay.reservation_id, table_ids))
    return Seating(table_ids=found.table_ids, moves=moves)


def test_control_a_plan_that_moves_who_was_promised_a_table_is_seen_through() -> None:
    seen = 0
    for seed in SEEDS[:200]:
        given = case(Seeded(seed))
        found = found_for(given)
        fixed = [stay for stay in given.stays if stay.is_fixed and stay.reservation_id]
        other = [table.id for table in given.floor.tables]
        for stay in fixed if found else []:
            moved = [number for number in other if (number,) != stay.table_ids]
            if found and moved:
                seen += 1
                assert [*faults(given, with_move(found, stay, (moved[0],)))]
    assert seen > 10


def test_control_a_plan_that_gives_the_party_a_table_which_is_taken_is_seen_through() -> None:
    seen = 0
    for seed in SEEDS[:200]:
        given = case(Seeded(seed))
        begin, end = given.party.starts_at, given.party.ends_at
        there = [s for s in given.stays if s.is_fixed and s.starts_at < end and begin < s.ends_at]
        for stay in there:
            seen += 1
            assert [*faults(given, Seating(table_ids=stay.table_ids))]
    assert seen > 10
