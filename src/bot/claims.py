"""Claiming a message: is it due, is it still true, does its address want it?

What is claimed is this worker's to send for the time of a lease. A claim that nobody settles in
that time belongs to a worker that died, and its outcome is unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import quiet, venues
from bot import consent, letters, outbox
from bot.channels import Outgoing, Sender
from bot.consent import Silence
from bot.models import OutboundMessage, SenderPause
from bot.outbox import Kind, State

#: Longer than any provider call may take.
LEASE = timedelta(seconds=30)
#: How long a message waits for the one before it, unless that one calls it.
BEHIND = timedelta(seconds=1)
#: What is sent once more when nobody knows whether it was sent. A doubled reminder is worse than
#: none; the rest says the same under the same code, so a second copy does no harm.
REPEATED = frozenset({Kind.REPLY, Kind.ALERT, Kind.NOTICE, Kind.OPENING, Kind.RELAY, Kind.EDIT})
#: What an address gets that wants nothing unasked; who waits for a table has asked for an opening.
ASKED_FOR = frozenset({Kind.REPLY, Kind.ALERT, Kind.OPENING, Kind.ANSWER, Kind.RELAY, Kind.EDIT})
#: What nothing else waits for: it makes no sentence that comes before another.
BESIDE = frozenset({Kind.ANSWER, Kind.EDIT})


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A message that is this worker's to send.

    Args:
        row: as claimed.
        outgoing: what to hand over.
        looks_first: an earlier try may have arrived; look before sending again.

    """

    row: Mapping[str, Any]
    outgoing: Outgoing
    looks_first: bool


def claim(
    db: Connection, senders: Mapping[str, Sender], outbound_id: int, *, now: datetime
) -> Claim | None:
    """Claim a message, or settle why it is not to be sent now.

    Args:
        db: a transaction of its own.
        senders: by channel.
        outbound_id: the message.
        now: the instant (UTC).

    """
    row = locked(db, outbound_id, skip=True)
    if row is None or row["not_before"] > now:
        return None
    repeats = _repeat(db, row, now=now)
    if repeats is None:
        return None
    if row["not_after"] <= now:
        _end(db, row, State.DEAD, "too late")
        return None
    if row["channel"] not in senders:
        _end(db, row, State.DEAD, "the channel is off")
        return None
    if _must_wait(db, row, now=now):
        return None
    return _write(db, row, repeats=repeats, now=now)


def locked(db: Connection, outbound_id: int, *, skip: bool = False) -> dict[str, Any] | None:
    """A row of the outbox, locked; `skip` gives None when another worker has it."""
    row = OutboundMessage
    query = sa.select(row.__table__).where(row.id == outbound_id)
    found = db.execute(query.with_for_update(skip_locked=skip)).mappings().first()
    return dict(found) if found else None


def _repeat(db: Connection, row: Mapping[str, Any], *, now: datetime) -> int | None:
    """How often the message will have been repeated, or None when it is not to be sent."""
    state, repeats = State(row["state"]), int(row["repeats"])
    if state is State.QUEUED:
        return repeats
    lost = state is State.SENDING and row["next_attempt_at"] <= now
    if not lost and state is not State.UNKNOWN:
        return None
    if row["kind"] in REPEATED and repeats == 0:
        return 1
    if lost:
        outbox.update(db, row["id"], state=State.UNKNOWN, repeats=1, error="the worker died")
    return None


def _must_wait(db: Connection, row: Mapping[str, Any], *, now: datetime) -> bool:
    """Wait behind an older message to the same address, and while the provider wants nothing."""
    ahead = OutboundMessage
    older = sa.select(ahead.id).where(
        ahead.channel == row["channel"],
        ahead.address == row["address"],
        ahead.id < row["id"],
        (ahead.due_at <= now) | (ahead.attempts > 0),
        ahead.state.in_((State.QUEUED, State.SENDING)),
        ahead.kind.not_in(BESIDE),
    )
    if row["kind"] != Kind.ANSWER and db.execute(older.limit(1)).first():
        outbox.retry_at(db, row["id"], now + BEHIND)
        return True
    until = _paused_until(db, row)
    if until and until > now:
        outbox.retry_at(db, row["id"], until)
        return True
    return False


def _paused_until(db: Connection, row: Mapping[str, Any]) -> datetime | None:
    pause = SenderPause
    here = (pause.channel == row["channel"], pause.account == row["account"])
    until: datetime | None = db.execute(sa.select(pause.until).where(*here)).scalar()
    return until


def _write(db: Connection, row: Mapping[str, Any], *, repeats: int, now: datetime) -> Claim | None:
    """Take the message: check consent, write its text if it has none, start the lease."""
    silence = consent.silence_of(db, row["channel"], row["account"], row["address"])
    unasked = silence is Silence.NOTICES and row["kind"] not in ASKED_FOR
    if silence is Silence.ALL or unasked:
        _end(db, row, State.SUPPRESSED, "wants no messages")
        return None
    if row["kind"] == Kind.REMINDER and _postpone(db, row, now=now):
        return None
    body = row["body"] or (letters.write(db, row, now=now) if row["facts"].get("say") else {})
    if body is None:
        _end(db, row, State.SUPPRESSED, "no longer true")
        return None
    outbox.update(
        db,
        row["id"],
        state=State.SENDING,
        body=body or None,
        claimed_at=row["claimed_at"] or now,
        attempts=row["attempts"] + 1,
        repeats=repeats,
        next_attempt_at=now + LEASE,
    )
    outgoing = Outgoing(
        id=row["id"],
        account=row["account"],
        address=row["address"],
        text=body.get("text", ""),
        buttons=[(label, token) for label, token in body.get("buttons", ())],
        press_id=row["facts"].get("press_id"),
        edits=body.get("edits"),
        valid_for=row["not_after"] - now,
        since=row["claimed_at"] or now,
    )
    return Claim(row=row, outgoing=outgoing, looks_first=repeats > 0)


def _postpone(db: Connection, row: Mapping[str, Any], *, now: datetime) -> bool:
    """Keep a reminder that comes late out of the quiet hours."""
    venue = venues.get(db, row["venue_id"])
    if not quiet.is_quiet(venue, now):
        return False
    opens = quiet.end_of_quiet(venue, now)
    if opens >= row["not_after"]:
        _end(db, row, State.DEAD, "too late")
    else:
        outbox.retry_at(db, row["id"], opens, due_at=opens)
    return True


def _end(db: Connection, row: Mapping[str, Any], state: State, error: str) -> None:
    outbox.update(db, row["id"], state=state, error=error)
