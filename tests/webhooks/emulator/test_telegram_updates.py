"""What Telegram sends to the house, in which order, and what it does when it is refused."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi import Response
from telegram import Update

from webhooks.emulator.courier import Outcome
from webhooks.emulator.phones import Author, Delivery
from webhooks.emulator.telegram import NotPossible
from webhooks.emulator.telegram_chats import MEDIA, Person
from webhooks.emulator.telegram_hook import Webhook, retry_rule

ANNA, BRUNO, STAFF = 5550001, 5550002, -1001234567890


def read(house: Any, number: int) -> list[Any]:
    house.wait_for(lambda: len(house.updates) >= number)
    return [Update.de_json(update, None) for update in house.updates]


def test_a_message_reaches_the_house_with_secret_and_language(box: Any, house: Any) -> None:
    phone = box.telegram.open_chat(ANNA, "Anna", language_code="it")

    number = box.telegram.say(ANNA, "/start ciao")

    (update,) = read(house, 1)
    assert update.message.text == "/start ciao"
    assert update.message.message_id == number
    assert update.message.from_user.language_code == "it"
    assert update.message.chat.id == ANNA
    assert update.message.entities[0].type == "bot_command"
    phone.wait_for(lambda messages: messages[0].state is Delivery.DELIVERED)


def test_a_wrong_secret_is_seen_by_the_house(box: Any, house: Any) -> None:
    box.telegram.updates.point_to(Webhook(f"{house.url}/webhooks/telegram", "wrong"), drop=False)
    box.telegram.open_chat(ANNA, "Anna")

    box.telegram.say(ANNA, "hello")

    house.wait_for(lambda: house.refused)
    assert house.updates == []


def test_ids_rise_and_start_above_those_of_an_earlier_run(box: Any, house: Any, clock: Any) -> None:
    box.telegram.open_chat(ANNA, "Anna")
    for text in ("one", "two", "three"):
        box.telegram.say(ANNA, text)

    updates = read(house, 3)

    first = int(clock.now.timestamp())
    assert [update.update_id for update in updates] == [first, first + 1, first + 2]


def test_messages_of_a_chat_wait_for_one_another(box: Any, house: Any) -> None:
    house.answers.extend([Response(status_code=503), Response(status_code=500)])
    box.telegram.open_chat(ANNA, "Anna")
    for text in ("one", "two", "three"):
        box.telegram.say(ANNA, text)

    assert [update.message.text for update in read(house, 3)] == ["one", "two", "three"]
    assert len(house.attempts) == 5


def test_chats_do_not_wait_for_one_another(box: Any, house: Any) -> None:
    house.answers.append(Response(status_code=503, headers={"Retry-After": "600"}))
    box.telegram.open_chat(ANNA, "Anna")
    bruno = box.telegram.open_chat(BRUNO, "Bruno")
    box.telegram.say(ANNA, "stuck")
    house.wait_for(lambda: house.attempts)

    box.telegram.say(BRUNO, "passes")

    bruno.wait_for(lambda messages: messages[0].state is Delivery.DELIVERED)
    assert [update.message.text for update in read(house, 1)] == ["passes"]
    assert box.telegram.updates.info()["pending_update_count"] == 1
    assert "503" in box.telegram.updates.info()["last_error_message"]


def test_a_press_does_not_wait_for_the_chat(box: Any, house: Any) -> None:
    house.answers.append(Response(status_code=503, headers={"Retry-After": "600"}))
    box.telegram.open_chat(ANNA, "Anna")
    number = box.telegram.say(ANNA, "stuck")
    house.wait_for(lambda: house.attempts)

    query = box.telegram.press(ANNA, number, "yes:1")

    (update,) = read(house, 1)
    assert (update.callback_query.id, update.callback_query.data) == (query, "yes:1")
    assert update.callback_query.message.message_id == number


def test_pauses_grow_and_end_with_the_life_of_the_update() -> None:
    rule = retry_rule(1, timedelta(seconds=150))
    failed = Outcome(500)

    assert [rule(failures, failed) for failures in (1, 2, 3, 4, 9)] == [0, 2, 4, 8, 60]
    assert rule(4, Outcome(500, elapsed=140)) == 8
    assert rule(4, Outcome(500, elapsed=143)) is None


def test_retry_after_goes_before_the_growing_pause_and_has_a_limit() -> None:
    rule = retry_rule(1, timedelta(hours=24))

    assert rule(1, Outcome(503, retry_after=7)) == 7
    assert rule(5, Outcome(503, retry_after=9999)) == 3600


def test_an_update_that_is_not_answered_in_time_comes_again(box: Any, house: Any) -> None:
    house.mute = 1
    box.telegram.open_chat(ANNA, "Anna")

    box.telegram.say(ANNA, "anybody?")

    assert [update.message.text for update in read(house, 1)] == ["anybody?"]
    assert len(house.attempts) == 2


def test_updates_that_wait_can_be_dropped(box: Any, house: Any) -> None:
    house.answers.append(Response(status_code=503, headers={"Retry-After": "600"}))
    box.telegram.open_chat(ANNA, "Anna")
    box.telegram.say(ANNA, "dropped")
    house.wait_for(lambda: house.attempts)

    box.telegram.updates.point_to(box.telegram.updates.webhook, drop=True)
    box.telegram.say(ANNA, "heard")

    assert [update.message.text for update in read(house, 1)] == ["heard"]


def test_updates_wait_while_there_is_no_webhook(box: Any, house: Any) -> None:
    hook = box.telegram.updates.webhook
    box.telegram.updates.point_to(Webhook(), drop=False)
    box.telegram.open_chat(ANNA, "Anna")
    box.telegram.say(ANNA, "patience")
    assert box.telegram.updates.info()["pending_update_count"] == 1

    box.telegram.updates.point_to(hook, drop=False)

    assert [update.message.text for update in read(house, 1)] == ["patience"]


def test_kinds_that_were_not_asked_for_do_not_come(box: Any, house: Any) -> None:
    box.telegram.updates.webhook.allowed = ["message"]
    box.telegram.open_chat(ANNA, "Anna")

    box.telegram.block(ANNA)
    box.telegram.unblock(ANNA)
    box.telegram.say(ANNA, "hello")

    assert read(house, 1)[0].message.text == "hello"


def test_a_duplicate_has_the_same_id(box: Any, house: Any, driver: Any) -> None:
    box.telegram.open_chat(ANNA, "Anna")
    driver.put("/telegram/faults", json={"duplicate": 1})

    box.telegram.say(ANNA, "twice")
    box.telegram.say(ANNA, "once")

    texts = sorted((update.message.text, update.update_id) for update in read(house, 3))
    assert [text for text, _ in texts] == ["once", "twice", "twice"]
    assert texts[1] == texts[2]


def test_a_duplicate_does_not_wait_for_the_first(box: Any, house: Any, driver: Any) -> None:
    house.answers.append(Response(status_code=503, headers={"Retry-After": "600"}))
    box.telegram.open_chat(ANNA, "Anna")
    driver.put("/telegram/faults", json={"duplicate": 1})

    box.telegram.say(ANNA, "twice")

    assert [update.message.text for update in read(house, 1)] == ["twice"]
    assert len(house.attempts) == 2


def test_an_edit_is_an_update_of_its_own(box: Any, house: Any) -> None:
    phone = box.telegram.open_chat(ANNA, "Anna")
    number = box.telegram.say(ANNA, "for 4")

    box.telegram.edit(ANNA, number, "for 5")

    update = read(house, 2)[1]
    assert (update.edited_message.message_id, update.edited_message.text) == (number, "for 5")
    assert update.edited_message.edit_date is not None
    assert (phone.messages()[0].text, phone.messages()[0].edited) == ("for 5", True)


@pytest.mark.parametrize("kind", sorted(MEDIA))
def test_what_is_no_text_arrives_as_itself(box: Any, house: Any, kind: str) -> None:
    box.telegram.open_chat(ANNA, "Anna")

    box.telegram.send(ANNA, kind)

    (update,) = read(house, 1)
    assert update.message.text is None
    assert getattr(update.message, kind)


def test_blocking_and_unblocking_is_told(box: Any, house: Any) -> None:
    phone = box.telegram.open_chat(ANNA, "Anna")
    box.telegram.block(ANNA)
    assert phone.blocked
    with pytest.raises(NotPossible):
        box.telegram.say(ANNA, "hello?")
    box.telegram.unblock(ANNA)

    changes = [update.my_chat_member for update in read(house, 2)]

    assert [(c.old_chat_member.status, c.new_chat_member.status) for c in changes] == [
        ("member", "kicked"),
        ("kicked", "member"),
    ]
    assert not phone.blocked


def test_in_a_group_the_bot_sees_only_what_is_meant_for_it(box: Any, house: Any) -> None:
    phone = box.telegram.open_group(STAFF, "Front of house", member="Marta")
    chat = box.telegram.chats[STAFF]
    alert = box.telegram.post(chat, "New: 4 at 19:00", {})["message_id"]

    box.telegram.say(STAFF, "quiet tonight")
    box.telegram.say(STAFF, "/today")
    box.telegram.say(STAFF, "@tabletalk_bot hello", sender=Person(id=8, first_name="Luca"))
    box.telegram.say(STAFF, "ok", reply_to=alert)

    updates = read(house, 3)
    assert [update.message.text for update in updates] == ["/today", "@tabletalk_bot hello", "ok"]
    assert updates[1].message.from_user.first_name == "Luca"
    assert updates[2].message.reply_to_message.message_id == alert
    assert phone.messages()[0].state is Delivery.UNSEEN
    assert {message.author for message in phone.messages()} == {Author.HOLDER}


def test_without_privacy_mode_the_bot_sees_all_of_a_group(box: Any, house: Any) -> None:
    box.telegram.privacy = False
    box.telegram.open_group(STAFF, "Front of house")

    box.telegram.say(STAFF, "quiet tonight")

    assert read(house, 1)[0].message.text == "quiet tonight"


def test_a_migration_is_told_in_both_chats(box: Any, house: Any) -> None:
    box.telegram.open_group(-77, "Staff")

    box.telegram.migrate(-77, -10077)

    told = {update.message.chat.id: update.message for update in read(house, 2)}
    assert told[-77].migrate_to_chat_id == -10077
    assert told[-10077].migrate_from_chat_id == -77


def test_the_newest_button_is_found_by_its_text_or_its_data(box: Any) -> None:
    box.telegram.open_chat(ANNA, "Anna")
    chat = box.telegram.chats[ANNA]
    for data in ("old", "new"):
        rows = {"inline_keyboard": [[{"text": "Yes", "callback_data": data}]]}
        last = box.telegram.post(chat, "Book?", {"reply_markup": rows})

    assert box.telegram.button(ANNA, "Yes") == (last["message_id"], "new")
    assert box.telegram.button(ANNA, "old")[1] == "old"
    with pytest.raises(NotPossible):
        box.telegram.button(ANNA, "Maybe")
