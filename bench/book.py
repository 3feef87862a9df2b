"""The book: holds a second, a contended evening, all starts of a date, and a million reservations.

200 venues of 30 tables, 30 evenings each, half full; every hold through `place_hold` in a
transaction of its own, rules and events included. The floor is a bare INSERT + COMMIT of a row like
a reservation's, through the same driver and as many clients, in turns with the holds. Clients are
processes. PostgreSQL with fsync, then SQLite as it is embedded (synchronous = FULL).
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))

from restaurants import FRIDAY, NOON
from servers import postgres

from bench import _clients
from bench._clients import FLOOR, Done, Orders, latencies, run
from bench._filled import DAYS, FILE, SIZES, Filled, fill
from booking import looking, models, venues
from booking.database import Database
from bot.migrations import upgrade

VENUES = 200
ROUNDS = 3
#: Acts of a round, by all clients together.
ACTS = 1200
MILLION = 1_000_000
#: By act, `hold` and `insert`.
Figures = dict[str, list[float]]


def main() -> None:
    """Print the tables."""
    print(f"\nbook: {VENUES} venues x 30 tables x {DAYS} evenings, half full, through place_hold")
    with on_postgres("half") as database:
        filled = fill(database, VENUES)
        for clients in (1, 4, 16):
            compare("PostgreSQL, fsync", database, filled, clients)
        reads("PostgreSQL", database, filled)
    contended()
    with on_sqlite() as database:
        filled = fill(database, 20)
        for clients in (1, 4):
            embedded(database, filled, clients)
    million()
    print("  bounds: >= 15 % with 4 clients, p50 < 4 and p99 < 15 ms; SQLite >= 30 %;")
    print("  contended < 200 ms; starts p50 < 1 ms, next five p50 < 4 ms; a million <= 1.5 times")


@contextmanager
def on_postgres(name: str) -> Iterator[Database]:
    """A migrated database on a server that waits for the disk."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        home = Path(folder) / name
        Path(folder).chmod(0o755)
        home.mkdir(mode=0o755)
        url = stack.enter_context(postgres(home, durable=True))
        database = stack.enter_context(closing(Database(f"{url}/postgres")))
        furnish(database)
        yield database


