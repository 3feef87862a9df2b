"""The values of venue files: how each is written, and what is said of one that is not."""

import re
import unicodedata
from datetime import date, time
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from booking.service_periods import DAY_MINUTES

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _clock(value: object) -> int:
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", value) if isinstance(value, str) else None
    if not match:
        raise ValueError('a time is written "HH:MM"')
    return int(match[1]) * 60 + int(match[2])


def _span(value: object) -> tuple[time, time]:
    first, dash, last = value.partition("-") if isinstance(value, str) else ("", "", "")
    if not dash:
        raise ValueError('a span is written "HH:MM-HH:MM"')
    begin, end = _clock(first.strip()), _clock(last.strip())
    if begin >= end:
        raise ValueError("a span ends after it begins")
    return time(*divmod(begin, 60)), time(*divmod(end, 60))


def _day(value: object) -> date:
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError('a date is written "YYYY-MM-DD"') from None


def _weekday(value: object) -> int:
    if value not in WEEKDAYS:
        raise ValueError(f"a day is one of {', '.join(WEEKDAYS)}")
    return WEEKDAYS.index(str(value))


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{value!r} is no IANA time zone, such as Europe/Rome") from None
    return value


def _phone(value: str) -> str:
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        number = phonenumbers.PhoneNumber()
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if written != value or not phonenumbers.is_possible_number(number):
        raise ValueError("a phone number is written in E.164, such as +390212345678")
    return value


def _line(value: str) -> str:
    if not value.strip() or any(unicodedata.category(sign) == "Cc" for sign in value):
        raise ValueError("a text is one line that is not empty")
    return value


def _slug(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?", value):
        raise ValueError("may have a-z, 0-9 and -, at most 40, and no - at either end")
    return value


def _currency(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise ValueError("a currency is three capital letters, such as EUR")
    return value


Clock = Annotated[int, BeforeValidator(_clock)]
Day = Annotated[date, BeforeValidator(_day)]
Weekday = Annotated[int, BeforeValidator(_weekday)]
Phone = Annotated[str, AfterValidator(_phone)]
Text = Annotated[str, Field(max_length=120), AfterValidator(_line)]
Covers = Annotated[int, Field(ge=1, le=1000)]
#: A span of time that no calendar runs out of.
Minutes = Annotated[int, Field(ge=0, le=400 * DAY_MINUTES)]
Span = Annotated[tuple[time, time], BeforeValidator(_span)]
Zone = Annotated[str, AfterValidator(_zone)]
Slug = Annotated[str, AfterValidator(_slug)]
Currency = Annotated[str, AfterValidator(_currency)]


class Part(BaseModel):
    """A section of a venue file: an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def after(minutes: int, earlier: int) -> int:
    """The next time the clock shows this, from an earlier one on."""
    while minutes < earlier:
        minutes += DAY_MINUTES
    return minutes
