"""What stands in the book for a day, as the page shows it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.engine import Connection

from booking import venues
from booking.evening import Visit, read_evening
from booking.guests import Guest
from booking.lifecycle import State
from booking.venue import Venue
from bot.staff.sheet import COMING


@dataclass(frozen=True, kw_only=True)
class Line:
    """One reservation: its start by the venue's clock, as `HH:MM`."""

    time: str
    party_size: int
    guest: Guest
    tables: str
    code: str
    state: State
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Page:
    """A service date of a venue, as it is drawn."""

    venue: str
    day: date
    visits: tuple[Line, ...]
    covers: int
    parties: int


def pages(db: Connection, *, on: date | None, now: datetime) -> list[Page]:
    """A service date of all venues.

    Args:
        db: a reading transaction.
        on: the service date; each venue's own today when left out.
        now: the instant (UTC).

    """
    return [_day_of(db, venue, on=on, now=now) for venue in venues.every(db)]


def _day_of(db: Connection, venue: Venue, *, on: date | None, now: datetime) -> Page:
    evening = read_evening(db, venue, on or venue.evening_of(now)[0], now=now)
    coming = [v.reservation.party_size for v in evening.visits if v.state in COMING]
    return Page(
        venue=venue.name,
        day=evening.service_date,
        visits=tuple(_line(venue, visit) for visit in evening.visits),
        covers=sum(coming),
        parties=len(coming),
    )


def _line(venue: Venue, visit: Visit) -> Line:
    found = visit.reservation
    return Line(
        time=f"{venue.local(found.starts_at):%H:%M}",
        party_size=found.party_size,
        guest=visit.guest,
        tables=" + ".join(visit.tables),
        code=found.code,
        state=visit.state,
        words=tuple(text for text in (found.request, found.note) if text),
    )
