"""Reads messages as lines of JSON and answers with lines of JSON: the outside's way in."""

import json
import re
import sys
from datetime import date, datetime, time
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from conversations.reading import Asked, Context, Known, Option, Reading
from conversations.understanding import understand

_HOURS = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)$")
_OPTION = re.compile(r"(?:(\d{4}-\d\d-\d\d)[ T])?(\d\d:\d\d)$")
_FIRST = ("intent", "party_size", "date", "time", "time_to", "choice", "name", "request")
_KEYS = (
    *_FIRST,
    *(key for key in Reading.__dataclass_fields__ if key not in {*_FIRST, "language"}),
)
_Value = TypeVar("_Value")


class KeyFault(ValueError):
    """A key of an input line has a value that cannot be used; the message names the key."""


def answer(line: str, *, now: datetime | None = None) -> str:
    """Read one line of `tabletalk understand --jsonl` and give the line to print.

    A line that cannot be read, or a wrong value in it, gives `{"id": ..., "error": ...}`.

    Args:
        line: one JSON object; keys as in the contract.
        now: local wall time at the venue, for lines that do not give it.

    """
    given: Any = None
    try:
        given = _object(line)
        said = as_json(understand(*_message(given, now)))
    except KeyFault as fault:
        said = {"error": str(fault)}
    known = isinstance(given, dict) and "id" in given
    return json.dumps({"id": given["id"] if known else None, **said}, ensure_ascii=False)


def message(line: str, *, now: datetime | None = None) -> tuple[str, Context]:
    """Give the text of a line, and what it is read against.

    Raises:
        KeyFault: the line cannot be read, or has a wrong value.

    """
    return _message(_object(line), now)


def _object(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise KeyFault("this is no JSON object") from error


def _message(given: Any, now: datetime | None) -> tuple[str, Context]:
    if not isinstance(given, dict):
        raise KeyFault("a JSON object is needed")
    text = given.get("text")
    if not isinstance(text, str):
        raise KeyFault("text: a text is needed")
    return text, context(given, now)


def as_json(reading: Reading) -> dict[str, Any]:
    """Give a reading as in the contract; what it does not say is left out."""
    said: dict[str, Any] = {"lang": reading.language}
    values = vars(reading)
    for key in _KEYS:
        value = values[key]
        if value is not None and value is not False and value != ():
            said[key] = _plain(value)
    return said


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def context(given: dict[str, Any], now: datetime | None = None) -> Context:
    """Make the context of an input line.

    Raises:
        KeyFault: a value cannot be used.

    """
    draft = _get(given, "draft", dict) or {}
    return Context(
        now=_now(given, now),
        language=_get(given, "lang", str),
        hours=_hours(tuple(_strings(given, "hours"))),
        asked=_asked(_get(given, "asked", str)),
        options=tuple(_option(option) for option in _strings(given, "options")),
        draft=_known(draft),
    )


def _get(given: dict[str, Any], key: str, kind: type[_Value], where: str = "") -> _Value | None:
    value = given.get(key)
    if value is None:
        return None
    if not isinstance(value, kind) or isinstance(value, bool):
        raise KeyFault(f"{where}{key}: {value!r} cannot be used")
    return value


def _strings(given: dict[str, Any], key: str) -> list[str]:
    values = _get(given, key, list) or []
    if not all(isinstance(value, str) for value in values):
        raise KeyFault(f"{key}: a list of texts is needed")
    return values


def _now(given: dict[str, Any], now: datetime | None) -> datetime:
    text = _get(given, "now", str)
    if text is None and now is None:
        raise KeyFault("now: is missing")
    try:
        moment = datetime.fromisoformat(text) if text is not None else now
    except ValueError as error:
        raise KeyFault(f"now: {text!r} is no time") from error
    assert moment is not None  # noqa: S101 - for the type checker
    return moment.replace(tzinfo=None)


@lru_cache(maxsize=256)
def _hours(spans: tuple[str, ...]) -> tuple[tuple[time, time], ...]:
    found = []
    for span in spans:
        match = _HOURS.match(span)
        if not match:
            raise KeyFault(f"hours: {span!r} is no HH:MM-HH:MM")
        found.append((_time(match[1], "hours"), _time(match[2], "hours")))
    return tuple(found)


def _time(text: str, key: str) -> time:
    hour, minute = int(text[:2]), int(text[3:])
    if hour == 24 and not minute:  # noqa: PLR2004 - 24:00 is how some write the end of a day
        hour = 0
    try:
        return time(hour, minute)
    except ValueError as error:
        raise KeyFault(f"{key}: {text!r} is no time") from error


def _asked(text: str | None) -> Asked | None:
    try:
        return Asked(text) if text else None
    except ValueError as error:
        raise KeyFault(f"asked: {text!r} is not asked for") from error


def _option(text: str) -> Option:
    match = _OPTION.match(text)
    if not match:
        raise KeyFault(f"options: {text!r} is no HH:MM or YYYY-MM-DD HH:MM")
    return Option(time=_time(match[2], "options"), date=_date(match[1], "options"))


def _date(text: str | None, key: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise KeyFault(f"{key}: {text!r} is no date") from error


def _known(draft: dict[str, Any]) -> Known:
    for key in draft:
        if key not in Known.__dataclass_fields__:
            raise KeyFault(f"draft.{key}: is unknown")
    clock = _get(draft, "time", str, "draft.")
    if clock is not None and not re.fullmatch(r"\d\d:\d\d", clock):
        raise KeyFault(f"draft.time: {clock!r} is no HH:MM")
    return Known(
        party_size=_get(draft, "party_size", int, "draft."),
        date=_date(_get(draft, "date", str, "draft."), "draft.date"),
        time=_time(clock, "draft.time") if clock else None,
    )


def main() -> None:
    """Answer each line of the standard input on the standard output."""
    for line in sys.stdin:
        if line.strip():
            sys.stdout.write(answer(line) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
