"""Reading the book: reservations as values."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import models
from booking.errors import UnknownReservation
from booking.lifecycle import AGREED, UNDECIDED, State


@dataclass(frozen=True, kw_only=True)
class Reservation:
    """One reservation as it stands in the book. Instants in UTC."""

    id: int
    venue_id: int
    code: str
    guest_id: int
    state: State
    party_size: int
    service_date: date
    starts_at: datetime
    ends_at: datetime
    held_until: datetime | None
    request: str | None
    note: str | None
    features: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()
    is_pinned: bool = False
    late_minutes: int | None = None
    source: str
    request_key: str | None = None
    version: int
    created_at: datetime
    table_ids: tuple[int, ...]

    def state_at(self, now: datetime) -> State:
        """The state at an instant: what has run out is expired, swept or not."""
        ran_out = self.state in UNDECIDED and self.held_until and self.held_until <= now
        return State.EXPIRED if ran_out else self.state


def fetch(
    db: Connection, *conditions: sa.ColumnElement[bool], lock: bool = False
) -> list[Reservation]:
    """Reservations that meet all conditions, by start.

    Args:
        db: the transaction.
        conditions: on `models.Reservation`.
        lock: lock their rows until the transaction ends.

    """
    row = models.Reservation
    query = sa.select(row.__table__).where(*conditions).order_by(row.starts_at, row.id)
    rows = db.execute(query.with_for_update() if lock else query).mappings().all()
    at: dict[int, list[int]] = defaultdict(list)
    # Asked after the lock: rows that were read before it may be older than what they belong to.
    ids = [found["id"] for found in rows]
    for reservation_id, table_id in db.execute(_TABLES, {"ids": ids}) if ids else ():
        at[reservation_id].append(table_id)
    return [_reservation(dict(found), tuple(at[found["id"]])) for found in rows]


_seat = models.Occupancy
_TABLES = (
    sa.select(_seat.reservation_id, _seat.table_id)
    .where(_seat.reservation_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(_seat.id)
)


def _reservation(found: dict[str, Any], table_ids: tuple[int, ...]) -> Reservation:
    lists = {key: tuple(found[key] or ()) for key in ("features", "unmet")}
    return Reservation(**{**found, **lists, "state": State(found["state"])}, table_ids=table_ids)


def get(db: Connection, venue_id: int, reservation_id: int, *, lock: bool = False) -> Reservation:
    """One reservation of a venue.

    Raises:
        UnknownReservation: this venue has none with this id.

    """
    found = fetch(db, *of(venue_id, reservation_id), lock=lock)
    if not found:
        raise UnknownReservation(reservation_id)
    return found[0]


def of(venue_id: int, reservation_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions of one reservation of one venue."""
    row = models.Reservation
    return (row.venue_id == venue_id, row.id == reservation_id)


def expected(db: Connection, venue_id: int, *, now: datetime) -> list[Reservation]:
    """All who are expected or sit at a venue, by start."""
    row = models.Reservation
    states = row.state.in_({*AGREED, State.SEATED})
    found = fetch(db, row.venue_id == venue_id, states, row.ends_at > now)
    return [each for each in found if each.state_at(now) is not State.EXPIRED]


def by_code(db: Connection, venue_id: int, code: str) -> Reservation | None:
    """The reservation with this code, however it was typed."""
    row = models.Reservation
    found = fetch(db, row.venue_id == venue_id, row.code == code.strip().upper())
    return found[0] if found else None


def by_request_key(db: Connection, venue_id: int, key: str) -> Reservation | None:
    """The reservation that was made under a key of its caller."""
    row = models.Reservation
    found = fetch(db, row.venue_id == venue_id, row.request_key == key)
    return found[0] if found else None


def was_requested(db: Connection, reservation_id: int) -> bool:
    """Tell whether a reservation was ever put to the staff."""
    row = models.BookingEvent
    asked = sa.exists().where(row.reservation_id == reservation_id, row.to_state == State.REQUESTED)
    return bool(db.execute(sa.select(asked)).scalar_one())


def upcoming(db: Connection, venue_id: int, guest_id: int, *, now: datetime) -> list[Reservation]:
    """What a guest has agreed on and has not yet been to, by start."""
    row = models.Reservation
    theirs = (row.venue_id == venue_id, row.guest_id == guest_id)
    found = fetch(db, *theirs, row.state.in_(AGREED), row.ends_at > now)
    return [each for each in found if each.state_at(now) in AGREED]


def waiting(db: Connection, venue_id: int, *, now: datetime) -> list[Reservation]:
    """The requests that wait for the staff's decision, by start; none whose time is over."""
    row = models.Reservation
    found = fetch(db, row.venue_id == venue_id, row.state == State.REQUESTED, row.ends_at > now)
    return [each for each in found if each.state_at(now) is State.REQUESTED]
