"""What the bot says and does when the book has answered; see `responses.py`."""

from collections.abc import Callable
from typing import Any

from booking.errors import Reason
from conversations import actions, moves
from conversations.actions import Action, Say
from conversations.draft import Draft, Step
from conversations.drafts import over
from conversations.moves import Event
from conversations.questions import (
    facts,
    house,
    missing,
    open_question,
    recalled,
    still_held,
    summary,
)
from conversations.reading import Known
from conversations.waits import window

Outcome = tuple[Draft, list[Action]]
Response = Callable[[Draft, Draft, Any], Outcome]

#: What is refused for these reasons may still come free.
WAITED_FOR = (Reason.NO_TABLE, Reason.PACING, Reason.PAUSED, Reason.SMALL_PARTIES)
#: What a refusal leaves open, so that the guest is asked for it again.
REOPENS: dict[Reason, tuple[str, ...]] = {
    Reason.TOO_LARGE: ("party_size",),
    Reason.OUTSIDE_HOURS: ("time",),
    Reason.BETWEEN_SLOTS: ("time",),
    **dict.fromkeys(WAITED_FOR, ()),  # who would rather wait need not say it again
}
_DATE_AND_TIME = ("date", "time")


def _held(_: Draft, draft: Draft, event: moves.Held) -> Outcome:
    visit = event.visit
    update = {
        "party_size": visit.party_size,
        "date": visit.date,
        "time": visit.time,
        "time_to": None,
        "request": visit.request,
        "hold_id": visit.id,
        "asks_staff": event.asks_staff,
        "can_wait": False,
    }
    draft = draft.model_copy(update=update)
    second = _second_visit(event.second)
    lucky = [Say("after_all", spare=1)] if event.after_all else []
    held = Say("still_held" if event.beside else "held", facts(visit))
    return draft, [*lucky, held, *second, *open_question(draft)]


def _second_visit(visit: moves.Visit | None) -> list[Say]:
    """Ask about a second visit at one time, rather than take it blindly."""
    return [Say("second_visit", facts(visit))] if visit else []


def _joined(was: Draft, draft: Draft, event: moves.Joined) -> Outcome:
    wanted = window(event.entry)
    said = [
        Say("waiting", wanted),
        Say("waiting_for", {"minutes": event.minutes}, spare=1),
        Say("waiting_until", spare=2),
    ]
    shown = [] if was.hold_id is None else [actions.Recall(was.hold_id, beside=True)]
    return over(draft), [actions.Alert("waitlist", wanted), *said, *shown]


def _fits(_: Draft, draft: Draft, event: moves.Fits) -> Outcome:
    return draft, missing(draft, event.days)


def _offered(_: Draft, draft: Draft, event: moves.Offered) -> Outcome:
    can_wait = _can_wait(draft, event)
    draft = draft.model_copy(update={"options": event.options, "can_wait": can_wait})
    reason = Say(f"refused_{event.reason}", {**summary(draft), **event.fields})
    asked = [*still_held(event.held), *open_question(draft)]
    return draft, [reason, *asked, *_or_wait(draft)]


def _can_wait(draft: Draft, event: moves.Offered | moves.Refused) -> bool:
    """Tell whether what was refused may come free; a visit that there is goes on as it was."""
    may_come_free = event.reason in WAITED_FOR and not event.fields.get("is_lasting")
    return may_come_free and draft.target_id is None and draft.is_complete


def _or_wait(draft: Draft) -> list[Action]:
    return [Say("or_wait", spare=1)] if draft.can_wait else []


def _refused(_: Draft, draft: Draft, event: moves.Refused) -> Outcome:
    reason = Say(f"refused_{event.reason}", {**summary(draft), **event.fields})
    opened = dict.fromkeys(REOPENS.get(event.reason, _DATE_AND_TIME))
    can_wait = _can_wait(draft, event)
    draft = draft.model_copy(update={**opened, "can_wait": can_wait})
    return draft, [reason, *still_held(event.held), Say("call_us"), *_or_wait(draft)]


