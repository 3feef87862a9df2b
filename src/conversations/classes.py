"""The slots of templates, and the closed classes of words that every language has."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from conversations.grammar import Number, Slot
from conversations.parsers import holidays
from conversations.parsers.findings import DAY_PARTS, NOON, Clock

_LAST_HOUR = 24
#: a number in words from here on may name a year
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_UNITS = ("minute", "hour", "day", "week", "month", "year")

#: slot of a template -> what may fill it
SLOTS: dict[str, Slot] = {
    "number": Slot(("{number}",), 0, 9999),
    "count": Slot(("{number}", "{vague}"), 0, 999),
    "several": Slot(("{number}",), 1, 999, (0, 1, 2, 3)),  # no article
    "tens": Slot(("{tens}",), 0, 99),
    "nth": Slot(("{ordinal}",), 0, 99),
    "hour": Slot(("{number}",), 0, _LAST_HOUR),
    "minute": Slot(("{number}",), 0, 59),
    "mm": Slot(("{number}",), 0, 59, (0, 2)),
    "hhmm": Slot(("{number}",), 0, 2359, (3, 4)),
    "dated": Slot(("{ordinal}",), 1, 31, (1, 2)),
    "day": Slot(("{number}", "{ordinal}"), 1, 31),
    "digit_day": Slot(("{number}",), 1, 31, (1, 2)),  # "10 sept", and not "dix-sept"
    "late_day": Slot(("{number}",), 13, 31, (2,)),  # no hour of a clock face
    "month_number": Slot(("{number}",), 1, 31, (1, 2)),
    "month_nth": Slot(("{ordinal}",), 1, 12),
    "year": Slot(("{number}", "{year}"), 0, 2200, (2, 4)),
    "time": Slot(("{time}",)),
    "date": Slot(("{date}",)),
    "span": Slot(("{span}",)),
    "unit": Slot(("{unit}",)),
    "weekday": Slot(("{weekday}",)),
    "month": Slot(("{month}",)),
    "relative_day": Slot(("{relative_day}",)),
    "day_part": Slot(("{day_part}",)),
    "meridiem": Slot(("{meridiem}",)),
    "hour_name": Slot(("{hour_name}",)),
    "holiday": Slot(("{holiday}",)),
    "person": Slot(("{person}",)),
    "persons": Slot(("{persons}",)),
    "party": Slot(("{party}",)),
    "word": Slot(("{word}",)),
    "name": Slot(("{name}",)),
    "phone": Slot(("{phone}",)),
}


def _within(low: int, high: int) -> Callable[[Any], int]:
    def read(key: Any) -> int:
        if not isinstance(key, int) or not low <= key <= high:
            raise ValueError(f"a number from {low} to {high} is needed")
        return key

    return read


def _number(digits: int) -> Callable[[Any], Number]:
    return lambda key: Number(_within(0, _LAST_YEAR)(key), digits)


def _one_of(values: Iterable[str]) -> Callable[[Any], str]:
    def read(key: Any) -> str:
        if key not in values:
            raise ValueError(f"one of {', '.join(values)} is needed")
        return str(key)

    return read


def _clock(key: Any) -> Clock:
    time, _, part = str(key).partition(" ")
    hour, minute = map(int, time.split(":"))
    half = ("pm" if hour else "am") if hour <= NOON else None  # 13:00 is no "1 pm"
    if part and part not in DAY_PARTS:
        raise ValueError("a time, and perhaps a day part, are needed")
    return Clock(hour, minute, half=half, part=part or None, named=True)


def _relative(key: Any) -> str:
    days, _, part = str(key).partition(" ")
    if part and part not in DAY_PARTS:
        raise ValueError("days from today, and perhaps a day part, are needed")
    return f"{int(days)} {part}".strip()


def _holiday(key: Any) -> str:
    if not holidays.is_rule(str(key)):
        raise ValueError("no rule of parsers.holidays")
    return str(key)


#: the classes that every language has, with what makes a value of a key in the language file
CLASSES: dict[str, Callable[[Any], Any]] = {
    "number": _number(0),
    "article": _number(-1),
    "tens": _number(0),
    "ordinal": _number(0),
    "vague": _number(0),
    "weekday": _within(0, 6),
    "month": _within(1, 12),
    "relative_day": _relative,
    "day_part": _one_of(DAY_PARTS),
    "meridiem": _one_of(("am", "pm")),
    "hour_name": _clock,
    "unit": _one_of(_UNITS),
    "holiday": _holiday,
    "person": _within(0, 9),
}


def symbols(name: str, value: Any) -> list[tuple[str, Any]]:
    """Give the symbols, with their values, under which a word of a class stands in the chart."""
    if name in ("number", "article"):
        return of_number(value)
    if name == "tens":
        return [("{tens}", value), *of_number(value)]
    if name == "hour_name":
        return [("{time}", value), ("{hour_name}", value)]
    return [(f"{{{name}}}", value)]


def of_number(number: Number) -> list[tuple[str, Any]]:
    """Give the symbols, with their values, of a number: a small one may be an hour."""
    found: list[tuple[str, Any]] = [("{number}", number)]
    if number >= _FIRST_YEAR and not number.digits:
        found.append(("{year}", int(number)))
    if number <= _LAST_HOUR:
        found.append(("{time}", Clock(int(number), bare=True, article=number.digits < 0)))
    return found


def words_of(given: Mapping[Any, str]) -> Iterable[tuple[Any, list[str]]]:
    """Give each value of a class with its phrases, which commas separate."""
    for key, phrases in given.items():
        if not isinstance(phrases, str):
            raise TypeError(f"{key}: phrases are text; quote what YAML reads as something else")
        yield key, [phrase.strip() for phrase in phrases.split(",") if phrase.strip()]
