"""Closing tables for a while, and pausing the house: no new bookings for some hours.

A closing stands in the book like a party of nobody (`seating.NOBODY`), under the same lock.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import lookups, models
from booking.errors import TablesTaken
from booking.locks import lock_service_dates
from booking.lookups import Reservation
from booking.seating import NOBODY
from booking.venue import Venue


@dataclass(frozen=True, kw_only=True)
class Closing:
    """A table that is closed, or, without one, a pause of the house. Instants in UTC, half-open."""

    id: int
    table_id: int | None
    starts_at: datetime
    ends_at: datetime
    actor: str


def close(
    db: Connection,
    venue: Venue,
    table_ids: Collection[int],
    starts_at: datetime,
    ends_at: datetime,
    *,
    actor: str,
    now: datetime,
) -> list[int]:
    """Close tables; without tables, take no new bookings that start in that time.

    Args:
        db: a writing transaction.
        venue: the venue.
        table_ids: of its floor; empty for a pause.
        starts_at: from when (UTC).
        ends_at: until when (UTC), not included.
        actor: who closes.
        now: the instant (UTC).

    Returns:
        The ids of the closings.

    Raises:
        TablesTaken: parties are expected there; nothing was changed.
        Busy: a service date was locked for too long.

    """
    # Before the look, or a hold could slip in behind it.
    lock_service_dates(db, venue.id, _dates(venue, starts_at, ends_at))
    _refuse_taken(db, venue, set(table_ids), (starts_at, ends_at), now=now)
    row = models.Closing
    new = sa.insert(row).returning(row.id)
    values = {
        "venue_id": venue.id,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "actor": actor,
        "at": now,
    }
    return [
        db.execute(new.values(table_id=table_id, **values)).scalar_one()
        for table_id in sorted(table_ids) or (None,)
    ]


def lift(
    db: Connection, venue: Venue, closing_ids: Collection[int], *, actor: str, now: datetime
) -> None:
    """End closings before their time; those that are lifted already stay so."""
    row = models.Closing
    theirs = (row.venue_id == venue.id, row.id.in_(closing_ids), row.lifted_at.is_(None))
    db.execute(sa.update(row).where(*theirs).values(lifted_at=now, lifted_by=actor))


def close_again(
    db: Connection, venue: Venue, closing_ids: Collection[int], *, now: datetime
) -> None:
    """Take the lifting of closings back.

    Raises:
        TablesTaken: parties have been put there meanwhile; nothing was changed.

    """
    row = models.Closing
    lifted = _fetch(db, row.venue_id == venue.id, row.id.in_(closing_ids))
    dates = {day for each in lifted for day in _dates(venue, each.starts_at, each.ends_at)}
    lock_service_dates(db, venue.id, dates)
    for each in lifted:
        tables = {each.table_id} - {None}
        _refuse_taken(db, venue, tables, (each.starts_at, each.ends_at), now=now)
    again = sa.update(row).where(row.venue_id == venue.id, row.id.in_(closing_ids))
    db.execute(again.values(lifted_at=None, lifted_by=None))


def ahead(db: Connection, venue: Venue, *, now: datetime) -> list[Closing]:
    """The closings of a venue that last or are to come, by start."""
    row = models.Closing
    return _fetch(db, row.venue_id == venue.id, row.ends_at > now, row.lifted_at.is_(None))


def between(db: Connection, venue: Venue, starts_at: datetime, ends_at: datetime) -> list[Closing]:
    """The closings of a venue that touch a span (UTC), by start; none that was lifted."""
    row = models.Closing
    return _fetch(
        db,
        row.venue_id == venue.id,
        row.starts_at < ends_at,
        row.ends_at > starts_at,
        row.lifted_at.is_(None),
    )


def _fetch(db: Connection, *conditions: sa.ColumnElement[bool]) -> list[Closing]:
    row = models.Closing
    query = sa.select(row.id, row.table_id, row.starts_at, row.ends_at, row.actor)
    found = db.execute(query.where(*conditions).order_by(row.starts_at, row.id)).mappings()
    return [Closing(**each) for each in found]


def _dates(venue: Venue, starts_at: datetime, ends_at: datetime) -> list[date]:
    """The service dates whose parties may sit in a span: from the night before it begins."""
    first = venue.local(starts_at).date() - timedelta(days=1)
    last = venue.local(ends_at).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _refuse_taken(
    db: Connection,
    venue: Venue,
    table_ids: Collection[int | None],
    span: tuple[datetime, datetime],
    *,
    now: datetime,
) -> None:
    starts_at, ends_at = span
    dates = _dates(venue, *span)
    evenings = lookups.stays(db, venue.id, dates, now=now).values()
    there = {
        stay.reservation_id
        for stays in evenings
        for stay in stays
        if stay.starts_at < ends_at and starts_at < stay.ends_at
        if stay.reservation_id != NOBODY and not set(stay.table_ids).isdisjoint(table_ids)
    }
    if there:
        raise TablesTaken(_by_id(db, there))


def _by_id(db: Connection, reservation_ids: Collection[int]) -> Sequence[Reservation]:
    return lookups.fetch(db, models.Reservation.id.in_(reservation_ids))
