"""The staff and a party's place: why there is none, which one, for how much longer."""

from datetime import timedelta
from typing import Any

import pytest
from front import GUEST, STAFF_CHAT, Front
from restaurants import period, rome, table, venue_data

from booking.database import Database
from booking.lifecycle import State
from booking.lookups import Reservation

GROUP = str(STAFF_CHAT)
STAFF = [{"name": "Front", "telegram_chat_id": STAFF_CHAT}]
HOUSE: dict[str, Any] = {
    "staff": STAFF,
    "tables": [
        table("T1"),
        {**table("T2"), "section": "terrace", "attributes": ["outdoor"]},
        table("T3", 8, min_covers=5),
        {**table("T4", 4), "kept_for": "walk_ins"},
    ],
    "combinations": [],
    "service_periods": [period(pacing_parties=3)],
}


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: here it makes no difference."""
    return sqlite_database


@pytest.fixture
def front(empty_front: Front) -> Front:
    empty_front.open(venue_data(**HOUSE))
    return empty_front


def group(front: Front, text: str) -> str:
    return front.say(GROUP, text, name="Marta", chat_type="supergroup") or ""


def newest(front: Front) -> Reservation:
    return max(front.book(), key=lambda found: found.id)


def tables(front: Front, code: str) -> set[int]:
    return {n for r in front.book() if r.code == code for n in r.table_ids}


# Why.


def test_what_can_be_had_is_told_with_its_table(front: Front) -> None:
    assert group(front, "/why 2 tonight 19:00") == (
        "There is a place by the rules: T1, Friday 20 November 19:00."
    )
    assert "T2" in group(front, "/why 2 tonight 19:00 outside")


def test_each_rule_that_alone_would_have_to_bend_is_told_with_the_nearest_times(
    front: Front,
) -> None:
    for name in ("Rossi", "Neri"):
        group(front, f"/book 2 tonight 19:00 {name}")
    said = group(front, "/why 2 tonight 19:00").split("\n")

    assert said[0] == "No table is free for 2 people on Friday 20 November at 19:00."
    assert said[1].startswith("Each of these alone")
    assert said[2] == "- Only T3 would be free, meant for larger parties."
    assert said[3] == "- Only T4 would be free, kept for walk-ins or for the house."
    assert said[4] == "Free: 20:30, 20:45, 21:00"


def test_a_single_rule_of_the_hours_is_told_once(front: Front) -> None:
    said = group(front, "/why 2 tonight 19:07").split("\n")

    assert said[:2] == [
        "19:07 is between two slots of 15 minutes.",
        "That alone would have to be set aside: /book does it after a warning.",
    ]


def test_rules_that_only_together_would_do_are_told_together(front: Front) -> None:
    for name in ("Rossi", "Neri"):
        group(front, f"/book 2 tonight 19:00 {name}")
    said = group(front, "/why 2 tonight 19:07").split("\n")

    assert said[1] == "These would have to be set aside together:"
    assert said[2] == "- Only T3 would be free, meant for larger parties."


def test_a_hold_that_is_in_the_way_is_told_with_its_end(front: Front) -> None:
    front.say(GUEST, "table for 6 tonight at 8pm")
    said = group(front, "/why 6 tonight 20:00")

    assert "What is held there runs out at 12:05." in said


def test_a_request_that_is_in_the_way_is_told_with_the_day_of_its_end(front: Front) -> None:
    front.open(venue_data(**HOUSE, policy={"approval_party_size": 6}))
    front.say(GUEST, "table for 6 on tuesday at 8pm")
    front.say(GUEST, "1")
    said = group(front, "/why 6 tue 20:00")

    assert "What is held there runs out on Sunday 22 November at 12:00." in said


def test_what_cannot_be_read_is_asked_for(front: Front) -> None:
    assert "/why 4 sat 19:30" in group(front, "/why tonight")


def test_a_rule_about_tables_bends_once_after_its_warning_and_is_recorded(front: Front) -> None:
    for name in ("Rossi", "Neri"):
        group(front, f"/book 2 tonight 19:00 {name}")
    assert "meant for larger parties" in group(front, "/book 2 tonight 19:00 Verdi")
    assert "T3" in (front.press(GROUP, "Do it anyway") or "")
    assert "no longer open" in (front.press(GROUP, "Do it anyway") or "")


# Late, longer, elsewhere.


def test_a_party_that_is_late_is_noted_with_its_minutes(front: Front) -> None:
    group(front, "/book 2 tonight 19:00 Rossi")
    code = newest(front).code

    assert group(front, "/late Rossi 20").startswith("Late by 20 minutes: 2 people")
    assert newest(front).late_minutes == 20
    assert "late 20" in group(front, "/today")
    assert "/late K7F2 20" in group(front, f"/late {code}")

    group(front, "/late Rossi 40")
    assert "late 20" in group(front, "/undo")
    group(front, "/undo")
    assert (newest(front).state, newest(front).late_minutes) == (State.RESERVED, None)


def test_a_party_may_stay_longer_while_there_is_room_and_that_is_undone(front: Front) -> None:
    group(front, "/book 2 tonight 19:00 Rossi")
    front.clock.now = rome("19:00")
    group(front, "/seat Rossi")
    ends = newest(front).ends_at

    assert "until 21:00" in group(front, "/stay Rossi 30")
    assert newest(front).ends_at == ends + timedelta(minutes=30)
    group(front, "/undo")
    assert (newest(front).state, newest(front).ends_at) == (State.SEATED, ends)


def test_who_sits_where_somebody_follows_who_has_no_other_table_leaves_in_time(
    front: Front,
) -> None:
    group(front, "/book 6 tonight 18:00 Rossi")
    group(front, "/book 6 tonight 20:00 Neri")
    front.clock.now = rome("18:00")
    group(front, "/seat Rossi")

    assert group(front, "/stay Rossi 15").startswith("Somebody follows")


def test_a_party_is_given_a_table_and_keeps_it(front: Front) -> None:
    group(front, "/book 2 tonight 19:00 Rossi")
    rossi = newest(front).code
    assert tables(front, rossi) == {1}

    assert group(front, f"/table {rossi} T2").startswith("T2, kept for them")
    assert newest(front).is_pinned
    assert tables(front, rossi) == {2}
    group(front, "/undo")
    assert (tables(front, rossi), newest(front).is_pinned) == ({1}, False)

    group(front, f"/table {rossi} T2")
    assert "elsewhere again" in group(front, f"/table {rossi}")
    assert not newest(front).is_pinned
    assert "/table K7F2 T5" in group(front, f"/table {rossi}")


def test_nobody_is_put_where_somebody_is_pinned(front: Front) -> None:
    group(front, "/book 2 tonight 19:00 Rossi")
    group(front, "/table Rossi T1")
    group(front, "/book 2 tonight 19:00 Neri")

    assert group(front, "/table Neri T1").startswith("Somebody sits there")


# Sections and the whole house.


def test_a_section_or_the_whole_house_is_closed_and_opened_by_name(front: Front) -> None:
    assert group(front, "/block terrace 19:00-21:00").startswith("Closed: terrace")
    assert group(front, "/today").split("\n")[1:] == ["Terrace closed 19:00-21:00"]
    assert group(front, "/open terrace") == "Open again: terrace."

    assert group(front, "/block all sat").startswith("Closed: The house, Saturday")
    assert group(front, "/list sat").split("\n")[1:] == ["The house closed 18:00-00:30"]
    assert "We are closed on Saturday" in (front.say(GUEST, "table for 2 on saturday at 8pm") or "")


# Undo, and what the guest hears of it.


def test_a_guest_who_was_told_hears_when_it_is_taken_back_within_five_minutes(
    front: Front,
) -> None:
    front.say(GUEST, "table for 2 tonight at 9pm")
    front.say(GUEST, "1")
    group(front, f"/cancel {newest(front).code}")
    front.clock.forward(minutes=3)
    front.run_due()
    assert "had to cancel" in front.heard(GUEST)[-1]

    group(front, "/undo")
    front.clock.forward(minutes=2)
    front.run_due()
    assert "back in the book" in front.heard(GUEST)[-1]


def test_a_guest_who_never_heard_of_an_entry_hears_nothing_of_its_end(front: Front) -> None:
    front.say(GUEST, "hello")
    before = len(front.heard(GUEST))
    group(front, f"/book 2 tonight 19:00 Rossi {GUEST}")
    group(front, "/undo")
    front.clock.forward(minutes=6)
    front.run_due()

    assert front.heard(GUEST)[before:] == []


def test_a_request_that_nobody_decides_is_told_to_both(front: Front) -> None:
    front.open(venue_data(**HOUSE, policy={"approval_party_size": 6, "approval_minutes": 60}))
    front.say(GUEST, "table for 7 tonight at 8pm")
    front.say(GUEST, "1")
    front.clock.forward(minutes=61)
    front.run_due()

    assert "has not answered" in front.heard(GUEST)[-1]
    assert "Nobody has decided" in front.alerts()[-1]
