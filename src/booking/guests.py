"""Who writes, and whose name stands in the book."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import models
from booking.database import insert_new


@dataclass(frozen=True, kw_only=True)
class Guest:
    """A guest of one venue. `address` is a Telegram chat id as text, or a number in E.164."""

    id: int
    venue_id: int
    channel: str
    address: str
    name: str | None


def meet(
    db: Connection,
    venue_id: int,
    channel: str,
    address: str,
    *,
    name: str | None = None,
    now: datetime,
) -> Guest:
    """The guest at this address, entered in the book when new; a name fills an empty one."""
    row = models.Guest
    here = (row.venue_id == venue_id) & (row.channel == channel) & (row.address == address)
    query = sa.select(row.id, row.name).where(here)
    found = db.execute(query).first()
    if found is None:
        new = insert_new(db, row, "venue_id", "channel", "address")
        db.execute(
            new.values(
                venue_id=venue_id, channel=channel, address=address, name=name, created_at=now
            )
        )
        found = db.execute(query).one()
    if name and found.name is None:
        rename(db, found.id, name)
    return Guest(
        id=found.id, venue_id=venue_id, channel=channel, address=address, name=found.name or name
    )


def get(db: Connection, guest_id: int) -> Guest:
    """One guest by id."""
    row = models.Guest
    query = sa.select(row.id, row.venue_id, row.channel, row.address, row.name)
    return Guest(**db.execute(query.where(row.id == guest_id)).mappings().one())


def by_id(db: Connection, guest_ids: Collection[int]) -> dict[int, Guest]:
    """Several guests."""
    row = models.Guest
    query = sa.select(row.id, row.venue_id, row.channel, row.address, row.name)
    found = db.execute(query.where(row.id.in_(guest_ids))).mappings()
    return {guest["id"]: Guest(**guest) for guest in found}


def rename(db: Connection, guest_id: int, name: str) -> None:
    """Write the name under which a guest's reservations stand."""
    row = models.Guest
    db.execute(sa.update(row).where(row.id == guest_id).values(name=name))
