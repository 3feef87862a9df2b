"""What must not be lost when a worker is killed, Redis is wiped or gone, or a lock is held."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
import redis
import sqlalchemy as sa
from evening import Evening, day, open_evening
from servers import free_port, valkey, wait_until

from booking.database import Database
from booking.models import ServiceDay
from bot import exchange, inbox, utc_now
from bot.inbox import Kind, Received
from bot.models import InboundMessage
from conversations import talks

#: The design promises that work goes on within this time after a worker was killed.
SECONDS = 30


@pytest.fixture
def evening(new_postgres: Callable[[], str], redis_url: str, tmp_path: Path) -> Iterator[Evening]:
    with open_evening(tmp_path, database_url=new_postgres(), redis_url=redis_url) as found:
        yield found


@contextmanager
def locked_dates(evening: Evening) -> Iterator[None]:
    """Hold every service date, so that an exchange that wants a table has to wait."""
    with evening.database.transaction() as db:
        db.execute(sa.select(ServiceDay.id).with_for_update())
        yield


def waits_for_a_lock(evening: Evening) -> bool:
    waiting = sa.text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    with evening.database.reading() as db:
        return bool(db.execute(waiting).scalar())


def test_a_worker_killed_in_the_middle_of_an_exchange_loses_nothing(evening: Evening) -> None:
    said, _ = day(2)
    evening.say("501", f"table for 2 on {said} at 7pm")  # makes the row of the date
    before = len(evening.heard("502"))
    with locked_dates(evening):
        evening.send("502", f"table for 2 on {said} at 7pm")
        wait_until(lambda: waits_for_a_lock(evening), what="the exchange to be under way")
        evening.kill("worker")
    evening.start("worker", "worker")
    wait_until(lambda: len(evening.heard("502")) > before, seconds=SECONDS, what="the answer")

    assert [visit["state"] for visit in evening.visits("502")] == ["held"]
    assert len(evening.heard("502")) == before + 1


def test_when_redis_is_wiped_nothing_is_lost(evening: Evening, redis_url: str) -> None:
    said, _ = day(2)
    evening.say("501", "hello")
    evening.kill("worker")
    guests = [f"+4477009003{number:02}" for number in range(5)]
    for guest in guests:
        evening.send(guest, f"table for 2 on {said} at 7pm")
    wait_until(lambda: stored(evening) == len(guests) + 1, what="the messages to be stored")
    client = redis.Redis.from_url(redis_url)
    client.flushall()
    client.close()
    evening.start("worker", "worker")

    for guest in guests:
        evening.wait_for_answer(guest, 0)
    assert all(len(evening.heard(guest)) == 1 for guest in guests)


def test_while_redis_is_down_webhooks_answer_and_afterwards_all_is_handled(
    new_postgres: Callable[[], str], tmp_path: Path
) -> None:
    said, _ = day(2)
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    with open_evening(tmp_path, database_url=new_postgres(), redis_url=url) as evening:
        for guest in ("+447700900401", "+447700900402"):
            evening.send(guest, f"table for 2 on {said} at 7pm")
        wait_until(lambda: stored(evening) == 2, what="the webhooks to be answered")
        assert evening.ready()["ready"] is True

        with valkey(tmp_path, port):
            for guest in ("+447700900401", "+447700900402"):
                evening.wait_for_answer(guest, 0)
            assert [r["state"] for r in evening.book()] == ["held", "held"]


def stored(evening: Evening) -> int:
    with evening.database.reading() as db:
        return db.execute(sa.select(sa.func.count(InboundMessage.id))).scalar_one()


def received(number: int, text: str = "hello") -> Received:
    return Received(
        channel="sms",
        account="+390212345678",
        address="+447700900101",
        external_id=str(number),
        kind=Kind.TEXT,
        text=text,
    )


def test_a_message_is_stored_while_an_exchange_of_its_conversation_runs(
    new_postgres: Callable[[], str], open_database: Callable[[str], Database]
) -> None:
    database = open_database(new_postgres())
    with database.transaction() as db:
        talk_id = inbox.accept(db, received(1), now=utc_now()).talk_id
    assert talk_id is not None
    with database.transaction() as exchange_under_way:
        talks.lock(exchange_under_way, talk_id)
        with database.transaction() as db:
            db.execute(sa.text("SET LOCAL lock_timeout = '100ms'"))
            assert inbox.accept(db, received(2), now=utc_now()).talk_id == talk_id


def test_two_workers_never_hold_the_same_exchange(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert exchanges_of_two_workers(database, monkeypatch) == 1


def test_without_its_lock_two_workers_would_hold_the_same_exchange(
    new_postgres: Callable[[], str],
    open_database: Callable[[str], Database],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = threading.Barrier(2, timeout=10)  # on SQLite the transaction itself is the lock
    monkeypatch.setattr(talks, "lock", talks.get)

    assert exchanges_of_two_workers(open_database(new_postgres()), monkeypatch, both.wait) == 2


def exchanges_of_two_workers(
    database: Database, monkeypatch: pytest.MonkeyPatch, meet: Callable[[], object] = bool
) -> int:
    """How many exchanges are held when two workers are hinted at one conversation at once."""
    with database.transaction() as db:
        talk_id = inbox.accept(db, received(1), now=utc_now()).talk_id
    assert talk_id is not None
    handle, held = exchange.handle, []

    def counted(desk: exchange.Desk) -> list[int]:
        held.append(desk)
        meet()
        return handle(desk)

    monkeypatch.setattr(exchange, "handle", counted)
    run = partial(exchange.run, database, {}, talk_id, now=utc_now())
    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(held)
