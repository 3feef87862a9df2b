"""What can go wrong in the book. Errors carry data; the words live in the language files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Reason(StrEnum):
    """Why a wish cannot be had."""

    CLOSED = "closed"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    PAST = "past"
    OUTSIDE_HOURS = "outside_hours"
    BETWEEN_SLOTS = "between_slots"
    SEATINGS = "seatings"  # the house seats at fixed times only
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"  # the guest has enough reservations ahead
    SECOND_VISIT = "second_visit"  # the guest is expected at that time already
    NEEDS_APPROVAL = "needs_approval"
    PACING = "pacing"
    PAUSED = "paused"  # the staff take no bookings for these hours
    SMALL_PARTIES = "small_parties"  # larger tables are kept for larger parties for a while
    NO_TABLE = "no_table"


class TableRule(StrEnum):
    """A rule about tables that leaves none for a party; its staff may set it aside."""

    MINIMUM = "minimum"  # the tables that are free are meant for larger parties
    KEPT = "kept"  # the tables that are free are kept for walk-ins, or for the house
    BUFFER = "buffer"  # the time to clear up between two parties
    TURN_TIME = "turn_time"  # a table is free, but not for the whole turn time


#: A rule of the house that may be set aside.
Rule = Reason | TableRule


class BookingError(Exception):
    """The base of all errors of the book."""


@dataclass
class NoAvailability(BookingError):
    """A wish was refused.

    Args:
        reason: why.
        fields: what the reason is about, such as `max_party_size`.
        nearest: the nearest times that could be had when the book was read (`availability.Offer`).

    """

    reason: Reason
    fields: Mapping[str, Any] = field(default_factory=dict)
    nearest: Sequence[Any] = ()


@dataclass
class IllegalStep(BookingError):
    """A reservation cannot go from this state to that one; nothing was changed."""

    code: str
    state: str
    wanted: str


@dataclass
class TooLate(BookingError):
    """A guest wants to change or cancel after the venue's cut-off; the staff may still do it."""

    reservation_id: int
    starts_at: datetime
    cutoff_minutes: int


@dataclass
class TooEarly(BookingError):
    """Nobody is a no-show before the time of the reservation, or sits here days before."""

    code: str
    starts_at: datetime


@dataclass
class Settled(BookingError):
    """A step was made too long ago to be taken back."""

    code: str
    at: datetime


@dataclass
class ShortTurn(BookingError):
    """No table is free for the whole turn time of a walk-in, but one until `until` (UTC)."""

    until: datetime


@dataclass
class TablesTaken(BookingError):
    """Tables cannot be closed while parties are expected there; nothing was changed.

    Args:
        reservations: who is expected (`lookups.Reservation`).

    """

    reservations: Sequence[Any]


@dataclass
class UnknownReservation(BookingError):
    """This venue has no such reservation."""

    reservation: int | str


@dataclass
class UnknownGuest(BookingError):
    """There is no such guest (any more): two who turn out to be one person are merged."""

    guest_id: int


class Busy(BookingError):
    """A lock or a connection could not be had in time.

    Nothing was changed; the same call may be made again.
    """


class LockOrder(BookingError):
    """Service dates were locked out of order: a mistake in our code that could deadlock."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a venue file."""

    file: str
    key: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.reason}"


@dataclass
class BadVenueFile(BookingError):
    """A venue file cannot be used; nothing was changed."""

    problems: Sequence[Problem]

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


@dataclass(frozen=True)
class Contradiction:
    """A reservation ahead that a new venue file would not allow.

    Args:
        code: of the reservation.
        starts_at: by the clock of the venue, in the zone that it had when the guest was told.
        party_size: how many come.
        guest_name: whom to ring, when known.
        channel: where the guest writes.
        address: the number or chat there.
        reason: for the operator.

    """

    code: str
    starts_at: datetime
    party_size: int
    guest_name: str | None
    channel: str
    address: str
    reason: str


@dataclass
class ReservationsAhead(BookingError):
    """A venue file contradicts reservations ahead; nothing was changed."""

    slug: str
    contradictions: Sequence[Contradiction]
