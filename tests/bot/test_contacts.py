"""One guest in two channels: the number that is shared, the language, where they are written to."""

from typing import Any

import pytest
import sqlalchemy as sa
from front import CHAT, GUEST, OTHER, STAFF_CHAT, Front
from restaurants import NOON, venue_data

from booking import guests
from booking.database import Database
from booking.guests import Guest
from booking.models import Guest as Row
from bot.channels.telegram import read_update
from bot.inbox import Kind
from conversations import talks

GROUP = str(STAFF_CHAT)
ANNA = {"id": int(CHAT), "is_bot": False, "first_name": "Anna"}


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: the races are tested with the book."""
    return sqlite_database


def share(front: Front, number: str = GUEST, *, own: bool = True) -> str:
    """Share a contact in Telegram, by way of what Telegram sends."""
    contact = {"phone_number": number.removeprefix("+"), "first_name": "Anna"}
    return tell(front, contact | ({"user_id": ANNA["id"]} if own else {"user_id": 1}))


def tell(front: Front, contact: dict[str, Any]) -> str:
    received = read_update(update(contact), "77")
    return front.say(CHAT, received.text, kind=received.kind, **received.data) or ""


def update(contact: dict[str, Any]) -> dict[str, Any]:
    chat = {"id": int(CHAT), "type": "private", "first_name": "Anna"}
    message = {"message_id": 1, "date": 1763636400, "chat": chat, "from": ANNA}
    return {"update_id": 1, "message": message | {"contact": contact}}


def everybody(front: Front) -> list[Guest]:
    with front.database.reading() as db:
        ids = db.execute(sa.select(Row.id).order_by(Row.id)).scalars().all()
        return [guests.get(db, number) for number in ids]


def book_by_sms(front: Front) -> str:
    front.say(GUEST, "table for 2 tomorrow at 8pm")
    front.say(GUEST, "1")
    return front.book()[-1].code


@pytest.mark.parametrize(
    ("contact", "number"),
    [
        ({"phone_number": "447700900101", "user_id": 501}, GUEST),
        ({"phone_number": "+447700900101", "user_id": 501}, GUEST),
        ({"phone_number": "447700900101", "user_id": 502}, None),
        ({"phone_number": "447700900101"}, None),
        ({"phone_number": "12", "user_id": 501}, None),
        ({"phone_number": "unknown", "user_id": 501}, None),
    ],
)
def test_only_a_number_of_the_senders_own_is_kept(
    contact: dict[str, Any], number: str | None
) -> None:
    received = read_update(update({"first_name": "Anna", **contact}), "77")

    assert received.data.get("own_number") == number
    assert (received.kind, received.data["media"]) == (Kind.MEDIA, "contact")
    assert GUEST[-7:] not in str({**received.data, "own_number": None})


def test_who_shares_their_number_finds_what_was_booked_from_it(front: Front) -> None:
    code = book_by_sms(front)
    front.say(CHAT, "hello", name="Anna")
    assert code not in (front.say(CHAT, "what have I booked?") or "")

    assert share(front) == (
        "Thank you, now I know your number. What is booked under it is yours here as well."
    )
    assert code in (front.say(CHAT, "what have I booked?") or "")
    (one,) = everybody(front)
    assert [(c.address, c.verified_at is not None) for c in one.contacts] == [
        (GUEST, True),
        (CHAT, True),
    ]


def test_the_open_question_stays_open_after_a_number_was_shared(front: Front) -> None:
    front.say(CHAT, "table for 2 tomorrow at 8pm", name="Anna")

    assert "Reply 1 to book it" in share(front)
    front.say(CHAT, "1")
    assert [found.state for found in front.book()] == ["reserved"]


def test_a_contact_of_somebody_else_is_no_proof(front: Front) -> None:
    book_by_sms(front)
    front.say(CHAT, "hello", name="Anna")

    assert "cannot use a contact" in share(front, own=False)
    assert len(everybody(front)) == 2


def test_a_number_that_the_staff_typed_finds_its_guest_when_it_is_shared(front: Front) -> None:
    front.say(GROUP, f"/book 2 sat 20:00 Rossi {GUEST}", chat_type="supergroup", name="Marta")
    share(front)

    assert front.book()[0].code in (front.say(CHAT, "what have I booked?") or "")
    assert [guest.name for guest in everybody(front)] == ["Rossi"]


def test_a_number_is_known_also_while_a_person_talks_with_the_guest(front: Front) -> None:
    front.say(CHAT, "can I talk to a person", name="Anna")
    front.press(GROUP, "I take over", name="Marta")
    share(front)

    assert [len(guest.contacts) for guest in everybody(front)] == [2]
    assert "[not a text]" in front.alerts()[-1]


def test_a_guest_is_told_where_they_wrote_last(front: Front) -> None:
    code = book_by_sms(front)
    share(front)
    for channel, other in ((CHAT, GUEST), (GUEST, CHAT)):
        front.say(channel, "hello")
        before = len(front.heard(channel)), len(front.heard(other))
        hour = "20:30" if channel == CHAT else "21:00"
        front.say(GROUP, f"/change {code} {hour}", chat_type="supergroup", name="Marta")
        front.run_due()
        assert (len(front.heard(channel)), len(front.heard(other))) == (before[0] + 1, before[1])
        assert hour in front.heard(channel)[-1]


def test_a_stop_by_sms_leaves_the_other_channel_as_it_was(front: Front) -> None:
    code = book_by_sms(front)
    share(front)
    front.say(GUEST, "STOP")
    assert [guest.address for guest in everybody(front)] == [CHAT]

    front.say(GROUP, f"/change {code} 20:30", chat_type="supergroup", name="Marta")
    front.run_due()
    assert "20:30" in front.heard(CHAT)[-1]


def test_the_staff_answer_either_of_the_two_talks(front: Front) -> None:
    share(front)
    front.say(GUEST, "can I talk to a person")
    asked = front.messages(GROUP)[-1].id
    front.say(CHAT, "hello", name="Anna")  # now they are written to in Telegram
    front.say(GROUP, "of course", chat_type="supergroup", name="Marta", reply_to=asked)

    assert "of course" in front.heard(GUEST)[-1]


def test_the_language_that_a_guest_speaks_is_known(front: Front) -> None:
    front.say(GUEST, "un tavolo per due domani sera alle 20")
    assert [guest.language for guest in everybody(front)] == ["it"]

    front.say(GUEST, "English please")
    assert [guest.language for guest in everybody(front)] == ["en"]


def test_a_number_is_another_matter_at_another_house(front: Front) -> None:
    front.open(venue_data(restaurant={"slug": "bella", "name": "Bella"}))
    with front.database.transaction() as db:
        guests.meet(db, 2, "sms", GUEST, name="Rossi", now=NOON)
    front.say(CHAT, "/start aurora", name="Anna")
    share(front)

    names = {guest.venue_id: guest.name for guest in everybody(front)}
    assert names == {1: "Anna", 2: "Rossi"}


def test_two_guests_stay_two(front: Front) -> None:
    book_by_sms(front)
    front.say(OTHER, "hello")
    share(front, "+447700900199")

    assert len(everybody(front)) == 3
    with front.database.reading() as db:
        assert talks.find(db, "sms", "+447700900199") is None
