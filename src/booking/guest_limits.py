"""What one guest may have ahead: so many visits, and two at one time only when asked about it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.engine import Connection

from booking import lookups
from booking.availability import Offer
from booking.errors import NoAvailability, Reason
from booking.lifecycle import AGREED
from booking.lookups import Visit
from booking.venue import Venue


def check(
    db: Connection,
    venue: Venue,
    guest_id: int,
    offer: Offer,
    *,
    accept_second: bool,
    now: datetime,
) -> None:
    """Refuse a guest who has enough visits ahead, or another one at the time of an offer.

    Args:
        db: the transaction, which holds the lock of the service date.
        venue: whose rules.
        guest_id: who asks.
        offer: what they would get.
        accept_second: whether they know of the other visit at that time.
        now: the instant (UTC).

    Raises:
        NoAvailability: TOO_MANY, or SECOND_VISIT with the `reservation` there is and its `code`.

    """
    ahead = lookups.occupying(db, venue.id, guest_id, now=now)
    most = venue.policy.max_open_reservations
    if most is not None and len(ahead) >= most:
        raise NoAvailability(Reason.TOO_MANY, {"max_open_reservations": most})
    if not accept_second:
        _refuse_second(ahead, offer)


def check_second(
    db: Connection, venue: Venue, guest_id: int, offer: Offer, *, now: datetime
) -> None:
    """Refuse a second visit at the time of an offer, whatever else a guest has ahead.

    Raises:
        NoAvailability: SECOND_VISIT with the `reservation` there is.

    """
    _refuse_second(lookups.occupying(db, venue.id, guest_id, now=now), offer)


def _refuse_second(ahead: Sequence[Visit], offer: Offer) -> None:
    for visit in ahead:
        is_then = visit.starts_at < offer.ends_at and offer.starts_at < visit.ends_at
        if is_then and visit.state in AGREED:
            raise NoAvailability(Reason.SECOND_VISIT, {"reservation": visit.id, "code": visit.code})
