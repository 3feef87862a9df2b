"""Openings: a place that came free is held for the first in line whom it fits.

All of it happens under the lock of the service date. Entries are walked in the order in which they
came; nobody is served before somebody who has waited longer and could have had the same place.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import availability, ledger, looks, lookups, models, quiet, waiting
from booking.availability import Offer
from booking.events import HOUSE, Kind
from booking.lifecycle import State
from booking.looking import settled
from booking.lookups import Reservation
from booking.starts import starts_on
from booking.venue import Venue
from booking.waiting import WAITLIST, Entry, EntryState

#: An opening that could not be answered in so long is none.
LEAST = timedelta(minutes=5)
#: So long after a look that found nothing the next one is made, whatever was heard of the date.
SWEEP = timedelta(minutes=1)
#: Where the entries come from that the staff made; to those guests they talk themselves.
STAFF = "staff"


def serve_awaited(
    db: Connection, venue: Venue, service_date: date, *, now: datetime
) -> list[Reservation]:
    """Serve who waits for a place on a service date if it is time to look for one; see `serve`."""
    row = models.WaitlistEntry
    theirs = (row.venue_id == venue.id, row.service_date == service_date)
    due = sa.select(row.id).where(*theirs, waiting.IS_WAITING, row.look_at <= now).limit(1)
    return serve(db, venue, service_date, now=now) if db.execute(due).first() else []


def serve(db: Connection, venue: Venue, service_date: date, *, now: datetime) -> list[Reservation]:
    """Hold a place for everybody who waits on a service date and can have one, in strict order.

    Args:
        db: a writing transaction; the date is locked and swept.
        venue: the venue.
        service_date: where places may have come free.
        now: the instant (UTC).

    Returns:
        The openings.

    Raises:
        Busy: the parties that would move kept leaving.

    """
    entries = waiting.of_date(db, venue.id, service_date)
    openings: dict[int, Reservation] = {}
    starts: dict[int, list[datetime]] = {}  # by party size, until somebody takes one
    for entry in entries:
        size = entry.party_size
        if size not in starts:
            starts[size] = _starts(db, venue, service_date, size, now=now)
        wanted = [s for s in starts[size] if entry.starts_from <= s <= entry.starts_to]
        opening = _open(db, venue, entry, wanted, now=now) if wanted else None
        if opening:
            openings[entry.id] = opening
            starts.clear()
    _write_down(db, venue, entries, openings, now=now)
    return list(openings.values())


def withdraw(
    db: Connection, venue: Venue, reservation_id: int, *, now: datetime
) -> Reservation | None:
    """Take an opening from a guest who cannot be told of it; None when it is not held any more."""
    found = lookups.get(db, venue.id, reservation_id, lock=True)
    if found.state_at(now) is not State.HELD:
        return None
    kind = Kind.RELEASED
    return ledger.step(db, venue, found, State.CANCELLED, kind, actor=HOUSE, now=now)


def awaited(db: Connection, *, now: datetime, limit: int) -> list[tuple[int, date]]:
    """Venues and service dates where it is time to look for a place, the longest due first."""
    row = models.WaitlistEntry
    query = (
        sa.select(row.venue_id, row.service_date)
        .where(waiting.IS_WAITING, row.look_at <= now)
        .group_by(row.venue_id, row.service_date)
        .order_by(sa.func.min(row.look_at), row.venue_id, row.service_date)
    )
    return [(venue_id, day) for venue_id, day in db.execute(query.limit(limit))]


def _starts(
    db: Connection, venue: Venue, service_date: date, party_size: int, *, now: datetime
) -> list[datetime]:
    """When a party of a size could sit down, if its guest can still say yes to it (UTC)."""
    stays = looks.stays(db, venue, [service_date], now=now)[service_date]
    _, answered_at = _told_and_answered(venue, service_date, now)
    found = starts_on(venue, stays, party_size, service_date, now=answered_at)
    return [slot.starts_at for slot in found]


def _told_and_answered(
    venue: Venue, service_date: date, now: datetime
) -> tuple[datetime, datetime]:
    """When guests hear of an opening, and by when at the earliest they may have answered (UTC)."""
    told_at = quiet.told_at(venue, service_date, now=now)
    return told_at, told_at + min(LEAST, timedelta(minutes=venue.policy.opening_minutes))


def _open(
    db: Connection, venue: Venue, entry: Entry, starts: Sequence[datetime], *, now: datetime
) -> Reservation | None:
    """Hold a place for an entry at one of these starts, the nearest to what was wished for."""
    guest_id, day = _guest_of(db, entry), entry.service_date
    nearest = sorted(starts, key=lambda start: abs(start - entry.wished_at))
    told_at, answered_at = _told_and_answered(venue, day, now)

    def find() -> Offer | None:
        stays = looks.stays(db, venue, [day], now=now)[day]
        wishes = (waiting.wish_at(venue, entry, start) for start in nearest)
        found = (availability.check(venue, stays, wish, now=answered_at) for wish in wishes)
        return next((offer for offer in found if isinstance(offer, Offer)), None)

    offer = settled(db, venue, find)
    if offer is None:
        return None
    ends_at = told_at + timedelta(minutes=venue.policy.opening_minutes)
    last_moment = offer.starts_at - timedelta(minutes=venue.policy.min_notice_minutes)
    return ledger.enter(
        db,
        venue,
        offer,
        guest_id,
        state=State.REQUESTED if entry.source == STAFF else State.HELD,
        kind=Kind.OFFERED,
        held_until=min(ends_at, last_moment),
        request=entry.request,
        source=WAITLIST,
        actor=HOUSE,
        now=now,
    )


def _guest_of(db: Connection, entry: Entry) -> int:
    """Whose an entry is by now: a guest who is being merged with another one may go meanwhile.

    The row is locked as by `guests.meet`, so that nobody merges who gets something here.
    """
    row, guest = models.WaitlistEntry, models.Guest
    mine = sa.select(guest.id).join(row, row.guest_id == guest.id).where(row.id == entry.id)
    query = mine.with_for_update(read=True, key_share=True, of=guest.__table__)
    found = db.execute(query).scalar()  # nobody: the guest went while we waited for the merge
    return found or db.execute(query).scalar_one()


def _write_down(
    db: Connection,
    venue: Venue,
    entries: Sequence[Entry],
    openings: Mapping[int, Reservation],
    *,
    now: datetime,
) -> None:
    """Write down what came of a look, when the rows of all parties that move are locked.

    Who frees a place locks the party's row first and then asks for another look: here it is the
    same order.
    """
    row = models.WaitlistEntry
    seen = {entry.id: entry for entry in entries}
    changes = [
        _after(venue, entry, openings.get(entry.id), now=now)
        for entry in waiting.fetch(db, row.id.in_(seen), lock=True)
        if entry.id in openings or not _freed_since(seen[entry.id], entry)
    ]
    if changes:
        db.execute(sa.update(row).where(row.id == sa.bindparam("number")), changes)


def _freed_since(seen: Entry, entry: Entry) -> bool:
    """Tell whether another look was asked for since an entry was seen: ours may have missed it."""
    return entry.look_at != seen.look_at


def _after(
    venue: Venue, entry: Entry, opening: Reservation | None, *, now: datetime
) -> dict[str, Any]:
    """What stands in the row of an entry after a look."""
    ends = waiting.cut_off(venue, entry)
    state = EntryState.WAITING if now < ends else EntryState.CLOSED
    return {
        "number": entry.id,
        "state": EntryState.OFFERED if opening else state,
        "reservation_id": opening.id if opening else None,
        "look_at": min(now + SWEEP, max(ends, now)),
        "ended_at": None if opening or now < ends else now,
    }
