"""The state machine of the book for 100,000 steps, on both databases.

The same machine as in the tests (tests/support/book_machine.py), for much longer runs; the seed is
printed, and `PROOF_SEED=number` runs the same again. `PROOF_STEPS` takes another number of steps.
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))

from book_machine import BookMachine, run
from hypothesis.stateful import invariant
from servers import postgres

from booking.database import Database
from bot.migrations import upgrade

STEPS = int(os.environ.get("PROOF_STEPS", "100000"))
#: Steps of one run; a longer one has a book too full for anything to happen.
LENGTH = 80
#: PostgreSQL takes this share of them; SQLite the rest.
SHARE = 0.6


def main() -> None:
    """Print the seed, and how many steps were made."""
    number = int(os.environ.get("PROOF_SEED") or random.SystemRandom().randrange(10**9))
    print(f"\nmachine: {STEPS} steps of the book, PROOF_SEED={number}")
    for name, opened, share in (
        ("PostgreSQL", on_postgres, SHARE),
        ("SQLite", on_sqlite, 1 - SHARE),
    ):
        with opened() as database:
            begun = time.perf_counter()
            made = steps(database, int(STEPS * share), number)
            took = time.perf_counter() - begun
        print(f"  {name}: {made} steps in {took:.0f} s, every check held after each")


def steps(database: Database, wanted: int, number: int) -> int:
    """Make so many steps; gives how many were made."""
    made = 0

    class Counted(BookMachine):
        @invariant()
        def counts(self) -> None:
            nonlocal made
            made += 1

    Counted.database = database
    while made < wanted:
        examples = max(1, min(100, (wanted - made) // LENGTH))
        run(Counted, examples=examples, steps=LENGTH, number=number)
        number += 1
    return made


@contextmanager
def on_postgres() -> Iterator[Database]:
    """A migrated PostgreSQL database."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        home = Path(folder) / "postgres"
        home.mkdir(mode=0o755)
        with postgres(home) as url, closing(Database(f"{url}/postgres")) as database:
            upgrade(database)
            yield database


@contextmanager
def on_sqlite() -> Iterator[Database]:
    """A migrated SQLite database."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Database(f"sqlite:///{folder}/book.db")) as database,
    ):
        upgrade(database)
        yield database


if __name__ == "__main__":
    main()
