"""What the bot says and does at each event of the dialogue.

A response gets the draft as it was, the draft with its new step, and the event; it fills in the
draft and lists the actions. It never changes the step: that is the table's (`dialogue.py`).
"""

from booking.rules import Wish
from conversations import actions, moves
from conversations.actions import Action, Say
from conversations.draft import Choice, Draft, Step
from conversations.drafts import aimed, joined, over, overlaid, wish_of
from conversations.moves import Event, Visit
from conversations.outcomes import OUTCOMES, Outcome, Response
from conversations.questions import (
    expected,
    facts,
    missing,
    open_question,
    recalled,
)
from conversations.reading import Reading, Topic
from conversations.waits import waited_for, window

#: How a guest who was not understood is helped, at the first try and at the second.
_HELPS: dict[int, tuple[str, ...]] = {1: ("hint",), 2: ("example",)}
#: What is asked about here can be had, so that nobody waits for it.
_CAN_BE_HAD = frozenset({Step.CONFIRMING, Step.CHANGING, Step.CANCELLING})


def _told(was: Draft, draft: Draft, event: moves.Told) -> Outcome:
    other = draft.target_id is not None or (was.step is Step.IDLE and was.is_complete)
    if event.reading.explicit and other:
        draft = over(draft)  # a new booking, not the change or the wish that was talked about
    draft, done = _look(overlaid(draft, event.reading), event.reading)
    return draft, [Say("day_passed"), *done] if event.reading.passed else done


def _look(draft: Draft, reading: Reading | None = None) -> Outcome:
    """Ask for what is missing, or see whether the wish can be had."""
    if not draft.is_complete:
        days = reading.days if reading and draft.date is None else None
        if draft.party_size is not None:
            return draft, [actions.CheckSize(draft.party_size, days)]
        return draft, missing(draft, days)
    wish = wish_of(draft)
    if draft.step is Step.WAITLISTING:
        return draft, [actions.Wait(wish, draft.request, draft.hold_id)]
    if draft.target_id is not None:
        return draft, [actions.Propose(draft.target_id, wish)]
    return draft, [actions.Hold(wish, draft.request, draft.hold_id)]


def _chose(_: Draft, draft: Draft, event: moves.Chose) -> Outcome:
    choice = draft.options[event.number - 1]
    slots = {"date": choice.date, "time": choice.time, "time_to": None}
    return _look(draft.model_copy(update=slots))


def _agreed(was: Draft, draft: Draft, event: moves.Agreed) -> Outcome:
    match was.step:
        case Step.CONFIRMING if was.hold_id is not None:
            return draft, [actions.Confirm(was.hold_id, event.request)]
        case Step.CHANGING if was.target_id is not None:
            request = joined(was.request, event.request)
            return draft, [actions.Amend(was.target_id, wish_of(was), request)]
        case Step.CANCELLING if was.target_id is not None:
            return draft, [actions.Cancel(was.target_id)]
        case Step.NAMING:
            return _still_unnamed(was, draft)
        case Step.CHOOSING:
            wished = draft.model_copy(update={"request": joined(was.request, event.request)})
            return wished, [Say("which", {"options": draft.options})]
        case _:
            held: list[Action] = []
            asks = was.step in {Step.ASKING, Step.WAITLISTING}
            if asks and was.hold_id is not None:
                held = [actions.Recall(was.hold_id)]
            return draft, held or open_question(draft) or [Say("ready")]


def _still_unnamed(was: Draft, draft: Draft) -> Outcome:
    """Ask for the name once more; later it can be given unasked."""
    again = [] if was.tries else open_question(draft)
    return draft.model_copy(update={"tries": was.tries + 1}), [Say("welcome"), *again]


def _declined(was: Draft, draft: Draft, _: Event) -> Outcome:
    if was.step is Step.NAMING:
        return over(draft), [Say("welcome")]
    if was.step in {Step.IDLE, Step.HANDED_OVER}:
        return draft, [Say("ready")]
    if was.target_id is not None or was.step is Step.PICKING:
        return over(draft), [*_released(was), Say("kept")]
    wish = {"party_size", "date", "time", "request", "last_id"}  # it may go on: "at 9, then?"
    kept = Draft(step=draft.step, **draft.model_dump(include=wish))
    return kept, [*_released(was), Say("released")]


def _released(was: Draft) -> list[Action]:
    """Let go of what is held, if anything is."""
    return [] if was.hold_id is None else [actions.Release(was.hold_id)]


def _cancels_draft(was: Draft, draft: Draft, event: moves.CancelsDraft) -> Outcome:
    draft, done = _declined(was, draft, event)
    if event.visits and was.target_id is None:
        done = [*done, *expected(event.visits)]
    return draft, done


