"""The staff run the evening from their chat: every command, its warning, and the way back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from front import CHAT, GUEST, STAFF_CHAT, Front
from restaurants import ROME, SATURDAY, period, rome, venue_data

from booking import guests
from booking.database import Database
from booking.lifecycle import State
from booking.lookups import Reservation
from booking.models import BookingEvent
from bot.inbox import Kind
from bot.staff import desk
from conversations.wording import load_wording

GROUP = str(STAFF_CHAT)
HOST = "+390299999999"
STAFF = [{"name": "Front", "telegram_chat_id": STAFF_CHAT}, {"name": "Mara", "phone": HOST}]


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: here it makes no difference."""
    return sqlite_database


@pytest.fixture
def front(empty_front: Front) -> Front:
    """A house whose staff have a group and a phone."""
    empty_front.open(venue_data(staff=STAFF, service_periods=[period(pacing_covers=5)]))
    return empty_front


def group(front: Front, text: str) -> str:
    """What the group is answered."""
    return front.say(GROUP, text, name="Marta", chat_type="supergroup") or ""


def newest(front: Front) -> Reservation:
    return max(front.book(), key=lambda found: found.id)


def evening(front: Front) -> None:
    front.clock.now = rome("19:00")


def buttons(front: Front) -> list[str]:
    return [b.text for row in front.messages(GROUP)[-1].buttons for b in row]


# The sheet.


def test_the_sheet_tells_by_time_who_comes_how_many_where_and_what_they_wish(front: Front) -> None:
    front.say(CHAT, "table for 2 tonight at 8pm, we have a pram", name="Anna")
    front.say(CHAT, "1", name="Anna")
    anna = newest(front).code
    assert newest(front).table_ids == (1,)
    group(front, "/book 2 tonight 19:00 Rossi")
    rossi = newest(front).code
    group(front, f"/note {rossi} birthday")
    front.say(GUEST, "table for 2 tonight at 9pm")
    held = newest(front).code
    group(front, "/block T4 19:00-21:00")

    assert group(front, "/today").split("\n") == [
        "Friday 20 November: parties 2, covers 4",
        f"19:00 2p Rossi T2 {rossi} (birthday)",
        f'20:00 2p Anna T1 {anna} "we have a pram"',
        f"21:00 2p {GUEST} T2 {held} [held]",
        "T4 closed 19:00-21:00",
    ]
    assert group(front, "/tomorrow") == "Saturday 21 November: nobody yet."
    assert group(front, "/list monday") == "Monday 23 November: nobody yet. The house is closed."
    assert group(front, "/today 19:30").split("\n")[1].startswith("20:00")


def test_a_long_sheet_by_sms_tells_how_many_more_there_are(front: Front) -> None:
    for minute in ("18:00", "18:15", "20:00", "20:15", "21:45", "22:00"):
        group(front, f"/book 2 tonight {minute} Bartholomew Featherstonehaugh the Third")
    said = front.say(HOST, "today") or ""

    assert said.endswith("more")
    assert len(said) <= 306


@pytest.mark.parametrize("text", ["/today@our_bot", "/TODAY", "/oggi", "/tonight"])
def test_a_command_is_known_however_it_is_written(empty_front: Front, text: str) -> None:
    empty_front.open(venue_data(restaurant={"languages": ["it", "en"]}))

    assert "ancora nessuno" in group(empty_front, text)


def test_after_midnight_tonight_is_still_the_sheet_of_last_night(front: Front) -> None:
    group(front, "/book 2 tonight 22:00 Rossi")
    front.clock.now = rome("00:20", rome("12:00").date() + timedelta(days=1))

    assert "Rossi" in group(front, "/today")


# Entries.


