"""Times of day, windows of time, and what is later or earlier."""

from conversations.grammar import Number, Phenomenon, Said
from conversations.parsers.findings import (
    DAY_PARTS,
    LONGEST_WINDOW,
    NOON,
    Clock,
    Later,
    PastHour,
    Span,
    Window,
    lies_in,
)
from conversations.reading import Asked, Context

_MINUTES = {"minute": 1, "hour": 60}
_DAYS = {"day": 1, "week": 7}
_DAY = 24 * 60
_FIVE = 5
_TEN = 10
_HUNDRED = 100
_FULL = 3
#: digits of a year
_YEAR = 4
_LAST_HOUR = 24


def _clock(said: Said, context: Context) -> Clock | None:
    """Put hour, minutes, half and quarter words, am and pm, and a day part together.

    Constants: `shift` adds minutes, `before` takes them away, `fives` wants them in fives,
    `spoken` wants words, `counted` wants no article ("una cena"), `firm` wants more than a lone
    number, `approximate` is "about", `part` is a day part that the words imply.
    """
    base = _base(said, context)
    if said.get("counted") and said["time"].article:
        return None
    counts = context.asked is Asked.PARTY_SIZE and said.get("approximate")  # "about 12"
    if counts and "time" in said and said["time"].bare:
        return None
    if base is None or (said.get("firm") and base.bare and said.get("time2", base).bare):
        return None
    minute = said.get("minute", 0)
    if said.get("fives") and minute % _FIVE:
        return None
    minutes = said.get("shift", 0) + (-minute if said.get("before") else minute)
    if "span" in said:
        minutes += _length(said["span"]) or _DAY
    if minutes and (base.exact or abs(minutes) >= _DAY):
        return None
    return _told_apart(_moved(base, minutes) if minutes else base, said)


def _base(said: Said, context: Context) -> Clock | None:
    """Give the time as far as digits and hour words say it."""
    time: Clock | None = said.get("time", said.get("hour_name"))
    if time is not None:
        return time if said.get("firm") else _sure(time)
    if "hhmm" in said:
        return hour_and_minute(said["hhmm"], said["hhmm"].digits)
    hour: Number = said["hour"]
    minute: Number = said.get("mm", Number(0))
    in_digits = bool(hour.digits or minute.digits) and context.asked is not Asked.TIME
    if said.get("spoken") and (in_digits or minute < _TEN):
        return None
    if minute < _TEN and "mm" in said and not minute.digits:
        return None
    zero = hour < _TEN and hour.digits > 1
    return Clock(hour, minute, exact="mm" in said, zero=zero)


def hour_and_minute(number: int, digits: int) -> Clock | None:
    """Give the time that a lone number can be: an hour, or hours and minutes ("1930")."""
    if digits < _FULL and number <= _LAST_HOUR:
        return Clock(number)
    hour, minute = divmod(number, 100)
    fits = digits >= _FULL and hour < _LAST_HOUR and minute < _MINUTES["hour"]
    zero = digits > _FULL and hour < _TEN
    return Clock(hour, minute, exact=True, zero=zero) if fits else None


def _moved(clock: Clock, minutes: int) -> Clock:
    """Shift a whole hour; a half day that was said stays ("quarter to 1 pm" is 12:45)."""
    total = clock.hour * 60 + minutes
    if not clock.half:
        hour, minute = divmod(total % 1440, 60)
        hour = hour or (12 if clock.hour in (1, 12) else 0)
        return clock._replace(hour=hour, minute=minute, exact=True)
    total += 720 if clock.half == "pm" and clock.hour != NOON else 0
    hour, minute = divmod(total % 1440, 60)
    return clock._replace(
        hour=hour % 12 or 12, minute=minute, exact=True, half="pm" if hour >= NOON else "am"
    )


def _told_apart(clock: Clock, said: Said) -> Clock | None:
    """Add am, pm, a day part or "about", or give None when they contradict the hour."""
    half, part = said.get("meridiem"), said.get("day_part", said.get("part"))
    if not (half or part or said.get("approximate")):
        return clock
    if half and (clock.hour == 0 or clock.half not in (None, half)):
        return None
    if part and not any(lies_in(part, m) for m in clock.readings()):
        return None
    return clock._replace(
        half=half or clock.half,
        part=part or clock.part,
        approximate=bool(said.get("approximate")) or clock.approximate,
    )


