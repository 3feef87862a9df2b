"""Venue files: TOML that says how a restaurant works, checked key by key.

Every mistake is reported with its key and a reason; an unknown key is a mistake too.
"""

import tomllib
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, model_validator

from booking import floor, venue
from booking.errors import BadVenueFile, Problem
from booking.service_periods import ServicePeriod as Period
from booking.venue_conflicts import conflicts
from booking.venue_periods import Closure, ServicePeriod, SpecialDay
from booking.venue_values import Covers, Currency, Minutes, Part, Phone, Slug, Span, Text, Zone

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


class Restaurant(Part):
    """`[restaurant]`."""

    slug: Slug
    name: Text
    timezone: Zone
    languages: Annotated[list[str], Field(min_length=1)]
    phone: Phone | None = None
    currency: Currency | None = None
    address: Text | None = None


class Policy(Part):
    """`[policy]`; what is left out has the defaults of `venue.Policy`.

    0 for `approval_minutes` and `max_open_reservations` is no limit.
    """

    hold_minutes: Annotated[int, Field(ge=1, le=120)] = 5
    opening_minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 15
    booking_window_days: Annotated[int, Field(ge=0, le=400)] = 60
    min_notice_minutes: Minutes = 30
    cancel_cutoff_minutes: Minutes = 120
    max_party_size: Covers = 12
    approval_party_size: Covers = 9
    approval_minutes: Minutes = 2880
    max_open_reservations: Annotated[int, Field(ge=0)] = 10
    buffer_minutes: Annotated[int, Field(ge=0, le=240)] = 0
    small_party_percent: Annotated[int, Field(ge=0, le=100)] | None = None
    small_party_hours: Annotated[int, Field(ge=0, le=400 * 24)] = 48
    reminder_minutes: list[Annotated[Minutes, Field(gt=0)]] = Field(default_factory=lambda: [1440])
    reminder_hours: Span = (time(9), time(20, 30))

    def build(self) -> venue.Policy:
        """The rules as the book sees them."""
        values = self.model_dump()
        for key in ("approval_minutes", "max_open_reservations"):
            values[key] = values[key] or None
        return venue.Policy(**{**values, "reminder_minutes": tuple(self.reminder_minutes)})


class Table(Part):
    """`[[tables]]`."""

    name: Text
    min_covers: Covers = 1
    max_covers: Covers
    section: Text | None = None
    attributes: list[Literal["accessible", "outdoor", "high", "quiet", "window"]] = Field(
        default_factory=list
    )
    kept_for: Literal["walk_ins", "house"] | None = None


class Combination(Part):
    """`[[combinations]]`."""

    tables: Annotated[list[str], Field(min_length=2)]
    min_covers: Covers
    max_covers: Covers


class Staff(Part):
    """`[[staff]]`: where alerts go."""

    name: Text
    telegram_chat_id: int | None = None
    phone: Phone | None = None

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.telegram_chat_id is None and self.phone is None:
            raise ValueError("give telegram_chat_id or phone")
        return self


class Channels(Part):
    """`[channels]`: an SMS number of the venue's own, where several venues share one house."""

    sms: Phone | None = None


class VenueFile(Part):
    """A whole venue file."""

    restaurant: Restaurant
    policy: Policy = Policy()
    service_periods: Annotated[list[ServicePeriod], Field(min_length=1)]
    tables: Annotated[list[Table], Field(min_length=1)]
    combinations: list[Combination] = Field(default_factory=list)
    special_days: list[SpecialDay] = Field(default_factory=list)
    closures: list[Closure] = Field(default_factory=list)
    staff: list[Staff] = Field(default_factory=list)
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
            policy=self.policy.build(),
            periods=tuple(p.build(frozenset(p.days)) for p in self.service_periods),
            special_days={day.date: day.build() for day in self.special_days},
            floor=self._floor(table_ids),
            closures={each.date: each.reason for each in self.closures if each.is_whole},
            partial_closures=self._partial_closures(table_ids),
            staff=tuple(venue.StaffMember(**member.model_dump()) for member in self.staff),
            phone=house.phone,
            address=house.address,
            currency=house.currency,
            sms_number=self.channels.sms,
        )

    def periods_on(self, day: date) -> list[Period]:
        """The periods of a service date, closures left aside."""
        for special in self.special_days:
            if special.date == day:
                return list(special.build().periods)
        here = (p for p in self.service_periods if day.weekday() in p.days)
        return [p.build(frozenset(p.days)) for p in here]

    def _floor(self, table_ids: Mapping[str, int]) -> floor.FloorPlan:
        tables = tuple(
            floor.Table(
                id=table_ids[t.name],
                name=t.name,
                min_covers=t.min_covers,
                max_covers=t.max_covers,
                section=t.section,
                attributes=frozenset(t.attributes),
                kept_for=floor.KeptFor(t.kept_for) if t.kept_for else None,
            )
            for t in self.tables
        )
        joined = tuple(
            floor.TableCombination(
                table_ids=tuple(table_ids[name] for name in c.tables),
                min_covers=c.min_covers,
                max_covers=c.max_covers,
            )
            for c in self.combinations
        )
        return floor.FloorPlan(tables, joined)

    def _partial_closures(
        self, table_ids: Mapping[str, int]
    ) -> dict[date, tuple[venue.Closure, ...]]:
        found: dict[date, list[venue.Closure]] = defaultdict(list)
        for closure in self.closures:
            if closure.is_whole:
                continue
            begin, end = closure.span(self.periods_on(closure.date))
            ids = tuple(table_ids[t.name] for t in self.tables if _is_closed(t, closure))
            part = venue.Closure(begin=begin, end=end, table_ids=ids, reason=closure.reason)
            found[closure.date].append(part)
        return {day: tuple(parts) for day, parts in found.items()}


def _is_closed(table: Table, closure: Closure) -> bool:
    if closure.tables is None and closure.section is None:
        return True
    return table.name in (closure.tables or ()) or table.section == closure.section is not None


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
        raise BadVenueFile([problem(str(path), e) for e in error.errors()]) from None
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


def problem(file: str, error: Any) -> Problem:
    """What the library found wrong, with its key and a reason in our words."""
    reason = REASONS.get(error["type"]) or error["msg"].removeprefix("Value error, ")
    reason = reason.format(**error.get("ctx", {})) if error["type"] in REASONS else reason
    key = ""
    for part in error["loc"]:
        key += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return Problem(file, key.lstrip(".") or "file", reason)
