"""Interpretation: what a reading means where the talk stands, and several read as one."""

import datetime as dt
from typing import Any

import pytest

from conversations import moves
from conversations.draft import Choice, Draft, Step
from conversations.interpretation import Heard, aside, fold, interpret
from conversations.moves import Visit
from conversations.reading import Intent, Reading, Side, Topic

FRIDAY = dt.date(2026, 11, 20)
SUNDAY = dt.date(2026, 11, 22)
EIGHT = dt.time(20)
VISIT = Visit(id=7, code="K7F2", party_size=2, date=FRIDAY, time=EIGHT)
OTHER = Visit(id=8, code="P4RT", party_size=4, date=SUNDAY, time=EIGHT)
CHOICE = Choice(date=FRIDAY, time=EIGHT)
CONFIRMING = Draft(step=Step.CONFIRMING, party_size=2, date=FRIDAY, time=EIGHT, hold_id=7)


def reading(intent: Intent = Intent.BOOK, **slots: Any) -> Reading:
    return Reading(intent=intent, language="en", **slots)


def meaning(found: Reading, draft: Draft | None = None, *visits: Visit) -> moves.Event:
    return interpret(Heard(reading=found, draft=draft or Draft(), visits=visits, today=FRIDAY))


def folded(*readings: Reading) -> Reading:
    return fold(readings)


def test_details_of_several_messages_are_laid_over_each_other() -> None:
    both = folded(reading(party_size=2, time=EIGHT), reading(date=FRIDAY), reading(party_size=3))

    assert (both.party_size, both.date, both.time) == (3, FRIDAY, EIGHT)


@pytest.mark.parametrize("wins", [Intent.STOP, Intent.HUMAN, Intent.CANCEL])
def test_stop_human_and_cancel_win_wherever_they_stand(wins: Intent) -> None:
    assert folded(reading(wins), reading(party_size=2)).intent is wins
    assert folded(reading(party_size=2), reading(wins)).intent is wins


def test_stop_wins_over_all() -> None:
    assert folded(reading(Intent.CANCEL), reading(Intent.STOP)).intent is Intent.STOP


@pytest.mark.parametrize("small", [Intent.GREETING, Intent.THANKS, Intent.OTHER])
def test_small_talk_hides_nothing(small: Intent) -> None:
    assert folded(reading(small), reading(Intent.LOOKUP)).intent is Intent.LOOKUP
    assert folded(reading(Intent.LOOKUP), reading(small)).intent is Intent.LOOKUP


def test_an_ok_after_details_is_no_yes_to_them() -> None:
    both = folded(reading(party_size=2, date=FRIDAY, time=EIGHT), reading(Intent.CONFIRM))

    assert both.intent is Intent.BOOK


def test_a_yes_before_details_is_a_correction() -> None:
    assert folded(reading(Intent.CONFIRM), reading(time=EIGHT)).intent is Intent.BOOK


def test_a_start_over_forgets_what_came_before_it() -> None:
    both = folded(reading(party_size=9), reading(Intent.RESTART), reading(date=FRIDAY))

    assert both.party_size is None
    assert both.date == FRIDAY


def test_a_new_time_drops_the_end_of_an_old_window() -> None:
    window = reading(time=dt.time(19), time_to=dt.time(21))

    assert folded(window, reading(time=EIGHT)).time_to is None
    assert folded(window, reading(party_size=2)).time_to == dt.time(21)


@pytest.mark.parametrize(
    ("intent", "event"),
    [
        (Intent.STOP, moves.Stops()),
        (Intent.HUMAN, moves.WantsPerson()),
        (Intent.RESTART, moves.StartsOver()),
        (Intent.GREETING, moves.Greets()),
        (Intent.THANKS, moves.Thanks()),
        (Intent.CONFIRM, moves.Agreed()),
        (Intent.DECLINE, moves.Declined()),
        (Intent.QUESTION, moves.Asks(Topic.OTHER)),
        (Intent.OTHER, moves.Unclear()),
        (Intent.CANCEL, moves.FindsNothing()),
        (Intent.CHANGE, moves.FindsNothing()),
        (Intent.LOOKUP, moves.LooksUp(())),
        (Intent.LATE, moves.IsLate(None)),
        (Intent.CHOOSE, moves.Unclear()),
    ],
)
def test_what_is_said_out_of_the_blue(intent: Intent, event: moves.Event) -> None:
    assert meaning(reading(intent)) == event


def test_a_third_misunderstanding_gives_up() -> None:
    assert meaning(reading(Intent.OTHER), Draft(tries=2)) == moves.GivesUp()


def test_a_cancel_means_what_is_being_talked_about() -> None:
    assert meaning(reading(Intent.CANCEL), CONFIRMING, VISIT) == moves.CancelsDraft((VISIT,))


def test_a_cancel_that_names_a_visit_means_that_one() -> None:
    found = reading(Intent.CANCEL, date=SUNDAY)

    assert meaning(found, CONFIRMING, VISIT, OTHER) == moves.CancelsOne(OTHER)


def test_a_cancel_while_a_cancellation_is_asked_about_is_a_yes() -> None:
    draft = Draft(step=Step.CANCELLING, target_id=7)

    assert meaning(reading(Intent.CANCEL), draft, VISIT) == moves.Agreed()


def test_of_several_visits_the_one_on_the_named_date_is_meant() -> None:
    cancel = reading(Intent.CANCEL)
    assert meaning(cancel, None, VISIT, OTHER) == moves.CancelsWhich((VISIT, OTHER))

    moved = reading(Intent.CHANGE, which_date=FRIDAY, date=SUNDAY)
    assert meaning(moved, None, VISIT, OTHER) == moves.ChangesOne(VISIT, moved)


