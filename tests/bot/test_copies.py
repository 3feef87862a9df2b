"""The copies of an alert that asks for a decision, once there is none left to make."""

from dataclasses import replace

import pytest
from front import GUEST, STAFF_CHAT, Front
from restaurants import venue_data

from booking.database import Database
from booking.lifecycle import State
from bot.inbox import Kind
from webhooks.emulator.phones import PhoneMessage

LARGE = "table for 9 tomorrow at 8pm"
GROUP, SECOND = str(STAFF_CHAT), "-1009"
HOST = "+390299999999"


@pytest.fixture
def database(postgres_database: Database) -> Database:
    """What is sent does not depend on the database; test_staff.py runs on both."""
    return postgres_database


@pytest.fixture
def front(empty_front: Front) -> Front:
    """A house with two groups and a phone on its staff."""
    staff = [
        {"name": "Front of house", "telegram_chat_id": STAFF_CHAT},
        {"name": "Kitchen", "telegram_chat_id": int(SECOND)},
        {"name": "Mara", "phone": HOST},
    ]
    empty_front.open(venue_data(staff=staff))
    return empty_front


def ask(front: Front) -> str:
    """Let a guest ask for a table that the staff have to approve; its code."""
    front.say(GUEST, LARGE)
    front.say(GUEST, "1")
    return front.book()[0].code


def first(front: Front, chat: str) -> PhoneMessage:
    return front.messages(chat)[0]


@pytest.mark.parametrize(
    ("button", "told"), [("Accept", "Accepted by Luca."), ("Decline", "Declined by Luca.")]
)
def test_every_copy_loses_its_buttons_and_tells_who_decided(
    front: Front, button: str, told: str
) -> None:
    code = ask(front)
    asked = first(front, SECOND)
    assert [b.text for row in asked.buttons for b in row] == ["Accept", "Decline"]
    front.press(GROUP, button, name="Luca")

    for chat in (GROUP, SECOND):
        shown = first(front, chat)
        assert shown.text == f"{asked.text}\n{told}"
        assert shown.buttons == ()
        assert shown.edited
    assert len(front.heard(SECOND)) == 1
    assert front.heard(HOST)[1:] == [f"{code}: {told}"]


def test_who_decided_by_text_is_not_told_so_twice(front: Front) -> None:
    code = ask(front)

    assert "Accepted" in (front.say(HOST, f"1 {code}") or "")
    assert len(front.heard(HOST)) == 2
    assert first(front, GROUP).text.endswith("Accepted by Mara.")


def test_a_request_that_the_guest_takes_back_loses_its_buttons(front: Front) -> None:
    ask(front)
    front.say(GUEST, "cancel my booking")
    front.say(GUEST, "1")

    assert first(front, GROUP).buttons == ()
    assert first(front, GROUP).text.endswith("Cancelled since then.")


def test_a_changed_request_is_decided_under_its_newest_alert_only(front: Front) -> None:
    ask(front)
    front.say(GUEST, "make it 10 people")
    front.say(GUEST, "1")
    old, new = front.messages(SECOND)
    assert old.buttons == ()
    assert old.text.endswith("Changed since then: see the newer message.")
    assert new.buttons
    front.press(GROUP, "Accept", name="Luca")

    old, new = front.messages(SECOND)
    assert old.text.endswith("see the newer message.")
    assert new.text.endswith("Accepted by Luca.")
    assert new.buttons == ()


def test_what_was_never_asked_is_not_edited(front: Front) -> None:
    front.say(GUEST, "table for 2 tomorrow at 8pm")
    front.say(GUEST, "1")
    front.say(GUEST, "cancel my booking")
    front.say(GUEST, "1")

    assert front.outbox(kind="edit") == []


def test_an_edit_waits_until_its_copy_has_been_sent(front: Front) -> None:
    front.say(GUEST, LARGE)
    due = front.house.handle(front.receive(GUEST, "1"), now=front.clock())
    front.say(HOST, f"1 {front.book()[0].code}")
    edits = [row["id"] for row in front.outbox(kind="edit")]
    assert [row["state"] for row in front.outbox(kind="edit")] == ["queued", "queued"]
    assert front.messages(GROUP) == []

    for number in [*edits, *due]:
        front.house.deliver(number, now=front.clock())
    front.clock.forward(seconds=5)
    front.run_due()
    assert first(front, GROUP).buttons == ()
    assert first(front, GROUP).text.endswith("Accepted by Mara.")


def test_a_copy_that_somebody_deleted_is_left_alone(front: Front) -> None:
    ask(front)
    front.emulators.telegram.messages.clear()
    front.press(SECOND, "Accept", name="Luca")

    assert {row["state"] for row in front.outbox(kind="edit")} == {"failed"}
    assert front.outbox(kind="alert", state="failed") == []
    assert front.book()[0].state is State.RESERVED
    assert "Accepted" in front.heard(SECOND)[-1]


def test_a_lost_answer_to_an_edit_is_edited_again(front: Front) -> None:
    ask(front)
    talk = front.receive(HOST, f"1 {front.book()[0].code}")
    front.house.handle(talk, now=front.clock())
    number = front.outbox(kind="edit", address=GROUP)[0]["id"]
    with front.answers_lost(GROUP):
        front.house.deliver(number, now=front.clock())
    assert front.outbox(id=number)[0]["state"] == "unknown"

    front.clock.forward(minutes=1)
    front.house.deliver(number, now=front.clock())
    assert front.outbox(id=number)[0]["state"] == "sent"
    assert first(front, GROUP).text.count("Accepted by Mara.") == 1


def test_nothing_is_edited_where_the_channel_is_off(front: Front) -> None:
    ask(front)
    accounts = {"sms": front.house.accounts["sms"]}
    front.house = replace(front.house, accounts=accounts)
    front.say(HOST, f"1 {front.book()[0].code}")

    assert front.outbox(kind="edit") == []


def test_a_press_on_an_edited_copy_is_told_who_was_first(front: Front) -> None:
    code = ask(front)
    token = first(front, SECOND).buttons[0][0].data or ""
    front.press(GROUP, "Decline", name="Luca")

    late = front.say(SECOND, token, kind=Kind.PRESS, name="Anna")
    assert late == f"{code} is already decided by Luca: declined."
