"""What a guest has done so far: visits, no-shows, cancellations, and each step of each of them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import lookups, models
from booking.events import Kind
from booking.lifecycle import AGREED, State
from booking.lookups import Reservation
from booking.reservations import CUTOFF
from booking.venue import Venue

_BEEN = frozenset({State.SEATED, State.FINISHED})


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a visit: what was done, by whom (`events.GUEST` ...) and when (UTC)."""

    kind: Kind
    actor: str
    at: datetime
    from_state: State | None
    to_state: State
    party_size: int
    starts_at: datetime
    tables: tuple[str, ...]
    bent: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A visit that was agreed once, or is on its way to it, and all that became of it, in order."""

    reservation: Reservation
    state: State
    steps: tuple[Step, ...]

    def is_kept(self, now: datetime) -> bool:
        """Tell whether the party was here: seated by the staff, or nobody said otherwise."""
        over = self.state is State.RESERVED and self.reservation.ends_at <= now
        return self.state in _BEEN or over

    @property
    def cancellation(self) -> Step | None:
        """The step that ended an agreed visit before it began."""
        if self.state is not State.CANCELLED:
            return None
        ended = (step for step in reversed(self.steps) if step.kind is Kind.CANCELLED)
        last = next(ended, None)
        return last if last and last.from_state in AGREED else None


@dataclass(frozen=True, kw_only=True)
class History:
    """A guest's past and future at a venue, newest visit first.

    Attributes:
        visits: how often they were here; also who was expected and never said to be missing.
        no_shows: how often they did not come.
        cancelled: how many agreed visits were cancelled, by whomever.
        cancelled_late: how many of those after the cut-off, by the staff in their name.
    """

    visits: int
    no_shows: int
    cancelled: int
    cancelled_late: int
    listed: Sequence[Visit]


def history(db: Connection, venue: Venue, guest_id: int, *, now: datetime) -> History:
    """All that a guest of a venue ever had in the book, but for holds that came to nothing.

    Args:
        db: any transaction.
        venue: whose book.
        guest_id: whose visits.
        now: the instant (UTC).

    """
    row = models.Reservation
    found = lookups.fetch(db, row.venue_id == venue.id, row.guest_id == guest_id)
    steps = _steps(db, [each.id for each in found])
    visits = [
        Visit(reservation=each, state=each.state_at(now), steps=tuple(steps[each.id]))
        for each in reversed(found)
        if any(step.to_state is not State.HELD for step in steps[each.id] if not _is_end(step))
    ]
    ended = [visit.cancellation for visit in visits if visit.cancellation]
    return History(
        visits=sum(visit.is_kept(now) for visit in visits),
        no_shows=sum(visit.state is State.NO_SHOW for visit in visits),
        cancelled=len(ended),
        cancelled_late=sum(CUTOFF in step.bent for step in ended),
        listed=visits,
    )


def no_shows(db: Connection, guest_ids: Collection[int]) -> dict[int, int]:
    """How often each of these guests did not come; who always came is left out."""
    row = models.Reservation
    query = sa.select(row.guest_id, sa.func.count()).where(
        row.guest_id.in_(guest_ids), row.state == State.NO_SHOW
    )
    return {guest_id: int(count) for guest_id, count in db.execute(query.group_by(row.guest_id))}


def _is_end(step: Step) -> bool:
    return step.kind in {Kind.RELEASED, Kind.EXPIRED}


def _steps(db: Connection, reservation_ids: Collection[int]) -> dict[int, list[Step]]:
    row = models.BookingEvent
    columns = (
        *(row.reservation_id, row.kind, row.actor, row.at, row.from_state, row.to_state),
        *(row.party_size, row.starts_at, row.tables, row.bent),
    )
    query = sa.select(*columns).where(row.reservation_id.in_(reservation_ids)).order_by(row.id)
    steps: dict[int, list[Step]] = defaultdict(list)
    for found in db.execute(query):
        steps[found.reservation_id].append(
            Step(
                kind=Kind(found.kind),
                actor=found.actor,
                at=found.at,
                from_state=State(found.from_state) if found.from_state else None,
                to_state=State(found.to_state),
                party_size=found.party_size,
                starts_at=found.starts_at,
                tables=tuple(found.tables),
                bent=tuple(found.bent or ()),
            )
        )
    return steps
