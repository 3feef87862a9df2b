"""Messages that need a look: what is dead, of unknown outcome or overdue, on the way in or out.

Reading changes nothing. What an operator does about one is queued or dropped in its row; the
workers do the rest, and look at consent as always.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking.models import Reservation, Venue
from bot import claims, outbox
from bot.inbox import Kind as InboundKind
from bot.logs import mask, mask_numbers
from bot.models import InboundMessage, OutboundMessage
from bot.outbox import Kind, State
from conversations.models import Conversation

#: Who is this late has not just been unlucky.
OVERDUE = timedelta(minutes=1)
#: What stands in a row that an operator gave up.
DROPPED = "dropped by the operator"
#: The mark of a message that came in, as against one that goes out.
INBOUND = "in:"


class Trouble(StrEnum):
    """What is the matter with a message."""

    DEAD = "dead"  # given up: it will not go by itself
    UNKNOWN = "unknown"  # nobody knows whether it arrived
    OVERDUE = "overdue"  # it should have gone, and has not


class NotPossible(Exception):
    """What an operator wants cannot be done with this message; one line says why."""


def listed(
    db: Connection, troubles: Collection[Trouble], *, since: datetime, now: datetime
) -> list[dict[str, Any]]:
    """The messages that need a look, oldest first, as plain JSON values.

    Args:
        db: a reading transaction.
        troubles: which to list.
        since: none that is older (UTC).
        now: the instant (UTC).

    """
    found = [
        *_outbound(db, troubles, since=since, now=now),
        *_inbound(db, troubles, since=since, now=now),
    ]
    return sorted(found, key=lambda entry: entry["age_seconds"], reverse=True)


def line(entry: Mapping[str, Any]) -> str:
    """One message for a person to read."""
    age = timedelta(seconds=entry["age_seconds"])
    return (
        f"{entry['id']:<8} {entry['state']:<8} {entry['kind']:<9} {entry['channel']:<9}"
        f" {entry['address'] or '-':<12} {_span(age):>5}  {entry['reason'] or ''}"
    ).rstrip()


def retry(db: Connection, number: str, *, now: datetime) -> None:
    """Queue a message again, or have one that came in handled again.

    Args:
        db: a writing transaction.
        number: as listed: `34` goes out, `in:12` came in.
        now: the instant (UTC).

    Raises:
        NotPossible: it went already, is under way, or is of no use any more.

    """
    inbound, number_of_row = _read(number)
    if inbound:
        row = _came_in(db, number_of_row, "handled again")
        if row["conversation_id"] is None:
            raise NotPossible(f"{number} could not be read, and never will be")
        again = {"state": "new", "attempts": 0, "next_attempt_at": now, "handled_at": None}
        _update_inbound(db, row["id"], **again)
        return
    row = _goes_out(db, number_of_row, "sent again")
    if row["kind"] == Kind.ANSWER:
        raise NotPossible(f"{number} answers the press of a button, which is long over")
    lost = row["state"] == State.UNKNOWN
    outbox.retry_at(
        db,
        row["id"],
        now,
        state=State.QUEUED,
        attempts=0,
        repeats=1 if lost else 0,  # then it is looked for before it is sent again
        due_at=now,
        not_after=_not_after(db, row, now=now),
        # What the book tells is told as it stands now.
        body=None if row["facts"].get("say") else row["body"],
        error=None,
    )


def drop(db: Connection, number: str) -> None:
    """Give a message up: it is never sent or handled, and not listed any more.

    Raises:
        NotPossible: it went already, or is under way.

    """
    inbound, number_of_row = _read(number)
    if inbound:
        row = _came_in(db, number_of_row, "dropped")
        _update_inbound(db, row["id"], data={**row["data"], "dropped": True})
        return
    row = _goes_out(db, number_of_row, "dropped")
    outbox.update(db, row["id"], state=State.DEAD, error=DROPPED)


def _outbound(
    db: Connection, troubles: Collection[Trouble], *, since: datetime, now: datetime
) -> Iterator[dict[str, Any]]:
    row = OutboundMessage
    late = row.state.in_((State.QUEUED, State.SENDING)) & (row.due_at <= now - OVERDUE)
    wanted = {
        Trouble.DEAD: row.state.in_((State.DEAD, State.FAILED))
        & (row.error.is_(None) | (row.error != DROPPED)),
        Trouble.UNKNOWN: row.state == State.UNKNOWN,
        Trouble.OVERDUE: late,
    }
    query = (
        sa.select(row.__table__, Venue.slug)
        .join_from(row, Venue, Venue.id == row.venue_id, isouter=True)
        .where(
            sa.or_(*(wanted[trouble] for trouble in troubles)),
            row.kind != Kind.ANSWER,  # nobody misses those
            row.due_at >= since,
        )
    )
    for found in db.execute(query).mappings():
        yield {
            "id": str(found["id"]),
            "state": found["state"],
            "kind": found["kind"],
            "channel": found["channel"],
            "address": masked(found["address"]),
            "venue": found["slug"],
            "due_at": found["due_at"].isoformat(),
            "age_seconds": round((now - found["due_at"]).total_seconds()),
            "attempts": found["attempts"],
            "reason": found["error"] and mask_numbers(found["error"]),
        }


def _inbound(
    db: Connection, troubles: Collection[Trouble], *, since: datetime, now: datetime
) -> Iterator[dict[str, Any]]:
    row, talk = InboundMessage, Conversation
    wanted = {
        Trouble.DEAD: row.state == "dead",
        Trouble.OVERDUE: (row.state == "new") & (row.received_at <= now - OVERDUE),
    }
    chosen = [wanted[trouble] for trouble in troubles if trouble in wanted]
    query = (
        sa.select(row.__table__, talk.address, Venue.slug)
        .join_from(row, talk, talk.id == row.conversation_id, isouter=True)
        .join(Venue, Venue.id == talk.venue_id, isouter=True)
        .where(sa.or_(sa.false(), *chosen), row.received_at >= since)
    )
    for found in db.execute(query).mappings():
        if found["data"].get("dropped"):
            continue
        unreadable = found["kind"] == InboundKind.UNREADABLE
        failed = f"handling it failed {found['attempts']} times" if found["attempts"] else None
        yield {
            "id": f"{INBOUND}{found['id']}",
            "state": found["state"],
            "kind": found["kind"],
            "channel": found["channel"],
            "address": found["address"] and masked(found["address"]),
            "venue": found["slug"],
            "due_at": found["received_at"].isoformat(),
            "age_seconds": round((now - found["received_at"]).total_seconds()),
            "attempts": found["attempts"],
            "reason": "could not be read" if unreadable else failed,
        }


def masked(address: str) -> str:
    """An address as far as it takes to recognise it."""
    return mask(address) if address.startswith("+") else f"…{address[-3:]}"


def _span(age: timedelta) -> str:
    """How long ago, roughly."""
    seconds = max(0, int(age.total_seconds()))
    steps = ((86_400, "d"), (3600, "h"), (60, "min"))
    fitting = (f"{seconds // size} {unit}" for size, unit in steps if seconds >= size)
    return next(fitting, f"{seconds} s")


def _read(number: str) -> tuple[bool, int]:
    """Whether a number is of a message that came in, and its row."""
    match = re.fullmatch(rf"({INBOUND})?(\d{{1,9}})", number.strip().lower(), re.ASCII)
    if not match:
        raise NotPossible(f"{number!r} is no number of a message, such as 34 or in:12")
    return match[1] is not None, int(match[2])


def _goes_out(db: Connection, number: int, wish: str) -> dict[str, Any]:
    """A row of the outbox that can be queued again or dropped, locked."""
    row = claims.locked(db, number)
    if row is None:
        raise NotPossible(f"there is no message {number}")
    if row["state"] in _SETTLED:
        raise NotPossible(f"{number} cannot be {wish}: it {_SETTLED[State(row['state'])]}")
    return row


_SETTLED = {
    State.SENDING: "is being sent at this moment",
    State.SENT: "was sent",
    State.DELIVERED: "was delivered",
    State.SUPPRESSED: "is not wanted, or no longer true",
}


def _came_in(db: Connection, number: int, wish: str) -> dict[str, Any]:
    """A dead row of what came in, locked."""
    row = InboundMessage
    query = sa.select(row.__table__).where(row.id == number).with_for_update()
    found = db.execute(query).mappings().first()
    if found is None:
        raise NotPossible(f"there is no message {INBOUND}{number}")
    if found["state"] != "dead":
        state = "was handled" if found["state"] == "handled" else "waits to be handled"
        raise NotPossible(f"{INBOUND}{number} cannot be {wish}: it {state}")
    return dict(found)


def _update_inbound(db: Connection, number: int, **columns: Any) -> None:
    row = InboundMessage
    db.execute(sa.update(row).where(row.id == number).values(**columns))


def _not_after(db: Connection, row: Mapping[str, Any], *, now: datetime) -> datetime:
    """Until when a message that is sent again is worth sending; a reminder, until the visit."""
    if row["kind"] != Kind.REMINDER:
        return now + outbox.REPLY_LIFE
    visit = sa.select(Reservation.starts_at).where(Reservation.id == row["reservation_id"])
    starts_at: datetime = db.execute(visit).scalar_one()
    if starts_at <= now:
        raise NotPossible(f"{row['id']} reminds of a visit that has begun")
    return starts_at
