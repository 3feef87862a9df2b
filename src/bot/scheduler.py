"""The clock of the house: once a second, what is due or was forgotten is found in the database.

Any number of schedulers may run: each row goes to one of them (`SKIP LOCKED`), which pushes its
next attempt away before it hints at it, so that a dead worker never floods the queue.
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection

from booking import allergies, events, openings, venues
from booking.errors import Busy
from booking.expiry import expire_holds
from booking.looking import lock_and_sweep
from bot import claims, notices, utc_now
from bot.house import House
from bot.logs import tell_failure, tell_steps
from bot.models import InboundMessage, OutboundMessage, WorkerLife
from bot.outbox import State

log = structlog.get_logger()

#: How often the clock ticks.
TICK = timedelta(seconds=1)
#: How long the relay leaves a row alone after hinting at it, by attempts so far.
BACKOFF = (5, 10, 20, 30)
#: How many rows one tick takes.
BATCH = 100


class Hinted(Protocol):
    """Whoever can be told what to look at."""

    def handle(self, talk_ids: list[int]) -> None:
        """Conversations with waiting messages."""

    def deliver(self, outbound_ids: list[int]) -> None:
        """Messages that are due."""


@dataclass
class Due:
    """What one tick found."""

    talk_ids: list[int] = field(default_factory=list)
    outbound_ids: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.talk_ids or self.outbound_ids)


def tick(house: House, *, now: datetime, eager: bool = False) -> Due:
    """Expire holds, serve who waits, plan notices, and find what is due or was forgotten.

    Allergies that were told for a visit that is over are forgotten.

    Args:
        house: the process.
        now: the instant (UTC).
        eager: also take what was only just stored, and would be hinted at by its own process.

    """
    with house.database.transaction() as db:
        expire_holds(db, now=now)
        allergies.forget(db, now=now)
        steps = events.steps(db)
    tell_steps(steps)
    _serve(house, now=now)
    with house.database.transaction() as db:
        planned = notices.plan(db, house.accounts, now=now)
    with house.database.transaction() as db:
        due = Due(_forgotten(db, now=now, eager=eager), planned)
        due.outbound_ids += _due(db, now=now, eager=eager, but=planned)
        _sign_of_life(db, now=now)
    return due


def _serve(house: House, *, now: datetime) -> None:
    """Look for places for those who wait, each date by itself: its lock is held no longer."""
    with house.database.reading() as db:
        awaited = openings.awaited(db, now=now, limit=BATCH)
    for venue_id, day in awaited:
        try:
            with house.database.transaction() as db:
                venue = venues.get(db, venue_id)
                lock_and_sweep(db, venue, [day], now=now)
                openings.serve_awaited(db, venue, day, now=now)
                steps = events.steps(db)
        except Busy:  # at that date it is the next tick's turn
            log.info("waitlist busy", venue=venue_id, service_date=day.isoformat())
        else:
            tell_steps(steps)


def run_due(house: House, *, now: datetime) -> None:
    """Do all that is due as of an instant, deliveries included, here and now."""
    due = tick(house, now=now, eager=True)
    while due:
        for talk_id in due.talk_ids:
            due.outbound_ids += house.handle(talk_id, now=now)
        while due.outbound_ids:
            due.outbound_ids += house.deliver(due.outbound_ids.pop(0), now=now)
        due = tick(house, now=now, eager=True)


class Scheduler:
    """A thread that ticks."""

    def __init__(self, house: House, hints: Hinted) -> None:
        self._house = house
        self._hints = hints
        self._stopped = threading.Event()
        self._paused = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scheduler", daemon=True)

    def start(self) -> None:
        """Begin to tick."""
        self._thread.start()

    def pause(self) -> None:
        """Skip every tick until `resume`."""
        self._paused.set()

    def resume(self) -> None:
        """Tick again."""
        self._paused.clear()

    def stop(self) -> None:
        """Stop ticking, after the tick that is under way."""
        self._stopped.set()
        self._thread.join()

    def once(self) -> None:
        """Tick; what fails is logged, and found again by a later tick."""
        try:
            due = tick(self._house, now=utc_now())
            self._hints.handle(due.talk_ids)
            self._hints.deliver(due.outbound_ids)
        except Exception as error:  # noqa: BLE001 (the clock of the house must not stop)
            tell_failure("tick failed", error)

    def _run(self) -> None:
        while not self._stopped.wait(TICK.total_seconds()):
            if not self._paused.is_set():
                self.once()


def _forgotten(db: Connection, *, now: datetime, eager: bool) -> list[int]:
    """Conversations whose messages nobody has handled in time."""
    row = InboundMessage
    is_due = row.next_attempt_at <= now
    waiting = (
        sa.select(row.id, row.conversation_id, row.attempts)
        .where(row.state == "new", is_due | (row.attempts == 0) if eager else is_due)
        .order_by(row.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    found = db.execute(waiting).all()
    for number, _, attempts in found:
        away = sa.update(row).where(row.id == number)
        db.execute(away.values(next_attempt_at=_away(now, attempts)))
    return list(dict.fromkeys(talk_id for _, talk_id, _ in found if talk_id is not None))


def _due(db: Connection, *, now: datetime, eager: bool, but: list[int]) -> list[int]:
    """Messages that are due, those that may be repeated, and those whose claim ran out."""
    row = OutboundMessage
    may_repeat = (row.state == State.UNKNOWN) & (row.repeats == 0) & row.kind.in_(claims.REPEATED)
    may_begin = (row.state == State.QUEUED) | may_repeat
    looked_at = row.next_attempt_at <= now
    unseen = looked_at | (row.attempts == 0) if eager else looked_at
    waiting = (
        sa.select(row.id, row.state, row.attempts)
        .where(
            row.state.in_((State.QUEUED, State.SENDING, State.UNKNOWN)),
            (may_begin & (row.not_before <= now) & unseen)
            | ((row.state == State.SENDING) & looked_at),
            row.id.not_in(but),
        )
        .order_by(row.next_attempt_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    found = db.execute(waiting).all()
    for number, state, attempts in found:
        if state != State.SENDING:  # there it is the end of the lease
            away = sa.update(row).where(row.id == number)
            db.execute(away.values(next_attempt_at=_away(now, attempts)))
    return [number for number, _, _ in found]


def _away(now: datetime, attempts: int) -> datetime:
    return now + timedelta(seconds=BACKOFF[min(attempts, len(BACKOFF) - 1)])


def _sign_of_life(db: Connection, *, now: datetime) -> None:
    row = WorkerLife
    written = db.execute(sa.update(row).where(row.id == 1).values(seen_at=now))
    if not written.rowcount:
        db.execute(sa.insert(row).values(id=1, seen_at=now))
