"""What the staff do in the book: enter, seat, no-show, take back, note.

The staff may set rules of the house aside (`bend`), which the history keeps. They can never seat
two parties at one table: that is no rule of the house.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import availability, ledger, lookups, models, seating
from booking.availability import Offer
from booking.errors import IllegalStep, NoAvailability, Reason, ShortTurn, TooEarly
from booking.events import Kind
from booking.expiry import expire_holds
from booking.lifecycle import LIVE, State
from booking.locks import lock_service_dates
from booking.lookups import Reservation
from booking.reservations import look_for_place
from booking.rules import Refusal, Wish
from booking.service_periods import Slot
from booking.venue import Venue

#: What the history calls a walk-in that gets less than its turn time.
TURN_TIME = "turn_time"
#: Where an undone step leads back to.
_BACK = {
    State.NO_SHOW: State.RESERVED,
    State.CANCELLED: State.RESERVED,
    State.SEATED: State.RESERVED,
    State.FINISHED: State.SEATED,
}


def what_bends(
    db: Connection, venue: Venue, wish: Wish, *, now: datetime
) -> tuple[Offer | Refusal, tuple[Refusal, ...]]:
    """Look which rules of the house stand against a wish; promises nothing.

    Returns:
        What it would get if they bent, or what cannot bend; and those rules.

    """
    day = venue.service_date_of(wish.date, wish.time)
    stays = lookups.stays(db, venue.id, [day], now=now)[day]
    return availability.bending(venue, stays, wish, now=now)


def enter(
    db: Connection,
    venue: Venue,
    wish: Wish,
    guest_id: int,
    *,
    bend: Collection[Reason] = (),
    request: str | None = None,
    note: str | None = None,
    source: str,
    actor: str,
    now: datetime,
) -> Reservation:
    """Enter a reservation that the staff have taken, on the phone or at the door.

    It needs nobody's approval, whatever its size.

    Args:
        db: a writing transaction.
        venue: the venue.
        wish: party size, calendar date and wall time.
        guest_id: for whom.
        bend: the rules that the staff set aside, of `rules.BENDABLE`.
        request: what the guest asked for besides.
        note: of the staff, for themselves.
        source: where it comes from, such as `staff`.
        actor: who enters it.
        now: the instant (UTC).

    Raises:
        NoAvailability: with the reason and the nearest times.
        Busy: the service date was locked for too long.

    """
    lock_service_dates(db, venue.id, [venue.service_date_of(wish.date, wish.time)])
    offer = look_for_place(db, venue, wish, now=now, bend=bend)
    return ledger.enter(
        db,
        venue,
        offer,
        guest_id,
        state=State.RESERVED,
        kind=Kind.RESERVED,
        held_until=None,
        request=request,
        note=note,
        source=source,
        actor=actor,
        bent=bend,
        now=now,
    )


def walk_in(
    db: Connection,
    venue: Venue,
    party_size: int,
    guest_id: int,
    *,
    cut_short: bool = False,
    actor: str,
    now: datetime,
) -> Reservation:
    """Seat a party that stands at the door, from now for its turn time.

    Pacing and pauses do not count: the party is there.

    Args:
        db: a writing transaction.
        venue: the venue.
        party_size: how many they are.
        guest_id: who they are.
        cut_short: take the table that is free for longest when none is for the turn time.
        actor: who seats them.
        now: the instant (UTC).

    Raises:
        NoAvailability: no table.
        ShortTurn: no table for the whole turn time, with the time until when there is one.
        Busy: the service date was locked for too long.

    """
    slot = _slot_now(venue, now)
    if slot is None:
        raise NoAvailability(Reason.CLOSED, {"date": venue.local(now).date()})
    day = slot.service_date
    lock_service_dates(db, venue.id, [day])
    expire_holds(db, now=now, venue_id=venue.id, service_date=day)
    stays = lookups.stays(db, venue.id, [day], now=now)[day]
    offer = availability.fit_walk_in(venue, stays, slot, party_size)
    if not isinstance(offer, Offer):
        raise NoAvailability(offer.reason, offer.fields)
    is_short = offer.ends_at < slot.ends_at(party_size)
    if is_short and not cut_short:
        raise ShortTurn(offer.ends_at)
    return ledger.enter(
        db,
        venue,
        offer,
        guest_id,
        state=State.SEATED,
        kind=Kind.WALKED_IN,
        held_until=None,
        request=None,
        source="walk_in",
        actor=actor,
        bent=[TURN_TIME] if is_short else (),
        now=now,
    )


def _slot_now(venue: Venue, now: datetime) -> Slot | None:
    slot = venue.slot_off_hours(*venue.evening_of(now))
    return slot and replace(slot, starts_at=now.replace(second=0, microsecond=0))


def seat(
    db: Connection, venue: Venue, reservation_id: int, *, actor: str, now: datetime
) -> Reservation:
    """Seat a party that was expected.

    One that comes before its time sits from now on, for its turn time: at its own tables, or at
    others when somebody still sits there.

    Raises:
        TooEarly: it is expected on another day.
        NoAvailability: it is early, and no table is free for it.
        IllegalStep: it is not expected (any more), or sits already.

    """
    found = _expected(db, venue, reservation_id, State.SEATED, now=now)
    if found.service_date > venue.evening_of(now)[0]:
        raise TooEarly(found.code, found.starts_at)
    moved = None
    if now < found.starts_at:
        lock_service_dates(db, venue.id, [found.service_date])
        expire_holds(db, now=now, venue_id=venue.id, service_date=found.service_date)
        found = _expected(db, venue, reservation_id, State.SEATED, now=now)
        moved = _at(db, venue, found, now.replace(second=0, microsecond=0), now=now)
    kind = Kind.SEATED
    return ledger.step(db, venue, found, State.SEATED, kind, moved=moved, actor=actor, now=now)


def _at(
    db: Connection, venue: Venue, found: Reservation, starts_at: datetime, *, now: datetime
) -> Reservation:
    """A reservation as it would stand from this instant on, for as long as before."""
    day, ends_at = found.service_date, starts_at + (found.ends_at - found.starts_at)
    stays = lookups.stays(db, venue.id, [day], now=now, but=found.id)[day]
    size, keep = found.party_size, found.table_ids
    tables = seating.seat(venue.floor, stays, size, starts_at, ends_at, keep=keep)
    if tables is None:
        raise NoAvailability(Reason.NO_TABLE)
    return replace(found, starts_at=starts_at, ends_at=ends_at, table_ids=tables)


def _expected(
    db: Connection, venue: Venue, reservation_id: int, wanted: State, *, now: datetime
) -> Reservation:
    """A party that is expected; one that has sat here comes back by `take_back` alone."""
    found = lookups.get(db, venue.id, reservation_id, lock=True)
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
    found = _expected(db, venue, reservation_id, State.NO_SHOW, now=now)
    if now < found.starts_at:
        raise TooEarly(found.code, found.starts_at)
    return ledger.step(db, venue, found, State.NO_SHOW, Kind.NO_SHOW, actor=actor, now=now)


def take_back(
    db: Connection, venue: Venue, reservation_id: int, *, actor: str, now: datetime
) -> Reservation:
    """Take the last step of a visit back: seated, finished, no-show or cancelled.

    One that had let its tables go gets them again, or others that are free.

    Raises:
        NoAvailability: its time is taken by now.
        IllegalStep: there is no way back from its state.

    """
    found = lookups.get(db, venue.id, reservation_id)
    lock_service_dates(db, venue.id, [found.service_date])
    expire_holds(db, now=now, venue_id=venue.id, service_date=found.service_date)
    found = lookups.get(db, venue.id, reservation_id, lock=True)
    wanted = _BACK.get(found.state)
    if wanted is None:
        raise IllegalStep(found.code, found.state_at(now), State.RESERVED)
    starts_at = _seated_from(db, found)
    moved = None
    if found.state not in LIVE or starts_at:
        moved = _at(db, venue, found, starts_at or found.starts_at, now=now)
    kind = Kind.RESTORED
    return ledger.step(db, venue, found, wanted, kind, moved=moved, actor=actor, now=now)


def _seated_from(db: Connection, found: Reservation) -> datetime | None:
    """When a party that was seated before its time had been expected (UTC)."""
    row = models.BookingEvent
    newest = sa.select(row.kind, row.before).where(row.reservation_id == found.id)
    last = db.execute(newest.order_by(row.id.desc()).limit(1)).first()
    if found.state is not State.SEATED or last is None or last.kind != Kind.SEATED:
        return None
    return datetime.fromisoformat(last.before["starts_at"]) if last.before else None


def annotate(
    db: Connection,
    venue: Venue,
    reservation_id: int,
    note: str | None,
    *,
    actor: str,
    now: datetime,
) -> Reservation:
    """Write a note of the staff about a visit, for themselves; None takes it away."""
    old = lookups.get(db, venue.id, reservation_id, lock=True)
    return ledger.rewrite(db, venue, old, replace(old, note=note), actor=actor, now=now)
