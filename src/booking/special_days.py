"""Service dates with periods of their own, set by the staff: they stand before the venue file."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.engine import Connection

from booking import models, venues
from booking.errors import BadVenueFile
from booking.venue import Venue
from booking.venue_file import problem


def set_periods(
    db: Connection,
    venue: Venue,
    service_date: date,
    periods: Sequence[Mapping[str, Any]],
    *,
    name: str | None = None,
    keep_reservations: bool = False,
    actor: str,
    now: datetime,
) -> Venue:
    """Give a service date periods of its own, such as New Year's Eve.

    Args:
        db: a writing transaction.
        venue: the venue.
        service_date: which.
        periods: as `service_periods` of a venue file, without `days`.
        name: what the day is called.
        keep_reservations: set them even if they contradict reservations ahead.
        actor: who says so.
        now: the instant (UTC).

    Returns:
        The venue with its new rules.

    Raises:
        BadVenueFile: the periods are wrong, or run into another service date.
        ReservationsAhead: with every reservation that they contradict.

    """
    day = {"date": service_date.isoformat(), "name": name, "service_periods": list(periods)}
    _check(db, venue, service_date, day)
    _forget(db, venue.id, service_date)
    db.execute(
        sa.insert(models.SpecialDay).values(
            venue_id=venue.id,
            service_date=service_date,
            name=name,
            periods=[dict(period) for period in periods],
            actor=actor,
            at=now,
        )
    )
    return venues.rebuild(db, venue, keep_reservations=keep_reservations, now=now)


def clear(
    db: Connection,
    venue: Venue,
    service_date: date,
    *,
    keep_reservations: bool = False,
    now: datetime,
) -> Venue:
    """Let the venue file decide about a service date again.

    Raises:
        ReservationsAhead: with every reservation that it contradicts.

    """
    _forget(db, venue.id, service_date)
    return venues.rebuild(db, venue, keep_reservations=keep_reservations, now=now)


def _forget(db: Connection, venue_id: int, service_date: date) -> None:
    row = models.SpecialDay
    db.execute(sa.delete(row).where(row.venue_id == venue_id, row.service_date == service_date))


def _check(db: Connection, venue: Venue, service_date: date, day: Mapping[str, Any]) -> None:
    """Refuse periods that a venue file could not have either."""
    others = [each for each in venues.days_set(db, venue.id) if each["date"] != day["date"]]
    try:
        file = venues.with_days(venues.file_of(db, venue.id), [*others, day])
    except ValidationError as error:
        wrong = [problem(f"{venue.slug} on {service_date}", found) for found in error.errors()]
        raise BadVenueFile(wrong) from None
    venues.check_days(file)
