"""A client of the book that does whatever comes to its mind, and writes down what was acknowledged.

Run as a process of its own (`python -m proof._client URL FILE SEED`), to be killed at any moment.
What it has written down was committed; what it has not may have been, too.
"""

import json
import random
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))

from restaurants import FRIDAY, NOON, wish
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from booking import approvals, closings, events, guests, host_stand, reservations, venues
from booking.database import Database
from booking.errors import BookingError, Busy
from booking.lookups import Reservation
from booking.venue import Venue

#: How much later it is with each act.
STEP = timedelta(milliseconds=150)
CLOCKS = [f"{hour}:{minute:02}" for hour in range(18, 22) for minute in (0, 15, 30, 45)]
DAYS = 20


class Client:
    """One client.

    Args:
        database: the book.
        log: for what was acknowledged.
        number: tells clients apart, and makes their dice.

    """

    def __init__(self, database: Database, log: TextIO, number: int) -> None:
        self.database = database
        self.log = log
        self.dice = random.Random(number)
        self.number = number
        self.acts = 0
        self.known: list[tuple[int, int]] = []  # venue and reservation

    def run(self) -> None:
        """Act until killed; what cannot be done is left, who is away is waited for."""
        while True:
            try:
                self.act()
            except BookingError:
                continue
            except SQLAlchemyError:  # the server is away
                time.sleep(0.05)

    def act(self) -> None:
        """Do one thing in a transaction of its own, and write down what came of it."""
        self.acts += 1
        micro = timedelta(microseconds=self.number)  # so that no two acts have one instant
        now = NOON + self.acts * STEP + micro
        do = self.dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        with self.database.transaction() as db:
            every = venues.every(db)
            done = do(self, db, self.dice.choice(every), now)
            wrote = {step["reservation_id"]: step["at"] for step in events.steps(db)}
        if done and done.id in wrote:  # a second yes writes nothing
            self.known.append((done.venue_id, done.id))
            self.tell(done, wrote[done.id])

    def tell(self, done: Reservation, at: datetime) -> None:
        """Write down what has been acknowledged."""
        fact = {
            "venue": done.venue_id,
            "reservation": done.id,
            "at": at.isoformat(),
            "state": done.state,
            "starts_at": done.starts_at.isoformat(),
            "tables": sorted(done.table_ids),
        }
        self.log.write(json.dumps(fact) + "\n")
        self.log.flush()

    def some(self, venue: Venue) -> int | None:
        """A reservation of a venue that this client knows of."""
        here = [number for venue_id, number in self.known if venue_id == venue.id]
        return self.dice.choice(here[-40:]) if here else None

    def wish(self) -> Any:
        """What somebody may want."""
        day = FRIDAY + timedelta(days=self.dice.randrange(DAYS))
        return wish(self.dice.choice(CLOCKS), self.dice.choice([1, 2, 2, 2, 3, 4, 4, 6, 8]), day)


def hold(client: Client, db: Connection, venue: Venue, now: datetime) -> Reservation:
    guest = guests.meet(db, venue.id, "sms", f"+39333{client.dice.randrange(10**6)}", now=now)
    wished = client.wish()
    return reservations.place_hold(
        db, venue, wished, guest.id, source="sms", accept_second=True, now=now
    )


def walk_in(client: Client, db: Connection, venue: Venue, now: datetime) -> Reservation:
    guest = guests.meet(db, venue.id, "desk", f"{client.number}-{client.acts}", now=now)
    later = now + timedelta(hours=7)  # at dinner
    return host_stand.walk_in(db, venue, 2, guest.id, actor="staff:Ada", now=later)


def known(do: Callable[..., Reservation], **how: Any) -> Callable[..., Reservation | None]:
    """An act on a reservation that the client knows of."""

    def act(client: Client, db: Connection, venue: Venue, now: datetime) -> Reservation | None:
        number = client.some(venue)
        return None if number is None else do(db, venue, number, now=now, **how)

    return act


def amend(client: Client, db: Connection, venue: Venue, now: datetime) -> Reservation | None:
    number = client.some(venue)
    if number is None:
        return None
    return reservations.amend(db, venue, number, client.wish(), actor="staff:Ada", now=now)


def close(client: Client, db: Connection, venue: Venue, now: datetime) -> None:
    table = client.dice.choice(venue.floor.tables)
    starts_at = NOON + timedelta(days=client.dice.randrange(DAYS), hours=8)
    span = (starts_at, starts_at + timedelta(hours=1))
    with suppress(Busy):
        closings.close(db, venue, [table.id], *span, actor="staff:Ada", now=now)
    ids = [each.id for each in closings.ahead(db, venue, now=now)]
    closings.lift(db, venue, ids[:-2], actor="staff:Ada", now=now)


#: What clients do, and how often.
WEIGHTS: dict[Callable[..., Reservation | None], int] = {
    hold: 40,
    known(reservations.confirm): 30,
    known(reservations.cancel, actor="staff:Ada"): 12,
    known(approvals.decide, accept=True, actor="staff:Ada"): 2,
    amend: 12,
    walk_in: 1,
    close: 2,
}


if __name__ == "__main__":
    url, path, number = sys.argv[1:]
    with Path(path).open("a", encoding="utf-8") as log:
        Client(Database(url, pool_size=1), log, int(number)).run()