def test_an_entry_is_in_the_book_with_name_number_request_and_author(front: Front) -> None:
    said = group(front, "/book 4 sat 19:30 Rossi +39 333 1234567 window, birthday")
    entered = newest(front)

    assert said == (
        "Booked: 4 people, Saturday 21 November, 19:30, Rossi (+393331234567), T3."
        f" Code {entered.code}, noted: window, birthday"
    )
    assert (entered.state, entered.source) == (State.RESERVED, "staff")
    assert front.heard(HOST)[-1].endswith("By Marta.")
    assert front.alerts() == [said]  # the group has just been told


@pytest.mark.parametrize("text", ["book 2 sat 20:00 Rossi", "2 on saturday at 8pm, Rossi"])
def test_on_a_phone_an_entry_needs_no_command(front: Front, text: str) -> None:
    assert "Booked: 2 people, Saturday 21 November, 20:00, Rossi" in (front.say(HOST, text) or "")


def test_in_a_group_people_talk_to_each_other(front: Front) -> None:
    assert group(front, "2 on saturday at 8pm, Rossi") == ""
    assert front.book() == []


def test_a_guest_who_rang_is_known_when_they_write(front: Front) -> None:
    group(front, f"/book 2 sat 20:00 Rossi {GUEST}")

    assert newest(front).code in (front.say(GUEST, "what have I booked?") or "")


def test_a_guest_who_has_written_hears_of_an_entry_once_it_cannot_be_undone(front: Front) -> None:
    front.say(GUEST, "hello")
    group(front, f"/book 2 sat 20:00 Rossi {GUEST}")
    before = len(front.heard(GUEST))
    front.run_due()
    assert len(front.heard(GUEST)) == before

    front.clock.forward(minutes=2)
    front.run_due()
    assert "has booked a table for you" in front.heard(GUEST)[before]


def test_a_rule_is_told_before_it_is_set_aside_and_the_history_keeps_it(front: Front) -> None:
    group(front, "/book 4 sat 20:00 Rossi")
    said = group(front, "/book 2 sat 20:00 Neri")
    assert said == "With 2 people more than 5 covers would start at 20:00.\nDo it anyway?"
    assert len(front.book()) == 1

    assert "Booked" in (front.press(GROUP, "Do it anyway", name="Marta") or "")
    assert len(front.book()) == 2
    assert "no longer open" in (front.press(GROUP, "Do it anyway") or "")  # once


def test_by_sms_a_digit_answers_the_warning(front: Front) -> None:
    assert "Reply 1" in (front.say(HOST, "book 2 sat 19:07 Rossi") or "")
    assert front.say(HOST, "9") == "All right, nothing is done."
    front.say(HOST, "book 2 sat 19:07 Rossi")
    assert "Booked: 2 people" in (front.say(HOST, "1") or "")
    assert len(front.book()) == 1


def test_a_warning_of_long_ago_is_not_answered_by_a_digit(front: Front) -> None:
    front.say(HOST, "book 2 sat 19:07 Rossi")
    front.clock.forward(minutes=11)

    assert "Booked" not in (front.say(HOST, "1") or "")
    assert front.book() == []


def test_what_was_free_at_the_warning_may_be_gone_at_the_yes(front: Front) -> None:
    front.say(HOST, "book 12 sat 19:07 Rossi")
    group(front, "/book 10 sat 19:00 Neri")
    front.press(GROUP, "Do it anyway")

    assert "No table is free" in (front.say(HOST, "1") or "")
    assert len(front.book()) == 1


def test_a_full_house_names_the_times_that_are_free(front: Front) -> None:
    group(front, "/book 5 sat 20:00 Rossi")

    assert group(front, "/book 5 sat 20:15 Neri") == (
        "No table is free for 5 people on Saturday 21 November at 20:15.\nFree: 18:00, 22:00"
    )


@pytest.mark.parametrize("text", ["/book", "/book Rossi", "/book 4 Rossi", "/book sat 20:00"])
def test_an_entry_without_size_or_time_is_told_how(front: Front, text: str) -> None:
    assert "Please write it like this" in group(front, text)


