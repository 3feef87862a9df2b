"""Why a wish cannot be had, for the staff: the rule that stands against it, and what would help."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import availability, guest_limits, looking, looks, models
from booking.availability import Offer, Seeker
from booking.bending import STAFF, Bend, Way, bending, ways
from booking.errors import NoAvailability, Reason
from booking.lifecycle import UNDECIDED
from booking.rules import Refusal, Wish
from booking.venue import Venue


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """How it stands with a wish.

    Attributes:
        offer: what it gets by the rules; None when it is refused.
        refusal: the first rule that stands against it.
        ways: each rule that alone would have to bend, and what the wish would get then.
        bends: all rules that would have to bend together, where no single one is enough.
        frees_at: when a hold or request in its way runs out (UTC), if that would be enough.
        nearest: the nearest times that can be had.
    """

    offer: Offer | None = None
    refusal: Refusal | None = None
    ways: tuple[Way, ...] = ()
    bends: tuple[Bend, ...] = ()
    frees_at: datetime | None = None
    nearest: tuple[Offer, ...] = ()


def explain(db: Connection, venue: Venue, wish: Wish, *, now: datetime) -> Explanation:
    """Explain to the staff how it stands with a wish; promises and changes nothing.

    Args:
        db: any transaction.
        venue: whose rules and book.
        wish: what is asked for.
        now: the instant (UTC).

    """
    day = venue.service_date_of(wish.date, wish.time)
    stays = looks.stays(db, venue, [day], now=now)[day]
    found = availability.check(venue, stays, wish, now=now, seeker=STAFF)
    if isinstance(found, Offer):
        return Explanation(offer=found)
    alone = ways(venue, stays, wish, found, now=now)
    outcome, bends = bending(venue, stays, wish, now=now)
    together = bends if isinstance(outcome, Offer) and not alone else ()
    near = looking.near(db, venue, wish, now=now)
    frees_at = _frees_at(db, venue, wish, day, now=now) if found.reason in _WAITABLE else None
    return Explanation(refusal=found, ways=alone, bends=together, frees_at=frees_at, nearest=near)


def what_bends(
    db: Connection,
    venue: Venue,
    wish: Wish,
    *,
    guest_id: int | None = None,
    but: int | None = None,
    seeker: Seeker = STAFF,
    now: datetime,
) -> tuple[Offer | Refusal, tuple[Bend, ...]]:
    """Look which rules of the house stand against an entry or a change; promises nothing.

    Args:
        db: any transaction.
        venue: whose rules and book.
        wish: what is asked for.
        guest_id: for whom, when known; a second visit of theirs is one of the rules.
        but: the reservation that would be changed, and so takes no room.
        seeker: who asks.
        now: the instant (UTC).

    Returns:
        What it would get if they bent, or what cannot bend; and those rules.

    """
    day = venue.service_date_of(wish.date, wish.time)
    seen = looks.read(db, venue, [day], now=now, guest_id=guest_id, but=but)
    found, bends = bending(venue, seen.stays[day], wish, now=now, seeker=seeker)
    if isinstance(found, Offer):
        try:
            guest_limits.check_second(seen.visits, found)
        except NoAvailability as second:
            bends = (*bends, Bend(rule=second.reason, fields=second.fields))
    return found, bends


#: What may be over when a hold or a request has run out.
_WAITABLE = frozenset({Reason.NO_TABLE, Reason.PACING})


def _frees_at(
    db: Connection, venue: Venue, wish: Wish, day: date, *, now: datetime
) -> datetime | None:
    """When what is undecided has run out so far that there is a place (UTC)."""
    for until in _ends(db, venue, day, now=now):
        stays = looks.stays(db, venue, [day], now=until)[day]
        if isinstance(availability.check(venue, stays, wish, now=now, seeker=STAFF), Offer):
            return until
    return None


def _ends(db: Connection, venue: Venue, day: date, *, now: datetime) -> Sequence[datetime]:
    row = models.Reservation
    open_ends = sa.select(row.held_until).where(
        row.venue_id == venue.id,
        row.service_date == day,
        row.state.in_(UNDECIDED),
        row.held_until > now,
    )
    found = db.execute(open_ends.distinct().order_by(row.held_until)).scalars()
    return [until for until in found if until is not None]
