"""The rows of the bot: what came in, what goes out, who wants no messages, who is staff."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from booking.database import Base

_OPEN = "state IN ('queued', 'sending', 'unknown')"


class InboundMessage(Base):
    """One message as it came in, stored before anybody acts on it.

    `external_id` is the provider's own id, so that a repeated webhook finds the row taken.
    States: new, handled, dead.
    """

    __tablename__ = "inbound_message"
    __table_args__ = (
        sa.UniqueConstraint("channel", "external_id"),
        sa.Index(
            "ix_inbound_message_new",
            "conversation_id",
            "id",
            postgresql_where=text("state = 'new'"),
            sqlite_where=text("state = 'new'"),
        ),
        sa.Index(None, "conversation_id", "received_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    external_id: Mapped[str]
    conversation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("conversation.id"))
    kind: Mapped[str]
    text: Mapped[str]
    data: Mapped[dict[str, Any]]
    state: Mapped[str]
    attempts: Mapped[int]
    received_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]


class OutboundMessage(Base):
    """One message to one address, from its planning to what the provider said last.

    `body` of a notice is empty until it is claimed: its text tells the booking as it then stands.
    `question` of a reply is what it asked, so that an answer can be read against it.
    `due_at` is when it should go out, `not_before` when the next try may begin, `next_attempt_at`
    when the relay looks again: at a hint that may be lost, or at a claim that may be dead.
    States: queued, sending, sent, delivered, failed, unknown, suppressed, dead.
    """

    __tablename__ = "outbound_message"
    __table_args__ = (
        sa.UniqueConstraint("dedup_key"),
        sa.Index(
            "ix_outbound_message_open",
            "next_attempt_at",
            postgresql_where=text(_OPEN),
            sqlite_where=text(_OPEN),
        ),
        sa.Index(
            "ix_outbound_message_lane",
            "channel",
            "address",
            "id",
            postgresql_where=text(_OPEN),
            sqlite_where=text(_OPEN),
        ),
        sa.Index(None, "conversation_id", "claimed_at"),
        sa.Index(None, "provider_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    dedup_key: Mapped[str]
    channel: Mapped[str]
    account: Mapped[str]
    address: Mapped[str]
    conversation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("conversation.id"))
    venue_id: Mapped[int | None] = mapped_column(sa.ForeignKey("venue.id"))
    reservation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reservation.id"))
    version: Mapped[int | None]
    facts: Mapped[dict[str, Any]]
    body: Mapped[dict[str, Any] | None]
    question: Mapped[dict[str, Any] | None]
    state: Mapped[str]
    attempts: Mapped[int]
    repeats: Mapped[int]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    not_before: Mapped[datetime]
    not_after: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    provider_id: Mapped[str | None]
    provider_state: Mapped[str | None]
    error: Mapped[str | None]


class ConsentChange(Base):
    """The consent ledger: which silence an address wants, since when and in which words.

    The newest row of an address counts. `silence`: none, notices (nothing unasked), all.
    """

    __tablename__ = "consent_change"
    __table_args__ = (sa.Index(None, "channel", "account", "address", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    account: Mapped[str]
    address: Mapped[str]
    silence: Mapped[str]
    cause: Mapped[str]
    words: Mapped[str | None]
    at: Mapped[datetime]


class SenderPause(Base):
    """Until when a provider wants nothing from one of our senders (HTTP 429)."""

    __tablename__ = "sender_pause"
    __table_args__ = (sa.UniqueConstraint("channel", "account"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    account: Mapped[str]
    until: Mapped[datetime]


class StaffContact(Base):
    """A chat or phone of a venue's staff: from its venue file, or added by an invite."""

    __tablename__ = "staff_contact"
    __table_args__ = (
        sa.UniqueConstraint("venue_id", "channel", "address"),
        sa.Index(None, "channel", "address"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(sa.ForeignKey("venue.id"))
    name: Mapped[str]
    channel: Mapped[str]
    address: Mapped[str]
    is_invited: Mapped[bool]


class StaffInvite(Base):
    """A code that adds one chat or phone to a venue's staff, once. Only its hash is kept."""

    __tablename__ = "staff_invite"
    __table_args__ = (sa.UniqueConstraint("code_hash"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(sa.ForeignKey("venue.id"))
    code_hash: Mapped[str]
    name: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class StaffAct(Base):
    """What the staff did from a chat, or were asked to confirm first; what `/undo` takes back.

    `data` is what it takes to do it, or to take it back. States: asked, done, undone, dropped.
    """

    __tablename__ = "staff_act"
    __table_args__ = (sa.Index(None, "channel", "address", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(sa.ForeignKey("venue.id"))
    channel: Mapped[str]
    address: Mapped[str]
    actor: Mapped[str]
    kind: Mapped[str]
    data: Mapped[dict[str, Any]]
    state: Mapped[str]
    at: Mapped[datetime]


class WorkerLife(Base):
    """The last sign of life of the workers, for the health page."""

    __tablename__ = "worker_life"
    id: Mapped[int] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]