def test_an_edited_command_is_not_carried_out_twice(front: Front) -> None:
    group(front, "/book 2 sat 20:00 Rossi")

    assert front.say(GROUP, "/book 3 sat 20:00 Rossi", kind=Kind.EDITED) is None
    assert len(front.book()) == 1


@pytest.mark.parametrize(
    ("text", "day", "name", "request_"),
    [
        ("2 24.11 19:45 Wolf", "2026-11-24 19:45", "Wolf", None),
        ("2 sat 20:00 van der Berg", "2026-11-21 20:00", "van der Berg", None),
        ("2 sat 20:00 mario de luca", "2026-11-21 20:00", "mario de luca", None),
        ("2 tue 19:30 Mr Brown, +447700900333", "2026-11-24 19:30", "Mr Brown", None),
        ("2 sat 20:00 d'angelo", "2026-11-21 20:00", "d'angelo", None),
        ("2 sat 9pm conti compleanno, torta", "2026-11-21 21:00", "conti", "compleanno, torta"),
        ("2 sat 8pm Gray 0044 7700 900444 vegan", "2026-11-21 20:00", "Gray", "vegan"),
    ],
)
def test_an_entry_is_read_as_hosts_write(
    front: Front, text: str, day: str, name: str, request_: str | None
) -> None:
    group(front, f"/book {text}")
    entered = newest(front)
    with front.database.reading() as db:
        guest = guests.get(db, entered.guest_id)

    assert f"{entered.starts_at.astimezone(ROME):%Y-%m-%d %H:%M}" == day
    assert (guest.name, entered.request) == (name, request_)


@pytest.mark.parametrize("text", ["2 31.11 20:00 Bad", "2 sat 20:00 Gray 07700 900123"])
def test_what_cannot_be_read_is_asked_for_and_not_booked(front: Front, text: str) -> None:
    assert "I cannot read" in group(front, f"/book {text}")
    assert front.book() == []


def test_a_known_guest_keeps_the_name_and_the_other_one_is_noted(front: Front) -> None:
    group(front, f"/book 2 sat 20:00 Anna {GUEST}")
    group(front, f"/book 2 sun 20:00 Moretti {GUEST}")

    assert newest(front).note == "Moretti"


def test_a_reservation_is_moved_and_its_guest_hears_of_it(front: Front) -> None:
    front.say(GUEST, "table for 2 tomorrow at 8pm")
    front.say(GUEST, "1")
    code = newest(front).code
    assert "Sat 21 Nov 20:30 2p" in group(front, f"/change {code} 20:30")
    assert "has changed your booking" in front.heard(GUEST)[-1]
    assert "is outside the hours" in group(front, f"/change {code} 16:00")
    assert "Please write the code" in group(front, f"/change {code}")


def test_a_change_against_a_rule_is_warned_of_and_made_on_a_yes(front: Front) -> None:
    group(front, "/book 4 sat 20:00 Rossi")
    group(front, "/book 2 sat 20:30 Neri")

    said = group(front, "/change Neri 20:00")
    assert said == "With 2 people more than 5 covers would start at 20:00.\nDo it anyway?"
    assert newest(front).starts_at == rome("20:30", SATURDAY)

    assert "Sat 21 Nov 20:00 2p" in (front.press(GROUP, "Do it anyway", name="Marta") or "")
    with front.database.reading() as db:
        query = sa.select(BookingEvent.bent).order_by(BookingEvent.id.desc()).limit(1)
        assert db.execute(query).scalar_one() == ["pacing"]

    group(front, "/undo")
    assert newest(front).starts_at == rome("20:30", SATURDAY)


def test_a_change_that_no_rule_can_bend_for_is_told_as_it_is(front: Front) -> None:
    group(front, "/book 2 sat 20:30 Neri")
    assert "anyway" not in group(front, "/change Neri 30 people")


