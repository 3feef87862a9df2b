"""Changing the book: hold, confirm, amend, cancel.

Every function works inside the caller's transaction, takes the instant as `now`, and writes one
event a step. What needs a place locks its service dates first and looks afterwards; what only
frees one locks nothing but its own row (docs/locking.md).
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from booking import guest_limits, ledger, looks, lookups, openings
from booking.availability import Offer, Seeker, place
from booking.errors import IllegalStep, NoAvailability, Reason, Rule, TooLate
from booking.events import GUEST, Kind
from booking.lifecycle import AGREED, State
from booking.looking import lock, lock_and_sweep, locked, look, look_for_place, settled
from booking.lookups import Reservation
from booking.rules import Wish
from booking.seating import Party, Seating
from booking.venue import Venue

#: What the history calls a step of the staff that a guest could not make any more.
CUTOFF = "cutoff"


def place_hold(
    db: Connection,
    venue: Venue,
    wish: Wish,
    guest_id: int,
    *,
    request: str | None = None,
    source: str,
    request_key: str | None = None,
    accept_second: bool = False,
    now: datetime,
) -> Reservation:
    """Hold tables for a wish until `hold_minutes` have passed.

    Who has waited longer, on the waitlist, gets theirs first.

    Args:
        db: a writing transaction.
        venue: the venue.
        wish: party size, calendar date and wall time.
        guest_id: for whom.
        request: what the guest asked for besides ("a pram").
        source: where the wish came from, such as `sms`.
        request_key: of the caller, unique for the venue: whoever never heard the answer asks
            again under the same key, and is given the reservation there is.
        accept_second: whether the guest knows of another visit at that time, and wants both.
        now: the instant (UTC).

    Raises:
        NoAvailability: with the reason and the nearest times.
        Busy: the service date was locked for too long.

    """
    service_date = venue.service_date_of(wish.date, wish.time)
    lock(db, venue, [service_date])  # before the look, or two get one table
    known = lookups.by_request_key(db, venue.id, request_key) if request_key else None
    if known:
        return known
    offer, visits = look_for_place(
        db, venue, wish, now=now, guest_id=guest_id, serve=openings.serve
    )
    guest_limits.check_count(venue, len(visits))
    if not accept_second:
        guest_limits.check_second(visits, offer)
    return ledger.enter(
        db,
        venue,
        offer,
        guest_id,
        state=State.HELD,
        kind=Kind.HELD,
        held_until=now + timedelta(minutes=venue.policy.hold_minutes),
        request=request,
        source=source,
        request_key=request_key,
        actor=GUEST,
        now=now,
    )


def confirm(db: Connection, venue: Venue, reservation_id: int, *, now: datetime) -> Reservation:
    """Turn a hold into a reservation, or into a request when the staff must approve its size.

    A hold that has run out is placed anew and confirmed at once when its time is still free. A
    reservation that was confirmed before is given back as it is.

    Raises:
        NoAvailability: the hold had run out and its time is taken by now.
        IllegalStep: it was cancelled or declined, or is over.
        UnknownReservation: this venue has no such reservation.

    """
    found = lookups.get(db, venue.id, reservation_id)
    # Two dates if the hours have changed since.
    _lock(db, venue, found, wish_of(venue, found), now=now)
    found = lookups.get(db, venue.id, reservation_id, lock=True)
    state = found.state_at(now)
    if state in AGREED:
        return found
    was_held = found.state in {State.HELD, State.EXPIRED}
    if not was_held or lookups.was_requested(db, found.id):  # no yes of a guest takes that back
        raise IllegalStep(found.code, state, State.RESERVED)
    if state is State.EXPIRED:
        found = place_hold(
            db,
            venue,
            _with_features(wish_of(venue, found), found),
            found.guest_id,
            request=found.request,
            source=found.source,
            request_key=f"late yes to {found.id}",  # said twice it counts once
            accept_second=True,
            now=now,
        )
        if found.state in AGREED:
            return found
        if found.state is not State.HELD:  # it was had, and given up
            raise IllegalStep(found.code, found.state, State.RESERVED)
    asks = found.party_size >= venue.policy.approval_party_size
    wanted, kind = (State.REQUESTED, Kind.REQUESTED) if asks else (State.RESERVED, Kind.RESERVED)
    until = decided_by(venue, found.starts_at, now=now) if asks else None
    return ledger.step(db, venue, found, wanted, kind, held_until=until, actor=GUEST, now=now)


def decided_by(venue: Venue, starts_at: datetime, *, now: datetime) -> datetime:
    """Until when a request waits for the staff (UTC): never longer than until its start."""
    minutes = venue.policy.approval_minutes
    return starts_at if minutes is None else min(starts_at, now + timedelta(minutes=minutes))


def amend(
    db: Connection,
    venue: Venue,
    reservation_id: int,
    wish: Wish,
    *,
    request: str | None = None,
    actor: str = GUEST,
    bend: Collection[Rule] = (),
    now: datetime,
) -> Reservation:
    """Move a hold or a reservation to another date, time or size, on its own tables if they fit.

    All or nothing: a refusal leaves everything as it was. A hold's time starts again. Who waits on
    the waitlist for the new date goes before a guest, not before the staff. A request that shrinks
    below the approval size needs no decision any more: it becomes reserved. The history keeps that
    the staff changed something after the cut-off.

    Args:
        db: a writing transaction.
        venue: the venue.
        reservation_id: which one.
        wish: the new size, calendar date and wall time.
        request: a new request; None keeps the old one.
        actor: who asks; the staff may do it after the cut-off and past the approval size.
        bend: the rules that the staff set aside, of `rules.BENDABLE`.
        now: the instant (UTC).

    Raises:
        NoAvailability: with the reason and the nearest times, or because the size needs approval.
        TooLate: a guest asks after the cut-off.
        IllegalStep: it is over, or its hold has run out.

    """
    old = lookups.get(db, venue.id, reservation_id)
    _lock(db, venue, old, wish, now=now)
    if actor == GUEST:  # first, since it may move this very party
        openings.serve_awaited(db, venue, venue.service_date_of(wish.date, wish.time), now=now)
    old = lookups.get(db, venue.id, reservation_id, lock=True)
    check_amendable(venue, old, wish, actor=actor, now=now)
    wish = _with_features(wish, old)
    seeker = replace(as_before(old), bend=frozenset(bend))
    offer, _ = look_for_place(db, venue, wish, now=now, but=old.id, seeker=seeker)
    new = replace(
        old,
        state=_state_at_size(venue, old.state, offer.party_size),
        party_size=offer.party_size,
        service_date=offer.service_date,
        starts_at=offer.starts_at,
        ends_at=offer.ends_at,
        table_ids=offer.table_ids,
        features=tuple(sorted(offer.features)),
        unmet=tuple(sorted(offer.unmet)),
        request=request or old.request,
    )
    new = replace(new, held_until=_held_until(venue, new, now=now))
    bent = [*bend, *([CUTOFF] if is_final(venue, old, now=now) else ())]
    return ledger.rewrite(db, venue, old, new, moves=offer.moves, actor=actor, bent=bent, now=now)


def _held_until(venue: Venue, new: Reservation, *, now: datetime) -> datetime | None:
    """How long what has just changed waits for an answer."""
    if new.state is State.HELD:
        return now + timedelta(minutes=venue.policy.hold_minutes)
    return decided_by(venue, new.starts_at, now=now) if new.state is State.REQUESTED else None


def _with_features(wish: Wish, old: Reservation) -> Wish:
    """A new wish of the same party: what it liked before it likes still."""
    return replace(wish, features=wish.features or frozenset({*old.features, *old.unmet}))


def as_before(old: Reservation) -> Seeker:
    """A party that has a place, which may be one that only the staff give away."""
    return Seeker(audience=looks.audience_of(old.source), keep=old.table_ids)


def _state_at_size(venue: Venue, state: State, party_size: int) -> State:
    asks = party_size >= venue.policy.approval_party_size
    return State.RESERVED if state is State.REQUESTED and not asks else state


def prefer(
    db: Connection,
    venue: Venue,
    reservation_id: int,
    features: frozenset[str],
    *,
    now: datetime,
) -> Reservation:
    """Give a party a place that has what it wishes for as well, where that can be had.

    It keeps its time, and its tables where no better ones can be had; what is not met is noted.

    Args:
        db: a writing transaction.
        venue: the venue.
        reservation_id: whose.
        features: what is wished for now, besides what was before.
        now: the instant (UTC).

    """
    old = locked(db, venue, reservation_id, now=now)
    openings.serve_awaited(db, venue, old.service_date, now=now)  # before it takes a free table
    old = lookups.get(db, venue.id, reservation_id)  # which may have moved this very party
    if old.state_at(now) not in AGREED | {State.HELD}:
        return old
    wished = features | {*old.features, *old.unmet}
    party = Party(
        party_size=old.party_size,
        starts_at=old.starts_at,
        ends_at=old.ends_at,
        audience=looks.audience_of(old.source),
        features=wished,
        keep=old.table_ids,
        only_keep=old.is_pinned,
    )

    def find() -> Seating | None:
        stays = looks.stays(db, venue, [old.service_date], now=now, but=old.id)
        return place(venue, stays[old.service_date], party)

    found = settled(db, venue, find) or Seating(table_ids=old.table_ids, unmet=wished)
    new = replace(
        old,
        table_ids=found.table_ids,
        features=tuple(sorted(wished - found.unmet)),
        unmet=tuple(sorted(found.unmet)),
    )
    return ledger.rewrite(db, venue, old, new, moves=found.moves, actor=GUEST, now=now)


def propose(
    db: Connection, venue: Venue, reservation_id: int, wish: Wish, *, now: datetime
) -> Offer:
    """Look whether a guest's reservation could be amended, without changing or promising anything.

    Raises:
        NoAvailability, TooLate, IllegalStep: as `amend` would.

    """
    old = lookups.get(db, venue.id, reservation_id)
    check_amendable(venue, old, wish, actor=GUEST, now=now)
    wish = _with_features(wish, old)
    return look(db, venue, wish, now=now, but=old.id, seeker=as_before(old))


def cancel(
    db: Connection, venue: Venue, reservation_id: int, *, actor: str = GUEST, now: datetime
) -> Reservation:
    """Give up a reservation or a request, or let a hold go. What is cancelled already stays so.

    The staff may do it after the cut-off; the history keeps that they did.

    Raises:
        TooLate: a guest asks after the cut-off.
        IllegalStep: the party sits here, it is over, or its hold has run out.

    """
    found = lookups.get(db, venue.id, reservation_id, lock=True)
    if found.state is State.CANCELLED:
        return found
    if found.state_at(now) in {State.EXPIRED, State.SEATED}:
        raise IllegalStep(found.code, found.state_at(now), State.CANCELLED)
    check_cutoff(venue, found, actor=actor, now=now)
    kind = Kind.RELEASED if found.state is State.HELD else Kind.CANCELLED
    bent = [CUTOFF] if is_final(venue, found, now=now) else ()
    return ledger.step(db, venue, found, State.CANCELLED, kind, actor=actor, bent=bent, now=now)


def release(db: Connection, venue: Venue, reservation_id: int, *, now: datetime) -> Reservation:
    """Let a hold go if it is still one; anything else is left as it is."""
    found = lookups.get(db, venue.id, reservation_id, lock=True)
    if found.state_at(now) is not State.HELD:
        return found
    return ledger.step(db, venue, found, State.CANCELLED, Kind.RELEASED, actor=GUEST, now=now)


def check_amendable(
    venue: Venue, old: Reservation, wish: Wish, *, actor: str, now: datetime
) -> None:
    """Refuse a change that the rules of the house do not allow, whatever is free.

    Raises:
        IllegalStep: it is over, or its hold has run out.
        TooLate: a guest asks after the cut-off.
        NoAvailability: the new size needs the approval of the staff.

    """
    state = old.state_at(now)
    if state is not State.HELD and state not in AGREED:
        raise IllegalStep(old.code, state, Kind.CHANGED)
    check_cutoff(venue, old, actor=actor, now=now)
    limit = venue.policy.approval_party_size
    grows = wish.party_size > old.party_size and wish.party_size >= limit
    if grows and state is State.RESERVED and actor == GUEST:
        raise NoAvailability(Reason.NEEDS_APPROVAL, {"approval_party_size": limit})


def check_cutoff(venue: Venue, found: Reservation, *, actor: str, now: datetime) -> None:
    """Refuse a guest who comes after the cut-off for changes and cancellations.

    Raises:
        TooLate: with the start and the cut-off.

    """
    if actor == GUEST and is_final(venue, found, now=now):
        raise TooLate(found.id, found.starts_at, venue.policy.cancel_cutoff_minutes)


def is_final(venue: Venue, found: Reservation, *, now: datetime) -> bool:
    """Tell whether only the staff may still change or cancel a visit at an instant (UTC)."""
    closes_at = found.starts_at - timedelta(minutes=venue.policy.cancel_cutoff_minutes)
    return found.state in AGREED and now > closes_at


def wish_of(venue: Venue, found: Reservation) -> Wish:
    """The wish that a reservation fulfils, in the venue's calendar and clock."""
    local = venue.local(found.starts_at).replace(tzinfo=None, fold=0)
    return Wish(party_size=found.party_size, date=local.date(), time=local.time())


def _lock(db: Connection, venue: Venue, found: Reservation, wish: Wish, *, now: datetime) -> None:
    """Lock the service dates of a reservation and of a wish, in one call."""
    dates = {found.service_date, venue.service_date_of(wish.date, wish.time)}
    lock_and_sweep(db, venue, dates, now=now)
