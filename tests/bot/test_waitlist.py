"""The waitlist in a guest's chat: joining, being told, answering, and talking of other things."""

import pytest
import sqlalchemy as sa
from front import CHAT, GUEST, OTHER, STAFF_CHAT, Front
from full_house import come_free, open_full
from restaurants import SATURDAY, rome, venue_data

from booking import waiting
from booking.database import Database
from booking.lifecycle import State
from booking.models import WaitlistEntry
from booking.waiting import Entry, EntryState
from bot import consent, erasing, persons
from bot.inbox import Kind

WISH = "table for 2 tomorrow at 8pm"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: what differs between the two is tested with the book."""
    return sqlite_database


@pytest.fixture
def front(empty_front: Front) -> Front:
    """A house with one table, which somebody has tomorrow at eight."""
    open_full(empty_front)
    return empty_front


def entries(front: Front) -> list[Entry]:
    with front.database.reading() as db:
        return waiting.fetch(db, WaitlistEntry.id > 0)


def states(front: Front) -> list[EntryState]:
    return [entry.state for entry in entries(front)]


def visits(front: Front, state: State = State.RESERVED) -> list[str]:
    """The addresses of those who are expected, or in another state."""
    query = sa.text(
        "SELECT guest.address FROM reservation JOIN guest ON guest.id = reservation.guest_id"
        " WHERE state = :state ORDER BY reservation.id"
    )
    with front.database.reading() as db:
        return list(db.execute(query, {"state": state}).scalars())


def wait(front: Front, guest: str = GUEST, words: str = "waitlist") -> str:
    front.say(guest, WISH)
    return front.say(guest, words) or ""


# Joining.


def test_nobody_waits_for_a_table_that_guests_are_never_given(empty_front: Front) -> None:
    tables = [
        {"name": "T1", "max_covers": 2},
        {"name": "T2", "min_covers": 3, "max_covers": 6, "kept_for": "house"},
    ]
    empty_front.open(venue_data(tables=tables, combinations=[]))

    said = empty_front.say(GUEST, "table for 5 tomorrow at 8pm") or ""
    assert "There is no table for 5" in said
    assert "waitlist" not in said


def test_who_is_refused_is_told_of_the_waitlist_and_joins_with_a_word(front: Front) -> None:
    refused = front.say(GUEST, WISH) or ""
    assert "Or write: waitlist" in refused
    joined = front.say(GUEST, "waitlist") or ""

    assert joined == (
        "You are on the waiting list: 2 people, Saturday 21 November, 19:00-21:00.\n"
        "When a table comes free I write to you and hold it for 15 minutes.\n"
        "To wait no longer write: take me off the waiting list."
    )
    assert front.alerts()[-1].startswith("A guest would wait for a table: +447700900101, 2 people")
    (entry,) = entries(front)
    assert (entry.state, entry.party_size, entry.source) == (EntryState.WAITING, 2, "sms")


def test_all_in_one_message_with_a_window(front: Front) -> None:
    said = front.say(GUEST, "waitlist for 2 tomorrow between 7:30 and 8:30pm, we have a pram") or ""

    assert "19:30-20:30" in said
    assert entries(front)[0].request == "we have a pram"


def test_what_is_missing_is_asked_for_and_the_answer_joins(front: Front) -> None:
    asked = front.say(GUEST, "put me on the waiting list") or ""
    assert asked.startswith("For how many people, which day and what time?")
    assert "what time" in (front.say(GUEST, "2 of us tomorrow") or "")
    assert "You are on the waiting list" in (front.say(GUEST, "8pm") or "")
    assert states(front) == [EntryState.WAITING]


def test_in_italian_too(front: Front) -> None:
    refused = front.say(GUEST, "un tavolo per 2 domani alle 20") or ""
    assert "Oppure scriva: lista d'attesa" in refused
    joined = front.say(GUEST, "lista d'attesa") or ""
    assert joined.startswith("Lei è in lista d'attesa: 2 persone, sabato 21 novembre, 19:00-21:00.")
    come_free(front)

    assert "si è liberato un tavolo" in front.heard(GUEST)[-1].casefold()
    assert "Prenotato" in (front.say(GUEST, "1") or "")
    front.say(CHAT, "mettetemi in lista d'attesa per 2 domani alle 20", name="Anna")
    off = front.say(CHAT, "toglietemi dalla lista d'attesa") or ""
    assert off.startswith("Lei non è più in lista d'attesa: 2 persone, sabato 21 novembre")


def test_where_there_is_a_table_after_all_it_is_held(front: Front) -> None:
    front.say(GUEST, WISH)
    front.say(OTHER, "cancel my booking")
    front.say(OTHER, "1")
    said = front.say(GUEST, "waitlist") or ""

    assert said.startswith("Good news: there is a table after all.\n2 people, Saturday")
    assert "Booked" in (front.say(GUEST, "1") or "")
    assert entries(front) == []


def test_nobody_waits_for_what_cannot_come_free(front: Front) -> None:
    for wish, why in (
        ("2 on monday at 8pm", "We are closed on Monday"),
        ("2 tomorrow at 4pm", "we seat guests 18:00-21:00"),
        ("30 tomorrow at 8pm", "too small for 30 people"),
        ("2 on 21 february 2027 at 8pm", "too far ahead"),
    ):
        assert why in (front.say(GUEST, f"waitlist for {wish}") or "")

    assert entries(front) == []


def test_on_telegram_there_is_a_button_for_it(front: Front) -> None:
    front.say(CHAT, WISH, name="Anna")

    assert "on the waiting list" in (front.press(CHAT, "Wait for a table") or "")
    assert "earlier question" not in (front.press(CHAT, "Wait for a table") or "")
    front.say(CHAT, "table for 2 on sunday at 8pm")
    assert "earlier question" in (front.press(CHAT, "Wait for a table") or "")
    assert len(entries(front)) == 1


def test_who_holds_another_time_may_wait_for_a_better_one(front: Front) -> None:
    front.say(GUEST, WISH)
    front.say(GUEST, "1")  # one of the alternatives
    held = front.phone(GUEST).messages()[-1].text
    said = front.say(GUEST, "and put me on the waiting list for tomorrow at 8pm") or ""

    assert "Reply 1 to book it" in held
    assert said.startswith("You are on the waiting list: 2 people, Saturday 21 November, 19:00")
    assert "Meanwhile I still hold 2 people, Friday 20 November, 20:00" in said
    assert said.endswith("Reply 1 to book it, 9 to let it go.")
    assert "Booked" in (front.say(GUEST, "1") or "")
    assert states(front) == [EntryState.WAITING]


def test_a_waitlist_wish_while_a_table_is_held_asks_for_the_time_and_a_no_goes_back(
    front: Front,
) -> None:
    front.say(GUEST, "table for 2 on sunday at 8pm")
    assert "what time" in (front.say(GUEST, "waitlist") or "")

    assert "Reply 1 to book it" in (front.say(GUEST, "no") or "")
    assert "Booked" in (front.say(GUEST, "1") or "")


def test_what_one_waits_for_can_be_looked_up_and_given_up(front: Front) -> None:
    wait(front)
    waits = "You are on the waiting list: 2 people, Saturday 21 November, 19:00-21:00."

    assert front.say(GUEST, "what have I booked?") == waits
    assert front.say(GUEST, "am I still on the waiting list?") == waits
    gone = front.say(GUEST, "take me off the waiting list")
    assert gone == waits.replace("on the", "no longer on the")
    assert front.say(GUEST, "take me off the waitlist") == "You are on no waiting list."
    assert states(front) == [EntryState.LEFT]


def test_a_cancellation_with_nothing_else_ahead_ends_the_wait(front: Front) -> None:
    wait(front)
    front.say(GUEST, "thanks")

    assert "no longer on the waiting list" in (front.say(GUEST, "please cancel") or "")


def test_a_cancellation_with_a_visit_ahead_is_about_the_visit(front: Front) -> None:
    front.say(GUEST, "table for 2 on sunday at 8pm")
    front.say(GUEST, "1")
    front.say(GUEST, "Anna")
    front.say(GUEST, "waitlist for 2 tomorrow at 8pm")

    assert "Shall I cancel this?" in (front.say(GUEST, "cancel my booking") or "")
    assert states(front) == [EntryState.WAITING]


# The opening.


def test_the_first_in_line_is_told_and_books_it_with_a_digit(front: Front) -> None:
    wait(front)
    wait(front, CHAT)
    come_free(front)
    told = front.heard(GUEST)[-1]

    assert told == (
        "A table has come free at Trattoria Aurora: 2 people, Saturday 21 November, 20:00."
        " It is held for you until 12:15.\nReply 1 to book it, 9 to let it go."
    )
    assert not any("come free" in text for text in front.heard(CHAT))
    assert "Booked" in (front.say(GUEST, "1") or "")
    assert visits(front) == [GUEST]
    assert front.alerts()[-1].startswith("New: 2 people, Saturday 21 November, 20:00")
    assert states(front) == [EntryState.BOOKED, EntryState.WAITING]


def test_a_newcomer_who_writes_first_does_not_get_it(front: Front) -> None:
    wait(front)
    front.say(OTHER, "cancel my booking")
    front.say(OTHER, "1")

    assert "no table" in (front.say(CHAT, WISH, name="Anna") or "")
    front.run_due()
    assert "has come free" in front.heard(GUEST)[-1]


def test_any_plain_yes_books_it(front: Front) -> None:
    wait(front)
    come_free(front)

    assert "Booked" in (front.say(GUEST, "yes please") or "")


def test_a_no_gives_it_to_the_next_at_once(front: Front) -> None:
    wait(front)
    wait(front, CHAT)
    come_free(front)
    front.say(GUEST, "9")
    front.run_due()

    assert "has come free" in front.heard(CHAT)[-1]
    assert "Booked" in (front.press(CHAT, "Book it") or "")
    assert states(front) == [EntryState.LEFT, EntryState.BOOKED]


def test_no_answer_gives_it_to_the_next_and_both_are_told(front: Front) -> None:
    wait(front)
    wait(front, CHAT)
    come_free(front)
    front.clock.forward(minutes=15)
    front.run_due()

    assert front.heard(GUEST)[-1].endswith("To wait for another one write: waitlist")
    assert "has come free" in front.heard(CHAT)[-1]
    assert "no table" in (front.say(GUEST, "1") or "")
    assert "Booked" in (front.press(CHAT, "Book it") or "")


def test_a_late_yes_books_it_while_nobody_else_waits(front: Front) -> None:
    wait(front)
    come_free(front)
    front.clock.forward(minutes=20)
    front.run_due()

    assert "Booked" in (front.say(GUEST, "1") or "")


def test_what_is_said_otherwise_is_about_the_opening_when_nothing_else_is(front: Front) -> None:
    wait(front)
    come_free(front)

    assert front.say(GUEST, "where are you?") == (
        "You find us here: Via Solferino 9, Milano.\n"
        "2 people, Saturday 21 November, 20:00.\nReply 1 to book it, 9 to let it go."
    )
    assert "20:30. The table is held" in (front.say(GUEST, "can we come at 8:30?") or "")
    assert "Booked" in (front.say(GUEST, "1") or "")
    assert states(front) == [EntryState.BOOKED]


def test_a_large_party_asks_the_staff(empty_front: Front) -> None:
    front = empty_front
    open_full(front, policy={"approval_party_size": 2})
    wait(front)
    come_free(front)

    assert front.heard(GUEST)[-1].endswith("reply 1 to ask them, 9 to let it go.")
    assert "I have asked" in (front.say(GUEST, "1") or "")
    assert "Please decide" in front.alerts()[-1]


# While something else is talked about.


def test_a_yes_by_sms_answers_the_newer_question_and_the_talk_goes_on(front: Front) -> None:
    wait(front)
    front.say(GUEST, "table for 2 on sunday at 8pm")
    come_free(front)
    said = front.say(GUEST, "1") or ""

    assert "Booked at Trattoria Aurora: 2 people, Saturday 21 November, 20:00" in said
    assert said.endswith(
        "2 people, Sunday 22 November, 20:00.\nReply 1 to book it, 9 to let it go."
    )
    assert "Sunday" in (front.say(GUEST, "1") or "")
    assert visits(front) == [GUEST, GUEST]


def test_details_belong_to_what_was_talked_about_and_the_opening_waits(front: Front) -> None:
    wait(front)
    front.say(GUEST, "a table on sunday at 8pm please")
    come_free(front)

    assert "2 people, Sunday 22 November, 20:00" in (front.say(GUEST, "2") or "")
    assert visits(front, State.HELD) == [GUEST, GUEST]
    front.say(GUEST, "1")
    back = front.say(GUEST, "Anna") or ""
    assert "A table came free for you, held until 12:15: 2 people, Saturday" in back
    assert "Saturday" in (front.say(GUEST, "1") or "")
    assert visits(front) == [GUEST, GUEST]


def test_the_buttons_of_an_opening_answer_it_whatever_else_is_asked(front: Front) -> None:
    wait(front, CHAT)
    come_free(front)
    front.say(CHAT, "table for 2 on sunday at 8pm, it is urgent")
    front.say(CHAT, "table for 2 on sunday at 8pm")
    opening = next(m for m in front.messages(CHAT) if "has come free" in m.text)
    (yes, _), *_ = [(b.data, b.text) for row in opening.buttons for b in row]
    said = front.say(CHAT, yes or "", kind=Kind.PRESS, name="Anna") or ""

    assert "Booked" in said
    assert "Saturday" in said
    again = front.say(CHAT, yes or "", kind=Kind.PRESS, name="Anna") or ""
    assert "Booked" not in again


def test_who_starts_over_or_books_another_day_does_not_lose_it(front: Front) -> None:
    wait(front)
    come_free(front)
    assert "A table came free for you" in (front.say(GUEST, "start over") or "")

    front.say(CHAT, "waitlist for 2 tomorrow at 8pm", name="Anna")
    front.say(GUEST, "9")
    front.run_due()
    assert "Sunday" in (front.say(CHAT, "table for 2 on sunday at 8pm") or "")
    assert visits(front, State.HELD) == [CHAT, CHAT]


def test_nobody_answers_the_opening_of_somebody_else(front: Front) -> None:
    wait(front, CHAT)
    come_free(front)
    (opening,) = [o for o in front.book() if o.state is State.HELD]
    front.say("777", f"o:{opening.id}:yes", kind=Kind.PRESS, name="Eve")

    assert visits(front) == []


def test_an_answer_is_for_the_house_where_the_table_came_free(front: Front) -> None:
    wait(front)
    front.open(venue_data(restaurant={"slug": "borea", "name": "Osteria Borea"}))
    front.say(GUEST, "/start borea")
    front.say(GUEST, "table for 2 on sunday at 8pm")
    front.say(GUEST, "9")
    come_free(front)

    assert "A table has come free at Trattoria Aurora" in front.heard(GUEST)[-1]
    assert "Booked at Trattoria Aurora" in (front.say(GUEST, "1") or "")


def test_while_a_person_talks_to_the_guest_the_bot_still_takes_the_answer(front: Front) -> None:
    wait(front, CHAT)
    front.say(CHAT, "can I talk to a person?")
    front.press(str(STAFF_CHAT), "I take over", name="Marta")
    come_free(front)

    assert "Booked" in (front.press(CHAT, "Book it") or "")


# Who can be told, and when.


def test_a_stop_ends_the_wait_and_the_staff_hear_it(front: Front) -> None:
    wait(front)
    front.say(GUEST, "STOP")
    come_free(front)

    assert states(front) == [EntryState.LEFT]
    assert any("wants no more messages and waits no longer" in text for text in front.alerts())
    assert "come free" not in " ".join(front.heard(GUEST))


def test_a_stop_lets_an_opening_go(front: Front) -> None:
    wait(front)
    come_free(front)
    front.say(GUEST, "STOP")

    assert visits(front, State.HELD) == []


def test_whose_number_wants_nothing_any_more_loses_it_unsent(front: Front) -> None:
    wait(front)
    with front.database.transaction() as db:
        here = ("sms", front.house.accounts["sms"], GUEST)
        consent.record(db, *here, consent.Silence.ALL, cause="21610", now=front.clock())
    come_free(front)

    assert states(front) == [EntryState.LAPSED]
    assert "I could not reach them" in front.alerts()[-1]


def test_who_cannot_be_reached_loses_it_to_the_next_and_the_staff_ring(front: Front) -> None:
    wait(front, CHAT)
    wait(front)
    front.emulators.telegram.block(int(CHAT))
    come_free(front)
    front.run_due()

    assert states(front) == [EntryState.LAPSED, EntryState.OFFERED]
    assert "I could not reach them" in front.alerts()[-1]
    assert "has come free" in front.heard(GUEST)[-1]


def test_at_night_the_guest_is_told_in_the_morning_and_has_the_whole_time(front: Front) -> None:
    wait(front)
    front.clock.now = rome("23:30")
    front.run_due()  # the reminder of whoever cancels now
    come_free(front)
    assert "come free" not in front.heard(GUEST)[-1]

    front.clock.now = rome("09:00", SATURDAY)
    front.run_due()
    assert "held for you until 09:15" in front.heard(GUEST)[-1]
    assert "Booked" in (front.say(GUEST, "1") or "")


def test_who_writes_at_night_is_told_at_once_and_answers_one_question(front: Front) -> None:
    wait(front)
    front.clock.now = rome("23:30")
    come_free(front)
    assert "A table came free for you" in (front.say(GUEST, "hello") or "")

    front.clock.now = rome("09:00", SATURDAY)
    front.run_due()
    booked = front.say(GUEST, "1") or ""
    assert "Booked" in booked
    assert "Reply 1" not in booked


def test_who_is_erased_waits_no_more_and_nothing_tells_what_for(front: Front) -> None:
    front.say(GUEST, "waitlist for 2 tomorrow at 8pm, we have a pram")
    with front.database.transaction() as db:
        erasing.erase(db, persons.find(db, GUEST, slug=None), now=front.clock())
    come_free(front)

    assert [(e.state, e.request) for e in entries(front)] == [(EntryState.LEFT, None)]
    assert all("pram" not in str(row["body"]) for row in front.outbox())


def test_run_due_looks_for_places_and_ends(front: Front) -> None:
    wait(front)
    front.run_due()
    front.clock.forward(minutes=2)
    front.run_due()

    assert states(front) == [EntryState.WAITING]
    front.clock.now = rome("21:00", SATURDAY)
    front.run_due()
    assert states(front) == [EntryState.CLOSED]
