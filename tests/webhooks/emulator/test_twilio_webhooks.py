"""What Twilio sends to the house: texts, states, and what it answers by itself."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import Response

from webhooks.emulator.carrier import HELP, START, STOP, Answer
from webhooks.emulator.courier import Outcome
from webhooks.emulator.phones import Author, Delivery
from webhooks.emulator.twilio import Fate
from webhooks.emulator.twilio_hook import read_overrides

MakeClient = Callable[..., Any]
HOUSE, ANNA = "+390212345678", "+393331234567"


def send(house: Any, client: Any) -> Any:
    callback = f"{house.public_url}/webhooks/twilio/status"
    return client.messages.create(to=ANNA, from_=HOUSE, body="Held", status_callback=callback)


def states(house: Any, number: int) -> list[str]:
    house.wait_for(lambda: len(house.statuses) >= number)
    return [form["MessageStatus"] for form in house.statuses]


def test_a_text_reaches_the_house_signed_over_its_public_url(box: Any, house: Any) -> None:
    phone = box.twilio.open_phone(ANNA)

    sid = box.twilio.say(ANNA, " tavolo per 4, però presto ")

    house.wait_for(lambda: house.texts)
    (form,) = house.texts
    assert (form["MessageSid"], form["SmsMessageSid"], form["AccountSid"]) == (sid, sid, "AC0")
    assert (form["From"], form["To"]) == (ANNA, HOUSE)
    assert form["Body"] == " tavolo per 4, però presto "
    assert (form["NumMedia"], form["NumSegments"]) == ("0", "1")
    assert (form["FromCountry"], form["ApiVersion"]) == ("IT", "2010-04-01")
    phone.wait_for(lambda messages: messages[0].state is Delivery.DELIVERED)


def test_a_wrong_signature_is_seen_by_the_house(box: Any, house: Any) -> None:
    box.twilio.number.sms_url = f"{house.url}/webhooks/twilio/sms"  # not the public URL

    box.twilio.say(ANNA, "hello")

    house.wait_for(lambda: house.refused)
    assert house.texts == []


def test_a_picture_comes_with_its_url_and_an_empty_body(box: Any, house: Any) -> None:
    box.twilio.say(ANNA, "", media=("https://pictures.example/1",))

    house.wait_for(lambda: house.texts)
    (form,) = house.texts
    assert (form["Body"], form["NumMedia"]) == ("", "1")
    assert form["MediaUrl0"] == "https://pictures.example/1"


@pytest.mark.parametrize("word", sorted(STOP))
def test_a_stop_word_blocks_is_answered_by_twilio_and_passed_on(
    box: Any, house: Any, word: str
) -> None:
    phone = box.twilio.open_phone(ANNA)

    box.twilio.say(ANNA, f" {word.lower()}\n")

    house.wait_for(lambda: house.texts)
    answer = phone.messages()[1]
    assert (answer.author, answer.text) == (Author.CARRIER, Answer.STOPPED)
    assert phone.blocked


def test_a_sentence_with_stop_does_not_block(box: Any, house: Any) -> None:
    phone = box.twilio.open_phone(ANNA)

    box.twilio.say(ANNA, "STOP PLEASE")

    house.wait_for(lambda: house.texts)
    assert len(phone.messages()) == 1
    assert not phone.blocked


@pytest.mark.parametrize("word", sorted(START))
def test_a_start_word_unblocks_and_is_answered_only_after_a_stop(box: Any, word: str) -> None:
    phone = box.twilio.open_phone(ANNA)
    box.twilio.say(ANNA, word)
    assert len(phone.messages()) == 1
    box.twilio.say(ANNA, "STOP")

    box.twilio.say(ANNA, word)

    assert phone.messages()[-1].text == Answer.STARTED
    assert not phone.blocked


@pytest.mark.parametrize("word", sorted(HELP))
def test_help_is_answered_by_twilio_and_passed_on(box: Any, house: Any, word: str) -> None:
    box.twilio.say(ANNA, word)

    house.wait_for(lambda: house.texts)
    answer = box.twilio.open_phone(ANNA).messages()[-1]
    assert (answer.author, answer.text) == (Author.CARRIER, Answer.HELP)


def test_who_has_stopped_hears_nothing_on_stop_or_help(box: Any) -> None:
    box.twilio.say(ANNA, "STOP")
    box.twilio.say(ANNA, "STOP")
    box.twilio.say(ANNA, "HELP")

    carrier = [m for m in box.twilio.open_phone(ANNA).messages() if m.author is Author.CARRIER]
    assert len(carrier) == 1


def test_a_burst_stays_in_order(box: Any, house: Any) -> None:
    for text in ("hi", "table for 4", "tomorrow", "at 7"):
        box.twilio.say(ANNA, text)

    house.wait_for(lambda: len(house.texts) == 4)
    assert [form["Body"] for form in house.texts] == ["hi", "table for 4", "tomorrow", "at 7"]


def test_a_text_that_gets_a_5xx_is_lost(box: Any, house: Any) -> None:
    house.answers.append(Response(status_code=503))
    phone = box.twilio.open_phone(ANNA)

    box.twilio.say(ANNA, "lost")

    phone.wait_for(lambda messages: messages[0].state is Delivery.FAILED)
    assert house.attempts == ["sms"]


def test_a_text_that_is_not_answered_in_time_is_lost(box: Any, house: Any) -> None:
    house.mute = 1
    box.twilio.number.sms_url += "#rt=200"
    phone = box.twilio.open_phone(ANNA)

    box.twilio.say(ANNA, "lost")

    phone.wait_for(lambda messages: messages[0].state is Delivery.FAILED)
    assert house.attempts == ["sms"]


def test_a_5xx_is_retried_when_the_url_asks_for_it(box: Any, house: Any) -> None:
    box.twilio.number.sms_url += "#rc=3&rp=5xx,ct,rt"
    house.answers.extend([Response(status_code=503), Response(status_code=500)])

    box.twilio.say(ANNA, "third time lucky")

    house.wait_for(lambda: house.texts)
    assert house.attempts == ["sms"] * 3


def test_a_text_that_fails_goes_to_the_fallback(box: Any, house: Any) -> None:
    house.answers.append(Response(status_code=503))
    box.twilio.number.fallback_url = f"{house.public_url}/webhooks/twilio/fallback"

    box.twilio.say(ANNA, "saved")

    house.wait_for(lambda: house.texts)
    assert house.attempts == ["sms", "fallback"]


def test_by_default_only_a_failed_connection_is_tried_once_more() -> None:
    retry = read_overrides("").retry()

    assert retry(1, Outcome(problem="ct")) == 0
    assert retry(2, Outcome(problem="ct")) is None
    assert retry(1, Outcome(problem="rt")) is None
    assert retry(1, Outcome(500)) is None


def test_all_attempts_share_the_total_time() -> None:
    retry = read_overrides("rc=5&rp=all&tt=9000&ct=high").retry()

    assert retry(5, Outcome(404, elapsed=8.9)) == 0
    assert retry(1, Outcome(404, elapsed=9)) is None
    assert retry(6, Outcome(404)) is None


def test_a_redirected_text_loses_its_form(box: Any, house: Any) -> None:
    target = f"{house.url}/webhooks/twilio/sms"
    house.answers.append(Response(status_code=302, headers={"Location": target}))
    phone = box.twilio.open_phone(ANNA)

    box.twilio.say(ANNA, "hello")

    phone.wait_for(lambda messages: messages[0].state is Delivery.FAILED)  # GET is not allowed
    assert house.texts == []


def test_a_duplicate_text_has_the_same_sid(box: Any, house: Any, driver: Any) -> None:
    driver.put("/sms/faults", json={"duplicate": 1})

    sid = box.twilio.say(ANNA, "twice")

    house.wait_for(lambda: len(house.texts) == 2)
    assert [form["MessageSid"] for form in house.texts] == [sid, sid]


def test_states_are_called_back_in_order_and_signed(house: Any, make_client: MakeClient) -> None:
    sent = send(house, make_client())

    assert states(house, 2) == ["sent", "delivered"]
    assert {form["MessageSid"] for form in house.statuses} == {sent.sid}
    assert house.refused == []


def test_states_can_come_in_the_wrong_order(
    house: Any, make_client: MakeClient, driver: Any
) -> None:
    driver.put("/sms/faults", json={"reorder": 1})
    send(house, make_client())

    assert states(house, 2) == ["delivered", "sent"]


def test_states_can_come_twice(house: Any, make_client: MakeClient, driver: Any) -> None:
    driver.put("/sms/faults", json={"duplicate": True})
    send(house, make_client())

    assert states(house, 4) == ["sent", "sent", "delivered", "delivered"]


@pytest.mark.parametrize(
    ("fate", "expected"),
    [
        (Fate("undelivered", 30003), ["sent", "undelivered"]),
        (Fate("failed", 30007), ["failed"]),
    ],
)
def test_a_text_can_end_badly(
    box: Any, house: Any, make_client: MakeClient, fate: Fate, expected: list[str]
) -> None:
    box.twilio.decide(ANNA, fate)
    sent = send(house, make_client())

    assert states(house, len(expected)) == expected
    assert house.statuses[-1]["ErrorCode"] == str(fate.error)
    shown = box.twilio.open_phone(ANNA).messages()[0]
    assert (shown.state, shown.problem) == (Delivery.FAILED, fate.error)
    assert make_client().messages(sent.sid).fetch().error_code == fate.error


def test_without_a_callback_states_change_silently(
    box: Any, house: Any, make_client: MakeClient
) -> None:
    make_client().messages.create(to=ANNA, from_=HOUSE, body="Held")

    phone = box.twilio.open_phone(ANNA)
    phone.wait_for(lambda messages: messages[0].state is Delivery.DELIVERED)
    assert house.attempts == []
