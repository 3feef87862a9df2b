"""Venue files: TOML that says how a restaurant works, checked key by key.

Every mistake is reported with its key and a reason; an unknown key is a mistake too.
"""

import re
import tomllib
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PositiveInt,
    ValidationError,
    model_validator,
)

from booking import floor, service_periods, venue
from booking.errors import BadVenueFile, Problem
from booking.service_periods import DAY_MINUTES
from booking.venue_conflicts import conflicts

#: What we say of a mistake, by the name that the library has for it.
REASONS = {
    "extra_forbidden": "unknown key",
    "missing": "is missing",
    "model_type": "must be a section with keys of its own",
    "list_type": "must be a list",
    "string_type": "must be a text in quotes",
    "int_type": "must be a whole number",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "string_too_long": "may have at most {max_length} characters",
    "too_short": "must list at least {min_length}",
}
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


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Restaurant(_Part):
    """`[restaurant]`."""

    slug: Annotated[str, AfterValidator(_slug)]
    name: Text
    timezone: Annotated[str, AfterValidator(_zone)]
    languages: Annotated[list[str], Field(min_length=1)]
    phone: Phone | None = None
    currency: Annotated[str, AfterValidator(_currency)] | None = None
    address: Text | None = None


class Policy(_Part):
    """`[policy]`; what is left out has the defaults of `venue.Policy`."""

    hold_minutes: Annotated[int, Field(ge=1, le=120)] = 5
    booking_window_days: Annotated[int, Field(ge=0, le=400)] = 60
    min_notice_minutes: Minutes = 30
    cancel_cutoff_minutes: Minutes = 120
    max_party_size: Covers = 12
    approval_party_size: Covers = 9
    reminder_minutes: list[Annotated[Minutes, Field(gt=0)]] = [1440]
    reminder_hours: Annotated[tuple[time, time], BeforeValidator(_span)] = (time(9), time(20, 30))


class Turn(_Part):
    """One entry of `turn_minutes`."""

    up_to: Covers | None = None
    minutes: Annotated[int, Field(gt=0, le=DAY_MINUTES)]


class ServicePeriod(_Part):
    """`[[service_periods]]`."""

    name: Text
    days: Annotated[list[Weekday], Field(min_length=1)]
    first_seating: Clock
    last_seating: Clock
    closes: Clock
    slot_minutes: Annotated[int, Field(ge=5, le=DAY_MINUTES)] = 15
    pacing_covers: PositiveInt | None = None
    turn_minutes: Annotated[list[Turn], Field(min_length=1)]

    @model_validator(mode="after")
    def _turns_rise(self) -> Self:
        limits = [turn.up_to for turn in self.turn_minutes]
        known = [limit for limit in limits if limit is not None]
        if None in limits[:-1] or known != sorted(set(known)):
            raise ValueError("turn_minutes: up_to must rise, and only the last may leave it out")
        return self

    def build(self) -> service_periods.ServicePeriod:
        """The period with its times in minutes from the midnight that begins its service date."""
        last = _after(self.last_seating, self.first_seating)
        return service_periods.ServicePeriod(
            name=self.name,
            days=frozenset(self.days),
            first_seating=self.first_seating,
            last_seating=last,
            closes=_after(self.closes, last),
            slot_minutes=self.slot_minutes,
            pacing_covers=self.pacing_covers,
            turns=tuple(service_periods.Turn(t.up_to, t.minutes) for t in self.turn_minutes),
        )


class Table(_Part):
    """`[[tables]]`."""

    name: Text
    min_covers: Covers = 1
    max_covers: Covers
    section: Text | None = None


class Combination(_Part):
    """`[[combinations]]`."""

    tables: Annotated[list[str], Field(min_length=2)]
    min_covers: Covers
    max_covers: Covers


class Closure(_Part):
    """`[[closures]]`: no seating on this service date."""

    date: Day
    reason: Text | None = None


class Staff(_Part):
    """`[[staff]]`: where alerts go."""

    name: Text
    telegram_chat_id: int | None = None
    phone: Phone | None = None

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.telegram_chat_id is None and self.phone is None:
            raise ValueError("give telegram_chat_id or phone")
        return self