def test_a_change_is_taken_back_before_the_entry_that_it_changed(front: Front) -> None:
    front.say(GUEST, "hello")
    group(front, f"/book 2 sat 20:00 Rossi {GUEST}")
    group(front, "/change Rossi sun 20:30 4")
    assert "Sat 21 Nov 20:00 2p" in group(front, "/undo")

    back = newest(front)
    assert (back.state, back.party_size) == (State.RESERVED, 2)
    assert "Saturday 21 November, 20:00" in front.heard(GUEST)[-1]
    group(front, "/undo")
    assert newest(front).state is State.CANCELLED


def test_a_change_is_not_taken_back_once_the_guest_has_changed_it_again(front: Front) -> None:
    front.say(GUEST, "table for 2 tomorrow at 8pm")
    front.say(GUEST, "1")
    group(front, f"/change {newest(front).code} 20:30")
    front.say(GUEST, "please move it to 9pm")
    front.say(GUEST, "1")

    assert "cannot be taken back" in (front.press(GROUP, "Undo") or "")
    assert newest(front).starts_at == rome("21:00", SATURDAY)


def test_the_staff_are_told_when_a_guest_cannot_hear_of_a_change(front: Front) -> None:
    group(front, "/book 2 sat 20:00 Rossi")

    assert "tell the guest yourself" in group(front, "/change Rossi 20:30")


def test_the_other_staff_hear_that_a_cancellation_was_taken_back(front: Front) -> None:
    group(front, "/book 2 sat 20:00 Rossi")
    group(front, "/cancel Rossi")
    group(front, "/undo")

    assert front.heard(HOST)[-1].startswith("Back in the book: 2 people")


# The evening.


def test_a_walk_in_sits_at_once(front: Front) -> None:
    evening(front)
    said = group(front, "/walkin 2 Rossi")

    assert said == f"Seated: 2 people, T1, until 20:30. Code {newest(front).code}"
    assert newest(front).state is State.SEATED


def test_a_walk_in_may_be_cut_short_after_a_warning(front: Front) -> None:
    group(front, "/book 5 tonight 20:00 Rossi")
    evening(front)
    assert "one is until 20:00" in group(front, "/walkin 5")

    assert "until 20:00" in (front.press(GROUP, "Do it anyway") or "")


@pytest.mark.parametrize(
    ("command", "state"),
    [("seat", State.SEATED), ("noshow", State.NO_SHOW), ("cancel", State.CANCELLED)],
)
def test_a_step_goes_by_code_by_name_or_by_button_and_back(
    front: Front, command: str, state: State
) -> None:
    group(front, "/book 2 tonight 19:00 Rossi")
    if command != "cancel":
        evening(front)
    code = newest(front).code
    for text in (f"/{command} {code.lower()}", f"/{command} rossi", f"/{command}"):
        assert code in group(front, text)
        assert newest(front).state is state
        assert "Taken back:" in (front.press(GROUP, "Undo") or "")
        assert newest(front).state is State.RESERVED


def test_a_cancellation_after_the_cut_off_is_warned_of_and_kept_in_the_history(
    front: Front,
) -> None:
    group(front, "/book 2 tonight 20:00 Rossi")
    evening(front)
    assert "The cut-off for cancelling has passed" in group(front, "/cancel Rossi")
    assert newest(front).state is State.RESERVED

    assert "Cancelled" in (front.press(GROUP, "Do it anyway") or "")
    with front.database.reading() as db:
        bent = db.execute(sa.select(BookingEvent.bent).order_by(BookingEvent.id.desc())).scalar()
    assert bent == ["cutoff"]


def test_a_party_that_left_makes_room(front: Front) -> None:
    evening(front)
    group(front, "/walkin 6 Rossi")
    assert "No table" in group(front, "/walkin 6 Neri")

    assert "T4 free" in group(front, "/done Rossi")
    assert "Seated" in group(front, "/walkin 6 Neri")


def test_why_a_step_does_not_work_is_told_by_name_too(front: Front) -> None:
    group(front, "/book 2 tonight 19:00 Rossi")
    evening(front)
    group(front, "/seat Rossi")

    assert "is seated, so this does not work" in group(front, "/seat rossi")