def _declines_others(_: Draft, draft: Draft, event: moves.DeclinesOthers) -> Outcome:
    return draft, [actions.Recall(event.hold_id)]


def _content(_: Draft, draft: Draft, event: moves.Content) -> Outcome:
    return draft, expected(event.visits) if event.agrees else [Say("kept")]


def _puts_off(_: Draft, draft: Draft, __: moves.PutsOff) -> Outcome:
    question = recalled(draft)
    return draft, [Say("patient"), *question] if question else [Say("ready")]


def _wants_more(_: Draft, draft: Draft, __: moves.WantsMore) -> Outcome:
    return draft, [Say("one_by_one"), *recalled(draft)]


def _seeks_others(was: Draft, draft: Draft, event: moves.SeeksOthers) -> Outcome:
    if event.visit is not None:
        draft = aimed(draft, event.visit, Draft())
    but = was.hold_id if event.visit is None else event.visit.id
    return draft, [actions.SeekOthers(wish_of(draft), event.side, but or draft.target_id)]


def _named(_: Draft, draft: Draft, event: moves.Named) -> Outcome:
    said = Say("named", {"name": event.name})
    return draft, [actions.Rename(event.name), said, *recalled(draft)]


def _noted(_: Draft, draft: Draft, event: moves.Noted) -> Outcome:
    note = actions.Note(event.visit.id, event.request)
    return draft, [note, Say("noted", {"request": event.request}), *recalled(draft)]


def _changes_one(was: Draft, draft: Draft, event: moves.ChangesOne) -> Outcome:
    draft, change = _change(draft, event.visit, overlaid(Draft(), event.reading))
    return draft, [*_released(was), *change]


def _picks_to_change(was: Draft, draft: Draft, event: moves.PicksToChange) -> Outcome:
    return _change(draft, event.visit, was)


def _change(draft: Draft, visit: Visit, wanted: Draft) -> Outcome:
    """Begin to change a visit: into what is wanted, or asking what that is."""
    draft = aimed(draft, visit, wanted)
    if wish_of(draft) == Wish(party_size=visit.party_size, date=visit.date, time=visit.time):
        return draft, [Say("known", facts(visit)), Say("ask_change")]
    return _look(draft)


def _changes_which(_: Draft, draft: Draft, event: moves.ChangesWhich) -> Outcome:
    return _pick(overlaid(over(draft), event.reading), event.visits, "change")


def _cancels_which(_: Draft, draft: Draft, event: moves.CancelsWhich) -> Outcome:
    return _pick(over(draft), event.visits, "cancel")


def _pick(draft: Draft, visits: tuple[Visit, ...], purpose: str) -> Outcome:
    options = tuple(Choice(date=visit.date, time=visit.time) for visit in visits)
    picks = tuple(visit.id for visit in visits)
    update = {"options": options, "picks": picks, "purpose": purpose}
    draft = draft.model_copy(update=update)
    return draft, open_question(draft)


def _cancels_one(_: Draft, draft: Draft, event: moves.CancelsOne | moves.PicksToCancel) -> Outcome:
    visit = event.visit
    draft = Draft(
        step=draft.step,
        target_id=visit.id,
        party_size=visit.party_size,
        date=visit.date,
        time=visit.time,
    )
    return draft, recalled(draft)


def _finds_nothing(_: Draft, draft: Draft, __: Event) -> Outcome:
    return draft, [Say("nothing_booked"), *recalled(draft)]


def _looks_up(_: Draft, draft: Draft, event: moves.LooksUp) -> Outcome:
    is_shown = draft.step in {Step.CHOOSING, Step.CONFIRMING}  # what it may be that is meant
    waits = waited_for(event.entries, spare=1 if event.visits else 0)
    found = [*expected(event.visits), *waits]
    nothing = [] if found or is_shown else [Say("nothing_booked")]
    return draft, [*found, *nothing, *recalled(draft)]


def _waits(was: Draft, draft: Draft, event: moves.Waits) -> Outcome:
    """Let a guest wait for what was just refused, or for what the message names."""
    if was.step in _CAN_BE_HAD and event.reading.time is None:
        draft = draft.model_copy(update={"time": None})
    draft = overlaid(draft.model_copy(update={"target_id": None}), event.reading)
    return _look(draft, event.reading)


def _leaves_list(_: Draft, draft: Draft, event: moves.LeavesList) -> Outcome:
    done: list[Action] = []
    for entry in event.entries:
        done += [actions.StopWaiting(entry.id), Say("left_list", window(entry))]
    return draft, [*(done or [Say("not_waiting")]), *recalled(draft)]