def _needs_approval(_: Draft, draft: Draft, __: moves.NeedsApproval) -> Outcome:
    alert = actions.Alert("needs_approval", summary(draft))
    return over(draft), [alert, Say("refused_needs_approval", summary(draft))]


def _booked(_: Draft, draft: Draft, event: moves.Booked | moves.BookedUnnamed) -> Outcome:
    visit = event.visit
    said = Say("requested" if visit.is_requested else "booked", facts(visit))
    draft = Draft(step=draft.step, last_id=visit.id)
    return draft, [said, *house(), *open_question(draft)]


def _proposed(_: Draft, draft: Draft, event: moves.Proposed) -> Outcome:
    wish = event.wish
    update = {"party_size": wish.party_size, "date": wish.date, "time": wish.time, "time_to": None}
    draft = draft.model_copy(update=update)
    values = {**summary(draft), "old": facts(event.visit)}
    return draft, [Say("proposed", values), *_second_visit(event.second), *open_question(draft)]


def _unchanged(_: Draft, draft: Draft, event: moves.Unchanged) -> Outcome:
    return draft, [Say("known", facts(event.visit)), Say("ask_change")]


def _changed(_: Draft, draft: Draft, event: moves.Changed) -> Outcome:
    visit = event.visit
    said = Say("changed_requested" if visit.is_requested else "changed", facts(visit))
    return Draft(step=draft.step, last_id=visit.id), [said]


def _cancelled(_: Draft, draft: Draft, event: moves.Cancelled) -> Outcome:
    return Draft(step=draft.step), [Say("cancelled", facts(event.visit))]


def _found_others(_: Draft, draft: Draft, event: moves.FoundOthers) -> Outcome:
    draft = draft.model_copy(update={"options": event.options, "time_to": None})
    return draft, [Say("others", {"date": event.options[0].date}), *open_question(draft)]


def _found_no_others(_: Draft, draft: Draft, event: moves.FoundNoOthers) -> Outcome:
    said = Say(f"none_{event.side}", {"date": event.wish.date, "time": event.wish.time})
    about = draft.step in {Step.ASKING, Step.CHOOSING, Step.CONFIRMING, Step.CHANGING}
    return draft if about else over(draft), [said, *recalled(draft)]


def _opens(_: Draft, draft: Draft, event: moves.Opens) -> Outcome:
    key = "answer_hours_on" if event.spans else "refused_closed"
    said = Say(key, {"date": event.date, "spans": event.spans})
    question = open_question(draft) if event.beside else recalled(draft)
    if event.spans and draft.step is Step.IDLE and draft.known == Known():
        draft = draft.model_copy(update={"date": event.date})  # "then a table for two at one"
    return draft, [said, *question]


def _too_late(_: Draft, draft: Draft, event: moves.TooLate) -> Outcome:
    alert = actions.Alert("too_late", facts(event.visit))
    return over(draft), [alert, Say("too_late")]


def _gone(_: Draft, draft: Draft, __: moves.Gone) -> Outcome:
    return over(draft), [Say("gone")]


OUTCOMES: dict[type[Event], Response] = {
    moves.FoundOthers: _found_others,
    moves.FoundNoOthers: _found_no_others,
    moves.Opens: _opens,
    moves.Held: _held,
    moves.Joined: _joined,
    moves.Fits: _fits,
    moves.Offered: _offered,
    moves.Refused: _refused,
    moves.NeedsApproval: _needs_approval,
    moves.Booked: _booked,
    moves.BookedUnnamed: _booked,
    moves.Proposed: _proposed,
    moves.Unchanged: _unchanged,
    moves.Changed: _changed,
    moves.Cancelled: _cancelled,
    moves.TooLate: _too_late,
    moves.Gone: _gone,
}
