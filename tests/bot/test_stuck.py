"""Messages that need a look: found by what is the matter, sent again or given up by an operator."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from front import GUEST, STAFF_CHAT, Front

from booking.database import Database
from bot import outbox, stuck
from bot.inbox import Kind as InboundKind
from bot.models import InboundMessage, OutboundMessage
from bot.outbox import Kind, State
from bot.stuck import NotPossible, Trouble


@pytest.fixture
def database(postgres_database: Database) -> Database:
    return postgres_database  # one is enough here


def listing(front: Front, *troubles: Trouble, days: int = 7) -> list[dict[str, Any]]:
    now = front.clock()
    with front.database.reading() as db:
        since = now - timedelta(days=days)
        return stuck.listed(db, troubles or list(Trouble), since=since, now=now)


def act(front: Front, what: Callable[..., None], number: str, **more: Any) -> None:
    with front.database.transaction() as db:
        what(db, number, **more)


def retry(front: Front, number: str) -> None:
    act(front, stuck.retry, number, now=front.clock())


def queue(front: Front, state: State = State.QUEUED, **columns: Any) -> str:
    """A message to the guest in a state."""
    planned: dict[str, Any] = {
        "dedup_key": str(next(front.numbers)),
        "channel": "sms",
        "account": front.house.accounts["sms"],
        "address": GUEST,
        "body": {"text": "Hello again", "buttons": []},
        "kind": Kind.REPLY,
        "now": front.clock(),
        **columns,
    }
    with front.database.transaction() as db:
        number = outbox.queue(db, **planned)
        assert number is not None
        outbox.update(db, number, state=state)
    return str(number)


def state_of(front: Front, number: str) -> str:
    (row,) = front.outbox(id=int(number))
    return str(row["state"])


def test_each_trouble_is_listed_by_its_name_and_the_rest_is_not(front: Front) -> None:
    dead, failed = queue(front, State.DEAD), queue(front, State.FAILED)
    unknown = queue(front, State.UNKNOWN)
    for state in (State.SENT, State.DELIVERED, State.SUPPRESSED):
        queue(front, state)
    queue(front, State.DEAD, kind=Kind.ANSWER)
    late = queue(front)
    front.clock.forward(minutes=1)
    queue(front)

    ids = {trouble: {row["id"] for row in listing(front, trouble)} for trouble in Trouble}
    assert ids == {
        Trouble.DEAD: {dead, failed},
        Trouble.UNKNOWN: {unknown},
        Trouble.OVERDUE: {late},
    }
    assert len(listing(front)) == 4
    front.clock.forward(days=8)
    assert listing(front) == []


def test_a_listed_message_tells_its_reason_and_no_whole_number(front: Front) -> None:
    number = queue(front, State.FAILED)
    with front.database.transaction() as db:
        outbox.update(db, int(number), error=f"21211: {GUEST} is no number")
    (entry,) = listing(front)

    assert GUEST not in json.dumps(entry)
    assert GUEST not in stuck.line(entry)
    assert entry["address"] == "+44…01"
    assert "21211" in stuck.line(entry)


@pytest.mark.parametrize("state", [State.DEAD, State.FAILED])
def test_what_was_given_up_goes_out_after_a_retry(front: Front, state: State) -> None:
    number = queue(front, state, not_after=front.clock())
    retry(front, number)
    front.run_due()

    assert front.heard(GUEST) == ["Hello again"]
    assert listing(front) == []


def test_what_may_have_arrived_is_looked_for_before_it_is_sent_again(front: Front) -> None:
    front.receive(GUEST, "hello")
    number = queue(front)
    with front.answers_lost(GUEST):
        front.house.deliver(int(number), now=front.clock())
    front.clock.forward(minutes=1)
    assert state_of(front, number) == State.UNKNOWN

    retry(front, number)
    front.house.deliver(int(number), now=front.clock())
    assert front.heard(GUEST) == ["Hello again"]
    assert state_of(front, number) in {State.SENT, State.DELIVERED}


def test_who_wants_nothing_gets_nothing_by_a_retry_either(front: Front) -> None:
    number = queue(front, State.DEAD)
    front.receive(GUEST, "STOP")
    retry(front, number)
    front.run_due()

    assert "Hello again" not in front.heard(GUEST)
    assert state_of(front, number) == State.SUPPRESSED


def test_an_alert_is_written_anew_from_the_book(front: Front) -> None:
    front.say(GUEST, "table for 2 tomorrow at 8pm")
    front.say(GUEST, "1")
    (row,) = [r for r in front.outbox(kind=Kind.ALERT) if r["facts"].get("say")]
    with front.database.transaction() as db:
        outbox.update(db, row["id"], state=State.DEAD)
    front.say(GUEST, "Carla")
    before = len(front.heard(str(STAFF_CHAT)))

    retry(front, str(row["id"]))
    front.run_due()
    assert "Carla" in front.heard(str(STAFF_CHAT))[before:][0]


@pytest.mark.parametrize("what", [stuck.drop, stuck.retry])
@pytest.mark.parametrize("state", [State.SENT, State.DELIVERED, State.SENDING, State.SUPPRESSED])
def test_what_went_already_stays_as_it_is(
    front: Front, what: Callable[..., None], state: State
) -> None:
    number = queue(front, state)
    more = {} if what is stuck.drop else {"now": front.clock()}
    with pytest.raises(NotPossible, match=rf"^{number} cannot be "):
        act(front, what, number, **more)

    assert state_of(front, number) == state


def test_what_is_dropped_is_neither_sent_nor_listed(front: Front) -> None:
    number = queue(front)
    act(front, stuck.drop, number)
    front.run_due()

    assert front.heard(GUEST) == []
    assert listing(front) == []
    assert state_of(front, number) == State.DEAD


@pytest.mark.parametrize("number", ["7", "in:7", "x", "", "in:", "-1"])
def test_a_number_of_no_message_is_one_line(front: Front, number: str) -> None:
    with pytest.raises(NotPossible, match="no "):
        retry(front, number)


def bury(front: Front, text: str) -> str:
    """A message of the guest that was given up."""
    talk_id = front.receive(GUEST, text)
    row = InboundMessage
    with front.database.transaction() as db:
        here = row.conversation_id == talk_id
        db.execute(sa.update(row).where(here).values(state="dead", attempts=5))
        number = db.execute(sa.select(row.id).where(here)).scalar_one()
    return f"in:{number}"


def test_a_message_that_could_not_be_handled_is_handled_after_a_retry(front: Front) -> None:
    number = bury(front, "table for 2 tomorrow at 8pm")
    assert [(r["id"], r["reason"]) for r in listing(front, Trouble.DEAD)] == [
        (number, "handling it failed 5 times")
    ]

    retry(front, number)
    front.run_due()
    assert "held for you" in front.heard(GUEST)[-1]
    with pytest.raises(NotPossible, match="was handled"):
        retry(front, number)


def test_a_message_that_came_in_can_be_dropped(front: Front) -> None:
    act(front, stuck.drop, bury(front, "table for 2 tomorrow at 8pm"))
    front.run_due()

    assert listing(front) == []
    assert front.heard(GUEST) == []


def test_what_could_not_be_read_is_listed_but_never_retried(front: Front) -> None:
    with front.database.transaction() as db:
        values = {"channel": "telegram", "external_id": "x", "kind": InboundKind.UNREADABLE}
        values |= {"text": "", "state": "dead"}
        db.execute(
            sa.insert(InboundMessage).values(
                **values,
                data={},
                attempts=0,
                received_at=front.clock(),
                next_attempt_at=front.clock(),
            )
        )
    (entry,) = listing(front)

    assert entry["reason"] == "could not be read"
    with pytest.raises(NotPossible, match="never will be"):
        retry(front, entry["id"])


def test_a_reminder_is_not_sent_again_once_the_visit_has_begun(front: Front) -> None:
    front.say(GUEST, "table for 2 in 4 days at 8pm")
    front.say(GUEST, "1")
    (reminder,) = front.outbox(kind=Kind.REMINDER)
    row = OutboundMessage
    with front.database.transaction() as db:
        db.execute(sa.update(row).where(row.id == reminder["id"]).values(state=State.DEAD))
    retry(front, str(reminder["id"]))
    (again,) = front.outbox(kind=Kind.REMINDER)
    assert again["not_after"] == reminder["not_after"]

    with front.database.transaction() as db:
        outbox.update(db, reminder["id"], state=State.DEAD)
    front.clock.forward(days=5)
    with pytest.raises(NotPossible, match="has begun"):
        retry(front, str(reminder["id"]))
