"""What the staff did from a chat, to be taken back, and what they were warned of, to be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from booking.undo import UNDO_WITHIN
from bot.models import StaffAct
from bot.staff.stand import Stand

#: For how long a warning waits for its answer.
PATIENCE = timedelta(minutes=10)


class State(StrEnum):
    """Where an act stands."""

    ASKED = "asked"
    DONE = "done"
    UNDONE = "undone"
    DROPPED = "dropped"


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act. `data` is what it takes to do it, or to take it back."""

    id: int
    venue_id: int
    kind: str
    data: Mapping[str, Any]
    state: State
    at: datetime


def keep(stand: Stand, venue_id: int, kind: str, data: Mapping[str, Any], state: State) -> int:
    """Write an act down; gives its id."""
    new = sa.insert(StaffAct).values(
        venue_id=venue_id,
        channel=stand.here.channel,
        address=stand.here.address,
        actor=stand.actor,
        kind=kind,
        data=dict(data),
        state=state,
        at=stand.now,
    )
    number: int = stand.db.execute(new.returning(StaffAct.id)).scalar_one()
    return number


def settle(stand: Stand, act: Act, state: State) -> None:
    """Write down what became of an act."""
    row = StaffAct
    stand.db.execute(sa.update(row).where(row.id == act.id).values(state=state))


def asked(stand: Stand) -> Act | None:
    """What this chat was asked last, while an answer still counts."""
    return _newest(stand, State.ASKED, PATIENCE)


def undoable(stand: Stand) -> Act | None:
    """What this chat did last that can still be taken back."""
    return _newest(stand, State.DONE, UNDO_WITHIN)


def find(stand: Stand, act_id: int, state: State) -> Act | None:
    """An act of this chat by its id, if it is in this state and not too old for it."""
    within = UNDO_WITHIN if state is State.DONE else PATIENCE
    row = StaffAct
    return _first(stand, row.id == act_id, row.state == state, row.at > stand.now - within)


def _newest(stand: Stand, state: State, within: timedelta) -> Act | None:
    row = StaffAct
    return _first(stand, row.state == state, row.at > stand.now - within)


def _first(stand: Stand, *conditions: sa.ColumnElement[bool]) -> Act | None:
    row = StaffAct
    here = (row.channel == stand.here.channel, row.address == stand.here.address)
    query = sa.select(row.id, row.venue_id, row.kind, row.data, row.state, row.at)
    newest = query.where(*here, *conditions).order_by(row.id.desc()).limit(1).with_for_update()
    found = stand.db.execute(newest).mappings().first()
    return Act(**{**found, "state": State(found["state"])}) if found else None
