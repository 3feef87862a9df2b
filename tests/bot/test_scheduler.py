"""The relay: whatever was forgotten is found again, and what always fails is given up."""

from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from front import GUEST, OTHER, Front
from servers import free_port
from structlog.testing import capture_logs

from booking.database import Database
from booking.lifecycle import State
from bot import exchange, scheduler
from bot.broker import make_broker
from bot.models import InboundMessage, OutboundMessage
from bot.scheduler import Due, Scheduler
from bot.workers import declare

WISH = "table for 2 tomorrow at 8pm"


@contextmanager
def refusing(front: Front, word: str) -> Iterator[None]:
    """Meanwhile the database refuses a reservation with this wish: a fault that does not pass."""
    if front.database.is_sqlite:
        fault = [
            (
                "CREATE TRIGGER broken BEFORE INSERT ON reservation"
                f" WHEN NEW.request LIKE '%{word}%'"
                " BEGIN SELECT RAISE(ABORT, 'broken'); END"
            )
        ]
        repair = "DROP TRIGGER broken"
    else:
        fault = [
            (
                "CREATE FUNCTION broken() RETURNS trigger AS $$ BEGIN"
                f" IF NEW.request LIKE '%{word}%' THEN RAISE EXCEPTION 'broken'; END IF;"
                " RETURN NEW; END $$ LANGUAGE plpgsql"
            ),
            (
                "CREATE TRIGGER broken BEFORE INSERT ON reservation"
                " FOR EACH ROW EXECUTE FUNCTION broken()"
            ),
        ]
        repair = "DROP FUNCTION broken CASCADE"
    run(front, *fault)
    try:
        yield
    finally:
        run(front, repair)


def run(front: Front, *statements: str) -> None:
    with front.database.transaction() as db:
        for statement in statements:
            db.execute(sa.text(statement))


@pytest.fixture
def no_prams(front: Front) -> Iterator[None]:
    """Whoever mentions a pram meets a fault of ours."""
    with refusing(front, "pram"):
        yield


def work(front: Front) -> None:
    """Let the clock of the house tick through a few minutes, failures and all."""
    for _ in range(25):
        due = scheduler.tick(front.house, now=front.clock())
        for talk_id in due.talk_ids:
            try:
                due.outbound_ids += front.house.handle(talk_id, now=front.clock())
            except sa.exc.DatabaseError:
                continue
        for number in due.outbound_ids:
            front.house.deliver(number, now=front.clock())
        front.clock.forward(seconds=10)


def test_a_message_whose_hint_was_lost_is_found_after_five_seconds(front: Front) -> None:
    talk = front.receive(GUEST, WISH)
    front.clock.forward(seconds=4)
    assert not scheduler.tick(front.house, now=front.clock())

    front.clock.forward(seconds=1)
    assert scheduler.tick(front.house, now=front.clock()) == Due([talk], [])


def test_what_was_hinted_at_is_left_alone_for_a_while(front: Front) -> None:
    talk = front.receive(GUEST, WISH)
    front.clock.forward(seconds=5)
    ticks = []
    for _ in range(60):
        ticks.append(scheduler.tick(front.house, now=front.clock()).talk_ids)
        front.clock.forward(seconds=1)

    assert 5 <= ticks.count([talk]) <= 12


def test_a_reply_whose_hint_was_lost_is_found(front: Front) -> None:
    talk = front.receive(GUEST, WISH)
    front.house.handle(talk, now=front.clock())
    front.clock.forward(seconds=5)
    due = scheduler.tick(front.house, now=front.clock())

    assert due.outbound_ids == [front.outbox()[0]["id"]]


def test_two_schedulers_never_get_the_same_rows(front: Front) -> None:
    front.receive(GUEST, WISH)
    front.clock.forward(seconds=5)
    first = scheduler.tick(front.house, now=front.clock())
    second = scheduler.tick(front.house, now=front.clock())

    assert first
    assert not second


def test_run_due_handles_what_was_only_just_stored(front: Front) -> None:
    front.receive(GUEST, WISH)
    front.run_due()

    assert len(front.heard(GUEST)) == 1


def test_run_due_ends_when_a_provider_is_gone(front: Front) -> None:
    front.receive(GUEST, WISH)
    front.emulators.twilio.account_sid = "AC1"
    front.run_due()

    assert front.outbox()[0]["state"] == "queued"


