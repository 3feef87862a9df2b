"""Slots in wall time: every kind of zone, both transition days, all start minutes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from restaurants import a_venue, period, rome, wish
from zones import (
    ALWAYS_OPEN,
    YEAR,
    kinds_of_zones,
    slots_are_as_the_clock_shows,
    transition_days,
)

from booking.availability import Offer, fit
from booking.service_periods import DAY_MINUTES, slot_at

#: An instant that every slot of the year comes after.
LONG_AGO = datetime(YEAR, 1, 1, tzinfo=UTC) - timedelta(days=2)

KINDS = kinds_of_zones()


def test_clocks_are_moved_in_many_ways() -> None:
    assert len(KINDS) > 20


@pytest.mark.parametrize("name", KINDS)
def test_a_slot_exists_when_its_wall_time_does_and_is_its_first_instant(name: str) -> None:
    slots_are_as_the_clock_shows(ZoneInfo(name))


def test_a_stay_lasts_real_minutes_through_the_night_when_clocks_are_moved() -> None:
    for day in (date(2026, 3, 28), date(2026, 10, 24)):
        slot = slot_at(ZoneInfo("Europe/Rome"), ALWAYS_OPEN, day, DAY_MINUTES + 60)
        assert slot
        assert slot.ends_at(2) - slot.starts_at == timedelta(minutes=90)
        assert slot.starts_at == rome("01:00", day + timedelta(days=1))


def test_the_hour_that_is_skipped_in_spring_has_no_slots() -> None:
    venue = a_venue(service_periods=[period(first_seating="23:00", last_seating="04:00")])
    night = [venue.local(slot.starts_at) for slot in venue.slots_on(date(2026, 3, 28))]

    assert {start.hour for start in night} == {23, 0, 1, 3, 4}


def test_the_hour_that_comes_twice_in_autumn_has_its_slots_once() -> None:
    venue = a_venue(service_periods=[period(first_seating="23:00", last_seating="04:00")])
    night = [venue.local(slot.starts_at) for slot in venue.slots_on(date(2026, 10, 24))]

    assert [start.fold for start in night if start.hour == 2] == [0, 0, 0, 0]


@pytest.mark.parametrize("name", KINDS)
def test_no_stay_runs_into_the_next_service_date_in_a_night_that_is_an_hour_short(
    name: str,
) -> None:
    round_the_clock = period(
        days=["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
        first_seating="04:00",
        last_seating="01:00",
        closes="04:00",
        turn_minutes=[{"minutes": 180}],  # by the clock until 04:00, when the next date opens
    )
    venue = a_venue(restaurant={"timezone": name}, service_periods=[round_the_clock])
    for day in transition_days(venue.zone):
        for service_date in (day - timedelta(days=1), day):
            slots = venue.slots_on(service_date)
            answers = [fit(venue, [], slot, wish(), now=LONG_AGO) for slot in slots]
            ends = [answer.ends_at for answer in answers if isinstance(answer, Offer)]
            tomorrow = next(venue.slots_on(service_date + timedelta(days=1)))
            assert max(ends) <= tomorrow.starts_at


@pytest.mark.parametrize(
    ("party_size", "minutes"), [(1, 90), (2, 90), (3, 105), (4, 105), (5, 120), (99, 120)]
)
def test_the_turn_time_depends_on_the_size_of_the_party(party_size: int, minutes: int) -> None:
    assert ALWAYS_OPEN.turn_time(party_size) == timedelta(minutes=minutes)


def test_a_party_larger_than_the_last_turn_time_names_keeps_its_table_as_long() -> None:
    only = a_venue(service_periods=[period(turn_minutes=[{"up_to": 2, "minutes": 90}])])

    assert only.periods[0].turn_time(8) == timedelta(minutes=90)
