"""Who waits: the entries of the waitlist, read as values, and what happens to them by the way.

This lies below the ledger, which tells here that a place is free or an opening has ended. Entries
come and go under the lock of their service date (`waitlist.py`, `openings.py`); who frees a place
has no such lock, and only says when it is time to look again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import models
from booking.events import HOUSE
from booking.lifecycle import UNDECIDED, State
from booking.lookups import Reservation
from booking.rules import Wish
from booking.venue import Venue

#: Where a reservation comes from that began as an opening.
WAITLIST = "waitlist"


class EntryState(StrEnum):
    """Where an entry of the waitlist stands; the first two are live."""

    WAITING = "waiting"
    OFFERED = "offered"  # a table is held: the opening
    BOOKED = "booked"  # the opening was taken
    LEFT = "left"  # the guest let the opening go, or would not wait any more
    LAPSED = "lapsed"  # the opening ran out, or its guest could not be told
    CLOSED = "closed"  # nothing came free in time


#: What becomes of an entry, by the state into which its opening steps.
_ENDS = {
    State.REQUESTED: EntryState.BOOKED,
    State.RESERVED: EntryState.BOOKED,
    State.DECLINED: EntryState.LEFT,
    State.CANCELLED: EntryState.LEFT,
    State.EXPIRED: EntryState.LAPSED,
}
#: Written out, as in the partial indexes: SQLite does not see that a parameter would fit them.
IS_WAITING: sa.ColumnElement[bool] = sa.literal_column("waitlist_entry.state = 'waiting'")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A party that waits for a start from `starts_from` to `starts_to`, both included (UTC).

    The nearer to `wished_at` the better (UTC). At `look_at` it is time to look for a place (UTC).
    `reservation_id` is the opening.
    """

    id: int
    venue_id: int
    guest_id: int
    state: EntryState
    party_size: int
    service_date: date
    wished_at: datetime
    starts_from: datetime
    starts_to: datetime
    features: tuple[str, ...]
    request: str | None
    source: str
    reservation_id: int | None
    created_at: datetime
    look_at: datetime
    ended_at: datetime | None


def fetch(db: Connection, *conditions: sa.ColumnElement[bool], lock: bool = False) -> list[Entry]:
    """Entries that meet all conditions, in the order in which they are served.

    Args:
        db: the transaction.
        conditions: on `models.WaitlistEntry`.
        lock: lock their rows until the transaction ends.

    """
    row = models.WaitlistEntry
    query = sa.select(row.__table__).where(*conditions).order_by(row.id)
    found = db.execute(query.with_for_update() if lock else query).mappings()
    return [
        Entry(
            **{
                **each,
                "state": EntryState(each["state"]),
                "features": tuple(each["features"] or ()),
            }
        )
        for each in found
    ]


def of_date(db: Connection, venue_id: int, service_date: date) -> list[Entry]:
    """Who waits for a place on a service date, the first in line first."""
    row = models.WaitlistEntry
    return fetch(db, row.venue_id == venue_id, row.service_date == service_date, IS_WAITING)


def of_guest(db: Connection, venue_id: int, guest_id: int, *, now: datetime) -> list[Entry]:
    """What a guest waits for, and openings that still stand, by date; nothing that is past."""
    return ahead(db, models.WaitlistEntry.guest_id == guest_id, venue_id=venue_id, now=now)


def ahead(
    db: Connection, *conditions: sa.ColumnElement[bool], venue_id: int, now: datetime
) -> list[Entry]:
    """Who waits at a venue, or has an opening that still stands, by date; nothing that is past."""
    row, hold = models.WaitlistEntry, models.Reservation
    stands = sa.select(hold.id).where(hold.state.in_(UNDECIDED), hold.held_until > now)
    is_offered = (row.state == EntryState.OFFERED) & row.reservation_id.in_(stands)
    here = (row.venue_id == venue_id, row.starts_to > now, IS_WAITING | is_offered)
    return sorted(fetch(db, *here, *conditions), key=lambda entry: entry.service_date)


def of_opening(db: Connection, reservation_id: int) -> Entry | None:
    """The entry for which a reservation was held, if it began as an opening."""
    found = fetch(db, models.WaitlistEntry.reservation_id == reservation_id)
    return found[0] if found else None


def cut_off(venue: Venue, entry: Entry) -> datetime:
    """From when on an entry cannot be served any more (UTC)."""
    return entry.starts_to - timedelta(minutes=venue.policy.min_notice_minutes)


def wish_at(venue: Venue, entry: Entry, start: datetime) -> Wish:
    """The wish of an entry for one start (UTC), in the venue's calendar and clock."""
    local = venue.local(start).replace(tzinfo=None, fold=0)
    return Wish(
        party_size=entry.party_size,
        date=local.date(),
        time=local.time(),
        features=frozenset(entry.features),
    )


def look_again(
    db: Connection, venue_ids: Collection[int], dates: Collection[date], *, now: datetime
) -> None:
    """Have a place looked for on these dates, because one may have come free there.

    Called by whoever frees one, in the same transaction and without the lock of the date. Nobody
    waits on most dates, and then this is one look at an index.
    """
    row = models.WaitlistEntry
    theirs = sa.select(row.id).where(
        row.venue_id.in_(venue_ids), row.service_date.in_(dates), IS_WAITING
    )
    # In order, so that two who free places never wait for each other.
    ids = db.execute(theirs.order_by(row.id).with_for_update()).scalars().all()
    if ids:
        db.execute(sa.update(row).where(row.id.in_(ids)).values(look_at=now))


def redate(db: Connection, venue: Venue, *, now: datetime) -> None:
    """Put entries under the service dates of new rules, by which there may be a place for them.

    A guest may wait twice on a date then: for what both say, until they join there again.
    """
    row = models.WaitlistEntry
    for entry in fetch(db, row.venue_id == venue.id, IS_WAITING, lock=True):
        day = venue.service_date_at(entry.starts_from)
        one = sa.update(row).where(row.id == entry.id)
        db.execute(one.values(service_date=day, look_at=now))


def conclude(db: Connection, opening: Reservation, *, actor: str, now: datetime) -> None:
    """Write down what became of an entry whose opening was just taken, let go or has run out."""
    row = models.WaitlistEntry
    untold = actor == HOUSE and opening.state is State.CANCELLED  # see openings.withdraw
    ends = EntryState.LAPSED if untold else _ENDS[opening.state]
    theirs = (row.reservation_id == opening.id, row.state == EntryState.OFFERED)
    db.execute(sa.update(row).where(*theirs).values(state=ends, ended_at=now))
