"""The dialogue: each event in each step is in the table, or refused and changes nothing."""

import datetime as dt

import pytest
from dialogues import DRAFTS, EIGHT, EVENTS, FRIDAY, READING, WISH, event

from booking.errors import Reason
from booking.rules import Wish
from conversations import actions, moves
from conversations.dialogue import TRANSITIONS, IllegalEvent, advance
from conversations.draft import Draft, Step
from conversations.moves import Event
from conversations.questions import open_question
from conversations.reading import Asked, Intent, Reading
from conversations.responses import RESPONSES


def said(done: list[actions.Action]) -> list[str]:
    return [action.key for action in done if isinstance(action, actions.Say)]


@pytest.mark.parametrize("kind", EVENTS)
@pytest.mark.parametrize("step", Step)
def test_every_event_follows_the_table_or_is_refused(step: Step, kind: type[Event]) -> None:
    draft = DRAFTS[step]
    before = draft.model_dump()
    if kind in TRANSITIONS[step]:
        after, done = advance(draft, event(kind))
        assert after.step is (TRANSITIONS[step][kind] or step)
        assert done
    else:
        with pytest.raises(IllegalEvent) as refused:
            advance(draft, event(kind))
        assert kind.__name__ in str(refused.value)
        assert step in str(refused.value)
    assert draft.model_dump() == before


def test_every_event_has_a_response() -> None:
    assert set(RESPONSES) == set(EVENTS)
    assert set(TRANSITIONS) == set(Step)


def test_every_step_can_be_reached_from_the_first() -> None:
    reached = {Step.IDLE}
    while True:
        found = {to or step for step in reached for to in TRANSITIONS[step].values()}
        if found <= reached:
            break
        reached |= found

    assert reached == set(Step)


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize(
    "way_out",
    [
        *(moves.StartsOver, moves.WantsPerson, moves.Stops, moves.Told),
        *(moves.Declined, moves.GivesUp, moves.CancelsDraft),
    ],
)
def test_nobody_is_locked_into_a_question(step: Step, way_out: type[Event]) -> None:
    assert way_out in TRANSITIONS[step]


@pytest.mark.parametrize("step", Step)
def test_a_step_that_waits_for_an_answer_asks_for_it(step: Step) -> None:
    waits = step not in {Step.IDLE, Step.HANDED_OVER}

    assert bool(open_question(DRAFTS[step])) is waits


@pytest.mark.parametrize(
    ("draft", "asks_for"),
    [
        (Draft(step=Step.ASKING), Asked.PARTY_SIZE),
        (Draft(step=Step.ASKING, party_size=2), Asked.TIME),
        (Draft(step=Step.ASKING, party_size=2, time=EIGHT), Asked.DATE),
        (Draft(step=Step.ASKING, party_size=2, date=FRIDAY), Asked.TIME),
        (DRAFTS[Step.CHOOSING], Asked.CHOICE),
        (DRAFTS[Step.CONFIRMING], Asked.CONFIRMATION),
        (DRAFTS[Step.NAMING], Asked.NAME),
        (DRAFTS[Step.IDLE], None),
    ],
)
def test_what_is_asked_tells_how_the_answer_is_read(draft: Draft, asks_for: Asked | None) -> None:
    assert draft.asked() == asks_for


def test_a_whole_wish_is_held_and_a_half_one_asked_about() -> None:
    half, looked = advance(Draft(), moves.Told(READING))
    assert looked == [actions.CheckSize(4)]
    _, asked = advance(half, moves.Fits())
    assert said(asked) == ["known", "ask"]

    whole = Reading(intent=Intent.BOOK, language="en", party_size=2, date=FRIDAY, time=EIGHT)
    _, done = advance(Draft(), moves.Told(whole))
    assert done == [actions.Hold(WISH, None, None)]


def test_a_correction_goes_to_the_hold_that_is_there() -> None:
    later = Reading(intent=Intent.BOOK, language="en", time=dt.time(21))
    _, done = advance(DRAFTS[Step.CONFIRMING], moves.Told(later))

    wish = Wish(party_size=2, date=FRIDAY, time=dt.time(21))
    assert done == [actions.Hold(wish, None, 7)]


@pytest.mark.parametrize(
    ("step", "action"),
    [
        (Step.CONFIRMING, actions.Confirm(7)),
        (Step.CHANGING, actions.Amend(7, WISH, None)),
        (Step.CANCELLING, actions.Cancel(7)),
    ],
)
def test_only_a_yes_to_the_right_question_acts(step: Step, action: actions.Action) -> None:
    assert advance(DRAFTS[step], moves.Agreed())[1] == [action]
    for other in set(Step) - {step}:
        assert action not in advance(DRAFTS[other], moves.Agreed())[1]


def test_nothing_is_said_to_be_booked_before_the_book_says_so() -> None:
    for step in Step:
        for kind in TRANSITIONS[step]:
            if kind not in {moves.Booked, moves.BookedUnnamed}:
                keys = said(advance(DRAFTS[step], event(kind))[1])
                assert not {"booked", "requested"} & set(keys)


@pytest.mark.parametrize(
    "leaves", [moves.StartsOver, moves.Stops, moves.Declined, moves.CancelsDraft]
)
def test_who_leaves_a_hold_frees_it(leaves: type[Event]) -> None:
    draft, done = advance(DRAFTS[Step.CONFIRMING], leaves())

    assert actions.Release(7) in done
    assert draft.hold_id is None


def test_a_third_try_differs_from_the_second_and_that_from_the_first() -> None:
    draft, first = advance(Draft(), moves.Unclear())
    draft, second = advance(draft, moves.Unclear())
    _, third = advance(draft, moves.GivesUp())

    assert [said(first)[0], said(second)[0], said(third)[0]] == [
        *("unclear_1", "unclear_2", "handed_over_unclear"),
    ]
    assert actions.Alert("unclear") in third


def test_anything_understood_starts_the_count_again() -> None:
    draft, _ = advance(Draft(), moves.Unclear())
    draft, _ = advance(draft, moves.Greets())

    assert draft.tries == 0


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        (Reason.TOO_LARGE, {"date", "time"}),
        (Reason.OUTSIDE_HOURS, {"party_size", "date"}),
        (Reason.CLOSED, {"party_size"}),
        (Reason.TOO_FAR, {"party_size"}),
    ],
)
def test_a_refusal_asks_again_for_what_was_wrong(reason: Reason, kept: set[str]) -> None:
    draft = Draft(step=Step.ASKING, party_size=2, date=FRIDAY, time=EIGHT)
    after, _ = advance(draft, moves.Refused(reason, {}))

    known = {"party_size": after.party_size, "date": after.date, "time": after.time}
    assert {name for name, value in known.items() if value is not None} == kept


def test_a_draft_survives_being_stored() -> None:
    for draft in DRAFTS.values():
        stored = draft.model_dump(mode="json", exclude_defaults=True)
        assert Draft.model_validate(stored) == draft


def test_a_draft_of_another_version_of_the_house_can_still_be_read() -> None:
    assert (
        Draft.model_validate({"step": "asking", "party_size": 2, "unheard_of": 1}).party_size == 2
    )
