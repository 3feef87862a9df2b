"""An hour without am or pm is the one at which the venue is open."""

from datetime import time

import pytest

from conversations.parsers.findings import Clock, Window
from conversations.refiners.hours import is_open, meant, minutes_of, span_meant, time_of

LUNCH_AND_DINNER = ((time(12), time(14, 30)), (time(18), time(23)))
ALL_DAY = ((time(9), time(21)),)
LATE = ((time(18), time(2)),)


def read(clock: Clock, hours: tuple[tuple[time, time], ...], **other: object) -> str:
    return f"{time_of(meant(clock, hours, **other)):%H:%M}"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("clock", "hours", "expected"),
    [
        (Clock(8), LUNCH_AND_DINNER, "20:00"),
        (Clock(1), LUNCH_AND_DINNER, "13:00"),
        (Clock(12), LUNCH_AND_DINNER, "12:00"),
        (Clock(10), ALL_DAY, "10:00"),
        (Clock(9), ALL_DAY, "09:00"),
        (Clock(9), ((time(8), time(23)),), "21:00"),
        (Clock(1), LATE, "01:00"),
        (Clock(12), LATE, "00:00"),
        (Clock(11, 30), LATE, "23:30"),
        (Clock(11), LUNCH_AND_DINNER, "23:00"),
        (Clock(4), LUNCH_AND_DINNER, "16:00"),
        (Clock(8), (), "20:00"),
        (Clock(19, 30), LUNCH_AND_DINNER, "19:30"),
        (Clock(8, 0, half="am"), LUNCH_AND_DINNER, "08:00"),
        (Clock(12, 0, half="pm"), LATE, "12:00"),
        (Clock(12, 0, half="am"), LATE, "00:00"),
        (Clock(8, 5, zero=True), (), "20:05"),
        (Clock(8, 5, zero=True), ((time(7), time(22)),), "08:05"),
        (Clock(10, part="morning"), ((time(18), time(23)),), "10:00"),
    ],
)
def test_the_open_reading_is_meant(
    clock: Clock, hours: tuple[tuple[time, time], ...], expected: str
) -> None:
    assert read(clock, hours) == expected


def test_a_day_part_said_elsewhere_wins_over_opening_hours() -> None:
    assert read(Clock(10), LUNCH_AND_DINNER, part="morning") == "10:00"


def test_a_time_that_has_passed_today_gives_way_to_one_to_come() -> None:
    assert read(Clock(9), ALL_DAY, after=10 * 60) == "21:00"


def test_opening_hours_may_end_after_midnight_and_do_not_include_the_last_minute() -> None:
    assert is_open(minutes_of(time(1)), LATE)
    assert not is_open(minutes_of(time(2)), LATE)
    assert is_open(minutes_of(time(2)), LATE, at_closing=True)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (Window(Clock(7), Clock(9)), (19 * 60, 21 * 60)),
        (Window(Clock(7), Clock(9, half="pm")), (19 * 60, 21 * 60)),
        (Window(Clock(11), Clock(1)), (11 * 60, 13 * 60)),
        (Window(Clock(8), None), (20 * 60, None)),
        (Window(None, Clock(9)), (None, 21 * 60)),
    ],
)
def test_both_ends_of_a_window_follow_each_other(
    window: Window, expected: tuple[int | None, int | None]
) -> None:
    assert span_meant(window, ((time(11), time(23)),), part=None, after=-1) == expected
