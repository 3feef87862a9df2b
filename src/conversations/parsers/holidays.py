"""Days that have a name and are computed."""

import re
from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter

_FIXED = re.compile(r"(\d\d)-(\d\d)$")
_EASTER = re.compile(r"easter ([+-]\d+)$")
_NTH = re.compile(r"weekday (\d) nth (-?\d) month (\d\d?)(?: ([+-]\d+))?$")
_BEFORE = re.compile(r"weekday (\d) before (\d\d)-(\d\d)(?: ([+-]\d+))?$")


def is_rule(rule: str) -> bool:
    """Tell whether `on` understands this rule of a language file."""
    return any(p.match(rule) for p in (_FIXED, _EASTER, _NTH, _BEFORE))


@lru_cache(maxsize=512)
def on(rule: str, year: int) -> date | None:
    """Give the date of a holiday in a year, or None when it has none (29 February).

    Args:
        rule: `12-25` (month and day), `easter +1`, `weekday 3 nth 4 month 11` (Monday is 0; nth -1
            is the last; `+1` behind it is the day after), or `weekday 6 before 12-25`.
        year: of the Gregorian calendar.

    """
    if match := _FIXED.match(rule):
        return _date(year, int(match[1]), int(match[2]))
    if match := _EASTER.match(rule):
        return easter(year) + timedelta(days=int(match[1]))
    if match := _NTH.match(rule):
        found = nth_weekday(year, int(match[3]), int(match[1]), int(match[2]))
        return found + timedelta(days=int(match[4] or 0)) if found else None
    if match := _BEFORE.match(rule):
        last = date(year, int(match[2]), int(match[3])) - timedelta(days=1)
        back = (last.weekday() - int(match[1])) % 7
        return last - timedelta(days=back) + timedelta(days=int(match[4] or 0))
    return None


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """Give the nth such weekday of a month (-1: the last), or None when there is none."""
    if nth < 0:
        after = date(year + month // 12, month % 12 + 1, 1)
        last = after - timedelta(days=1)
        found = last - timedelta(days=(last.weekday() - weekday) % 7 + 7 * (-nth - 1))
    else:
        first = date(year, month, 1)
        found = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    return found if found.month == month else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
