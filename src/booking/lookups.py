"""Reading the book: reservations as values, and the stays that availability looks at."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import models
from booking.errors import UnknownReservation
from booking.lifecycle import AGREED, State
from booking.seating import NOBODY, Stay


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
    source: str
    version: int
    created_at: datetime
    table_ids: tuple[int, ...]

    def state_at(self, now: datetime) -> State:
        """The state at an instant: a hold that has run out is expired, swept or not."""
        ran_out = self.state is State.HELD and self.held_until and self.held_until <= now
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
    seats = models.Occupancy
    at: dict[int, list[int]] = defaultdict(list)
    tables = sa.select(seats.reservation_id, seats.table_id).order_by(seats.id)
    for reservation_id, table_id in db.execute(
        tables.where(seats.reservation_id.in_([r["id"] for r in rows]))
    ):
        at[reservation_id].append(table_id)
    return [
        Reservation(**{**r, "state": State(r["state"])}, table_ids=tuple(at[r["id"]])) for r in rows
    ]


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
    return fetch(db, row.venue_id == venue_id, states, row.ends_at > now)


def by_code(db: Connection, venue_id: int, code: str) -> Reservation | None:
    """The reservation with this code, however it was typed."""
    row = models.Reservation
    found = fetch(db, row.venue_id == venue_id, row.code == code.strip().upper())
    return found[0] if found else None


def upcoming(db: Connection, venue_id: int, guest_id: int, *, now: datetime) -> list[Reservation]:
    """What a guest has agreed on and has not yet been to, by start."""
    row = models.Reservation
    return fetch(
        db,
        row.venue_id == venue_id,
        row.guest_id == guest_id,
        row.state.in_(AGREED),
        row.ends_at > now,
    )


def waiting(db: Connection, venue_id: int, *, now: datetime) -> list[Reservation]:
    """The requests that wait for the staff's decision, by start; none whose time is over."""
    row = models.Reservation
    return fetch(db, row.venue_id == venue_id, row.state == State.REQUESTED, row.ends_at > now)


#: Statements on the way of every hold are built once: that takes longer than to run them.
_PARTIES = (
    sa.select(
        models.Reservation.service_date,
        models.Reservation.id,
        models.Reservation.party_size,
        models.Occupancy.starts_at,
        models.Occupancy.ends_at,
        models.Occupancy.table_id,
    )
    .join(models.Occupancy, models.Occupancy.reservation_id == models.Reservation.id)
    .where(
        models.Reservation.venue_id == sa.bindparam("venue_id"),
        models.Reservation.service_date.in_(sa.bindparam("dates", expanding=True)),
        models.Occupancy.live,
        (models.Reservation.state != State.HELD)
        | (models.Reservation.held_until > sa.bindparam("now")),
    )
)
_CLOSINGS = sa.select(
    sa.null().cast(sa.Date),
    sa.literal(NOBODY),
    sa.literal(0),
    models.Closing.starts_at,
    models.Closing.ends_at,
    models.Closing.table_id,
).where(
    models.Closing.venue_id == sa.bindparam("venue_id"),
    models.Closing.ends_at > sa.bindparam("now"),
    models.Closing.lifted_at.is_(None),
)
_STAYS: sa.Executable = sa.union_all(_PARTIES, _CLOSINGS).order_by(sa.text("2"))


def stays(
    db: Connection,
    venue_id: int,
    dates: Collection[date],
    *,
    now: datetime,
    but: int | None = None,
) -> dict[date, list[Stay]]:
    """Who occupies tables on these service dates; a hold that has run out occupies none.

    Closings are among them, as stays of nobody.

    Args:
        db: the transaction.
        venue_id: the venue.
        dates: the service dates.
        now: the instant of the question (UTC).
        but: a reservation to leave out, because it is about to move.

    """
    found = db.execute(_STAYS, {"venue_id": venue_id, "dates": list(dates), "now": now})
    evenings: dict[date, dict[int, Stay]] = {day: {} for day in dates}
    closed: list[Stay] = []
    for day, number, party_size, starts_at, ends_at, table_id in found:
        if number == but:
            continue
        if number == NOBODY:
            closed.append(Stay(NOBODY, 0, starts_at, ends_at, (table_id,) if table_id else ()))
            continue
        known = evenings[day].get(number)
        table_ids = (*known.table_ids, table_id) if known else (table_id,)
        evenings[day][number] = Stay(number, party_size, starts_at, ends_at, table_ids)
    return {day: [*evening.values(), *closed] for day, evening in evenings.items()}
