"""Allergies of guests: health data, kept until shortly after the visit that they were told for."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import guests, models
from booking.guests import BETWEEN

#: For how long after the end of a visit its allergies are kept.
KEPT = timedelta(hours=24)
#: What carries requests, and when its visit is over.
_CARRIERS = (
    (models.Reservation, models.Reservation.ends_at),
    (models.WaitlistEntry, models.WaitlistEntry.starts_to),
)


def note(db: Connection, guest_id: int, text: str, *, until: datetime, now: datetime) -> None:
    """Write down what a guest cannot eat, beside what is known of it already.

    Args:
        db: a writing transaction.
        guest_id: whose.
        text: in the words of the request that told of it, so that the request is forgotten too.
        until: when it is to be forgotten (UTC): KEPT after the end of the visit.
        now: the instant (UTC).

    """
    row = models.Guest
    # Two channels of one guest may tell at once; neither may lose what the other says.
    db.execute(sa.select(row.id).where(row.id == guest_id).with_for_update(key_share=True))
    old = guests.get(db, guest_id)
    if old.allergies and not old.allergies_at(now):  # else nobody would know what is left of it
        forget(db, now=now)
        old = guests.get(db, guest_id)
    latest = max(until, old.allergies_until or until)
    told = sa.update(row).where(row.id == guest_id)
    db.execute(told.values(allergies=guests.joined(old.allergies, text), allergies_until=latest))


def forget(db: Connection, *, now: datetime, limit: int = 100) -> None:
    """Forget the allergies of all whose visits are over, and the requests that told of them.

    A visit that was moved to a later day keeps them until then. Waits for nobody: what somebody
    is just changing is forgotten the next time.

    Args:
        db: a writing transaction.
        now: the instant (UTC).
        limit: how many guests at most.

    """
    _forget_requests(db, now=now)
    row = models.Guest
    due = sa.select(row.id, row.allergies).where(row.allergies_until <= now).limit(limit)
    for guest_id, told in db.execute(due.with_for_update(key_share=True, skip_locked=True)).all():
        ends = _carried(db, guest_id, told)
        left = (
            {"allergies_until": max(ends) + KEPT}
            if ends
            else {"allergies": None, "allergies_until": None}
        )
        db.execute(sa.update(row).where(row.id == guest_id).values(**left))


def _forget_requests(db: Connection, *, now: datetime) -> None:
    guest = models.Guest
    for row, ends_at in _CARRIERS:
        over = (
            sa.select(row.id, row.request, guest.allergies)
            .join(guest, (guest.venue_id == row.venue_id) & (guest.id == row.guest_id))
            .where(
                guest.allergies_until.is_not(None),
                row.request.is_not(None),
                ends_at <= now - KEPT,
            )
        )
        found = db.execute(over).all()
        ids = [number for number, request, told in found if _tells(request, told)]
        if ids:
            free = sa.select(row.id).where(row.id.in_(ids)).with_for_update(skip_locked=True)
            these = db.execute(free).scalars().all()
            db.execute(sa.update(row).where(row.id.in_(these)).values(request=None))


def _carried(db: Connection, guest_id: int, told: str | None) -> Sequence[datetime]:
    """When the visits of a guest end whose requests tell of allergies."""
    return [
        ends
        for row, ends_at in _CARRIERS
        for request, ends in db.execute(
            sa.select(row.request, ends_at).where(
                row.guest_id == guest_id, row.request.is_not(None)
            )
        )
        if _tells(request, told)
    ]


def _tells(request: str | None, told: str | None) -> bool:
    if not request or not told:
        return False
    whole = unicodedata.normalize("NFC", request)  # as it was when it was read
    return any(part in whole for part in told.split(BETWEEN) if part)
