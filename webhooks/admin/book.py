"""What stands in the book for a day, as the page shows it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.engine import Connection

from booking import events, guests, lookups, venues
from booking.guests import Guest
from booking.lifecycle import State
from booking.lookups import Reservation
from booking.models import Reservation as Row
from booking.venue import Venue
from bot.staff.sheet import COMING, SHOWN


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One reservation: its start by the venue's clock, as `HH:MM`."""

    time: str
    party_size: int
    guest: Guest
    tables: str
    code: str
    state: State
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Evening:
    """A service date of a venue."""

    venue: str
    day: date
    visits: tuple[Visit, ...]
    covers: int
    parties: int


def evenings(db: Connection, *, on: date | None, now: datetime) -> list[Evening]:
    """A day of all venues.

    Args:
        db: a reading transaction.
        on: the service date; each venue's own today when left out.
        now: the instant (UTC).

    """
    return [_evening(db, venue, on=on, now=now) for venue in venues.every(db)]


def _evening(db: Connection, venue: Venue, *, on: date | None, now: datetime) -> Evening:
    local = venue.local(now)
    day = on or venue.service_date_of(local.date(), local.time())
    found = lookups.fetch(db, Row.venue_id == venue.id, Row.service_date == day)
    shown = sorted(
        (each for each in found if each.state_at(now) in SHOWN), key=lambda each: each.starts_at
    )
    people = guests.by_id(db, {each.guest_id for each in shown})
    coming = [each.party_size for each in shown if each.state in COMING]
    return Evening(
        venue=venue.name,
        day=day,
        visits=tuple(_visit(venue, each, people[each.guest_id], now=now) for each in shown),
        covers=sum(coming),
        parties=len(coming),
    )


def _visit(venue: Venue, found: Reservation, guest: Guest, *, now: datetime) -> Visit:
    return Visit(
        time=f"{venue.local(found.starts_at):%H:%M}",
        party_size=found.party_size,
        guest=guest,
        tables=" + ".join(events.table_names(found, venue.floor.names)),
        code=found.code,
        state=found.state_at(now),
        words=tuple(text for text in (found.request, found.note) if text),
    )
