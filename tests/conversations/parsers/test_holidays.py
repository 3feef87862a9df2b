"""Holidays are computed, for any year."""

from datetime import date

import pytest

from conversations.language import available, read
from conversations.parsers.holidays import is_rule, nth_weekday, on


@pytest.mark.parametrize(
    ("rule", "year", "expected"),
    [
        ("12-25", 2026, date(2026, 12, 25)),
        ("02-29", 2028, date(2028, 2, 29)),
        ("02-29", 2026, None),
        ("easter +0", 2026, date(2026, 4, 5)),
        ("easter -47", 2026, date(2026, 2, 17)),
        ("easter +1", 2027, date(2027, 3, 29)),
        ("weekday 3 nth 4 month 11", 2026, date(2026, 11, 26)),
        ("weekday 3 nth 4 month 11 +1", 2026, date(2026, 11, 27)),
        ("weekday 0 nth -1 month 5", 2026, date(2026, 5, 25)),
        ("weekday 6 nth -1 month 12", 2024, date(2024, 12, 29)),
        ("weekday 6 before 12-25", 2026, date(2026, 12, 20)),
        ("weekday 4 before 12-25", 2026, date(2026, 12, 18)),
        ("nonsense", 2026, None),
    ],
)
def test_a_rule_gives_its_date(rule: str, year: int, expected: date | None) -> None:
    assert on(rule, year) == expected


def test_a_month_without_a_fifth_weekday_has_none() -> None:
    assert nth_weekday(2026, 2, weekday=0, nth=5) is None
    assert nth_weekday(2026, 3, weekday=0, nth=5) == date(2026, 3, 30)


@pytest.mark.parametrize("code", available())
def test_every_holiday_of_a_language_has_a_rule_that_gives_a_date_in_a_leap_year(code: str) -> None:
    for rule in read(code)["classes"]["holiday"]:
        assert is_rule(rule)
        assert on(rule, 2028) is not None
