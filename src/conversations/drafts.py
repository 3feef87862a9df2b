"""What becomes of a draft: details laid over it, aimed at a visit, forgotten."""

from typing import Any

from booking.rules import Wish
from conversations.draft import Draft
from conversations.moves import Visit
from conversations.reading import Reading


def over(draft: Draft) -> Draft:
    """Forget what was talked about, but not which visit it was last about."""
    return Draft(step=draft.step, last_id=draft.last_id)


def overlaid(draft: Draft, reading: Reading) -> Draft:
    """What is known, with what a message states laid over it."""
    stated = {
        "party_size": reading.party_size,
        "date": reading.date,
        "time": reading.time,
        "request": joined(draft.request, reading.request),
    }
    new: dict[str, Any] = {key: value for key, value in stated.items() if value is not None}
    if reading.time is not None:
        new["time_to"] = reading.time_to
    if {"party_size", "date", "time"} & new.keys():
        new["options"] = ()  # they were for another wish
    return draft.model_copy(update=new)


def joined(known: str | None, new: str | None) -> str | None:
    """Two requests as one, each said once."""
    if known is None or new is None or new in known:
        return known or new
    return f"{known}; {new}"


def wish_of(draft: Draft) -> Wish:
    """The wish of a draft that is complete.

    Raises:
        ValueError: it is not.

    """
    if draft.party_size is None or draft.date is None or draft.time is None:
        raise ValueError(f"{draft.missing()} is not known yet")
    return Wish(
        party_size=draft.party_size, date=draft.date, time=draft.time, time_to=draft.time_to
    )


def aimed(draft: Draft, visit: Visit, wanted: Draft) -> Draft:
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
