"""A guest who is handed over: what the staff see and write, and when the bot keeps silent."""

from datetime import timedelta

import pytest
from front import CHAT, GUEST, OTHER, STAFF_CHAT, Front
from restaurants import venue_data

from booking.database import Database
from booking.lifecycle import State
from bot.inbox import Kind
from bot.staff import takeover
from bot.staff.history import fit
from bot.staff.numbers import number_of, talk_of
from conversations.wording import Capability
from webhooks.emulator.phones import PhoneMessage

GROUP = str(STAFF_CHAT)
HOST = "+390299999999"
STAFF = [
    {"name": "Front of house", "telegram_chat_id": STAFF_CHAT},
    {"name": "Mara", "phone": HOST},
]


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """What is said does not depend on the database; test_exchange.py runs on both."""
    return sqlite_database


@pytest.fixture
def both(empty_front: Front) -> Front:
    """A house whose staff have a group and a phone."""
    empty_front.open(venue_data(staff=STAFF))
    return empty_front


@pytest.fixture
def sms(empty_front: Front) -> Front:
    """A house whose staff have nothing but a phone."""
    empty_front.open(venue_data(staff=STAFF[1:]))
    return empty_front


def newest(front: Front, chat: str = GROUP) -> PhoneMessage:
    return front.messages(chat)[-1]


def reply(front: Front, text: str, to: PhoneMessage | None = None, **more: str) -> str | None:
    """Reply to a message in the staff's group, by default to the newest."""
    at = (to or newest(front)).id
    data = {"chat_type": "supergroup", "name": "Marta", "reply_to": at, **more}
    return front.say(GROUP, text, **data)


def buttons(message: PhoneMessage) -> list[str]:
    return [button.text for row in message.buttons for button in row]


def number(front: Front, guest: str = GUEST) -> str:
    """By which the staff's phone names the conversation with a guest."""
    talk = next(r for r in front.outbox(address=guest) if r["conversation_id"])
    return f"#{number_of(talk['conversation_id'])}"


def take_over(front: Front, guest: str = GUEST) -> None:
    """Let a guest ask for a person, and a person answer."""
    front.say(guest, "can I talk to a person?")
    reply(front, "What can I do for you?")


# What the staff see.


def test_an_alert_shows_the_last_five_messages_of_both_sides(front: Front) -> None:
    front.say(GUEST, "hello")
    front.say(GUEST, "table for 2 tomorrow at 8pm")
    front.press(GUEST, "Book it") if front.messages(GUEST)[-1].buttons else front.say(GUEST, "1")
    front.say(GUEST, "Lisa")
    front.say(GUEST, "I want to talk to a person")

    head, how, *lines = front.alerts()[-1].splitlines()
    assert head == f"A guest asks for a person: Lisa ({GUEST})."
    assert how == "Reply to this message: I pass it on to the guest."
    assert [line.partition(":")[0] for line in lines] == ["Guest", "Bot", "Guest", "Bot", "Guest"]
    assert lines[0] == "Guest: 1"
    assert lines[1].startswith("Bot: Booked at Trattoria Aurora")
    assert lines[2] == "Guest: Lisa"
    assert lines[-1] == "Guest: I want to talk to a person"


def test_a_press_is_shown_by_the_words_on_its_button(front: Front) -> None:
    front.say(CHAT, "table for 2 tomorrow at 8pm", name="Anna")
    front.press(CHAT, "Book it")
    front.say(CHAT, "I want to talk to a person")

    assert "Guest: Book it" in front.alerts()[-1].splitlines()


def test_by_text_the_messages_are_shortened_and_the_last_the_least(sms: Front) -> None:
    sms.say(GUEST, "hello, " + "we are very many and very hungry, " * 8)
    last = "I want to talk to a person, please, about the birthday cake of my mother"
    sms.say(GUEST, last)

    told = sms.heard(HOST)[-1]
    assert len(told) <= 306
    assert f"To answer write {number(sms)} and your text." in told
    assert told.endswith(f"Guest: {last}")
    assert "Bot: " in told


