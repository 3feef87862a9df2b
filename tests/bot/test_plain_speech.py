"""What guests say in whole sentences, and what must come of it."""

import pytest
from front import CHAT, GUEST, Front

from booking.database import Database
from booking.lifecycle import State

WISH = "table for 2 tomorrow at 8pm"
DESIRE = "tavolo per 2 domani alle 20"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: here it makes no difference."""
    return sqlite_database


def states(front: Front) -> list[State]:
    return [r.state for r in front.book()]


@pytest.mark.parametrize(
    ("taken", "party"),
    [
        ("table for 2 tonight at 20:15", 2),
        ("tavolo per 2 stasera alle 20:15", 2),
        ("we are 3, the second one please", 3),
        ("20:15 please", 2),
    ],
)
def test_an_offered_time_can_be_named_in_a_whole_sentence(
    front: Front, taken: str, party: int
) -> None:
    assert "2) 20:15" in (front.say(GUEST, "table for 2 tonight at 20:10") or "")
    assert "20:15" in (front.say(GUEST, taken) or "")

    held = front.book()[0]
    assert (held.state, held.party_size) == (State.HELD, party)
    assert held.starts_at.minute == 15


def test_another_time_than_those_offered_is_looked_up_anew(front: Front) -> None:
    front.say(GUEST, "table for 2 tonight at 20:10")

    assert "19:00" in (front.say(GUEST, "table for 2 tonight at 19:00") or "")
    assert states(front) == [State.HELD]


@pytest.mark.parametrize(
    ("wish", "answer"),
    [
        (WISH, "yep, is there a veggie menu?"),
        (WISH, "Ok perfect. Is there a high chair?"),
        (DESIRE, "sì, c'è un seggiolone?"),
    ],
)
def test_a_question_behind_the_yes_is_answered_and_no_wish(
    front: Front, wish: str, answer: str
) -> None:
    front.say(GUEST, wish)
    heard = front.say(GUEST, answer) or ""

    assert "+390212345678." in heard
    assert states(front) == [State.RESERVED]
    assert front.book()[0].request is None


@pytest.mark.parametrize(
    ("wish", "answer"),
    [
        (WISH, "yes, can we have the window?"),
        (DESIRE, "sì, e se avete un seggiolone grazie"),
    ],
)
def test_a_wish_behind_the_yes_is_noted(front: Front, wish: str, answer: str) -> None:
    front.say(GUEST, wish)
    front.say(GUEST, answer)

    assert states(front) == [State.RESERVED]
    assert front.book()[0].request


def test_big_is_a_yes_only_where_a_clause_begins(front: Front) -> None:
    front.say(GUEST, DESIRE)
    assert "Risponda 1" in (front.say(GUEST, "il passeggino è grande, va bene?") or "")
    assert states(front) == [State.HELD]

    assert "Prenotato" in (front.say(GUEST, "grande!") or "")


def test_a_name_with_a_wish_answers_the_question_for_the_name(front: Front) -> None:
    front.say(GUEST, WISH)
    front.say(GUEST, "1")
    heard = front.say(GUEST, "my name is Tom Baker, and we have a dog with us") or ""

    assert "Thank you, Tom Baker." in heard
    assert "a dog" in heard
    assert "What name" not in heard
    assert "Tom Baker" in front.alerts()[-1]


@pytest.mark.parametrize("small_talk", ["Yes", "thanks", "1"])
def test_the_name_is_asked_once_more_after_a_yes_and_can_still_be_given(
    front: Front, small_talk: str
) -> None:
    front.say(GUEST, WISH)
    front.say(GUEST, "1")
    assert "What name" in (front.say(GUEST, small_talk) or "")
    assert "What name" not in (front.say(GUEST, small_talk) or "")

    assert "Thank you, Sam." in (front.say(GUEST, "Sam") or "")
    assert states(front) == [State.RESERVED]


@pytest.mark.parametrize(
    ("text", "party", "noted"),
    [
        ("a table for 2 sunday 9pm, we need a wheelchair space and a baby seat", 2, "a baby seat"),
        ("tavolo per 2 domenica alle 21, due sedie a rotelle e un cane", 2, "due sedie a rotelle"),
        ("Hi, table for 10 tomorrow 7pm, two in wheelchairs", 10, "two in wheelchairs"),
        ("11 for dinner on wednesday at 8, one vegan, two kids", 11, "one vegan, two kids"),
    ],
)
def test_seats_and_menus_count_nobody_and_are_noted(
    front: Front, text: str, party: int, noted: str
) -> None:
    front.say(GUEST, text)

    held = front.book()[0]
    assert held.party_size == party
    assert noted in (held.request or "")


def test_the_bookings_are_listed_while_another_is_talked_about(front: Front) -> None:
    front.say(CHAT, "/book")
    assert "no booking" in (front.say(CHAT, "/bookings") or "")

    front.say(CHAT, WISH)
    assert "no booking" not in (front.say(CHAT, "/bookings") or "")
    front.say(CHAT, "1")
    front.say(CHAT, "/book")
    assert "You are expected" in (front.say(CHAT, "/bookings") or "")


def test_what_the_staff_must_agree_to_is_said_with_the_hold(front: Front) -> None:
    held = front.say(CHAT, "table for 9 tomorrow at 8pm") or ""
    assert "the team has to say yes first: reply 1 to ask them" in held
    assert [b.text for b in front.messages(CHAT)[-1].buttons[0]] == ["Ask the team", "Let it go"]

    assert "Reply 1 to book it" in (front.say(CHAT, "table for 8 tomorrow at 8pm") or "")
    front.say(CHAT, "make it 9 people")
    front.press(CHAT, "Ask the team")
    assert states(front) == [State.REQUESTED]


@pytest.mark.parametrize("asked", ["is it ok?", "any news?"])
def test_who_asks_if_all_is_well_hears_how_it_stands(front: Front, asked: str) -> None:
    front.say(GUEST, "table for 9 tomorrow at 8pm")
    front.say(GUEST, "1")
    assert "has yet to decide" in (front.say(GUEST, asked) or "")
    front.say(GUEST, "Tom")
    assert "has yet to decide" in (front.say(GUEST, asked) or "")


def test_who_is_not_expected_and_asks_if_all_is_well_hears_of_no_booking(front: Front) -> None:
    assert "has yet to decide" not in (front.say(GUEST, "is it ok?") or "")


def test_languages_are_named_in_the_language_that_is_spoken(front: Front) -> None:
    assert "I speak English, Italian;" in (front.say(CHAT, "/help") or "")
    front.say(CHAT, "in italiano per favore")
    assert "Parlo inglese, italiano" in (front.say(CHAT, "/start") or "")
