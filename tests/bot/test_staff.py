"""The host stand in a chat: what the staff may write and press, and what they hear."""

from collections.abc import Callable

import pytest
from front import CHAT, GUEST, OTHER, STAFF_CHAT, Front
from restaurants import venue_data

from booking.database import Database
from booking.lifecycle import State
from booking.lookups import Reservation
from bot.inbox import Kind

LARGE = "table for 9 tomorrow at 8pm"
HOST = "+390299999999"
BY_SMS = {"staff": [{"name": "Mara", "phone": HOST}]}
GROUP = str(STAFF_CHAT)


@pytest.fixture
def database(postgres_database: Database) -> Database:
    """One kind of database: here it makes no difference."""
    return postgres_database


@pytest.fixture
def sms(empty_front: Front) -> Front:
    """A house whose staff have nothing but a phone."""
    empty_front.open(venue_data(**BY_SMS))
    return empty_front


def ask(front: Front, guest: str = GUEST, wish: str = LARGE) -> Reservation:
    """Let a guest ask for a table that the staff have to approve; the newest in the book."""
    front.say(guest, wish)
    front.say(guest, "1")
    return max(front.book(), key=lambda found: found.id)


def states(front: Front) -> list[State]:
    return [found.state for found in sorted(front.book(), key=lambda found: found.id)]


def token(front: Front, button: str) -> str:
    """The token of the first button with this label in the staff's group."""
    shown = (b for m in front.messages(GROUP) for row in m.buttons for b in row)
    return next(b.data or "" for b in shown if b.text == button)


# The carrier's words.


@pytest.mark.parametrize("word", ["START", "help", " Info \n", "UNSTOP"])
def test_staff_get_no_answer_where_the_carrier_gives_one(sms: Front, word: str) -> None:
    assert sms.say(HOST, word) is None
    assert sms.outbox() == []


def test_a_staff_phone_that_stops_gets_nothing_until_it_starts_again(sms: Front) -> None:
    assert sms.say(HOST, "Stop") is None
    assert sms.say(HOST, "what is this?") is None
    ask(sms)
    assert sms.heard(HOST) == []

    assert sms.say(HOST, "start") is None
    ask(sms, OTHER, "table for 9 on sunday at 8pm")
    assert len(sms.heard(HOST)) == 1


def test_what_the_carrier_calls_a_stop_is_not_answered_later(sms: Front) -> None:
    sms.receive(HOST, "basta", opt_out="STOP")
    assert sms.say(HOST, "START") is None

    assert sms.outbox() == []


def test_yes_brings_a_staff_phone_back_and_is_answered(sms: Front) -> None:
    sms.say(HOST, "STOP")

    assert "I send alerts here" in (sms.say(HOST, "YES") or "")


# A decision in text.


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("1{code}", State.RESERVED),
        ("1 {code}", State.RESERVED),
        (" 1 #{code}. ", State.RESERVED),
        ("#1-{code}!", State.RESERVED),
        ("9{code}", State.DECLINED),
        ("9 {code} sorry", State.DECLINED),
        ("9: {code}, we are full that night", State.DECLINED),
        ("1", State.RESERVED),
        (" 1. ", State.RESERVED),
        ("9", State.DECLINED),
    ],
)
@pytest.mark.parametrize("typed", [str.upper, str.lower])
def test_a_decision_is_understood_as_people_type_it(
    sms: Front, written: str, state: State, typed: Callable[[str], str]
) -> None:
    code = ask(sms).code
    said = sms.say(HOST, written.format(code=typed(code))) or ""

    assert code in said
    assert states(sms) == [state]


@pytest.mark.parametrize("text", ["1 or 9?", "10", "19", "9 people came", "maybe", "1 1", "91"])
def test_what_is_no_decision_decides_nothing_and_is_helped_with_the_open_code(
    sms: Front, text: str
) -> None:
    code = ask(sms).code

    assert f"for example: 1 {code}." in (sms.say(HOST, text) or "")
    assert states(sms) == [State.REQUESTED]


@pytest.mark.parametrize("text", ["1", "hello"])
def test_without_an_open_request_the_help_has_an_example_of_its_own(sms: Front, text: str) -> None:
    ask(sms)
    sms.say(HOST, "1")

    assert "for example: 1 K7F2." in (sms.say(HOST, text) or "")


def test_of_two_open_requests_a_bare_digit_means_neither(sms: Front) -> None:
    codes = [ask(sms).code, ask(sms, OTHER, "table for 9 on sunday at 8pm").code]

    assert f"1 {codes[0]}" in (sms.say(HOST, "1") or "")
    assert states(sms) == [State.REQUESTED, State.REQUESTED]
    assert "Accepted" in (sms.say(HOST, f"1{codes[1]}") or "")
    assert states(sms) == [State.REQUESTED, State.RESERVED]


def test_a_bare_digit_means_nothing_of_another_venue(empty_front: Front) -> None:
    front = empty_front
    front.open(venue_data(channels={"sms": front.house.accounts["sms"]}, **BY_SMS))
    borea = {"slug": "borea", "name": "Osteria Borea"}
    front.open(venue_data(restaurant=borea, staff=[{"name": "Luca", "phone": OTHER}]))
    ask(front)
    front.say(OTHER, "1")

    assert states(front) == [State.REQUESTED]


def test_a_wrong_code_is_named(sms: Front) -> None:
    ask(sms)

    assert "no request with the code ZZZZ" in (sms.say(HOST, "1zzzz") or "")


@pytest.mark.parametrize("text", ["1", "9", "9 left over", "hello"])
def test_in_a_group_people_count_without_deciding(front: Front, text: str) -> None:
    ask(front)

    assert front.say(GROUP, text, chat_type="group") is None
    assert states(front) == [State.REQUESTED]


