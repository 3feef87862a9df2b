"""What guests wish for in their own words, and a second visit at one time, which is asked about."""

import pytest
from front import GUEST, STAFF_CHAT, Front
from restaurants import table, venue_data

from booking.database import Database
from booking.lifecycle import State

ROOMS = [
    table("T1"),
    {**table("T2"), "section": "terrace", "attributes": ["outdoor"]},
    {**table("T3"), "section": "terrace", "attributes": ["outdoor", "quiet"]},
    {**table("T4", 6, 3), "section": "sala"},
]
NAMES = {number: f"T{number}" for number in range(1, 5)}


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: here it makes no difference."""
    return sqlite_database


@pytest.fixture
def front(empty_front: Front) -> Front:
    empty_front.open(venue_data(tables=ROOMS, combinations=[]))
    return empty_front


def place(front: Front) -> tuple[list[str], set[str], set[str]]:
    """The tables of the newest reservation, which wishes they meet, and which not."""
    newest = max(front.book(), key=lambda found: found.id)
    return [NAMES[i] for i in newest.table_ids], set(newest.features), set(newest.unmet)


@pytest.mark.parametrize(
    ("said", "noted", "stands"),
    [
        (
            "a quiet table outside for 2 tomorrow at 8pm",
            "quiet table outside",
            (["T3"], {"quiet", "outdoor"}, set()),
        ),
        ("table for 2 tomorrow at 8pm on the terrace", "terrace", (["T2"], {"terrace"}, set())),
        ("a quiet table for 5 tomorrow at 8pm", "noted: quiet.", (["T4"], set(), {"quiet"})),
        ("table for 2 tomorrow at 8pm, not outside", "20:00", (["T1"], set(), set())),
        (
            "un tavolo tranquillo all'aperto per 2 domani alle 20",
            "tranquillo all'aperto",
            (["T3"], {"quiet", "outdoor"}, set()),
        ),
        ("tavolo per 2 domani alle 20, fuori", "fuori", (["T2"], {"outdoor"}, set())),
        ("un tavolo in sala per 2 domani alle 20", "20:00", (["T1"], set(), {"sala"})),
    ],
)
def test_a_place_that_is_wished_for_is_given_and_what_cannot_be_is_noted(
    front: Front, said: str, noted: str, stands: tuple[list[str], set[str], set[str]]
) -> None:
    assert noted in (front.say(GUEST, said) or "")
    assert place(front) == stands


def test_a_place_that_is_wished_for_later_is_given_then(front: Front) -> None:
    front.say(GUEST, "table for 2 tomorrow at 8pm")
    assert place(front)[0] == ["T1"]

    front.say(GUEST, "yes, outside please")
    assert place(front) == (["T2"], {"outdoor"}, set())


ENGLISH = ("table for 2 tomorrow at 8pm", "You already have a table at 20:00.")
ITALIAN = ("tavolo per 2 domani alle 20", "Ne ha già uno alle 20:00.")


@pytest.mark.parametrize(
    ("first", "asked", "second", "yes"),
    [
        (*ENGLISH, ["table for 2 tomorrow at 9pm"], "yes"),
        (*ENGLISH, ["table for 2 tomorrow at 6pm", "make that 9pm"], "1"),
        (*ITALIAN, ["un tavolo per 2 domani alle 21"], "sì"),
        (*ITALIAN, ["un tavolo per 2 domani alle 18", "anzi alle 21"], "sì"),
    ],
)
def test_a_second_visit_at_one_time_is_asked_about_before_it_is_booked(
    front: Front, first: str, asked: str, second: list[str], yes: str
) -> None:
    assert asked not in (front.say(GUEST, first) or "")
    front.say(GUEST, yes)
    for text in second:
        heard = front.say(GUEST, text) or ""
    assert asked in heard
    assert [r.state for r in front.book()] == [State.RESERVED, State.HELD]

    front.say(GUEST, yes)
    assert [r.state for r in front.book()] == [State.RESERVED, State.RESERVED]


def test_a_second_visit_that_is_not_meant_is_let_go(front: Front) -> None:
    front.say(GUEST, ENGLISH[0])
    front.say(GUEST, "1")
    front.say(GUEST, "table for 2 tomorrow at 9pm")
    front.say(GUEST, "no")

    assert {r.state for r in front.book()} == {State.RESERVED, State.CANCELLED}


def test_a_visit_that_is_moved_to_the_time_of_another_is_asked_about(front: Front) -> None:
    for time in ("6pm", "9pm"):
        front.say(GUEST, f"table for 2 tomorrow at {time}")
        front.say(GUEST, "1")

    moved = front.say(GUEST, "please move it to 7pm") or ""
    assert "to 2 people, Saturday 21 November, 19:00?" in moved
    assert "You already have a table at 18:00." in moved
    assert "already" not in (front.say(GUEST, "make it 8pm") or "already")


def test_the_staff_are_told_of_a_second_visit(front: Front) -> None:
    front.say(GUEST, ENGLISH[0])
    front.say(GUEST, "1")
    code = front.book()[0].code
    told = front.say(
        str(STAFF_CHAT),
        f"/book 2 tomorrow 21:00 Rossi {GUEST}",
        name="Marta",
        chat_type="supergroup",
    )

    assert f"This guest is expected at that time already: {code}." in (told or "")
