"""Sessions that race: each in a thread with a connection of its own, all started at once."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa
from servers import wait_until
from sqlalchemy import event

from booking.database import Database

T = TypeVar("T")
Act = Callable[[], Any]

#: How statements begin that enter a reservation, and those that take tables.
ENTERS = ("WITH entered", "INSERT INTO reservation")
TAKES = ("WITH entered", "INSERT INTO occupancy")
#: How the statement begins that locks who is to be moved, and the one that moves them.
MOVES = ("SELECT reservation.id \n", "DELETE FROM occupancy")
#: How the statement begins by which a reservation makes a step (PostgreSQL).
STEPS = "UPDATE reservation SET state=%(state)s::VARCHAR, "
#: How long anybody waits for the others before the test fails.
PATIENCE = 30


def race(*acts: Callable[[], T]) -> list[T | Exception]:
    """Call all at once; what each gave back or raised, in order."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], T]) -> T | Exception:
        start.wait(PATIENCE)
        return ending(act)

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def ending(act: Callable[[], T]) -> T | Exception:
    """What an act gives back or raises; the test judges what came of it."""
    try:
        return act()
    except Exception as error:  # noqa: BLE001
        return error


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


def in_between(
    database: Database, statement: str | tuple[str, ...], act: Callable[[], T], *others: Act
) -> list[T | Exception]:
    """Act, and just before its first such statement let all others act (PostgreSQL).

    It goes on when each of them is done or waits for a lock; what came of each, it first.
    """
    first, entered = threading.Lock(), list[Future[Any]]()
    observer = Database(database.engine.url.render_as_string(hide_password=False))

    def are_done_or_wait() -> bool:
        return sum(not other.done() for other in entered) <= sessions_waiting(observer)

    def let_in() -> None:
        if first.acquire(blocking=False):
            entered.extend(threads.submit(ending, other) for other in others)
            wait_until(are_done_or_wait, what="the others")

    with ThreadPoolExecutor(len(others)) as threads, closing(observer):
        with before(database, statement, let_in):
            end = ending(act)
        return [end, *(other.result() for other in entered)]


def sessions_waiting(observer: Database) -> int:
    """How many sessions of this PostgreSQL database wait for a lock."""
    query = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with observer.reading() as db:
        return int(db.execute(sa.text(query)).scalar_one())
