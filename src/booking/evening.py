"""An evening as the staff see it: who sits where and when on one service date, and what is shut."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import closings, events, guests, lookups, models
from booking.closings import Closing
from booking.guests import Guest
from booking.lifecycle import LIVE, UNDECIDED, State
from booking.lookups import Reservation
from booking.service_periods import DAY_MINUTES, wall_instant
from booking.venue import Venue

#: What stands on the staff's list: all that took a table, also when the party has left or failed.
LISTED = LIVE | {State.FINISHED, State.NO_SHOW}


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A reservation with what the staff call it by.

    Attributes:
        state: at the instant of the question.
        tables: their names.
    """

    reservation: Reservation
    state: State
    guest: Guest
    tables: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Evening:
    """A service date.

    Attributes:
        opens_at: when the first party may sit down (UTC); None on a day off.
        closes_at: when the last service period ends (UTC); None on a day off.
        visits: by start.
        closings: that touch it, by start; none that was lifted.
    """

    service_date: date
    opens_at: datetime | None
    closes_at: datetime | None
    visits: tuple[Visit, ...]
    closings: tuple[Closing, ...]


def read_evening(
    db: Connection,
    venue: Venue,
    service_date: date,
    *,
    states: Collection[State] = LISTED,
    now: datetime,
) -> Evening:
    """The evening of a service date, with all visits that are in one of these states by now."""
    opens_at, closes_at = hours_of(venue, service_date)
    visits = tuple(v for v in _visits(db, venue, service_date, now=now) if v.state in states)
    begins = wall_instant(venue.zone, service_date, 0)
    span = (opens_at or begins, closes_at or begins + timedelta(minutes=DAY_MINUTES))
    return Evening(
        service_date=service_date,
        opens_at=opens_at,
        closes_at=closes_at,
        visits=visits,
        closings=tuple(closings.between(db, venue, *span)),
    )


def hours_of(venue: Venue, service_date: date) -> tuple[datetime, datetime] | tuple[None, None]:
    """When a service date begins to seat and when it ends (UTC); nothing on a day off."""
    periods = list(venue.periods_on(service_date))
    if service_date in venue.closures or not periods:
        return None, None
    opens, closes = min(p.first_seating for p in periods), max(p.closes for p in periods)
    return (
        wall_instant(venue.zone, service_date, opens),
        wall_instant(venue.zone, service_date, closes),
    )


def parties_ahead(
    db: Connection, venue_id: int, since: date, until: date, *, now: datetime
) -> dict[date, int]:
    """How many parties are expected on each service date from `since` to `until`; none: no key."""
    row = models.Reservation
    dead = row.state.in_(UNDECIDED) & (row.held_until <= now)
    query = sa.select(row.service_date, sa.func.count()).where(
        row.venue_id == venue_id,
        row.service_date.between(since, until),
        row.state.in_(LIVE),
        sa.or_(row.held_until.is_(None), ~dead),
    )
    return {day: int(count) for day, count in db.execute(query.group_by(row.service_date))}


def _visits(db: Connection, venue: Venue, service_date: date, *, now: datetime) -> list[Visit]:
    row = models.Reservation
    found = lookups.fetch(db, row.venue_id == venue.id, row.service_date == service_date)
    people = guests.by_id(db, {r.guest_id for r in found})
    return [
        Visit(
            reservation=r,
            state=r.state_at(now),
            guest=people[r.guest_id],
            tables=tuple(events.table_names(r, venue.floor.names)),
        )
        for r in found
    ]