@contextmanager
def on_sqlite() -> Iterator[Database]:
    """A migrated database in a file."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Database(f"sqlite:///{folder}/book.db")) as database,
    ):
        furnish(database)
        yield database


def furnish(database: Database) -> None:
    """The schema, and the table of the floor."""
    upgrade(database)
    with database.transaction() as db:
        FLOOR.create(db)


def url_of(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def compare(name: str, database: Database, filled: Filled, clients: int) -> None:
    """Floor and holds in turns, so that both meet the same neighbours on the machine."""
    rates: Figures = {"hold": [], "insert": []}
    waits: Figures = {"hold": [], "insert": []}
    for number in range(ROUNDS):
        for act in ("insert", "hold"):
            newest = last(database)
            orders = Orders(url_of(database), filled, act, ACTS // clients, number)
            done, took = run(orders, clients)
            rates[act].append(sum(len(each.took) for each in done) / took)
            waits[act] += latencies(done)
            if act == "hold":
                clear(database, newest)
    tell(f"{name}, {clients} client{'s' * (clients > 1)}", rates, waits)


def tell(name: str, rates: Figures, waits: Figures) -> None:
    """One line: the rates, their ratio, and how long each takes: half of them, and 99 of 100."""
    floor, rate = median(rates["insert"]), median(rates["hold"])
    bare, full = (quantiles(waits[act], n=100) for act in ("insert", "hold"))
    print(
        f"  {name:<27} floor {floor:5.0f}/s {bare[49]:4.1f} {bare[98]:4.1f} ms"
        f"   holds {rate:4.0f}/s = {rate / floor:3.0%}  p50 {full[49]:4.1f}  p99 {full[98]:4.1f} ms"
    )


def last(database: Database) -> int:
    with database.reading() as db:
        return int(db.execute(sa.select(sa.func.max(models.Reservation.id))).scalar() or 0)


def clear(database: Database, after: int) -> None:
    """Take the holds of a round away again: the evenings stay half full."""
    with database.transaction() as db:
        for rows in (models.BookingEvent, models.Occupancy):
            db.execute(sa.delete(rows).where(rows.reservation_id > after))
        db.execute(sa.delete(models.Reservation).where(models.Reservation.id > after))


def contended() -> None:
    """16 clients want the same evening of a venue with 30 tables for two."""
    tables = [{"name": f"T{n}", "max_covers": 2} for n in range(30)]
    period = {k: v for k, v in FILE["service_periods"][0].items() if k != "pacing_covers"}
    twos = {**FILE, "tables": tables, "combinations": [], "service_periods": [period]}
    took: list[float] = []
    with on_postgres("same") as database:
        for number in range(ROUNDS):
            filled = fill_one(database, twos, number)
            orders = Orders(url_of(database), filled, "contend", 31, number)
            done, seconds = run(orders, 16)
            assert sum(len(each.took) for each in done) == 30, "not every table was sold once"
            took.append(seconds * 1000)
    print(f"  30 tables, 16 clients want the same evening: all sold in {median(took):.0f} ms")


def fill_one(database: Database, file: dict[str, Any], number: int) -> Filled:
    from restaurants import meet, open_venue  # noqa: PLC0415

    with database.transaction() as db:
        venue = open_venue(db, **{**file, "restaurant": {"slug": f"twos-{number}"}})
        first = meet(db, venue, f"{number}-0")
        for guest in range(1, 60):
            newest = meet(db, venue, f"{number}-{guest}")
    return Filled((venue.id,), {venue.id: range(first, newest + 1)})


def embedded(database: Database, filled: Filled, clients: int) -> None:
    """The same on SQLite, with threads of one process, as it is embedded."""
    rates: Figures = {"hold": [], "insert": []}
    waits: Figures = {"hold": [], "insert": []}
    for number in range(ROUNDS):
        for act in ("insert", "hold"):
            newest = last(database)
            count = ACTS // 2 // clients
            how = {"count": count, "clients": clients, "number": number}
            done, took = threads(database, filled, act, **how)
            rates[act].append(len(done.took) / took)
            waits[act] += done.took
            if act == "hold":
                clear(database, newest)
    tell(f"SQLite, FULL, {clients} thread{'s' * (clients > 1)}", rates, waits)


def threads(
    database: Database, filled: Filled, act: str, *, count: int, clients: int, number: int
) -> tuple[Done, float]:
    dice = [random.Random(number * 100 + client) for client in range(clients)]
    acts = [_clients.ACTS[act](database, filled, die) for die in dice]
    for each in acts:
        _clients._once(each, Done())  # noqa: SLF001 (warm up)
    done = Done()
    begun = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(lambda each: [_clients._once(each, done) for _ in range(count)], acts))  # noqa: SLF001
    return done, time.perf_counter() - begun


def reads(name: str, database: Database, filled: Filled) -> tuple[float, float]:
    """All starts for a party on a date, and the next five in 14 days; the medians in ms."""
    starts = timed(
        database,
        filled,
        lambda db, venue, size, day: looking.starts(db, venue, size, day, now=NOON),
    )
    following = timed(
        database,
        filled,
        lambda db, venue, size, day: looking.next_starts(db, venue, size, day, now=NOON),
    )
    for what, took in (("all starts on a date", starts), ("next five in 14 days", following)):
        cuts = quantiles(took, n=100)
        print(f"  {name + ', ' + what:<42} p50 {cuts[49]:5.2f} ms  p99 {cuts[98]:5.2f} ms")
    return median(starts), median(following)


def timed(database: Database, filled: Filled, read: Callable[..., object]) -> list[float]:
    dice = random.Random(3)
    took = []
    for number in range(600):
        venue_id = dice.choice(filled.venue_ids)
        size, day = dice.choice(SIZES), FRIDAY + timedelta(dice.randrange(DAYS - 14))
        with database.reading() as db:
            venue = venues.get(db, venue_id)
            begun = time.perf_counter()
            read(db, venue, size, day)
            took.append((time.perf_counter() - begun) * 1000)
        if number < 100:
            took.clear()  # statements are compiled, venues are read
    return took


def million() -> None:
    """The same figures in an empty book, and in one with a million reservations."""
    figures = []
    for name, share, past in (("empty", 0.0, 0), ("million", 0.5, MILLION)):
        with on_postgres(name) as database:
            filled = fill(database, VENUES, share=share, past=past and past - last(database))
            print(f"  {last(database)} reservations:")
            orders = Orders(url_of(database), filled, "hold", ACTS, 1)
            run(orders, 1)
            newest = last(database)
            done, _ = run(orders, 1)
            clear(database, newest)
            hold = median(latencies(done))
            print(f"  {'one client':<42} p50 {hold:5.2f} ms")
            figures.append((hold, *reads("PostgreSQL", database, filled)))
    empty, full = figures
    worst = max(many / few for few, many in zip(empty, full, strict=True))
    print(f"  with a million no figure is more than {worst:.2f} times an empty book's")


if __name__ == "__main__":
    main()
