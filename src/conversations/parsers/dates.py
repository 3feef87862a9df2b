"""Calendar dates: relative days, weekdays, days of a month, numeric dates, holidays, spans."""

from calendar import monthrange
from datetime import date, datetime, timedelta

from conversations.grammar import Number, Phenomenon, Said
from conversations.parsers import holidays
from conversations.parsers.findings import LONGEST_WINDOW, Day, Days, Span
from conversations.reading import Context

_WEEK = 7
_SATURDAY = 5
_MONTHS = 12
_CENTURY = 2000
_HUNDRED = 100
_DAY_SLOTS = ("day", "digit_day", "late_day", "dated")
_MINUTES = {"minute": 1, "hour": 60}
_DAYS = {"day": 1, "week": 7}
_IN_MONTHS = {"month": 1, "year": 12}
#: stands for a date that there is not (30 February); no reading has it, but its digits are taken
NEVER = date.min
#: this year and next; what comes later is beyond what a reading may look ahead
_YEARS = (0, 1)
#: a weekday with a small number behind it is a date only this month or next; "Sat 8" is an hour
_SMALL, _NEAR = 12, 1
_EVENING = range(18, 24)
_HOURS = 24
_DIGITS_OF_CLOCK = 4


def _relative_day(said: Said, context: Context) -> Day:
    """Give today, tomorrow and their like: `0`, `1`, or with a day part `0 evening`.

    Constants: `days` from today when no word says it, `plus` more days. A named hour goes with the
    day ("ce midi"), unless a time is said besides.
    """
    days, _, part = str(said.get("relative_day", said.get("days", 0))).partition(" ")
    found = context.now.date() + timedelta(days=int(days) + said.get("plus", 0))
    named = said["hour_name"].readings()[0] if "hour_name" in said else None
    return Day(found, "", said.get("day_part") or part or None, named)


def _weekday(said: Said, context: Context) -> Day:
    """Give the coming such weekday, the one of the nth next calendar week, or some days later.

    Constants: `week` counts calendar weeks from this one (Monday to Sunday), `plus` adds days,
    `after_today` leaves out today, `day_part` is one that the words imply (Dutch "zaterdagmorgen",
    whose second half by itself is tomorrow), `weekday` one that only these words name. A `count` of
    such weekdays counts from the coming one.
    """
    weekday, today = said["weekday"], context.now.date()
    if said.get("week"):
        monday = today - timedelta(days=today.weekday())
        found = monday + timedelta(days=weekday + _WEEK * said["week"])
        return Day(found, "", said.get("day_part"))
    ahead = (weekday - today.weekday()) % _WEEK
    if not ahead and said.get("after_today"):
        ahead = _WEEK
    plus = said.get("plus", 0) + _WEEK * (said.get("count", 1) - 1)
    again = "" if plus or said.get("after_today") else "week"
    return Day(today + timedelta(days=ahead + plus), again, said.get("day_part"))


def _calendar(said: Said, context: Context) -> Day | None:
    """Give a date of day and month, day before month unless that is impossible.

    Constants: `or_hours` says that two numbers which can be hours of a visit ("Sat 12-14") are no
    date, unless the weekday beside them is that of the date; `month` that a short form stands only
    behind digits; `in_order` that the month is never first ("12.30" is a time).
    """
    day: int = next(said[key] for key in _DAY_SLOTS if key in said)
    if "month" in said:
        if "year" in said and _is_rather_time(said["year"], context.now):
            return None
        return _of_year(day, said["month"], said, context.now) or Day(NEVER)
    month = said["month_number" if "month_number" in said else "month_nth"]
    if said.get("in_order") and month > _MONTHS:
        return None
    doubtful = said.get("or_hours") and "year" not in said and _may_be_hours(day, month)
    for a_day, a_month in ((day, month), (month, day)):
        if a_month <= _MONTHS and (found := _of_year(a_day, a_month, said, context.now)):
            agrees = found.date.weekday() == said.get("weekday")
            is_time = month > _MONTHS and "weekday" in said and "year" not in said  # "Sun 12.30"
            return None if (doubtful or is_time) and not agrees else found
    return Day(NEVER) if "year" in said or month <= _MONTHS else None


def _is_rather_time(year: int, now: datetime) -> bool:
    """Tell whether a year is none of those that one books for, but a time of day.

    That is an hour ("29 May, 20 h"), or hours and minutes ("1930").
    """
    soon = range(now.year, now.year + _YEARS[-1] + 2)
    if year < _HUNDRED:
        return year < _HOURS and year + _CENTURY not in soon
    hour, minute = divmod(year, 100)
    in_digits = isinstance(year, Number) and year.digits == _DIGITS_OF_CLOCK
    return in_digits and hour < _HOURS and minute < _MINUTES["hour"] and year not in soon


