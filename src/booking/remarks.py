"""What is written down about a visit without changing who sits where: wishes and names."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.engine import Connection

from booking import events, guests, ledger, lookups
from booking.errors import IllegalStep
from booking.events import GUEST, Kind
from booking.lifecycle import AGREED, State
from booking.lookups import Reservation
from booking.venue import Venue


def note(
    db: Connection, venue: Venue, reservation_id: int, request: str, *, now: datetime
) -> Reservation:
    """Write down what the guest asks for besides, on a hold or a reservation.

    Raises:
        IllegalStep: it is over, or its hold has run out.

    """
    old = lookups.get(db, venue.id, reservation_id, lock=True)
    if old.state_at(now) is not State.HELD and old.state not in AGREED:
        raise IllegalStep(old.code, old.state_at(now), Kind.NOTED)
    new = replace(old, request=request)
    return ledger.rewrite(db, venue, old, new, actor=GUEST, now=now)


def name_guest(db: Connection, venue: Venue, guest_id: int, name: str, *, now: datetime) -> None:
    """Write a guest's name. The first one is news to whoever expects them: an event a visit."""
    known = guests.get(db, guest_id).name
    guests.rename(db, guest_id, name)
    if known is not None:
        return
    names = venue.floor.names
    for ahead in lookups.upcoming(db, venue.id, guest_id, now=now):
        events.append(db, Kind.NAMED, [ahead], names, actor=GUEST, now=now, from_state=ahead.state)
