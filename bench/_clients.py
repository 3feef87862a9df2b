"""Clients of the book, each a process of its own, as `serve` and `worker` are."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from typing import Any

import sqlalchemy as sa
from restaurants import NOON, SATURDAY, wish

from bench._filled import Filled, a_wish
from booking import models, reservations, venues
from booking.database import Database
from booking.errors import NoAvailability

#: Columns like a reservation's, and nothing to keep up but the primary key.
FLOOR = sa.Table(
    "floor_row",
    sa.MetaData(),
    *(sa.Column(c.name, c.type, primary_key=c.primary_key) for c in models.Reservation.__table__.c),
)
#: Done before anybody counts: statements are compiled, plans are made, connections open.
WARM_UP = 30


@dataclass
class Done:
    """What a client did: milliseconds of each act that was not refused, and when it ended (s)."""

    took: list[float] = field(default_factory=list)
    ended: float = 0.0
    refused: int = 0


@dataclass(frozen=True)
class Orders:
    """What clients do.

    Attributes:
        url: of the book.
        filled: its venues and guests.
        act: `hold`, `insert` or `contend`.
        count: how many acts each.
        seed: of their dice.

    """

    url: str
    filled: Filled
    act: str
    count: int
    seed: int


def run(orders: Orders, clients: int) -> tuple[list[Done], float]:
    """Let so many clients act at once; what each did, and the seconds that all took together."""
    context = get_context("spawn")
    start = context.Barrier(clients + 1)
    results = context.Queue()
    processes = [
        context.Process(target=_client, args=(orders, number, start, results))
        for number in range(clients)
    ]
    for process in processes:
        process.start()
    start.wait()
    begun = time.monotonic()
    done: list[Done] = [results.get() for _ in processes]
    for process in processes:
        process.join()
    return done, max(each.ended for each in done) - begun


def _client(orders: Orders, number: int, start: Barrier, results: Any) -> None:
    dice = random.Random(orders.seed * 1000 + number)
    with closing(Database(orders.url, pool_size=1)) as database:
        act = ACTS[orders.act](database, orders.filled, dice)
        if orders.act == "contend":
            _rehearse(database, orders.filled)
        else:
            for _ in range(WARM_UP):
                _once(act, Done())
        done = Done()
        start.wait()
        done.ended = time.monotonic()
        for _ in range(orders.count):
            if not _once(act, done) and orders.act == "contend":
                break
            done.ended = time.monotonic()
        results.put(done)


def _once(act: Callable[[], None], done: Done) -> bool:
    begun = time.perf_counter()
    try:
        act()
    except NoAvailability:
        done.refused += 1
        return False
    done.took.append((time.perf_counter() - begun) * 1000)
    return True


def _rehearse(database: Database, filled: Filled) -> None:
    """Hold a table on another evening, and let go of it before anybody could have seen it."""
    another = wish("20:00", 2, SATURDAY)
    with suppress(_Rehearsed), database.transaction() as db:
        venue = venues.get(db, filled.venue_ids[0])
        guest_id = filled.guest_ids[venue.id][0]
        for _ in range(3):
            reservations.place_hold(
                db, venue, another, guest_id, source="bench", accept_second=True, now=NOON
            )
        raise _Rehearsed


class _Rehearsed(Exception):
    """Nothing of this transaction is meant to stay."""


def holds(database: Database, filled: Filled, dice: random.Random) -> Callable[[], None]:
    """Hold some table somewhere, for somebody; whose house it is is known by then."""
    with database.reading() as db:
        houses = [venues.get(db, venue_id) for venue_id in filled.venue_ids]

    def act() -> None:
        venue = dice.choice(houses)
        guest_id, wished = dice.choice(filled.guest_ids[venue.id]), a_wish(dice)
        with database.transaction() as db:
            reservations.place_hold(
                db, venue, wished, guest_id, source="bench", accept_second=True, now=NOON
            )

    return act


def inserts(database: Database, filled: Filled, dice: random.Random) -> Callable[[], None]:
    """The floor: a bare INSERT and COMMIT of a row like a reservation's."""
    row = {
        "venue_id": filled.venue_ids[0],
        "code": "K7F2",
        "guest_id": 1,
        "state": "held",
        "party_size": 2,
        "service_date": NOON.date(),
        "starts_at": NOON,
        "ends_at": NOON,
        "held_until": NOON,
        "source": "bench",
        "is_pinned": False,
        "version": dice.randrange(9),
        "created_at": NOON,
    }
    statement = sa.insert(FLOOR)

    def act() -> None:
        with database.transaction() as db:
            db.execute(statement, row)

    return act


def contenders(database: Database, filled: Filled, dice: random.Random) -> Callable[[], None]:
    """Hold a table of the same evening as everybody else."""
    venue_id = filled.venue_ids[0]
    wished = wish("20:00", 2)

    def act() -> None:
        with database.transaction() as db:
            venue = venues.get(db, venue_id)
            reservations.place_hold(
                db,
                venue,
                wished,
                dice.choice(filled.guest_ids[venue_id]),
                source="bench",
                accept_second=True,
                now=NOON,
            )

    return act


Maker = Callable[[Database, Filled, random.Random], Callable[[], None]]
ACTS: dict[str, Maker] = {"hold": holds, "insert": inserts, "contend": contenders}


def latencies(done: list[Done]) -> Iterator[float]:
    """The milliseconds of all acts of all clients."""
    for each in done:
        yield from each.took
