"""Carries messages: inbox, exchange, outbox, workers."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The one clock of the house: read once per request or task, then passed on as `now`."""
    return datetime.now(UTC)
