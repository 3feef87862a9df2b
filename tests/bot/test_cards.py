"""Guests in the staff's chat: the card, notes, VIPs, and what the sheet and alerts mark."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from front import CHAT, GUEST, STAFF_CHAT, Front
from restaurants import NOON, rome, venue_data

from booking import allergies, guests, models
from booking.database import Database
from booking.guests import Guest
from booking.lookups import Reservation
from bot import marks
from conversations.wording import load_wording

GROUP = str(STAFF_CHAT)
HOST = "+390299999999"
LATER = NOON + timedelta(days=1)
STAFF = [{"name": "Front", "telegram_chat_id": STAFF_CHAT}, {"name": "Mara", "phone": HOST}]


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: here it makes no difference."""
    return sqlite_database


@pytest.fixture
def front(empty_front: Front) -> Front:
    empty_front.open(venue_data(staff=STAFF))
    return empty_front


def group(front: Front, text: str) -> str:
    return front.say(GROUP, text, name="Marta", chat_type="supergroup") or ""


def newest(front: Front) -> Reservation:
    return max(front.book(), key=lambda found: found.id)


def a_regular(front: Front) -> str:
    """Anna has not come tonight, and comes tomorrow with an allergy; her code."""
    front.say(CHAT, "table for 2 tonight at 7pm", name="Anna Rossi")
    front.say(CHAT, "1", name="Anna Rossi")
    front.clock.now = rome("19:10")
    group(front, "/noshow Anna")
    front.say(CHAT, "table for 2 tomorrow at 8pm, allergic to nuts", name="Anna Rossi")
    front.say(CHAT, "1", name="Anna Rossi")
    return newest(front).code


def test_a_card_tells_what_the_house_knows_of_a_guest(front: Front) -> None:
    code = a_regular(front)
    first = front.book()[0].code
    group(front, f"/guest {code} likes table 4")
    group(front, f"/vip {code}")

    assert group(front, f"/guest {code.lower()}").split("\n") == [
        "Anna Rossi, VIP",
        "Telegram",
        "Speaks English",
        "Visits 0, no-shows 1, cancelled 0, of those late 0",
        "Allergies: allergic to nuts",
        "Note: likes table 4",
        f"Sat 21 Nov 20:00 2p T1 {code}",
        f"Fri 20 Nov 19:00 2p T1 {first} [no-show]",
    ]


def test_a_guest_is_found_by_name_and_by_a_number_however_it_is_written(front: Front) -> None:
    group(front, f"/book 2 sat 20:00 Bruno Neri {GUEST}")
    for whom in ("bruno", "Neri", "+44 7700 900101", "0044 7700 900101"):
        assert group(front, f"/guest {whom}").split("\n")[:2] == [
            "Bruno Neri",
            f"{GUEST} (not verified)",
        ]
    assert group(front, f"/guest {GUEST} rings at noon").endswith(newest(front).code)
    assert "Note: rings at noon" in group(front, "/guest bruno neri")


def test_of_several_of_a_name_the_staff_are_asked_which(front: Front) -> None:
    group(front, "/book 2 sat 20:00 Anna Rossi")
    first = newest(front).code
    group(front, f"/book 2 sat 21:00 Bruno Rossi {GUEST}")
    second = newest(front).code

    assert group(front, "/guest rossi likes wine").split("\n") == [
        f"{second} Bruno Rossi ({GUEST})",
        f"{first} Anna Rossi",
        f"Which one? For example: /guest {second}",
    ]
    assert "Bruno Rossi" in (front.press(GROUP, f"{second} Bruno Rossi ({GUEST})") or "")
    assert "likes wine" not in group(front, "/guest bruno")
    group(front, "/vip rossi")
    assert "VIP from now on: Anna Rossi." in (front.press(GROUP, f"{first} Anna Rossi") or "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/guest", "Please write the code, the name or the number"),
        ("/vip", "Please write the code, the name or the number"),
        ("/guest Nobody", "I find nobody for: Nobody"),
        ("/vip ZZZZ", "I find nobody for: ZZZZ"),
    ],
)
def test_who_is_not_meant_is_told_how(front: Front, text: str, said: str) -> None:
    assert said in group(front, text)


def test_a_note_on_a_guest_is_added_and_taken_back(front: Front) -> None:
    group(front, "/book 2 sat 20:00 Rossi")
    group(front, "/guest Rossi likes table 4")

    assert "Note: likes table 4; birthday in May" in group(front, "/guest Rossi birthday in May")
    said = group(front, "/undo")
    assert said.startswith("Taken back:\nRossi")
    assert said.split("\n")[3] == "Note: likes table 4"
    assert "Note" not in (front.press(GROUP, "Undo") or "")


def test_a_vip_is_one_until_it_is_turned_or_taken_back(front: Front) -> None:
    group(front, "/book 2 sat 20:00 Rossi")
    assert group(front, "/vip rossi") == "A VIP from now on: Rossi."
    assert group(front, "/vip rossi") == "No VIP any more: Rossi."

    assert "Rossi, VIP" in group(front, "/undo")
    assert "VIP" not in group(front, "/undo")


