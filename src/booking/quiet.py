"""The quiet hours of a house: when its guests are not written to unasked."""

from datetime import date, datetime, time, timedelta

from booking.evening import hours_of
from booking.venue import Venue

#: Who waits for a service that is going on, or begins so soon, is up.
EVE = timedelta(hours=2)


def is_quiet(venue: Venue, now: datetime) -> bool:
    """Tell whether it is too early or too late in the day to write to a guest unasked."""
    first, last = venue.policy.reminder_hours
    at: time = venue.local(now).time()
    return not first <= at <= last


def end_of_quiet(venue: Venue, now: datetime) -> datetime:
    """When guests may be written to again (UTC)."""
    first, _ = venue.policy.reminder_hours
    local = venue.local(now)
    day = local.date() if local.time() < first else local.date() + timedelta(days=1)
    return datetime.combine(day, first, tzinfo=venue.zone).astimezone(now.tzinfo)


def told_at(venue: Venue, service_date: date, *, now: datetime) -> datetime:
    """When who waits for a place on a service date is told of one that came free (UTC).

    At once, but not at night. The quiet hours of most houses begin in the middle of dinner: who
    waits for tonight asked to be told, and tomorrow it is of no use.
    """
    opens_at, closes_at = hours_of(venue, service_date)
    is_tonight = opens_at is not None and closes_at and opens_at - EVE <= now < closes_at
    return now if is_tonight or not is_quiet(venue, now) else end_of_quiet(venue, now)