def test_a_note_may_begin_with_a_name_of_several_words(front: Front) -> None:
    group(front, "/book 2 tonight 19:00 Anna Rossi")
    group(front, "/book 2 tonight 20:00 Bruno Rossi")

    assert "(birthday cake)" in group(front, "/note anna rossi birthday cake")
    assert "Please write the code" in group(front, "/note rossi vegan")


def test_of_several_the_staff_are_asked_which(front: Front) -> None:
    group(front, "/book 2 tonight 19:00 Anna Rossi")
    first = newest(front).code
    group(front, "/book 2 tonight 20:00 Bruno Rossi")
    evening(front)
    said = group(front, "/seat rossi")

    assert "Which one?" in said
    second = newest(front).code
    assert buttons(front) == [f"{first} 19:00 Anna Rossi", f"{second} 20:00 Bruno Rossi"]
    assert "Seated" in (front.press(GROUP, f"{first} 19:00 Anna Rossi") or "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/seat Nobody", "I find nobody for: Nobody"),
        ("/noshow Rossi", "is expected on Friday 20 November at 21:00; not before."),
        ("/done {code}", "is accepted, so this does not work."),
        ("/nonsense", "keep the book with you"),
        ("/note Rossi", "Please write the code and the note"),
        ("/undo", "nothing of the last 5 minutes"),
        ("/open", "Nothing is closed."),
        ("/open T1", "Not closed: T1."),
        ("/block", "Please write the table"),
        ("/block T9", "Please write the table"),
        ("/block T4 monday", "Please write the table"),
        ("/pause soon", "Please write the minutes"),
        ("/walkin", "Please write how many"),
    ],
)
def test_what_does_not_work_is_told_with_its_reason(front: Front, text: str, said: str) -> None:
    group(front, "/book 2 tonight 21:00 Rossi")
    front.clock.forward(minutes=6)

    assert said in group(front, text.format(code=newest(front).code))


def test_a_cancellation_of_the_staff_is_told_to_the_guest_once_it_cannot_be_undone(
    front: Front,
) -> None:
    front.say(GUEST, "table for 2 tonight at 9pm")
    front.say(GUEST, "1")
    code = newest(front).code
    before = len(front.heard(GUEST))
    for undone in (True, False):
        group(front, f"/cancel {code}")
        if undone:
            group(front, "/undo")
        front.clock.forward(minutes=2)
        front.run_due()
        assert len(front.heard(GUEST)) == before + (not undone)

    assert "had to cancel" in front.heard(GUEST)[-1]


def test_undo_takes_the_last_back_and_then_the_one_before_for_five_minutes(front: Front) -> None:
    group(front, "/book 2 tonight 19:00 Rossi")
    group(front, "/note Rossi vegan")
    code = newest(front).code
    group(front, "/pause")
    said = [group(front, "/undo").split("\n") for _ in range(3)]
    assert said == [
        ["Taken back:", "No new arrivals 12:00-13:00"],
        ["Taken back:", f"19:00 2p Rossi T1 {code}"],
        ["Taken back:", f"19:00 2p Rossi T1 {code} [cancelled]"],
    ]
    assert newest(front).state is State.CANCELLED
    assert newest(front).note is None

    group(front, "/book 2 tonight 20:00 Neri")
    front.clock.forward(minutes=5)
    assert "nothing of the last" in group(front, "/undo")
    assert newest(front).state is State.RESERVED


def test_undo_leaves_alone_what_has_gone_on_since(front: Front) -> None:
    group(front, "/book 2 tonight 19:00 Rossi")
    evening(front)
    group(front, "/seat Rossi")
    token = front.messages(GROUP)[-1].buttons[0][0].data or ""
    front.say(HOST, "done Rossi")

    assert "cannot be taken back" in (front.say(GROUP, token) or "")
    assert newest(front).state is State.FINISHED


