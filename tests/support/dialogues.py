"""Every event and every step of the dialogue, with a value for whatever they carry."""

import datetime as dt
from dataclasses import fields
from typing import Any

from booking.errors import Reason
from booking.rules import Wish
from conversations import moves
from conversations.draft import Choice, Draft, Step
from conversations.moves import Event, Visit
from conversations.reading import Intent, Reading, Side, Topic
from conversations.waits import Waiting

FRIDAY = dt.date(2026, 11, 20)
EIGHT = dt.time(20)
VISIT = Visit(id=7, code="K7F2", party_size=2, date=FRIDAY, time=EIGHT, until=dt.time(12, 5))
WISH = Wish(party_size=2, date=FRIDAY, time=EIGHT)
CHOICE = Choice(date=FRIDAY, time=EIGHT)
WAITING = Waiting(id=8, party_size=2, date=FRIDAY, time=dt.time(19), time_to=dt.time(21))
READING = Reading(intent=Intent.BOOK, language="en", party_size=4)

#: A value for every field that an event may have.
VALUES: dict[str, Any] = {
    "reading": READING,
    "number": 1,
    "name": "Anna",
    "visit": VISIT,
    "visits": (VISIT, VISIT),
    "request": "a pram",
    "topic": Topic.HOURS,
    "reason": Reason.NO_TABLE,
    "second": VISIT,
    "fields": {},
    "options": (CHOICE,),
    "wish": WISH,
    "days": None,
    "unclear": False,
    "asks_staff": True,
    "spans": ((EIGHT, EIGHT),),
    "date": FRIDAY,
    "side": Side.LATER,
    "agrees": True,
    "beside": False,
    "others": (VISIT,),
    "hold_id": 7,
    "held": VISIT,
    "after_all": True,
    "entry": WAITING,
    "entries": (WAITING,),
    "minutes": 15,
}
EVENTS = [
    kind
    for kind in vars(moves).values()
    if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event
]
#: A draft as it may stand in each step.
DRAFTS = {
    Step.IDLE: Draft(),
    Step.ASKING: Draft(step=Step.ASKING, party_size=2),
    Step.WAITLISTING: Draft(step=Step.WAITLISTING, party_size=2),
    Step.CHOOSING: Draft(
        step=Step.CHOOSING, party_size=2, date=FRIDAY, time=EIGHT, options=(CHOICE, CHOICE)
    ),
    Step.CONFIRMING: Draft(
        step=Step.CONFIRMING,
        party_size=2,
        date=FRIDAY,
        time=EIGHT,
        hold_id=7,
        options=(CHOICE,),
    ),
    Step.NAMING: Draft(step=Step.NAMING, last_id=7),
    Step.PICKING: Draft(
        step=Step.PICKING, options=(CHOICE, CHOICE), picks=(7, 8), purpose="change"
    ),
    Step.CHANGING: Draft(
        step=Step.CHANGING,
        party_size=2,
        date=FRIDAY,
        time=EIGHT,
        target_id=7,
        options=(CHOICE,),
    ),
    Step.CANCELLING: Draft(
        step=Step.CANCELLING, party_size=2, date=FRIDAY, time=EIGHT, target_id=7
    ),
    Step.HANDED_OVER: Draft(step=Step.HANDED_OVER),
}


def event(kind: type[Event], **values: Any) -> Event:
    """An event of a kind; values that are not given are those above."""
    known = {**VALUES, **values}
    return kind(**{field.name: known[field.name] for field in fields(kind)})
