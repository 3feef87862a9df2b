"""From what happened in the book to who is told: booking events become rows of the outbox.

Staff hear of everything that concerns them; guests only of what they did not do themselves.
The texts are written when the rows are claimed (`letters.py`).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import guests, lookups, openings, quiet, venues, waiting
from booking.events import GUEST, STAFF, Kind
from booking.lifecycle import AGREED, State
from booking.lookups import Reservation
from booking.models import BookingEvent
from booking.venue import Venue
from bot import outbox, unheard
from bot.channels import TERMINAL
from bot.staff import alerts, copies
from conversations import talks

#: What the staff are alerted to.
ALERTS = {
    Kind.RESERVED: "alert.reserved",
    Kind.REQUESTED: "alert.requested",
    Kind.OFFERED: "alert.opening",
    Kind.CHANGED: "alert.changed",
    Kind.NOTED: "alert.noted",
    Kind.NAMED: "alert.named",
    Kind.CANCELLED: "alert.cancelled",
    Kind.RESTORED: "alert.restored",
}
#: What a guest is told when somebody else did it.
NOTICES = {
    Kind.APPROVED: "notice.approved",
    Kind.DECLINED: "notice.declined",
    Kind.EXPIRED: "notice.expired",
    Kind.CANCELLED: "notice.cancelled",
    Kind.CHANGED: "notice.changed",
    Kind.RESERVED: "notice.booked",
    Kind.RESTORED: "notice.restored",
    Kind.OFFERED: "notice.opening",
}
#: Of these a guest may have to be told otherwise when it was an opening.
_OF_OPENINGS = frozenset({Kind.OFFERED, Kind.EXPIRED, Kind.DECLINED})
#: What the staff may take back; guests hear of it once it has stood for a while.
UNDOABLE = frozenset({Kind.RESERVED, Kind.CANCELLED, Kind.RESTORED})
STANDS_AFTER = timedelta(minutes=2)
#: After these a visit is agreed, at a time that is to be reminded of.
REMINDED = frozenset({Kind.RESERVED, Kind.APPROVED, Kind.IMPORTED, Kind.CHANGED})
#: Steps of a visit that was only ever held concern nobody but its guest.
_AFTER_A_HOLD = frozenset({Kind.CHANGED, Kind.NOTED, Kind.NAMED, Kind.OFFERED})


def plan(
    db: Connection,
    accounts: Mapping[str, str],
    *,
    now: datetime,
    limit: int = 100,
    but: tuple[str, str] | None = None,
) -> list[int]:
    """Plan the notices of all events that have none yet.

    Args:
        db: a writing transaction; in an exchange, the one that made the events.
        accounts: our account on each channel that is on.
        now: the instant (UTC).
        limit: how many events at most.
        but: a chat of the staff, as channel and address, that has just been told of what it did.

    Returns:
        The ids of the planned messages that are due now.

    """
    row = BookingEvent
    open_events = (
        sa.select(row.__table__)
        .where(row.noticed_at.is_(None))
        .order_by(row.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = db.execute(open_events).mappings().all()
    planned = [
        number
        for event in found
        for number in _plan_one(db, accounts, dict(event), now=now, but=but)
    ]
    if found:
        ids = [event["id"] for event in found]
        db.execute(sa.update(row).where(row.id.in_(ids)).values(noticed_at=now))
    return planned


def _plan_one(
    db: Connection,
    accounts: Mapping[str, str],
    event: Mapping[str, Any],
    *,
    now: datetime,
    but: tuple[str, str] | None,
) -> list[int]:
    venue = venues.get(db, event["venue_id"])
    kind, agreed = Kind(event["kind"]), event["to_state"] in AGREED
    but = but if _staff(event) else None
    planned: list[int] = []
    if copies.settles(event):
        planned += copies.settle(db, accounts, venue, event, now=now, but=but)
    concerns_staff = kind in ALERTS and (agreed or kind not in _AFTER_A_HOLD)
    if (concerns_staff or _ran_out(event)) and not _is_news_to_nobody(event):
        planned += _alert(db, accounts, venue, event, now=now, but=but)
    is_news = kind is not Kind.RESTORED or event["from_state"] == State.CANCELLED
    if kind in NOTICES and event["actor"] != GUEST and is_news:
        planned += _tell_guest(db, accounts, venue, event, now=now)
    if kind in REMINDED and event["to_state"] == State.RESERVED:
        _remind(db, venue, event, now=now)
    return planned


def _alert(
    db: Connection,
    accounts: Mapping[str, str],
    venue: Venue,
    event: Mapping[str, Any],
    *,
    now: datetime,
    but: tuple[str, str] | None,
) -> list[int]:
    return alerts.alert(
        db,
        venue.id,
        accounts,
        key=f"alert:{event['id']}",
        reservation_id=event["reservation_id"],
        version=event["version"],
        facts={"say": _say(event), "before": event["before"], "by": _staff(event)},
        but=but,
        now=now,
    )


def _say(event: Mapping[str, Any]) -> str:
    """What the staff hear; a request that changed is theirs to decide anew."""
    if _ran_out(event):
        return "alert.request_expired"
    asks_again = event["kind"] == Kind.CHANGED and event["to_state"] == State.REQUESTED
    return "alert.requested_again" if asks_again else ALERTS[Kind(event["kind"])]


def _ran_out(event: Mapping[str, Any]) -> bool:
    """Tell whether nobody has decided about a request in time."""
    return bool(event["kind"] == Kind.EXPIRED and event["from_state"] == State.REQUESTED)


def _is_news_to_nobody(event: Mapping[str, Any]) -> bool:
    """Tell whether staff never heard of what a step takes back."""
    kind, before = event["kind"], event["from_state"]
    is_back = kind == Kind.RESTORED and before != State.CANCELLED
    return bool(is_back or (kind == Kind.CANCELLED and before == State.SEATED))


def _staff(event: Mapping[str, Any]) -> str | None:
    """Who of the staff did it, if it was one of them."""
    actor: str = event["actor"]
    return actor.removeprefix(STAFF) if actor.startswith(STAFF) else None


def _tell_guest(
    db: Connection,
    accounts: Mapping[str, str],
    venue: Venue,
    event: Mapping[str, Any],
    *,
    now: datetime,
) -> list[int]:
    say = _notice(db, event)
    if say is None:
        return []
    found = lookups.get(db, venue.id, event["reservation_id"])
    if event["kind"] == Kind.OFFERED:
        return _tell_of_opening(db, accounts, venue, event, found, now=now)
    number = _to_guest(
        db,
        venue,
        event,
        outbox.Kind.NOTICE,
        found,
        key=f"{say}:{event['id']}",
        facts={"say": say},
        due_at=event["at"] + STANDS_AFTER if event["kind"] in UNDOABLE else now,
        not_after=max(event["ends_at"], now + STANDS_AFTER + outbox.GRACE),
        now=now,
    )
    return [number] if number is not None and event["kind"] not in UNDOABLE else []


def _notice(db: Connection, event: Mapping[str, Any]) -> str | None:
    """What a guest is told of an event; nothing of an opening that the staff ring them about."""
    kind = Kind(event["kind"])
    entry = waiting.of_opening(db, event["reservation_id"]) if kind in _OF_OPENINGS else None
    if entry and entry.source == openings.STAFF:
        return None
    if _ran_out(event):
        return "notice.request_expired"
    is_over = entry is not None and kind is Kind.EXPIRED
    return "notice.opening_lapsed" if is_over else NOTICES[kind]


def _tell_of_opening(
    db: Connection,
    accounts: Mapping[str, str],
    venue: Venue,
    event: Mapping[str, Any],
    found: Reservation,
    *,
    now: datetime,
) -> list[int]:
    """Plan the word to who waited; an opening of which nobody can be told is none."""
    due_at = max(quiet.told_at(venue, found.service_date, now=event["at"]), now)
    number = _to_guest(
        db,
        venue,
        event,
        outbox.Kind.OPENING,
        found,
        key=f"notice.opening:{event['id']}",
        facts={"say": "notice.opening"},
        due_at=due_at,
        not_after=found.held_until,
        now=now,
    )
    if number is None:
        return unheard.take_back(db, accounts, venue, found.id, now=now)
    return [number] if due_at == now else []


def _remind(db: Connection, venue: Venue, event: Mapping[str, Any], *, now: datetime) -> None:
    found = lookups.get(db, venue.id, event["reservation_id"])
    for minutes in venue.policy.reminder_minutes:
        due_at = reminder_due(venue, event["starts_at"], minutes)
        if due_at <= now:
            continue  # it would come late, or tell what was just said
        _to_guest(
            db,
            venue,
            event,
            outbox.Kind.REMINDER,
            found,
            key=f"reminder:{event['reservation_id']}:{event['version']}:{minutes}",
            facts={"say": "notice.reminder"},
            due_at=due_at,
            not_after=event["starts_at"],
            now=now,
        )


def reminder_due(venue: Venue, starts_at: datetime, minutes: int) -> datetime:
    """When a reminder is due (UTC): never in the quiet hours, and moved earlier, never later.

    Args:
        venue: its zone and its `reminder_hours`.
        starts_at: of the visit (UTC).
        minutes: how long before the visit.

    """
    first, last = venue.policy.reminder_hours
    local = venue.local(starts_at - timedelta(minutes=minutes))
    if first <= local.time() <= last:
        return local.astimezone(starts_at.tzinfo)
    day = local.date() if local.time() > last else local.date() - timedelta(days=1)
    return datetime.combine(day, last, tzinfo=venue.zone).astimezone(starts_at.tzinfo)


def _to_guest(
    db: Connection,
    venue: Venue,
    event: Mapping[str, Any],
    kind: outbox.Kind,
    found: Reservation,
    *,
    key: str,
    now: datetime,
    **columns: Any,
) -> int | None:
    """Plan a message to the guest of an event, over the conversation they last wrote in.

    None for whom nothing reaches later: a terminal has been closed, a desk has no address.
    """
    guest = guests.get(db, found.guest_id)
    talk = talks.find(db, guest.channel, guest.address)
    if talk is None or guest.channel == TERMINAL:
        return None
    return outbox.queue(
        db,
        kind,
        dedup_key=f"{key}:{guest.channel}:{guest.address}",
        channel=guest.channel,
        account=talk.account,
        address=guest.address,
        conversation_id=talk.id,
        venue_id=venue.id,
        reservation_id=found.id,
        version=event["version"],
        now=now,
        **columns,
    )
