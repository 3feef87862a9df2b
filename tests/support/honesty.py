"""Whether a refusal is honest: a judge who tries every arrangement, with arithmetic of its own."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from evenings import Case, can_be_seated, clash
from machine_files import BUFFER, LONG, PACING, PARTIES, SHORT, SLOT

from booking import looks
from booking.floor import Audience
from booking.lifecycle import State
from booking.lookups import Reservation
from booking.seating import Party, Stay
from booking.venue import Venue

GAP = timedelta(minutes=BUFFER)
#: With more parties that could move there are too many arrangements to try.
MOST_MOVERS = 5


def ends_of(begin: datetime, size: int) -> datetime:
    return begin + timedelta(minutes=SHORT if size <= 2 else LONG)


def is_paced_out(others: Iterable[Reservation], begin: datetime, size: int) -> bool:
    """Tell whether so many start with a party that the house takes no more."""
    end = begin + timedelta(minutes=SLOT)
    there = [r.party_size for r in others if begin <= r.starts_at < end]
    return sum(there) + size > PACING or len(there) + 1 > PARTIES


def stays_of(alive: Iterable[Reservation], day: date) -> list[Stay]:
    """The parties of a book as the plan may move them: on this service date only."""
    return [
        Stay(
            r.id,
            r.party_size,
            r.starts_at,
            r.ends_at,
            r.table_ids,
            r.is_pinned or r.state is State.SEATED or r.service_date != day,
            looks.audience_of(r.source),
            frozenset(r.features),
        )
        for r in alive
    ]


def had_room(
    venue: Venue, stays: Sequence[Stay], size: int, begin: datetime, audience: Audience
) -> bool:
    """Tell whether a party could have been seated from an instant on (UTC), whoever moves."""
    party = Party(party_size=size, starts_at=begin, ends_at=ends_of(begin, size), audience=audience)
    near = _about(stays, party)
    # Left alone is who sits where somebody else does, where it is closed, or at a table that left.
    known = venue.floor.names.keys()
    odd = [_is_at_odds(s, near) or not known >= {*s.table_ids} for s in near]
    near = [s._replace(is_fixed=s.is_fixed or is_odd) for s, is_odd in zip(near, odd, strict=True)]
    if sum(not stay.is_fixed for stay in near) > MOST_MOVERS:
        near = [stay._replace(is_fixed=True) for stay in near]
    return can_be_seated(Case(venue.floor, tuple(near), party, GAP))


def _is_at_odds(stay: Stay, stays: Iterable[Stay]) -> bool:
    return any(other is not stay and clash(stay, other, GAP) for other in stays)


def _about(stays: Sequence[Stay], party: Party) -> list[Stay]:
    """Who sits there at that time, and at the times of those, and so on."""
    near: list[Stay] = []
    spans = [(party.starts_at, party.ends_at)]
    for begin, end in spans:  # which grows meanwhile
        more = [
            stay
            for stay in stays
            if stay not in near and stay.starts_at < end + GAP and begin < stay.ends_at + GAP
        ]
        near += more
        spans += ((stay.starts_at, stay.ends_at) for stay in more)
    return near
