"""A book with many venues whose evenings are half full, written in bulk."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from restaurants import FRIDAY, NOON, open_venue, period, table, wish
from sqlalchemy.engine import Connection

from booking import models
from booking.availability import Offer, check
from booking.database import Database
from booking.rules import Wish
from booking.seating import Stay
from booking.venue import Venue

TABLES = 30
DAYS = 30
#: Guests of each venue, so that nobody has too many visits ahead.
GUESTS = 400
#: Of the covers that an evening takes, so much are reserved.
SHARE = 0.5
CLOCKS = [f"{hour}:{minute:02}" for hour in range(18, 22) for minute in (0, 15, 30, 45)]
SIZES = [2, 2, 2, 3, 4, 6]
FILE: dict[str, Any] = {
    "tables": [table(f"T{n}", 2 + n // 10 * 2, 1 + n // 20 * 2) for n in range(TABLES)],
    "combinations": [{"tables": ["T0", "T1"], "min_covers": 3, "max_covers": 4}],
    "service_periods": [
        period(days=["mon", "tue", "wed", "thu", "fri", "sat", "sun"], pacing_covers=24)
    ],
    "policy": {"hold_minutes": 120, "max_open_reservations": 0},
}


@dataclass(frozen=True)
class Filled:
    """What clients need to know of the book."""

    venue_ids: tuple[int, ...]
    guest_ids: dict[int, range]


def fill(database: Database, venues: int, *, share: float = SHARE, past: int = 0) -> Filled:
    """Write venues with evenings that are so full.

    Args:
        database: migrated and empty.
        venues: how many.
        share: of an evening's capacity that is reserved.
        past: how many reservations of times gone by there are besides.

    """
    with database.transaction() as db:
        opened = [open_venue(db, **_file(n)) for n in range(venues)]
        guests = _guests(db, opened)
        rows = list(_reservations(opened, guests, share))
        _write(db, rows)
        if past:
            _write_past(db, past, len(rows))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.execute(sa.text("ANALYZE"))
    return Filled(tuple(venue.id for venue in opened), guests)


def a_wish(dice: random.Random) -> Wish:
    """What somebody may want on one of the evenings."""
    return wish(dice.choice(CLOCKS), dice.choice(SIZES), FRIDAY + timedelta(dice.randrange(DAYS)))


def _file(number: int) -> dict[str, Any]:
    return {**FILE, "restaurant": {"slug": f"house-{number}"}}


def _guests(db: Connection, venues: Sequence[Venue]) -> dict[int, range]:
    rows = [
        {
            "id": index * GUESTS + number + 1,
            "venue_id": venue.id,
            "channel": "sms",
            "address": f"+39333{index:03}{number:05}",
            "created_at": NOON,
        }
        for index, venue in enumerate(venues)
        for number in range(GUESTS)
    ]
    db.execute(sa.insert(models.Guest), rows)
    _forward(db, models.Guest)
    return {v.id: range(i * GUESTS + 1, (i + 1) * GUESTS + 1) for i, v in enumerate(venues)}


def _evenings(venue: Venue, share: float) -> Iterator[list[Offer]]:
    """A few evenings, filled one party after the other; the venues have them in turns."""
    dice = random.Random(7)
    while True:
        stays: list[Stay] = []
        offers: list[Offer] = []
        for _ in range(int(TABLES * 2 * share)):
            wished = a_wish(dice)
            found = check(
                venue,
                stays,
                Wish(party_size=wished.party_size, date=FRIDAY, time=wished.time),
                now=NOON,
            )
            if isinstance(found, Offer):
                offers.append(found)
                span = (found.starts_at, found.ends_at)
                stays.append(Stay(len(stays) + 1, found.party_size, *span, found.table_ids))
        yield offers


def _reservations(
    venues: Sequence[Venue], guests: dict[int, range], share: float
) -> Iterator[tuple[dict[str, Any], list[int]]]:
    evenings = _evenings(venues[0], share)
    some = [next(evenings) for _ in range(8)] if share else [[]]
    first = min(venues[0].floor.names)
    dice = random.Random(8)
    for index, venue in enumerate(venues):
        shift = min(venue.floor.names) - first
        for number in range(DAYS):
            day = FRIDAY + timedelta(days=number)
            for offer in some[(index + number) % len(some)]:
                guest = dice.choice(guests[venue.id])
                yield _row(venue.id, guest, offer, day), [i + shift for i in offer.table_ids]


def _row(venue_id: int, guest_id: int, offer: Offer, day: date) -> dict[str, Any]:
    later = day - FRIDAY
    return {
        "venue_id": venue_id,
        "guest_id": guest_id,
        "state": "reserved",
        "party_size": offer.party_size,
        "service_date": day,
        "starts_at": offer.starts_at + later,
        "ends_at": offer.ends_at + later,
        "held_until": None,
        "request": None,
        "note": None,
        "features": None,
        "unmet": None,
        "late_minutes": None,
        "request_key": None,
        "source": "sms",
        "version": 1,
        "created_at": NOON,
    }


def _write(db: Connection, rows: Sequence[tuple[dict[str, Any], list[int]]]) -> None:
    """Reservations, their occupancies, and what was locked to make them."""
    named = [
        {"id": number, "code": f"#{number}", "is_pinned": False, **row}
        for number, (row, _) in enumerate(rows, 1)
    ]
    seats = [
        {
            "venue_id": row["venue_id"],
            "reservation_id": number,
            "table_id": table_id,
            "starts_at": row["starts_at"],
            "ends_at": row["ends_at"],
            "live": True,
        }
        for number, (row, table_ids) in enumerate(rows, 1)
        for table_id in table_ids
    ]
    if named:
        db.execute(sa.insert(models.Reservation), named)
        db.execute(sa.insert(models.Occupancy), seats)
        days = sorted({(row["venue_id"], row["service_date"]) for row, _ in rows})
        locked = [{"venue_id": venue_id, "service_date": day} for venue_id, day in days]
        db.execute(sa.insert(models.ServiceDay), locked)
    _forward(db, models.Reservation)


def _write_past(db: Connection, past: int, known: int) -> None:
    """What was a year ago and more: visits that are over, in every venue, with their events."""
    db.execute(sa.text(_HOUSES))
    db.execute(sa.text(_PAST), {"first": known + 1, "last": known + past})
    db.execute(sa.text(_PAST_SEATS), {"first": known + 1})
    db.execute(sa.text(_PAST_EVENTS), {"first": known + 1})
    _forward(db, models.Reservation)


def _forward(db: Connection, model: type[Any]) -> None:
    """Let PostgreSQL go on counting behind rows that were given their ids."""
    if db.dialect.name == "sqlite":
        return
    name = model.__tablename__
    newest = f"GREATEST(1, (SELECT max(id) FROM {name}))"  # noqa: S608 (a name of ours)
    db.execute(sa.text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {newest})"))


#: Written by the database itself: a million rows from here would take minutes.
_HOUSES = """
CREATE TEMPORARY TABLE house ON COMMIT DROP AS
SELECT v.id, row_number() OVER (ORDER BY v.id) - 1 AS index, count(*) OVER () AS many,
    (SELECT min(id) FROM guest WHERE venue_id = v.id) AS guest_id,
    (SELECT min(id) FROM dining_table WHERE venue_id = v.id) AS first_table
