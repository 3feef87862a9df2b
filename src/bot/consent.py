"""Who wants to hear nothing: the words of the carriers, and the ledger of what was wanted.

The words are Twilio's defaults (its article "Twilio support for opt-out keywords"); only a
message that is exactly one of them counts. The newest line of the ledger for an address decides.
"""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.models import ConsentChange, OutboundMessage
from bot.outbox import Kind, State

STOP_WORDS = frozenset(
    {"STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "CANCEL", "REVOKE", "OPTOUT"}
)
START_WORDS = frozenset({"START", "YES", "UNSTOP"})
#: The carrier answers these itself.
SILENT_WORDS = frozenset({"HELP", "INFO", "START", "UNSTOP"})

#: Messages in these states never reached anybody.
_UNHEARD = (State.FAILED, State.SUPPRESSED, State.DEAD)


class Silence(StrEnum):
    """What an address does not want to get."""

    NONE = "none"
    NOTICES = "notices"  # nothing that it did not ask for
    ALL = "all"


def word_of(text: str) -> str:
    """A text as carriers compare it with their words: case and outer white space ignored."""
    return text.strip().upper()


def record(
    db: Connection,
    channel: str,
    account: str,
    address: str,
    silence: Silence,
    *,
    cause: str,
    words: str | None = None,
    now: datetime,
) -> None:
    """Write what an address wants from now on; nothing when that is no news.

    Args:
        db: the transaction that stores the words, so that both hold or neither does.
        channel: of the address.
        account: the one of ours that may or may not write to it.
        address: a chat id or number.
        silence: what is not wanted any more.
        cause: why, such as `stop`, `blocked` or a provider's error code.
        words: what the guest wrote.
        now: when (UTC).

    """
    if silence_of(db, channel, account, address) is silence:
        return
    db.execute(
        sa.insert(ConsentChange).values(
            channel=channel,
            account=account,
            address=address,
            silence=silence,
            cause=cause,
            words=words,
            at=now,
        )
    )


def silence_of(db: Connection, channel: str, account: str, address: str) -> Silence:
    """What an address does not want to get, as of this transaction."""
    row = ConsentChange
    newest = (
        sa.select(row.silence)
        .where(row.channel == channel, row.account == account, row.address == address)
        .order_by(row.id.desc())
        .limit(1)
    )
    return Silence(db.execute(newest).scalar() or Silence.NONE)


def knows_way_out(
    db: Connection, channel: str, account: str, address: str, *, talk_id: int
) -> bool:
    """Tell whether an address has got a reply since it last began to want messages.

    The first one says how to end them, so the rows of its conversation tell.
    """
    row, sent = ConsentChange, OutboundMessage
    restarted = (
        sa.select(sa.func.max(row.at))
        .where(row.channel == channel, row.account == account, row.address == address)
        .where(row.silence == Silence.NONE)
    )
    since = db.execute(restarted).scalar()
    heard = sa.select(sent.id).where(
        sent.conversation_id == talk_id,
        sent.kind == Kind.REPLY,
        sent.state.not_in(_UNHEARD),
    )
    if since is not None:
        heard = heard.where(sent.created_at >= since)
    return db.execute(heard.limit(1)).first() is not None
