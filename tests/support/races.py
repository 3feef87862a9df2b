"""Sessions that race: each in a thread with a connection of its own, all started at once."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa
from servers import wait_until
from sqlalchemy import event

from booking.database import Database

T = TypeVar("T")

#: How statements begin that enter a reservation, and those that take tables.
ENTERS = ("WITH entered", "INSERT INTO reservation")
TAKES = ("WITH entered", "INSERT INTO occupancy")
#: How long anybody waits for the others before the test fails.
PATIENCE = 30


def race(*acts: Callable[[], T]) -> list[T | Exception]:
    """Call all at once; what each gave back or raised, in order."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], T]) -> T | Exception:
        start.wait(PATIENCE)
        try:
            return act()
        except Exception as error:  # noqa: BLE001 (the test judges what came of it)
            return error

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


@contextmanager
def before(
    database: Database, statement: str | tuple[str, ...], act: Callable[[], object]
) -> Iterator[None]:
    """Do something just before each statement that begins like this is sent."""

    def listen(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        if text.startswith(statement):
            act()

    engine = database.engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", listen)


@contextmanager
def together_at(
    database: Database, statement: str | tuple[str, ...], sessions: int
) -> Iterator[None]:
    """Let nobody send this statement until all of the sessions are about to."""
    barrier = threading.Barrier(sessions)
    with before(database, statement, lambda: barrier.wait(PATIENCE)):
        yield


@contextmanager
def once_others_wait(
    database: Database, statement: str | tuple[str, ...], others: int
) -> Iterator[None]:
    """Hold back the first such statement until that many others wait for a lock (PostgreSQL)."""
    observer = Database(database.engine.url.render_as_string(hide_password=False))
    first = threading.Lock()

    def all_wait() -> None:
        if first.acquire(blocking=False):
            wait_until(
                lambda: sessions_waiting(observer) >= others, what=f"{others} waiting sessions"
            )

    with closing(observer), before(database, statement, all_wait):
        yield


def sessions_waiting(observer: Database) -> int:
    """How many sessions of this PostgreSQL database wait for a lock."""
    query = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with observer.reading() as db:
        return int(db.execute(sa.text(query)).scalar_one())
