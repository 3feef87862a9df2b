"""Driving the box by HTTP, as a test in another process does."""

import threading
from typing import Any

import pytest
from telegram import Update

ANNA, STAFF, NUMBER = 5550001, -1001234567890, "+393331234567"


def updates(house: Any, number: int) -> list[Any]:
    house.wait_for(lambda: len(house.updates) >= number)
    return [Update.de_json(update, None) for update in house.updates]


def test_a_guest_speaks_edits_and_sends(house: Any, driver: Any) -> None:
    said = driver.post(
        "/telegram/say",
        json={"chat_id": ANNA, "text": "ciao", "name": "Anna", "language_code": "it"},
    ).json()
    driver.post("/telegram/edit", json={"chat_id": ANNA, "text": "hello"} | said)
    driver.post("/telegram/send", json={"chat_id": ANNA, "kind": "photo"})

    first, second, third = updates(house, 3)

    assert (first.message.text, first.effective_user.language_code) == ("ciao", "it")
    assert second.edited_message.text == "hello"
    assert third.message.photo


def test_a_guest_shares_their_own_number_or_a_contact_of_somebody_else(
    house: Any, driver: Any
) -> None:
    driver.post("/telegram/open", json={"chat_id": ANNA, "name": "Anna"})
    contact = {"chat_id": ANNA, "kind": "contact"}
    driver.post("/telegram/send", json=contact | {"number": NUMBER})
    driver.post("/telegram/send", json=contact)

    own, other = (update.message.contact for update in updates(house, 2))
    assert (own.user_id, own.phone_number) == (ANNA, NUMBER.removeprefix("+"))
    assert other.user_id is None
    assert "[contact +393331234567]" in str(driver.get(f"/phones/telegram/{ANNA}").json())


def test_a_number_is_not_shared_in_a_group(driver: Any) -> None:
    driver.post("/telegram/open", json={"chat_id": STAFF, "name": "Staff", "group": True})
    wish = {"chat_id": STAFF, "kind": "contact", "number": NUMBER}

    assert driver.post("/telegram/send", json=wish).is_client_error


def test_a_button_is_pressed_by_its_text_or_by_message_and_data(
    box: Any, house: Any, driver: Any
) -> None:
    driver.post("/telegram/open", json={"chat_id": STAFF, "name": "Staff", "group": True})
    rows = {"inline_keyboard": [[{"text": "Approve", "callback_data": "ok:1"}]]}
    alert = box.telegram.post(box.telegram.chats[STAFF], "9 people", {"reply_markup": rows})

    pressed = driver.post("/telegram/press", json={"chat_id": STAFF, "button": "Approve"}).json()
    forged = {"chat_id": STAFF, "button": "x:9", "message_id": alert["message_id"]}
    driver.post("/telegram/press", json=forged | {"sender": "Luca"})

    queries = {update.callback_query.data: update.callback_query for update in updates(house, 2)}
    assert queries["ok:1"].id == pressed["callback_query_id"]
    assert queries["x:9"].from_user.first_name == "Luca"
    state = driver.get(f"/telegram/presses/{pressed['callback_query_id']}").json()
    assert state == {"answered": False, "text": None, "alert": False}


def test_a_guest_blocks_and_unblocks(house: Any, driver: Any) -> None:
    driver.post("/telegram/open", json={"chat_id": ANNA, "name": "Anna"})
    driver.post("/telegram/block", json={"chat_id": ANNA})
    assert driver.get(f"/phones/telegram/{ANNA}").json()["blocked"]

    driver.post("/telegram/unblock", json={"chat_id": ANNA})

    assert len(updates(house, 2)) == 2


def test_a_group_migrates(driver: Any) -> None:
    driver.post("/telegram/open", json={"chat_id": -77, "name": "Staff", "group": True})

    moved = driver.post("/telegram/migrate", json={"chat_id": -77, "new_id": -10077}).json()

    assert moved["address"] == "-10077"


