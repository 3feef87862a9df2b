"""Commands and the language of the answers: by the menu, by a button, in words."""

import pytest
from front import CHAT, GUEST, Front
from restaurants import venue_data

from booking.database import Database
from booking.lifecycle import State

WISH = "table for 2 tomorrow at 8pm"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough: what differs between the two is tested elsewhere."""
    return sqlite_database


def book(front: Front) -> None:
    front.say(CHAT, WISH, name="Anna")
    front.say(CHAT, "1", name="Anna")


def labels(front: Front) -> list[str]:
    return [b.text for row in front.messages(CHAT)[-1].buttons for b in row]


def test_start_greets_with_the_house_and_an_example(front: Front) -> None:
    answer = front.say(CHAT, "/start") or ""

    assert "this is Trattoria Aurora" in answer
    assert "for example" in answer
    assert "English, Italian" in answer


@pytest.mark.parametrize("command", ["/help", "/help@tabletalk_bot", "/HELP me", "/whatever"])
def test_help_tells_what_can_be_done_and_keeps_the_open_question(
    front: Front, command: str
) -> None:
    front.say(CHAT, WISH)
    answer = front.say(CHAT, command) or ""

    assert all(word in answer for word in ("change", "cancel", "+390212345678", "English"))
    assert "Reply 1 to book it" in answer
    assert front.book()[0].state is State.HELD


def test_book_asks_for_what_is_missing_and_takes_what_stands_behind_it(front: Front) -> None:
    assert "how many people, which day" in (front.say(CHAT, "/book") or "")
    assert "4 people, Saturday 21 November, 20:00" in (
        front.say(CHAT, "/book 4 people tomorrow at 8pm") or ""
    )


def test_bookings_tells_what_is_booked(front: Front) -> None:
    assert "no booking" in (front.say(CHAT, "/bookings") or "")
    book(front)

    assert "You are expected" in (front.say(CHAT, "/bookings") or "")


def test_cancel_asks_before_it_cancels(front: Front) -> None:
    book(front)

    assert "Shall I cancel this" in (front.say(CHAT, "/cancel") or "")
    assert front.book()[0].state is State.RESERVED
    front.say(CHAT, "1")
    assert front.book()[0].state is State.CANCELLED


def test_language_shows_the_languages_of_the_house_as_buttons(front: Front) -> None:
    front.say(CHAT, WISH)
    front.say(CHAT, "/language")

    assert labels(front) == ["English", "Italiano", "Book it", "Let it go"]
    assert "in poi in italiano" in (front.press(CHAT, "Italiano") or "")
    assert "Risponda 1" in front.heard(CHAT)[-1]


def test_a_chosen_language_stays_whatever_is_written(front: Front) -> None:
    front.say(CHAT, "/language it")

    assert "2 persone" in (front.say(CHAT, WISH) or "")
    assert "Risponda 1" in (front.say(CHAT, "what time do you close?") or "")
    front.say(CHAT, "/language en")
    assert "Booked" in (front.say(CHAT, "sì, va benissimo") or "")


def test_a_language_that_was_not_chosen_follows_the_words(front: Front) -> None:
    front.say(CHAT, WISH)

    assert "2 persone" in (front.say(CHAT, "anzi, un tavolo per 2 domani alle 21") or "")


def test_a_language_that_the_house_does_not_speak_is_asked_about(front: Front) -> None:
    assert "English, Italian" in (front.say(CHAT, "/language fr") or "")


def test_a_language_of_ours_that_is_not_the_houses_is_not_taken(empty_front: Front) -> None:
    empty_front.open(venue_data(restaurant={"languages": ["en"]}))

    assert "I speak English." in (empty_front.say(CHAT, "in italiano per favore") or "")
    assert "2 people" in (empty_front.say(CHAT, "un tavolo per 2 domani alle 20") or "")


@pytest.mark.parametrize(
    ("wish", "answer"),
    [
        ("parla italiano?", "in poi in italiano"),
        ("in italiano per favore", "in poi in italiano"),
        ("Hi, can we speak Italian please?", "in poi in italiano"),
        ("English please", "in English from now on"),
        ("Buonasera, parla inglese?", "in English from now on"),
    ],
)
def test_a_language_can_be_chosen_in_words(front: Front, wish: str, answer: str) -> None:
    assert answer in (front.say(GUEST, wish) or "")


@pytest.mark.parametrize(
    "other", ["do you have an italian menu?", "is the english menu there too?", "the italian job"]
)
def test_words_that_name_a_language_do_not_choose_it(front: Front, other: str) -> None:
    assert "from now on" not in (front.say(GUEST, other) or "")
    assert "in poi" not in front.heard(GUEST)[-1]


def test_a_language_and_a_wish_in_one_go_are_both_taken(front: Front) -> None:
    talk = front.receive(GUEST, "in italiano per favore")
    front.receive(GUEST, WISH)
    front.work(talk)

    assert "2 persone" in front.heard(GUEST)[-1]
    assert "Risponda 1" in (front.say(GUEST, "are you open on sunday?") or "")


def test_what_was_written_before_the_venue_is_known_may_be_a_command(empty_front: Front) -> None:
    empty_front.open(venue_data())
    empty_front.open(venue_data(restaurant={"slug": "borea", "name": "Osteria Borea"}))
    empty_front.say(CHAT, "/language it")

    assert "in poi in italiano" in (empty_front.say(CHAT, "2") or "")


def test_a_slash_in_a_message_is_no_command(front: Front) -> None:
    assert "2 people" in (front.say(GUEST, "table for 2 on 21/11 at 8pm") or "")


def test_a_name_that_is_a_language_is_a_name(front: Front) -> None:
    front.say(GUEST, WISH)
    front.say(GUEST, "1")

    assert "Thank you, Inglese" in (front.say(GUEST, "Inglese") or "")
