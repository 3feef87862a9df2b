"""Sending one message in three steps: claim it, call the provider, write down what came of it.

The provider is called outside any transaction.
Nobody can send exactly once to a provider without an idempotency key. So an outcome that was lost
is called unknown, and a rule by kind decides whether one repeat does less harm than silence.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection
from sqlalchemy.orm import aliased

from booking.database import Database, insert_new
from bot import claims, consent, outbox, unheard
from bot.channels import (
    Moved,
    NotNow,
    Receipt,
    Refused,
    Sender,
    SendError,
    Unknown,
    Unreachable,
)
from bot.claims import Claim
from bot.consent import Silence
from bot.logs import bound
from bot.models import OutboundMessage, SenderPause
from bot.outbox import State
from bot.staff import contacts

log = structlog.get_logger()

#: How long to wait before each further try.
BACKOFF = (5, 10, 20, 30)


def deliver(
    database: Database,
    senders: Mapping[str, Sender],
    accounts: Mapping[str, str],
    outbound_id: int,
    *,
    now: datetime,
) -> list[int]:
    """Send one message if it is due and allowed; may run twice, and then sends nothing.

    Args:
        database: where the outbox is.
        senders: by channel.
        accounts: our account on each channel that is on.
        outbound_id: the message.
        now: the instant (UTC).

    Returns:
        The ids of messages that can go out now that this one is settled.

    """
    with bound(outbound=outbound_id):
        return _deliver(database, senders, accounts, outbound_id, now=now)


def _deliver(
    database: Database,
    senders: Mapping[str, Sender],
    accounts: Mapping[str, str],
    outbound_id: int,
    *,
    now: datetime,
) -> list[int]:
    try:
        with database.transaction() as db:
            taken = claims.claim(db, senders, outbound_id, now=now)
            if taken is None:
                planned = unheard.alert_given_up(db, accounts, outbound_id, now=now)
                return planned + _next_in_lane(db, outbound_id, now=now)
    except Exception:
        with database.transaction() as db:
            _count_failure(db, outbound_id, now=now)
        raise
    row = taken.row
    ids = {name: row[f"{name}_id"] for name in ("conversation", "venue", "reservation")}
    with bound(**ids):
        started = monotonic()
        outcome = _send(senders[row["channel"]], taken)
        took = timedelta(seconds=monotonic() - started)
        with database.transaction() as db:
            planned = _settle(db, accounts, taken, outcome, now=now, took=took)
            planned += _next_in_lane(db, outbound_id, now=now)
        _tell(taken, outcome, took)
    return planned


def _tell(claim: Claim, outcome: Receipt | SendError, took: timedelta) -> None:
    row, refused = claim.row, isinstance(outcome, Refused | Unreachable)
    level = logging.WARNING if refused and row["kind"] not in claims.BESIDE else logging.INFO
    log.log(
        level,
        "message refused" if refused else "message settled",
        kind=row["kind"],
        channel=row["channel"],
        outcome=repr(outcome),
        provider_seconds=round(took.total_seconds(), 3),
    )


def _count_failure(db: Connection, outbound_id: int, *, now: datetime) -> None:
    """A message that cannot even be written must not hold up those behind it for ever."""
    row = claims.locked(db, outbound_id)
    if row is None or row["state"] != State.QUEUED:
        return
    attempts = row["attempts"] + 1
    pause = now + timedelta(seconds=BACKOFF[min(attempts, len(BACKOFF)) - 1])
    state = State.DEAD if attempts > len(BACKOFF) else State.QUEUED
    outbox.retry_at(db, outbound_id, pause, attempts=attempts, state=state)


def _send(sender: Sender, claim: Claim) -> Receipt | SendError:
    try:
        found = sender.find(claim.outgoing) if claim.looks_first else None
        return found or sender.send(claim.outgoing)
    except SendError as error:
        return error
    except Exception as error:  # whatever it was, the row must not stay claimed
        log.exception("sending failed")
        return Unknown(type(error).__name__)


def _settle(
    db: Connection,
    accounts: Mapping[str, str],
    claim: Claim,
    outcome: Receipt | SendError,
    *,
    now: datetime,
    took: timedelta,
) -> list[int]:
    row = claims.locked(db, claim.row["id"]) or claim.row
    match outcome:
        case Receipt():
            _sent(db, row, outcome, now=now + took)
        case NotNow():
            _try_again(db, row, outcome, now=now)
        case Unknown():
            pause = now + timedelta(seconds=BACKOFF[0])
            outbox.retry_at(db, row["id"], pause, state=State.UNKNOWN, error=outcome.reason)
        case Moved():
            contacts.move(db, row["channel"], row["address"], outcome.address)
            outbox.retry_at(db, row["id"], now, address=outcome.address, state=State.QUEUED)
        case Refused() | Unreachable():
            return _failed(db, accounts, row, outcome, now=now)
    return []


def _sent(db: Connection, row: Mapping[str, Any], receipt: Receipt, *, now: datetime) -> None:
    if row["state"] != State.SENDING:  # a status callback was faster, and knows more
        outbox.update(db, row["id"], provider_id=row["provider_id"] or receipt.provider_id)
        return
    outbox.update(
        db,
        row["id"],
        state=State.SENT,
        sent_at=now,
        provider_id=receipt.provider_id,
        provider_state=receipt.provider_state,
        error=None,
    )


def _try_again(db: Connection, row: Mapping[str, Any], outcome: NotNow, *, now: datetime) -> None:
    """Queue it again; a pause of the provider is nobody's failure and holds for the account."""
    attempts = row["attempts"]
    if outcome.pause is not None:
        until = now + outcome.pause
        new = insert_new(db, SenderPause, "channel", "account")
        db.execute(new.values(channel=row["channel"], account=row["account"], until=until))
        pause = SenderPause
        here = (pause.channel == row["channel"], pause.account == row["account"])
        db.execute(sa.update(pause).where(*here).values(until=until))
        attempts -= 1
    else:
        until = now + timedelta(seconds=BACKOFF[min(attempts, len(BACKOFF)) - 1])
    outbox.retry_at(
        db, row["id"], until, state=State.QUEUED, attempts=attempts, error=outcome.reason
    )


def _failed(
    db: Connection,
    accounts: Mapping[str, str],
    row: Mapping[str, Any],
    outcome: Refused | Unreachable,
    *,
    now: datetime,
) -> list[int]:
    """Write a message off; an answer to a button or an edit that came too late is no loss."""
    outbox.update(db, row["id"], state=State.FAILED, error=outcome.reason)
    if row["kind"] in claims.BESIDE:
        return []
    if isinstance(outcome, Unreachable):
        consent.record(
            db,
            row["channel"],
            row["account"],
            row["address"],
            Silence.ALL,
            cause=outcome.reason[:80],
            now=now,
        )
    return unheard.alert_undelivered(db, accounts, row, now=now)


def _next_in_lane(db: Connection, outbound_id: int, *, now: datetime) -> list[int]:
    """The next message that waits behind one that is settled, so that it need not be found."""
    row, waiting = OutboundMessage, aliased(OutboundMessage)
    query = (
        sa.select(waiting.id)
        .join(row, (row.channel == waiting.channel) & (row.address == waiting.address))
        .where(
            row.id == outbound_id,
            row.state.not_in((State.QUEUED, State.SENDING)),
            waiting.id > row.id,
            waiting.due_at <= now,
            waiting.attempts == 0,
            waiting.state == State.QUEUED,
        )
    )
    found = list(db.execute(query.order_by(waiting.id).limit(1)).scalars())
    for number in found:
        outbox.update(db, number, not_before=now)
    return found
