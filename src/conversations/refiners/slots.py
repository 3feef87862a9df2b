"""What is known of a message so far: date, time and party size."""

from dataclasses import dataclass
from datetime import date

from conversations.parsers.findings import Clock, Day, Window


@dataclass
class Slots:
    """What is known of a message so far; times in minutes of the day.

    `clock` and `day` are as said, and become `minutes` and `on` when all is known.
    """

    party: int | None = None
    clock: Clock | Window | None = None
    day: Day | None = None
    days: tuple[date, date] | None = None
    part: str | None = None
    choice: int | None = None
    minutes: int | None = None
    minutes_to: int | None = None
    on: date | None = None
    old_clock: Clock | None = None
    old_day: Day | None = None
    old_minutes: int | None = None
    old_on: date | None = None
    approximate: bool = False
    ambiguous: tuple[str, ...] = ()
    number: int | None = None

    @property
    def empty(self) -> bool:
        """Whether the message gave nothing to book with."""
        values = (self.party, self.clock, self.day, self.days, self.part, self.minutes)
        return all(v is None for v in values) and not self.ambiguous
