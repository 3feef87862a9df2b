"""What the staff see at a glance of a guest, on the sheet and under alerts."""

from datetime import datetime

from booking.guests import BETWEEN, Guest
from booking.lifecycle import State
from booking.lookups import Reservation
from conversations.wording import Wording


def of(
    wording: Wording, guest: Guest, visit: Reservation | None, *, no_shows: int, now: datetime
) -> str:
    """A VIP, one who did not come before, allergies that the request does not tell; or nothing.

    Args:
        wording: of the staff.
        guest: who.
        visit: that the rest of the line is about; it is no no-show before itself.
        no_shows: how often they did not come.
        now: the instant (UTC); allergies count while they are kept.

    """
    words = wording.data["mark"]
    request = (visit.request if visit else None) or ""
    before = no_shows - (visit is not None and visit.state is State.NO_SHOW)
    told = (guest.allergies_at(now) or "").split(BETWEEN)
    untold = BETWEEN.join(part for part in told if part not in request)
    marks = [
        words["vip"] if guest.is_vip else "",
        words["no_shows"].format(count=before) if before else "",
        words["allergies"].format(text=untold) if untold else "",
    ]
    return ", ".join(mark for mark in marks if mark)
