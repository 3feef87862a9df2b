"""A guest and the staff who write at the same moment, on a real server with real locks."""

import threading
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import pytest
from front import GUEST, STAFF_CHAT, Front
from races import before, sessions_waiting
from servers import wait_until

from booking.database import Database
from bot.staff import relay
from conversations import talks
from conversations.draft import Step
from conversations.talks import Talk

GROUP = str(STAFF_CHAT)


@pytest.fixture
def database(postgres_database: Database) -> Database:
    """SQLite has one writer at a time."""
    return postgres_database


def answered_meanwhile(front: Front) -> Talk:
    """Let a guest ask for a table, and the staff answer before that exchange has ended."""
    front.say(GUEST, "can I talk to a person?")
    told = front.messages(GROUP)[-1].id
    guest = front.receive(GUEST, "table for 2 tomorrow at 8pm")
    staff = front.receive(GROUP, "What can I do for you?", reply_to=told, name="Marta")
    answering = threading.Thread(target=front.house.handle, args=(staff,), kwargs=_at(front))
    first = threading.Lock()
    observer = Database(front.database.engine.url.render_as_string(hide_password=False))

    def meanwhile() -> None:
        if first.acquire(blocking=False):
            answering.start()
            wait_until(lambda: sessions_waiting(observer) >= 1, what="the staff's exchange")

    with closing(observer), before(front.database, "UPDATE conversation", meanwhile):
        front.house.handle(guest, **_at(front))
    answering.join()
    with front.database.reading() as db:
        return talks.get(db, guest)


def _at(front: Front) -> dict[str, Any]:
    return {"now": front.clock()}


def test_a_reply_waits_for_the_guests_own_exchange(front: Front) -> None:
    talk = answered_meanwhile(front)

    assert talk.staffed_until is not None
    assert talk.draft.step is Step.CONFIRMING


def test_without_the_lock_the_guests_exchange_would_be_forgotten(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = SimpleNamespace(lock=talks.get, get=talks.get, save=talks.save)
    monkeypatch.setattr(relay, "talks", without)
    talk = answered_meanwhile(front)

    assert talk.staffed_until is not None
    assert talk.draft.step is not Step.CONFIRMING