def _may_be_hours(one: int, two: int) -> bool:
    """Tell whether two numbers can be the first and the last hour that suits a guest."""
    both_on_a_clock = max(one, two) <= _SMALL
    apart = (two - one) % _SMALL if both_on_a_clock else two - one
    return max(one, two) < _HOURS and 0 < apart <= LONGEST_WINDOW


def _of_year(day: int, month: int, said: Said, now: datetime) -> Day | None:
    """Give the date in the year that was said, or else its next occurrence."""
    if "year" in said:
        year = said["year"] + (_CENTURY if said["year"] < _CENTURY else 0)
        exact = _date(year, month, day)
        return Day(exact) if exact else None
    dates = [_date(now.year + ahead, month, day) for ahead in _YEARS]
    found = next((one for one in dates if one and one >= now.date()), None)
    return Day(found, "year") if found else None


def _month_day(said: Said, context: Context) -> Day | None:
    """Give a day of this month or of a later one; a day that has passed rolls on.

    Constants: `months` is how many months from now was said, `evening_hours` that a weekday with
    18 to 23 behind it rather names the hour.
    """
    day: int = next(said[key] for key in ("day", "dated", "late_day", "nth") if key in said)
    if "weekday" in said:
        return _weekday_and_day(said["weekday"], day, said, context.now)
    if not said.get("months"):
        return coming(day, context.now)
    found = _date(*_month(context.now, said["months"]), day)
    return Day(found) if found else None


def coming(day: int, now: datetime) -> Day | None:
    """Give the next date that is this day of its month; None when there is no such day."""
    for ahead in range(_MONTHS):
        found = _date(*_month(now, ahead), day)
        if found and found >= now.date():
            return Day(found, "month")
    return None


def coming_in(day: int, month: int, now: datetime) -> Day | None:
    """Give the next date that is this day of this month; None when there is no such day."""
    return _of_year(day, month, {}, now) if 0 < month <= _MONTHS else None


def _weekday_and_day(weekday: int, day: int, said: Said, now: datetime) -> Day | None:
    """Give the next date that is this weekday and this day of its month ("Friday the 13th")."""
    hour_like = day <= _SMALL or (said.get("evening_hours") and day in _EVENING)
    unsure = "day" in said and hour_like
    for ahead in range(_NEAR + 1 if unsure else _MONTHS + 1):
        found = _date(*_month(now, ahead), day)
        if found and found >= now.date() and found.weekday() == weekday:
            return Day(found)
    return None if unsure else coming(day, now)


def _ahead(said: Said, context: Context) -> Day | None:
    """Give the day, or the minute, so far from now or from another date.

    A `weekday` is then the one of that week. Constants: `before` counts back, `days` is used when
    no span is said ("the day after Christmas").
    """
    span: Span = said.get("span") or Span(said["days"], "day")
    count = -span.number if said.get("before") else span.number
    if span.unit in _MINUTES:
        more: Span = said.get("span2", Span(0, "minute"))
        minutes = _MINUTES[span.unit] * count + _MINUTES.get(more.unit, 0) * more.number
        moment = context.now + timedelta(minutes=minutes)
        at = moment.hour * 60 + moment.minute
        return None if "date" in said else Day(moment.date(), minutes=at)
    base: Day = said.get("date") or Day(context.now.date())
    found = _later(base.date, span.unit, count)
    if found and "span2" in said:
        found = _later(found, said["span2"].unit, said["span2"].number)
    if found and "weekday" in said:
        found -= timedelta(days=found.weekday() - said["weekday"])
    return Day(found, "", base.part or said.get("day_part")) if found else None


def _later(start: date, unit: str, count: int) -> date | None:
    """Give the date so many days, weeks, months or years later."""
    try:
        if unit in _DAYS:
            return start + timedelta(days=_DAYS[unit] * count)
        if unit in _MINUTES:
            return start
        year, month = divmod(start.year * 12 + start.month - 1 + _IN_MONTHS[unit] * count, 12)
        return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError):
        return None


def _nth_weekday(said: Said, context: Context) -> Day | None:
    """Give the nth such weekday, or such day, of a month.

    Constants: `which` instead of a number (-1 is the last), `from_end` counts from the end,
    `months` from now when no month is named. `day` is a number in digits ("2. Sonntag im Mai").
    """
    now = context.now
    nth: int = next((said[key] for key in ("which", "nth", "day") if key in said), 1)
    nth = -nth if said.get("from_end") else nth
    months = [_month(now, said.get("months", 0))]
    if "month" in said:
        years = [said["year"]] if "year" in said else [now.year + ahead for ahead in _YEARS]
        months = [(year, said["month"]) for year in years if year >= now.year]
    for year, month in months:
        found = _in_month(year, month, said.get("weekday"), nth)
        if found and found >= now.date():
            return Day(found)
    return None


