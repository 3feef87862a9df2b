"""The book as the page shows it: an evening, the days around it, and whose hold is running."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import guests, lookups, models, venues
from booking.database import Database
from booking.evening import Evening, parties_ahead, read_evening
from booking.lifecycle import State
from booking.venue import Venue

#: How many days the page offers at a glance.
WEEK = 7


@dataclass(frozen=True, kw_only=True)
class Hold:
    """A table that is kept for a guest until an instant (UTC)."""

    party_size: int
    held_until: datetime
    lasts: timedelta

    def left(self, now: datetime) -> timedelta:
        """How long it still lasts."""
        return max(self.held_until - now, timedelta())


@dataclass(frozen=True, kw_only=True)
class Book:
    """What one look at the book found.

    Attributes:
        tonight: the service date of this moment.
        days: a week of service dates with the parties expected on each.
        holds: the live holds by channel and address of the guest.
        newest: id and service date of the reservation that was entered last.
    """

    venue: Venue
    tonight: date
    evening: Evening
    days: dict[date, int]
    holds: dict[tuple[str, str], Hold]
    newest: tuple[int, date] | None


def read_book(database: Database, service_date: date | None, *, now: datetime) -> Book | None:
    """The book of the first venue on a service date (None: tonight); None while there is no venue.

    Args:
        database: of the house.
        service_date: to show.
        now: the instant (UTC).
    """
    with database.reading() as db:
        venue = next(iter(venues.every(db)), None)
        if venue is None:
            return None
        local = venue.local(now)
        tonight = venue.service_date_of(local.date(), local.time())
        shown = service_date or tonight
        return Book(
            venue=venue,
            tonight=tonight,
            evening=read_evening(db, venue, shown, now=now),
            days=_days(db, venue.id, _first_day(tonight, shown), now=now),
            holds=_holds(db, venue, now=now),
            newest=_newest(db, venue.id),
        )


def _first_day(tonight: date, shown: date) -> date:
    """A week from tonight, unless that leaves out the day that is shown."""
    return tonight if timedelta() <= shown - tonight < timedelta(days=WEEK) else shown


def _days(db: Connection, venue_id: int, first: date, *, now: datetime) -> dict[date, int]:
    days = [first + timedelta(days=number) for number in range(WEEK)]
    expected = parties_ahead(db, venue_id, days[0], days[-1], now=now)
    return {day: expected.get(day, 0) for day in days}


def _holds(db: Connection, venue: Venue, *, now: datetime) -> dict[tuple[str, str], Hold]:
    row = models.Reservation
    found = lookups.fetch(
        db, row.venue_id == venue.id, row.state == State.HELD, row.held_until > now
    )
    people = guests.by_id(db, {held.guest_id for held in found})
    lasts = timedelta(minutes=venue.policy.hold_minutes)
    return {
        (people[held.guest_id].channel, people[held.guest_id].address): Hold(
            party_size=held.party_size, held_until=held.held_until, lasts=lasts
        )
        for held in found
        if held.held_until is not None
    }


def _newest(db: Connection, venue_id: int) -> tuple[int, date] | None:
    row = models.Reservation
    query = sa.select(row.id, row.service_date).where(row.venue_id == venue_id)
    found = db.execute(query.order_by(row.id.desc()).limit(1)).first()
    return (found.id, found.service_date) if found else None
