"""What is no text: told apart by its kind, and answered with a sentence of its own."""

from typing import Any

import pytest
from front import CHAT, GUEST, Front

from booking.database import Database
from booking.lifecycle import State
from bot.channels.sms import read_sms
from bot.channels.telegram import read_update
from bot.inbox import Kind
from webhooks.emulator.telegram_chats import MEDIA

PLACE = {"latitude": 45.4785, "longitude": 9.1877}
FILE = {"file_id": "f", "file_unique_id": "f"}
#: What Telegram may carry, besides what the emulator sends.
MORE: dict[str, dict[str, Any]] = {
    "animation": {
        "animation": {**FILE, "width": 9, "height": 9, "duration": 1},
        "document": FILE,
    },
    "venue": {"venue": {"location": PLACE, "title": "T", "address": "A"}, "location": PLACE},
    "dice": {"dice": {"value": 3, "emoji": "\N{GAME DIE}"}},
    "document": {"document": FILE},
}


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough: what differs between the two is tested elsewhere."""
    return sqlite_database


def update(kind: str = "message", **message: Any) -> dict[str, Any]:
    person = {"id": 501, "is_bot": False, "first_name": "Anna"}
    chat = {"id": 501, "type": "private", "first_name": "Anna"}
    shape = {"message_id": 1, "date": 1763636400, "chat": chat, "from": person, **message}
    return {"update_id": 1, kind: shape}


@pytest.mark.parametrize("kind", sorted(MEDIA | MORE))
def test_telegram_attachments_are_told_apart(kind: str) -> None:
    received = read_update(update(**(MEDIA | MORE)[kind]), "77")

    assert (received.kind, received.data["media"]) == (Kind.MEDIA, kind)


def test_a_picture_with_a_caption_is_a_text() -> None:
    received = read_update(update(**MEDIA["photo"], caption="for 5"), "77")

    assert (received.kind, received.text) == (Kind.TEXT, "for 5")


@pytest.mark.parametrize(
    ("sort", "kind"),
    [
        ("image/jpeg", "image"),
        ("video/3gpp", "video"),
        ("audio/amr", "audio"),
        ("text/x-vcard", "text"),
    ],
)
def test_an_mms_tells_what_it_carries(sort: str, kind: str) -> None:
    form = {"From": "+44", "To": "+39", "MessageSid": "SM1", "Body": ""}
    received = read_sms({**form, "NumMedia": "1", "MediaContentType0": sort})

    assert (received.kind, received.data["media"]) == (Kind.MEDIA, kind)


@pytest.mark.parametrize(
    ("media", "answer"),
    [
        ("photo", "cannot look at pictures"),
        ("voice", "cannot listen"),
        ("sticker", "Nice one"),
        ("location", "Via Solferino 9, Milano"),
        ("contact", "cannot use a contact"),
        ("poll", "only read text"),
        (None, "only read text"),
    ],
)
def test_each_kind_has_its_own_answer_and_the_question_stays_open(
    front: Front, media: str | None, answer: str
) -> None:
    front.say(CHAT, "table for 2 tomorrow at 8pm", name="Anna")
    said = front.say(CHAT, "", kind=Kind.MEDIA, media=media) or ""

    assert answer in said
    assert "Reply 1 to book it" in said
    front.say(CHAT, "1", name="Anna")
    assert [found.state for found in front.book()] == [State.RESERVED]


def test_by_sms_a_picture_gets_the_same_answer(front: Front) -> None:
    assert "cannot look at pictures" in (front.say(GUEST, "", kind=Kind.MEDIA, media="image") or "")


def test_a_live_location_that_moves_is_answered_once(front: Front) -> None:
    assert front.say(CHAT, "", kind=Kind.MEDIA, media="location") is not None
    moved = read_update(update("edited_message", location=PLACE), "77")

    assert front.say(CHAT, moved.text, kind=moved.kind) is None


def test_the_way_of_a_sticker_through_the_provider(front: Front) -> None:
    sticker = read_update(update(**MEDIA["sticker"]), "77")

    assert "Nice one" in (front.say(CHAT, "", kind=sticker.kind, **sticker.data) or "")
