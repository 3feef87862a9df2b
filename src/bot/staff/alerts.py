"""What the staff are told: one alert to everybody on the staff of a venue."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from bot import outbox
from bot.channels import CAPABILITIES
from bot.staff import contacts
from bot.staff.contacts import Contact
from conversations.wording import compose


def alert(
    db: Connection,
    venue_id: int,
    accounts: Mapping[str, str],
    *,
    key: str,
    text: str | None = None,
    body: Callable[[Contact], Mapping[str, Any]] | None = None,
    but: tuple[str, str] | None = None,
    now: datetime,
    **columns: Any,
) -> list[int]:
    """Plan an alert to everybody on the staff of a venue.

    Args:
        db: a writing transaction.
        venue_id: whose staff.
        accounts: our account on each channel that is on.
        key: what makes this alert itself; never sent twice.
        text: what it says; left out where it is written when it is sent.
        body: what writes it for each of them, instead of a text.
        but: a chat that is left out, as channel and address.
        now: the instant (UTC).
        columns: of the outbox row.

    """
    planned = [
        outbox.queue(
            db,
            outbox.Kind.ALERT,
            dedup_key=key_for(key, to),
            channel=to.channel,
            account=accounts[to.channel],
            address=to.address,
            venue_id=venue_id,
            body=body(to) if body else body_for(to, text) if text else None,
            now=now,
            **columns,
        )
        for to in contacts.of_venue(db, venue_id)
        if to.channel in accounts and (to.channel, to.address) != but
    ]
    return [number for number in planned if number is not None]


def key_for(key: str, to: Contact) -> str:
    """What makes one copy of an alert itself."""
    return f"{key}:{to.channel}:{to.address}"


def body_for(to: Contact, text: str, buttons: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """The body of a message to the staff, within what their channel carries."""
    capability = CAPABILITIES[to.channel]
    return {
        "text": compose([text], capability),
        "buttons": list(buttons) if capability.has_buttons else [],
    }


def with_buttons(
    to: Contact, body: Mapping[str, Any], buttons: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """A body with these buttons too, where the channel has any."""
    more = buttons if CAPABILITIES[to.channel].has_buttons else ()
    return {**body, "buttons": [*body.get("buttons", ()), *more]}