def _is_late(_: Draft, draft: Draft, event: moves.IsLate) -> Outcome:
    if event.visit is None:
        others = expected(event.others)
        nothing = Say("nothing_today" if others else "nothing_booked")
        told = (actions.Alert("late_unknown"), Say("late_passed_on"))
        return draft, [nothing, *told, *others, *recalled(draft)]
    told = (actions.Alert("late", facts(event.visit)), Say("late_noted"))
    return draft, [actions.NoteLate(event.visit.id), *told, *recalled(draft)]


def _asks(_: Draft, draft: Draft, event: moves.Asks) -> Outcome:
    if event.topic is Topic.HOURS and event.date is not None:
        return draft, [actions.LookUpHours(event.date, event.beside)]
    question = open_question(draft) if event.beside else recalled(draft)
    return draft, [Say(f"answer_{event.topic}"), *question]


def _speaks(_: Draft, draft: Draft, __: moves.Speaks) -> Outcome:
    return draft, [Say("language_chosen"), *(recalled(draft) or [Say("what_now")])]


def _greets(_: Draft, draft: Draft, __: moves.Greets) -> Outcome:
    return draft, recalled(draft) or [Say("greeting")]


def _thanks(was: Draft, draft: Draft, __: moves.Thanks) -> Outcome:
    if draft.step is Step.NAMING:
        return _still_unnamed(was, draft)
    return draft, [Say("welcome"), *recalled(draft)]


def _doubts(_: Draft, draft: Draft, event: moves.Doubts) -> Outcome:
    doubted = draft.model_copy(update={"number": event.number})
    values = {"number": event.number, "party_size": event.number}
    return doubted, [Say("doubt", values)]


def _unclear(_: Draft, draft: Draft, __: moves.Unclear) -> Outcome:
    tries = draft.tries + 1
    again = draft.model_copy(update={"tries": tries})
    asks = {Step.ASKING, Step.WAITLISTING}
    yes_or_no = draft.step not in {Step.IDLE, *asks, Step.HANDED_OVER}
    helps = () if yes_or_no else _HELPS[tries]
    person = () if tries == 1 else ("person",)
    said = [Say(key) for key in (f"unclear_{tries}", *helps, *person)]
    return again, [*said, *recalled(draft)]


def _stale(_: Draft, draft: Draft, __: moves.Stale) -> Outcome:
    return draft, [Say("stale"), *(recalled(draft) or [Say("ready")])]


def _gives_up(_: Draft, draft: Draft, __: moves.GivesUp) -> Outcome:
    return over(draft), [actions.Alert("unclear"), Say("handed_over_unclear")]


def _wants_person(_: Draft, draft: Draft, event: moves.WantsPerson) -> Outcome:
    kind, said = ("unclear", "handed_over_unclear") if event.unclear else ("human", "handed_over")
    return draft, [actions.Alert(kind), Say(said), *recalled(draft)]


def _stops(was: Draft, draft: Draft, __: moves.Stops) -> Outcome:
    return over(draft), [*_released(was), actions.Silence(), Say("stopped")]


def _starts_over(was: Draft, draft: Draft, __: moves.StartsOver) -> Outcome:
    return over(draft), [*_released(was), Say("restarted")]


RESPONSES: dict[type[Event], Response] = {
    moves.Told: _told,
    moves.Chose: _chose,
    moves.Agreed: _agreed,
    moves.Declined: _declined,
    moves.Named: _named,
    moves.Noted: _noted,
    moves.ChangesOne: _changes_one,
    moves.ChangesWhich: _changes_which,
    moves.CancelsOne: _cancels_one,
    moves.CancelsWhich: _cancels_which,
    moves.CancelsDraft: _cancels_draft,
    moves.DeclinesOthers: _declines_others,
    moves.Content: _content,
    moves.PutsOff: _puts_off,
    moves.SeeksOthers: _seeks_others,
    moves.WantsMore: _wants_more,
    moves.FindsNothing: _finds_nothing,
    moves.PicksToChange: _picks_to_change,
    moves.PicksToCancel: _cancels_one,
    moves.LooksUp: _looks_up,
    moves.Waits: _waits,
    moves.LeavesList: _leaves_list,
    moves.IsLate: _is_late,
    moves.Asks: _asks,
    moves.Speaks: _speaks,
    moves.WantsPerson: _wants_person,
    moves.Stops: _stops,
    moves.StartsOver: _starts_over,
    moves.Greets: _greets,
    moves.Thanks: _thanks,
    moves.Doubts: _doubts,
    moves.Unclear: _unclear,
    moves.GivesUp: _gives_up,
    moves.Stale: _stale,
    **OUTCOMES,
}
