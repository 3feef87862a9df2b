"""Exchanges: what a guest gets for an answer, what stands in the book, what the staff hear."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from front import CHAT, GUEST, OTHER, STAFF_CHAT, Front
from restaurants import period, venue_data

from booking.lifecycle import LIVE, State
from bot import inbox
from bot.inbox import Kind

WISH = "table for 2 tomorrow at 8pm"
#: Only one table, so that the second guest has to take another time.
ONE_TABLE = {"tables": [{"name": "T1", "max_covers": 4}], "combinations": []}

LUNCH = {
    "name": "lunch",
    "days": ["sun"],
    "first_seating": "12:00",
    "last_seating": "14:00",
    "closes": "16:00",
    "turn_minutes": [{"minutes": 90}],
}


#: For what is about words: one kind of database is enough.
ONE_KIND = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def states(front: Front) -> list[State]:
    return [r.state for r in front.book()]


def book(front: Front, guest: str = GUEST, wish: str = WISH) -> None:
    front.say(guest, wish)
    front.say(guest, "1")


def live(front: Front) -> int:
    return sum(r.state_at(front.clock()) in LIVE for r in front.book())


def test_a_whole_request_is_held_at_once_and_booked_by_the_digit_1(front: Front) -> None:
    held = front.say(GUEST, f"{WISH}, we have a pram") or ""

    assert all(part in held for part in ("2 people", "Saturday 21 November", "20:00", "pram"))
    assert states(front) == [State.HELD]

    assert "Booked" in (front.say(GUEST, "1") or "")
    assert states(front) == [State.RESERVED]
    assert front.book()[0].request is not None
    assert "New: 2 people" in front.alerts()[-1]


@ONE_KIND
@pytest.mark.parametrize("yes", ["1", "yes", "Yes please", "ok", "sì", "perfect, thanks"])
def test_any_plain_yes_books(front: Front, yes: str) -> None:
    front.say(GUEST, WISH)
    front.say(GUEST, yes)

    assert states(front) == [State.RESERVED]


@ONE_KIND
@pytest.mark.parametrize("no", ["9", "no", "no thanks", "never mind"])
def test_any_plain_no_lets_go_and_the_staff_hear_nothing(front: Front, no: str) -> None:
    front.say(GUEST, WISH)
    front.say(GUEST, no)

    assert states(front) == [State.CANCELLED]
    assert front.alerts() == []


@ONE_KIND
@pytest.mark.parametrize(
    "unsure", ["is that ok?", "how do I confirm", "ok let me ask my wife first", "YES NO", "ok?"]
)
def test_what_is_no_plain_yes_books_nothing_and_asks_again(front: Front, unsure: str) -> None:
    front.say(GUEST, WISH)
    answer = front.say(GUEST, unsure) or ""

    assert states(front) == [State.HELD]
    assert "Reply 1" in answer
    assert "how many" not in answer


def test_a_wish_or_a_question_beside_the_yes_is_not_lost(front: Front) -> None:
    front.say(GUEST, WISH)
    answer = front.say(GUEST, "perfect but we need a high chair. What time do you close?") or ""

    assert states(front) == [State.RESERVED]
    assert "high chair" in (front.book()[0].request or "")
    assert "high chair" in front.alerts()[-1]
    assert "18:00-22:00" in answer
    assert "What name" in answer.splitlines()[-1]


def test_a_yes_to_several_alternatives_is_asked_which_and_its_wish_kept(
    empty_front: Front,
) -> None:
    empty_front.open(venue_data(**ONE_TABLE))
    book(empty_front)
    empty_front.say(OTHER, WISH)

    assert "Which one" in (empty_front.say(OTHER, "yes please and a high chair") or "")
    assert "high chair" in (empty_front.say(OTHER, "1") or "")


def test_other_times_are_offered_and_the_hold_waits_meanwhile(front: Front) -> None:
    front.say(GUEST, WISH)
    later = front.say(GUEST, "anything later?") or ""
    assert "1) 20:15" in later
    assert states(front) == [State.HELD]

    assert "20:00" in (front.say(GUEST, "no") or "")
    assert states(front) == [State.HELD]
    assert "1) 19:15" in (front.say(GUEST, "a bit earlier") or "")
    assert "19:45" in (front.say(GUEST, "3") or "")
    assert live(front) == 1


def test_a_second_wish_does_not_push_the_first_one_out(front: Front) -> None:
    front.say(GUEST, WISH)
    answer = front.say(GUEST, "I would also like a table for 4 on sunday at 8pm") or ""
    assert "one after the other" in answer
    assert [r.party_size for r in front.book()] == [2]

    front.say(GUEST, "1")
    front.say(GUEST, "I would also like a table for 4 on sunday at 8pm")
    assert [r.party_size for r in front.book()] == [2, 4]


def test_who_is_expected_may_ask_for_another_time(front: Front) -> None:
    book(front)
    assert "1) 20:15" in (front.say(GUEST, "can we come a bit later?") or "")
    assert "Shall I move" in (front.say(GUEST, "2") or "")
    front.say(GUEST, "yes")

    after = front.book()[0].starts_at.astimezone(ZoneInfo("Europe/Rome"))
    assert (after.hour, after.minute) == (20, 30)


def test_when_there_is_no_other_time_the_guest_hears_so(empty_front: Front) -> None:
    fixed = period(first_seating="20:00", last_seating="20:00")
    empty_front.open(venue_data(service_periods=[fixed]))
    empty_front.say(GUEST, WISH)

    assert "nothing later than 20:00" in (empty_front.say(GUEST, "anything later?") or "")
    assert "Booked" in (empty_front.say(GUEST, "1") or "")


def test_to_cancel_means_the_visit_when_nothing_else_is_on_the_table(front: Front) -> None:
    book(front)
    front.say(GUEST, "I would like to book a table")
    assert "Shall I cancel this?" in (front.say(GUEST, "sorry, we have to cancel") or "")


def test_a_second_yes_or_no_after_the_booking_changes_nothing(front: Front) -> None:
    book(front)
    front.say(GUEST, "Anna")
    for again in ("1", "ok", "9", "no"):
        answer = front.say(GUEST, again) or ""
        assert "people, or the time" not in answer
    assert states(front) == [State.RESERVED]


def test_late_on_another_day_is_answered_with_what_is_booked(front: Front) -> None:
    book(front)
    answer = front.say(GUEST, "we are running 10 minutes late") or ""

    assert "today" in answer
    assert "Saturday 21 November" in answer


def test_a_word_of_another_language_among_the_answers_changes_no_language(front: Front) -> None:
    front.say(GUEST, WISH)

    assert "Booked" in (front.say(GUEST, "uno") or "")
    front.say(GUEST, "Anna")
    assert "You are welcome" in (front.say(GUEST, "grazie mille") or "")
    assert "Annotato" in (front.say(GUEST, "abbiamo un passeggino") or "")


@pytest.mark.parametrize("yes", ["1", "yes"])
def test_what_is_held_can_be_booked_after_a_person_was_asked_for(front: Front, yes: str) -> None:
    front.say(GUEST, WISH)
    answer = front.say(GUEST, "can I speak to someone?") or ""
    assert "Reply 1" in answer
    assert "asks for a person" in front.alerts()[-1]

    assert "Booked" in (front.say(GUEST, yes) or "")


def test_what_is_held_can_be_booked_after_three_times_nonsense(front: Front) -> None:
    front.say(GUEST, WISH)
    for _ in range(3):
        front.say(GUEST, "qwrt zxcv")
    assert "do not understand" in front.alerts()[-1]

    assert "Booked" in (front.say(GUEST, "1") or "")


def test_to_cancel_while_a_change_is_talked_about_means_the_visit(front: Front) -> None:
    book(front)
    front.say(GUEST, "I need to change my booking")

    assert "Shall I cancel this?" in (front.say(GUEST, "actually just cancel it") or "")


def test_another_of_the_alternatives_can_be_taken_after_the_first(empty_front: Front) -> None:
    empty_front.open(venue_data(**ONE_TABLE))
    book(empty_front)
    offered = empty_front.say(OTHER, WISH) or ""
    empty_front.say(OTHER, "1")
    held = empty_front.say(OTHER, "no, the second one") or ""

    assert offered.splitlines()[2].removeprefix("2) ").split()[-1] in held
    assert live(empty_front) == 2


def test_another_of_the_alternatives_to_a_change_can_be_taken_too(front: Front) -> None:
    book(front)
    front.say(GUEST, "can we come a bit later?")
    assert "20:30" in (front.say(GUEST, "2") or "")
    assert "20:45" in (front.say(GUEST, "no, 20:45") or "")
    assert "20:45" in (front.say(GUEST, "yes") or "")


def test_of_two_visits_one_is_picked_by_its_size_or_day(front: Front) -> None:
    book(front)
    book(front, wish="table for 4 on sunday at 8pm")
    for words in ("the one for 4", "sunday"):
        front.say(GUEST, "I want to cancel a reservation")
        assert "4 people, Sunday" in (front.say(GUEST, words) or "")
        front.say(GUEST, "9")


def test_after_a_no_the_wish_may_go_on(front: Front) -> None:
    front.say(GUEST, WISH)
    front.say(GUEST, "9")
    assert "2 people, Saturday 21 November, 21:00" in (front.say(GUEST, "how about 9pm") or "")
    front.say(GUEST, "no")

    assert "For which day" in (front.say(GUEST, "a table for 4 please") or "")


def test_what_says_nothing_new_is_not_taken_for_a_correction(front: Front) -> None:
    front.say(GUEST, WISH)

    assert "did not understand" in (front.say(GUEST, "actually the second one was better") or "")


def test_a_request_is_told_as_one_until_it_is_decided(front: Front) -> None:
    book(front, wish="table for 9 tomorrow at 8pm")
    assert "yet to decide" in (front.say(GUEST, "is my table confirmed?") or "")
    front.say(GUEST, "make it 9pm")
    assert "still has to say yes" in (front.say(GUEST, "yes") or "")
    front.say(GUEST, "can you change it to 6 people")
    assert "Your code" in (front.say(GUEST, "yes") or "")
    assert states(front) == [State.RESERVED]


@ONE_KIND
@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("are you open on monday?", "closed on Monday 23 November"),
        ("what time do you open on sunday?", "Sunday 22 November we seat guests 18:00-22:00"),
        ("what time do you close?", "18:00-22:00"),
        ("what's your phone number?", "+390212345678"),
    ],
)
def test_questions_about_the_house_are_answered_for_the_day(
    front: Front, question: str, answer: str
) -> None:
    assert answer in (front.say(GUEST, question) or "")
    assert front.alerts() == []


def test_the_day_that_was_asked_about_is_the_day_that_is_meant(front: Front) -> None:
    front.say(GUEST, "are you open on sunday?")

    assert "Sunday 22 November, 20:00" in (front.say(GUEST, "then a table for 2 at 8pm") or "")


def test_a_question_about_a_day_does_not_move_a_booking(front: Front) -> None:
    book(front)
    front.say(GUEST, "are you open on sunday?")

    assert "3 people, Saturday" in (front.say(GUEST, "one more person please") or "")


def test_a_change_to_what_is_booked_already_asks_what_to_change(front: Front) -> None:
    book(front)
    assert "What shall I change?" in (front.say(GUEST, "change my booking") or "")
    assert "What shall I change?" in (front.say(GUEST, "to 8pm") or "")
    assert "Shall I move" in (front.say(GUEST, "9pm") or "")


def test_a_name_given_with_what_is_known_is_only_a_name(front: Front) -> None:
    book(front)

    assert "Thank you, Wright" in (front.say(GUEST, "it's under Wright, party of two") or "")
    assert "Thank you, Paolo" in (
        front.say(GUEST, "can you put the booking under the name Paolo instead?") or ""
    )
    assert [alert.split(":")[0] for alert in front.alerts()] == ["New", "Name"]


def test_a_number_is_read_by_the_hours_of_the_day_that_is_talked_about(front: Front) -> None:
    front.open(venue_data(service_periods=[period(), LUNCH]))
    front.say(GUEST, "table for 2 on wednesday at 20:00")
    assert "3 people" in (front.say(GUEST, "actually make it 3") or "")


def test_who_is_not_understood_hears_which_languages_we_speak(front: Front) -> None:
    assert "English" in (front.say(GUEST, "ich hätte gern etwas") or "")


def test_a_party_that_is_too_large_hears_so_before_anything_is_asked(front: Front) -> None:
    answer = front.say(GUEST, "table for 14 please") or ""
    assert "up to 12 people" in answer
    assert "which day" not in answer


def test_what_is_missing_is_asked_slot_by_slot(front: Front) -> None:
    assert "how many" in (front.say(GUEST, "hi, I'd like to book a table") or "").lower()
    assert "day" in (front.say(GUEST, "4") or "")
    assert "time" in (front.say(GUEST, "sunday") or "").lower()
    assert "20:00" in (front.say(GUEST, "8") or "")
    assert states(front) == [State.HELD]
    assert front.book()[0].party_size == 4


def test_several_waiting_messages_share_one_reply(front: Front) -> None:
    talk = front.receive(GUEST, "hello")
    front.receive(GUEST, "a table for two please")
    front.receive(GUEST, "tomorrow at 8pm")
    front.work(talk)

    assert len(front.heard(GUEST)) == 1
    assert states(front) == [State.HELD]


@pytest.mark.parametrize("last", ["cancel that", "can I talk to a person"])
def test_in_a_burst_cancel_and_human_win(front: Front, last: str) -> None:
    front.say(GUEST, WISH)
    talk = front.receive(GUEST, last)
    front.receive(GUEST, "for 3 people")
    front.work(talk)

    assert State.RESERVED not in states(front)
    assert [r.party_size for r in front.book()] == [2]


def test_a_correction_after_the_hold_replaces_it(front: Front) -> None:
    front.say(GUEST, WISH)
    assert "21:00" in (front.say(GUEST, "no, make it 9pm") or "")
    assert "3 people" in (front.say(GUEST, "and we are 3 people") or "")

    assert live(front) == 1
    front.say(GUEST, "yes")
    assert states(front) == [State.RESERVED]
    booked = front.book()[0]
    assert (booked.party_size, booked.starts_at.hour) == (3, 20)


@pytest.mark.parametrize(
    ("choice", "taken"), [("1", "19:00"), ("the second one", "19:15"), ("19:30", "19:30")]
)
def test_an_alternative_is_taken_by_number_or_by_its_time(
    empty_front: Front, choice: str, taken: str
) -> None:
    front = empty_front
    front.open(venue_data(**ONE_TABLE))
    book(front, OTHER, "table for 2 tomorrow at 9pm")

    offered = front.say(GUEST, "table for 2 tomorrow at 9pm") or ""
    assert "1) 19:00\n2) 19:15\n3) 19:30" in offered
    assert taken in (front.say(GUEST, choice) or "")
    front.say(GUEST, "1")
    assert states(front).count(State.RESERVED) == 2


def test_an_alternative_is_taken_by_a_button(empty_front: Front) -> None:
    front = empty_front
    front.open(venue_data(**ONE_TABLE))
    book(front, OTHER, "table for 2 tomorrow at 9pm")
    front.say(CHAT, "table for 2 tomorrow at 9pm")

    assert "19:30" in (front.press(CHAT, "19:30") or "")
    assert "Booked" in (front.press(CHAT, "Book it") or "")


def test_a_press_on_an_older_question_is_answered_and_changes_nothing(front: Front) -> None:
    front.say(CHAT, WISH)
    old = front.messages(CHAT)[-1].buttons[0][0].data
    front.say(CHAT, "make it 9pm")

    answer = front.say(CHAT, old or "", kind=Kind.PRESS) or ""
    assert "earlier question" in answer
    assert "21:00" in answer
    assert states(front) == [State.HELD]


@ONE_KIND
@pytest.mark.parametrize("token", ["g:99:yes", "g:0:yes", "nonsense", "s:1:yes", "g:1:7"])
def test_a_made_up_token_books_nothing(front: Front, token: str) -> None:
    front.say(CHAT, WISH)
    front.say(CHAT, token, kind=Kind.PRESS)

    assert states(front) == [State.HELD]


def test_a_yes_older_than_its_question_is_asked_again(front: Front) -> None:
    talk = front.receive(GUEST, WISH)
    due = front.house.handle(talk, now=front.clock())
    front.receive(GUEST, "yes")  # before the reply has begun to be sent
    front.clock.forward(seconds=1)
    for number in due:
        front.house.deliver(number, now=front.clock())
    front.work(talk)

    assert states(front) == [State.HELD]
    assert "Reply 1" in front.heard(GUEST)[-1]
    front.clock.forward(seconds=1)
    front.say(GUEST, "yes")
    assert states(front) == [State.RESERVED]


def test_a_yes_after_the_hold_ran_out_books_when_the_place_is_free(front: Front) -> None:
    front.say(GUEST, WISH)
    front.clock.forward(minutes=10)

    assert "Booked" in (front.say(GUEST, "1") or "")
    assert states(front) == [State.EXPIRED, State.RESERVED]


def test_a_yes_after_the_hold_ran_out_gets_alternatives_when_it_is_taken(
    empty_front: Front,
) -> None:
    front = empty_front
    front.open(venue_data(**ONE_TABLE))
    front.say(GUEST, WISH)
    front.clock.forward(minutes=10)
    book(front, OTHER)

    assert "1) " in (front.say(GUEST, "1") or "")
    assert states(front).count(State.RESERVED) == 1


def test_two_want_the_last_table_and_one_gets_alternatives(empty_front: Front) -> None:
    front = empty_front
    front.open(venue_data(**ONE_TABLE))
    front.say(GUEST, WISH)

    assert "no table" in (front.say(CHAT, WISH) or "")
    front.say(GUEST, "1")
    assert states(front) == [State.RESERVED]


def test_a_change_is_proposed_then_made_on_the_same_table(front: Front) -> None:
    book(front, wish="table for 2 tomorrow at 7pm")
    before = front.book()[0]

    proposed = front.say(GUEST, "can we come at 19:30 instead") or ""
    assert "19:00" in proposed
    assert "19:30" in proposed
    assert front.book()[0] == before

    assert "Changed" in (front.say(GUEST, "1") or "")
    after = front.book()[0]
    assert after.starts_at - before.starts_at == timedelta(minutes=30)
    assert after.table_ids == before.table_ids
    assert after.code == before.code
    assert "was 2 people, Saturday 21 November, 19:00" in front.alerts()[-1]


def test_a_change_that_is_declined_leaves_everything(front: Front) -> None:
    book(front)
    before = front.book()
    front.say(GUEST, "move my booking to sunday")
    front.say(GUEST, "9")

    assert front.book() == before


def test_a_size_past_the_approval_size_is_told_to_the_staff(front: Front) -> None:
    book(front)
    answer = front.say(GUEST, "we will be 10 people") or ""

    assert "10 people" in answer
    assert front.book()[0].party_size == 2
    assert "would like to come with more" in front.alerts()[-1]
    assert "You are expected: 2 people" in (front.say(GUEST, "ok") or "")


def test_a_cancellation_is_asked_for_once_more_then_done(front: Front) -> None:
    book(front)
    front.say(GUEST, "I need to cancel my booking please")
    assert states(front) == [State.RESERVED]

    assert "Cancelled" in (front.say(GUEST, "1") or "")
    assert states(front) == [State.CANCELLED]
    assert "Cancelled" in front.alerts()[-1]


def test_after_the_cut_off_a_guest_is_referred_to_the_staff(front: Front) -> None:
    book(front, wish="table for 2 today at 20:00")
    front.clock.forward(hours=7)
    for wish in ("cancel my booking", "make it 9pm", "can we come a bit later?"):
        assert "+390212345678" in (front.say(GUEST, wish) or "")
        assert "too late for me" in front.alerts()[-1]
    assert states(front) == [State.RESERVED]


def test_who_asked_and_waited_past_the_cut_off_is_referred_to_the_staff_too(front: Front) -> None:
    book(front, wish="table for 2 today at 20:00")
    front.clock.forward(hours=5, minutes=59)
    front.say(GUEST, "cancel my booking")
    front.clock.forward(minutes=2)

    assert "+390212345678" in (front.say(GUEST, "1") or "")
    assert states(front) == [State.RESERVED]


def test_of_several_visits_the_guest_is_asked_which(front: Front) -> None:
    book(front)
    book(front, wish="another table for 2 on sunday at 7pm please")
    which = front.say(GUEST, "cancel my reservation") or ""

    assert "1) " in which
    assert "2) " in which
    assert "Sunday" in (front.say(GUEST, "2") or "")
    front.say(GUEST, "1")
    assert states(front) == [State.RESERVED, State.CANCELLED]


def test_what_is_booked_can_be_looked_up(front: Front) -> None:
    assert "no booking" in (front.say(GUEST, "what time is my table?") or "")
    book(front)
    answer = front.say(GUEST, "what time is my table?") or ""

    assert "20:00" in answer
    assert front.book()[0].code in answer


def test_who_is_late_is_noted_and_the_staff_hear_it(front: Front) -> None:
    book(front, wish="table for 2 today at 20:00")
    front.clock.forward(hours=8, minutes=50)

    assert "told the team" in (front.say(GUEST, "we are running 15 minutes late") or "")
    assert front.alerts()[-1].startswith("Late: 2 people")


def test_a_person_is_asked_to_help(front: Front) -> None:
    assert "+390212345678" in (front.say(GUEST, "can I speak to someone please") or "")
    assert "asks for a person" in front.alerts()[-1]


def test_three_times_not_understood_is_handed_over_with_the_phone_number(front: Front) -> None:
    first, second = front.say(GUEST, "xkcd qwfp"), front.say(GUEST, "zxcvb")
    assert first != second
    assert front.alerts() == []

    assert "+390212345678" in (front.say(GUEST, "lorem ipsum") or "")
    assert "do not understand" in front.alerts()[-1]
    assert "lorem ipsum" in front.alerts()[-1]
    assert "20:00" in (front.say(GUEST, WISH) or "")


def test_what_is_understood_in_between_resets_the_count(front: Front) -> None:
    for text in ("xkcd qwfp", "zxcvb", "what are your opening hours?", "hjkl", "vbnm"):
        front.say(GUEST, text)

    assert front.alerts() == []


def test_a_digression_is_answered_and_the_question_asked_again(front: Front) -> None:
    front.say(GUEST, WISH)
    answer = front.say(GUEST, "what are your opening hours?") or ""

    assert "18:00-22:00" in answer
    assert "Reply 1" in answer
    front.say(GUEST, "1")
    assert states(front) == [State.RESERVED]


def test_starting_over_forgets_the_wish_and_frees_the_table(front: Front) -> None:
    front.say(GUEST, WISH)
    front.say(GUEST, "start over")

    assert states(front) == [State.CANCELLED]
    assert "how many" in (front.say(GUEST, "a table tomorrow at 8pm") or "").lower()


def test_the_name_is_asked_for_once_by_sms_and_taken_from_telegram(front: Front) -> None:
    front.say(GUEST, WISH)
    assert "name" in (front.say(GUEST, "1") or "")
    assert "Lisa Smith" in (front.say(GUEST, "Lisa Smith") or "")

    front.say(CHAT, WISH, name="Anna Bianchi")
    assert "name" not in (front.say(CHAT, "1", name="Anna Bianchi") or "")
    assert "Anna Bianchi" in front.alerts()[-1]


def test_an_afterthought_belongs_to_what_was_booked(front: Front) -> None:
    book(front)
    front.say(GUEST, "Lisa")
    front.say(GUEST, "we also need a high chair")

    assert "high chair" in (front.book()[0].request or "")
    assert front.alerts()[-1].startswith("Wish: 2 people")


def test_large_parties_are_referred_to_the_staff(front: Front) -> None:
    assert "+390212345678" in (front.say(GUEST, "table for 30 tomorrow at 8pm") or "")
    assert states(front) == []


def test_a_large_party_waits_for_the_staff_and_hears_of_their_yes(front: Front) -> None:
    book(front, wish="table for 10 tomorrow at 8pm")
    assert states(front) == [State.REQUESTED]
    assert "decide" in front.alerts()[-1]

    assert "Accepted" in (front.press(str(STAFF_CHAT), "Accept", name="Marta") or "")
    assert states(front) == [State.RESERVED]
    front.run_due()
    assert "Good news" in front.heard(GUEST)[-1]


def test_the_second_press_is_told_who_decided(front: Front) -> None:
    book(front, wish="table for 10 tomorrow at 8pm")
    accept = front.messages(str(STAFF_CHAT))[-1].buttons[0][0].data or ""
    front.press(str(STAFF_CHAT), "Decline", name="Marta")

    late = front.say(str(STAFF_CHAT), accept, kind=Kind.PRESS, name="Luca")
    assert "by Marta" in (late or "")
    assert states(front) == [State.DECLINED]
    front.run_due()
    assert "cannot take" in front.heard(GUEST)[-1]


def test_staff_decide_by_text_with_the_code(empty_front: Front) -> None:
    front = empty_front
    front.open(venue_data(staff=[{"name": "Marta", "phone": OTHER}]))
    book(front, wish="table for 10 tomorrow at 8pm")
    code = front.book()[0].code
    assert f"1 {code}" in front.heard(OTHER)[-1]

    assert "no request" in (front.say(OTHER, "1 ZZZZ") or "")
    assert "Accepted" in (front.say(OTHER, f"1 {code.lower()}") or "")
    assert states(front) == [State.RESERVED]


def test_staff_are_never_guests(empty_front: Front) -> None:
    front = empty_front
    front.open(venue_data(staff=[{"name": "Marta", "phone": OTHER}]))
    front.say(OTHER, WISH)

    assert states(front) == []


def test_a_guest_cannot_decide_a_request(front: Front) -> None:
    book(front, wish="table for 10 tomorrow at 8pm")
    front.say(GUEST, f"1 {front.book()[0].code}")
    front.say(CHAT, f"s:{front.book()[0].id}:yes", kind=Kind.PRESS)

    assert states(front) == [State.REQUESTED]


def test_a_guest_is_answered_in_the_language_of_the_message(front: Front) -> None:
    assert "persone" in (front.say(GUEST, "un tavolo per 2 domani alle 20") or "")
    assert "Prenotato" in (front.say(GUEST, "ok") or "")
    assert "people" in (front.say(OTHER, WISH) or "")


def test_telegram_tells_the_language_of_a_first_word(front: Front) -> None:
    assert "Buongiorno" in (front.say(CHAT, "/start", name="Anna", language="it") or "")
    assert "Hello" in (front.say("502", "/start", name="Jan", language="de") or "")


def test_a_venue_that_does_not_speak_a_language_answers_in_its_own(empty_front: Front) -> None:
    front = empty_front
    front.open(venue_data(restaurant={"languages": ["en"]}))

    assert "2 people" in (front.say(GUEST, "un tavolo per 2 domani alle 20") or "")


def test_of_several_venues_the_bot_asks_once_and_remembers(empty_front: Front) -> None:
    front = empty_front
    front.open(venue_data())
    front.open(venue_data(restaurant={"slug": "borea", "name": "Osteria Borea"}))

    assert "2) Osteria Borea" in (front.say(GUEST, WISH) or "")
    assert "2 people" in (front.say(GUEST, "2") or "")
    assert "Osteria Borea" in (front.say(GUEST, "1") or "")


def test_a_link_leads_to_its_venue(empty_front: Front) -> None:
    front = empty_front
    front.open(venue_data())
    front.open(venue_data(restaurant={"slug": "borea", "name": "Osteria Borea"}))

    assert "Osteria Borea" in (front.say(CHAT, "/start borea") or "")
    front.say(CHAT, WISH)
    assert "Osteria Borea" in (front.say(CHAT, "1") or "")


def test_a_number_of_its_own_leads_to_its_venue(empty_front: Front) -> None:
    front = empty_front
    front.open(venue_data(restaurant={"slug": "zefiro", "name": "Zefiro"}))
    front.open(venue_data(channels={"sms": front.house.accounts["sms"]}))
    front.say(GUEST, WISH)

    assert "Aurora" in (front.say(GUEST, "1") or "")


def test_without_a_venue_nobody_is_left_without_an_answer(empty_front: Front) -> None:
    assert "No restaurant" in (empty_front.say(GUEST, WISH) or "")


def test_what_is_no_text_gets_a_fixed_answer(front: Front) -> None:
    assert "only read text" in (front.say(CHAT, "", kind=Kind.MEDIA) or "")


def test_an_edit_corrects_an_open_wish_but_never_silently_a_booked_one(front: Front) -> None:
    front.say(CHAT, WISH)
    assert "21:00" in (front.say(CHAT, "table for 2 tomorrow at 9pm", kind=Kind.EDITED) or "")
    front.say(CHAT, "1")

    assert "changed a message" in (front.say(CHAT, "at 10pm", kind=Kind.EDITED) or "")
    assert [r.state for r in front.book()] == [State.RESERVED]


def test_in_a_group_of_strangers_the_bot_keeps_silent(front: Front) -> None:
    assert front.say("-55", WISH, chat_type="group") is None
    assert states(front) == []


def test_a_command_in_a_group_of_strangers_tells_the_groups_id(front: Front) -> None:
    front.emulators.telegram.open_group(-55, "Kitchen")

    assert "-55" in (front.say("-55", "/start", chat_type="group") or "")


def test_an_answer_that_comes_late_says_so(front: Front) -> None:
    talk = front.receive(GUEST, WISH)
    front.clock.forward(minutes=20)
    front.work(talk)

    assert front.heard(GUEST)[-1].startswith("Sorry for the delay")


def test_an_exchange_that_runs_twice_finds_nothing_left_to_do(front: Front) -> None:
    talk = front.receive(GUEST, WISH)
    front.work(talk)
    rows = front.outbox()

    assert front.house.handle(talk, now=front.clock()) == []
    assert front.outbox() == rows


def test_a_message_that_comes_twice_is_stored_once(front: Front) -> None:
    front.receive(GUEST, WISH)
    again = inbox.Received(
        channel="sms",
        account=front.house.accounts["sms"],
        address=GUEST,
        external_id="0",
        kind=Kind.TEXT,
        text=WISH,
    )
    assert front.house.accept(again, now=front.clock()).talk_id is None
    front.run_due()

    assert len(front.heard(GUEST)) == 1


@ONE_KIND
@pytest.mark.parametrize(
    "text", ["x" * 10_000, "7" * 10_000, "\U0001f389" * 50, "?!", "\u202ehello", "a\nb\n" * 900]
)
def test_whatever_is_written_is_answered(front: Front, text: str) -> None:
    assert front.say(CHAT, text) is not None
    assert states(front) == []


def test_a_long_talk_is_forgotten_and_begins_afresh(front: Front) -> None:
    front.say(GUEST, "table for 7 people")
    front.clock.forward(hours=5)

    assert "how many" in (front.say(GUEST, "a table tomorrow at 8pm") or "").lower()
