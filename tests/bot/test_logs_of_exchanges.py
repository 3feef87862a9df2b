"""What is logged on the way of a message: the ids that lead an operator from one row to the next,
and nothing that a guest has said, is called or can be reached by."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
import structlog
from front import GUEST, Front
from structlog.testing import capture_logs

from booking.database import Database
from booking.lifecycle import State
from bot.logs import Redactor

Lines = list[Any]


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough here."""
    return sqlite_database


@pytest.fixture
def logged() -> Iterator[Lines]:
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        yield lines


def of(lines: Lines, event: str) -> Lines:
    return [line for line in lines if line["event"] == event]


def test_a_message_can_be_followed_by_its_ids(front: Front, logged: Lines) -> None:
    talk_id = front.receive(GUEST, "table for 2 tomorrow at 8pm")
    front.work(talk_id)
    (held,) = front.book()
    (reply,) = front.outbox(kind="reply")

    (exchange,) = of(logged, "exchange held")
    (step,) = of(logged, "reservation step")
    (sent,) = of(logged, "message settled")
    assert (exchange["conversation"], exchange["planned"]) == (talk_id, [reply["id"]])
    assert exchange["venue"] == reply["venue_id"]
    assert (step["conversation"], step["reservation"]) == (talk_id, held.id)
    assert (step["code"], step["to_state"], step["actor"]) == (held.code, State.HELD, "guest")
    assert (sent["conversation"], sent["outbound"]) == (talk_id, reply["id"])


def test_an_alert_carries_its_reservation(front: Front, logged: Lines) -> None:
    for text in ("table for 2 tomorrow at 8pm", "1"):
        front.say(GUEST, text)
    front.run_due()
    (booked,) = front.book()

    alerts = [line for line in of(logged, "message settled") if line["kind"] == "alert"]
    assert {line["reservation"] for line in alerts} == {booked.id}


def test_what_the_clock_does_is_told_too(front: Front, logged: Lines) -> None:
    front.say(GUEST, "table for 2 tomorrow at 8pm")
    front.clock.forward(minutes=6)
    front.run_due()

    expired = of(logged, "reservation step")[-1]
    assert (expired["kind"], expired["actor"]) == ("expired", "house")
    assert "conversation" not in expired


def test_no_line_tells_who_the_guest_is_or_what_was_said(front: Front, logged: Lines) -> None:
    for text in ("table for 2 tomorrow at 8pm, with a pram", "1", "Bianchi", "I want a person"):
        front.say(GUEST, text)
    front.run_due()

    assert len(logged) > 10
    clean = [Redactor([])(None, "", dict(line)) for line in logged]
    everything = json.dumps(clean, default=repr)
    for private in ("pram", "Bianchi", "person", "tomorrow", GUEST):
        assert private not in everything


def test_what_the_database_refuses_is_logged_without_its_values(front: Front) -> None:
    front.receive(GUEST, "we have a pram")
    again = sa.text("INSERT INTO inbound_message (text, nothing) VALUES (:text, 1)")
    with pytest.raises(sa.exc.DBAPIError) as failed, front.database.transaction() as db:
        db.execute(again, {"text": "we have a pram"})

    assert "pram" not in str(failed.value)


def test_a_slow_provider_counts_in_when_a_reply_was_sent(front: Front) -> None:
    front.say(GUEST, "table for 2 tomorrow at 8pm")
    (reply,) = front.outbox(kind="reply")

    assert reply["sent_at"] > reply["claimed_at"]
