"""The history: one row a step, written in the transaction that makes the step.

No names, no requests, no allergies: who they belong to is found through the reservation.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking.lifecycle import State
from booking.lookups import Reservation
from booking.models import BookingEvent

#: Who made a step: the guest, the house itself, or staff by name.
GUEST = "guest"
HOUSE = "house"
STAFF = "staff:"


class Kind(StrEnum):
    """What happened to a reservation."""

    HELD = "held"
    OFFERED = "offered"  # a place that came free is held for who was on the waitlist
    RESERVED = "reserved"
    REQUESTED = "requested"
    IMPORTED = "imported"  # agreed elsewhere, before this was the book
    APPROVED = "approved"
    DECLINED = "declined"
    CHANGED = "changed"
    MOVED = "moved"  # to other tables, by the seating plan
    NOTED = "noted"
    LATE = "late"
    NAMED = "named"  # the guest has said the name for the first time
    RELEASED = "released"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    WALKED_IN = "walked_in"
    SEATED = "seated"
    STAYED_ON = "stayed_on"  # longer than planned
    FINISHED = "finished"
    NO_SHOW = "no_show"
    RESTORED = "restored"  # a step was taken back
    ANNOTATED = "annotated"  # a note of the staff, for themselves
    PINNED = "pinned"  # keeps its tables
    UNPINNED = "unpinned"


def append(
    db: Connection,
    kind: Kind,
    reservations: Sequence[Reservation],
    names: Mapping[int, str],
    *,
    actor: str,
    now: datetime,
    from_state: State | None,
    before: Reservation | None = None,
    bent: Collection[str] = (),
) -> None:
    """Write one event for each reservation, as it stands after the step.

    Args:
        db: the transaction of the step.
        kind: what happened.
        reservations: to which reservations.
        names: of the venue's tables, by id.
        actor: who did it.
        now: when (UTC).
        from_state: the state before; None for a birth.
        before: the reservation before a change of date, time, size or tables.
        bent: the rules of the house that the staff set aside.

    """
    facts = before and _facts(before, names)
    rows = [
        {
            **_as_it_stands(each, names),
            "kind": kind,
            "actor": actor,
            "at": now,
            "from_state": from_state,
            "before": facts,
            "bent": sorted(bent) or None,
        }
        for each in reservations
    ]
    _write(db, reservations, rows)


def append_moves(
    db: Connection,
    moved: Sequence[tuple[Reservation, Reservation]],
    names: Mapping[int, str],
    *,
    now: datetime,
) -> None:
    """Write the events of parties that the seating plan gave other tables.

    Args:
        db: the transaction of the step.
        moved: each party before and after.
        names: of the venue's tables, by id.
        now: when (UTC).

    """
    rows = [
        {
            **_as_it_stands(after, names),
            "kind": Kind.MOVED,
            "actor": HOUSE,
            "at": now,
            "from_state": before.state,
            "before": _facts(before, names),
            "bent": None,
        }
        for before, after in moved
    ]
    _write(db, [after for _, after in moved], rows)


def _as_it_stands(found: Reservation, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "venue_id": found.venue_id,
        "reservation_id": found.id,
        "to_state": found.state,
        "party_size": found.party_size,
        "starts_at": found.starts_at,
        "ends_at": found.ends_at,
        "tables": table_names(found, names),
        "version": found.version,
    }


def _write(
    db: Connection, reservations: Sequence[Reservation], rows: Sequence[dict[str, Any]]
) -> None:
    if rows:
        db.execute(sa.insert(BookingEvent), rows)
        db.info.setdefault("steps", []).extend(
            {"code": found.code, **row} for found, row in zip(reservations, rows, strict=True)
        )


def birth(
    names: Mapping[int, str],
    kind: Kind,
    table_ids: Sequence[int],
    *,
    actor: str,
    now: datetime,
    bent: Collection[str] = (),
) -> dict[str, Any]:
    """The first event of a reservation, but for what it has in common with its row."""
    return {
        "kind": kind,
        "actor": actor,
        "at": now,
        "from_state": None,
        "tables": [names.get(i, f"#{i}") for i in table_ids],
        "before": None,
        "bent": sorted(bent) or None,
    }


def remember(db: Connection, entered: Reservation, event: Mapping[str, Any]) -> None:
    """Keep the first event of a reservation for the log."""
    row = {
        "code": entered.code,
        "venue_id": entered.venue_id,
        "reservation_id": entered.id,
        "to_state": entered.state,
        "party_size": entered.party_size,
        "starts_at": entered.starts_at,
        "ends_at": entered.ends_at,
        "version": entered.version,
    }
    db.info.setdefault("steps", []).append({**row, **event})


def steps(db: Connection) -> list[dict[str, Any]]:
    """The events of this transaction so far, each with its reservation's code, for the log."""
    found: list[dict[str, Any]] = db.info.get("steps", [])
    return found


def table_names(reservation: Reservation, names: Mapping[int, str]) -> list[str]:
    """The names of a reservation's tables; one that left the venue file shows its number."""
    return [names.get(i, f"#{i}") for i in reservation.table_ids]


def _facts(reservation: Reservation, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "party_size": reservation.party_size,
        "starts_at": reservation.starts_at.isoformat(),
        "ends_at": reservation.ends_at.isoformat(),
        "tables": table_names(reservation, names),
    }
