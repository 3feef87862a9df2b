"""Refusals that are remembered: they never answer for evenings that they were not found for."""

from evenings import Seeded, case, stay

from booking.seating import seat
from booking.seating.memo import Refusals

ONE, TWO, THREE = (stay(number, 2, number) for number in (1, 2, 3))


def test_what_was_proved_holds_as_long_as_all_of_them_are_there() -> None:
    refusals = Refusals()
    refusals.add("a table", [ONE, TWO], is_proved=True)

    assert refusals.hold("a table", [ONE, TWO])
    assert refusals.hold("a table", [ONE, TWO, THREE])
    assert not refusals.hold("a table", [ONE])
    assert not refusals.hold("a table", [ONE, TWO._replace(party_size=1)])
    assert not refusals.hold("another table", [ONE, TWO])


def test_what_was_given_up_holds_for_the_very_same_alone() -> None:
    refusals = Refusals()
    refusals.add("a table", [ONE, TWO], is_proved=False)

    assert refusals.hold("a table", [ONE, TWO])
    assert not refusals.hold("a table", [ONE, TWO, THREE])
    assert not refusals.hold("a table", [ONE])


def test_the_oldest_is_forgotten() -> None:
    refusals = Refusals(most=2)
    for asked in ("first", "second"):
        refusals.add(asked, [], is_proved=True)
    assert refusals.hold("first", [])
    refusals.add("third", [], is_proved=True)

    assert [refusals.hold(asked, []) for asked in ("first", "second", "third")] == [
        True,
        False,
        True,
    ]


def test_an_answer_does_not_depend_on_what_was_asked_before() -> None:
    """Full evenings, asked twice, and again without each who is there."""
    for seed in range(300):
        given = case(Seeded(seed))
        ask = {"buffer": given.buffer}
        first = seat(given.floor, given.stays, given.party, **ask)
        for leaving in given.stays:
            rest = [each for each in given.stays if each != leaving]
            fewer = seat(given.floor, rest, given.party, **ask)
            assert fewer is not None or first is None
        assert seat(given.floor, given.stays, given.party, **ask) == first
