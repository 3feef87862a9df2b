"""Seating: half-open spans, best fit, and a brute force that agrees on every small floor."""

from datetime import UTC, datetime, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from booking.floor import FloorPlan, Table, TableCombination
from booking.seating import Stay, occupied, seat

SEVEN = datetime(2026, 11, 20, 19, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FLOOR = FloorPlan(
    (
        Table(id=1, name="T1", min_covers=1, max_covers=2),
        Table(id=2, name="T2", min_covers=1, max_covers=2),
    ),
    (TableCombination(table_ids=(1, 2), min_covers=3, max_covers=4),),
)


def stay(*table_ids: int, begin: int = 0, end: int = 90) -> Stay:
    return Stay(1, 2, SEVEN + begin * MINUTE, SEVEN + end * MINUTE, table_ids)


def seated(stays: list[Stay], party_size: int, *, keep: tuple[int, ...] = ()) -> object:
    return seat(FLOOR, stays, party_size, SEVEN, SEVEN + 90 * MINUTE, keep=keep)


def test_a_party_may_sit_down_the_minute_another_leaves() -> None:
    assert seated([stay(1, begin=-90, end=0), stay(2, begin=-90, end=0)], 2) == (1,)
    assert seated([stay(1, begin=90, end=180), stay(2, begin=90, end=180)], 2) == (1,)


def test_one_minute_of_overlap_is_an_overlap() -> None:
    assert seated([stay(1, begin=-90, end=1)], 2) == (2,)
    assert seated([stay(1, begin=89, end=180)], 2) == (2,)


def test_a_stay_within_another_is_an_overlap_either_way() -> None:
    assert seated([stay(1, begin=30, end=60)], 2) == (2,)
    assert seated([stay(1, begin=-30, end=200)], 2) == (2,)


def test_a_combination_is_free_only_when_all_its_tables_are() -> None:
    assert seated([], 4) == (1, 2)
    assert seated([stay(2)], 4) is None


def test_a_joined_party_takes_all_its_tables() -> None:
    assert seated([stay(1, 2)], 2) is None


def test_a_party_keeps_its_tables_while_they_fit() -> None:
    assert seated([], 2, keep=(2,)) == (2,)
    assert seated([stay(2)], 2, keep=(2,)) == (1,)
    assert seated([], 4, keep=(2,)) == (1, 2)


@st.composite
def floors(draw: st.DrawFn) -> FloorPlan:
    tables = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        least = draw(st.integers(1, 4))
        most = draw(st.integers(least, 6))
        tables.append(Table(id=number, name=f"T{number}", min_covers=least, max_covers=most))
    ids = [table.id for table in tables]
    sets = [c for size in range(2, len(ids) + 1) for c in combinations(ids, size)]
    joined = draw(st.lists(st.sampled_from(sets), max_size=3, unique=True)) if sets else []
    plans = tuple(
        TableCombination(table_ids=c, min_covers=3, max_covers=draw(st.integers(3, 10)))
        for c in joined
    )
    return FloorPlan(tuple(tables), plans)


SPANS = st.tuples(st.integers(0, 8), st.integers(1, 4))


@st.composite
def evenings(draw: st.DrawFn) -> tuple[FloorPlan, list[Stay], int, datetime, datetime]:
    floor = draw(floors())
    ids = [table.id for table in floor.tables]
    stays = [
        stay(*draw(st.sets(st.sampled_from(ids), min_size=1)), begin=b * 15, end=(b + length) * 15)
        for b, length in draw(st.lists(SPANS, max_size=6))
    ]
    begin, length = draw(SPANS)
    start = SEVEN + begin * 15 * MINUTE
    return floor, stays, draw(st.integers(1, 10)), start, start + length * 15 * MINUTE


def is_free(stays: list[Stay], table_id: int, begin: datetime, end: datetime) -> bool:
    """Minute by minute, with nobody else's arithmetic."""
    minutes = int((end - begin) / MINUTE)
    return not any(
        table_id in s.table_ids and s.starts_at <= begin + n * MINUTE < s.ends_at
        for n in range(minutes)
        for s in stays
    )


@given(evenings())
def test_a_place_is_found_exactly_when_one_is_free(
    evening: tuple[FloorPlan, list[Stay], int, datetime, datetime],
) -> None:
    floor, stays, party_size, begin, end = evening
    every: list[tuple[tuple[int, ...], int, int]]
    every = [((t.id,), t.min_covers, t.max_covers) for t in floor.tables]
    every += [(c.table_ids, c.min_covers, c.max_covers) for c in floor.combinations]
    free = [
        (ids, most)
        for ids, least, most in every
        if least <= party_size <= most and all(is_free(stays, i, begin, end) for i in ids)
    ]

    found = seat(floor, stays, party_size, begin, end)

    assert (found is None) == (not free)
    if found:
        least_waste = min(most for _, most in free)
        assert (found, least_waste) in free
        assert occupied(stays, begin, end).isdisjoint(found)
