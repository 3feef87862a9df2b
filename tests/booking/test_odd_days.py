"""The odd days of a year: found from the clock itself, in zones of every kind."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from restaurants import a_venue, period, seatings

from booking.odd_days import LateNight, OddDay, Oddity, clock_moves, late_nights, odd_days
from booking.venue import Venue

EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
SPRING, AUTUMN = dt.date(2026, 3, 29), dt.date(2026, 10, 25)


def found(venue: Venue, oddity: Oddity) -> list[OddDay]:
    return [day for day in odd_days(venue, 2026) if day.oddity is oddity]


def late(**changes: object) -> Venue:
    hours = {"first_seating": "22:00", "last_seating": "03:00", "closes": "05:00"}
    dinner = period(days=EVERY_DAY, **{**hours, "slot_minutes": 30, **changes})
    return a_venue(service_periods=[dinner])


def test_the_days_on_which_clocks_are_moved_are_told_with_time_and_minutes() -> None:
    (forward,) = found(a_venue(), Oddity.CLOCK_FORWARD)
    (back,) = found(a_venue(), Oddity.CLOCK_BACK)

    assert (forward.date, forward.fields) == (SPRING, {"at": dt.time(2), "minutes": 60})
    assert (back.date, back.fields) == (AUTUMN, {"at": dt.time(3), "minutes": 60})


@pytest.mark.parametrize(
    ("zone", "moves"),
    [
        ("Asia/Kolkata", {}),
        ("Australia/Lord_Howe", {(4, 5): (dt.time(2), -30), (10, 4): (dt.time(2), 30)}),
        ("America/Scoresbysund", {(3, 28): (dt.time(23), 60), (10, 25): (dt.time(0), -60)}),
        ("Africa/Cairo", {(4, 24): (dt.time(0), 60), (10, 30): (dt.time(0), -60)}),
        ("Antarctica/Troll", {(3, 29): (dt.time(1), 120), (10, 25): (dt.time(3), -120)}),
    ],
)
def test_clocks_of_every_kind_are_read_to_the_minute(
    zone: str, moves: dict[tuple[int, int], tuple[dt.time, int]]
) -> None:
    found = clock_moves(ZoneInfo(zone), 2026)

    assert {(day.month, day.day): moved for day, moved in found.items()} == moves


def test_starts_that_are_skipped_or_come_twice_belong_to_the_night_before() -> None:
    venue = late()
    (skipped,), (twice,) = (
        found(venue, Oddity.STARTS_SKIPPED),
        found(venue, Oddity.STARTS_TWICE),
    )

    times = (dt.time(2), dt.time(2, 30))
    assert (skipped.date, skipped.fields["times"]) == (SPRING - dt.timedelta(days=1), times)
    assert (twice.date, twice.fields["times"]) == (AUTUMN - dt.timedelta(days=1), times)


def test_a_night_that_is_an_hour_short_cuts_the_last_stays() -> None:
    venue = a_venue(
        service_periods=[
            period(
                days=EVERY_DAY,
                first_seating="04:00",
                last_seating="01:00",
                closes="04:00",
                turn_minutes=[{"minutes": 180}],
            )
        ]
    )
    (short,) = found(venue, Oddity.CUT_SHORT)

    assert short.date == SPRING - dt.timedelta(days=1)
    assert short.fields["times"][-1] == dt.time(1)
    assert dt.time(0) not in short.fields["times"]


def test_closures_and_special_days_are_told_with_their_reasons() -> None:
    venue = a_venue(
        closures=[
            {"date": "2026-12-25", "reason": "Christmas Day"},
            {"date": "2026-12-24", "begins": "20:00", "tables": ["T1"], "reason": "family"},
        ],
        special_days=[
            {
                "date": "2026-12-31",
                "name": "New Year's Eve",
                "service_periods": [
                    {k: v for k, v in seatings("20:00").items() if k != "days"},
                ],
            }
        ],
    )
    odd = {day.date: day for day in odd_days(venue, 2026) if day.date.month == 12}

    assert odd[dt.date(2026, 12, 25)].fields == {"reason": "Christmas Day"}
    assert odd[dt.date(2026, 12, 24)].fields == {
        "begin": dt.time(20),
        "end": dt.time(0, 30),
        "tables": ("T1",),
        "reason": "family",
    }
    assert odd[dt.date(2026, 12, 31)].oddity is Oddity.SPECIAL
    assert odd[dt.date(2026, 12, 31)].fields["name"] == "New Year's Eve"


def test_periods_past_midnight_are_told_once() -> None:
    assert late_nights(a_venue()) == (
        LateNight(
            period="dinner",
            days=(1, 2, 3, 4, 5, 6),
            last_seating=dt.time(22),
            closes=dt.time(0, 30),
        ),
    )
    assert late_nights(a_venue(service_periods=[period(closes="23:30")])) == ()


def test_a_year_without_anything_odd_has_no_odd_days() -> None:
    assert list(odd_days(a_venue(restaurant={"timezone": "Asia/Kolkata"}), 2026)) == []
