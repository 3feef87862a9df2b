"""What a guest has heard of a visit so far.

Nobody is told that something is over, or back, who never heard of it.
"""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking.events import GUEST
from booking.lookups import Reservation
from booking.models import BookingEvent
from bot.models import OutboundMessage
from bot.outbox import Kind, State

#: Messages that reached the guest, or may have.
_OUT = (State.SENT, State.DELIVERED, State.UNKNOWN)
CANCELLED, RESTORED = "notice.cancelled", "notice.restored"


def is_news(db: Connection, found: Reservation, say: str) -> bool:
    """Tell whether a notice says anything to its guest, after what they have heard before."""
    if say == CANCELLED:
        return _has_a_part_in(db, found) or bool(_told(db, found))
    return say != RESTORED or _told(db, found)[-1:] == [CANCELLED]


def _has_a_part_in(db: Connection, found: Reservation) -> bool:
    """Tell whether the guest did any step of a visit, and so was answered."""
    row = BookingEvent
    own = sa.exists().where(row.reservation_id == found.id, row.actor == GUEST)
    return bool(db.execute(sa.select(own)).scalar_one())


def _told(db: Connection, found: Reservation) -> list[str]:
    """The notices that the guest has had of a visit, in order."""
    row = OutboundMessage
    sent = sa.select(row.facts).where(
        row.reservation_id == found.id,
        row.kind.in_((Kind.NOTICE, Kind.REMINDER)),
        row.state.in_(_OUT),
    )
    return [facts.get("say", "") for facts in db.execute(sent.order_by(row.claimed_at)).scalars()]