def test_of_a_long_talk_the_newest_message_may_take_half_the_room() -> None:
    capability = Capability(max_length=306, max_segments=2)
    lines = ["Guest: hello", "Bot: " + "b" * 20 + " b" * 200, "Guest: " + "g " * 200]

    head, first, second, last = fit(["x" * 60], lines, capability).splitlines()
    assert (head, first) == ("x" * 60, "Guest: hello")
    assert 115 <= len(last) <= 123
    assert 90 <= len(second) <= 111


@pytest.mark.parametrize("lines", [["Guest: " + "x" * 400] * 5, ["Guest: " + "y " * 200], []])
def test_what_is_shown_fits_whatever_was_said(sms: Front, lines: list[str]) -> None:
    for line in lines:
        sms.say(GUEST, line)
    sms.say(GUEST, "I want to talk to a person")

    assert len(sms.heard(HOST)[-1]) <= 306


# What they write.


@pytest.mark.parametrize("guest", [GUEST, CHAT])
def test_a_reply_to_the_alert_goes_to_the_guest(front: Front, guest: str) -> None:
    front.say(guest, "can I talk to a person?")
    told = reply(front, "Good evening, what can I do for you?")

    assert front.heard(guest)[-1] == "Trattoria Aurora: Good evening, what can I do for you?"
    assert (told or "").startswith("Sent to ")
    assert "2 hours" in (told or "")
    assert buttons(newest(front)) == ["Give it back to the bot"]
    assert front.outbox(kind="relay")[0]["facts"]["who"] == "Marta"


def test_only_the_first_answer_is_told_to_have_gone(front: Front) -> None:
    take_over(front)

    assert reply(front, "Are you there?") is None
    assert front.heard(GUEST)[-1] == "Trattoria Aurora: Are you there?"


def test_a_reply_to_any_alert_about_a_guest_reaches_them(front: Front) -> None:
    front.say(GUEST, "table for 2 tomorrow at 8pm")
    front.say(GUEST, "1")
    assert newest(front).text.startswith("New: ")
    reply(front, "The terrace will be closed, is inside fine?")

    assert front.heard(GUEST)[-1] == "Trattoria Aurora: The terrace will be closed, is inside fine?"
    assert front.say(GUEST, "inside is fine") is None
    assert newest(front).text == f"{GUEST}: inside is fine"


def test_a_phone_names_the_conversation(sms: Front) -> None:
    sms.say(GUEST, "can I talk to a person?")
    told = sms.say(HOST, f"{number(sms)} We ring you in a minute")

    assert sms.heard(GUEST)[-1] == "Trattoria Aurora: We ring you in a minute"
    assert f"{number(sms)} bot" in (told or "")


def test_a_new_booking_tells_a_phone_how_to_write_to_its_guest(sms: Front) -> None:
    sms.say(GUEST, "table for 2 tomorrow at 8pm")
    sms.say(GUEST, "1")
    assert f"To answer write {number(sms)} and your text." in sms.heard(HOST)[-1]
    sms.say(HOST, f"{number(sms)}: see you tomorrow")

    assert sms.heard(GUEST)[-1] == "Trattoria Aurora: see you tomorrow"


@pytest.mark.parametrize("talk", [1, 12, 799, 4_294_967_296])
def test_a_mistyped_number_reaches_nobody(talk: int) -> None:
    right = number_of(talk)
    assert talk_of(right) == talk

    for at, digit in enumerate(right):
        for other in "0123456789".replace(digit, ""):
            assert talk_of(right[:at] + other + right[at + 1 :]) is None


def test_a_wrong_number_is_told_and_nothing_is_sent(sms: Front) -> None:
    sms.say(GUEST, "can I talk to a person?")
    heard = sms.heard(GUEST)

    assert "Nothing was sent" in (sms.say(HOST, "#999999 hello") or "")
    assert sms.heard(GUEST) == heard


