"""Rows of the outbox: what is to be sent, written in the transaction that makes it necessary."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking.database import insert_new
from bot.models import OutboundMessage

#: Enqueued right after commit; when that hint is lost, the relay finds the row after this long.
GRACE = timedelta(seconds=5)
#: How long a reply or an alert is worth sending.
REPLY_LIFE = timedelta(hours=24)


class Kind(StrEnum):
    """What a message is; some may be repeated after an unknown outcome, some may not."""

    REPLY = "reply"
    ALERT = "alert"
    NOTICE = "notice"
    OPENING = "opening"  # to a guest who waited: a place came free, and is held
    REMINDER = "reminder"
    ANSWER = "answer"  # to the press of a button, so that it stops spinning
    RELAY = "relay"  # from a person of the staff to a guest, through the bot
    EDIT = "edit"  # of an alert whose matter is settled: it says so and loses its buttons


class State(StrEnum):
    """Where a message stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SUPPRESSED = "suppressed"
    DEAD = "dead"


def queue(
    db: Connection,
    kind: Kind,
    *,
    dedup_key: str,
    channel: str,
    account: str,
    address: str,
    now: datetime,
    due_at: datetime | None = None,
    not_after: datetime | None = None,
    **columns: Any,
) -> int | None:
    """Plan one message.

    Args:
        db: the transaction of what it tells.
        kind: what it is.
        dedup_key: the same key is never planned twice.
        channel: `telegram` or `sms`.
        account: the one of ours that sends it.
        address: a chat id or number.
        now: the instant (UTC).
        due_at: when to send it (UTC); now when left out.
        not_after: when it is no longer worth sending (UTC); a day from now when left out.
        columns: the rest of the row.

    Returns:
        Its id, or None when it had been planned before.

    """
    due_at = due_at or now
    grace = GRACE if due_at <= now else timedelta()
    row = {
        "kind": kind,
        "dedup_key": dedup_key,
        "channel": channel,
        "account": account,
        "address": address,
        "facts": {},
        "state": State.QUEUED,
        "attempts": 0,
        "repeats": 0,
        "created_at": now,
        "due_at": due_at,
        "not_before": due_at,
        "not_after": not_after or now + REPLY_LIFE,
        "next_attempt_at": due_at + grace,
        **columns,
    }
    new = insert_new(db, OutboundMessage, "dedup_key").values(**row).returning(OutboundMessage.id)
    number: int | None = db.execute(new).scalar()
    return number


def retry_at(db: Connection, outbound_id: int, at: datetime, **columns: Any) -> None:
    """Let the next try of a message begin at an instant, not before."""
    update(db, outbound_id, not_before=at, next_attempt_at=at, **columns)


def update(db: Connection, outbound_id: int, **columns: Any) -> None:
    """Change columns of one message."""
    row = OutboundMessage
    db.execute(sa.update(row).where(row.id == outbound_id).values(**columns))
