"""The real client against the box: what is sent, found and refused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from requests.exceptions import ReadTimeout
from twilio.base.exceptions import TwilioRestException

from webhooks.emulator.phones import Author, Delivery

MakeClient = Callable[..., Any]
HOUSE, ANNA, BRUNO = "+390212345678", "+393331234567", "+393337654321"


def send(client: Any, **changes: Any) -> Any:
    order = {"to": ANNA, "from_": HOUSE, "body": "Held until 18:05"} | changes
    return client.messages.create(**{key: value for key, value in order.items() if value})


def test_a_message_is_queued_and_appears_on_the_phone(box: Any, make_client: MakeClient) -> None:
    sent = send(make_client())

    assert (sent.status, sent.direction, sent.num_segments) == ("queued", "outbound-api", "1")
    assert (sent.sid[:2], len(sent.sid), sent.error_code) == ("SM", 34, None)
    (shown,) = box.twilio.open_phone(ANNA).messages()
    assert (shown.author, shown.text, shown.id) == (Author.HOUSE, "Held until 18:05", sent.sid)


def test_a_message_can_be_fetched_while_it_goes_its_way(box: Any, make_client: MakeClient) -> None:
    client = make_client()
    sent = send(client)
    phone = box.twilio.open_phone(ANNA)
    phone.wait_for(lambda messages: messages[0].state is Delivery.DELIVERED)

    fetched = client.messages(sent.sid).fetch()

    assert (fetched.status, fetched.body, fetched.to) == ("delivered", "Held until 18:05", ANNA)
    assert fetched.date_sent is not None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"body": "x" * 1601}, 21617),
        ({"body": ""}, 21602),
        ({"to": "3331234567"}, 21211),
        ({"to": "+39333"}, 21211),
        ({"to": "+39 333 1234567"}, 21211),
        ({"from_": "+390287654321"}, 21660),
        ({"from_": "Aurora"}, 21212),
        ({"from_": ""}, 21603),
        ({"to": HOUSE}, 21266),
        ({"validity_period": 36001}, 90007),
        ({"validity_period": -1}, 90014),
        ({"status_callback": "not a url"}, 21609),
    ],
)
def test_a_message_that_breaks_a_rule_is_refused_and_not_shown(
    box: Any, make_client: MakeClient, changes: dict[str, Any], code: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        send(make_client(), **changes)

    assert (refused.value.status, refused.value.code) == (400, code)
    assert box.emulators.phones.all() == ()


def test_a_body_of_the_greatest_length_passes(make_client: MakeClient) -> None:
    assert send(make_client(), body="x" * 1600, validity_period=36000).num_segments == "11"


def test_who_has_stopped_gets_nothing_more(box: Any, make_client: MakeClient) -> None:
    box.twilio.say(ANNA, "stop ")

    with pytest.raises(TwilioRestException) as refused:
        send(make_client())

    assert refused.value.code == 21610
    box.twilio.say(ANNA, "Start")
    assert send(make_client()).status == "queued"


def test_a_wrong_auth_token_is_refused(make_client: MakeClient) -> None:
    with pytest.raises(TwilioRestException) as refused:
        send(make_client(token="wrong"))

    assert (refused.value.status, refused.value.code) == (401, 20003)


@pytest.mark.parametrize("lost", ["messages", "calls"])
def test_what_is_not_there_is_not_found(make_client: MakeClient, lost: str) -> None:
    with pytest.raises(TwilioRestException) as refused:
        getattr(make_client(), lost)("SM0").fetch()

    assert (refused.value.status, refused.value.code) == (404, 20404)


def test_another_account_is_not_found(box: Any, driver: Any) -> None:
    key = (box.twilio.account_sid, box.twilio.auth_token)

    answer = driver.get("/twilio/2010-04-01/Accounts/AC1/Messages.json", auth=key)

    assert (answer.status_code, answer.json()["code"]) == (404, 20404)
    assert answer.json()["more_info"].endswith("/20404")


def test_messages_are_listed_by_number_and_date(
    box: Any, make_client: MakeClient, clock: Any
) -> None:
    client = make_client()
    box.twilio.say(BRUNO, "yesterday")
    clock.now += timedelta(days=1)
    box.twilio.say(ANNA, "today")
    send(client, body="answer")
    box.emulators.courier.wait_idle()

    def bodies(**filters: Any) -> list[str]:
        return [message.body for message in client.messages.list(**filters)]

    assert bodies() == ["answer", "today", "yesterday"]
    assert bodies(to=ANNA) == ["answer"]
    assert bodies(from_=BRUNO) == ["yesterday"]
    assert bodies(to=HOUSE, date_sent_after=clock.now - timedelta(hours=1)) == ["today"]
    assert bodies(to=HOUSE, date_sent_before=clock.now - timedelta(hours=1)) == ["yesterday"]
    assert bodies(to=HOUSE, date_sent=datetime(2026, 11, 20, tzinfo=UTC)) == ["yesterday"]


def test_a_long_list_comes_in_pages(box: Any, make_client: MakeClient) -> None:
    for number in range(5):
        box.twilio.say(ANNA, f"text {number}")

    listed = make_client().messages.list(page_size=2)

    assert [message.body for message in listed] == [f"text {n}" for n in (4, 3, 2, 1, 0)]


def test_the_webhook_of_a_number_can_be_set(box: Any, make_client: MakeClient) -> None:
    client = make_client()
    (number,) = client.incoming_phone_numbers.list(phone_number=HOUSE)

    number.update(sms_url="https://x.example/sms#rc=3", sms_fallback_url="https://y.example/sms")

    assert client.incoming_phone_numbers.list(phone_number="+4420") == []
    assert box.twilio.number.sms_url == "https://x.example/sms#rc=3"
    assert box.twilio.number.fallback_url == "https://y.example/sms"


def test_a_lost_answer_leaves_the_message_sent(
    box: Any, make_client: MakeClient, driver: Any
) -> None:
    driver.put("/sms/faults", json={"lose_answer": 1})

    with pytest.raises(ReadTimeout):
        send(make_client(patience=1))

    assert [m.body for m in make_client().messages.list(to=ANNA)] == ["Held until 18:05"]
    assert len(box.twilio.open_phone(ANNA).messages()) == 1


@pytest.mark.parametrize(("fault", "answer"), [("fail", (500, 20500)), ("flood", (429, 20429))])
def test_a_provider_in_trouble_does_nothing(
    box: Any, make_client: MakeClient, driver: Any, fault: str, answer: Any
) -> None:
    driver.put("/sms/faults", json={fault: 1})

    with pytest.raises(TwilioRestException) as refused:
        send(make_client())

    assert (refused.value.status, refused.value.code) == answer
    assert box.emulators.phones.all() == ()
    assert send(make_client()).status == "queued"


def test_a_slow_provider_is_slow_for_everybody(make_client: MakeClient, driver: Any) -> None:
    driver.put("/sms/faults", json={"slow_ms": 400})

    with pytest.raises(ReadTimeout):
        make_client(patience=0.1).messages.list()


def test_every_call_of_the_house_is_listed(make_client: MakeClient, driver: Any) -> None:
    send(make_client())

    last = driver.get("/sms/calls").json()[-1]

    assert last["method"] == "POST /2010-04-01/Accounts/AC0/Messages.json"
    assert (last["status"], last["parameters"]["To"]) == (201, ANNA)