def test_one_visit_is_meant_even_if_the_named_date_is_the_new_one() -> None:
    moved = reading(Intent.CHANGE, date=SUNDAY)

    assert meaning(moved, None, VISIT) == moves.ChangesOne(VISIT, moved)


def test_a_change_while_a_wish_is_open_corrects_the_wish() -> None:
    moved = reading(Intent.CHANGE, time=EIGHT)

    assert meaning(moved, CONFIRMING, VISIT) == moves.Told(moved)


def test_an_afterthought_belongs_to_the_visit_talked_about_last() -> None:
    more = reading(party_size=5)
    draft = Draft(last_id=8)

    assert meaning(more, draft, VISIT, OTHER) == moves.ChangesOne(OTHER, more)
    wish = reading(request="a pram")
    assert meaning(wish, draft, VISIT, OTHER) == moves.Noted(OTHER, "a pram")


def test_a_new_booking_in_so_many_words_is_no_afterthought() -> None:
    new = reading(party_size=5, explicit=True)

    assert meaning(new, Draft(last_id=7), VISIT) == moves.Told(new)


def test_a_bare_name_is_a_name() -> None:
    assert meaning(reading(name="Anna"), Draft(step=Step.NAMING)) == moves.Named("Anna")


def test_a_number_that_may_mean_two_things_is_asked_about() -> None:
    found = reading(ambiguous=("party_size", "time"), number=8)

    assert meaning(found, CONFIRMING) == moves.Doubts(8)


def test_a_choice_counts_only_among_what_was_offered() -> None:
    draft = Draft(step=Step.CHOOSING, party_size=2, options=(CHOICE, CHOICE))

    assert meaning(reading(Intent.CHOOSE, choice=2), draft) == moves.Chose(2)
    assert meaning(reading(Intent.CHOOSE, choice=3), draft) == moves.Unclear()


def test_a_yes_to_a_single_alternative_takes_it() -> None:
    draft = Draft(step=Step.CHOOSING, party_size=2, options=(CHOICE,))

    assert meaning(reading(Intent.CONFIRM), draft) == moves.Chose(1)


@pytest.mark.parametrize(
    ("purpose", "event"),
    [("change", moves.PicksToChange(OTHER)), ("cancel", moves.PicksToCancel(OTHER))],
)
def test_a_visit_is_picked_by_number_or_by_its_day(purpose: str, event: moves.Event) -> None:
    draft = Draft(step=Step.PICKING, options=(CHOICE, CHOICE), picks=(7, 8), purpose=purpose)

    assert meaning(reading(Intent.CHOOSE, choice=2), draft, VISIT, OTHER) == event
    assert meaning(reading(date=SUNDAY), draft, VISIT, OTHER) == event


def test_a_pick_that_is_gone_meanwhile_finds_nothing() -> None:
    draft = Draft(step=Step.PICKING, options=(CHOICE,), picks=(7,), purpose="cancel")

    assert meaning(reading(Intent.CHOOSE, choice=1), draft) == moves.FindsNothing()


def test_late_means_todays_visit() -> None:
    assert meaning(reading(Intent.LATE), None, VISIT) == moves.IsLate(VISIT, (VISIT,))
    assert meaning(reading(Intent.LATE), None, OTHER) == moves.IsLate(None, (OTHER,))


def test_a_cancel_with_nothing_to_drop_means_the_visit() -> None:
    asking = Draft(step=Step.ASKING)

    assert meaning(reading(Intent.CANCEL), asking, VISIT) == moves.CancelsOne(VISIT)
    assert meaning(reading(Intent.CANCEL), asking) == moves.CancelsDraft()


def test_a_yes_or_no_out_of_the_blue_from_who_is_expected_asks_for_nothing() -> None:
    doubtful = reading(Intent.BOOK, ambiguous=("party_size", "time"), number=1)

    assert meaning(reading(Intent.CONFIRM), None, VISIT) == moves.Content((VISIT,), agrees=True)
    assert meaning(reading(Intent.DECLINE), None, VISIT) == moves.Content((VISIT,), agrees=False)
    assert meaning(doubtful, None, VISIT) == moves.Content((VISIT,), agrees=True)
    assert meaning(doubtful) == moves.Doubts(1)


def test_a_yes_with_a_wish_keeps_the_wish() -> None:
    yes = reading(Intent.CONFIRM, request="a pram")

    assert meaning(yes, CONFIRMING) == moves.Agreed("a pram")
    assert meaning(yes, None, VISIT) == moves.Noted(VISIT, "a pram")


def test_another_time_is_sought_for_what_is_talked_about() -> None:
    later = reading(Intent.BOOK, rather=Side.LATER)
    whole = Draft(step=Step.CONFIRMING, party_size=2, date=SUNDAY, time=VISIT.time, hold_id=3)

    assert meaning(later, whole) == moves.SeeksOthers(Side.LATER)
    assert meaning(later, None, VISIT) == moves.SeeksOthers(Side.LATER, VISIT)
    assert meaning(later, Draft(step=Step.ASKING)) == moves.Told(later)
    assert meaning(later) == moves.Told(later)


def test_a_no_to_other_times_goes_back_to_what_is_held() -> None:
    choosing = Draft(step=Step.CHOOSING, hold_id=3)

    assert meaning(reading(Intent.DECLINE), choosing) == moves.DeclinesOthers(3)
    assert meaning(reading(Intent.DECLINE), Draft(step=Step.CHOOSING)) == moves.Declined()


def test_a_question_beside_a_yes_is_asked_too() -> None:
    assert aside(reading(Intent.CONFIRM, topic=Topic.HOURS)) == moves.Asks(Topic.HOURS, beside=True)
    assert aside(reading(Intent.CONFIRM)) is None
    assert aside(reading(Intent.QUESTION, topic=Topic.HOURS)) is None
