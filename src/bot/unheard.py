"""Guests who cannot be told any more: the staff hear of it, so that somebody rings."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import guests, lookups, openings, venues
from booking.lifecycle import AGREED
from booking.lookups import Reservation
from booking.venue import Venue
from bot.letters import about, label
from bot.models import OutboundMessage
from bot.outbox import Kind, State
from bot.staff import alerts
from conversations.talks import Talk
from conversations.wording import load_wording


def alert_opted_out(
    db: Connection, accounts: Mapping[str, str], talk: Talk, venue: Venue, *, now: datetime
) -> list[int]:
    """Tell the staff what is still in the book of a guest who wants no more messages."""
    guest = guests.meet(db, venue.id, talk.channel, talk.address, now=now)
    planned: list[int] = []
    for found in lookups.upcoming(db, venue.id, guest.id, now=now):
        planned += _alert(db, accounts, venue, found, "opted_out", now=now)
    return planned


def alert_undelivered(
    db: Connection, accounts: Mapping[str, str], row: Mapping[str, Any], *, now: datetime
) -> list[int]:
    """Tell the staff that a guest with something in the book could not be told about it."""
    if row["kind"] == Kind.RELAY:
        return _alert_unsaid(db, accounts, row, now=now)
    if row["kind"] == Kind.OPENING:
        return _take_back(db, accounts, row, now=now)
    if row["kind"] == Kind.ALERT or row["venue_id"] is None:
        return []
    venue = venues.get(db, row["venue_id"])
    guest = guests.meet(db, venue.id, row["channel"], row["address"], now=now)
    planned: list[int] = []
    for found in lookups.upcoming(db, venue.id, guest.id, now=now):
        planned += _alert(db, accounts, venue, found, "undelivered", now=now)
    return planned


def alert_given_up(
    db: Connection, accounts: Mapping[str, str], outbound_id: int, *, now: datetime
) -> list[int]:
    """Tell the staff of what was given up before it was sent: their own words, or an opening."""
    row = OutboundMessage
    given_up = sa.select(row.__table__).where(
        row.id == outbound_id,
        row.kind.in_((Kind.RELAY, Kind.OPENING)),
        row.state.in_((State.SUPPRESSED, State.DEAD)),
    )
    found = db.execute(given_up).mappings().first()
    return alert_undelivered(db, accounts, dict(found), now=now) if found else []


def take_back(
    db: Connection,
    accounts: Mapping[str, str],
    venue: Venue,
    reservation_id: int,
    *,
    now: datetime,
) -> list[int]:
    """Take an opening from a guest who cannot be told of it: somebody rings, and the next gets it.

    Nothing when it is not held any more, whatever became of the message.
    """
    opening = openings.withdraw(db, venue, reservation_id, now=now)
    if opening is None:
        return []
    guest = guests.get(db, opening.guest_id)
    values = {**about(venue, opening), "guest": label(guest)}
    return alerts.alert(
        db,
        venue.id,
        accounts,
        key=f"alert:opening_unheard:{opening.id}",
        text=load_wording(venue.languages[0]).say("alert.opening_unheard", values, venue),
        reservation_id=opening.id,
        now=now,
    )


def _take_back(
    db: Connection, accounts: Mapping[str, str], row: Mapping[str, Any], *, now: datetime
) -> list[int]:
    venue = venues.get(db, row["venue_id"])
    return take_back(db, accounts, venue, row["reservation_id"], now=now)


def _alert_unsaid(
    db: Connection, accounts: Mapping[str, str], row: Mapping[str, Any], *, now: datetime
) -> list[int]:
    venue = venues.get(db, row["venue_id"])
    guest = guests.meet(db, venue.id, row["channel"], row["address"], now=now)
    said = {"guest": label(guest), "text": row["facts"]["words"]}
    return alerts.alert(
        db,
        venue.id,
        accounts,
        key=f"unsaid:{row['id']}",
        text=load_wording(venue.languages[0]).say("relay.undelivered", said),
        facts={"talk": row["conversation_id"]},
        now=now,
    )


def _alert(
    db: Connection,
    accounts: Mapping[str, str],
    venue: Venue,
    found: Reservation,
    kind: str,
    *,
    now: datetime,
) -> list[int]:
    if found.state not in AGREED:
        return []
    wording = load_wording(venue.languages[0])
    guest = guests.get(db, found.guest_id)
    values = {**about(venue, found), "guest": label(guest)}
    sentence = wording.say(f"alert.{kind}", values, venue)
    return alerts.alert(
        db,
        venue.id,
        accounts,
        key=f"alert:{kind}:{found.id}:{found.version}",
        text=sentence,
        reservation_id=found.id,
        now=now,
    )
