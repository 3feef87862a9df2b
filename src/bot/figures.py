"""Figures of the house: what came in, went out, was held and was refused, read from the rows.

Each process can tell those of the whole house, and a restart forgets nothing. Counts are over all
rows, which are kept; labels are words of the house and slugs of venues, never anything of guests.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking.events import GUEST, HOUSE, Kind
from booking.lifecycle import State as Visit
from booking.models import BookingEvent, Refusal, Reservation, Venue
from bot import outbox
from bot.channels import SMS, TELEGRAM
from bot.models import InboundMessage, OutboundMessage, WorkerLife
from bot.outbox import State

#: Upper bounds of the buckets of reply times, in seconds.
REPLY_BUCKETS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0)
#: What waits longer than this has been forgotten, or nobody works.
OVERDUE_AFTER = timedelta(minutes=1)
#: Workers that were not seen for this long are missing: they give a sign every second.
WORKER_SILENT = timedelta(seconds=30)

_in, _out, _event = InboundMessage, OutboundMessage, BookingEvent
# Written out, as in the partial indexes: SQLite does not see that a parameter would fit them.
_NEW = sa.text("inbound_message.state = 'new'")
_OPEN = sa.text("outbound_message.state IN ('queued', 'sending', 'unknown')")
_UNDECIDED = sa.text("reservation.state IN ('held', 'requested')")
_WAITS = sa.and_(_OPEN, _out.state != State.UNKNOWN)


@dataclass(frozen=True, kw_only=True)
class Count:
    """What only rises: a number for each set of labels, the last column of its query."""

    name: str
    help: str
    labels: tuple[str, ...]
    query: sa.Select[Any]


@dataclass(frozen=True, kw_only=True)
class Level:
    """What rises and falls: a query for each value of its label.

    The queries may use `:now` and `:late`, which is a minute before, in UTC.
    """

    name: str
    help: str
    label: str
    queries: Mapping[str, sa.Select[Any]]


@dataclass(frozen=True, kw_only=True)
class ReplyTimes:
    """How long guests waited on a channel: replies in all, in seconds, and within each bucket."""

    channel: str
    replies: int
    seconds: float
    within: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Levels:
    """What waits at an instant.

    Args:
        rows: numbers by name of the figure and its label.
        ages: in seconds, of what has waited longest, by queue; 0 when nothing waits.
        worker_seen_at: the last sign of life of the workers (UTC).

    """

    rows: Mapping[str, Mapping[str, int]]
    ages: Mapping[str, float]
    worker_seen_at: datetime | None

    def sum(self, name: str) -> int:
        """All numbers of a figure together."""
        return sum(self.rows[name].values())


@dataclass(frozen=True, kw_only=True)
class Figures:
    """All figures of one look.

    Args:
        counts: rows by name of the figure: labels, then the number.
        reply_times: by channel.
        levels: what rises and falls.

    """

    counts: Mapping[str, Sequence[tuple[Any, ...]]]
    reply_times: Sequence[ReplyTimes]
    levels: Levels


def read(db: Connection, *, now: datetime) -> Figures:
    """Read all figures as of an instant (UTC)."""
    return Figures(
        counts={count.name: [tuple(row) for row in db.execute(count.query)] for count in COUNTS},
        reply_times=_reply_times(db),
        levels=levels(db, now=now),
    )


def levels(db: Connection, *, now: datetime) -> Levels:
    """Read what waits at an instant (UTC); quick, however much there ever was."""
    times = {"now": now, "late": now - OVERDUE_AFTER}
    return Levels(
        rows={
            level.name: {
                value: db.execute(query, times).scalar_one()
                for value, query in level.queries.items()
            }
            for level in LEVELS
        },
        ages={name: age(db, query, now=now) or 0.0 for name, query in OLDEST.items()},
        worker_seen_at=db.execute(WORKER_SEEN).scalar(),
    )


def age(db: Connection, query: sa.Select[Any], *, now: datetime) -> float | None:
    """Seconds since the instant that a query gives; None when it gives none."""
    since: datetime | None = db.execute(query, {"now": now}).scalar()
    return None if since is None else round((now - since).total_seconds(), 1)


def _reply_times(db: Connection) -> list[ReplyTimes]:
    """From the last of the messages that a reply answers until the provider has taken it."""
    seconds = _seconds(db, _out.sent_at, _in.received_at).label("seconds")
    waits = (
        sa.select(_out.channel, seconds)
        .join(_in, _out.dedup_key == "reply:" + sa.cast(_in.id, sa.String))
        .where(_out.kind == outbox.Kind.REPLY, _out.sent_at.is_not(None))
        .subquery()
    )
    within = [
        sa.func.sum(sa.case((waits.c.seconds <= bound, 1), else_=0)) for bound in REPLY_BUCKETS
    ]
    total = sa.func.sum(waits.c.seconds)
    query = sa.select(waits.c.channel, sa.func.count(), total, *within).group_by(waits.c.channel)
    return [
        ReplyTimes(channel=channel, replies=n, seconds=float(sum_), within=tuple(map(int, bounds)))
        for channel, n, sum_, *bounds in db.execute(query)
    ]


def _seconds(db: Connection, later: Any, earlier: Any) -> sa.ColumnElement[Any]:
    if db.dialect.name == "sqlite":
        days = sa.func.julianday(later) - sa.func.julianday(earlier)
        return sa.type_coerce(days * 86400.0, sa.Float())
    return sa.extract("epoch", later - earlier)


def _count(*columns: Any) -> sa.Select[Any]:
    """Rows by some columns of theirs."""
    return sa.select(*columns, sa.func.count()).group_by(*columns)


def _of_venue(row: Any, *columns: Any) -> sa.Select[Any]:
    """Rows of the book by the slug of their venue and some columns of theirs."""
    query = sa.select(Venue.slug, *columns, sa.func.count()).select_from(row)
    return query.join(Venue, Venue.id == row.venue_id).group_by(Venue.slug, *columns)


def _how_many(row: Any, *conditions: Any) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(row).where(*conditions)


#: Since when the oldest row of a queue waits, and when the workers were seen last.
OLDEST = {
    "in": sa.select(sa.func.min(_in.received_at)).where(_NEW),
    "out": sa.select(sa.func.min(_out.due_at)).where(_WAITS, _out.due_at <= sa.bindparam("now")),
}
WORKER_SEEN = sa.select(sa.func.max(WorkerLife.seen_at))

#: What the outbox ended with; a message that was sent counts as sent whatever is heard of it later.
_ENDED = sa.case((_out.sent_at.is_not(None), "sent"), else_=_out.state)
_ENDS = (State.FAILED, State.SUPPRESSED, State.DEAD)
_LATER = sa.case((_out.state == State.DELIVERED, "delivered"), else_="undelivered")
_ACTOR = sa.case((_event.actor.in_((GUEST, HOUSE)), _event.actor), else_="staff")
_LATE: sa.BindParameter[datetime] = sa.bindparam("late")

#: Only ever rise, but for a message that the operator lets try again.
COUNTS = (
    Count(
        name="messages_in",
        help="Messages of guests and staff that were handled, or given up after five tries (dead).",
        labels=("channel", "kind", "outcome"),
        query=_count(_in.channel, _in.kind, _in.state).where(_in.state != "new"),
    ),
    Count(
        name="messages_out",
        help="Messages that a provider has taken (sent) or refused (failed), that nobody wants"
        " (suppressed) or that came too late (dead).",
        labels=("channel", "kind", "outcome"),
        query=_count(_out.channel, _out.kind, _ENDED.label("outcome")).where(
            _out.sent_at.is_not(None) | _out.state.in_(_ENDS)
        ),
    ),
    Count(
        name="messages_told",
        help="Sent messages of which the provider has told more since.",
        labels=("channel", "outcome"),
        query=_count(_out.channel, _LATER.label("outcome")).where(
            _out.sent_at.is_not(None), _out.state.in_((State.DELIVERED, State.FAILED))
        ),
    ),
    Count(
        name="holds_placed",
        help="Holds placed for guests, openings of the waitlist among them.",
        labels=("venue",),
        query=_of_venue(_event).where(_event.kind.in_((Kind.HELD, Kind.OFFERED))),
    ),
    Count(
        name="holds_expired",
        help="Holds whose time ran out before a yes or a no.",
        labels=("venue",),
        query=_of_venue(_event).where(_event.kind == Kind.EXPIRED, _event.from_state == Visit.HELD),
    ),
    Count(
        name="refusals",
        help="Wishes of guests that could not be had as asked, once an exchange.",
        labels=("venue", "reason"),
        query=_of_venue(Refusal, Refusal.reason),
    ),
    Count(
        name="reservation_steps",
        help="Steps of reservations, by who made them.",
        labels=("venue", "step", "actor"),
        query=_of_venue(_event, _event.kind, _ACTOR.label("actor")),
    ),
)

#: Rise and fall.
LEVELS = (
    Level(
        name="queue_rows",
        help="Messages that wait to be handled (in), or are due to be sent (out).",
        label="queue",
        queries={
            "in": _how_many(_in, _NEW),
            "out": _how_many(_out, _WAITS, _out.due_at <= sa.bindparam("now")),
        },
    ),
    Level(
        name="overdue_rows",
        help="Rows that should have been dealt with a minute ago.",
        label="rows",
        queries={
            "messages_in": _how_many(_in, _NEW, _in.received_at <= _LATE),
            "messages_out": _how_many(_out, _WAITS, _out.due_at <= _LATE),
            "notices": _how_many(_event, _event.noticed_at.is_(None), _event.at <= _LATE),
            "holds": _how_many(Reservation, _UNDECIDED, Reservation.held_until <= _LATE),
        },
    ),
    Level(
        name="messages_unknown",
        help="Messages of which nobody knows whether they were sent; the answer was lost.",
        label="channel",
        queries={
            channel: _how_many(_out, _OPEN, _out.state == State.UNKNOWN, _out.channel == channel)
            for channel in (TELEGRAM, SMS)
        },
    ),
)