# A decision that comes late.


def test_nobody_is_said_to_have_decided_what_the_guest_did(front: Front) -> None:
    code = ask(front).code
    decline = token(front, "Decline")
    front.press(GROUP, "Accept", name="Mara")
    front.say(GUEST, "cancel my booking")
    front.say(GUEST, "1")
    assert states(front) == [State.CANCELLED]

    late = front.say(GROUP, decline, kind=Kind.PRESS, name="Luca") or ""
    assert late == f"{code} is no longer waiting: cancelled."


def test_a_request_that_the_guest_took_back_is_no_longer_waiting(sms: Front) -> None:
    code = ask(sms).code
    sms.say(GUEST, "cancel my booking")
    sms.say(GUEST, "1")

    assert sms.say(HOST, f"1 {code}") == f"{code} is no longer waiting: cancelled."


def test_who_decided_is_still_said(front: Front) -> None:
    code = ask(front).code
    decline = token(front, "Decline")
    front.press(GROUP, "Accept", name="Mara")

    late = front.say(GROUP, decline, kind=Kind.PRESS, name="Luca")
    assert late == f"{code} is already decided by Mara: accepted."


# A request that its guest changes.


def test_a_changed_request_is_put_to_the_staff_anew(front: Front) -> None:
    ask(front)
    front.say(GUEST, "make it 10 people")
    front.say(GUEST, "1")
    again = front.messages(GROUP)[-1]

    assert again.text.startswith("Please decide: 10 people")
    assert "(was 9 people, Saturday 21 November, 20:00)" in again.text
    assert [b.text for row in again.buttons for b in row] == ["Accept", "Decline"]
    assert "Accepted: 10 people" in (front.press(GROUP, "Accept") or "")
    assert states(front) == [State.RESERVED]


@pytest.mark.parametrize("button", ["Accept", "Decline"])
def test_a_button_under_what_has_changed_decides_nothing(front: Front, button: str) -> None:
    code = ask(front).code
    old = token(front, button)
    front.say(GUEST, "make it 10 people")
    front.say(GUEST, "1")

    answer = front.say(GROUP, old, kind=Kind.PRESS, name="Mara") or ""
    assert states(front) == [State.REQUESTED]
    assert "10 people" in answer
    assert code in answer
    assert "Accepted" in (front.press(GROUP, "Accept") or "")


def test_a_button_of_an_older_house_decides_nothing(front: Front) -> None:
    asked = ask(front)

    assert "9 people" in (front.say(GROUP, f"s:{asked.id}:yes", kind=Kind.PRESS) or "")
    assert states(front) == [State.REQUESTED]


def test_every_token_fits_into_a_button(front: Front) -> None:
    ask(front)

    assert len(token(front, "Accept").encode()) <= 64


def test_by_text_a_changed_request_is_decided_as_it_stands(sms: Front) -> None:
    code = ask(sms).code
    sms.say(GUEST, "make it 10 people")
    sms.say(GUEST, "1")
    assert "Please decide: 10 people" in sms.heard(HOST)[-1]
    assert f"1 {code}" in sms.heard(HOST)[-1]

    assert "Accepted: 10 people" in (sms.say(HOST, f"1 {code}") or "")


def test_a_changed_request_that_was_decided_meanwhile_is_only_told(front: Front) -> None:
    accept = ask(front)
    front.say(GUEST, "make it 10 people")
    talk = front.receive(GUEST, "1")
    due = front.house.handle(talk, now=front.clock())
    front.say(GROUP, f"1 {accept.code}")
    for number in due:
        front.house.deliver(number, now=front.clock())
    front.run_due()

    assert any(text.startswith("Changed: 10 people") for text in front.alerts())
    assert not any("Please decide: 10" in text for text in front.alerts())


# Names and guests who are late.


def test_the_name_that_comes_after_the_booking_is_told_once(sms: Front) -> None:
    sms.say(GUEST, "table for 2 tomorrow at 8pm")
    sms.say(GUEST, "1")
    code = sms.book()[0].code
    assert "Lisa" not in sms.heard(HOST)[-1]

    sms.say(GUEST, "Lisa Smith")
    told = sms.heard(HOST)[1:]
    assert len(told) == 1
    for part in ("Lisa Smith", GUEST, "2 people, Saturday 21 November, 20:00", code):
        assert part in told[0]

    sms.say(GUEST, "my name is Lisa Smyth")
    assert sms.heard(HOST)[1:] == told


def test_a_name_before_the_booking_is_told_with_it(sms: Front) -> None:
    sms.say(GUEST, "table for 2 tomorrow at 8pm, my name is Lisa Smith")
    sms.say(GUEST, "1")

    assert len(sms.heard(HOST)) == 1
    assert "Lisa Smith" in sms.heard(HOST)[0]


@pytest.mark.parametrize("guest", [GUEST, CHAT])
@pytest.mark.parametrize("booked", ["", "table for 2 tomorrow at 8pm"])
def test_staff_hear_who_is_late_without_a_booking_today(
    front: Front, guest: str, booked: str
) -> None:
    if booked:
        front.say(guest, booked)
        front.say(guest, "1")
    answer = front.say(guest, "we are running 20 minutes late, sorry") or ""

    assert "I find no booking" in answer
    assert "told the team" in answer
    assert front.alerts()[-1].startswith("Late, but I find no booking for today")
    assert "running 20 minutes late" in front.alerts()[-1]
    assert (GUEST if guest == GUEST else "Telegram") in front.alerts()[-1]
