"""What one guest may have ahead: so many visits, and two at one time only when asked about it."""

from collections.abc import Sequence

from booking.availability import Offer
from booking.errors import NoAvailability, Reason
from booking.looks import Visit
from booking.venue import Venue


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
    for visit in visits:
        is_then = visit.starts_at < offer.ends_at and offer.starts_at < visit.ends_at
        if is_then and visit.is_agreed:
            raise NoAvailability(Reason.SECOND_VISIT, {"reservation": visit.id, "code": visit.code})
