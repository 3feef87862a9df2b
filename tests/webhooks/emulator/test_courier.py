"""Lanes, attempts and endings of parcels."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import Response

from webhooks.emulator.courier import Courier, Outcome, Parcel


@pytest.fixture
def courier() -> Iterator[Courier]:
    courier = Courier()
    yield courier
    courier.close()


def parcel(house: Any, **changes: Any) -> Parcel:
    headers = {"X-Telegram-Bot-Api-Secret-Token": "hush-hush"}
    return Parcel(
        **{"url": f"{house.url}/webhooks/telegram", "body": b"{}", "headers": headers} | changes
    )


def test_a_parcel_ends_with_the_answer(courier: Courier, house: Any) -> None:
    ends: list[Outcome] = []

    courier.send(parcel(house, ended=ends.append), lane="a")

    courier.wait_idle()
    assert [(end.status, end.accepted) for end in ends] == [(200, True)]


def test_a_house_that_is_not_there_is_no_connection(courier: Courier, house: Any) -> None:
    ends: list[Outcome] = []

    courier.send(parcel(house, url="http://127.0.0.1:9/", ended=ends.append), lane="a")

    courier.wait_idle()
    assert [(end.status, end.problem, end.accepted) for end in ends] == [(None, "ct", False)]


def test_a_rule_is_asked_after_each_failure(courier: Courier, house: Any) -> None:
    house.answers.extend(Response(status_code=500 + n) for n in range(3))
    asked: list[tuple[int, int | None]] = []

    def retry(failures: int, outcome: Outcome) -> float | None:
        asked.append((failures, outcome.status))
        return 0 if failures < 3 else None

    courier.send(parcel(house, retry=retry), lane="a")

    courier.wait_idle()
    assert asked == [(1, 500), (2, 501), (3, 502)]


def test_what_follows_a_parcel_may_fail_without_stopping_the_lane(
    courier: Courier, house: Any
) -> None:
    def fail(_outcome: Outcome) -> None:
        raise RuntimeError("on purpose")

    courier.send(parcel(house, ended=fail), lane="a")
    courier.send(parcel(house), lane="a")

    courier.wait_idle()
    assert len(house.updates) == 2


def test_forgotten_lanes_carry_nothing_more(courier: Courier, house: Any) -> None:
    house.mute = 1
    courier.send(parcel(house, timeout=60), lane="old 1")
    courier.send(parcel(house), lane="old 1")
    house.wait_for(lambda: house.attempts)

    courier.forget("old")
    house.wait_for(lambda: house.hung_up)
    courier.send(parcel(house), lane="new 1")

    courier.wait_idle()
    assert len(house.updates) == 1


def test_waiting_ends_with_an_error_while_something_is_under_way(courier: Courier) -> None:
    courier.later(60, lambda: None)

    with pytest.raises(TimeoutError, match="1 webhooks"):
        courier.wait_idle(0.01)


def test_an_appointment_is_kept_in_the_couriers_thread(courier: Courier) -> None:
    threads: list[str] = []

    courier.later(0, lambda: threads.append(threading.current_thread().name))

    courier.wait_idle()
    assert threads == ["emulator-courier"]


def test_closing_ends_the_thread_whatever_is_under_way(house: Any) -> None:
    others = set(threading.enumerate())
    courier = Courier()
    house.mute = 1
    courier.send(parcel(house, timeout=60), lane="a")
    courier.later(60, lambda: None)

    courier.close()
    courier.close()

    left = set(threading.enumerate()) - others
    assert "emulator-courier" not in {thread.name for thread in left}
