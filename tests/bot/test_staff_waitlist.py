"""The waitlist in the staff's chat: who waits, whom they write down, and who is to be rung."""

import pytest
from front import CHAT, GUEST, STAFF_CHAT, Front
from full_house import come_free, open_full

from booking.database import Database
from booking.lifecycle import State

GROUP = str(STAFF_CHAT)
HOST = "+390299999999"
STAFF = [{"name": "Front", "telegram_chat_id": STAFF_CHAT}, {"name": "Mara", "phone": HOST}]


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: here it makes no difference."""
    return sqlite_database


@pytest.fixture
def front(empty_front: Front) -> Front:
    """A house with one table, which somebody has tomorrow at eight."""
    open_full(empty_front, staff=STAFF)
    return empty_front


def group(front: Front, text: str) -> str:
    """What the group is answered."""
    return front.say(GROUP, text, name="Marta", chat_type="supergroup") or ""


def test_the_list_tells_in_order_who_waits_for_what_and_since_when(front: Front) -> None:
    assert group(front, "/waitlist") == "Nobody waits."
    front.say(CHAT, "waitlist for 2 tomorrow at 8pm, we have a pram", name="Anna")
    front.clock.forward(days=-1)
    group(front, "/wait 2 sat 19:30-21:00 Rossi +39 333 1234567")
    front.clock.forward(days=1)
    come_free(front)

    assert group(front, "/waitlist").split("\n") == [
        "Saturday 21 November: 2 waiting",
        '1. 19:00-21:00 2p Anna (Telegram) [held] "we have a pram" since 12:00',
        "2. 19:30-21:00 2p Rossi (+393331234567) since Thu 19 Nov 12:00",
    ]
    assert group(front, "/waitlist sunday") == "Nobody waits."
    assert group(front, "/list sat").startswith("Saturday 21 November: nobody yet. (1 waiting)")


def test_whom_the_staff_write_down_they_ring_and_decide_for(front: Front) -> None:
    said = group(front, "/wait 2 sat 19:30-21:00 Rossi +39 333 1234567 window")
    assert said.startswith("Waiting: 2 people, Saturday 21 November, 19:30-21:00, Rossi (+39333")
    come_free(front)

    told = front.alerts()[-1]
    assert told.startswith("A table came free for Rossi (+393331234567), who waits: 2 people,")
    assert "it is held until 12:15" in told
    assert "accept" in front.heard(HOST)[-1]
    assert "Accepted" in (front.press(GROUP, "Accept") or "")
    (visit,) = [found for found in front.book() if found.state is State.RESERVED]
    assert (visit.source, visit.request) == ("waitlist", "window")


def test_nobody_rung_in_time_gives_it_to_the_next(front: Front) -> None:
    group(front, "/wait 2 sat 19:30-21:00 Rossi +39 333 1234567")
    front.say(GUEST, "waitlist for 2 tomorrow at 8pm")
    come_free(front)
    front.clock.forward(minutes=15)
    front.run_due()

    assert "has come free" in front.heard(GUEST)[-1]


def test_a_guest_whom_the_staff_ring_hears_nothing_of_their_decision(front: Front) -> None:
    front.say(GUEST, "hello")
    group(front, f"/wait 2 sat 19:30-21:00 Rossi {GUEST}")
    come_free(front)
    before = front.heard(GUEST)
    front.press(GROUP, "Decline")
    front.run_due()

    assert front.heard(GUEST) == before


def test_what_was_written_down_can_be_taken_back(front: Front) -> None:
    group(front, "/wait 2 sat 19:30-21:00 Rossi")

    assert group(front, "/undo").startswith("Taken back:\n19:30-21:00 2p Rossi")
    assert group(front, "/waitlist") == "Nobody waits."


def test_what_cannot_be_written_down_is_told(front: Front) -> None:
    for text, answer in (
        ("sat 19:30 Rossi", "How many they are is missing."),
        ("2 sun 19:30-21:00 Rossi", "There is a table at 19:30: /book enters it."),
        ("2 mon 19:30 Rossi", "The house is closed on Monday 23 November."),
        ("30 sat 19:30 Rossi", "30 people are more than the house takes: 2."),
    ):
        assert answer in group(front, f"/wait {text}")

    assert group(front, "/waitlist") == "Nobody waits."
