"""The rows of conversations: finding, locking and saving them."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.engine import Connection

from booking.database import insert_new
from conversations.draft import Draft
from conversations.models import Conversation


@dataclass(frozen=True, kw_only=True)
class Talk:
    """A conversation with one address, as it stands.

    `talked_at` is the last exchange; until `staffed_until` a person talks instead of the bot (UTC).
    """

    id: int
    channel: str
    account: str
    address: str
    venue_id: int | None
    language: str | None
    is_language_chosen: bool = False
    staffed_until: datetime | None = None
    draft: Draft
    version: int
    talked_at: datetime


def begin(db: Connection, channel: str, account: str, address: str, *, now: datetime) -> int:
    """The id of the conversation with an address, begun when it is new. Locks nothing."""
    row = Conversation
    parties = (row.channel == channel, row.account == account, row.address == address)
    query = sa.select(row.id).where(*parties)
    found = db.execute(query).scalar()
    if found is None:
        new = insert_new(db, row, "channel", "account", "address")
        db.execute(
            new.values(
                channel=channel,
                account=account,
                address=address,
                is_language_chosen=False,
                draft={},
                version=0,
                talked_at=now,
            )
        )
        found = db.execute(query).scalar_one()
    return found


def lock(db: Connection, talk_id: int) -> Talk:
    """A conversation, locked until the transaction ends; its new messages can still be stored."""
    row = Conversation
    query = sa.select(row.__table__).where(row.id == talk_id).with_for_update(key_share=True)
    return _talk(db.execute(query).mappings().one())


def get(db: Connection, talk_id: int) -> Talk:
    """A conversation as it stands."""
    row = Conversation
    return _talk(db.execute(sa.select(row.__table__).where(row.id == talk_id)).mappings().one())


def find(db: Connection, channel: str, address: str) -> Talk | None:
    """The newest conversation with an address, whichever of our accounts it is with."""
    row = Conversation
    query = sa.select(row.__table__).where(row.channel == channel, row.address == address)
    found = db.execute(query.order_by(row.talked_at.desc()).limit(1)).mappings().first()
    return _talk(found) if found else None


def save(db: Connection, talk: Talk) -> None:
    """Write a conversation that is locked."""
    row = Conversation
    db.execute(
        sa.update(row)
        .where(row.id == talk.id)
        .values(
            venue_id=talk.venue_id,
            language=talk.language,
            is_language_chosen=talk.is_language_chosen,
            staffed_until=talk.staffed_until,
            draft=talk.draft.model_dump(mode="json", exclude_defaults=True),
            version=talk.version,
            talked_at=talk.talked_at,
        )
    )


def _talk(found: sa.RowMapping) -> Talk:
    try:
        draft = Draft.model_validate(found["draft"])
    except ValidationError:  # written by another version of the house: begin afresh
        draft = Draft()
    return Talk(**{**found, "draft": draft})