def test_workers_leave_a_sign_of_life(front: Front) -> None:
    scheduler.tick(front.house, now=front.clock())
    with front.database.reading() as db:
        seen = db.execute(sa.text("SELECT count(*) FROM worker_life")).scalar()
    front.clock.forward(seconds=1)
    scheduler.tick(front.house, now=front.clock())

    assert seen == 1


@pytest.mark.usefixtures("no_prams")
def test_a_poisonous_message_is_given_up_and_the_next_goes_on(front: Front) -> None:
    front.receive(GUEST, f"{WISH}, we have a pram")
    work(front)

    row = InboundMessage
    with front.database.reading() as db:
        assert db.execute(sa.select(row.state, row.attempts)).one() == ("dead", 5)
    assert "went wrong" in front.heard(GUEST)[-1]
    assert "please look after" in front.alerts()[-1]
    assert "20:00" in (front.say(GUEST, WISH) or "")


@pytest.mark.usefixtures("no_prams")
def test_a_poisonous_message_drags_nobody_along(front: Front) -> None:
    front.receive(GUEST, "hello")
    front.receive(GUEST, f"{WISH}, we have a pram")
    front.receive(GUEST, "table for 3 tomorrow at 9pm")
    front.receive(OTHER, WISH)
    work(front)

    assert len(front.heard(OTHER)) >= 1
    assert [r.party_size for r in front.book()] == [2, 3]
    row = InboundMessage
    with front.database.reading() as db:
        found = db.execute(sa.select(row.text).where(row.state == "dead")).scalars().all()
    assert found == [f"{WISH}, we have a pram"]


def test_a_failure_that_passes_loses_nothing(front: Front) -> None:
    with refusing(front, "pram"):
        front.receive(GUEST, f"{WISH}, we have a pram")
        with pytest.raises(sa.exc.DatabaseError):
            front.run_due()
        assert front.book() == []

    front.clock.forward(seconds=10)
    front.run_due()
    assert [r.state for r in front.book()] == [State.HELD]
    assert len(front.heard(GUEST)) == 1


@pytest.mark.usefixtures("no_prams")
def test_the_waits_between_tries_grow(front: Front) -> None:
    talk = front.receive(GUEST, f"{WISH}, we have a pram")
    row = InboundMessage
    waits = []
    for _ in range(4):
        with pytest.raises(sa.exc.DatabaseError):
            front.house.handle(talk, now=front.clock())
        with front.database.reading() as db:
            next_try = db.execute(sa.select(row.next_attempt_at)).scalar_one()
        waits.append((next_try - front.clock()) / timedelta(seconds=1))

    assert waits == [*exchange.BACKOFF]


def logged(front: Front, database: Database) -> list[MutableMapping[str, Any]]:
    """What the front's house logs in one tick, and of one hint, when this is its database."""
    house = replace(front.house, database=database)
    broker = make_broker(None)
    hints = declare(broker, house)
    with capture_logs() as lines:
        Scheduler(house, hints).once()
        hints.handle_actor(1)
        hints.deliver_actor(1)
    broker.close()
    assert [line["event"] for line in lines] == [
        "tick failed",
        "exchange failed",
        "delivery failed",
    ]
    return lines


def test_while_the_database_is_away_a_failure_is_a_line_without_a_trace(
    front: Front, open_database: Callable[[str], Database]
) -> None:
    away = open_database(f"postgresql+psycopg://me:hush@127.0.0.1:{free_port()}/x")

    for line in logged(front, away):
        assert line["log_level"] == "warning"
        assert "Connection refused" in line["reason"]
        assert "exc_info" not in line
        assert "hush" not in str(line)


def test_a_fault_of_ours_has_its_trace(
    front: Front, open_database: Callable[[str], Database], tmp_path: Path, postgres_url: str
) -> None:
    for url in (f"sqlite:///{tmp_path}/empty.db", f"{postgres_url}/postgres"):
        for line in logged(front, open_database(url)):
            assert line["log_level"] == "error"
            assert line["exc_info"]


def test_an_empty_tick_finds_nothing(front: Front) -> None:
    assert not scheduler.tick(front.house, now=front.clock())
    with front.database.reading() as db:
        assert db.execute(sa.select(sa.func.count(OutboundMessage.id))).scalar() == 0
