"""Who is staff: the chats and phones of each venue."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import venues
from booking.venue import Venue
from bot.channels import SMS, TELEGRAM
from bot.models import StaffContact
from conversations.wording import Wording, load_wording


@dataclass(frozen=True, kw_only=True)
class Contact:
    """A chat or phone of a venue's staff."""

    venue_id: int
    name: str
    channel: str
    address: str

    @property
    def is_group(self) -> bool:
        """Tell whether people talk to each other here as well."""
        return self.channel == TELEGRAM and self.address.startswith("-")


def enter(db: Connection, venue: Venue) -> None:
    """Write down who a venue's staff are, as its venue file says; who was invited stays."""
    row = StaffContact
    listed = sa.delete(row).where(row.venue_id == venue.id, ~row.is_invited)
    db.execute(listed)
    invited = {(each.channel, each.address) for each in of_venue(db, venue.id)}
    found: dict[tuple[str, str], str] = {}
    for member in venue.staff:
        if member.telegram_chat_id is not None:
            found.setdefault((TELEGRAM, str(member.telegram_chat_id)), member.name)
        if member.phone is not None:
            found.setdefault((SMS, member.phone), member.name)
    rows = [
        {
            "venue_id": venue.id,
            "name": name,
            "channel": channel,
            "address": address,
            "is_invited": False,
        }
        for (channel, address), name in found.items()
        if (channel, address) not in invited
    ]
    if rows:
        db.execute(sa.insert(row), rows)


def of_venue(db: Connection, venue_id: int) -> list[Contact]:
    """All who get the alerts of a venue."""
    return _contacts(db, StaffContact.venue_id == venue_id)


def at(db: Connection, channel: str, address: str) -> list[Contact]:
    """The staff who write from an address, one entry a venue; empty when it is a guest's."""
    row = StaffContact
    return _contacts(db, row.channel == channel, row.address == address)


def move(db: Connection, channel: str, old: str, new: str) -> None:
    """Follow a chat whose id has changed."""
    row = StaffContact
    moved = sa.update(row).where(row.channel == channel, row.address == old)
    db.execute(moved.values(address=new))


def wording_of(db: Connection, contact: Contact) -> Wording:
    """What the staff of a venue are told in: its first language."""
    return load_wording(venues.get(db, contact.venue_id).languages[0])


def _contacts(db: Connection, *conditions: sa.ColumnElement[bool]) -> list[Contact]:
    row = StaffContact
    query = sa.select(row.venue_id, row.name, row.channel, row.address).where(*conditions)
    return [Contact(**found) for found in db.execute(query.order_by(row.id)).mappings()]
