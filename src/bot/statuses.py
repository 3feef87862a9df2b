"""What a provider tells later about a message: callbacks in any order, repeated or early."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot import claims, consent, outbox, unheard
from bot.channels import sms
from bot.consent import Silence
from bot.models import OutboundMessage
from bot.outbox import State

#: The state of a row by how far Twilio has come; below `sent` nothing is said about it.
_STATES = {
    "sent": State.SENT,
    "delivered": State.DELIVERED,
    "read": State.DELIVERED,
    "undelivered": State.FAILED,
    "failed": State.FAILED,
    "canceled": State.FAILED,
}


def record(
    db: Connection,
    accounts: Mapping[str, str],
    *,
    outbound_id: int | None,
    provider_id: str,
    status: str,
    error_code: int | None,
    now: datetime,
) -> list[int]:
    """Write down how far a message has come; a lower rank than the known one changes nothing.

    Args:
        db: a writing transaction.
        accounts: our account on each channel that is on.
        outbound_id: the row, when the callback's address names it: it may come before our call
            to the provider has returned, or when its answer was lost.
        provider_id: the provider's id of the message.
        status: how far it has come, in the provider's words.
        error_code: why it failed.
        now: the instant (UTC).

    Returns:
        The ids of messages that are due now because of it.

    """
    row = _find(db, outbound_id, provider_id)
    if row is None or sms.RANKS.get(status, 0) <= sms.RANKS.get(row["provider_state"] or "", 0):
        return []
    state = _STATES.get(status, State.SENT if row["state"] == State.UNKNOWN else row["state"])
    error = str(error_code) if error_code else row["error"]
    outbox.update(
        db,
        row["id"],
        state=state,
        provider_id=provider_id,
        provider_state=status,
        sent_at=row["sent_at"] or now,
        error=error,
    )
    if error_code in sms.ENDS_ADDRESS:
        address = (row["channel"], row["account"], row["address"])
        consent.record(db, *address, Silence.ALL, cause=str(error_code), now=now)
    return unheard.alert_undelivered(db, accounts, row, now=now) if state is State.FAILED else []


def _find(db: Connection, outbound_id: int | None, provider_id: str) -> dict[str, Any] | None:
    row = OutboundMessage
    if outbound_id is None:
        by_provider = sa.select(row.id).where(row.provider_id == provider_id)
        outbound_id = db.execute(by_provider).scalar()
    return claims.locked(db, outbound_id) if outbound_id is not None else None
