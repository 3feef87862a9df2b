"""Closing tables for a while, and pausing the house: no new bookings for some hours.

A closing stands in the book like a party of nobody (`seating.NOBODY`), under the same lock. Whoever
was to sit at a table that is closed gets another one, if there is a plan for it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import availability, ledger, looks, lookups, models, waiting
from booking.errors import TablesTaken
from booking.looking import lock_and_sweep, settled
from booking.lookups import Reservation
from booking.seating import NOBODY, Party, Seating, Stay
from booking.venue import Venue


@dataclass(frozen=True, kw_only=True)
class Closing:
    """A table that is closed, or, without one, a pause of the house. Instants in UTC, half-open."""

    id: int
    table_id: int | None
    starts_at: datetime
    ends_at: datetime
    scope: str | None = None
    actor: str


#: The scope of a closing of the whole house.
HOUSE = "house"


def close(
    db: Connection,
    venue: Venue,
    table_ids: Collection[int],
    starts_at: datetime,
    ends_at: datetime,
    *,
    scope: str | None = None,
    actor: str,
    now: datetime,
) -> list[int]:
    """Close tables; without tables, take no new bookings that start in that time.

    Parties that are expected there get other tables where that can be.

    Args:
        db: a writing transaction.
        venue: the venue.
        table_ids: of its floor; empty for a pause.
        starts_at: from when (UTC).
        ends_at: until when (UTC), not included.
        scope: the section that these tables are, or HOUSE for all of them.
        actor: who closes.
        now: the instant (UTC).

    Returns:
        The ids of the closings.

    Raises:
        TablesTaken: parties are expected there who cannot sit elsewhere; nothing was changed.
        Busy: a service date was locked for too long.

    """
    _clear(db, venue, table_ids, (starts_at, ends_at), now=now)
    row = models.Closing
    new = sa.insert(row).returning(row.id)
    values = {
        "venue_id": venue.id,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "scope": scope,
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
    spans = [(each.starts_at, each.ends_at) for each in _fetch(db, *theirs)]
    db.execute(sa.update(row).where(*theirs).values(lifted_at=now, lifted_by=actor))
    days = {day for span in spans for day in _dates(venue, *span)}
    waiting.look_again(db, [venue.id], days, now=now)


def close_again(
    db: Connection, venue: Venue, closing_ids: Collection[int], *, now: datetime
) -> None:
    """Take the lifting of closings back.

    Raises:
        TablesTaken: parties have been put there meanwhile; nothing was changed.

    """
    row = models.Closing
    lifted = _fetch(db, row.venue_id == venue.id, row.id.in_(closing_ids))
    days = {day for each in lifted for day in _dates(venue, each.starts_at, each.ends_at)}
    lock_and_sweep(db, venue, days, now=now)
    spans: dict[tuple[datetime, datetime], list[int]] = defaultdict(list)
    for each in lifted:
        if each.table_id is not None:
            spans[each.starts_at, each.ends_at].append(each.table_id)
    for span, table_ids in spans.items():
        _clear(db, venue, table_ids, span, now=now)
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
    query = sa.select(row.id, row.table_id, row.starts_at, row.ends_at, row.scope, row.actor)
    found = db.execute(query.where(*conditions).order_by(row.starts_at, row.id)).mappings()
    return [Closing(**each) for each in found]


def _dates(venue: Venue, starts_at: datetime, ends_at: datetime) -> list[date]:
    """The service dates whose parties may sit in a span: from the night before it begins."""
    first = venue.local(starts_at).date() - timedelta(days=1)
    last = venue.local(ends_at).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _clear(
    db: Connection,
    venue: Venue,
    table_ids: Collection[int],
    span: tuple[datetime, datetime],
    *,
    now: datetime,
) -> None:
    """Move whoever is expected at these tables to others, on every service date of the span.

    Raises:
        TablesTaken: there is no plan for it; with all who are expected there.

    """
    days = _dates(venue, *span)
    lock_and_sweep(db, venue, days, now=now)  # before the look, or a hold could slip in behind it
    party = Party(
        party_size=0,
        starts_at=span[0],
        ends_at=span[1],
        keep=tuple(table_ids),
        only_keep=True,
    )
    for day in days:

        def find(day: date = day) -> Seating | None:
            stays = looks.stays(db, venue, [day], now=now)[day]
            return availability.place(venue, _open_again(stays, party.keep), party)

        place = settled(db, venue, find)
        if place is None:
            raise TablesTaken(_there(db, venue, day, party, now=now))
        ledger.make_room(db, venue, place.moves, now=now)


def _open_again(stays: Iterable[Stay], table_ids: Collection[int]) -> list[Stay]:
    """Stays without closings of these tables: what is closed may be closed once more."""
    return [
        stay
        for stay in stays
        if stay.reservation_id != NOBODY or set(stay.table_ids).isdisjoint(table_ids)
    ]


def _there(
    db: Connection, venue: Venue, day: date, party: Party, *, now: datetime
) -> Sequence[Reservation]:
    """Who is expected at the tables of a closing."""
    there = {
        stay.reservation_id
        for stay in looks.stays(db, venue, [day], now=now)[day]
        if stay.starts_at < party.ends_at and party.starts_at < stay.ends_at
        if stay.reservation_id != NOBODY and not set(stay.table_ids).isdisjoint(party.keep)
    }
    return lookups.fetch(db, models.Reservation.id.in_(there))
