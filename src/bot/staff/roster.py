"""The list of all who are staff, as an operator sees and changes it."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking.models import Venue
from bot.models import StaffContact


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One chat or phone of the staff of one venue."""

    id: int
    venue: str
    name: str
    channel: str
    address: str
    is_invited: bool


def entries(db: Connection, slug: str | None = None) -> list[Entry]:
    """All staff, or those of one venue, venue by venue."""
    row = StaffContact
    columns = (row.id, Venue.slug, row.name, row.channel, row.address, row.is_invited)
    query = sa.select(*columns).join(Venue, Venue.id == row.venue_id)
    if slug is not None:
        query = query.where(Venue.slug == slug)
    found = db.execute(query.order_by(Venue.slug, row.id)).all()
    return [
        Entry(id=number, venue=venue, name=name, channel=channel, address=address, is_invited=new)
        for number, venue, name, channel, address, new in found
    ]


def meant(every: Sequence[Entry], given: str) -> list[Entry]:
    """Those who are meant by an id of the list or by an address."""
    return [each for each in every if given in {str(each.id), each.address}]


def remove(db: Connection, entry: Entry) -> None:
    """Take one chat or phone off the staff: it is a guest's again."""
    db.execute(sa.delete(StaffContact).where(StaffContact.id == entry.id))


def line(entry: Entry) -> str:
    """An entry as it is listed."""
    source = "invited" if entry.is_invited else "venue file"
    return f"{entry.id}  {entry.venue}  {entry.channel} {entry.address}  {entry.name} ({source})"