def test_one_chat_does_not_undo_what_another_did(front: Front) -> None:
    group(front, "/book 2 tonight 19:00 Rossi")

    assert "nothing of the last" in (front.say(HOST, "undo") or "")


# Closing and pausing.


def test_a_closed_table_is_offered_to_nobody_until_it_is_open_again(front: Front) -> None:
    assert group(front, "/block t4 19:00-21:00") == "Closed: T4, Friday 20 November 19:00-21:00."
    assert "no table" in (front.say(GUEST, "table for 5 tonight at 8pm") or "")
    assert group(front, "/open T4") == "Open again: T4."
    assert "held for you" in (front.say(GUEST, "table for 5 tonight at 8pm") or "")


def test_a_table_with_guests_is_not_closed_and_they_are_named(front: Front) -> None:
    group(front, "/book 5 tonight 19:00 Rossi")

    assert "Rossi" in group(front, "/block T4 T3")
    assert group(front, "/open") == "Nothing is closed."


def test_a_pause_stops_new_bookings_and_not_the_evening(front: Front) -> None:
    evening(front)
    assert group(front, "/pause 90").endswith("to arrive on Friday 20 November 19:00-20:30.")
    said = front.say(GUEST, "table for 2 tonight at 8pm") or ""
    assert "no more bookings for 20:00" in said
    assert "20:30" in said
    assert "No new bookings before 20:30" in group(front, "/book 2 20:00 Rossi")
    assert group(front, "/open") == "Bookings are open again."
    assert "held for you" in (front.say(GUEST, "2 people tonight at 8pm") or "")


def test_block_without_hours_closes_for_the_rest_of_the_day(front: Front) -> None:
    evening(front)

    assert group(front, "/block T1 T2") == "Closed: T1, T2, Friday 20 November 19:00-00:30."
    assert group(front, "/block T3 sat") == "Closed: T3, Saturday 21 November 18:00-00:30."


# The buttons under alerts.


def test_an_alert_of_today_has_the_steps_of_the_evening(front: Front) -> None:
    front.say(GUEST, "table for 2 tomorrow at 8pm")
    front.say(GUEST, "1")
    assert buttons(front) == ["Cancel"]
    front.say(CHAT, "table for 2 tonight at 8pm", name="Anna")
    front.say(CHAT, "1", name="Anna")
    assert buttons(front) == ["Seated", "Cancel"]  # a no-show is none before its time

    assert "Seated: 2 people" in (front.press(GROUP, "Seated", name="Marta") or "")
    assert newest(front).state is State.SEATED


def test_an_alert_of_a_latecomer_has_buttons_too(front: Front) -> None:
    front.say(CHAT, "table for 2 tonight at 8pm", name="Anna")
    front.say(CHAT, "1", name="Anna")
    front.clock.now = rome("20:05")
    front.say(CHAT, "we are running late", name="Anna")

    assert front.alerts()[-1].startswith("Late:")
    assert buttons(front) == ["Seated", "No-show", "Cancel"]


# Several houses.


def test_staff_of_two_houses_name_the_house(empty_front: Front) -> None:
    empty_front.open(venue_data(staff=STAFF))
    other = {"slug": "luna", "name": "Luna"}
    empty_front.open(venue_data(staff=STAFF, restaurant=other))

    assert "aurora, luna" in group(empty_front, "/book 2 sat 20:00 Rossi")
    assert "Booked" in group(empty_front, "/book luna 2 sat 20:00 Rossi")
    sheets = group(empty_front, "/list sat")
    assert sheets.index("Trattoria Aurora") < sheets.index("Luna") < sheets.index("Rossi")


@pytest.mark.parametrize("language", ["en", "it"])
def test_every_command_has_its_words_in_every_language(front: Front, language: str) -> None:
    assert set(load_wording(language).data["command"]) == set(desk.commands())
    assert front.book() == []
