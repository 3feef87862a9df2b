"""Silence: the words of the carriers, in every state of a talk."""

import pytest
import sqlalchemy as sa
from front import CHAT, GUEST, Front

from booking.lifecycle import State
from bot.consent import SILENT_WORDS, START_WORDS, STOP_WORDS, Silence
from bot.inbox import Kind
from bot.models import ConsentChange

WISH = "table for 2 tomorrow at 8pm"
CONTRACT = {"STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "CANCEL", "REVOKE", "OPTOUT"}


def book(front: Front) -> None:
    front.say(GUEST, WISH)
    front.say(GUEST, "1")


def ledger(front: Front) -> list[tuple[str, str, str | None]]:
    row = ConsentChange
    with front.database.reading() as db:
        found = db.execute(sa.select(row.silence, row.cause, row.words).order_by(row.id))
        return [(silence, cause, words) for silence, cause, words in found]


def test_the_words_are_those_of_the_carriers() -> None:
    assert STOP_WORDS == CONTRACT
    assert {"START", "YES", "UNSTOP"} == START_WORDS
    assert {"HELP", "INFO", "START"} <= SILENT_WORDS


@pytest.mark.parametrize("word", sorted(CONTRACT))
def test_after_a_stop_word_nothing_is_sent_and_the_hold_is_let_go(front: Front, word: str) -> None:
    front.say(GUEST, WISH)

    assert front.say(GUEST, f"  {word.title()} \n") is None
    assert [r.state for r in front.book()] == [State.CANCELLED]
    assert front.alerts() == []
    assert front.say(GUEST, WISH) is None
    assert len(front.book()) == 1


def test_what_is_reserved_stays_and_the_staff_hear_that_the_guest_is_silent(front: Front) -> None:
    book(front)
    front.say(GUEST, "CANCEL")

    assert [r.state for r in front.book()] == [State.RESERVED]
    assert "wants no more messages but is still expected" in front.alerts()[-1]
    assert front.book()[0].code in front.alerts()[-1]


def test_a_silent_guest_who_writes_is_not_answered_but_the_staff_read_it(front: Front) -> None:
    front.say(GUEST, "STOP")
    assert front.say(GUEST, "are you open on sunday?") is None

    assert "are you open on sunday?" in front.alerts()[-1]


@pytest.mark.parametrize("word", ["START", "unstop"])
def test_a_start_word_ends_the_silence_without_an_answer(front: Front, word: str) -> None:
    front.say(GUEST, "STOP")

    assert front.say(GUEST, word) is None
    assert "20:00" in (front.say(GUEST, WISH) or "")


def test_yes_ends_the_silence_and_is_answered(front: Front) -> None:
    front.say(GUEST, "STOP")

    assert front.say(GUEST, "Yes") is not None


@pytest.mark.parametrize("word", ["HELP", "info", " Help "])
def test_the_carrier_answers_a_cry_for_help_so_we_do_not(front: Front, word: str) -> None:
    assert front.say(GUEST, word) is None
    assert front.outbox() == []


def test_a_stop_word_in_a_sentence_is_no_carrier_word(front: Front) -> None:
    book(front)

    assert front.say(GUEST, "please cancel my table") is not None


def test_a_stop_in_other_words_counts_as_well(front: Front) -> None:
    book(front)

    assert front.say(GUEST, "please stop texting me") is None
    assert front.say(GUEST, "hello?") is None
    assert "still expected" in front.alerts()[-2]


def test_reminders_are_not_sent_to_a_silent_number(front: Front) -> None:
    front.say(GUEST, "table for 2 on sunday at 8pm")
    front.say(GUEST, "1")
    front.say(GUEST, "STOP")
    before = front.heard(GUEST)
    front.clock.forward(hours=32, minutes=10)
    front.run_due()

    assert front.heard(GUEST) == before
    assert front.outbox(kind="reminder")[0]["state"] == "suppressed"


def test_in_telegram_a_stop_ends_notices_but_not_answers(front: Front) -> None:
    front.say(CHAT, "table for 2 on sunday at 8pm")
    front.say(CHAT, "1")
    assert "nothing more" in (front.say(CHAT, "stop sending me messages") or "")
    assert "20:00" in (front.say(CHAT, "what time is my table?") or "")
    before = front.heard(CHAT)
    front.clock.forward(hours=32, minutes=10)
    front.run_due()

    assert front.heard(CHAT) == before
    assert front.outbox(kind="reminder")[0]["state"] == "suppressed"


def test_who_blocked_the_bot_and_comes_back_is_answered_again(front: Front) -> None:
    front.receive(CHAT, "", kind=Kind.MEMBERSHIP, blocked=True)
    assert front.say(CHAT, WISH) is None
    front.receive(CHAT, "", kind=Kind.MEMBERSHIP, blocked=False)

    assert "20:00" in (front.say(CHAT, WISH) or "")


def test_twilios_own_opt_out_mark_counts(front: Front) -> None:
    assert front.say(GUEST, "basta", opt_out="STOP") is None
    assert front.say(GUEST, WISH) is None
    assert front.say(GUEST, "eccomi", opt_out="START") is None
    assert "20:00" in (front.say(GUEST, WISH) or "")


def test_the_ledger_keeps_what_was_wanted_when_and_in_which_words(front: Front) -> None:
    for word in ("stop", "STOP", "start"):
        front.say(GUEST, word)

    assert ledger(front) == [(Silence.ALL, "stop", "stop"), (Silence.NONE, "start", "start")]
