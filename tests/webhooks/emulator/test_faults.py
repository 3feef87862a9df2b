"""Switching faults."""

from webhooks.emulator.faults import Fault, Faults


def test_a_fault_is_off_until_it_is_switched_on() -> None:
    assert not Faults().take(Fault.FAIL)


def test_a_counted_fault_strikes_so_many_times_and_only_what_sends() -> None:
    faults = Faults()
    faults.switch(Fault.FAIL, times=2)

    struck = [faults.take(Fault.FAIL, sends=sends) for sends in (False, True, False, True, True)]

    assert struck == [False, True, False, True, False]


def test_a_fault_for_good_strikes_everything_until_it_is_switched_off() -> None:
    faults = Faults()
    faults.switch(Fault.FAIL, times=True)
    assert [faults.take(Fault.FAIL, sends=False) for _ in range(3)] == [True] * 3

    faults.switch(Fault.FAIL, times=False)

    assert not faults.take(Fault.FAIL)


def test_the_state_tells_every_fault() -> None:
    faults = Faults()
    faults.switch(Fault.DUPLICATE, times=True)
    faults.switch(Fault.FLOOD, times=3)

    assert faults.state() == {
        "fail": 0,
        "flood": 3,
        "lose_answer": 0,
        "duplicate": True,
        "reorder": 0,
        "slow_ms": 0,
    }
    faults.clear()
    assert not any(faults.state().values())