def test_the_guest_of_another_house_is_out_of_reach(empty_front: Front) -> None:
    front = empty_front
    front.open(venue_data(channels={"sms": front.house.accounts["sms"]}, staff=STAFF[:1]))
    borea = {"slug": "borea", "name": "Osteria Borea"}
    front.open(venue_data(restaurant=borea, staff=STAFF[1:]))
    front.say(GUEST, "can I talk to a person?")
    heard = front.heard(GUEST)

    assert "Nothing was sent" in (front.say(HOST, f"{number(front)} hello") or "")
    token = f"t:{talk_of(number(front)[1:])}:release"
    assert "I know no guest" in (front.say(HOST, token, kind=Kind.PRESS) or "")
    assert front.heard(GUEST) == heard


def test_a_text_that_does_not_fit_is_not_cut_but_refused(front: Front) -> None:
    front.say(GUEST, "can I talk to a person?")
    alert = newest(front)
    for unfit in ("x" * 300, "\N{THUMBS UP SIGN}", ""):
        told = reply(front, unfit, alert) or ""
        assert told.startswith("Nothing was sent")
        assert "at most 288 characters" in told

    assert front.outbox(kind="relay") == []
    assert reply(front, "x" * 288, alert)
    assert front.heard(GUEST)[-1].endswith("x" * 288)


def test_a_changed_reply_is_not_sent_again(front: Front) -> None:
    take_over(front)
    told = reply(front, "What can we do for you?", front.messages(GROUP)[0], kind=Kind.EDITED)

    assert "changed messages" in (told or "")
    assert len(front.outbox(kind="relay")) == 1


@pytest.mark.parametrize("text", ["/today", "thanks"])
def test_what_is_no_reply_about_a_guest_goes_to_nobody(front: Front, text: str) -> None:
    front.say(GUEST, "can I talk to a person?")
    if text.startswith("/"):
        reply(front, text)
    else:
        front.say(GROUP, text, chat_type="supergroup", name="Marta")

    assert front.outbox(kind="relay") == []


def test_a_reply_with_a_decision_decides(front: Front) -> None:
    front.say(GUEST, "table for 9 tomorrow at 8pm")
    front.say(GUEST, "1")
    alert = newest(front)
    reply(front, "1 hour later would be better", alert)
    assert front.heard(GUEST)[-1].endswith("1 hour later would be better")
    assert front.book()[0].state is State.REQUESTED

    assert "Accepted" in (reply(front, "1", alert) or "")
    assert front.book()[0].state is State.RESERVED
    assert len(front.outbox(kind="relay")) == 1


# A guest who cannot be reached.


def test_who_blocked_the_bot_is_said_to_be_out_of_reach(front: Front) -> None:
    front.say(CHAT, "can I talk to a person?", name="Anna")
    front.receive(CHAT, "", kind=Kind.MEMBERSHIP, blocked=True)

    assert "Nothing was sent" in (reply(front, "Hello?") or "")
    assert front.outbox(kind="relay") == []


def test_who_opted_out_is_said_to_be_out_of_reach(front: Front) -> None:
    take_over(front)
    front.say(GUEST, "STOP")

    assert "Nothing was sent" in (reply(front, "Hello?", front.messages(GROUP)[0]) or "")


def test_what_the_provider_refuses_is_told_at_once(front: Front) -> None:
    front.say(CHAT, "can I talk to a person?", name="Anna")
    front.emulators.telegram.chats[int(CHAT)].blocked = True
    reply(front, "Hello?")
    front.run_due()

    assert front.alerts()[-1] == "This did not reach Anna (Telegram): Hello?"


@pytest.mark.parametrize(("guest", "text"), [(GUEST, "STOP"), (CHAT, "")])
def test_what_was_not_sent_in_time_is_told(front: Front, guest: str, text: str) -> None:
    front.say(guest, "can I talk to a person?", name="Anna")
    talk = front.receive(GROUP, "Hello?", name="Marta", reply_to=newest(front).id)
    due = front.house.handle(talk, now=front.clock())
    if text:
        front.receive(guest, text)
    else:
        front.clock.forward(hours=25)
    for sent in due:
        front.house.deliver(sent, now=front.clock())
    front.run_due()

    assert any(told.startswith("This did not reach") for told in front.alerts())
    assert not any("Hello?" in heard for heard in front.heard(guest))


