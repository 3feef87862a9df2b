"""Which messages of the staff are meant for a guest, or about who talks with one.

In a chat with buttons the staff reply to an alert; a phone names the conversation: `#125 we look
forward`, and `#125 bot` gives the talk back.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from booking import lookups
from booking.lifecycle import State
from bot.channels import CAPABILITIES
from bot.inbox import Kind
from bot.staff import decisions, subjects
from bot.staff.contacts import Contact
from bot.staff.numbers import talk_of
from bot.staff.subjects import Subject

WRITTEN = re.compile(r"\s*#\s*(\d{2,18})\b[\s:,.-]*(.*)", re.DOTALL)
BACK = re.compile(r"bot\W*", re.IGNORECASE)
#: The tokens of the buttons that take a talk over and give it back.
TOKEN = re.compile(r"t:(\d{1,18}):(take|release)")


@dataclass(frozen=True, kw_only=True)
class Order:
    """What the staff want of a guest's conversation.

    Args:
        row: their message.
        subject: the guest; None when there is no such guest.
        words: what to pass on; None to give the talk back, or to take it over.
        takes: whether the talk is taken over, with nothing to pass on yet.
        number: of the conversation, as it was written.

    """

    row: Mapping[str, Any]
    subject: Subject | None
    words: str | None = None
    takes: bool = False
    number: str = "?"


def read(
    db: Connection,
    accounts: Mapping[str, str],
    members: list[Contact],
    row: Mapping[str, Any],
    *,
    now: datetime,
) -> Order | Mapping[str, Any]:
    """The order that a message is; or the message, for whoever else it is meant.

    Args:
        db: a writing transaction.
        accounts: our account on each channel that is on.
        members: who writes, one entry a venue.
        row: the message.
        now: the instant (UTC).

    """
    pressed = TOKEN.fullmatch(row["text"]) if row["kind"] == Kind.PRESS else None
    if pressed:
        subject = subjects.of_talk(db, members, int(pressed[1]))
        return Order(row=row, subject=subject, takes=pressed[2] == "take")
    written = WRITTEN.fullmatch(row["text"])
    if written and not CAPABILITIES[members[0].channel].has_buttons:
        return _numbered(db, members, row, number=written[1], words=written[2])
    sent = subjects.replied_to(db, members, row["data"].get("reply_to"))
    if sent is None or row["text"].startswith("/"):
        return row
    decision = _decision(db, members, sent, row["text"])
    if decision:
        return {**row, "text": decision}
    subject = subjects.of_message(db, accounts, members, sent, now=now)
    return Order(row=row, subject=subject, words=row["text"]) if subject else row


def _numbered(
    db: Connection, members: list[Contact], row: Mapping[str, Any], *, number: str, words: str
) -> Order:
    talk_id = talk_of(number)
    subject = subjects.of_talk(db, members, talk_id) if talk_id is not None else None
    gives_back = BACK.fullmatch(words) is not None
    return Order(row=row, subject=subject, words=None if gives_back else words, number=number)


def _decision(
    db: Connection, members: list[Contact], sent: Mapping[str, Any], text: str
) -> str | None:
    """A reply that decides a request rather than tells its guest something, with its code."""
    written = decisions.WRITTEN.fullmatch(text)
    if not written:
        return None
    if written[2]:
        known = any(lookups.by_code(db, each.venue_id, written[2]) for each in members)
        return text if known else None
    found = subjects.reservation_of(db, sent)
    waits = found is not None and found.state is State.REQUESTED
    return f"{written[1]} {found.code}" if found and waits else None
