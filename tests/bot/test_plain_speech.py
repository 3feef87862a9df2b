"""What guests say in whole sentences, and what must come of it."""

import pytest
from front import GUEST, Front

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
        (WISH, "yes. do you have vegan options"),
        (DESIRE, "sì, c'è un seggiolone?"),
        (DESIRE, "va bene, avete il menu vegano?"),
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
        (WISH, "yes and if you have a high chair please"),
        (DESIRE, "sì grazie, c'è un passeggino"),
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


@pytest.mark.parametrize("small_talk", ["Yes", "ok", "thanks", "1"])
def test_the_name_is_asked_once_more_after_a_yes_and_can_still_be_given(
    front: Front, small_talk: str
) -> None:
    front.say(GUEST, WISH)
    front.say(GUEST, "1")
    assert "What name" in (front.say(GUEST, small_talk) or "")
    assert "What name" not in (front.say(GUEST, small_talk) or "")

    assert "Thank you, Sam." in (front.say(GUEST, "Sam") or "")
    assert states(front) == [State.RESERVED]
