"""Reading the book: reservations as values, and the stays that availability looks at."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import models
from booking.errors import UnknownReservation
from booking.floor import Audience
from booking.lifecycle import AGREED, LIVE, UNDECIDED, State
from booking.seating import NOBODY, Stay
from booking.venue import Venue


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
    seats = models.Occupancy
    at: dict[int, list[int]] = defaultdict(list)
    tables = sa.select(seats.reservation_id, seats.table_id).order_by(seats.id)
    for reservation_id, table_id in db.execute(
        tables.where(seats.reservation_id.in_([r["id"] for r in rows]))
    ):
        at[reservation_id].append(table_id)
    return [_reservation(dict(found), tuple(at[found["id"]])) for found in rows]


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


@dataclass(frozen=True, slots=True)
class Visit:
    """A time for which a guest has, or may have, a table."""

    id: int
    code: str
    state: State
    starts_at: datetime
    ends_at: datetime


_OF_GUEST = sa.select(
    models.Reservation.id,
    models.Reservation.code,
    models.Reservation.state,
    models.Reservation.starts_at,
    models.Reservation.ends_at,
).where(
    models.Reservation.venue_id == sa.bindparam("venue_id"),
    models.Reservation.guest_id == sa.bindparam("guest_id"),
    models.Reservation.ends_at > sa.bindparam("now"),
    models.Reservation.state.in_(LIVE - {State.SEATED}),
    models.Reservation.state.not_in(UNDECIDED)
    | models.Reservation.held_until.is_(None)
    | (models.Reservation.held_until > sa.bindparam("now")),
)


def occupying(db: Connection, venue_id: int, guest_id: int, *, now: datetime) -> list[Visit]:
    """What a guest has ahead, holds that still stand among it."""
    found = db.execute(_OF_GUEST, {"venue_id": venue_id, "guest_id": guest_id, "now": now})
    return [Visit(number, code, State(state), *span) for number, code, state, *span in found]


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


#: Statements on the way of every hold are built once: that takes longer than to run them.
_row, _seat, _closing = models.Reservation, models.Occupancy, models.Closing
_entry = models.WaitlistEntry
_PARTIES = (
    sa.select(
        _row.service_date,
        _row.id,
        _row.party_size,
        _seat.starts_at,
        _seat.ends_at,
        _seat.table_id,
        (_row.is_pinned | (_row.state == State.SEATED)).label("is_fixed"),
        _row.source,
        _row.features,
    )
    .join(_seat, _seat.reservation_id == _row.id)
    .where(
        _row.venue_id == sa.bindparam("venue_id"),
        _row.service_date.in_(sa.bindparam("dates", expanding=True)),
        _seat.live,
        _row.state.not_in(UNDECIDED)
        | _row.held_until.is_(None)
        | (_row.held_until > sa.bindparam("now")),
    )
)
_CLOSINGS = sa.select(
    sa.null().cast(sa.Date),
    sa.literal(NOBODY),
    sa.literal(0),
    _closing.starts_at,
    _closing.ends_at,
    _closing.table_id,
    sa.true(),
    sa.literal(""),
    sa.null().cast(sa.JSON),
).where(
    _closing.venue_id == sa.bindparam("venue_id"),
    _closing.ends_at > sa.bindparam("now"),
    _closing.lifted_at.is_(None),
)
#: Stands for the reservation of a row that tells of somebody on the waitlist.
_SOMEBODY = -1
_AWAITED = sa.select(
    _entry.service_date,
    sa.literal(_SOMEBODY),
    _entry.party_size,
    _entry.starts_from,
    _entry.starts_to,
    sa.null().cast(sa.Integer),
    sa.true(),
    sa.literal(""),
    sa.null().cast(sa.JSON),
).where(
    _entry.venue_id == sa.bindparam("venue_id"),
    _entry.service_date.in_(sa.bindparam("dates", expanding=True)),
    sa.literal_column("waitlist_entry.state = 'waiting'"),  # as in the partial index
    _entry.look_at <= sa.bindparam("now"),
)
_STAYS: sa.Executable = sa.union_all(_PARTIES, _CLOSINGS, _AWAITED).order_by(sa.text("2"))
_AUDIENCES = {
    "staff": Audience.STAFF,
    "import": Audience.STAFF,
    "walk_in": Audience.WALK_IN,
}


def audience_of(source: str) -> Audience:
    """As whom a party came by its place, by where its reservation came from."""
    return _AUDIENCES.get(source, Audience.GUEST)


class Look(NamedTuple):
    """What one look at service dates shows.

    Attributes:
        stays: who occupies tables, by date; closings are among them as stays of nobody.
        awaited: dates on which it is time to look for a place for who is on the waitlist.

    """

    stays: dict[date, list[Stay]]
    awaited: frozenset[date]


def stays(
    db: Connection,
    venue: Venue,
    dates: Collection[date],
    *,
    now: datetime,
    but: int | None = None,
) -> dict[date, list[Stay]]:
    """Who occupies tables on these service dates; see `read`."""
    return read(db, venue, dates, now=now, but=but).stays


def read(
    db: Connection,
    venue: Venue,
    dates: Collection[date],
    *,
    now: datetime,
    but: int | None = None,
) -> Look:
    """Who occupies tables on these service dates; what has run out occupies none.

    Closings are among them, those of the venue file too, as stays of nobody. Whether anybody on
    the waitlist comes first is told by the same query: it is asked before every hold.

    Args:
        db: the transaction.
        venue: the venue.
        dates: the service dates.
        now: the instant of the question (UTC).
        but: a reservation to leave out, because it is about to move.

    """
    found = db.execute(_STAYS, {"venue_id": venue.id, "dates": list(dates), "now": now})
    evenings: dict[date, dict[int, Stay]] = {day: {} for day in dates}
    closed: list[Stay] = []
    awaited: set[date] = set()
    for day, number, size, starts_at, ends_at, table_id, is_fixed, source, features in found:
        if number == but:
            continue
        if number == _SOMEBODY:
            awaited.add(day)
            continue
        if number == NOBODY:
            closed.append(Stay(NOBODY, 0, starts_at, ends_at, (table_id,) if table_id else ()))
            continue
        known = evenings[day].get(number)
        table_ids = (*known.table_ids, table_id) if known else (table_id,)
        evenings[day][number] = Stay(
            number,
            size,
            starts_at,
            ends_at,
            table_ids,
            bool(is_fixed),
            audience_of(source),
            frozenset(features or ()),
        )
    found_stays = {
        day: [*evening.values(), *closed, *venue.shut_on(day)] for day, evening in evenings.items()
    }
    return Look(found_stays, frozenset(awaited))
