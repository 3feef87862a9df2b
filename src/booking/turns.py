"""A party at its tables: seated, late, staying on, finished, not come."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from booking import availability, ledger, looks, lookups
from booking.errors import Busy, IllegalStep, NoAvailability, Reason, TooEarly
from booking.events import Kind
from booking.floor import Audience
from booking.lifecycle import AGREED, State
from booking.looking import lock_and_sweep, locked, settled
from booking.lookups import Reservation
from booking.seating import Move, Party, Seating, Stay, occupied
from booking.venue import Venue

Span = tuple[datetime, datetime]


#: Who sits down so much later than expected stays so much longer, where there is room.
LATE = timedelta(minutes=15)


def seat(
    db: Connection, venue: Venue, reservation_id: int, *, actor: str, now: datetime
) -> Reservation:
    """Seat a party that was expected.

    One that comes before its time sits from now on, for its turn time: at its own tables, or at
    others when somebody still sits there. One that comes late keeps its tables, and has its whole
    turn time if those who follow there can sit elsewhere.

    Raises:
        TooEarly: it is expected on another day.
        NoAvailability: it is early, and no table is free for it.
        IllegalStep: it is not expected (any more), or sits already.
        Busy: it was moved to another time meanwhile, or the service date was locked for too long.

    """
    seen = _expected(lookups.get(db, venue.id, reservation_id), State.SEATED, now=now)
    if seen.service_date > venue.evening_of(now)[0]:
        raise TooEarly(seen.code, seen.starts_at)
    minute = now.replace(second=0, microsecond=0)
    is_early, is_late = now < seen.starts_at, minute >= seen.starts_at + LATE
    if is_early or is_late:  # the date before the row: it may be just about to be moved
        lock_and_sweep(db, venue, [seen.service_date], now=now)
    found = lookups.get(db, venue.id, reservation_id, lock=True)
    moved = _expected(found, State.SEATED, now=now)
    if found.starts_at != seen.starts_at:
        raise Busy
    moves: Sequence[Move] = ()
    if is_early or is_late:
        ends_at = minute + (found.ends_at - found.starts_at)
        if is_early:
            moved, moves = stay_at(db, venue, found, (minute, ends_at), now=now)
        else:
            moved, moves = _if_there_is_room(db, venue, found, ends_at, now=now)
    return ledger.step(
        db,
        venue,
        found,
        State.SEATED,
        Kind.SEATED,
        moved=moved,
        moves=moves,
        actor=actor,
        now=now,
    )


def stay_on(
    db: Connection, venue: Venue, reservation_id: int, minutes: int, *, actor: str, now: datetime
) -> Reservation:
    """Let a party that sits stay longer; whoever follows at its tables gets others.

    Args:
        db: a writing transaction.
        venue: the venue.
        reservation_id: who sits.
        minutes: how much longer than planned, or than now when that is over.
        actor: who says so.
        now: the instant (UTC).

    Raises:
        NoAvailability: somebody who follows could not sit anywhere else.
        IllegalStep: it does not sit here.

    """
    found = locked(db, venue, reservation_id, now=now)
    if found.state is not State.SEATED:
        raise IllegalStep(found.code, found.state_at(now), Kind.STAYED_ON)
    since = max(found.ends_at, now.replace(second=0, microsecond=0))
    span = (found.starts_at, since + timedelta(minutes=minutes))
    new, moves = stay_at(db, venue, found, span, at=found.table_ids, now=now)
    return ledger.rewrite(db, venue, found, new, moves=moves, actor=actor, now=now)


def run_late(
    db: Connection,
    venue: Venue,
    reservation_id: int,
    minutes: int | None = None,
    *,
    actor: str,
    now: datetime,
) -> Reservation:
    """Write down that a party will be late, and by how much when it is known.

    Its tables are kept as they are.

    Raises:
        IllegalStep: it is not expected (any more).

    """
    old = lookups.get(db, venue.id, reservation_id, lock=True)
    if old.state_at(now) not in AGREED:
        raise IllegalStep(old.code, old.state_at(now), Kind.LATE)
    new = replace(old, late_minutes=minutes or old.late_minutes)
    return ledger.note(db, venue, new, Kind.LATE, actor=actor, now=now)


def take_lateness_back(
    db: Connection,
    venue: Venue,
    reservation_id: int,
    minutes: int | None,
    *,
    actor: str,
    now: datetime,
) -> Reservation:
    """Expect a party as before: late by so many minutes, or on time after all."""
    old = lookups.get(db, venue.id, reservation_id, lock=True)
    new = replace(old, late_minutes=minutes)
    return ledger.rewrite(db, venue, old, new, actor=actor, now=now)


def stay_at(
    db: Connection,
    venue: Venue,
    found: Reservation,
    span: Span,
    *,
    at: tuple[int, ...] = (),
    now: datetime,
) -> tuple[Reservation, Sequence[Move]]:
    """A reservation as it would stand over another span, and who would move for it.

    At its own tables if they are free or can be made so, else at others.

    Args:
        db: a writing transaction that holds the lock of the service date.
        venue: the venue.
        found: the reservation.
        span: from when to when (UTC), half-open.
        at: the only tables that will do, if so.
        now: the instant (UTC).

    Raises:
        NoAvailability: there is no place.

    """
    day, (starts_at, ends_at) = found.service_date, span
    wished = frozenset({*found.features, *found.unmet})
    party = Party(
        party_size=found.party_size,
        starts_at=starts_at,
        ends_at=ends_at,
        audience=Audience.WALK_IN,  # who has a table is not asked whom it is kept for
        features=wished,
        keep=at or found.table_ids,
        only_keep=bool(at),
    )

    def find() -> Seating | None:
        stays = looks.stays(db, venue, [day], now=now, but=found.id)[day]
        if not at and _can_keep(venue, stays, party):
            return Seating(table_ids=party.keep)
        return availability.place(venue, stays, party)

    place = settled(db, venue, find)
    if place is None:
        raise NoAvailability(Reason.NO_TABLE)
    met = wished & venue.floor.features_at(place.table_ids)
    moved = replace(
        found,
        starts_at=starts_at,
        ends_at=ends_at,
        table_ids=place.table_ids,
        features=tuple(sorted(met)),
        unmet=tuple(sorted(wished - met)),
    )
    return moved, place.moves


def _can_keep(venue: Venue, stays: Sequence[Stay], party: Party) -> bool:
    """Tell whether its own tables are free; the host may have chosen some that no plan would."""
    own, gap = set(party.keep), availability.buffer_of(venue)
    is_known = bool(own) and own <= venue.floor.names.keys()
    return is_known and own.isdisjoint(occupied(stays, party.starts_at, party.ends_at, gap))


def _if_there_is_room(
    db: Connection, venue: Venue, found: Reservation, ends_at: datetime, *, now: datetime
) -> tuple[Reservation, Sequence[Move]]:
    span = (found.starts_at, ends_at)
    try:
        return stay_at(db, venue, found, span, at=found.table_ids, now=now)
    except NoAvailability:
        return found, ()


def _expected(found: Reservation, wanted: State, *, now: datetime) -> Reservation:
    """A party that is expected; one that has sat here comes back by `take_back` alone."""
    if found.state is not State.RESERVED:
        raise IllegalStep(found.code, found.state_at(now), wanted)
    return found


def finish(
    db: Connection, venue: Venue, reservation_id: int, *, actor: str, now: datetime
) -> Reservation:
    """Let a party go that was seated; the rest of its turn is free at once.

    Raises:
        IllegalStep: it does not sit here.

    """
    found = lookups.get(db, venue.id, reservation_id, lock=True)
    return ledger.step(db, venue, found, State.FINISHED, Kind.FINISHED, actor=actor, now=now)


def no_show(
    db: Connection, venue: Venue, reservation_id: int, *, actor: str, now: datetime
) -> Reservation:
    """Write down that a party did not come; its tables are free at once.

    Raises:
        TooEarly: its time has not come yet.
        IllegalStep: it is not expected (any more), or sits already.

    """
    found = lookups.get(db, venue.id, reservation_id, lock=True)
    _expected(found, State.NO_SHOW, now=now)
    if now < found.starts_at:
        raise TooEarly(found.code, found.starts_at)
    return ledger.step(db, venue, found, State.NO_SHOW, Kind.NO_SHOW, actor=actor, now=now)
