"""Reception: which restaurant is meant, and what becomes of what was written before it is known."""

import pytest
from front import CHAT, GUEST, Front
from restaurants import venue_data

from booking.database import Database
from booking.lifecycle import State
from bot.inbox import Kind
from bot.reception import MOST_PENDING

WISH = "table for 2 tomorrow at 8pm"
BOREA = {"slug": "borea", "name": "Osteria Borea", "address": "Corso Como 1, Milano"}


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: here it makes no difference."""
    return sqlite_database


@pytest.fixture
def two(empty_front: Front) -> Front:
    """A house with Trattoria Aurora and Osteria Borea."""
    empty_front.open(venue_data())
    empty_front.open(venue_data(restaurant=BOREA))
    return empty_front


def states(front: Front) -> list[State]:
    return [found.state for found in front.book()]


def test_what_was_written_meanwhile_is_read_together_after_the_choice(two: Front) -> None:
    two.say(GUEST, "table for 4 tomorrow at 8pm")
    asked = two.say(GUEST, "sorry, 2 adults, 1 kid, sat 28 5:30pm") or ""
    assert "Which restaurant" in asked
    assert "Which restaurant" in (two.say(GUEST, "I meant 8:30pm") or "")

    answer = two.say(GUEST, "2") or ""
    assert all(part in answer for part in ("3 people", "Saturday 28 November", "20:30"))
    assert len(two.book()) == 1


def test_messages_that_waited_together_are_all_kept(two: Front) -> None:
    talk = two.receive(GUEST, "a table please")
    two.receive(GUEST, "for 2")
    two.receive(GUEST, "tomorrow at 8pm")
    two.work(talk)
    talk = two.receive(GUEST, "2")
    two.receive(GUEST, "we have a pram")
    two.work(talk)

    answer = two.heard(GUEST)[-1]
    assert all(part in answer for part in ("2 people", "Saturday 21 November", "20:00", "pram"))


def test_only_so_much_is_kept(two: Front) -> None:
    two.say(GUEST, WISH)
    for _ in range(MOST_PENDING):
        two.say(GUEST, "hm")

    assert "2 people" not in (two.say(GUEST, "1") or "")


@pytest.mark.parametrize(
    "no", ["no thanks", "No", "no thank you", "no grazie", "nope", "never mind", "9"]
)
def test_a_plain_no_ends_the_question(two: Front, no: str) -> None:
    two.say(GUEST, WISH)
    answer = two.say(GUEST, no) or ""

    assert "1)" not in answer
    assert answer.startswith(("All right", "Va bene"))
    assert "Which restaurant" in (two.say(GUEST, "table for 3 on sunday at 7pm") or "")
    assert "3 people" in (two.say(GUEST, "1") or "")


def test_a_no_with_a_correction_is_none(two: Front) -> None:
    two.say(GUEST, WISH)

    assert "Which restaurant" in (two.say(GUEST, "no the other one") or "")
    assert "Which restaurant" in (two.say(GUEST, "no, make it 3 people") or "")
    assert "3 people" in (two.say(GUEST, "Borea") or "")


def test_a_first_no_is_still_asked_for_its_venue(two: Front) -> None:
    assert "Which restaurant" in (two.say(GUEST, "no") or "")


def test_the_question_is_put_in_the_language_of_the_guest(two: Front) -> None:
    assert "Quale ristorante" in (two.say(GUEST, "un tavolo per 2 domani alle 20") or "")
    assert "Va bene" in (two.say(GUEST, "no grazie") or "")


def test_venues_of_one_name_are_told_apart_by_their_addresses(empty_front: Front) -> None:
    front = empty_front
    front.open(venue_data())
    front.open(venue_data(restaurant={**BOREA, "name": "Trattoria Aurora"}))
    front.open(venue_data(restaurant={"slug": "zefiro", "name": "Zefiro"}))

    asked = front.say(GUEST, WISH) or ""
    assert "1) Trattoria Aurora, Via Solferino 9, Milano\n" in asked
    assert "2) Trattoria Aurora, Corso Como 1, Milano\n" in asked
    assert "3) Zefiro\n" in asked
    assert "Which restaurant" in (front.say(GUEST, "aurora") or "")
    assert "2 people" in (front.say(GUEST, "corso como") or "")


@pytest.mark.parametrize("choice", ["2", "2)", "#2", " 2. ", "osteria borea", "Borea"])
def test_a_venue_is_chosen_by_number_or_name(two: Front, choice: str) -> None:
    two.say(GUEST, WISH)
    two.say(GUEST, choice)

    assert "Osteria Borea" in (two.say(GUEST, "1") or "")


def test_who_wrote_nothing_but_the_choice_is_greeted(two: Front) -> None:
    two.say(CHAT, "", kind=Kind.MEDIA)

    assert "this is Osteria Borea" in (two.say(CHAT, "2") or "")


def test_after_a_stop_nothing_of_before_is_held(two: Front) -> None:
    two.say(GUEST, WISH)
    assert two.say(GUEST, "STOP") is None
    two.say(GUEST, "START")

    assert "Which restaurant" in (two.say(GUEST, "hello") or "")
    two.say(GUEST, "2")
    assert states(two) == []


def test_what_was_written_long_ago_is_not_held(two: Front) -> None:
    two.say(GUEST, WISH)
    two.clock.forward(hours=5)

    assert "this is Osteria Borea" in (two.say(GUEST, "2") or "")
    assert states(two) == []


def test_a_link_among_several_messages_leads_to_its_venue(two: Front) -> None:
    talk = two.receive(CHAT, "/start borea")
    two.receive(CHAT, WISH)
    two.work(talk)

    assert "2 people" in two.heard(CHAT)[-1]


@pytest.mark.parametrize("figures", ["7" * 5000, "0", "3", "²"])
def test_a_number_that_is_none_of_them_chooses_nothing(two: Front, figures: str) -> None:
    two.say(CHAT, WISH)

    assert "Which restaurant" in (two.say(CHAT, figures) or "")
