"""A house whose only table somebody has, for what guests and staff say of the waitlist."""

from typing import Any

from front import OTHER, Front
from restaurants import SATURDAY, period, table, venue_data, wish

from booking import guests, reservations, venues
from bot import notices

#: One table, for one party an evening.
HOUSE: dict[str, Any] = {
    "tables": [table("T1")],
    "combinations": [],
    "service_periods": [period(last_seating="21:00", turn_minutes=[{"minutes": 200}])],
}


def open_full(front: Front, **changes: Any) -> None:
    """Open that house, with its table taken on Saturday at eight."""
    venue, now = front.open(venue_data(**{**HOUSE, **changes})), front.clock()
    eight = wish("20:00", day=SATURDAY)
    with front.database.transaction() as db:
        guest = guests.meet(db, venue.id, "sms", OTHER, now=now).id
        held = reservations.place_hold(db, venue, eight, guest, source="sms", now=now)
        reservations.confirm(db, venue, held.id, now=now)
        notices.plan(db, {}, now=now)  # nobody is to be told of it


def come_free(front: Front) -> None:
    """Take the table from the party at eight, and let the scheduler do its work."""
    with front.database.transaction() as db:
        venue, taken = venues.every(db)[0], front.book()[0].id
        reservations.cancel(db, venue, taken, actor="staff:Marta", now=front.clock())
    front.run_due()
