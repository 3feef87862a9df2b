"""What the bot says and does at each event of the dialogue.

A response gets the draft as it was, the draft with its new step, and the event; it fills in the
draft and lists the actions. It never changes the step: that is the table's (`dialogue.py`).
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from booking.availability import Wish
from booking.errors import Reason
from conversations import actions, moves
from conversations.actions import Action, Say
from conversations.draft import Choice, Draft, Step
from conversations.moves import Event, Visit
from conversations.reading import Reading, Topic

Outcome = tuple[Draft, list[Action]]
Response = Callable[[Draft, Draft, Any], Outcome]

#: What a refusal leaves open, so that the guest is asked for it again.
REOPENS: dict[Reason, tuple[str, ...]] = {
    Reason.TOO_LARGE: ("party_size",),
    Reason.OUTSIDE_HOURS: ("time",),
    Reason.BETWEEN_SLOTS: ("time",),
    Reason.NEEDS_APPROVAL: ("party_size",),
}
_DATE_AND_TIME = ("date", "time")
#: How a guest who was not understood is helped, at the first try and at the second.
_HELPS: dict[int, tuple[str, ...]] = {1: ("hint",), 2: ("example",)}


def open_question(draft: Draft) -> list[Action]:
    """The question that waits for an answer; nothing when none does."""
    match draft.step:
        case Step.ASKING if draft.missing():
            return [Say("ask", {"slots": draft.missing()})]
        case Step.ASKING:
            return [Say("ask_change")]
        case Step.CHOOSING:
            return [Say("options", {"options": draft.options})]
        case Step.PICKING:
            return [Say("which", {"options": draft.options, "with_date": True})]
        case Step.CONFIRMING | Step.CHANGING | Step.CANCELLING | Step.NAMING:
            return [Say(f"question_{draft.step}")]
        case _:
            return []


def recalled(draft: Draft) -> list[Action]:
    """The open question again, after a digression, with what it is about."""
    about = draft.step in {Step.CONFIRMING, Step.CHANGING, Step.CANCELLING}
    return [*([Say("known", _summary(draft))] if about else []), *open_question(draft)]


def _told(was: Draft, draft: Draft, event: moves.Told) -> Outcome:
    other = draft.target_id is not None or was.step is Step.IDLE
    if event.reading.explicit and other:
        draft = _over(draft)  # a new booking, not the change or the wish that was talked about
    return _look(_overlaid(draft, event.reading), event.reading)


def _look(draft: Draft, reading: Reading | None = None) -> Outcome:
    """Ask for what is missing, or see whether the wish can be had."""
    if not draft.is_complete:
        days = reading.days if reading and draft.date is None else None
        if draft.party_size is not None:
            return draft, [actions.CheckSize(draft.party_size, days)]
        return draft, _missing(draft, days)
    wish = _wish(draft)
    if draft.target_id is not None:
        return draft, [actions.Propose(draft.target_id, wish)]
    return draft, [actions.Hold(wish, draft.request, draft.hold_id)]


def _missing(draft: Draft, days: tuple[dt.date, dt.date] | None) -> list[Action]:
    """What is known, and the question for what is missing."""
    known: list[Action] = [Say("known", _summary(draft))] if _summary(draft) else []
    return [*known, *([Say("ask_day", {"days": days})] if days else open_question(draft))]


def _fits(_: Draft, draft: Draft, event: moves.Fits) -> Outcome:
    return draft, _missing(draft, event.days)


def _chose(_: Draft, draft: Draft, event: moves.Chose) -> Outcome:
    choice = draft.options[event.number - 1]
    slots = {"date": choice.date, "time": choice.time, "time_to": None, "options": ()}
    return _look(draft.model_copy(update=slots))


def _agreed(was: Draft, draft: Draft, event: moves.Agreed) -> Outcome:
    match was.step:
        case Step.CONFIRMING if was.hold_id is not None:
            return draft, [actions.Confirm(was.hold_id, event.request)]
        case Step.CHANGING if was.target_id is not None:
            request = _joined(was.request, event.request)
            return draft, [actions.Amend(was.target_id, _wish(was), request)]
        case Step.CANCELLING if was.target_id is not None:
            return draft, [actions.Cancel(was.target_id)]
        case Step.NAMING:
            return _over(draft), [Say("welcome")]
        case Step.CHOOSING:
            wished = draft.model_copy(update={"request": _joined(was.request, event.request)})
            return wished, [Say("which", {"options": draft.options})]
        case _:
            return draft, open_question(draft) or [Say("ready")]


def _declined(was: Draft, draft: Draft, _: Event) -> Outcome:
    release: list[Action] = [] if was.hold_id is None else [actions.Release(was.hold_id)]
    if was.step is Step.NAMING:
        return _over(draft), [Say("welcome")]
    if was.step in {Step.IDLE, Step.HANDED_OVER}:
        return draft, [Say("ready")]
    if was.target_id is not None or was.step is Step.PICKING:
        return _over(draft), [*release, Say("kept")]
    wish = {"party_size", "date", "time", "request", "last_id"}  # it may go on: "at 9, then?"
    return Draft(step=draft.step, **draft.model_dump(include=wish)), [*release, Say("released")]


def _cancels_draft(was: Draft, draft: Draft, event: moves.CancelsDraft) -> Outcome:
    draft, done = _declined(was, draft, event)
    if event.visits and was.target_id is None:
        done = [*done, *_expected(event.visits)]
    return draft, done


def _declines_others(_: Draft, draft: Draft, event: moves.DeclinesOthers) -> Outcome:
    return draft, [actions.Recall(event.hold_id)]


def _content(_: Draft, draft: Draft, event: moves.Content) -> Outcome:
    return draft, _expected(event.visits) if event.agrees else [Say("kept")]


def _puts_off(_: Draft, draft: Draft, __: moves.PutsOff) -> Outcome:
    question = recalled(draft)
    return draft, [Say("patient"), *question] if question else [Say("ready")]


def _wants_more(_: Draft, draft: Draft, __: moves.WantsMore) -> Outcome:
    return draft, [Say("one_by_one"), *recalled(draft)]


def _seeks_others(was: Draft, draft: Draft, event: moves.SeeksOthers) -> Outcome:
    if event.visit is not None:
        draft = _aimed(draft, event.visit, Draft())
    but = was.hold_id if event.visit is None else event.visit.id
    return draft, [actions.SeekOthers(_wish(draft), event.side, but or draft.target_id)]


def _found_others(_: Draft, draft: Draft, event: moves.FoundOthers) -> Outcome:
    draft = draft.model_copy(update={"options": event.options, "time_to": None})
    return draft, [Say("others", {"date": event.options[0].date}), *open_question(draft)]


def _found_no_others(_: Draft, draft: Draft, event: moves.FoundNoOthers) -> Outcome:
    said = Say(f"none_{event.side}", {"date": event.wish.date, "time": event.wish.time})
    about = draft.step in {Step.ASKING, Step.CHOOSING, Step.CONFIRMING, Step.CHANGING}
    return draft if about else _over(draft), [said, *recalled(draft)]


def _named(_: Draft, draft: Draft, event: moves.Named) -> Outcome:
    said = Say("named", {"name": event.name})
    return draft, [actions.Rename(event.name), said, *recalled(draft)]


def _noted(_: Draft, draft: Draft, event: moves.Noted) -> Outcome:
    note = actions.Note(event.visit.id, event.request)
    return draft, [note, Say("noted", {"request": event.request}), *recalled(draft)]


def _changes_one(was: Draft, draft: Draft, event: moves.ChangesOne) -> Outcome:
    release: list[Action] = [] if was.hold_id is None else [actions.Release(was.hold_id)]
    draft, change = _change(draft, event.visit, _overlaid(Draft(), event.reading))
    return draft, [*release, *change]


def _picks_to_change(was: Draft, draft: Draft, event: moves.PicksToChange) -> Outcome:
    return _change(draft, event.visit, was)


def _change(draft: Draft, visit: Visit, wanted: Draft) -> Outcome:
    """Begin to change a visit: into what is wanted, or asking what that is."""
    draft = _aimed(draft, visit, wanted)
    if _wish(draft) == Wish(party_size=visit.party_size, date=visit.date, time=visit.time):
        return draft, [Say("known", _of(visit)), Say("ask_change")]
    return _look(draft)


def _aimed(draft: Draft, visit: Visit, wanted: Draft) -> Draft:
    """A draft of a change of this visit, which stays as it is where nothing else is wanted."""
    return Draft(
        step=draft.step,
        target_id=visit.id,
        last_id=visit.id,
        party_size=wanted.party_size or visit.party_size,
        date=wanted.date or visit.date,
        time=wanted.time or visit.time,
        time_to=wanted.time_to,
        request=wanted.request,
    )


def _changes_which(_: Draft, draft: Draft, event: moves.ChangesWhich) -> Outcome:
    return _pick(_overlaid(_over(draft), event.reading), event.visits, "change")


def _cancels_which(_: Draft, draft: Draft, event: moves.CancelsWhich) -> Outcome:
    return _pick(_over(draft), event.visits, "cancel")


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
    found = _expected(event.visits)
    question = recalled(draft)
    if not found and not question:
        return draft, [Say("nothing_booked")]
    return draft, [*found, *question]


def _waits(_: Draft, draft: Draft, event: moves.Waits) -> Outcome:
    wanted = _summary(_overlaid(draft, event.reading))
    alert = actions.Alert("waitlist", wanted)
    return draft, [alert, Say("waitlist_noted"), *recalled(draft)]


def _is_late(_: Draft, draft: Draft, event: moves.IsLate) -> Outcome:
    if event.visit is None:
        others = _expected(event.others)
        nothing = Say("nothing_today" if others else "nothing_booked")
        told = (actions.Alert("late_unknown"), Say("late_passed_on"))
        return draft, [nothing, *told, *others, *recalled(draft)]
    return draft, [actions.NoteLate(event.visit.id), Say("late_noted"), *recalled(draft)]


def _asks(_: Draft, draft: Draft, event: moves.Asks) -> Outcome:
    if event.topic is Topic.HOURS and event.date is not None:
        return draft, [actions.LookUpHours(event.date, event.beside)]
    question = open_question(draft) if event.beside else recalled(draft)
    return draft, [Say(f"answer_{event.topic}"), *question]


def _opens(_: Draft, draft: Draft, event: moves.Opens) -> Outcome:
    key = "answer_hours_on" if event.spans else "refused_closed"
    said = Say(key, {"date": event.date, "spans": event.spans})
    question = open_question(draft) if event.beside else recalled(draft)
    return draft, [said, *question]


def _greets(_: Draft, draft: Draft, __: moves.Greets) -> Outcome:
    return draft, recalled(draft) or [Say("greeting")]


def _thanks(_: Draft, draft: Draft, __: moves.Thanks) -> Outcome:
    return draft, [Say("welcome"), *recalled(draft)]


def _doubts(_: Draft, draft: Draft, event: moves.Doubts) -> Outcome:
    doubted = draft.model_copy(update={"number": event.number})
    values = {"number": event.number, "party_size": event.number}
    return doubted, [Say("doubt", values)]


def _unclear(_: Draft, draft: Draft, __: moves.Unclear) -> Outcome:
    tries = draft.tries + 1
    again = draft.model_copy(update={"tries": tries})
    yes_or_no = draft.step not in {Step.IDLE, Step.ASKING, Step.HANDED_OVER}
    helps = () if yes_or_no else _HELPS[tries]
    person = () if tries == 1 else ("person",)
    said = [Say(key) for key in (f"unclear_{tries}", *helps, *person)]
    return again, [*said, *recalled(draft)]


def _stale(_: Draft, draft: Draft, __: moves.Stale) -> Outcome:
    return draft, [Say("stale"), *(recalled(draft) or [Say("ready")])]


def _gives_up(_: Draft, draft: Draft, __: moves.GivesUp) -> Outcome:
    return _over(draft), [actions.Alert("unclear"), Say("handed_over_unclear")]


def _wants_person(_: Draft, draft: Draft, __: moves.WantsPerson) -> Outcome:
    return _over(draft), [actions.Alert("human"), Say("handed_over")]


def _stops(was: Draft, draft: Draft, __: moves.Stops) -> Outcome:
    release: list[Action] = [] if was.hold_id is None else [actions.Release(was.hold_id)]
    return _over(draft), [*release, actions.Silence(), Say("stopped")]


def _starts_over(was: Draft, draft: Draft, __: moves.StartsOver) -> Outcome:
    release: list[Action] = [] if was.hold_id is None else [actions.Release(was.hold_id)]
    return _over(draft), [*release, Say("restarted")]


def _held(_: Draft, draft: Draft, event: moves.Held) -> Outcome:
    visit = event.visit
    update = {
        "party_size": visit.party_size,
        "date": visit.date,
        "time": visit.time,
        "time_to": None,
        "request": visit.request,
        "hold_id": visit.id,
        "options": (),
    }
    draft = draft.model_copy(update=update)
    return draft, [Say("held", _of(visit)), *open_question(draft)]


def _offered(_: Draft, draft: Draft, event: moves.Offered) -> Outcome:
    draft = draft.model_copy(update={"options": event.options, "time_to": None})
    reason = Say(f"refused_{event.reason}", {**_summary(draft), **event.fields})
    return draft, [reason, *open_question(draft)]


def _refused(_: Draft, draft: Draft, event: moves.Refused) -> Outcome:
    reason = Say(f"refused_{event.reason}", {**_summary(draft), **event.fields})
    alerts = event.reason is Reason.NEEDS_APPROVAL
    alert = [actions.Alert("needs_approval", _summary(draft))] if alerts else []
    opened = dict.fromkeys(REOPENS.get(event.reason, _DATE_AND_TIME))
    return draft.model_copy(update={**opened, "time_to": None}), [*alert, reason, Say("call_us")]


def _booked(_: Draft, draft: Draft, event: moves.Booked | moves.BookedUnnamed) -> Outcome:
    visit = event.visit
    said = Say("requested" if visit.is_requested else "booked", _of(visit))
    draft = Draft(step=draft.step, last_id=visit.id)
    return draft, [said, *open_question(draft)]


def _proposed(_: Draft, draft: Draft, event: moves.Proposed) -> Outcome:
    wish = event.wish
    update = {"party_size": wish.party_size, "date": wish.date, "time": wish.time, "time_to": None}
    draft = draft.model_copy(update=update)
    values = {**_summary(draft), "old": _of(event.visit)}
    return draft, [Say("proposed", values), *open_question(draft)]


def _unchanged(_: Draft, draft: Draft, event: moves.Unchanged) -> Outcome:
    return draft, [Say("known", _of(event.visit)), Say("ask_change")]


def _changed(_: Draft, draft: Draft, event: moves.Changed) -> Outcome:
    visit = event.visit
    said = Say("changed_requested" if visit.is_requested else "changed", _of(visit))
    return Draft(step=draft.step, last_id=visit.id), [said]


def _cancelled(_: Draft, draft: Draft, event: moves.Cancelled) -> Outcome:
    return Draft(step=draft.step), [Say("cancelled", _of(event.visit))]


def _too_late(_: Draft, draft: Draft, event: moves.TooLate) -> Outcome:
    alert = actions.Alert("too_late", _of(event.visit))
    return _over(draft), [alert, Say("too_late")]


def _gone(_: Draft, draft: Draft, __: moves.Gone) -> Outcome:
    return _over(draft), [Say("gone")]


def _expected(visits: tuple[Visit, ...]) -> list[Action]:
    """What a guest is expected for, and what the staff have yet to decide."""
    keys = {True: "visit_requested", False: "visit"}
    return [Say(keys[visit.is_requested], _of(visit)) for visit in visits]


def _over(draft: Draft) -> Draft:
    """Forget what was talked about, but not which visit it was last about."""
    return Draft(step=draft.step, last_id=draft.last_id)


def _overlaid(draft: Draft, reading: Reading) -> Draft:
    """What is known, with what a message states laid over it."""
    stated = {
        "party_size": reading.party_size,
        "date": reading.date,
        "time": reading.time,
        "request": _joined(draft.request, reading.request),
    }
    new: dict[str, Any] = {key: value for key, value in stated.items() if value is not None}
    if reading.time is not None:
        new["time_to"] = reading.time_to
    return draft.model_copy(update=new)


def _joined(known: str | None, new: str | None) -> str | None:
    if known is None or new is None or new in known:
        return known or new
    return f"{known}; {new}"


def _wish(draft: Draft) -> Wish:
    if draft.party_size is None or draft.date is None or draft.time is None:
        raise ValueError(f"{draft.missing()} is not known yet")
    return Wish(
        party_size=draft.party_size, date=draft.date, time=draft.time, time_to=draft.time_to
    )


def _summary(draft: Draft) -> dict[str, Any]:
    slots = {"party_size": draft.party_size, "date": draft.date, "time": draft.time}
    return {key: value for key, value in slots.items() if value is not None}


def _of(visit: Visit) -> dict[str, Any]:
    return {
        "party_size": visit.party_size,
        "date": visit.date,
        "time": visit.time,
        "request": visit.request,
        "code": visit.code,
        "until": visit.until,
    }


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
    moves.FoundOthers: _found_others,
    moves.FoundNoOthers: _found_no_others,
    moves.FindsNothing: _finds_nothing,
    moves.PicksToChange: _picks_to_change,
    moves.PicksToCancel: _cancels_one,
    moves.LooksUp: _looks_up,
    moves.Waits: _waits,
    moves.IsLate: _is_late,
    moves.Asks: _asks,
    moves.Opens: _opens,
    moves.WantsPerson: _wants_person,
    moves.Stops: _stops,
    moves.StartsOver: _starts_over,
    moves.Greets: _greets,
    moves.Thanks: _thanks,
    moves.Doubts: _doubts,
    moves.Unclear: _unclear,
    moves.GivesUp: _gives_up,
    moves.Stale: _stale,
    moves.Held: _held,
    moves.Fits: _fits,
    moves.Offered: _offered,
    moves.Refused: _refused,
    moves.Booked: _booked,
    moves.BookedUnnamed: _booked,
    moves.Proposed: _proposed,
    moves.Unchanged: _unchanged,
    moves.Changed: _changed,
    moves.Cancelled: _cancelled,
    moves.TooLate: _too_late,
    moves.Gone: _gone,
}
