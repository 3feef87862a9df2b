"""What goes on being held, or can be had once more, is said to the guest."""

from datetime import timedelta

import pytest
from front import CHAT, GUEST, Front

from booking.database import Database
from booking.lifecycle import State

WISH = "table for 2 tomorrow at 8pm"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough: what differs between the two is tested elsewhere."""
    return sqlite_database


def states(front: Front) -> list[State]:
    return [found.state for found in front.book()]


@pytest.mark.parametrize("more", ["make it 20 people", "what about tomorrow at 4pm?"])
def test_a_correction_that_cannot_be_met_leaves_the_hold_and_says_so(
    front: Front, more: str
) -> None:
    front.say(GUEST, WISH)
    answer = front.say(GUEST, more) or ""

    assert "I still hold 2 people, Saturday 21 November, 20:00 for you until 12:05" in answer
    assert states(front) == [State.HELD]


@pytest.mark.parametrize("more", ["make it 20 people", "what about tomorrow at 4pm?"])
def test_who_wants_nothing_else_then_is_shown_the_hold_again(front: Front, more: str) -> None:
    front.say(GUEST, WISH)
    front.say(GUEST, more)

    assert "Reply 1 to book it" in (front.say(GUEST, "no thanks") or "")
    assert "Booked" in (front.say(GUEST, "1") or "")


def test_a_yes_to_the_kept_hold_shows_what_it_is_for(front: Front) -> None:
    front.say(GUEST, WISH)
    front.say(GUEST, "make it 20 people")

    assert "20:00" in (front.say(GUEST, "ok") or "")
    assert "Booked" in (front.say(GUEST, "1") or "")


def test_a_first_wish_that_cannot_be_met_holds_nothing(front: Front) -> None:
    assert "still hold" not in (front.say(GUEST, "table for 20 tomorrow at 8pm") or "")


def test_a_hold_that_ran_out_meanwhile_is_not_said_to_be_kept(front: Front) -> None:
    front.say(GUEST, WISH)
    front.clock.forward(minutes=6)

    assert "still hold" not in (front.say(GUEST, "make it 20 people") or "")


def test_a_hold_that_ran_out_can_be_booked_by_the_button_of_its_notice(front: Front) -> None:
    front.say(CHAT, WISH, name="Anna")
    front.clock.now += timedelta(minutes=6)
    front.run_due()
    notice = front.messages(CHAT)[-1]

    assert "free again" in notice.text
    assert [button.text for row in notice.buttons for button in row] == ["Book it"]
    assert "Booked" in (front.press(CHAT, "Book it") or "")


def test_by_sms_the_notice_of_a_hold_that_ran_out_has_the_digit(front: Front) -> None:
    front.say(GUEST, WISH)
    front.clock.forward(minutes=6)
    front.run_due()

    assert "Reply 1" in front.heard(GUEST)[-1]
    assert "Booked" in (front.say(GUEST, "1") or "")


def test_thanks_in_another_language_are_no_name(front: Front) -> None:
    front.say(GUEST, WISH)
    front.say(GUEST, "1")
    front.say(GUEST, "Grazie mille")

    assert front.say(GUEST, "what is booked?") is not None
    assert "mille" not in " ".join(front.alerts())


@pytest.mark.parametrize(
    ("wish", "kept"),
    [
        ("Table for 2 yesterday", "2 people."),
        ("table for 4 on 19 november 2026", "4 people."),
        ("un tavolo per 2 ieri alle 20", "2 persone, 20:00."),
    ],
)
def test_who_names_a_day_that_is_over_is_told_and_keeps_the_rest(
    front: Front, wish: str, kept: str
) -> None:
    answer = (front.say(GUEST, wish) or "").splitlines()

    assert answer[0] in {"That day has already passed.", "Quel giorno è già passato."}
    assert answer[1] == kept


@pytest.mark.parametrize("wish", ["I called yesterday about a table for 2", "table for 2 tomorrow"])
def test_a_day_of_something_else_is_not_the_day_of_the_visit(front: Front, wish: str) -> None:
    assert "passed" not in (front.say(GUEST, wish) or "")
