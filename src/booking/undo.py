"""Taking back the last step of a visit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import ledger, lookups, models
from booking.errors import IllegalStep, Settled
from booking.events import Kind
from booking.lifecycle import AGREED, LIVE, State
from booking.looking import lock_and_sweep, locked
from booking.lookups import Reservation
from booking.reservations import decided_by
from booking.turns import stay_at
from booking.venue import Venue

if TYPE_CHECKING:
    from booking.seating import Move

#: How long a step can be taken back without further ado.
UNDO_WITHIN = timedelta(minutes=5)
#: Where a step back leads to; a cancelled visit goes back to where it was.
_BACK = {
    State.NO_SHOW: State.RESERVED,
    State.SEATED: State.RESERVED,
    State.FINISHED: State.SEATED,
}
#: These change nothing that could be taken back.
_REMARKS = frozenset(
    {Kind.MOVED, Kind.NAMED, Kind.NOTED, Kind.ANNOTATED, Kind.LATE, Kind.PINNED, Kind.UNPINNED}
)
Event = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class _Desk:
    """Where a step is taken back, by whom and when (UTC)."""

    db: Connection
    venue: Venue
    actor: str
    now: datetime


def undo(
    db: Connection, venue: Venue, reservation_id: int, *, actor: str, now: datetime
) -> Reservation:
    """Take the last step of a visit back, whatever it was, within UNDO_WITHIN.

    A party that was seated, finished, not come or cancelled goes back to where it was; one that
    was entered or walked in goes away; one that was changed, or stayed on, is as it was before.

    Raises:
        Settled: the step was made too long ago.
        NoAvailability: its time is taken by now.
        IllegalStep: there is no way back from its last step.

    """
    found = lookups.get(db, venue.id, reservation_id)
    last = _last_step(db, found)
    if now - last["at"] > UNDO_WITHIN:
        raise Settled(found.code, last["at"])
    way = _WAYS.get(Kind(last["kind"]))
    if way is None:
        raise IllegalStep(found.code, found.state_at(now), Kind.RESTORED)
    return way(_Desk(db=db, venue=venue, actor=actor, now=now), found, last)


def take_back(
    db: Connection, venue: Venue, reservation_id: int, *, actor: str, now: datetime
) -> Reservation:
    """Take the last step of a visit back: seated, finished, no-show or cancelled; at any time.

    One that had let its tables go gets them again, or others that are free.

    Raises:
        NoAvailability: its time is taken by now.
        IllegalStep: there is no way back from its state.

    """
    found = locked(db, venue, reservation_id, now=now)
    last = _last_step(db, found)
    was_cancelled = found.state is State.CANCELLED and last["from_state"] in AGREED
    wanted = State(last["from_state"]) if was_cancelled else _BACK.get(found.state)
    if wanted is None:
        raise IllegalStep(found.code, found.state_at(now), State.RESERVED)
    span = (found.starts_at, found.ends_at)
    if found.state is State.SEATED and last["kind"] == Kind.SEATED and last["before"]:
        span = _span(last["before"])
    moved: Reservation = found
    moves: Sequence[Move] = ()
    if found.state not in LIVE or span != (found.starts_at, found.ends_at):
        moved, moves = stay_at(db, venue, found, span, now=now)
    until = decided_by(venue, found.starts_at, now=now) if wanted is State.REQUESTED else None
    return ledger.step(
        db,
        venue,
        found,
        wanted,
        Kind.RESTORED,
        moved=moved,
        moves=moves,
        held_until=until,
        actor=actor,
        now=now,
    )


def _taken_back(desk: _Desk, found: Reservation, _: Event) -> Reservation:
    return take_back(desk.db, desk.venue, found.id, actor=desk.actor, now=desk.now)


def _never_came(desk: _Desk, found: Reservation, last: Event) -> Reservation:
    """Take an entry of the staff away again."""
    found = lookups.get(desk.db, desk.venue.id, found.id, lock=True)
    if last["from_state"] is not None:  # the yes to a hold is its guest's
        raise IllegalStep(found.code, found.state_at(desk.now), Kind.RESTORED)
    kind, by = Kind.CANCELLED, desk.actor
    return ledger.step(desk.db, desk.venue, found, State.CANCELLED, kind, actor=by, now=desk.now)


def _as_before(desk: _Desk, found: Reservation, last: Event) -> Reservation:
    """Give a visit the time and size that it had before it was changed or stayed on."""
    db, venue, now, before = desk.db, desk.venue, desk.now, last["before"]
    span = _span(before)
    day = venue.service_date_at(span[0])
    lock_and_sweep(db, venue, {found.service_date, day}, now=now)
    found = lookups.get(db, venue.id, found.id, lock=True)
    ids = {name: number for number, name in venue.floor.names.items()}
    tables = tuple(ids[name] for name in before["tables"] if name in ids)
    was = replace(found, party_size=before["party_size"], service_date=day, table_ids=tables)
    new, moves = stay_at(db, venue, was, span, now=now)
    return ledger.rewrite(db, venue, found, new, moves=moves, actor=desk.actor, now=now)


_WAYS: dict[Kind, Callable[[_Desk, Reservation, Event], Reservation]] = {
    Kind.SEATED: _taken_back,
    Kind.FINISHED: _taken_back,
    Kind.NO_SHOW: _taken_back,
    Kind.CANCELLED: _taken_back,
    Kind.WALKED_IN: _never_came,
    Kind.RESERVED: _never_came,
    Kind.CHANGED: _as_before,
    Kind.STAYED_ON: _as_before,
}


def _last_step(db: Connection, found: Reservation) -> Event:
    row = models.BookingEvent
    steps = sa.select(row.__table__).where(
        row.reservation_id == found.id, row.kind.not_in(_REMARKS)
    )
    return dict(db.execute(steps.order_by(row.id.desc()).limit(1)).mappings().one())


def _span(before: Event) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(before["starts_at"]), datetime.fromisoformat(before["ends_at"])
