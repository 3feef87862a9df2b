"""Storing what comes in: once, whatever happens next, before anybody acts on it."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking.database import insert_new
from bot import consent, outbox
from bot.consent import START_WORDS, STOP_WORDS, Silence, word_of
from bot.models import InboundMessage
from conversations import talks

#: A press that was not acknowledged by then need not be: Telegram has stopped waiting.
ANSWER_LIFE = timedelta(seconds=60)


class Kind(StrEnum):
    """What came in."""

    TEXT = "text"
    PRESS = "press"
    EDITED = "edited"
    MEDIA = "media"
    MEMBERSHIP = "membership"  # the guest blocked or unblocked the bot
    UNREADABLE = "unreadable"


@dataclass(frozen=True, kw_only=True)
class Received:
    """One message as a provider handed it over.

    Args:
        channel: `telegram` or `sms`.
        account: the one of ours that it was sent to: the bot's id or our number.
        address: who sent it: a chat id or number; None when it cannot be told.
        external_id: the provider's id of it.
        kind: what it is.
        text: what was written, or the token of the button.
        data: what else the house needs: name, language, chat_type, chat_title,
            reply_to, press_id, blocked, media, own_number (E.164, proved by the provider).

    """

    channel: str
    account: str
    address: str | None
    external_id: str
    kind: Kind
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """What is to be hinted at after the commit; `message_id` is None when it was known before."""

    message_id: int | None = None
    talk_id: int | None = None
    outbound_id: int | None = None


def accept(db: Connection, received: Received, *, now: datetime) -> Accepted:
    """Store a message, and what must hold from this moment on: consent, a press acknowledged.

    A repeated webhook finds the provider's id taken and changes nothing. The conversation is
    found or begun, but never updated, so nobody waits for an exchange that is under way.
    """
    received = _storable(received)
    talk_id = None
    if received.address is not None:
        talk_id = talks.begin(db, received.channel, received.account, received.address, now=now)
    new = insert_new(db, InboundMessage, "channel", "external_id").values(
        channel=received.channel,
        external_id=received.external_id,
        conversation_id=talk_id,
        kind=received.kind,
        text=received.text,
        data=received.data,
        state="new" if talk_id else "dead",
        attempts=0,
        received_at=now,
        next_attempt_at=now + outbox.GRACE,
    )
    number = db.execute(new.returning(InboundMessage.id)).scalar()
    if number is None or talk_id is None:
        return Accepted(message_id=number)
    _note_consent(db, received, now=now)
    press = _acknowledge(db, received, now=now)
    return Accepted(message_id=number, talk_id=talk_id, outbound_id=press)


def _storable(received: Received) -> Received:
    """The message without what no database takes: NUL characters and halves of characters."""
    data = {key: _clean(v) if isinstance(v, str) else v for key, v in received.data.items()}
    return replace(received, text=_clean(received.text), data=data)


def _clean(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _acknowledge(db: Connection, received: Received, *, now: datetime) -> int | None:
    press_id = received.data.get("press_id")
    if press_id is None or received.address is None:
        return None
    return outbox.queue(
        db,
        outbox.Kind.ANSWER,
        dedup_key=f"answer:{received.channel}:{press_id}",
        channel=received.channel,
        account=received.account,
        address=received.address,
        facts={"press_id": press_id},
        not_after=now + ANSWER_LIFE,
        now=now,
    )


def _note_consent(db: Connection, received: Received, *, now: datetime) -> None:
    wanted = _WANTED[received.channel](received) if received.channel in _WANTED else None
    if wanted is None or received.address is None:
        return
    silence, cause = wanted
    consent.record(
        db,
        received.channel,
        received.account,
        received.address,
        silence,
        cause=cause,
        words=received.text or None,
        now=now,
    )


def _wanted_by_sms(received: Received) -> tuple[Silence, str] | None:
    word = received.data.get("opt_out") or word_of(received.text)
    if word in STOP_WORDS:
        return Silence.ALL, "stop"
    return (Silence.NONE, "start") if word in START_WORDS else None


def _wanted_by_telegram(received: Received) -> tuple[Silence, str] | None:
    """Blocking the bot is silence; writing to it ends that, and /start ends any silence."""
    if received.kind is Kind.MEMBERSHIP:
        blocked = received.data.get("blocked")
        return (Silence.ALL, "blocked") if blocked else (Silence.NONE, "unblocked")
    return (Silence.NONE, "start") if received.text.startswith("/start") else None


_WANTED = {"sms": _wanted_by_sms, "telegram": _wanted_by_telegram}


def unhandled(db: Connection, talk_id: int) -> list[dict[str, Any]]:
    """The messages of a conversation that wait, in order of arrival."""
    row = InboundMessage
    query = sa.select(row.__table__).where(row.conversation_id == talk_id, row.state == "new")
    return [dict(found) for found in db.execute(query.order_by(row.id)).mappings()]
