"""Clients killed with -9 and the server stopped at once, under load.

Nothing that was acknowledged is missing, no table was ever had twice, and nothing is torn. Then the
control: with commits that do not wait for the disk the same check finds what is missing.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))

from history import (
    Pages,
    no_table_is_had_twice,
    no_table_was_ever_had_twice,
    occupancies_are_live_as_their_states_are,
    the_history_replays_to_what_stands_in_the_book,
)
from restaurants import open_venue, period, table
from servers import PostgresServer

from booking import models, venues
from booking.database import Database
from booking.lifecycle import LIVE
from bot.migrations import upgrade

SECONDS = 120
CLIENTS = 6
VENUES = 4
#: Every so often a client is killed, and the server stopped (s).
KILL_EVERY, STOP_EVERY = 1.5, 8.0
DICE = random.Random(11)
TABLES = [table(f"T{n}", 2 + n // 5 * 2, 1 + n // 9) for n in range(12)]
JOINED = [{"tables": ["T0", "T1"], "min_covers": 3, "max_covers": 4}]
DINNER = period(days=["mon", "tue", "wed", "thu", "fri", "sat", "sun"], pacing_covers=24)


def main() -> None:
    """Print what happened and what was found."""
    print(f"\ncrash: {CLIENTS} clients, {VENUES} venues of 12 tables, PostgreSQL with fsync")
    facts, missing, moments = storm(SECONDS)
    assert not missing, missing[:5]
    print(f"  {len(facts)} acknowledged, 0 missing; {moments} moments without two at one table")
    facts, missing, _ = storm(30, "synchronous_commit=off", "wal_writer_delay=2000")
    assert missing, "the control lost nothing: the check cannot fail"
    print(f"  control, commits that do not wait: {len(missing)} of {len(facts)} missing")


def storm(seconds: float, *options: str) -> tuple[list[Any], list[Any], int]:
    """Let clients loose for a while; what was acknowledged, what is missing, moments looked at."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        home, logs = Path(folder) / "postgres", Path(folder) / "logs"
        home.mkdir(mode=0o755)
        logs.mkdir()
        server = PostgresServer(home, durable=True, options=options)
        server.start()
        url = f"{server.url}/postgres"
        furnish(url)
        kills, stops = rage(server, url, logs, seconds)
        print(f"  {seconds} s: {kills} clients killed -9, server stopped at once {stops} times")
        facts = [fact for path in sorted(logs.iterdir()) for fact in read(path)]
        try:
            with closing(Database(url)) as database:
                return facts, *judge(database, facts, strict=not options)
        finally:
            server.stop()


def furnish(url: str) -> None:
    """The schema and the venues."""
    with closing(Database(url)) as database:
        upgrade(database)
        with database.transaction() as db:
            for number in range(VENUES):
                open_venue(
                    db,
                    restaurant={"slug": f"house-{number}"},
                    policy={"max_open_reservations": 0},
                    service_periods=[DINNER],
                    tables=TABLES,
                    combinations=JOINED,
                )
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
            db.execute(sa.text("CHECKPOINT"))  # the control is to lose acts, not the venues


def rage(server: PostgresServer, url: str, logs: Path, seconds: float) -> tuple[int, int]:
    """Kill clients and stop the server, again and again; how often each."""
    kills = stops = 0
    numbers = iter(range(1, 10**6))
    with clients(url, logs, numbers) as running:
        end, next_stop = time.monotonic() + seconds, time.monotonic() + STOP_EVERY
        while time.monotonic() < end:
            time.sleep(KILL_EVERY)
            victim = DICE.randrange(CLIENTS)
            running[victim].kill()
            running[victim].wait()
            kills += 1
            if time.monotonic() > next_stop:
                server.stop_at_once()
                stops += 1
                server.start()
                next_stop = time.monotonic() + STOP_EVERY
            running[victim] = begin(url, logs, next(numbers))
        server.stop_at_once()  # the last word is a crash as well
        server.start()
    return kills, stops + 1


@contextmanager
def clients(
    url: str, logs: Path, numbers: Iterator[int]
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """So many clients, killed in the end."""
    running = [begin(url, logs, next(numbers)) for _ in range(CLIENTS)]
    try:
        yield running
    finally:
        for client in running:
            client.kill()
            client.wait()


def begin(url: str, logs: Path, number: int) -> subprocess.Popen[bytes]:
    """Start a client."""
    log = logs / f"{number:06}.jsonl"
    here = Path(__file__).parent.parent
    return subprocess.Popen(
        [sys.executable, "-m", "proof._client", url, log, str(number)], cwd=here
    )


def read(path: Path) -> Iterator[dict[str, Any]]:
    """What a client has written down; the last line may have been cut by its end."""
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.endswith("\n"):
            yield json.loads(line)


def judge(
    database: Database, facts: Sequence[dict[str, Any]], *, strict: bool
) -> tuple[list[Any], int]:
    """What is missing of the facts, and how many moments were looked at."""
    with database.reading() as db:
        event = models.BookingEvent
        names = sa.select(
            models.DiningTable.venue_id, models.DiningTable.name, models.DiningTable.id
        )
        ids = {(row.venue_id, row.name): row.id for row in db.execute(names)}
        happened = {
            (
                row.reservation_id,
                row.at,
                row.to_state,
                row.starts_at,
                tuple(sorted(ids[row.venue_id, name] for name in row.tables)),
            )
            for row in db.execute(sa.select(event.__table__))
        }
        books = [Pages(db, venue.id) for venue in venues.every(db)]
    missing = [fact for fact in facts if _key(fact) not in happened]
    moments = sum(look_at(pages) for pages in books) if strict else 0
    return missing, moments


def _key(fact: dict[str, Any]) -> tuple[Any, ...]:
    instants = (datetime.fromisoformat(fact[key]) for key in ("at", "starts_at"))
    at, starts_at = instants
    return fact["reservation"], at, fact["state"], starts_at, tuple(fact["tables"])


def look_at(pages: Pages) -> int:
    """Look at a book and its whole history."""
    no_table_is_had_twice([r for r in pages.every.values() if r.state in LIVE])
    occupancies_are_live_as_their_states_are(pages)
    the_history_replays_to_what_stands_in_the_book(pages)
    return no_table_was_ever_had_twice(pages)


if __name__ == "__main__":
    main()