def _in_month(year: int, month: int, weekday: int | None, nth: int) -> date | None:
    if weekday is not None:
        return holidays.nth_weekday(year, month, weekday, nth)
    return _date(year, month, nth if nth > 0 else monthrange(year, month)[1] + 1 + nth)


def _near(said: Said, _context: Context) -> Day | None:
    """Give the first such weekday after a date, the last before it, or the nth closest."""
    day: Day = said["date"]
    weekday: int = said["weekday"]
    if said.get("closest"):
        reach = range(-_WEEK * said["closest"], _WEEK * said["closest"] + 1)
        days = [later for n in reach if (later := _later(day.date, "day", n))]
        found = [d for d in days if d.weekday() == weekday]
        return Day(sorted(found, key=lambda d: abs(d - day.date))[said["closest"] - 1])
    if said.get("before"):
        back = (day.date.weekday() - weekday - 1) % _WEEK + 1
        return Day(day.date - timedelta(days=back)) if day.date != NEVER else None
    return Day(day.date + timedelta(days=(weekday - day.date.weekday() - 1) % _WEEK + 1))


def _holiday(said: Said, context: Context) -> Day | None:
    """Give the next such holiday, or the one of the year that was said.

    Constant `years`: how many years from now was said ("next year").
    """
    now = context.now
    years = [now.year + ahead for ahead in ([said["years"]] if "years" in said else _YEARS)]
    years = [said["year"]] if "year" in said else years
    for year in years:
        found = holidays.on(said["holiday"], year)
        if found and found >= now.date():
            return Day(found, "", said.get("day_part"))
    return None


def _days(said: Said, context: Context) -> Days:
    """Give a span of days: a weekend or a calendar week, so many weeks from now."""
    today = context.now.date()
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=said.get("week", 0))
    first = monday + timedelta(days=_SATURDAY if said.get("weekend") else 0)
    return Days(max(first, today), monday + timedelta(days=_WEEK - 1))


def _month(now: datetime, ahead: int) -> tuple[int, int]:
    """Give year and month so many months from now."""
    year, month = divmod(now.year * 12 + now.month - 1 + ahead, 12)
    return year, month + 1


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _date_itself(said: Said, _context: Context) -> Day:
    """Give a date with the words around it, and the day part said with it."""
    day: Day = said["date"]
    return day._replace(part=said["day_part"]) if "day_part" in said else day


_GIVES = ("{date}",)

DATES = {
    "date": Phenomenon(_date_itself, slots=("date", "day_part"), gives=_GIVES, rank=6),
    "relative_day": Phenomenon(
        _relative_day,
        slots=("relative_day", "day_part", "hour_name"),
        constants=("days", "plus"),
        gives=_GIVES,
        rank=8,
    ),
    "weekday": Phenomenon(
        _weekday,
        slots=("weekday", "day_part", "count"),
        constants=("week", "plus", "after_today", "day_part", "weekday"),
        gives=_GIVES,
        rank=5,
    ),
    "calendar": Phenomenon(
        _calendar,
        slots=(*_DAY_SLOTS, "month", "month_number", "month_nth", "year", "weekday"),
        constants=("or_hours", "month", "in_order"),
        gives=_GIVES,
        rank=6,
    ),
    "month_day": Phenomenon(
        _month_day,
        slots=("day", "dated", "late_day", "nth", "weekday"),
        constants=("months", "evening_hours"),
        gives=_GIVES,
        rank=4,
    ),
    "ahead": Phenomenon(
        _ahead,
        slots=("span", "date", "weekday", "day_part"),
        constants=("before", "days"),
        gives=_GIVES,
        rank=6,
    ),
    "nth_weekday": Phenomenon(
        _nth_weekday,
        slots=("nth", "day", "weekday", "month", "year"),
        constants=("which", "months", "from_end"),
        gives=_GIVES,
        rank=6,
    ),
    "near_date": Phenomenon(
        _near,
        slots=("weekday", "date"),
        constants=("before", "closest"),
        gives=_GIVES,
        rank=6,
    ),
    "holiday": Phenomenon(
        _holiday,
        slots=("holiday", "year", "day_part"),
        constants=("years",),
        gives=_GIVES,
        rank=6,
    ),
    "days": Phenomenon(_days, constants=("weekend", "week"), rank=4),
}
