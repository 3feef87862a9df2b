"""Venues to test with, written as venue files, and guests to seat in them."""

import tomllib
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from booking import guests, venues
from booking.venue import Venue
from booking.venue_file import VenueFile

#: A Friday at noon in Rome.
NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
ROME = ZoneInfo("Europe/Rome")

AURORA = """
[restaurant]
slug = "aurora"
name = "Trattoria Aurora"
timezone = "Europe/Rome"
languages = ["en", "it"]
phone = "+390212345678"
currency = "EUR"
address = "Via Solferino 9, Milano"

[[service_periods]]
name = "dinner"
days = ["tue", "wed", "thu", "fri", "sat", "sun"]
first_seating = "18:00"
last_seating = "22:00"
closes = "00:30"
slot_minutes = 15
turn_minutes = [{ up_to = 2, minutes = 90 }, { up_to = 4, minutes = 105 }, { minutes = 120 }]

[[tables]]
name = "T1"
max_covers = 2
[[tables]]
name = "T2"
max_covers = 2
[[tables]]
name = "T3"
min_covers = 2
max_covers = 4
[[tables]]
name = "T4"
min_covers = 5
max_covers = 12

[[combinations]]
tables = ["T1", "T2"]
min_covers = 3
max_covers = 4

[[staff]]
name = "Front of house"
telegram_chat_id = -1001234567890
"""


def venue_data(**changes: Any) -> dict[str, Any]:
    """The data of Aurora's file with whole sections replaced; a dict is laid over the section."""
    data = tomllib.loads(AURORA)
    for key, value in changes.items():
        data[key] = {**data.get(key, {}), **value} if isinstance(value, dict) else value
    return data


def open_venue(db: Connection, *, now: datetime = NOON, **changes: Any) -> Venue:
    """Load Aurora, or Aurora with changes, into the database."""
    data = venue_data(**changes)
    return venues.load(db, VenueFile.model_validate(data), data, now=now).venue


def meet(db: Connection, venue: Venue, address: str = "100", *, now: datetime = NOON) -> int:
    """The id of a Telegram guest."""
    return guests.meet(db, venue.id, "telegram", address, now=now).id
