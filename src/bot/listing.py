"""Reservations as the command line prints them (contract: `reservations --json`)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import lookups, venues
from booking.lifecycle import State
from booking.lookups import Reservation
from booking.models import DiningTable, Guest
from booking.models import Reservation as Row
from booking.venue import Venue
from bot.channels import DESK


def reservations(
    db: Connection, *, slug: str | None, service_date: date | None, now: datetime
) -> list[dict[str, Any]]:
    """All reservations, by venue and start, as plain JSON values.

    Args:
        db: a reading transaction.
        slug: only this venue.
        service_date: only this service date.
        now: the instant (UTC); a hold that has run out by then prints as expired.

    Raises:
        ValueError: there is no such venue.

    """
    every = venues.every(db)
    chosen = [venue for venue in every if slug in {None, venue.slug}]
    if slug and not chosen:
        known = ", ".join(venue.slug for venue in every) or "none"
        raise ValueError(f"there is no venue {slug!r}; loaded: {known}")
    on = [Row.service_date == service_date] if service_date else []
    return [
        entry
        for venue in chosen
        for entry in _entries(db, venue, lookups.fetch(db, Row.venue_id == venue.id, *on), now)
    ]


def line(entry: dict[str, Any]) -> str:
    """One reservation for a person to read."""
    guest = entry["guest"]
    who = guest["name"] or guest["address"] or "-"
    tables = "+".join(entry["tables"])
    return (
        f"{entry['code']}  {entry['starts_at'][:16]}  {entry['party_size']:>2}  "
        f"{entry['state']:<9}  {tables:<8}  {who}  {entry['request'] or ''}"
    ).rstrip()


def _entries(
    db: Connection, venue: Venue, found: list[Reservation], now: datetime
) -> list[dict[str, Any]]:
    tables = sa.select(DiningTable.id, DiningTable.name).where(DiningTable.venue_id == venue.id)
    names = {row.id: row.name for row in db.execute(tables)}
    guest = sa.select(Guest.id, Guest.name, Guest.channel, Guest.address)
    guests = {
        row["id"]: _guest(dict(row))
        for row in db.execute(guest.where(Guest.venue_id == venue.id)).mappings()
    }
    return [
        {
            "code": r.code,
            "venue": venue.slug,
            "state": r.state_at(now),
            "party_size": r.party_size,
            "starts_at": venue.local(r.starts_at).isoformat(),
            "ends_at": venue.local(r.ends_at).isoformat(),
            "tables": [names[i] for i in r.table_ids],
            "held_until": _until(venue, r, now),
            "guest": guests[r.guest_id],
            "request": r.request,
            "source": r.source,
            "created_at": venue.local(r.created_at).isoformat(),
        }
        for r in found
    ]


def _guest(row: Mapping[str, Any]) -> dict[str, Any]:
    """Who comes; whoever rang or walked in has no channel."""
    known = {key: row[key] for key in ("name", "channel", "address")}
    return known | {"channel": None, "address": None} if row["channel"] == DESK else known


def _until(venue: Venue, reservation: Reservation, now: datetime) -> str | None:
    if reservation.held_until is None or reservation.state_at(now) is not State.HELD:
        return None
    return venue.local(reservation.held_until).isoformat()
