"""The host stand in a chat: who is staff, what they are told, and what they decide."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import approvals, lookups, venues
from booking.errors import IllegalStep, UnknownReservation
from booking.events import STAFF, Kind
from booking.lookups import Reservation
from booking.models import BookingEvent
from booking.venue import Venue
from bot import outbox
from bot.channels import CAPABILITIES, SMS, TELEGRAM
from bot.models import StaffContact
from conversations.acts import visit_of
from conversations.wording import compose, load_wording

#: `1 K7F2` accepts a request, `9 K7F2` declines it.
DECISION = re.compile(r"\s*([19])\s+([A-Za-z0-9]{4,8})\s*")
#: The token of a button under an alert: reservation and answer.
TOKEN = re.compile(r"s:(\d+):(yes|no)")


@dataclass(frozen=True, kw_only=True)
class Contact:
    """A chat or phone of a venue's staff."""

    venue_id: int
    name: str
    channel: str
    address: str


def enter(db: Connection, venue: Venue) -> None:
    """Write down who a venue's staff are, as its venue file says."""
    row = StaffContact
    db.execute(sa.delete(row).where(row.venue_id == venue.id))
    found: dict[tuple[str, str], str] = {}
    for member in venue.staff:
        if member.telegram_chat_id is not None:
            found.setdefault((TELEGRAM, str(member.telegram_chat_id)), member.name)
        if member.phone is not None:
            found.setdefault((SMS, member.phone), member.name)
    rows = [
        {"venue_id": venue.id, "name": name, "channel": channel, "address": address}
        for (channel, address), name in found.items()
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


def alert(
    db: Connection,
    venue_id: int,
    accounts: Mapping[str, str],
    *,
    key: str,
    text: str | None = None,
    now: datetime,
    **columns: Any,
) -> list[int]:
    """Plan an alert to everybody on the staff of a venue.

    Args:
        db: a writing transaction.
        venue_id: whose staff.
        accounts: our account on each channel that is on.
        key: what makes this alert itself; never sent twice.
        text: what it says; left out where it is written when it is sent.
        now: the instant (UTC).
        columns: of the outbox row.

    """
    planned = [
        outbox.queue(
            db,
            outbox.Kind.ALERT,
            dedup_key=f"{key}:{to.channel}:{to.address}",
            channel=to.channel,
            account=accounts[to.channel],
            address=to.address,
            venue_id=venue_id,
            body=_body(text, to) if text else None,
            now=now,
            **columns,
        )
        for to in of_venue(db, venue_id)
        if to.channel in accounts
    ]
    return [number for number in planned if number is not None]


def _body(text: str, to: Contact) -> dict[str, Any]:
    return {"text": compose([text], CAPABILITIES[to.channel]), "buttons": []}


def answer(
    db: Connection, contacts: list[Contact], text: str, *, presser: str | None, now: datetime
) -> str | None:
    """Act on what the staff wrote or pressed.

    Args:
        db: a writing transaction.
        contacts: who wrote, one entry a venue.
        text: the message, or the token of the button.
        presser: the person, when the channel tells.
        now: the instant (UTC).

    Returns:
        What to answer, or None when it was not meant for the bot.

    """
    contact = contacts[0]
    pressed = TOKEN.fullmatch(text)
    written = DECISION.fullmatch(text)
    if not pressed and not written:
        return _help(db, contact)
    accept = bool(pressed and pressed[2] == "yes") or bool(written and written[1] == "1")
    for each in contacts:
        venue = venues.get(db, each.venue_id)
        found = (
            _by_id(db, venue, int(pressed[1]))
            if pressed
            else lookups.by_code(db, venue.id, written[2] if written else "")
        )
        if found:
            actor = STAFF + (presser or each.name)
            return _decide(db, venue, found, accept=accept, actor=actor, now=now)
    wording = load_wording(venues.get(db, contact.venue_id).languages[0])
    return wording.say("staff.unknown", {"code": written[2].upper() if written else "?"})


def _decide(
    db: Connection,
    venue: Venue,
    found: Reservation,
    *,
    accept: bool,
    actor: str,
    now: datetime,
) -> str:
    wording = load_wording(venue.languages[0])
    visit = visit_of(venue, found)
    values = {
        "party_size": visit.party_size,
        "date": visit.date,
        "time": visit.time,
        "code": visit.code,
    }
    try:
        approvals.decide(db, venue, found.id, accept=accept, actor=actor, now=now)
    except IllegalStep as step:
        who = _decider(db, found.id)
        key = "staff.already_by" if who else "staff.already"
        return wording.say(key, {**values, "state": step.state, "who": who})
    return wording.say("staff.approved" if accept else "staff.declined", values)


def _decider(db: Connection, reservation_id: int) -> str | None:
    row = BookingEvent
    decided = sa.select(row.actor).where(
        row.reservation_id == reservation_id, row.kind.in_((Kind.APPROVED, Kind.DECLINED))
    )
    actor = db.execute(decided.order_by(row.id.desc()).limit(1)).scalar()
    return actor.removeprefix(STAFF) if actor else None


def _by_id(db: Connection, venue: Venue, reservation_id: int) -> Reservation | None:
    try:
        return lookups.get(db, venue.id, reservation_id)
    except UnknownReservation:
        return None


def _help(db: Connection, contact: Contact) -> str | None:
    """Say what can be done here; in a group people talk to each other, so keep quiet there."""
    if contact.channel == TELEGRAM and contact.address.startswith("-"):
        return None
    wording = load_wording(venues.get(db, contact.venue_id).languages[0])
    return compose([wording.say("staff.help", {})], CAPABILITIES[contact.channel])


def _contacts(db: Connection, *conditions: sa.ColumnElement[bool]) -> list[Contact]:
    row = StaffContact
    query = sa.select(row.venue_id, row.name, row.channel, row.address).where(*conditions)
    return [Contact(**found) for found in db.execute(query.order_by(row.id)).mappings()]
