"""What requests tell of allergies is kept with the guest, until shortly after the visit."""

from datetime import datetime

from sqlalchemy.engine import Connection

from booking import allergies, guests
from booking.venue import Venue
from conversations.reading import Context
from conversations.understanding import allergies_in


def keep(
    db: Connection,
    venue: Venue,
    guest_id: int,
    request: str | None,
    *,
    ends_at: datetime,
    now: datetime,
) -> None:
    """Write down what a request tells of allergies; most tell of none.

    Args:
        db: a writing transaction.
        venue: whose guest.
        guest_id: who asks for it.
        request: as it stands in the book.
        ends_at: when the visit is over (UTC).
        now: the instant (UTC).

    """
    context = Context(now=venue.local(now).replace(tzinfo=None))
    told = guests.joined(*allergies_in(request, context)) if request else None
    if told:
        allergies.note(db, guest_id, told, until=ends_at + allergies.KEPT, now=now)
