"""The rows of conversations."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from booking.database import Base


class Conversation(Base):
    """One address that writes to one of ours, and where the talk with it stands.

    `version` rises when the open question changes; an answer to an older one is asked again.
    `is_language_chosen` when the guest said which language, so that no words change it.
    `staffed_until` is when a person of the staff who took the talk over gives it back (UTC).
    """

    __tablename__ = "conversation"
    __table_args__ = (sa.UniqueConstraint("channel", "account", "address"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    account: Mapped[str]
    address: Mapped[str]
    venue_id: Mapped[int | None] = mapped_column(sa.ForeignKey("venue.id"))
    language: Mapped[str | None]
    is_language_chosen: Mapped[bool]
    staffed_until: Mapped[datetime | None]
    draft: Mapped[dict[str, Any]]
    version: Mapped[int]
    talked_at: Mapped[datetime]
