"""A house that decides on requests one after the other, and checks itself at each step."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from booking.floor import FloorPlan
from booking.seating import Party, Seating, Stay, occupied
from proof.evenings.admission import everybody
from proof.evenings.requests import Request

#: How long a table is not given away after a party has left it.
BUFFER = timedelta()

Decide = Callable[[FloorPlan, Sequence[Stay], Party], Seating | None]
Admit = Callable[[FloorPlan, Sequence[Stay], Request], bool]


@dataclass(frozen=True, slots=True)
class Decision:
    """A request, who was there when it came, and what was decided."""

    request: Request
    party: Party
    before: tuple[Stay, ...]
    found: Seating | None


def run(
    floor: FloorPlan, requests: Iterable[Request], decide: Decide, admit: Admit = everybody
) -> Iterator[Decision]:
    """Take or refuse requests in the order in which they come."""
    book: dict[int, tuple[Request, Stay]] = {}
    for number, request in enumerate(requests, 1):
        book = {n: (r, s) for n, (r, s) in book.items() if not _has_left(r, request)}
        before = tuple(stay for _, stay in book.values())
        party = party_of(request)
        found = decide(floor, before, party) if admit(floor, before, request) else None
        if found:
            for move in found.moves:
                asked, stay = book[move.reservation_id]
                check_move(stay)
                book[move.reservation_id] = asked, stay._replace(table_ids=move.table_ids)
            book[number] = request, stay_of(number, request, found)
            check(floor, [stay for _, stay in book.values()])
        yield Decision(request, party, before, found)


def covers(decisions: Iterable[Decision]) -> int:
    """How many come in the end: taken, and not cancelled."""
    return sum(d.request.party_size for d in decisions if d.found and not d.request.cancelled_at)


def party_of(request: Request) -> Party:
    """A request as the seating plan sees it."""
    return Party(
        party_size=request.party_size,
        starts_at=request.starts_at,
        ends_at=request.ends_at,
        features=request.features,
    )


def stay_of(number: int, request: Request, found: Seating) -> Stay:
    """A request that was taken."""
    return Stay(
        number,
        request.party_size,
        request.starts_at,
        request.ends_at,
        found.table_ids,
        is_fixed=request.is_pinned,
        features=request.features - found.unmet,
    )


def check_move(stay: Stay) -> None:
    """See that whoever moves may be moved."""
    if stay.is_fixed:
        raise AssertionError(f"{stay} was promised its table")


def check(floor: FloorPlan, stays: Sequence[Stay]) -> None:
    """See that all sit at a place for them, and nobody where somebody else does."""
    for number, stay in enumerate(stays):
        others = [*stays[:number], *stays[number + 1 :]]
        if not occupied(others, stay.starts_at, stay.ends_at, BUFFER).isdisjoint(stay.table_ids):
            raise AssertionError(f"{stay} does not sit alone")
        places = {p.table_ids: p.features for p in floor.places(stay.party_size, stay.audience)}
        if not stay.features <= places[stay.table_ids]:
            raise AssertionError(f"{stay} does not have what it was promised")


def _has_left(booked: Request, later: Request) -> bool:
    return booked.cancelled_at is not None and booked.cancelled_at <= later.asked_at
