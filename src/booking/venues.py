"""The venues of the house: loading their files, and finding them again."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import guests, lookups, models, waiting
from booking.database import insert_new
from booking.errors import BadVenueFile, Problem, ReservationsAhead
from booking.lifecycle import LIVE
from booking.lookups import Reservation
from booking.reservations import wish_of
from booking.venue import Venue
from booking.venue_changes import contradictions, differences
from booking.venue_conflicts import conflicts
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
        BadVenueFile: it runs into a special day that the staff have set.

    """
    row = models.Venue
    slug = venue_file.restaurant.slug
    new = {"slug": slug, "revision": _NEW, "rules": data, "loaded_at": now}
    db.execute(insert_new(db, row, "slug").values(**new))
    # Others may go on writing reservations of this venue meanwhile (FOR NO KEY UPDATE).
    query = sa.select(row.id, row.rules, row.revision).where(row.slug == slug)
    known = db.execute(query.with_for_update(key_share=True)).one()
    table_ids = _enter_tables(db, known.id, venue_file)
    days = days_set(db, known.id)
    if days:
        check_days(with_days(data, days))
    old = _build(known.id, known.revision, known.rules, days, table_ids)
    venue = _build(known.id, _fingerprint(data, days, table_ids), data, days, table_ids)
    _settle(db, venue, old, keep_reservations=keep_reservations, now=now)
    db.execute(
        sa.update(row)
        .where(row.id == known.id)
        .values(rules=data, revision=venue.revision, loaded_at=now)
    )
    changes = tuple(differences(known.rules, data))
    return Loaded(venue=venue, is_new=known.revision == _NEW, changes=changes)


def rebuild(db: Connection, old: Venue, *, keep_reservations: bool = False, now: datetime) -> Venue:
    """A venue as it is by now, when special days have been set or cleared.

    Raises:
        ReservationsAhead: with every reservation that the change contradicts.

    """
    row = models.Venue
    query = sa.select(row.rules).where(row.id == old.id).with_for_update(key_share=True)
    rules, days = db.execute(query).scalar_one(), days_set(db, old.id)
    table_ids = _table_ids(db, old.id)
    venue = _build(old.id, _fingerprint(rules, days, table_ids), rules, days, table_ids)
    _settle(db, venue, old, keep_reservations=keep_reservations, now=now)
    db.execute(sa.update(row).where(row.id == old.id).values(revision=venue.revision))
    return venue


def file_of(db: Connection, venue_id: int) -> Mapping[str, Any]:
    """The venue file as it was loaded, as plain JSON values."""
    row = models.Venue
    rules: Mapping[str, Any] = db.execute(
        sa.select(row.rules).where(row.id == venue_id)
    ).scalar_one()
    return rules


#: Built once: every message asks for it.
_REVISION = sa.select(models.Venue.revision).where(models.Venue.id == sa.bindparam("venue_id"))


def get(db: Connection, venue_id: int) -> Venue:
    """One venue by its row. Its rules are read again only when they have changed."""
    revision = db.execute(_REVISION, {"venue_id": venue_id}).scalar_one()
    venue = _KNOWN.get(venue_id)
    if venue is None or venue.revision != revision:
        rules, days = file_of(db, venue_id), days_set(db, venue_id)
        venue = _build(venue_id, revision, rules, days, _table_ids(db, venue_id))
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
    known = _table_ids(db, venue_id)
    new = [table.name for table in venue_file.tables if table.name not in known]
    if not new:
        return known
    rows = [{"venue_id": venue_id, "name": name} for name in new]
    db.execute(sa.insert(models.DiningTable), rows)
    return _table_ids(db, venue_id)


def _table_ids(db: Connection, venue_id: int) -> dict[str, int]:
    row = models.DiningTable
    query = sa.select(row.name, row.id).where(row.venue_id == venue_id)
    return {found.name: found.id for found in db.execute(query)}


def days_set(db: Connection, venue_id: int) -> list[dict[str, Any]]:
    """The days that the staff have set, as a venue file would have them."""
    row = models.SpecialDay
    query = sa.select(row.service_date, row.name, row.periods).where(row.venue_id == venue_id)
    return [
        {"date": found.service_date.isoformat(), "name": found.name, "service_periods": found[2]}
        for found in db.execute(query.order_by(row.service_date))
    ]


def _build(
    venue_id: int,
    revision: str,
    rules: Mapping[str, Any],
    days: Sequence[Mapping[str, Any]],
    table_ids: Mapping[str, int],
) -> Venue:
    """A venue by its file, and by the days that the staff have set instead of those of the file."""
    return with_days(rules, days).build(venue_id, revision, table_ids)


def with_days(rules: Mapping[str, Any], days: Sequence[Mapping[str, Any]]) -> VenueFile:
    """A venue file with special days instead of its own ones of these dates."""
    dates = {day["date"] for day in days}
    own = [day for day in rules.get("special_days", ()) if str(day["date"]) not in dates]
    return VenueFile.model_validate({**rules, "special_days": [*own, *days]})


def check_days(file: VenueFile) -> None:
    """Refuse special days that run into another service date: the lock of one would not do.

    Raises:
        BadVenueFile: with the days and the reasons.

    """
    wrong = [
        Problem(file.restaurant.slug, key, reason)
        for key, reason in conflicts(file, file.restaurant.languages)
        if key.startswith("special_days")
    ]
    if wrong:
        raise BadVenueFile(wrong)


def _fingerprint(
    data: Mapping[str, Any], days: Sequence[Mapping[str, Any]], table_ids: Mapping[str, int]
) -> str:
    text = json.dumps([data, days, sorted(table_ids.items())], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _settle(
    db: Connection, venue: Venue, old: Venue, *, keep_reservations: bool, now: datetime
) -> None:
    """Look what new rules mean for reservations ahead, and put them under their service dates.

    Raises:
        ReservationsAhead: with every reservation that they contradict, unless these may be kept.

    """
    ahead = _ahead(db, venue, now=now)
    people = guests.by_id(db, {r.guest_id for r in ahead})
    found = tuple(contradictions(venue, old, ahead, people, now=now))
    if found and not keep_reservations:
        raise ReservationsAhead(venue.slug, found)
    _redate(db, venue, ahead)
    waiting.redate(db, venue, now=now)


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
