"""What the staff decide about requests, by a button or in writing."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import approvals, lookups, venues
from booking.errors import IllegalStep, UnknownReservation
from booking.events import STAFF, Kind
from booking.lifecycle import State
from booking.lookups import Reservation
from booking.models import BookingEvent
from bot import letters
from bot.staff.alerts import body_for
from bot.staff.contacts import Contact
from bot.staff.stand import Stand
from conversations.wording import load_wording

#: `1 K7F2` accepts a request, `9 K7F2` declines it. The code may stick to the digit or be left
#: out, signs may stand around, and words behind the code.
WRITTEN = re.compile(r"[\W_]*([19])[\W_]*(?:([A-Za-z0-9]{4})\b(.*))?", re.DOTALL)
#: The token of a button under an alert: reservation, its version as it was shown, answer.
TOKEN = re.compile(r"s:(\d{1,18})(?::(\d{1,9}))?:(yes|no)")
#: Stands in the help for a code while no request is open.
SOME_CODE = "K7F2"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A yes or no of the staff, as it was pressed or written.

    Args:
        accept: whether it is a yes.
        pressed: the reservation and its version, when a button was pressed.
        code: of the reservation, when one was written.
        chatty: whether words stand behind the code.

    """

    accept: bool
    pressed: tuple[int, int | None] | None = None
    code: str | None = None
    chatty: bool = False

    @property
    def is_plain(self) -> bool:
        """Tell whether it can be meant for nobody but the bot."""
        return self.pressed is not None or (self.code is not None and not self.chatty)


def answer(stand: Stand, text: str) -> dict[str, Any] | None:
    """Decide a request, as it was pressed or written; None when it is no decision."""
    decision = _read(text)
    if decision is None or (stand.here.is_group and not decision.is_plain):
        return None
    db, here, now = stand.db, list(stand.contacts), stand.now
    meant = _meant(db, here, decision, now=now)
    if meant:
        contact, found = meant
        actor = STAFF + (stand.person or contact.name)
        return _decide(db, contact, found, decision, actor=actor, now=now)
    if not decision.is_plain:
        return None
    values = {"code": (decision.code or "?").upper()}
    return body_for(stand.here, stand.wording.say("staff.unknown", values))


def _read(text: str) -> Decision | None:
    pressed = TOKEN.fullmatch(text)
    if pressed:
        version = int(pressed[2]) if pressed[2] else None
        return Decision(accept=pressed[3] == "yes", pressed=(int(pressed[1]), version))
    written = WRITTEN.fullmatch(text)
    if not written:
        return None
    chatty = bool(re.search(r"\w", written[3] or ""))
    return Decision(accept=written[1] == "1", code=written[2], chatty=chatty)


def _meant(
    db: Connection, contacts: list[Contact], decision: Decision, *, now: datetime
) -> tuple[Contact, Reservation] | None:
    """The request that a decision is about; without a code, the only one that is open."""
    if not decision.pressed and not decision.code:
        waiting = _waiting(db, contacts, now=now)
        return waiting[0] if len(waiting) == 1 else None
    for each in contacts:
        found = (
            _by_id(db, each.venue_id, decision.pressed[0])
            if decision.pressed
            else lookups.by_code(db, each.venue_id, decision.code or "")
        )
        if found:
            return each, found
    return None


def _waiting(
    db: Connection, contacts: list[Contact], *, now: datetime
) -> list[tuple[Contact, Reservation]]:
    return [
        (each, found) for each in contacts for found in lookups.waiting(db, each.venue_id, now=now)
    ]


def _decide(
    db: Connection,
    contact: Contact,
    found: Reservation,
    decision: Decision,
    *,
    actor: str,
    now: datetime,
) -> dict[str, Any]:
    venue = venues.get(db, contact.venue_id)
    found = lookups.get(db, venue.id, found.id, lock=True)  # its guest may be changing it
    wording, values = load_wording(venue.languages[0]), letters.about(venue, found)
    outdated = decision.pressed is not None and decision.pressed[1] != found.version
    if outdated and found.state is State.REQUESTED:  # another visit than was shown
        again = letters.decision(wording, found)
        return body_for(contact, wording.say("staff.outdated", values), again)
    try:
        approvals.decide(db, venue, found.id, accept=decision.accept, actor=actor, now=now)
    except IllegalStep as step:
        who = _decider(db, found.id, State(step.state))
        key = "staff.already_by" if who else "staff.already"
        return body_for(contact, wording.say(key, {**values, "state": step.state, "who": who}))
    said = "staff.approved" if decision.accept else "staff.declined"
    return body_for(contact, wording.say(said, values))


def _decider(db: Connection, reservation_id: int, state: State) -> str | None:
    """Who of the staff brought a reservation into this state, if it was a decision that did."""
    row = BookingEvent
    decided = sa.select(row.actor, row.to_state).where(
        row.reservation_id == reservation_id, row.kind.in_((Kind.APPROVED, Kind.DECLINED))
    )
    newest = db.execute(decided.order_by(row.id.desc()).limit(1)).first()
    return newest.actor.removeprefix(STAFF) if newest and newest.to_state == state else None


def _by_id(db: Connection, venue_id: int, reservation_id: int) -> Reservation | None:
    try:
        return lookups.get(db, venue_id, reservation_id)
    except UnknownReservation:
        return None


def open_code(db: Connection, contacts: list[Contact], *, now: datetime) -> str:
    """The code of a request that waits for these staff; some code when none does."""
    return next((found.code for _, found in _waiting(db, contacts, now=now)), SOME_CODE)
