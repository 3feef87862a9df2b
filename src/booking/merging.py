"""One person who reaches the house in several ways: contacts are linked, and guests merged.

Whoever merges locks both rows of guests, and so waits for all who have met one of them
(`guests.meet`): what they are just holding moves with the rest.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import guests, models
from booking.database import insert_new
from booking.errors import UnknownGuest
from booking.guests import Guest

#: The rows that go with a guest.
_THEIRS = (models.Reservation, models.WaitlistEntry, models.GuestContact)


def link(
    db: Connection,
    venue_id: int,
    guest_id: int,
    channel: str,
    address: str,
    *,
    verified: bool,
    now: datetime,
) -> Guest:
    """Make an address a contact of a guest, and give the guest as whom they are known then.

    When it is another guest's, and proved to be this one's, the two are one person and merged.
    Without a proof the other keeps it, and nothing changes.

    Args:
        db: a writing transaction.
        venue_id: of whose guests.
        guest_id: the guest.
        channel: of the contact.
        address: of the contact.
        verified: whether it is proved to be theirs.
        now: the instant (UTC).

    Raises:
        UnknownGuest: there is no such guest (any more).

    """
    guests.get(db, guest_id)
    row = models.GuestContact
    where = {"venue_id": venue_id, "channel": channel, "address": address}
    proof = {"verified_at": now if verified else None}
    db.execute(insert_new(db, row, *where).values(**where, guest_id=guest_id, **proof))
    if not verified:
        return guests.get(db, guest_id)
    other = guests.meet(db, venue_id, channel, address, now=now)
    if other.id != guest_id:
        guest_id = merge(db, guest_id, other.id).id
    unproved = sa.update(row).filter_by(**where).where(row.verified_at.is_(None))
    db.execute(unproved.values(**proof))
    return guests.get(db, guest_id)


def merge(db: Connection, guest_id: int, other_id: int) -> Guest:
    """Make two guests one: the older row stays, with all that either has; the other goes.

    They are written to where `guest_id` was.

    Args:
        db: a writing transaction.
        guest_id: who is here now.
        other_id: as whom they were known besides.

    Raises:
        UnknownGuest: one of them was merged meanwhile.

    """
    row = models.Guest
    if guest_id == other_id:
        return guests.get(db, guest_id)
    both = sa.select(row.id).where(row.id.in_((guest_id, other_id))).order_by(row.id)
    found = db.execute(both.with_for_update()).scalars().all()
    for wanted in (guest_id, other_id):
        if wanted not in found:
            raise UnknownGuest(wanted)
    kept, gone = found[0], found[-1]
    people = guests.by_id(db, found)
    for theirs in _THEIRS:
        moved = sa.update(theirs).where(theirs.guest_id == gone)
        db.execute(moved.values(guest_id=kept))
    db.execute(sa.delete(row).where(row.id == gone))
    one = _joined(people[kept], people[gone], writes=people[guest_id])
    db.execute(sa.update(row).where(row.id == kept).values(**one))
    return guests.get(db, kept)


def _joined(older: Guest, newer: Guest, *, writes: Guest) -> dict[str, Any]:
    """What is known of a person who was two guests."""
    pair = (older, newer)
    untils = (guest.allergies_until for guest in pair if guest.allergies_until)
    return {
        "channel": writes.channel,
        "address": writes.address,
        "name": older.name or newer.name,
        "language": writes.language or older.language or newer.language,
        "note": guests.joined(older.note, newer.note),
        "is_vip": older.is_vip or newer.is_vip,
        # Also those that are over: they are forgotten with the requests that told of them.
        "allergies": guests.joined(older.allergies, newer.allergies),
        "allergies_until": max(untils, default=None),
    }
