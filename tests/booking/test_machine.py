"""The book as a state machine, on both databases (tests/support/book_machine.py).

The seed is printed with a failure; TEST_SEED=number runs the same again.
"""

import os
import random

from book_machine import BookMachine, run

from booking.database import Database


def test_the_book_stays_a_book_whatever_happens(database: Database) -> None:
    number = int(os.environ.get("TEST_SEED") or random.SystemRandom().randrange(10**9))
    print(f"TEST_SEED={number}")  # noqa: T201 (shown when the test fails)

    class Machine(BookMachine):
        pass

    Machine.database = database
    # PostgreSQL takes twice as long a step; `make proof P=machine` makes 100,000 of them.
    run(Machine, examples=30 if database.is_sqlite else 15, steps=40, number=number)
