"""The venues of the house: loading their files, and finding them again."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import guests, lookups, models, waiting
from booking.database import insert_new
from booking.errors import ReservationsAhead
from booking.lifecycle import LIVE
from booking.lookups import Reservation
from booking.reservations import wish_of
from booking.venue import Venue
from booking.venue_changes import contradictions, differences
from booking.venue_file import VenueFile


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What loading a venue file did."""

    venue: Venue
    is_new: bool
    changes: tuple[str, ...]


def load(
    db: Connection,
    venue_file: VenueFile,
    data: Mapping[str, Any],
    *,
    keep_reservations: bool = False,
    now: datetime,
) -> Loaded:
    """Create or update a venue from its file.

    Args:
        db: a writing transaction.
        venue_file: the checked file.
        data: the same as plain JSON values.
        keep_reservations: load even what contradicts reservations ahead; they stay as they are.
        now: the instant (UTC).

    Raises:
        ReservationsAhead: with every reservation that the file contradicts.

    """
    row = models.Venue
    slug = venue_file.restaurant.slug
    new = {"slug": slug, "revision": _NEW, "rules": data, "loaded_at": now}
    db.execute(insert_new(db, row, "slug").values(**new))
    # Others may go on writing reservations of this venue meanwhile (FOR NO KEY UPDATE).
    query = sa.select(row.id, row.rules, row.revision).where(row.slug == slug)
    known = db.execute(query.with_for_update(key_share=True)).one()
    table_ids = _enter_tables(db, known.id, venue_file)
    venue = venue_file.build(known.id, _fingerprint(data, table_ids), table_ids)
    ahead = _ahead(db, venue, now=now)
    people = guests.by_id(db, {r.guest_id for r in ahead})
    old = VenueFile.model_validate(known.rules).build(known.id, known.revision, table_ids)
    found = tuple(contradictions(venue, old, ahead, people, now=now))
    if found and not keep_reservations:
        raise ReservationsAhead(slug, found)
    _redate(db, venue, ahead)
    waiting.redate(db, venue, now=now)
    db.execute(
        sa.update(row)
        .where(row.id == known.id)
        .values(rules=data, revision=venue.revision, loaded_at=now)
    )
    changes = tuple(differences(known.rules, data))
    return Loaded(venue=venue, is_new=known.revision == _NEW, changes=changes)


def get(db: Connection, venue_id: int) -> Venue:
    """One venue by its row. Its rules are read again only when they have changed."""
    row, table = models.Venue, models.DiningTable
    revision = db.execute(sa.select(row.revision).where(row.id == venue_id)).scalar_one()
    venue = _KNOWN.get(venue_id)
    if venue is None or venue.revision != revision:
        rules = db.execute(sa.select(row.rules).where(row.id == venue_id)).scalar_one()
        tables = db.execute(sa.select(table.name, table.id).where(table.venue_id == venue_id))
        table_ids = {row.name: row.id for row in tables}
        venue = VenueFile.model_validate(rules).build(venue_id, revision, table_ids)
        _KNOWN[venue_id] = venue
    return venue


def every(db: Connection) -> list[Venue]:
    """All venues of the house, by slug."""
    row = models.Venue
    ids = db.execute(sa.select(row.id).order_by(row.slug)).scalars().all()
    return [get(db, venue_id) for venue_id in ids]


#: The revision of a venue that is only just being made.
_NEW = ""
#: The venues this process has built, by id; a revision tells when one is out of date.
_KNOWN: dict[int, Venue] = {}


def _enter_tables(db: Connection, venue_id: int, venue_file: VenueFile) -> dict[str, int]:
    """The row of each table by name; new ones are added, none is ever removed."""
    row = models.DiningTable
    query = sa.select(row.name, row.id).where(row.venue_id == venue_id)
    known = {row.name: row.id for row in db.execute(query)}
    new = [table.name for table in venue_file.tables if table.name not in known]
    if new:
        db.execute(sa.insert(row), [{"venue_id": venue_id, "name": name} for name in new])
        known = {row.name: row.id for row in db.execute(query)}
    return known


def _fingerprint(data: Mapping[str, Any], table_ids: Mapping[str, int]) -> str:
    text = json.dumps([data, sorted(table_ids.items())], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _ahead(db: Connection, venue: Venue, *, now: datetime) -> list[Reservation]:
    """What still occupies tables, or would when its hold had not run out; locked."""
    row = models.Reservation
    live = (row.venue_id == venue.id, row.state.in_(LIVE), row.ends_at > now)
    return lookups.fetch(db, *live, lock=True)


def _redate(db: Connection, venue: Venue, ahead: list[Reservation]) -> None:
    """Put reservations under the service dates of the new rules.

    Whoever looks for a place reads one service date only: what was kept from older hours or
    another zone must be found there.
    """
    row = models.Reservation
    for r in ahead:
        wish = wish_of(venue, r)
        service_date = venue.service_date_of(wish.date, wish.time)
        if service_date != r.service_date:
            db.execute(sa.update(row).where(row.id == r.id).values(service_date=service_date))
