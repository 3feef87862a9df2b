"""Venues to test with, written as venue files, and guests to seat in them."""

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Concatenate, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import guests, lookups, models, reservations, venues
from booking.database import Base, Database
from booking.lookups import Reservation
from booking.rules import Wish
from booking.venue import Venue
from booking.venue_file import VenueFile

P = ParamSpec("P")
T = TypeVar("T")

#: A Friday at noon in Rome.
NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
FRIDAY = date(2026, 11, 20)
SATURDAY = date(2026, 11, 21)
MONDAY = date(2026, 11, 23)
ROME = ZoneInfo("Europe/Rome")

AURORA = """
[restaurant]
slug = "aurora"
name = "Trattoria Aurora"
timezone = "Europe/Rome"
languages = ["en", "it"]
phone = "+390212345678"
currency = "EUR"
address = "Via Solferino 9, Milano"

[[service_periods]]
name = "dinner"
days = ["tue", "wed", "thu", "fri", "sat", "sun"]
first_seating = "18:00"
last_seating = "22:00"
closes = "00:30"
slot_minutes = 15
turn_minutes = [{ up_to = 2, minutes = 90 }, { up_to = 4, minutes = 105 }, { minutes = 120 }]

[[tables]]
name = "T1"
max_covers = 2
[[tables]]
name = "T2"
max_covers = 2
[[tables]]
name = "T3"
min_covers = 2
max_covers = 4
[[tables]]
name = "T4"
min_covers = 5
max_covers = 12

[[combinations]]
tables = ["T1", "T2"]
min_covers = 3
max_covers = 4

[[staff]]
name = "Front of house"
telegram_chat_id = -1001234567890
"""


def venue_data(**changes: Any) -> dict[str, Any]:
    """The data of Aurora's file with whole sections replaced; a dict is laid over the section."""
    data = tomllib.loads(AURORA)
    for key, value in changes.items():
        data[key] = {**data.get(key, {}), **value} if isinstance(value, dict) else value
    return data


def period(**changes: Any) -> dict[str, Any]:
    """Aurora's dinner with changes, for `service_periods`."""
    dinner: dict[str, Any] = venue_data()["service_periods"][0]
    return {**dinner, **changes}


def seatings(*times: str, **changes: Any) -> dict[str, Any]:
    """Aurora's dinner with fixed starts, for `service_periods`."""
    rolling = {"first_seating", "last_seating", "slot_minutes"}
    dinner = {key: value for key, value in period().items() if key not in rolling}
    return {**dinner, "seatings": list(times), **changes}


def table(name: str, max_covers: int = 2, min_covers: int = 1) -> dict[str, Any]:
    """An entry of `tables`."""
    return {"name": name, "min_covers": min_covers, "max_covers": max_covers}


def a_venue(**changes: Any) -> Venue:
    """Aurora, or Aurora with changes, without a database; its tables are numbered from 1."""
    checked = VenueFile.model_validate(venue_data(**changes))
    numbers = {entry.name: number for number, entry in enumerate(checked.tables, 1)}
    return checked.build(1, "first", numbers)


def open_venue(
    db: Connection, *, now: datetime = NOON, keep: bool = False, **changes: Any
) -> Venue:
    """Load Aurora, or Aurora with changes, into the database."""
    data = venue_data(**changes)
    checked = VenueFile.model_validate(data)
    return venues.load(db, checked, data, keep_reservations=keep, now=now).venue


def meet(db: Connection, venue: Venue, address: str = "100", *, now: datetime = NOON) -> int:
    """The id of a Telegram guest."""
    return guests.meet(db, venue.id, "telegram", address, now=now).id


def wish(
    at: str = "19:00",
    size: int = 2,
    day: date = FRIDAY,
    *,
    until: str | None = None,
    features: Iterable[str] = (),
) -> Wish:
    """A wish for a party of this size on the wall clock of the venue."""
    return Wish(
        party_size=size,
        date=day,
        time=time.fromisoformat(at),
        time_to=time.fromisoformat(until) if until else None,
        features=frozenset(features),
    )


def rome(at: str, day: date = FRIDAY) -> datetime:
    """The instant (UTC) at which the clocks of Rome show this."""
    return datetime.combine(day, time.fromisoformat(at), tzinfo=ROME).astimezone(UTC)


@dataclass(frozen=True)
class Book:
    """The book of one venue; every call is a transaction of its own."""

    database: Database
    venue: Venue

    @classmethod
    def opened(cls, database: Database, **changes: Any) -> "Book":
        """The book of Aurora, or of Aurora with changes."""
        with database.transaction() as db:
            return cls(database, open_venue(db, **changes))

    def do(
        self,
        act: Callable[Concatenate[Connection, Venue, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Call a function of the book."""
        with self.database.transaction() as db:
            return act(db, self.venue, *args, **kwargs)

    def guest(self, address: str = "100") -> int:
        """The id of a guest."""
        return self.do(meet, address)

    def hold(
        self, wished: Wish, guest: str = "100", *, request: str | None = None, now: datetime = NOON
    ) -> Reservation:
        """Hold a place for a guest."""
        return self.do(
            reservations.place_hold,
            wished,
            self.guest(guest),
            request=request,
            source="telegram",
            accept_second=True,  # most tests have one guest only
            now=now,
        )

    def reserve(self, wished: Wish, guest: str = "100", *, now: datetime = NOON) -> Reservation:
        """Hold a place for a guest, and confirm it."""
        held = self.hold(wished, guest, now=now)
        return self.do(reservations.confirm, held.id, now=now)

    def get(self, reservation: Reservation) -> Reservation:
        """The reservation as it stands in the book now."""
        with self.database.reading() as db:
            return lookups.get(db, self.venue.id, reservation.id)

    def tables(self, reservation: Reservation) -> list[str]:
        """The names of its tables."""
        return [self.venue.floor.names[i] for i in reservation.table_ids]

    def events(self, reservation: Reservation) -> list[dict[str, Any]]:
        """Its history."""
        row = models.BookingEvent
        query = sa.select(row.__table__).where(row.reservation_id == reservation.id)
        with self.database.reading() as db:
            return [dict(event) for event in db.execute(query.order_by(row.id)).mappings()]

    def live(self, reservation: Reservation) -> list[bool]:
        """Whether each of its occupancies is live."""
        row = models.Occupancy
        query = sa.select(row.live).where(row.reservation_id == reservation.id)
        with self.database.reading() as db:
            return list(db.execute(query.order_by(row.id)).scalars())

    def rows(self) -> dict[str, list[Any]]:
        """Every row of every table, to compare before and after."""
        with self.database.reading() as db:
            return {
                name: [
                    tuple(row) for row in db.execute(sa.select(rows).order_by(*rows.primary_key))
                ]
                for name, rows in Base.metadata.tables.items()
                if name != models.ServiceDay.__tablename__  # a lock, not the book
            }