def _window(said: Said, _context: Context) -> Window | None:
    """Give a span of times.

    Constants: `until` has an end only; `loose` wants hours of one clock unless both have minutes;
    `firm` wants more than lone numbers ("le 15 à 16h"); `fixed` can mean no old and new time.
    """
    start: Clock | None = said.get("time")
    end: Clock | None = said.get("time2")
    if said.get("firm") and any(one and one.bare for one in (start, end)):
        return None
    if said.get("until"):
        start, end = None, start
    if start and end:
        is_doubtful = said.get("loose") and not (start.exact and end.exact)
        across_noon = (start.hour > NOON) != (end.hour > NOON)
        if is_doubtful and across_noon and not 0 < end.hour - start.hour <= LONGEST_WINDOW:
            return None
        if (start.hour, start.minute) == (end.hour, end.minute):
            return None
    return Window(start and _sure(start), end and _sure(end), bool(said.get("fixed")))


def _sure(clock: Clock) -> Clock:
    """Take even a lone number for a time."""
    return clock._replace(bare=False, article=False) if clock.bare else clock


def _later(said: Said, _context: Context) -> Later | PastHour | None:
    """Give how much later, or with `earlier` how much earlier.

    Constants: `days` counts in days, `past` in minutes from the full hour, or with a `minute` so
    many.
    """
    if "past" in said:
        return PastHour(said["minute"] if "minute" in said else said["past"])
    if "days" in said:
        return Later(0, said["days"], bool(said.get("or_today")))
    span: Span = said["span"]
    minutes = _length(span)
    sign = -1 if said.get("earlier") else 1
    if minutes:
        return Later(sign * minutes)
    days = _DAYS.get(span.unit, 0) * span.number
    return Later(0, sign * days) if days else None


def _length(span: Span) -> int | None:
    """Give the minutes of a span, or None when it is of days or more."""
    return _MINUTES[span.unit] * span.number if span.unit in _MINUTES else None


def _span(said: Said, _context: Context) -> Span:
    """Give a count of a unit.

    Constants: `shift` is in minutes (halves and quarters of an hour), `days` in days.
    """
    if "shift" in said:
        return Span(said["shift"] + _MINUTES["hour"] * said.get("count", 0), "minute")
    if "days" in said:
        return Span(said["days"] * said.get("count", 1), "day")
    return Span(int(said.get("count", 1)), said["unit"])


def _day_part(said: Said, _context: Context) -> str | None:
    part: str = said["day_part"]
    return part if part in DAY_PARTS else None


def _sum(said: Said, _context: Context) -> Number | None:
    """Put tens and ones together ("twenty two"), or with `base` a year ("two thousand and ten")."""
    ones: Number = said["number"]
    if "base" in said:
        return Number(said["base"] + ones, _YEAR) if 0 < ones < _HUNDRED else None
    return Number(said["tens"] + ones) if 0 < ones < _TEN and not ones.digits else None


def _ordinal(said: Said, _context: Context) -> Number | None:
    """Give the number of "22nd" or "twenty second", which both look like days of a month."""
    if "number" in said:
        return Number(said["number"], said["number"].digits)
    nth: Number = said["nth"]
    return Number(said["tens"] + nth, 2) if 0 < nth < _TEN and not nth.digits else None


CLOCKS = {
    "sum": Phenomenon(
        _sum, slots=("tens", "number"), constants=("base",), gives=("{number}",), rank=None
    ),
    "ordinal": Phenomenon(
        _ordinal, slots=("tens", "nth", "number"), gives=("{ordinal}",), rank=None
    ),
    "span": Phenomenon(
        _span, slots=("count", "unit"), constants=("shift", "days"), gives=("{span}",), rank=None
    ),
    "clock": Phenomenon(
        _clock,
        slots=(
            "time",
            "hour",
            "minute",
            "mm",
            "hhmm",
            "hour_name",
            "meridiem",
            "day_part",
            "span",
        ),
        constants=("shift", "before", "fives", "spoken", "counted", "firm", "approximate", "part"),
        gives=("{time}",),
        rank=7,
    ),
    "window": Phenomenon(
        _window, slots=("time",), constants=("until", "loose", "firm", "fixed"), rank=6
    ),
    "later": Phenomenon(
        _later,
        slots=("span", "minute"),
        constants=("days", "earlier", "or_today", "past"),
        rank=6,
    ),
    "day_part": Phenomenon(_day_part, slots=("day_part",), rank=5),
}