def test_what_was_done_with_a_guest_who_is_another_by_now_is_not_taken_back(front: Front) -> None:
    group(front, f"/book 2 sat 20:00 Rossi {GUEST}")
    front.say(CHAT, "hello", name="Anna")
    group(front, "/guest Anna likes table 4")
    front.say(CHAT, "", kind="media", media="contact", own_number=GUEST)

    assert "cannot be taken back" in group(front, "/undo")
    assert "Note: likes table 4" in group(front, "/guest Rossi")


def test_by_sms_a_card_is_as_long_as_two_segments_carry(front: Front) -> None:
    group(front, f"/book 2 sat 20:00 Bartholomew Featherstonehaugh {GUEST}")
    with front.database.transaction() as db:
        guest = guests.named(db, 1, "bartholomew", limit=1)[0]
        guests.annotate(db, guest.id, "likes table 4 " * 15)
    said = (front.say(HOST, "guest Bartholomew") or "").split("\n")

    assert said[0] == "Bartholomew Featherstonehaugh"
    assert said[3].startswith("Note: likes table 4 likes")
    assert said[3].endswith("...")
    assert len("\n".join(said)) <= 306


def test_the_buttons_of_another_house_open_no_card(front: Front) -> None:
    front.open(venue_data(restaurant={"slug": "bella", "name": "Bella"}, staff=[]))
    with front.database.transaction() as db:
        other = guests.meet(db, 2, "sms", GUEST, name="Rossi", now=front.clock())
    for token in (f"d:guest:{other.id}", "d:vip:999"):
        assert "Rossi" not in (front.say(GROUP, token, kind="press", chat_type="supergroup") or "")
    with front.database.reading() as db:
        assert not guests.get(db, other.id).is_vip


# What is marked.


def test_the_sheet_and_the_alerts_mark_who_comes(front: Front) -> None:
    code = a_regular(front)
    group(front, f"/vip {code}")
    front.say(CHAT, "table for 2 on sunday at 7pm", name="Anna Rossi")
    front.say(CHAT, "1", name="Anna Rossi")

    assert front.alerts()[-1].split("\n")[1] == (
        "VIP, no-show x1, allergies: allergic to nuts"  # this visit's request does not tell
    )
    assert "Anna Rossi [VIP, no-show x1, allergies: allergic to nuts] T1" in group(
        front, "/list sunday"
    )
    assert "Anna Rossi [VIP, no-show x1] T1" in group(front, "/tomorrow")
    assert "Anna Rossi [VIP, allergies: allergic to nuts] T1" in group(front, "/today")
    front.say(CHAT, "can I talk to a person", name="Anna Rossi")
    assert "VIP, no-show x1, allergies: allergic to nuts" in front.alerts()[-1].split("\n")


def test_who_is_like_most_guests_is_not_marked(front: Front) -> None:
    front.say(CHAT, "table for 2 tomorrow at 8pm", name="Anna")
    front.say(CHAT, "1", name="Anna")

    assert len(front.alerts()[-1].split("\n")) == 1
    assert "Anna T1" in group(front, "/tomorrow")


def test_allergies_are_shown_while_they_are_kept_and_forgotten_by_the_clock(front: Front) -> None:
    code = a_regular(front)
    visit = newest(front)
    over = visit.ends_at + allergies.KEPT
    front.clock.now = over - timedelta(minutes=1)
    front.run_due()
    assert "Allergies: allergic to nuts" in group(front, f"/guest {code}")

    front.clock.now = over
    assert "Allergies" not in group(front, f"/guest {code}")  # swept or not
    front.run_due()
    with front.database.reading() as db:
        assert db.execute(sa.select(models.Guest.allergies)).scalars().all() == [None]
        assert db.execute(sa.select(models.Reservation.request)).scalars().all() == [None, None]


def test_in_italian_the_staff_say_it_in_italian(empty_front: Front) -> None:
    empty_front.open(venue_data(restaurant={"languages": ["it", "en"]}, staff=STAFF))
    group(empty_front, "/prenota 2 sab 20:00 Rossi, celiaco")
    said = group(empty_front, "/ospite Rossi ama il tavolo 4")

    assert "Nota: ama il tavolo 4" in said
    assert "Allergie: celiaco" in said


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        ({}, ""),
        ({"is_vip": True}, "VIP"),
        ({"allergies": "nuts; eggs", "allergies_until": LATER}, "allergies: nuts; eggs"),
        ({"allergies": "nuts; eggs", "allergies_until": NOON}, ""),
    ],
)
def test_the_marks_of_a_guest(known: dict[str, Any], shown: str) -> None:
    guest = Guest(id=1, venue_id=1, channel="sms", address=GUEST, name=None, **known)

    assert marks.of(load_wording("en"), guest, None, no_shows=0, now=NOON) == shown
    twice = ", ".join(filter(None, [shown, "no-show x2"]))
    marked = marks.of(load_wording("en"), guest, None, no_shows=2, now=NOON)
    assert sorted(marked.split(", ")) == sorted(twice.split(", "))
