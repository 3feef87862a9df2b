"""What the staff enter in the book: reservations, walk-ins, notes, pins.

The staff may set rules of the house aside (`bend`), which the history keeps. They can never seat
two parties at one table: that is no rule of the house.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.engine import Connection

from booking import availability, guest_limits, ledger, looks, lookups
from booking.availability import Offer, Seeker
from booking.errors import IllegalStep, NoAvailability, Reason, Rule, ShortTurn, TableRule
from booking.events import Kind
from booking.floor import Audience
from booking.lifecycle import LIVE, State
from booking.looking import lock, lock_and_sweep, locked, look_for_place, settled
from booking.lookups import Reservation
from booking.rules import Wish
from booking.service_periods import Slot
from booking.turns import stay_at
from booking.venue import Venue


def enter(
    db: Connection,
    venue: Venue,
    wish: Wish,
    guest_id: int,
    *,
    bend: Collection[Rule] = (),
    request: str | None = None,
    note: str | None = None,
    source: str,
    request_key: str | None = None,
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
        request_key: as in `reservations.place_hold`.
        actor: who enters it.
        now: the instant (UTC).

    Raises:
        NoAvailability: with the reason and the nearest times.
        Busy: the service date was locked for too long.

    """
    lock(db, venue, [venue.service_date_of(wish.date, wish.time)])
    known = lookups.by_request_key(db, venue.id, request_key) if request_key else None
    if known:
        return known
    seeker = Seeker(audience=Audience.STAFF, bend=frozenset(bend))
    offer, visits = look_for_place(db, venue, wish, now=now, seeker=seeker, guest_id=guest_id)
    if Reason.SECOND_VISIT not in bend:
        guest_limits.check_second(visits, offer)
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
        request_key=request_key,
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
    lock_and_sweep(db, venue, [day], now=now)
    offer = settled(
        db,
        venue,
        lambda: availability.fit_walk_in(
            venue, looks.stays(db, venue, [day], now=now)[day], slot, party_size
        ),
    )
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
        bent=[TableRule.TURN_TIME] if is_short else (),
        now=now,
    )


def _slot_now(venue: Venue, now: datetime) -> Slot | None:
    slot = venue.slot_off_hours(*venue.evening_of(now))
    return slot and replace(slot, starts_at=now.replace(second=0, microsecond=0))


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


def assign(
    db: Connection,
    venue: Venue,
    reservation_id: int,
    table_ids: Sequence[int],
    *,
    actor: str,
    now: datetime,
) -> Reservation:
    """Give a party these tables, and pin it there; who was to sit there gets others.

    Args:
        db: a writing transaction.
        venue: the venue.
        reservation_id: who.
        table_ids: of its floor; large enough or not is the host's affair.
        actor: who says so.
        now: the instant (UTC).

    Raises:
        NoAvailability: somebody sits there, is pinned there, or could not sit anywhere else.
        IllegalStep: it is over.
        Busy: it was moved to another date meanwhile, or the service date was locked for too long.

    """
    old = locked(db, venue, reservation_id, now=now)
    if old.state_at(now) not in LIVE:
        raise IllegalStep(old.code, old.state_at(now), Kind.MOVED)
    span = (old.starts_at, old.ends_at)
    new, moves = stay_at(db, venue, old, span, at=tuple(table_ids), now=now)
    pinned = replace(new, is_pinned=True)
    return ledger.rewrite(db, venue, old, pinned, moves=moves, actor=actor, now=now)


def pin(
    db: Connection, venue: Venue, reservation_id: int, *, pinned: bool, actor: str, now: datetime
) -> Reservation:
    """Let a party keep the tables it has, or let the seating plan move it again.

    Pinned is who was promised a table, or for whom it is laid.
    """
    old = lookups.get(db, venue.id, reservation_id, lock=True)
    return ledger.rewrite(db, venue, old, replace(old, is_pinned=pinned), actor=actor, now=now)
