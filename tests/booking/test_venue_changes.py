"""What changed between two venue files: every change is told, and nothing that is not one."""

from typing import Any

import pytest
from restaurants import period, table, venue_data

from booking.venue_changes import differences

LUNCH = period(name="lunch", first_seating="12:00", last_seating="14:00", closes="16:00")
TURNS = venue_data()["service_periods"][0]["turn_minutes"]
TABLES = venue_data()["tables"]


def changed(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return list(differences(old, new))


def test_the_same_file_changes_nothing() -> None:
    assert changed(venue_data(), venue_data()) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"restaurant": {"name": "Aurora Due"}},
            ["restaurant.name: Trattoria Aurora -> Aurora Due"],
        ),
        (
            {"restaurant": {"languages": ["it", "en"]}},
            ["restaurant.languages: ['en', 'it'] -> ['it', 'en']"],
        ),
        ({"policy": {"hold_minutes": 7}}, ["+ policy"]),
        ({"tables": [*TABLES, table("T9")]}, ["+ tables.[T9]"]),
        ({"tables": TABLES[:-1]}, ["- tables.[T4]"]),
        (
            {"tables": [{**TABLES[0], "max_covers": 3}, *TABLES[1:]]},
            ["tables.[T1].max_covers: 2 -> 3"],
        ),
        ({"tables": [*TABLES[1:], TABLES[0]]}, ["tables: in another order"]),
        (
            {"service_periods": [period(turn_minutes=[{"up_to": 2, "minutes": 91}, *TURNS[1:]])]},
            ["service_periods.[dinner].turn_minutes.[1].minutes: 90 -> 91"],
        ),
        (
            {"service_periods": [period(turn_minutes=TURNS[1:])]},
            [
                "service_periods.[dinner].turn_minutes.[1].up_to: 2 -> 4",
                "service_periods.[dinner].turn_minutes.[1].minutes: 90 -> 105",
                "- service_periods.[dinner].turn_minutes.[2].up_to",
                "service_periods.[dinner].turn_minutes.[2].minutes: 105 -> 120",
                "- service_periods.[dinner].turn_minutes.[3]",
            ],
        ),
        ({"service_periods": [period(), LUNCH]}, ["+ service_periods.[lunch]"]),
        (
            {"combinations": [{"tables": ["T1", "T2"], "min_covers": 3, "max_covers": 5}]},
            ["combinations.[T1+T2].max_covers: 4 -> 5"],
        ),
        ({"closures": [{"date": "2026-12-25"}]}, ["+ closures"]),
        ({"staff": []}, ["- staff.[Front of house]"]),
    ],
)
def test_each_change_is_told_by_its_key(change: dict[str, Any], told: list[str]) -> None:
    assert changed(venue_data(), venue_data(**change)) == told


def test_periods_of_the_same_name_are_told_apart() -> None:
    weekdays, weekend = period(days=["tue", "wed"]), period(days=["sat", "sun"])
    later = [{**weekdays, "first_seating": "18:30"}, weekend]

    assert changed(
        venue_data(service_periods=[weekdays, weekend]), venue_data(service_periods=later)
    ) == ["service_periods.[dinner].first_seating: 18:00 -> 18:30"]
    assert changed(
        venue_data(service_periods=[weekend, weekdays]),
        venue_data(service_periods=[weekend, later[0]]),
    ) == ["service_periods.[dinner 2].first_seating: 18:00 -> 18:30"]


def test_what_goes_is_told_as_well_as_what_comes() -> None:
    with_policy = venue_data(policy={"hold_minutes": 5, "max_party_size": 12})

    assert changed(with_policy, venue_data(policy={"max_party_size": 10})) == [
        "- policy.hold_minutes",
        "policy.max_party_size: 12 -> 10",
    ]
    assert changed(with_policy, venue_data()) == ["- policy"]
