"""The nearest times that can be had: in the promised order, three at most, none that cannot be."""

from datetime import date, datetime, timedelta
from typing import Any

from restaurants import FRIDAY, MONDAY, NOON, SATURDAY, a_venue, period, rome, table, wish

from booking.availability import check, dates_near, nearest
from booking.rules import Refusal, Wish
from booking.seating import Stay
from booking.venue import Venue

DINNER = period(last_seating="22:30")
ONE_TABLE: dict[str, Any] = {"tables": [table("T1")], "combinations": []}
SMALL = a_venue(service_periods=[DINNER], **ONE_TABLE)
SUNDAY, TUESDAY = FRIDAY + timedelta(days=2), FRIDAY + timedelta(days=4)


def taken(begin: str, end: str, day: date = FRIDAY) -> Stay:
    return Stay(1, 2, rome(begin, day), rome(end, day), (1,))


def near(
    wished: Wish,
    *stays: tuple[date, Stay],
    venue: Venue = SMALL,
    now: datetime = NOON,
    limit: int = 3,
) -> list[datetime]:
    evenings: dict[date, list[Stay]] = {}
    for day, stay in stays:
        evenings.setdefault(day, []).append(stay)
    day = venue.service_date_of(wished.date, wished.time)
    found = check(venue, evenings.get(day, []), wished, now=now)
    assert isinstance(found, Refusal), found
    offers = nearest(venue, lambda day: evenings.get(day, []), wished, now=now, limit=limit)
    return [offer.starts_at for offer in offers]


def full(day: date) -> tuple[date, Stay]:
    return day, taken("12:00", "23:59", day)


def test_the_times_around_come_first_and_are_told_in_order_of_the_clock() -> None:
    # A table for 90 minutes is free up to 18:15 and from 20:45 on.
    assert near(wish("19:30"), (FRIDAY, taken("19:45", "20:45"))) == [
        rome("18:00"),
        rome("18:15"),
        rome("20:45"),
    ]


def test_of_two_times_equally_near_the_earlier_is_found_first() -> None:
    busy = (FRIDAY, Stay(1, 2, rome("20:00"), rome("20:15"), (2,)))
    paced = a_venue(service_periods=[period(pacing_covers=2)])

    assert near(wish("20:00"), busy, venue=paced, limit=1) == [rome("19:45")]


def test_the_same_time_on_other_days_comes_before_a_time_far_away() -> None:
    # On Friday only 22:30 is left, more than three hours after 19:15.
    assert near(wish("19:15"), (FRIDAY, taken("12:00", "22:30"))) == [
        rome("19:15", SATURDAY),
        rome("19:15", SUNDAY),
        rome("19:15", TUESDAY),
    ]


def test_within_three_hours_the_same_day_comes_before_another() -> None:
    assert near(wish("19:30"), (FRIDAY, taken("12:00", "22:30")))[0] == rome("22:30")


def test_on_another_day_a_time_up_to_an_hour_away_is_the_same_time() -> None:
    saturday = (SATURDAY, taken("12:00", "20:00", SATURDAY))

    assert near(wish("19:00"), full(FRIDAY), saturday)[0] == rome("20:00", SATURDAY)


def test_a_day_with_only_distant_times_waits_behind_days_with_the_same_time() -> None:
    saturday = (SATURDAY, taken("12:00", "20:15", SATURDAY))

    assert near(wish("19:00"), full(FRIDAY), saturday) == [
        rome("19:00", SUNDAY),
        rome("19:00", TUESDAY),
        rome("19:00", TUESDAY + timedelta(days=1)),
    ]


def test_when_nothing_is_near_any_time_of_the_week_will_do() -> None:
    week = [FRIDAY + timedelta(days=n) for n in range(8)]
    late = [(day, taken("12:00", "22:00", day)) for day in week if day != FRIDAY]

    assert near(wish("18:00"), full(FRIDAY), *late) == [
        rome("22:00", SATURDAY),
        rome("22:00", SUNDAY),
        rome("22:00", TUESDAY),
    ]


def test_the_day_before_counts_as_well_as_the_day_after() -> None:
    # Monday is closed: Saturday, Tuesday and Friday are the nearest to Sunday.
    assert near(wish("19:00", day=SUNDAY), full(SUNDAY)) == [
        rome("19:00", FRIDAY),
        rome("19:00", SATURDAY),
        rome("19:00", TUESDAY),
    ]


def test_none_is_in_the_past_or_too_soon() -> None:
    found = near(wish("18:00"), now=rome("19:10"))

    assert found == [rome("19:45"), rome("20:00"), rome("20:15")]


def test_none_is_on_a_closed_day_or_a_day_off() -> None:
    closed = a_venue(
        service_periods=[DINNER], closures=[{"date": SATURDAY.isoformat()}], **ONE_TABLE
    )

    assert near(wish("19:00", day=SATURDAY), venue=closed) == [
        rome("19:00", FRIDAY),
        rome("19:00", SUNDAY),
        rome("19:00", TUESDAY),
    ]
    assert near(wish("19:00", day=MONDAY), venue=closed) == [
        rome("19:00", SUNDAY),
        rome("19:00", TUESDAY),
        rome("19:00", TUESDAY + timedelta(days=1)),
    ]


def test_none_is_beyond_the_booking_window_and_too_far_gets_its_last_days() -> None:
    window = a_venue(service_periods=[DINNER], policy={"booking_window_days": 2}, **ONE_TABLE)

    assert near(wish("19:00", day=FRIDAY + timedelta(days=30)), venue=window) == [
        rome("19:00", FRIDAY),
        rome("19:00", SATURDAY),
        rome("19:00", SUNDAY),
    ]


def test_a_party_that_is_too_large_gets_none() -> None:
    assert near(wish(size=30)) == []


def test_outside_of_the_hours_the_nearest_seating_is_offered() -> None:
    assert near(wish("17:00")) == [rome("18:00"), rome("18:15"), rome("18:30")]


def test_the_small_hours_get_the_times_of_their_own_night() -> None:
    late = a_venue(service_periods=[period(last_seating="01:00", closes="03:00")], **ONE_TABLE)
    busy = (FRIDAY, Stay(1, 2, rome("00:30", SATURDAY), rome("02:00", SATURDAY), (1,)))

    assert near(wish("00:30", day=SATURDAY), busy, venue=late) == [
        rome("22:30"),
        rome("22:45"),
        rome("23:00"),
    ]


def test_the_dates_to_read_are_within_the_window_and_begin_last_night() -> None:
    week = a_venue(policy={"booking_window_days": 3})

    assert dates_near(week, wish(), now=NOON) == [
        FRIDAY + timedelta(days=n) for n in (0, 1, -1, 2, 3)
    ]
    assert len(dates_near(SMALL, wish(day=FRIDAY + timedelta(days=20)), now=NOON)) == 15
