"""Writing the book: rows of reservations and occupancies, and the event that goes with each step.

Only the functions of the book call this; they decide, this writes.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import entering, events, lookups, models, waiting
from booking.availability import Offer
from booking.events import Kind
from booking.lifecycle import LIVE, UNDECIDED, State, check_step
from booking.lookups import Reservation
from booking.seating import Move
from booking.venue import Venue

#: Letters and digits that nobody mistakes for another, read aloud or on paper.
CODE_ALPHABET = "ACDEFHJKLMNPRTUVWXY34679"
CODE_LENGTH = 4
_GIVE_UP = sa.delete(models.Occupancy).where(
    models.Occupancy.reservation_id.in_(sa.bindparam("ids", expanding=True))
)
#: These events tell what was before.
_MOVING = frozenset({Kind.CHANGED, Kind.MOVED, Kind.STAYED_ON})


def enter(
    db: Connection,
    venue: Venue,
    offer: Offer,
    guest_id: int,
    *,
    state: State,
    kind: Kind,
    held_until: datetime | None,
    request: str | None,
    note: str | None = None,
    source: str,
    request_key: str | None = None,
    is_pinned: bool = False,
    actor: str,
    bent: Collection[str] = (),
    now: datetime,
) -> Reservation:
    """Enter a new reservation on the tables of an offer, under a code the venue never used.

    Whoever moves for it is moved.
    """
    values: dict[str, Any] = {
        "venue_id": venue.id,
        "guest_id": guest_id,
        "state": state,
        "party_size": offer.party_size,
        "service_date": offer.service_date,
        "starts_at": offer.starts_at,
        "ends_at": offer.ends_at,
        "held_until": held_until,
        "request": request,
        "note": note,
        "features": tuple(sorted(offer.features)),
        "unmet": tuple(sorted(offer.unmet)),
        "is_pinned": is_pinned,
        "late_minutes": None,
        "source": source,
        "request_key": request_key,
        "version": 1,
        "created_at": now,
    }
    make_room(db, venue, offer.moves, now=now)
    born = events.birth(venue.floor.names, kind, offer.table_ids, actor=actor, now=now, bent=bent)
    number, code = _insert(db, values, offer.table_ids, born)
    entered = Reservation(id=number, code=code, table_ids=offer.table_ids, **values)
    events.remember(db, entered, born)
    return entered


def step(
    db: Connection,
    venue: Venue,
    old: Reservation,
    wanted: State,
    kind: Kind,
    *,
    moved: Reservation | None = None,
    moves: Sequence[Move] = (),
    held_until: datetime | None = None,
    actor: str,
    bent: Collection[str] = (),
    now: datetime,
) -> Reservation:
    """Make one step of the lifecycle; its tables are occupied while the state is a live one.

    A step back into a live state, or one by which the party moves (`moved`: other tables, another
    start), needs the lock of the service date, and a look before it.

    Raises:
        IllegalStep: the table of the lifecycle does not have it.

    """
    check_step(old.code, old.state, wanted)
    new = replace(moved or old, state=wanted, held_until=held_until)
    if new.starts_at != old.starts_at:
        new = replace(new, version=old.version + 1)
    _update(db, new)
    seats = models.Occupancy
    has_moved = _where(new) != _where(old)
    if has_moved:
        db.execute(sa.delete(seats).where(seats.reservation_id == new.id))
        make_room(db, venue, moves, now=now)
        _occupy(db, [new])
    elif (wanted in LIVE) != (old.state in LIVE):
        make_room(db, venue, moves, now=now)
        own = sa.update(seats).where(seats.reservation_id == new.id)
        db.execute(own.values(live=wanted in LIVE))
    if has_moved or (old.state in LIVE and wanted not in LIVE):
        waiting.look_again(db, [old.venue_id], [old.service_date], now=now)
    if old.source == waiting.WAITLIST and old.state in UNDECIDED:
        waiting.conclude(db, new, actor=actor, now=now)
    _record(db, venue, kind, new, actor=actor, now=now, before=old, bent=bent, has_moved=has_moved)
    return new


def rewrite(
    db: Connection,
    venue: Venue,
    old: Reservation,
    new: Reservation,
    *,
    moves: Sequence[Move] = (),
    actor: str,
    bent: Collection[str] = (),
    now: datetime,
) -> Reservation:
    """Write a reservation that moved, or whose request or hold time changed.

    Its version rises when date, time or size did; an event is written when a person would notice.

    Raises:
        IllegalStep: its state changed as well, by a step that the table of the lifecycle lacks.

    """
    if new.state is not old.state:
        check_step(old.code, old.state, new.state)
    if (new.starts_at, new.party_size) != (old.starts_at, old.party_size):
        new = replace(new, version=old.version + 1)
    moved = _where(new) != _where(old)
    if moved:
        seats = models.Occupancy
        db.execute(sa.delete(seats).where(seats.reservation_id == old.id))
        make_room(db, venue, moves, now=now)
        _occupy(db, [new])
    _update(db, new)
    if moved or new.party_size < old.party_size or new.is_pinned < old.is_pinned:
        waiting.look_again(db, [old.venue_id], [old.service_date], now=now)
    kind = _kind_of_change(old, new, moved=moved)
    if kind:
        _record(db, venue, kind, new, actor=actor, now=now, before=old, bent=bent)
    return new


def _where(reservation: Reservation) -> tuple[tuple[int, ...], datetime, datetime]:
    return reservation.table_ids, reservation.starts_at, reservation.ends_at


def make_room(db: Connection, venue: Venue, moves: Sequence[Move], *, now: datetime) -> None:
    """Give parties other tables, as the plan says; their guests notice nothing.

    The caller has locked their rows. All tables are given up before any is taken.
    """
    if not moves:
        return
    to = {move.reservation_id: move.table_ids for move in moves}
    there = lookups.fetch(db, models.Reservation.id.in_(to))
    db.execute(_GIVE_UP, {"ids": list(to)})
    moved = [replace(old, table_ids=to[old.id]) for old in there]
    _occupy(db, moved)
    events.append_moves(db, list(zip(there, moved, strict=True)), venue.floor.names, now=now)


def note(
    db: Connection, venue: Venue, new: Reservation, kind: Kind, *, actor: str, now: datetime
) -> Reservation:
    """Write what was said of a reservation that stays where and what it is."""
    _update(db, new)
    _record(db, venue, kind, new, actor=actor, now=now, before=new)
    return new


def _kind_of_change(old: Reservation, new: Reservation, *, moved: bool) -> Kind | None:
    if (new.ends_at, new.version) == (old.ends_at, old.version) and moved:
        return Kind.MOVED
    if moved and new.state is State.SEATED:
        return Kind.STAYED_ON
    if moved or new.version != old.version:
        return Kind.CHANGED
    if new.is_pinned != old.is_pinned:
        return Kind.PINNED if new.is_pinned else Kind.UNPINNED
    if new.request != old.request:
        return Kind.NOTED
    return Kind.ANNOTATED if new.note != old.note else None


def _insert(
    db: Connection, values: dict[str, Any], table_ids: Sequence[int], event: dict[str, Any]
) -> tuple[int, str]:
    values = {**values, **{key: values[key] or None for key in ("features", "unmet")}}
    while True:
        code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
        number = entering.write(db, {"code": code, **values}, table_ids, event)
        if number is not None:
            return number, code


def _occupy(db: Connection, reservations: Sequence[Reservation]) -> None:
    rows = [
        {
            "venue_id": reservation.venue_id,
            "reservation_id": reservation.id,
            "starts_at": reservation.starts_at,
            "ends_at": reservation.ends_at,
            "table_id": table_id,
            "live": True,
        }
        for reservation in reservations
        for table_id in reservation.table_ids
    ]
    db.execute(sa.insert(models.Occupancy), rows)


def _update(db: Connection, new: Reservation) -> None:
    row = models.Reservation
    db.execute(
        sa.update(row)
        .where(row.id == new.id)
        .values(
            state=new.state,
            party_size=new.party_size,
            service_date=new.service_date,
            starts_at=new.starts_at,
            ends_at=new.ends_at,
            held_until=new.held_until,
            request=new.request,
            note=new.note,
            features=new.features or None,
            unmet=new.unmet or None,
            is_pinned=new.is_pinned,
            late_minutes=new.late_minutes,
            version=new.version,
        )
    )


def _record(
    db: Connection,
    venue: Venue,
    kind: Kind,
    new: Reservation,
    *,
    actor: str,
    now: datetime,
    before: Reservation,
    bent: Collection[str] = (),
    has_moved: bool = False,
) -> None:
    events.append(
        db,
        kind,
        [new],
        venue.floor.names,
        actor=actor,
        now=now,
        from_state=before.state,
        before=before if kind in _MOVING or has_moved else None,
        bent=bent,
    )