# The silence of the bot.


@pytest.mark.parametrize("guest", [GUEST, CHAT])
def test_the_bot_is_silent_once_a_person_has_answered(front: Front, guest: str) -> None:
    take_over(front, guest)
    assert front.say(guest, "table for 2 tomorrow at 8pm") is None
    assert front.book() == []
    assert newest(front).text.endswith(": table for 2 tomorrow at 8pm")
    assert buttons(newest(front)) == ["Give it back to the bot"]

    reply(front, "Done, see you tomorrow")
    assert front.heard(guest)[-1] == "Trattoria Aurora: Done, see you tomorrow"


def test_without_its_guard_the_bot_would_not_be_silent(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(takeover, "IDLE", timedelta())  # as if nobody had taken the talk over
    take_over(front)

    assert "held for you" in (front.say(GUEST, "table for 2 tomorrow at 8pm") or "")


def test_until_somebody_answers_the_bot_goes_on(front: Front) -> None:
    front.say(GUEST, "can I talk to a person?")

    assert "held for you" in (front.say(GUEST, "table for 2 tomorrow at 8pm") or "")


def test_all_of_the_staff_hear_the_guest_and_who_answers(both: Front) -> None:
    both.say(GUEST, "can I talk to a person?")
    reply(both, "What can I do for you?")
    assert both.heard(HOST)[-1] == (
        f"Marta is answering {GUEST} ({number(both)}): What can I do for you?"
    )
    both.say(GUEST, "is there a\nparking lot?")

    assert both.heard(HOST)[-1] == f"{number(both)} {GUEST}: is there a\nparking lot?"
    assert newest(both).text == f"{GUEST}: is there a\nparking lot?"
    assert both.say(HOST, f"{number(both)} yes, behind the house") is None
    assert both.heard(GUEST)[-1] == "Trattoria Aurora: yes, behind the house"
    assert both.alerts()[-1] == f"Mara is answering {GUEST}: yes, behind the house"


def test_several_messages_and_a_photo_are_brought_together(front: Front) -> None:
    take_over(front, CHAT)
    for text, kind in (("look at this", Kind.TEXT), ("", Kind.MEDIA), ("nice?", Kind.EDITED)):
        talk = front.receive(CHAT, text, kind=kind)
    front.work(talk)

    assert newest(front).text == "Telegram: look at this\n[not a text]\nnice?"


def test_a_talk_is_taken_over_by_button_before_anything_is_written(both: Front) -> None:
    both.say(GUEST, "can I talk to a person?")
    assert buttons(newest(both)) == ["I take over"]
    before = len(both.heard(GUEST))

    assert "From now on I keep silent" in (both.press(GROUP, "I take over", name="Marta") or "")
    assert both.heard(HOST)[-1].startswith("Marta looks after")
    assert both.say(GUEST, "hello?") is None
    assert len(both.heard(GUEST)) == before
    assert "already" in (both.press(GROUP, "I take over", name="Bo") or "")
    both.press(GROUP, "Give it back to the bot", name="Marta")
    assert both.say(GUEST, "hello?") is not None


def test_the_talk_goes_back_by_button(front: Front) -> None:
    take_over(front)
    told = front.press(GROUP, "Give it back to the bot", name="Marta")

    assert told == f"I am answering {GUEST} again."
    assert "assistant of Trattoria Aurora" in front.heard(GUEST)[-1]
    assert "held for you" in (front.say(GUEST, "table for 2 tomorrow at 8pm") or "")
    again = front.press(GROUP, "Give it back to the bot", name="Marta")
    assert again == f"I am answering {GUEST} already."


def test_the_talk_goes_back_by_text(both: Front) -> None:
    both.say(GUEST, "can I talk to a person?")
    both.say(HOST, f"{number(both)} hello")

    assert both.say(HOST, f"{number(both)} Bot.") == f"I am answering {GUEST} again."
    assert both.alerts()[-1] == f"I am answering {GUEST} again."
    assert "held for you" in (both.say(GUEST, "table for 2 tomorrow at 8pm") or "")


def test_after_two_idle_hours_the_bot_answers_again(front: Front) -> None:
    take_over(front)
    front.clock.forward(minutes=119)
    assert front.say(GUEST, "thank you") is None  # this keeps it, as does an answer
    front.clock.forward(minutes=119)
    reply(front, "You are welcome")
    front.clock.forward(minutes=119)
    assert front.say(GUEST, "bye") is None
    heard = front.heard(GUEST)
    front.clock.forward(minutes=120)
    front.run_due()

    assert front.heard(GUEST) == heard
    assert "held for you" in (front.say(GUEST, "table for 2 tomorrow at 8pm") or "")


@pytest.mark.parametrize(("digit", "state"), [("1", State.RESERVED), ("9", State.CANCELLED)])
def test_the_question_of_a_hold_is_still_answered(front: Front, digit: str, state: State) -> None:
    front.say(GUEST, "table for 2 tomorrow at 8pm")
    take_over(front)
    assert front.say(GUEST, "yes, at the window") is None

    assert front.say(GUEST, digit) is not None
    assert front.book()[0].state is state
    assert front.say(GUEST, digit) is None


def test_a_button_of_the_bot_still_works(front: Front) -> None:
    front.say(CHAT, "table for 2 tomorrow at 8pm", name="Anna")
    take_over(front, CHAT)

    assert "Booked" in (front.press(CHAT, "Book it") or "")
    assert front.book()[0].state is State.RESERVED
    assert front.say(CHAT, "thank you") is None


def test_a_stop_is_always_a_stop(front: Front) -> None:
    front.say(GUEST, "table for 2 tomorrow at 8pm")
    take_over(front)
    front.say(GUEST, "STOP")

    assert front.book()[0].state is State.CANCELLED
    assert front.say(GUEST, "START") is None
    assert "held for you" in (front.say(GUEST, "table for 2 tomorrow at 8pm") or "")


def test_in_a_burst_each_message_goes_where_it_belongs(front: Front) -> None:
    front.say(GUEST, "table for 2 tomorrow at 8pm")
    take_over(front)
    front.receive(GUEST, "1")
    front.work(front.receive(GUEST, "and a high chair, please"))

    assert front.book()[0].state is State.RESERVED
    assert any(told.endswith("and a high chair, please") for told in front.alerts())
    assert front.heard(GUEST)[-1].startswith("Booked")


def test_other_guests_are_answered_as_ever(front: Front) -> None:
    take_over(front)

    assert "held for you" in (front.say(OTHER, "table for 2 tomorrow at 8pm") or "")


def test_a_repeated_webhook_passes_nothing_on_twice(front: Front) -> None:
    take_over(front)
    talk = front.receive(GROUP, "Are you there?", reply_to=newest(front).id, name="Marta")
    front.work(talk)
    front.work(talk)
    front.work(front.receive(GUEST, "yes"))

    assert [row["facts"]["words"] for row in front.outbox(kind="relay")] == [
        "What can I do for you?",
        "Are you there?",
    ]
    assert front.alerts()[-1] == f"{GUEST}: yes"


def test_the_staff_of_the_house_that_answers_get_the_talk(empty_front: Front) -> None:
    front = empty_front
    front.open(venue_data(channels={"sms": front.house.accounts["sms"]}, staff=STAFF[:1]))
    borea = {"slug": "borea", "name": "Osteria Borea"}
    front.open(venue_data(restaurant=borea, staff=STAFF[1:]))
    for slug in ("aurora", "borea"):
        front.say(CHAT, f"/start {slug}", name="Anna")
        front.say(CHAT, "can I talk to a person?")
    reply(front, "What can I do for you?")
    assert front.heard(CHAT)[-1] == "Trattoria Aurora: What can I do for you?"
    told = front.heard(HOST)

    assert front.say(CHAT, "a cake, please") is None
    assert front.alerts()[-1] == "Anna (Telegram): a cake, please"
    assert front.heard(HOST) == told
    assert "Osteria Borea" in (front.say(CHAT, "/start borea") or "")