FROM venue AS v
"""
_PAST = """
INSERT INTO reservation (id, venue_id, code, guest_id, state, party_size, service_date, starts_at,
    ends_at, source, is_pinned, version, created_at)
SELECT n, house.id, '#' || n, guest_id, 'finished', 2,
    d.day, d.day + interval '19 hours', d.day + interval '20 hours 30 minutes', 'sms', false, 1,
    d.day - interval '3 days'
FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n
JOIN house ON house.index = n % (SELECT max(many) FROM house)
CROSS JOIN LATERAL (SELECT DATE '2025-01-01' + CAST(n / many % 600 AS int) AS day) AS d
"""
_PAST_SEATS = """
INSERT INTO occupancy (venue_id, reservation_id, table_id, starts_at, ends_at, live)
SELECT venue_id, reservation.id, first_table + reservation.id % 30, starts_at, ends_at, false
FROM reservation JOIN house ON house.id = venue_id
WHERE reservation.id >= :first
"""
_PAST_EVENTS = """
INSERT INTO booking_event (venue_id, reservation_id, kind, actor, at, from_state, to_state,
    party_size, starts_at, ends_at, tables, version, noticed_at)
SELECT venue_id, id, 'finished', 'staff:Ada', ends_at, 'seated', 'finished', party_size, starts_at,
    ends_at, '["T1"]', 1, ends_at
FROM reservation WHERE id >= :first
"""
