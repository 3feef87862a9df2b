"""Slots and service dates of a venue: 00:30 belongs to last night."""

from datetime import date, time, timedelta

import pytest
from restaurants import FRIDAY, MONDAY, SATURDAY, a_venue, period, rome

from booking.service_periods import DAY_MINUTES

THURSDAY = FRIDAY - timedelta(days=1)
LATE = period(first_seating="19:00", last_seating="01:00", closes="03:00", slot_minutes=30)
LUNCH = period(
    name="lunch", first_seating="12:00", last_seating="14:00", closes="16:00", slot_minutes=30
)


def test_slots_past_midnight_belong_to_the_night_before() -> None:
    slots = list(a_venue(service_periods=[LATE]).slots_on(FRIDAY))

    assert {slot.service_date for slot in slots} == {FRIDAY}
    assert slots[0].starts_at == rome("19:00", FRIDAY)
    assert slots[-1].starts_at == rome("01:00", SATURDAY)
    assert len(slots) == 13


def test_slots_come_in_order_of_the_clock_whatever_the_order_of_the_file() -> None:
    starts = [slot.minutes for slot in a_venue(service_periods=[LATE, LUNCH]).slots_on(FRIDAY)]

    assert starts == sorted(starts)
    assert starts[0] == 12 * 60


def test_a_last_seating_off_the_grid_is_not_seated() -> None:
    venue = a_venue(service_periods=[period(last_seating="18:50")])

    assert [slot.minutes for slot in venue.slots_on(FRIDAY)] == [
        18 * 60 + m for m in (0, 15, 30, 45)
    ]


@pytest.mark.parametrize(
    ("day", "at", "service_date"),
    [
        (SATURDAY, "00:30", FRIDAY),  # still Friday night
        (SATURDAY, "00:40", FRIDAY),  # between the slots of Friday night
        (SATURDAY, "01:00", FRIDAY),
        (SATURDAY, "01:01", FRIDAY),  # after the last seating: some still sit there
        (SATURDAY, "19:00", SATURDAY),
        (SATURDAY, "05:00", SATURDAY),
        (MONDAY, "00:30", MONDAY - timedelta(days=1)),
        (MONDAY + timedelta(days=1), "00:30", MONDAY + timedelta(days=1)),  # closed on Mondays
    ],
)
def test_a_time_belongs_to_the_service_date_that_still_seats_then(
    day: date, at: str, service_date: date
) -> None:
    venue = a_venue(service_periods=[LATE])

    assert venue.service_date_of(day, time.fromisoformat(at)) == service_date


def test_a_time_is_last_nights_even_when_that_night_was_closed() -> None:
    venue = a_venue(service_periods=[LATE], closures=[{"date": FRIDAY.isoformat()}])

    assert venue.service_date_of(SATURDAY, time(0, 30)) == FRIDAY
    assert venue.find_slot(SATURDAY, time(0, 30)) is None


def test_a_slot_is_found_by_calendar_date_and_wall_time() -> None:
    found = a_venue(service_periods=[LATE]).find_slot(SATURDAY, time(0, 30))

    assert found
    assert (found.service_date, found.minutes) == (FRIDAY, DAY_MINUTES + 30)


@pytest.mark.parametrize("at", ["18:45", "19:10", "01:30"])
def test_there_is_no_slot_outside_of_the_period_or_between_its_slots(at: str) -> None:
    assert a_venue(service_periods=[LATE]).find_slot(FRIDAY, time.fromisoformat(at)) is None


def test_a_venue_is_open_on_its_days_except_when_closed() -> None:
    venue = a_venue(closures=[{"date": SATURDAY.isoformat(), "reason": "a wedding"}])

    assert venue.is_open_on(FRIDAY)
    assert not venue.is_open_on(SATURDAY)
    assert not venue.is_open_on(MONDAY)
    assert not list(venue.slots_on(SATURDAY))


def test_venues_are_the_same_when_their_id_and_revision_are() -> None:
    assert a_venue() == a_venue(restaurant={"name": "Another name"})
    assert len({a_venue(), a_venue()}) == 1
