"""The venues of the house: loading their files, and finding them again."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import events, lookups, models
from booking.errors import Contradiction, ReservationsAhead
from booking.lifecycle import LIVE
from booking.lookups import Reservation
from booking.reservations import wish_of
from booking.venue import Venue
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
    query = sa.select(row.id, row.rules).where(row.slug == slug).with_for_update()
    known = db.execute(query).first()
    if known is None:
        values = {"slug": slug, "revision": "", "rules": data, "loaded_at": now}
        venue_id = db.execute(sa.insert(row).values(**values).returning(row.id)).scalar_one()
    else:
        venue_id = known.id
    table_ids = _enter_tables(db, venue_id, venue_file)
    venue = venue_file.build(venue_id, _fingerprint(data, table_ids), table_ids)
    if known is not None and not keep_reservations:
        _refuse_contradictions(db, venue, known.rules, now=now)
    db.execute(
        sa.update(row)
        .where(row.id == venue_id)
        .values(rules=data, revision=venue.revision, loaded_at=now)
    )
    changes = tuple(_differences(known.rules, data)) if known else ()
    return Loaded(venue=venue, is_new=known is None, changes=changes)


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


def _refuse_contradictions(
    db: Connection, venue: Venue, old_rules: Mapping[str, Any], *, now: datetime
) -> None:
    row = models.Reservation
    ahead = lookups.fetch(db, row.venue_id == venue.id, row.state.in_(LIVE), row.ends_at > now)
    zone_moved = old_rules["restaurant"]["timezone"] != str(venue.zone)
    found = [
        Contradiction(r.code, r.service_date, r.starts_at, reason)
        for r in ahead
        if r.state_at(now) in LIVE
        for reason in _against(venue, r, zone_moved=zone_moved)
    ]
    if found:
        raise ReservationsAhead(venue.slug, found)


def _against(venue: Venue, reservation: Reservation, *, zone_moved: bool) -> Iterator[str]:
    """Why the rules of a venue would not allow a reservation, for the operator."""
    if zone_moved:
        yield "the time zone changes"
        return
    if not set(reservation.table_ids) <= set(venue.floor.names):
        yield "a table of it is gone"
    elif not _fits(venue, reservation):
        tables = " + ".join(events.table_names(reservation, venue.floor.names))
        yield f"{tables} would no longer take a party of {reservation.party_size}"
    wish = wish_of(venue, reservation)
    if reservation.service_date in venue.closures:
        yield "the date is closed"
    elif venue.find_slot(wish.date, wish.time) is None:
        yield "nobody is seated at that time"


def _fits(venue: Venue, reservation: Reservation) -> bool:
    places = venue.floor.places(reservation.party_size)
    wanted = set(reservation.table_ids)
    return any(set(place.table_ids) == wanted for place in places)


def _differences(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """What changed between two venue files, one line a key."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in [*old, *(k for k in new if k not in old)]:
            inner = f"{path}.{key}" if path else str(key)
            if key not in new:
                yield f"- {inner}"
            elif key not in old:
                yield f"+ {inner}"
            else:
                yield from _differences(old[key], new[key], inner)
    elif _is_named(old) and _is_named(new):
        yield from _differences(_by_name(old), _by_name(new), path)
    elif old != new:
        yield f"{path}: {old} -> {new}"


def _is_named(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) for item in value)


def _by_name(items: list[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    keys = (item.get("name") or item.get("date") or item.get("tables") for item in items)
    return {
        f"[{'+'.join(key) if isinstance(key, list) else key}]": item
        for key, item in zip(keys, items, strict=True)
    }