class Channels(_Part):
    """`[channels]`: an SMS number of the venue's own, where several venues share one house."""

    sms: Phone | None = None


class VenueFile(_Part):
    """A whole venue file."""

    restaurant: Restaurant
    policy: Policy = Policy()
    service_periods: Annotated[list[ServicePeriod], Field(min_length=1)]
    tables: Annotated[list[Table], Field(min_length=1)]
    combinations: list[Combination] = []
    closures: list[Closure] = []
    staff: list[Staff] = []
    channels: Channels = Channels()

    def build(self, venue_id: int, revision: str, table_ids: Mapping[str, int]) -> venue.Venue:
        """The venue as the book sees it.

        Args:
            venue_id: its row.
            revision: what identifies this version of its rules.
            table_ids: the row of each table by its name.

        """
        house = self.restaurant
        return venue.Venue(
            id=venue_id,
            revision=revision,
            slug=house.slug,
            name=house.name,
            zone=ZoneInfo(house.timezone),
            languages=tuple(house.languages),
            policy=venue.Policy(
                **self.policy.model_dump(exclude={"reminder_minutes"}),
                reminder_minutes=tuple(self.policy.reminder_minutes),
            ),
            periods=tuple(period.build() for period in self.service_periods),
            floor=self._floor(table_ids),
            closures={closure.date: closure.reason for closure in self.closures},
            staff=tuple(venue.StaffMember(**member.model_dump()) for member in self.staff),
            phone=house.phone,
            address=house.address,
            currency=house.currency,
            sms_number=self.channels.sms,
        )

    def _floor(self, table_ids: Mapping[str, int]) -> floor.FloorPlan:
        tables = tuple(floor.Table(id=table_ids[t.name], **t.model_dump()) for t in self.tables)
        joined = tuple(
            floor.TableCombination(
                table_ids=tuple(table_ids[name] for name in c.tables),
                min_covers=c.min_covers,
                max_covers=c.max_covers,
            )
            for c in self.combinations
        )
        return floor.FloorPlan(tables, joined)


def read_venue_file(path: Path, *, languages: Collection[str]) -> tuple[VenueFile, dict[str, Any]]:
    """Read and check a venue file.

    Args:
        path: the TOML file.
        languages: the languages that the product speaks.

    Returns:
        The checked file, and its data as plain JSON values for the venue's row.

    Raises:
        BadVenueFile: with every problem that was found.

    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadVenueFile([Problem(str(path), "file", "there is no such file")]) from None
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
        raise BadVenueFile([Problem(str(path), "file", reason)]) from None
    except UnicodeDecodeError:
        reason = "cannot be read: it is not UTF-8 text"
        raise BadVenueFile([Problem(str(path), "file", reason)]) from None
    except tomllib.TOMLDecodeError as error:
        raise BadVenueFile([Problem(str(path), "file", f"is not valid TOML: {error}")]) from None
    except (ValueError, RecursionError):
        reason = "is not valid TOML: a number or a list in it is too large"
        raise BadVenueFile([Problem(str(path), "file", reason)]) from None
    try:
        venue_file = VenueFile.model_validate(data)
    except ValidationError as error:
        raise BadVenueFile([_problem(str(path), e) for e in error.errors()]) from None
    problems = [Problem(str(path), *found) for found in conflicts(venue_file, languages)]
    if problems:
        raise BadVenueFile(problems)
    return venue_file, _plain(data)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date | time) else value


def _problem(file: str, error: Any) -> Problem:
    reason = REASONS.get(error["type"]) or error["msg"].removeprefix("Value error, ")
    reason = reason.format(**error.get("ctx", {})) if error["type"] in REASONS else reason
    key = ""
    for part in error["loc"]:
        key += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return Problem(file, key.lstrip(".") or "file", reason)


def _after(minutes: int, earlier: int) -> int:
    """The next time the clock shows this, from an earlier one on."""
    while minutes < earlier:
        minutes += DAY_MINUTES
    return minutes
