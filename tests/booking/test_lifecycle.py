"""The table of the lifecycle, pair by pair: what it does not have is refused by name."""

from itertools import product

import pytest

from booking.errors import IllegalStep
from booking.lifecycle import AGREED, LIFECYCLE, LIVE, State, check_step

#: The design's sentence, word by word.
STEPS = {
    "held": "reserved requested cancelled expired",
    "requested": "reserved declined cancelled expired",
    "reserved": "seated cancelled no_show",
    "seated": "finished reserved cancelled",
    "no_show": "reserved",
    "finished": "seated",
    "cancelled": "reserved requested",
    "declined": "",
    "expired": "",
}


def test_the_table_is_the_one_of_the_design() -> None:
    assert {state: set(wanted) for state, wanted in LIFECYCLE.items()} == {
        state: set(wanted.split()) for state, wanted in STEPS.items()
    }


@pytest.mark.parametrize(("state", "wanted"), list(product(State, State)))
def test_a_pair_is_in_the_table_or_refused_with_code_state_and_wish(
    state: State, wanted: State
) -> None:
    if wanted in STEPS[state].split():
        check_step("K7F2", state, wanted)
        return
    with pytest.raises(IllegalStep) as illegal:
        check_step("K7F2", state, wanted)
    assert illegal.value == IllegalStep("K7F2", state, wanted)


def test_a_state_occupies_tables_while_somebody_may_come_or_sits_there() -> None:
    assert {"held", "requested", "reserved", "seated"} == LIVE
    assert AGREED < LIVE


def test_every_state_can_be_reached_from_a_hold() -> None:
    reached, ahead = {State.HELD}, [State.HELD]
    while ahead:
        new = LIFECYCLE[ahead.pop()] - reached
        reached |= new
        ahead += new

    assert reached == set(State)
