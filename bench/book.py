"""The book: holds a second through `place_hold`, a transaction each.

One venue with 30 tables, its evenings half full. The floor is a bare INSERT + COMMIT of a row like
a reservation's, through the same driver, pool and number of clients, in turns with the holds.
PostgreSQL with fsync, then SQLite as it is embedded (synchronous = FULL).
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from statistics import quantiles
from typing import Any

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))

from restaurants import FRIDAY, NOON, meet, open_venue, period, table, wish
from servers import postgres
from sqlalchemy.engine import Connection

from booking import lookups, models, reservations
from booking.availability import Offer, check
from booking.database import Database
from booking.errors import NoAvailability
from booking.rules import Wish
from booking.venue import Venue
from bot.migrations import upgrade

EVENINGS = 56
STAYS = 30  # of some 60 that fit into an evening
ROUNDS = 4
HOLDS = 240  # a round
GUESTS = 400  # what one guest has ahead is looked at, so nobody may have it all
FILE: dict[str, Any] = {
    "tables": [table(f"T{n}", 2 + n // 10 * 2, 1 + n // 20 * 2) for n in range(30)],
    "combinations": [{"tables": ["T0", "T1"], "min_covers": 3, "max_covers": 4}],
    "service_periods": [
        period(days=["mon", "tue", "wed", "thu", "fri", "sat", "sun"], pacing_covers=24)
    ],
    "policy": {"hold_minutes": 120, "max_open_reservations": 0},
}
CLOCKS = [f"{hour}:{minute:02}" for hour in range(18, 22) for minute in (0, 15, 30, 45)]
#: Columns like a reservation's, and nothing to keep up but the primary key.
FLOOR = sa.Table(
    "floor_row",
    sa.MetaData(),
    *(sa.Column(c.name, c.type, primary_key=c.primary_key) for c in models.Reservation.__table__.c),
)
#: The same wishes in every run.
DICE = random.Random(7)  # noqa: S311 (nothing is secret here)


def main() -> None:
    """Print the table."""
    print(f"\nbook: 30 tables, {EVENINGS} evenings half full, place_hold in a transaction each")
    for name, opened in (("PostgreSQL, fsync", on_postgres), ("SQLite, FULL", on_sqlite)):
        with opened() as database:
            room = furnish(database)
            for clients in (1, 4):
                measure(f"{name}, {clients} client{'s' * (clients > 1)}", room, clients)
    print("  bounds: >= 15 % of the floor with 4 clients; idle machine: p50 < 4 ms, p99 < 15 ms")


@contextmanager
def on_postgres() -> Iterator[Database]:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        home = Path(folder) / "postgres"
        Path(folder).chmod(0o755)
        home.mkdir(mode=0o755)
        url = stack.enter_context(postgres(home, durable=True))
        yield stack.enter_context(closing(Database(f"{url}/postgres")))


@contextmanager
def on_sqlite() -> Iterator[Database]:
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Database(f"sqlite:///{folder}/book.db")) as database,
    ):
        yield database


def furnish(database: Database) -> "Room":
    """The schema, the venue, its guests, and evenings that are half full."""
    upgrade(database)
    with database.transaction() as db:
        FLOOR.create(db)
        venue = open_venue(db, **FILE)
        room = Room(database, venue, [meet(db, venue, str(n)) for n in range(GUESTS)])
    for number in range(EVENINGS):
        evening = [a_wish(FRIDAY + timedelta(number)) for _ in range(STAYS)]
        with database.transaction() as db:
            for wished in evening:
                with suppress(NoAvailability):  # that slot has its covers
                    room.place_hold(db, wished)
    return room


def a_wish(day: date | None = None) -> Wish:
    day = day or FRIDAY + timedelta(DICE.randrange(EVENINGS))
    return wish(DICE.choice(CLOCKS), DICE.choice([2, 2, 2, 3, 4, 6]), day)


@dataclass
class Room:
    """A venue that is half full."""

    database: Database
    venue: Venue
    guests: list[int]

    def place_hold(self, db: Connection, wished: Wish) -> None:
        guest = DICE.choice(self.guests)
        reservations.place_hold(db, self.venue, wished, guest, source="sms", now=NOON)

    def hold(self, wished: Wish) -> None:
        with self.database.transaction() as db:
            self.place_hold(db, wished)

    def insert(self, wished: Wish) -> None:
        row = {
            "venue_id": self.venue.id,
            "code": "K7F2",
            "guest_id": self.guests[0],
            "state": "held",
            "party_size": wished.party_size,
            "service_date": wished.date,
            "starts_at": NOON,
            "ends_at": NOON,
            "held_until": NOON,
            "source": "sms",
            "version": 1,
            "created_at": NOON,
        }
        with self.database.transaction() as db:
            db.execute(sa.insert(FLOOR).values(row))

    def wishes(self) -> list[Wish]:
        """Wishes that can be had; a refusal looks at many evenings, and is another thing."""
        days = [FRIDAY + timedelta(number) for number in range(EVENINGS)]
        with self.database.reading() as db:
            evenings = lookups.stays(db, self.venue, days, now=NOON)
        some = (a_wish() for _ in range(10 * HOLDS))
        free = (
            w for w in some if isinstance(check(self.venue, evenings[w.date], w, now=NOON), Offer)
        )
        return list(islice(free, HOLDS))

    def clear(self, after: int) -> None:
        """Take the holds of a round away again: the evenings stay half full."""
        with self.database.transaction() as db:
            for rows in (models.BookingEvent, models.Occupancy):
                db.execute(sa.delete(rows).where(rows.reservation_id > after))
            db.execute(sa.delete(models.Reservation).where(models.Reservation.id > after))

    def last(self) -> int:
        with self.database.reading() as db:
            return db.execute(sa.select(sa.func.max(models.Reservation.id))).scalar_one()


def measure(name: str, room: Room, clients: int) -> None:
    """Floor and holds in turns, so that both meet the same neighbours on the machine."""
    holds: list[float] = []
    floor_took = took = 0.0
    for number in range(ROUNDS + 1):
        last, wished = room.last(), room.wishes()
        _, bare_took = timed(room.insert, wished, clients)
        held, held_took = timed(room.hold, wished, clients)
        room.clear(last)
        if number:  # after the first: statements are compiled, connections open
            holds += held
            floor_took, took = floor_took + bare_took, took + held_took
    cuts = quantiles(holds, n=100)
    rate, floor = len(holds) / took, ROUNDS * HOLDS / floor_took
    print(
        f"  {name:<28} floor {floor:5.0f}/s   holds {rate:4.0f}/s = {rate / floor:4.0%}"
        f"   p50 {cuts[49]:5.2f} ms  p99 {cuts[98]:5.2f} ms"
    )


def timed(
    act: Callable[[Wish], None], every: list[Wish], clients: int
) -> tuple[list[float], float]:
    """Milliseconds of each act that was not refused, and the seconds that all took together."""

    def once(wished: Wish) -> float | None:
        begun = time.perf_counter()
        try:
            act(wished)
        except NoAvailability:  # a neighbour of this very round was quicker
            return None
        return (time.perf_counter() - begun) * 1000

    begun = time.perf_counter()
    with ThreadPoolExecutor(clients) as threads:
        found = list(threads.map(once, every))
    took = time.perf_counter() - begun
    return [each for each in found if each is not None], took


if __name__ == "__main__":
    main()
