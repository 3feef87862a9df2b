"""Who fits where, and which place comes first."""

from booking.floor import FloorPlan, Place, Table, TableCombination


def table(number: int, max_covers: int, min_covers: int = 1) -> Table:
    return Table(id=number, name=f"T{number}", min_covers=min_covers, max_covers=max_covers)


def joined(*table_ids: int, covers: tuple[int, int]) -> TableCombination:
    return TableCombination(table_ids=table_ids, min_covers=covers[0], max_covers=covers[1])


def order(floor: FloorPlan, party_size: int) -> list[tuple[int, ...]]:
    return [place.table_ids for place in floor.places(party_size)]


def test_a_party_gets_only_tables_whose_least_and_most_covers_it_meets() -> None:
    floor = FloorPlan((table(1, 2), table(2, 6, min_covers=4)))

    assert order(floor, 2) == [(1,)]
    assert order(floor, 3) == []
    assert order(floor, 4) == [(2,)]


def test_two_are_never_put_at_a_six() -> None:
    assert not FloorPlan((table(1, 6, min_covers=4),)).places(2)


def test_the_place_that_wastes_least_comes_first() -> None:
    assert order(FloorPlan((table(1, 6), table(2, 2), table(3, 4))), 2) == [(2,), (3,), (1,)]


def test_only_listed_sets_of_tables_may_be_joined() -> None:
    floor = FloorPlan((table(1, 2), table(2, 2), table(3, 2)), (joined(1, 2, covers=(3, 4)),))

    assert order(floor, 4) == [(1, 2)]
    assert order(floor, 5) == []


def test_a_combination_takes_no_party_smaller_than_it_is_for() -> None:
    floor = FloorPlan((table(1, 2), table(2, 2)), (joined(1, 2, covers=(3, 4)),))

    assert (1, 2) not in order(floor, 2)


def test_a_table_comes_before_a_combination_of_the_same_size() -> None:
    floor = FloorPlan((table(1, 2), table(2, 2), table(3, 4)), (joined(1, 2, covers=(3, 4)),))

    assert order(floor, 4) == [(3,), (1, 2)]


def test_of_places_of_one_size_the_one_that_spoils_fewest_combinations_comes_first() -> None:
    floor = FloorPlan(
        (table(1, 2), table(2, 2), table(3, 4), table(4, 4)),
        (joined(1, 2, covers=(3, 4)), joined(3, 1, covers=(5, 6))),
    )

    assert order(floor, 4) == [(4,), (3,), (1, 2)]


def test_tables_that_can_be_joined_are_filled_last() -> None:
    floor = FloorPlan((table(1, 2), table(2, 2), table(3, 2)), (joined(1, 2, covers=(3, 4)),))

    assert order(floor, 2) == [(3,), (1,), (2,)]


def test_equal_places_come_in_the_order_of_the_venue_file() -> None:
    assert order(FloorPlan((table(7, 2), table(5, 2), table(6, 2))), 2) == [(7,), (5,), (6,)]


def test_the_largest_party_is_that_of_the_largest_place() -> None:
    floor = FloorPlan((table(1, 2), table(2, 2)), (joined(1, 2, covers=(3, 5)),))

    assert floor.largest_party == 5
    assert floor.places(5) == (Place((1, 2), 3, 5),)
