"""What the staff decide about a request."""

from datetime import datetime

from sqlalchemy.engine import Connection

from booking import ledger, lookups
from booking.errors import IllegalStep
from booking.events import Kind
from booking.lifecycle import State
from booking.lookups import Reservation
from booking.venue import Venue


def decide(
    db: Connection,
    venue: Venue,
    reservation_id: int,
    *,
    accept: bool,
    actor: str,
    now: datetime,
) -> Reservation:
    """Accept a request, or turn it down and free its tables.

    Raises:
        IllegalStep: it is not waiting for a decision (any more).

    """
    found = lookups.get(db, venue.id, reservation_id, lock=True)
    wanted, kind = (State.RESERVED, Kind.APPROVED) if accept else (State.DECLINED, Kind.DECLINED)
    if found.state_at(now) is not State.REQUESTED:
        raise IllegalStep(found.code, found.state_at(now), wanted)
    return ledger.step(db, venue, found, wanted, kind, actor=actor, now=now)
