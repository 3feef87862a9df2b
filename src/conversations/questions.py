"""What is said again and again: the open question, what is known, what a guest is expected for."""

import datetime as dt
from typing import Any

from conversations.actions import Action, Say
from conversations.draft import Draft, Step
from conversations.moves import Visit


def open_question(draft: Draft) -> list[Action]:
    """The question that waits for an answer; nothing when none does."""
    match draft.step:
        case Step.ASKING | Step.WAITLISTING if draft.missing():
            return [Say("ask", {"slots": draft.missing()})]
        case Step.ASKING | Step.WAITLISTING:
            return [Say("ask_change")]
        case Step.CHOOSING:
            return [Say("options", {"options": draft.options})]
        case Step.PICKING:
            return [Say("which", {"options": draft.options, "with_date": True})]
        case Step.CONFIRMING | Step.CHANGING | Step.CANCELLING | Step.NAMING:
            asks_staff = draft.step is Step.CONFIRMING and draft.asks_staff
            requesting = Say("question_requesting", {"party_size": draft.party_size})
            return [requesting if asks_staff else Say(f"question_{draft.step}")]
        case _:
            return []


def recalled(draft: Draft) -> list[Action]:
    """The open question again, after a digression, with what it is about."""
    about = draft.step in {Step.CONFIRMING, Step.CHANGING, Step.CANCELLING}
    return [*([Say("known", summary(draft))] if about else []), *open_question(draft)]


def still_held(visit: Visit | None) -> list[Action]:
    """What goes on being held while something else is wished for."""
    return [Say("still_held", facts(visit))] if visit else []


def missing(draft: Draft, days: tuple[dt.date, dt.date] | None) -> list[Action]:
    """What is known, and the question for what is missing."""
    known: list[Action] = [Say("known", summary(draft))] if summary(draft) else []
    return [*known, *([Say("ask_day", {"days": days})] if days else open_question(draft))]


def house(*, how_to_change: bool = True) -> list[Say]:
    """Where a guest is expected and how to change that; least important first to be left out."""
    reach = [Say("house_address", spare=3), Say("house_phone", spare=2)]
    return [*reach, *([Say("how_to_change", spare=1)] if how_to_change else [])]


def expected(visits: tuple[Visit, ...]) -> list[Action]:
    """What a guest is expected for, and what the staff have yet to decide."""
    keys = {True: "visit_requested", False: "visit"}
    return [Say(keys[visit.is_requested], facts(visit)) for visit in visits]


def summary(draft: Draft) -> dict[str, Any]:
    """What a sentence needs of what is known."""
    slots = {"party_size": draft.party_size, "date": draft.date, "time": draft.time}
    return {key: value for key, value in slots.items() if value is not None}


def facts(visit: Visit) -> dict[str, Any]:
    """What a sentence needs of a visit."""
    return {
        "party_size": visit.party_size,
        "date": visit.date,
        "time": visit.time,
        "request": visit.request,
        "code": visit.code,
        "until": visit.until,
    }
