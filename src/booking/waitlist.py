"""The waitlist: joining it and leaving it. What those who wait are given is in `openings.py`."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import takewhile
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import (
    availability,
    guest_limits,
    ledger,
    looking,
    looks,
    lookups,
    models,
    openings,
    waiting,
)
from booking.availability import Offer
from booking.events import GUEST, Kind
from booking.lifecycle import State
from booking.rules import Refusal, Wish, minutes_of
from booking.seating import Stay
from booking.service_periods import DAY_MINUTES, Slot
from booking.venue import Venue
from booking.waiting import Entry, EntryState

#: How far from the wished time a party waits that named no window.
AROUND_MINUTES = 60


def join(
    db: Connection,
    venue: Venue,
    wish: Wish,
    guest_id: int,
    *,
    request: str | None = None,
    source: str,
    now: datetime,
) -> Entry | Offer:
    """Let a guest wait for a place on a service date, unless there is one.

    A guest waits once a date: who joins again waits for the new wish instead, and keeps the place
    in line unless the party has grown. A wish without a window is for its time and an hour to each
    side, as far as nothing is free there: of other times the guest was told, and wants none.

    Args:
        db: a writing transaction.
        venue: the venue.
        wish: party size, calendar date and window.
        guest_id: who waits.
        request: what the guest asked for besides.
        source: where the wish came from; `staff` for whom the staff have to ring.
        now: the instant (UTC).

    Returns:
        The entry, or the offer that makes it unnecessary.

    Raises:
        NoAvailability: no opening could ever serve it, or the guest has enough ahead.
        Busy: the service date was locked for too long.

    """
    day = venue.service_date_of(wish.date, wish.time)
    looking.lock_and_sweep(db, venue, [day], now=now)
    slots = _window(venue, wish)
    never = availability.check(venue, [], _over(venue, wish, slots), now=now)
    if isinstance(never, Refusal):
        raise looking.refused(db, venue, wish, never, now=now)
    openings.serve_awaited(db, venue, day, now=now)  # they have waited longer
    stays = looks.stays(db, venue, [day], now=now)[day]
    slots = [slot for slot in slots if _can_be_had(venue, [], slot, wish, now=now)]
    if wish.time_to is None:
        slots = _full_around(venue, stays, slots, wish, now=now)
    wished_at = min(slots, key=lambda slot: _away(venue, wish, slot)).starts_at
    wish = _over(venue, wish, slots)
    found = availability.check(venue, stays, wish, now=now)
    if isinstance(found, Offer):
        return found
    _check_limit(db, venue, guest_id, now=now)
    who = {"venue_id": venue.id, "guest_id": guest_id, "service_date": day, "source": source}
    wanted = _wanted(wish, slots)
    new = {**wanted, "wished_at": wished_at, "request": request, "look_at": now}
    # It is due at once: a place may be coming free this very moment, and nobody saw us wait.
    return _enter(db, who, new, now=now)


def _wanted(wish: Wish, slots: Sequence[Slot]) -> dict[str, Any]:
    """What a party waits for, as the columns of its entry."""
    return {
        "party_size": wish.party_size,
        "starts_from": slots[0].starts_at,
        "starts_to": slots[-1].starts_at,
        "features": sorted(wish.features) or None,
    }


def leave(db: Connection, venue: Venue, entry: Entry, *, now: datetime) -> None:
    """End an entry: its guest would not wait any more, and lets go what is held for them."""
    looking.lock_and_sweep(db, venue, [entry.service_date], now=now)
    row = models.WaitlistEntry
    (entry,) = waiting.fetch(db, row.id == entry.id)
    if entry.state is EntryState.WAITING:
        ended = {"state": EntryState.LEFT, "ended_at": now}
        db.execute(sa.update(row).where(row.id == entry.id).values(ended))
    elif entry.state is EntryState.OFFERED and entry.reservation_id is not None:
        held = lookups.get(db, venue.id, entry.reservation_id, lock=True)
        kind = Kind.RELEASED if held.state is State.HELD else Kind.CANCELLED
        ledger.step(db, venue, held, State.CANCELLED, kind, actor=GUEST, now=now)


def _window(venue: Venue, wish: Wish) -> list[Slot]:
    """The slots of a wish; without a window those around its time, in the same period."""
    day, wished = venue.service_time_of(wish.date, wish.time)
    if wish.time_to is not None:
        last = wished + (minutes_of(wish.time_to) - minutes_of(wish.time)) % DAY_MINUTES
        return [slot for slot in venue.slots_on(day) if wished <= slot.minutes <= last]
    return [
        slot
        for slot in venue.slots_on(day)
        if abs(slot.minutes - wished) <= AROUND_MINUTES and slot.period.seats_at(wished)
    ]


def _away(venue: Venue, wish: Wish, slot: Slot) -> int:
    """How many minutes a slot is away from the wished time."""
    _, wished = venue.service_time_of(wish.date, wish.time)
    return abs(slot.minutes - wished)


def _over(venue: Venue, wish: Wish, slots: Sequence[Slot]) -> Wish:
    """The wish for any start from the first of these slots to the last."""
    if not slots:
        return wish
    first, last = (venue.local(slot.starts_at) for slot in (slots[0], slots[-1]))
    return replace(wish, date=first.date(), time=first.time(), time_to=last.time())


def _can_be_had(
    venue: Venue, stays: Sequence[Stay], slot: Slot, wish: Wish, *, now: datetime
) -> bool:
    return isinstance(availability.fit(venue, stays, slot, wish, now=now), Offer)


def _full_around(
    venue: Venue, stays: Sequence[Stay], slots: Sequence[Slot], wish: Wish, *, now: datetime
) -> list[Slot]:
    """The slots next to the wished time up to the first, on either side, that can be had."""
    at = min(range(len(slots)), key=lambda number: _away(venue, wish, slots[number]))
    if _can_be_had(venue, stays, slots[at], wish, now=now):
        return [slots[at]]

    def full(some: Iterable[Slot]) -> list[Slot]:
        return list(
            takewhile(lambda slot: not _can_be_had(venue, stays, slot, wish, now=now), some)
        )

    return [*reversed(full(reversed(slots[:at]))), *full(slots[at:])]


def _check_limit(db: Connection, venue: Venue, guest_id: int, *, now: datetime) -> None:
    """Refuse a guest who has enough ahead, what they wait for counted.

    Raises:
        NoAvailability: TOO_MANY.

    """
    visits = looks.read(db, venue, [venue.local(now).date()], now=now, guest_id=guest_id).visits
    entries = waiting.of_guest(db, venue.id, guest_id, now=now)
    guest_limits.check_count(venue, len(visits) + len(entries))


def _enter(db: Connection, known: dict[str, Any], new: dict[str, Any], *, now: datetime) -> Entry:
    """Write an entry, or change the one that there is; a party that grew goes to the end."""
    row = models.WaitlistEntry
    same = [getattr(row, name) == known[name] for name in ("venue_id", "guest_id", "service_date")]
    number = None
    for old in waiting.fetch(db, *same, waiting.IS_WAITING, lock=True):
        one = sa.update(row).where(row.id == old.id)
        if number is None and new["party_size"] <= old.party_size:
            number = old.id
            db.execute(one.values(new))
        else:
            db.execute(one.values(state=EntryState.LEFT, ended_at=now))
    if number is None:
        values = {**known, **new, "state": EntryState.WAITING, "created_at": now}
        number = db.execute(sa.insert(row).values(values).returning(row.id)).scalar_one()
    (entry,) = waiting.fetch(db, row.id == number)
    return entry
