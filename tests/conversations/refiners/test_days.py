"""A date that can no longer be is the next one; what is past or too far is none."""

from datetime import date, datetime, time, timedelta

import pytest

from conversations.parsers.findings import Day
from conversations.refiners.days import HORIZON, settled, within

TODAY = date(2026, 1, 31)
NOON = datetime(2026, 1, 31, 12)  # noqa: DTZ001 - wall time
HOURS = ((time(12), time(14)), (time(18), time(23)))


@pytest.mark.parametrize(
    ("again", "expected"),
    [
        ("week", date(2026, 2, 7)),
        ("month", date(2026, 3, 31)),
        ("year", date(2027, 1, 31)),
        ("", TODAY),
    ],
)
def test_a_time_that_has_passed_moves_today_on(again: str, expected: date) -> None:
    assert settled(Day(TODAY, again), NOON, HOURS, minutes=11 * 60) == expected


@pytest.mark.parametrize("minutes", [13 * 60, 20 * 60, 30, None])
def test_a_time_to_come_leaves_today_as_it_is(minutes: int | None) -> None:
    assert settled(Day(TODAY, "week"), NOON, HOURS, minutes) == TODAY


def test_today_is_over_when_the_venue_has_closed() -> None:
    late = NOON.replace(hour=23, minute=30)

    assert settled(Day(TODAY, "week"), late, HOURS, None) == TODAY + timedelta(weeks=1)
    assert settled(Day(TODAY, "week"), late, ((time(18), time(2)),), None) == TODAY


def test_a_leap_day_comes_again_only_within_the_horizon() -> None:
    now = datetime(2028, 2, 29, 23, 59)  # noqa: DTZ001 - wall time

    assert settled(Day(now.date(), "year"), now, HOURS, None) is None


def test_past_and_far_dates_are_none() -> None:
    assert not within(TODAY - timedelta(days=1), NOON)
    assert within(TODAY + HORIZON, NOON)
    assert not within(TODAY + HORIZON + timedelta(days=1), NOON)
