"""Wishes that could not be had: one row each, so that a house sees what it turns away, and why."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking.errors import Reason
from booking.models import Refusal


def record(
    db: Connection,
    venue_id: int,
    reason: Reason,
    *,
    party_size: int,
    service_date: date,
    now: datetime,
) -> None:
    """Write down that a wish was refused.

    Args:
        db: a writing transaction.
        venue_id: by which venue.
        reason: why.
        party_size: how many would have come.
        service_date: when; the day of the refusal for a party that named no date.
        now: the instant (UTC).

    """
    row = {"venue_id": venue_id, "reason": reason, "at": now}
    wish = {"party_size": party_size, "service_date": service_date}
    db.execute(sa.insert(Refusal).values(**row, **wish))