def test_a_guest_texts(house: Any, driver: Any) -> None:
    wish = {"number": NUMBER, "text": "hello", "media": ["https://pictures.example/1"]}
    sid = driver.post("/sms/say", json=wish).json()["sid"]

    house.wait_for(lambda: house.texts)
    assert house.texts[0]["MessageSid"] == sid


def test_the_end_of_texts_is_decided(box: Any, driver: Any) -> None:
    driver.post("/sms/decide", json={"number": NUMBER, "status": "failed", "error": 30007})

    assert box.twilio.fates[NUMBER].steps() == (("failed", 30007),)


def test_phones_are_shown_with_their_messages(house: Any, driver: Any) -> None:
    driver.post("/sms/say", json={"number": NUMBER, "text": "STOP"})
    house.wait_for(lambda: house.texts)

    (phone,) = driver.get("/phones").json()

    assert (phone["channel"], phone["address"], phone["blocked"]) == ("sms", NUMBER, True)
    assert [message["author"] for message in phone["messages"]] == ["holder", "carrier"]


def test_a_look_at_a_phone_waits_for_news(box: Any, driver: Any) -> None:
    phone = box.twilio.open_phone(NUMBER)
    speak = threading.Timer(0.05, lambda: box.twilio.say(NUMBER, "hello"))
    speak.start()

    seen = driver.get(
        f"/phones/sms/{NUMBER}", params={"after": phone.revision, "wait": 20}, timeout=20
    ).json()
    speak.join()

    assert [message["text"] for message in seen["messages"]] == ["hello"]


@pytest.mark.parametrize("provider", ["telegram", "sms"])
def test_faults_are_switched_and_reset(driver: Any, provider: str) -> None:
    wish = {"fail": 2, "duplicate": True, "slow_ms": 5}
    state = driver.put(f"/{provider}/faults", json=wish).json()
    assert (state["fail"], state["duplicate"], state["slow_ms"]) == (2, True, 5)
    state = driver.put(f"/{provider}/faults", json={"fail": 0}).json()
    assert (state["fail"], state["duplicate"]) == (0, True)

    driver.post("/reset")

    assert not any(driver.get(f"/{provider}/faults").json().values())


def test_a_reset_forgets_phones_but_not_webhooks(house: Any, driver: Any) -> None:
    driver.post("/telegram/say", json={"chat_id": ANNA, "text": "one"})
    driver.post("/reset")
    assert driver.get("/phones").json() == []
    driver.post("/telegram/say", json={"chat_id": ANNA, "text": "two"})

    first, second = updates(house, 2)

    assert second.update_id > first.update_id
    assert second.message.message_id > first.message.message_id


def test_what_is_under_way_can_be_asked(box: Any, driver: Any) -> None:
    box.emulators.courier.later(60, lambda: None)

    assert driver.get("/under-way").json() == {"under_way": 1}


@pytest.mark.parametrize(
    ("path", "wish"),
    [
        ("/telegram/say", {"chat_id": -5, "text": "to an unknown group"}),
        ("/telegram/say", {"chat_id": ANNA, "text": "  "}),
        ("/telegram/block", {"chat_id": 404}),
        ("/telegram/press", {"chat_id": ANNA, "button": "none"}),
        ("/telegram/edit", {"chat_id": ANNA, "message_id": 1, "text": "x"}),
        ("/telegram/send", {"chat_id": ANNA, "kind": "smell"}),
    ],
)
def test_what_cannot_be_done_is_a_conflict(driver: Any, path: str, wish: dict[str, Any]) -> None:
    driver.post("/telegram/open", json={"chat_id": ANNA, "name": "Anna"})

    answer = driver.post(path, json=wish)

    assert answer.status_code == 409
    assert answer.json()["detail"]


def test_a_misspelt_wish_is_refused(driver: Any) -> None:
    answer = driver.put("/sms/faults", json={"loose_answer": True})

    assert answer.status_code == 422
