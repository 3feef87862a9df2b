"""Which guest's conversation a message of the staff is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import guests, lookups, models
from booking.guests import Guest
from booking.lookups import Reservation
from bot.models import OutboundMessage
from bot.staff import contacts
from bot.staff.contacts import Contact
from conversations import talks
from conversations.models import Conversation


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A guest whom the staff of a venue write about.

    Args:
        contact: who of the staff, as staff of this venue.
        guest: the guest.
        talk_id: the conversation; None where we have no account on the guest's channel.

    """

    contact: Contact
    guest: Guest
    talk_id: int | None


def replied_to(
    db: Connection, members: list[Contact], reply_to: str | None
) -> Mapping[str, Any] | None:
    """The message of ours that the staff reply to, as a row of the outbox."""
    if reply_to is None:
        return None
    row, at = OutboundMessage, members[0]
    query = sa.select(row.__table__).where(
        row.provider_id == reply_to, row.channel == at.channel, row.address == at.address
    )
    found = db.execute(query.order_by(row.id).limit(1)).mappings().first()
    return dict(found) if found else None


def of_message(
    db: Connection,
    accounts: Mapping[str, str],
    members: list[Contact],
    sent: Mapping[str, Any],
    *,
    now: datetime,
) -> Subject | None:
    """The guest whom a message to the staff was about."""
    if "talk" in sent["facts"]:
        return of_talk(db, members, sent["facts"]["talk"])
    contact = next((each for each in members if each.venue_id == sent["venue_id"]), None)
    found = reservation_of(db, sent) if contact else None
    if contact is None or found is None:
        return None
    guest = guests.get(db, found.guest_id)
    return Subject(contact=contact, guest=guest, talk_id=_talk_id(db, accounts, guest, now=now))


def of_talk(db: Connection, members: list[Contact], talk_id: int) -> Subject | None:
    """The guest of a conversation, if it is one of these members' venues that they wrote to."""
    row = models.GuestContact
    query = sa.select(Conversation.channel, Conversation.address)
    talk = db.execute(query.where(Conversation.id == talk_id)).first()
    if talk is None or contacts.at(db, talk.channel, talk.address):
        return None
    here = sa.select(row.guest_id, row.venue_id).where(
        row.channel == talk.channel, row.address == talk.address
    )
    venue_of = {contact.venue_id: contact for contact in members}
    known = {g.venue_id: g.guest_id for g in db.execute(here).all() if g.venue_id in venue_of}
    if not known:
        return None
    last = talks.get(db, talk_id).venue_id
    venue_id = next((each for each in known if each == last), next(iter(known)))
    guest = guests.get(db, known[venue_id])
    return Subject(contact=venue_of[venue_id], guest=guest, talk_id=talk_id)


def reservation_of(db: Connection, sent: Mapping[str, Any]) -> Reservation | None:
    """The reservation that a message to the staff was about."""
    if sent["reservation_id"] is None:
        return None
    return lookups.get(db, sent["venue_id"], sent["reservation_id"])


def _talk_id(
    db: Connection, accounts: Mapping[str, str], guest: Guest, *, now: datetime
) -> int | None:
    """The conversation with a guest; one whom only the staff have entered had none so far."""
    if guest.channel not in accounts:
        return None
    known = talks.find(db, guest.channel, guest.address)
    if known:
        return known.id
    return talks.begin(db, guest.channel, accounts[guest.channel], guest.address, now=now)
