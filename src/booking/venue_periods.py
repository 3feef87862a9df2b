"""The sections of a venue file about time: service periods, special days, closures."""

from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import Field, PositiveInt, model_validator

from booking import service_periods, venue
from booking.service_periods import DAY_MINUTES, Pacing
from booking.venue_values import Clock, Covers, Day, Part, Text, Weekday, after


class Turn(Part):
    """One entry of `turn_minutes`."""

    up_to: Covers | None = None
    minutes: Annotated[int, Field(gt=0, le=DAY_MINUTES)]


class Period(Part):
    """What a service period has, of a weekday or of a special day.

    Either rolling slots, from `first_seating` to `last_seating`, or fixed `seatings`.
    """

    name: Text
    first_seating: Clock | None = None
    last_seating: Clock | None = None
    seatings: list[Clock] | None = None
    closes: Clock
    slot_minutes: Annotated[int, Field(ge=5, le=DAY_MINUTES)] = 15
    pacing_covers: PositiveInt | None = None
    pacing_parties: PositiveInt | None = None
    period_covers: PositiveInt | None = None
    period_parties: PositiveInt | None = None
    turn_minutes: Annotated[list[Turn], Field(min_length=1)]

    @model_validator(mode="after")
    def _turns_rise(self) -> Self:
        limits = [turn.up_to for turn in self.turn_minutes]
        known = [limit for limit in limits if limit is not None]
        if None in limits[:-1] or known != sorted(set(known)):
            raise ValueError("turn_minutes: up_to must rise, and only the last may leave it out")
        return self

    @model_validator(mode="after")
    def _has_starts(self) -> Self:
        rolling = {"first_seating", "last_seating"} & self.model_fields_set
        if self.seatings is None:
            for key in ("first_seating", "last_seating"):
                if getattr(self, key) is None:
                    raise ValueError(f"{key}: is missing, and there are no fixed seatings")
        elif rolling or "slot_minutes" in self.model_fields_set:
            raise ValueError("seatings: without first_seating, last_seating and slot_minutes")
        elif not self.seatings:
            raise ValueError("seatings: must list at least 1")
        elif sorted(set(self._starts())) != self._starts():
            raise ValueError("seatings: must rise; one that is less is of the next day")
        return self

    def build(self, days: frozenset[int] = frozenset()) -> service_periods.ServicePeriod:
        """The period with its times in minutes from the midnight that begins its service date."""
        starts = self._starts()
        return service_periods.ServicePeriod(
            name=self.name,
            days=days,
            first_seating=starts[0],
            last_seating=starts[-1],
            closes=after(self.closes, starts[-1]),
            slot_minutes=self.slot_minutes,
            seatings=tuple(starts) if self.seatings else (),
            pacing=Pacing(covers=self.pacing_covers, parties=self.pacing_parties),
            pacing_in_all=Pacing(covers=self.period_covers, parties=self.period_parties),
            turns=tuple(service_periods.Turn(t.up_to, t.minutes) for t in self.turn_minutes),
        )

    def _starts(self) -> list[int]:
        """The first and the last start, or all of those that are fixed."""
        named = self.seatings or [self.first_seating or 0, self.last_seating or 0]
        starts = named[:1]
        for start in named[1:]:
            starts.append(after(start, starts[-1]))
        return starts


class ServicePeriod(Period):
    """`[[service_periods]]`."""

    days: Annotated[list[Weekday], Field(min_length=1)]


class SpecialDay(Part):
    """`[[special_days]]`: a service date with periods of its own."""

    date: Day
    name: Text | None = None
    service_periods: Annotated[list[Period], Field(min_length=1)]

    def build(self) -> venue.SpecialDay:
        """The day as the book sees it."""
        return venue.SpecialDay(
            name=self.name, periods=tuple(period.build() for period in self.service_periods)
        )


class Closure(Part):
    """`[[closures]]`: no seating on this service date, or not from `begins` to `ends`, or there.

    A time before `begins` is of the next day.
    """

    date: Day
    reason: Text | None = None
    begins: Clock | None = None
    ends: Clock | None = None
    section: Text | None = None
    tables: Annotated[list[str], Field(min_length=1)] | None = None

    @property
    def is_whole(self) -> bool:
        """Tell whether nobody is seated at all on that date."""
        return not {self.begins, self.ends, self.section} - {None} and self.tables is None

    def span(self, periods: Sequence[service_periods.ServicePeriod]) -> tuple[int, int]:
        """The minutes of the service date in which tables are closed.

        Args:
            periods: of that date; a time before the first one may be one after midnight.

        """
        opens = min((p.first_seating for p in periods), default=0)
        ends = max((p.closes for p in periods), default=DAY_MINUTES)
        begin = opens if self.begins is None else self.begins
        if begin < opens and begin + DAY_MINUTES < ends:
            begin += DAY_MINUTES
        return begin, max(ends, begin + 1) if self.ends is None else after(self.ends, begin + 1)
