"""Webhooks: who may call them, what they answer, and that nothing answered 200 is lost."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from restaurants import NOON, open_venue
from starlette.testclient import TestClient as Client
from twilio.request_validator import RequestValidator

from booking.database import Database
from bot.models import InboundMessage, OutboundMessage
from bot.settings import Settings
from webhooks.app import build

SECRET = "hush-hush"
AUTH_TOKEN = "made-up"
PUBLIC = "https://tables.example.com/bot"
ON = {
    "telegram_token": "77:made-up",
    "telegram_webhook_secret": SECRET,
    "telegram_api_url": "http://127.0.0.1:9",
    "twilio_account_sid": "AC1",
    "twilio_auth_token": AUTH_TOKEN,
    "twilio_number": "+390212345678",
    "twilio_api_url": "http://127.0.0.1:9",
    "public_url": PUBLIC,
}


@dataclass
class Door:
    """The app behind a test client, and its database."""

    client: Client
    database: Database

    def telegram(self, body: Any, secret: str | None = SECRET) -> Any:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret is not None else {}
        return self.client.post("/webhooks/telegram", content=content, headers=headers)

    def twilio(self, form: dict[str, str], *, path: str = "sms", signed: str | None = None) -> Any:
        url = f"{PUBLIC}/webhooks/twilio/{path}"
        signature = RequestValidator(AUTH_TOKEN).compute_signature(url, form)
        headers = {"X-Twilio-Signature": signature if signed is None else signed}
        return self.client.post(f"/webhooks/twilio/{path}", data=form, headers=headers)

    def stored(self) -> list[Any]:
        row = InboundMessage
        query = sa.select(row.kind, row.state, row.text, row.data).order_by(row.id)
        with self.database.reading() as db:
            return list(db.execute(query).all())

    @contextmanager
    def mislaid(self, rows: str) -> Iterator[None]:
        """Meanwhile a table is not where it is looked for."""
        self._run(f"ALTER TABLE {rows} RENAME TO elsewhere")
        try:
            yield
        finally:
            self._run(f"ALTER TABLE elsewhere RENAME TO {rows}")

    def _run(self, statement: str) -> None:
        with self.database.transaction() as db:
            db.execute(sa.text(statement))


@pytest.fixture
def make_door(empty_url: str) -> Iterator[Callable[..., Door]]:
    doors = []

    def make(**settings: Any) -> Door:
        app = build(Settings.model_validate({"database_url": empty_url, **settings}))
        house = app.state.edge.house
        with house.database.transaction() as db:
            open_venue(db, now=NOON)
        door = Door(TestClient(app, raise_server_exceptions=False), house.database)
        doors.append((door, house))
        return door

    yield make
    for door, house in doors:
        door.client.close()
        house.close()


@pytest.fixture
def door(make_door: Callable[..., Door]) -> Door:
    return make_door(**ON)


def update(number: int = 1, **message: Any) -> dict[str, Any]:
    person = {"id": 501, "is_bot": False, "first_name": "Anna", "language_code": "it-IT"}
    chat = {"id": 501, "type": "private", "first_name": "Anna"}
    shape = {"message_id": number, "date": 1763636400, "chat": chat, "from": person}
    return {"update_id": number, "message": {**shape, "text": "hello", **message}}


def sms(number: int = 1, **fields: str) -> dict[str, str]:
    return {
        "MessageSid": f"SM{number}",
        "AccountSid": "AC1",
        "From": "+447700900101",
        "To": "+390212345678",
        "Body": "hello",
        "NumMedia": "0",
        **fields,
    }


def test_an_update_is_answered_once_it_is_stored(door: Door) -> None:
    answer = door.telegram(update())

    assert answer.status_code == 200
    kind, state, text, data = door.stored()[0]
    assert (kind, state, text) == ("text", "new", "hello")
    assert (data["name"], data["language"]) == ("Anna", "it")


def test_an_sms_is_answered_with_an_empty_answer_once_it_is_stored(door: Door) -> None:
    answer = door.twilio(sms())

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/xml")
    assert answer.text.endswith("<Response/>")
    assert [row.text for row in door.stored()] == ["hello"]


@pytest.mark.parametrize("times", [2, 5])
def test_a_webhook_that_comes_again_is_stored_once(door: Door, times: int) -> None:
    for _ in range(times):
        assert door.telegram(update(7)).status_code == 200
        assert door.twilio(sms(7)).status_code == 200

    assert len(door.stored()) == 2


def test_update_ids_that_go_down_are_new_messages(door: Door) -> None:
    for number in (9, 3, 5):
        door.telegram(update(number))

    assert len(door.stored()) == 3


@pytest.mark.parametrize("secret", [None, "", "wrong", "hush-hus", "hüsh"])
def test_without_the_secret_nothing_is_stored(door: Door, secret: str | None) -> None:
    headers = []
    if secret is not None:
        headers = [(b"X-Telegram-Bot-Api-Secret-Token", secret.encode())]
    answer = door.client.post("/webhooks/telegram", content=b"{}", headers=headers)

    assert answer.status_code == 403
    assert door.stored() == []


@pytest.mark.parametrize("signature", ["", "wrong", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="])
@pytest.mark.parametrize("path", ["sms", "status"])
def test_without_the_signature_nothing_is_stored(door: Door, signature: str, path: str) -> None:
    assert door.twilio(sms(), path=path, signed=signature).status_code == 403
    assert door.client.post(f"/webhooks/twilio/{path}", data=sms()).status_code == 403
    assert door.stored() == []


def test_a_signature_holds_for_its_own_text_only(door: Door) -> None:
    url = f"{PUBLIC}/webhooks/twilio/sms"
    signature = RequestValidator(AUTH_TOKEN).compute_signature(url, sms())
    answer = door.twilio(sms(Body="something else"), signed=signature)

    assert answer.status_code == 403


def test_the_signature_is_over_the_public_address_whatever_host_is_claimed(door: Door) -> None:
    url = "http://testserver/webhooks/twilio/sms"
    signature = RequestValidator(AUTH_TOKEN).compute_signature(url, sms())

    assert door.twilio(sms(), signed=signature).status_code == 403


def test_fields_that_are_new_or_blank_are_signed_too(door: Door) -> None:
    form = sms(FromCity="", Brand_New="1", Body="  hello  ")

    assert door.twilio(form).status_code == 200
    assert door.stored()[0].text == "  hello  "


@pytest.mark.parametrize("path", ["telegram", "twilio/sms", "twilio/status"])
def test_a_channel_that_is_off_is_not_found(make_door: Callable[..., Door], path: str) -> None:
    answer = make_door().client.post(f"/webhooks/{path}", data={"a": "b"})

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"hello"',
        b"{}",
        b'{"update_id": 1, "message": 7}',
        b'{"update_id": 1, "message": {"text": "hello"}}',
        b'{"update_id": "x", "callback_query": {"id": "1"}}',
        b"\xff\xfe\x00",
    ],
)
def test_what_cannot_be_read_is_kept_and_answered_so_that_the_next_gets_through(
    door: Door, body: bytes
) -> None:
    for _ in range(2):
        answer = door.telegram(body)
        assert answer.status_code == 200
        assert "Traceback" not in answer.text
    door.telegram(update(2))

    states = [row.state for row in door.stored()]
    assert states == ["dead", "new"]


@pytest.mark.parametrize("kind", ["poll", "message_reaction", "channel_post", "a_new_kind"])
def test_updates_of_other_kinds_are_kept_and_answered(door: Door, kind: str) -> None:
    assert door.telegram({"update_id": 4, kind: {}}).status_code == 200
    assert [row.state for row in door.stored()] == ["dead"]


@pytest.mark.parametrize(
    "text",
    ["x" * 10_000, "👍🎉" * 20, "\0 nul \0", "half \ud83d a character", "\u202eright to left", " "],
)
def test_any_text_is_stored(door: Door, text: str) -> None:
    assert door.telegram(update(text=text)).status_code == 200
    assert len(door.stored()) == 1
    assert door.stored()[0].state == "new"


def test_an_sms_without_what_twilio_always_sends_is_kept(door: Door) -> None:
    assert door.twilio({"Body": "hello"}).status_code == 200
    assert [row.state for row in door.stored()] == ["dead"]


def test_a_reply_in_a_group_names_the_message_and_the_group(door: Door) -> None:
    group = {"id": -4711, "type": "group", "title": "Kitchen"}
    before = update(text="an alert")["message"] | {"message_id": 99, "chat": group}
    door.telegram(update(chat=group, reply_to_message=before))

    data = door.stored()[0].data
    assert (data["reply_to"], data["chat_title"]) == ("99", "Kitchen")


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ({"text": None, "caption": "table for 2", "photo": []}, "text"),
        ({"text": None, "sticker": {}}, "media"),
    ],
)
def test_a_picture_is_a_text_only_if_it_has_one(
    door: Door, message: dict[str, Any], kind: str
) -> None:
    body = update(**message)
    body["message"] = {k: v for k, v in body["message"].items() if v not in (None, {}, [])}
    door.telegram(body)

    assert door.stored()[0].kind == kind


def test_a_picture_by_sms_is_no_text(door: Door) -> None:
    door.twilio(sms(Body="", NumMedia="1", MediaUrl0="https://x"))

    assert door.stored()[0].kind == "media"


def test_a_press_is_stored_and_acknowledged(door: Door) -> None:
    message = update()["message"]
    query = {"id": "p1", "from": message["from"], "chat_instance": "1", "data": "g:1:yes"}
    door.telegram({"update_id": 5, "callback_query": {**query, "message": message}})

    kind, _, text, data = door.stored()[0]
    assert (kind, text, data["press_id"]) == ("press", "g:1:yes", "p1")
    with door.database.reading() as db:
        assert db.execute(sa.select(OutboundMessage.kind)).scalars().all() == ["answer"]


def test_a_block_is_remembered(door: Door) -> None:
    message = update()["message"]
    was, became = ({"user": message["from"], "status": s} for s in ("member", "kicked"))
    change = {"chat": message["chat"], "from": message["from"], "date": 1}
    door.telegram(
        {
            "update_id": 6,
            "my_chat_member": {
                **change,
                "old_chat_member": was,
                "new_chat_member": {**became, "until_date": 0},
            },
        }
    )

    assert door.stored()[0].data["blocked"] is True


def test_what_could_not_be_stored_is_to_be_sent_again(door: Door) -> None:
    with door.mislaid("inbound_message"):
        for answer in (door.telegram(update()), door.twilio(sms())):
            assert answer.status_code == 503
            assert int(answer.headers["Retry-After"]) > 0
            assert "Traceback" not in answer.text
        assert door.client.get("/health/ready").status_code == 503

    assert door.telegram(update()).status_code == 200
    assert len(door.stored()) == 1


def test_a_status_callback_is_answered_with_nothing(door: Door) -> None:
    form = {"MessageSid": "SM9", "MessageStatus": "delivered", "ErrorCode": ""}

    assert door.twilio(form, path="status").status_code == 204
    assert door.twilio(form, path="status?row=12345").status_code == 204
    assert door.twilio({"What": "ever"}, path="status").status_code == 204


def test_no_address_is_redirected(door: Door) -> None:
    for path in ("/webhooks/telegram/", "/webhooks/twilio/sms/", "/nowhere"):
        assert door.client.post(path, follow_redirects=False).status_code == 404


def test_health_tells_what_waits(door: Door) -> None:
    assert door.client.get("/health/live").status_code == 200
    empty = door.client.get("/health/ready").json()
    assert empty["ready"] is True
    assert empty["oldest_unhandled_seconds"] is None

    door.telegram(update())
    waiting = door.client.get("/health/ready").json()
    assert waiting["oldest_unhandled_seconds"] >= 0
    assert waiting["worker_seen_seconds"] is None
    assert len(door.stored()) == 1


def test_a_callback_that_could_not_be_stored_is_to_be_sent_again(door: Door) -> None:
    form = {"MessageSid": "SM9", "MessageStatus": "delivered"}
    with door.mislaid("outbound_message"):
        answer = door.twilio(form, path="status")

    assert answer.status_code == 503
    assert "Traceback" not in answer.text
    assert "sqlalchemy" not in answer.text.lower()
