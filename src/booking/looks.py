"""One look at service dates: all that must be known before a place is given away, in one query.

Who occupies tables, what has run out and is not written down yet, whether somebody on the waitlist
comes first, and what the guest who asks has ahead. Every hold waits for this one answer.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import models
from booking.floor import Audience
from booking.seating import NOBODY, Stay
from booking.venue import Venue

#: As whom a party came by its place, by where its reservation came from; a guest if not named.
_AUDIENCES = {
    "staff": Audience.STAFF,
    "import": Audience.STAFF,
    "walk_in": Audience.WALK_IN,
}
#: Stand for the reservation of a row that tells of something else.
_SOMEBODY, _VISIT = -1, -2


@dataclass(frozen=True, slots=True)
class Visit:
    """A time for which a guest has, or may have, a table (UTC); `is_agreed` unless it is held."""

    id: int
    code: str
    is_agreed: bool
    starts_at: datetime
    ends_at: datetime


class Look(NamedTuple):
    """What one look at service dates shows.

    Attributes:
        stays: who occupies tables, by date; closings are among them as stays of nobody.
        awaited: dates on which it is time to look for a place for who is on the waitlist.
        ran_out: dates on which a hold or a request has run out, and still stands in the rows.
        visits: what the guest who asks has ahead, on whatever date.

    """

    stays: dict[date, list[Stay]]
    awaited: frozenset[date]
    ran_out: frozenset[date]
    visits: tuple[Visit, ...]


def audience_of(source: str) -> Audience:
    """As whom a party came by its place, by where its reservation came from."""
    return _AUDIENCES.get(source, Audience.GUEST)


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
    guest_id: int | None = None,
) -> Look:
    """Look at service dates; what has run out occupies no table.

    Closings are among the stays, those of the venue file too, as stays of nobody.

    Args:
        db: the transaction.
        venue: the venue.
        dates: the service dates; they are read from the first to the last.
        now: the instant of the question (UTC).
        but: a reservation to leave out, because it is about to move.
        guest_id: whose visits are asked for as well.

    """
    asked = {
        "venue_id": venue.id,
        "first": min(dates),
        "last": max(dates),
        "now": now,
        "guest_id": guest_id or 0,
    }
    seen = _Seen(dates, but)
    seen.add(db.execute(_LOOK, asked).all())
    return seen.look(venue)


class _Seen:
    """The rows of a look, put in order."""

    def __init__(self, dates: Collection[date], but: int | None) -> None:
        self._evenings: dict[date, dict[int, Stay]] = {day: {} for day in dates}
        self._days: dict[Any, date] = {raw: day for day in dates for raw in (day, str(day))}
        self._instants: dict[Any, datetime] = {}  # most parties share theirs with others
        self._but = but
        self._closed: list[Stay] = []
        self._awaited: set[date] = set()
        self._ran_out: set[date] = set()
        self._visits: list[Visit] = []

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        """Take rows; what the flag and the text of one say depends on what it tells of."""
        instants, days, evenings = self._instants, self._days, self._evenings
        for row in rows:
            day, number, size, begin, end, table_id, flag, source, features = row
            if number <= NOBODY:
                self._add_other(row)
            elif number == self._but or day not in days:
                continue
            elif flag == _RAN_OUT:
                self._ran_out.add(days[day])
            else:
                evening = evenings[days[day]]
                known = evening.get(number)
                evening[number] = Stay(
                    number,
                    size,
                    instants.get(begin) or self._instant(begin),
                    instants.get(end) or self._instant(end),
                    (*known.table_ids, table_id) if known else (table_id,),
                    flag == _FIXED,
                    _AUDIENCES.get(source, Audience.GUEST),
                    _features(features) if features else _NO_FEATURES,
                )

    def _add_other(self, row: Sequence[Any]) -> None:
        """Take a row that tells of no party: a closing, who waits, or a visit of the guest."""
        day, number, size, begin, end, table_id, flag, text, _ = row
        if number == NOBODY:
            span, tables = self._span(begin, end), (table_id,) if table_id else ()
            self._closed.append(Stay(NOBODY, 0, *span, tables))
        elif number == _SOMEBODY:
            self._awaited.update({self._days[day]} if day in self._days else ())
        else:
            self._visits.append(Visit(size, text, flag == _AGREED, *self._span(begin, end)))

    def _span(self, begin: Any, end: Any) -> tuple[datetime, datetime]:
        return self._instant(begin), self._instant(end)

    def _instant(self, raw: Any) -> datetime:
        """An instant (UTC) as the driver gives it: SQLite has texts."""
        if isinstance(raw, str):
            found = datetime.fromisoformat(f"{raw}+00:00").astimezone(UTC)
        else:
            found = raw.astimezone(UTC)
        self._instants[raw] = found
        return found

    def look(self, venue: Venue) -> Look:
        """All that was seen."""
        return Look(
            stays={
                day: [*(evening[n] for n in sorted(evening)), *self._closed, *venue.shut_on(day)]
                for day, evening in self._evenings.items()
            },
            awaited=frozenset(self._awaited),
            ran_out=frozenset(self._ran_out),
            visits=tuple(self._visits),
        )


#: What the flag of a row says: of a party, or of a visit of the guest.
_LOOSE, _FIXED, _RAN_OUT = 0, 1, 2
_HELD, _AGREED = 0, 1
_NO_FEATURES: frozenset[str] = frozenset()


def _features(raw: Any) -> frozenset[str]:
    """What a party was promised, as the driver gives it: SQLite has texts."""
    return frozenset(json.loads(raw) if isinstance(raw, str) else raw)


def _raw(column: Any) -> Any:
    """A column without the work of its type: a look has several of them a row."""
    return sa.type_coerce(column, sa.String)


# The statement is built once, and its constants are written out: that takes longer than to run it,
# and SQLite sees only so which partial index fits.
_row, _seat, _closing, _entry = (
    models.Reservation,
    models.Occupancy,
    models.Closing,
    models.WaitlistEntry,
)
_IS_UNDECIDED: sa.ColumnElement[bool] = sa.literal_column(
    "reservation.state IN ('held', 'requested')"
)
_RUN_OUT = sa.and_(_IS_UNDECIDED, _row.held_until <= sa.bindparam("now"))
_NO_TEXT: Any = sa.literal_column("''", sa.String)
_PARTIES = (
    sa.select(
        _raw(_row.service_date),
        _row.id,
        _row.party_size,
        _raw(_seat.starts_at),
        _raw(_seat.ends_at),
        _seat.table_id,
        sa.case(
            (_RUN_OUT, sa.literal_column(str(_RAN_OUT))),
            (
                _row.is_pinned | sa.literal_column("reservation.state = 'seated'"),
                sa.literal_column(str(_FIXED)),
            ),
            else_=sa.literal_column(str(_LOOSE)),
        ),
        _row.source,
        _raw(_row.features),
    )
    .join(_seat, _seat.reservation_id == _row.id)
    .where(
        _row.venue_id == sa.bindparam("venue_id"),
        _row.service_date.between(sa.bindparam("first"), sa.bindparam("last")),
        _seat.live,
    )
)
_CLOSINGS = sa.select(
    sa.null().cast(sa.Date),
    sa.literal_column(str(NOBODY)),
    sa.literal_column("0"),
    _raw(_closing.starts_at),
    _raw(_closing.ends_at),
    _closing.table_id,
    sa.literal_column(str(_FIXED)),
    _NO_TEXT,
    sa.null().cast(sa.JSON),
).where(
    _closing.venue_id == sa.bindparam("venue_id"),
    _closing.ends_at > sa.bindparam("now"),
    _closing.lifted_at.is_(None),
)
_AWAITED = sa.select(
    _raw(_entry.service_date),
    sa.literal_column(str(_SOMEBODY)),
    _entry.party_size,
    _raw(_entry.starts_from),
    _raw(_entry.starts_to),
    sa.null().cast(sa.Integer),
    sa.literal_column("0"),
    _NO_TEXT,
    sa.null().cast(sa.JSON),
).where(
    _entry.venue_id == sa.bindparam("venue_id"),
    _entry.service_date.between(sa.bindparam("first"), sa.bindparam("last")),
    sa.literal_column("waitlist_entry.state = 'waiting'"),
    _entry.look_at <= sa.bindparam("now"),
)
_VISITS = sa.select(
    sa.null().cast(sa.Date),
    sa.literal_column(str(_VISIT)),
    _row.id,
    _raw(_row.starts_at),
    _raw(_row.ends_at),
    sa.null().cast(sa.Integer),
    sa.case(
        (sa.literal_column("reservation.state = 'held'"), sa.literal_column(str(_HELD))),
        else_=sa.literal_column(str(_AGREED)),
    ),
    _row.code,
    sa.null().cast(sa.JSON),
).where(
    _row.venue_id == sa.bindparam("venue_id"),
    _row.guest_id == sa.bindparam("guest_id"),
    _row.ends_at > sa.bindparam("now"),
    sa.literal_column("reservation.state IN ('held', 'requested', 'reserved')"),
    ~_RUN_OUT | _row.held_until.is_(None),
)
_LOOK: sa.Executable = sa.union_all(_PARTIES, _CLOSINGS, _AWAITED, _VISITS)
