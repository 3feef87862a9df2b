"""The copies of an alert that asks for a decision: when it is settled, each of them says so.

A copy in a chat with buttons is edited: it tells who decided, and its buttons go. A phone that was
asked as well gets a short message instead.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import lookups
from booking.events import STAFF, Kind
from booking.lifecycle import State
from booking.models import BookingEvent
from booking.venue import Venue
from bot import outbox
from bot.channels import CAPABILITIES
from bot.models import OutboundMessage
from bot.staff import contacts
from bot.staff.alerts import body_for, key_for
from bot.staff.contacts import Contact
from conversations.wording import Wording, compose, load_wording

#: What a copy says when its matter is settled.
SAYS = {
    Kind.APPROVED: "copy.approved",
    Kind.DECLINED: "copy.declined",
    Kind.CHANGED: "copy.changed",
    Kind.CANCELLED: "copy.cancelled",
    Kind.EXPIRED: "copy.expired",
}
#: Of these a phone has not heard by another alert.
_DECIDED = frozenset({Kind.APPROVED, Kind.DECLINED})


def settles(event: Mapping[str, Any]) -> bool:
    """Tell whether after an event an earlier request is nothing to decide about any more."""
    return event["from_state"] == State.REQUESTED and event["kind"] in SAYS


def settle(
    db: Connection,
    accounts: Mapping[str, str],
    venue: Venue,
    event: Mapping[str, Any],
    *,
    now: datetime,
    but: tuple[str, str] | None = None,
) -> list[int]:
    """Plan what tells each copy's chat that the matter is settled, once for each copy.

    Args:
        db: a writing transaction.
        accounts: our account on each channel that is on.
        venue: whose staff were asked.
        event: what settled it; see `settles`.
        now: the instant (UTC).
        but: a chat, as channel and address, that knows because it has just settled it.

    Returns:
        The ids of the planned messages.

    """
    planned = []
    for copy_id, to in _copies(db, event):
        if to.channel not in accounts:
            continue
        row = _edit(copy_id, event)
        if not CAPABILITIES[to.channel].has_buttons:
            knows = (to.channel, to.address) == but
            row = {} if knows else _message(db, to, venue, event)
        if row:
            number = outbox.queue(
                db,
                channel=to.channel,
                account=accounts[to.channel],
                address=to.address,
                venue_id=venue.id,
                reservation_id=event["reservation_id"],
                version=event["version"],
                now=now,
                **row,
            )
            planned += [] if number is None else [number]
    return planned


def write(db: Connection, wording: Wording, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """The body of an edit, or None when its copy never reached the chat.

    Args:
        db: the transaction that claims the row.
        wording: of the staff.
        row: of the outbox.

    """
    copy, facts = OutboundMessage, row["facts"]
    query = sa.select(copy.provider_id, copy.body).where(copy.id == facts["edits"])
    found = db.execute(query).one()
    if found.provider_id is None or not found.body:
        return None
    told = wording.say(facts["say"], {"who": facts["who"]})
    text = compose([found.body["text"], told], CAPABILITIES[row["channel"]])
    return {"text": text, "buttons": [], "edits": found.provider_id}


def _copies(db: Connection, event: Mapping[str, Any]) -> Iterator[tuple[int, Contact]]:
    """The alerts by which the staff were asked before an event, with whom they went to."""
    past, row = BookingEvent, OutboundMessage
    asked = sa.select(past.id).where(
        past.reservation_id == event["reservation_id"],
        past.id < event["id"],
        past.to_state == State.REQUESTED,
        past.kind.in_((Kind.REQUESTED, Kind.CHANGED, Kind.OFFERED)),
    )
    keys = {
        key_for(f"alert:{number}", to): to
        for number in db.execute(asked.order_by(past.id)).scalars()
        for to in contacts.of_venue(db, event["venue_id"])
    }
    query = sa.select(row.id, row.dedup_key).where(row.dedup_key.in_(keys))
    for number, key in db.execute(query.order_by(row.id)).all():
        yield number, keys[key]


def _edit(copy_id: int, event: Mapping[str, Any]) -> dict[str, Any]:
    facts = {"say": SAYS[Kind(event["kind"])], "edits": copy_id, "who": _who(event)}
    return {"kind": outbox.Kind.EDIT, "dedup_key": f"edit:{copy_id}", "facts": facts}


def _message(db: Connection, to: Contact, venue: Venue, event: Mapping[str, Any]) -> dict[str, Any]:
    """What a phone is told of a decision that somebody else made."""
    kind = Kind(event["kind"])
    if kind not in _DECIDED:
        return {}
    wording = load_wording(venue.languages[0])
    code = lookups.get(db, venue.id, event["reservation_id"]).code
    text = f"{code}: {wording.say(SAYS[kind], {'who': _who(event)})}"
    key = key_for(f"decided:{event['id']}", to)
    return {"kind": outbox.Kind.ALERT, "dedup_key": key, "body": body_for(to, text)}


def _who(event: Mapping[str, Any]) -> str:
    actor: str = event["actor"]
    return actor.removeprefix(STAFF)
