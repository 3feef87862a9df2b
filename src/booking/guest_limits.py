"""What one guest may have ahead: so many visits, and two at one time only when asked about it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from booking.availability import Offer
from booking.errors import NoAvailability, Reason
from booking.looks import Visit
from booking.venue import Venue


class Timed(Protocol):
    """What has a start and an end (UTC), half-open."""

    @property
    def starts_at(self) -> datetime:
        """When it begins."""

    @property
    def ends_at(self) -> datetime:
        """When it is over."""


T = TypeVar("T", bound=Timed)


def check_count(venue: Venue, ahead: int) -> None:
    """Refuse a guest who has so much ahead that one more is too many.

    Raises:
        NoAvailability: TOO_MANY.

    """
    most = venue.policy.max_open_reservations
    if most is not None and ahead >= most:
        raise NoAvailability(Reason.TOO_MANY, {"max_open_reservations": most})


def check_second(visits: Sequence[Visit], offer: Offer) -> None:
    """Refuse a second visit at the time of an offer.

    Raises:
        NoAvailability: SECOND_VISIT with the `reservation` there is and its `code`.

    """
    there = meanwhile([visit for visit in visits if visit.is_agreed], offer)
    if there:
        raise NoAvailability(Reason.SECOND_VISIT, {"reservation": there.id, "code": there.code})


def meanwhile(visits: Iterable[T], place: Timed) -> T | None:
    """The first of these visits that is at the time of a place."""
    begin, end = place.starts_at, place.ends_at
    return next((v for v in visits if v.starts_at < end and begin < v.ends_at), None)
