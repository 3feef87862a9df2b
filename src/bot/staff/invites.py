"""One-time codes that add a chat or a phone to the staff of a venue.

Somebody writes `/join CODE`, follows a link of Telegram that says the same, or texts `JOIN CODE`.
Of a code only the hash is kept; a wrong one, a used one and an expired one are told alike.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import venues
from booking.database import insert_new
from booking.ledger import CODE_ALPHABET
from bot.channels import CAPABILITIES, SMS
from bot.inbox import Kind
from bot.models import InboundMessage, StaffContact, StaffInvite
from bot.staff import alerts
from bot.staff.alerts import body_for
from bot.staff.contacts import Contact, wording_of
from bot.staff.desk import help_with
from bot.staff.stand import Stand
from conversations import language
from conversations.talks import Talk
from conversations.wording import compose, load_wording

CODE_LENGTH = 8
#: How long a code can be used.
LIFE = timedelta(hours=24)
#: So many tries an address has in so long a time; there are 10^11 codes.
TRIES = 5
WITHIN = timedelta(hours=1)
#: `/join CODE` and `/start join_CODE`, as Telegram's links say it, also with the bot's name.
COMMAND = re.compile(
    r"/(?:join(?:@\w+)?[\s_]*|start(?:@\w+)?\s+join_)(.*)", re.IGNORECASE | re.DOTALL
)
#: Without a slash only what can be a code: guests may want to join somebody on Thursday.
WORD = re.compile(rf"\s*join\W+((?:[{CODE_ALPHABET}][\s-]?){{{CODE_LENGTH}}})\W*", re.IGNORECASE)


def invite(db: Connection, venue_id: int, name: str | None, *, now: datetime) -> str:
    """Make a code that adds one chat or phone to the staff of a venue, once, within a day.

    Args:
        db: a writing transaction.
        venue_id: whose staff.
        name: what the contact will be called; the person's or group's own when left out.
        now: the instant (UTC).

    """
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    row = {
        "venue_id": venue_id,
        "code_hash": _hash(code),
        "name": name or "",
        "created_at": now,
        "expires_at": now + LIFE,
    }
    db.execute(sa.insert(StaffInvite).values(row))
    return code


def code_in(row: Mapping[str, Any]) -> str | None:
    """The code that an inbound message brings, however it is written; None when it brings none."""
    if row["kind"] not in {Kind.TEXT, Kind.EDITED}:
        return None
    found = COMMAND.fullmatch(row["text"]) or WORD.fullmatch(row["text"])
    return re.sub(r"[\W_]", "", found[1]).upper() if found else None


def join(
    db: Connection,
    accounts: Mapping[str, str],
    talk: Talk,
    row: Mapping[str, Any],
    *,
    now: datetime,
) -> tuple[dict[str, Any], list[int]]:
    """Add whoever brings a valid code to the staff, and tell the others.

    Args:
        db: a writing transaction that holds the conversation's lock.
        accounts: our account on each channel that is on.
        talk: with whom.
        row: the message with the code.
        now: the instant (UTC).

    Returns:
        The body of the answer, and the ids of the alerts that are due.

    """
    found = None if _guesses(db, talk, row) else _use(db, code_in(row) or "", now=now)
    if found is None:
        return _refusal(talk, row), []
    person = str(row["data"].get("name") or talk.address)
    name = found["name"] or str(row["data"].get("chat_title") or person)
    contact = Contact(
        venue_id=found["venue_id"], name=name, channel=talk.channel, address=talk.address
    )
    new = insert_new(db, StaffContact, "venue_id", "channel", "address")
    db.execute(new.values(**vars(contact), is_invited=True))
    wording = wording_of(db, contact)
    planned = alerts.alert(
        db,
        contact.venue_id,
        accounts,
        key=f"joined:{row['id']}",
        text=wording.say("invite.joined", {"who": _known_as(contact, person)}),
        but=(talk.channel, talk.address),
        now=now,
    )
    welcome = wording.say("invite.welcome", {}, venues.get(db, contact.venue_id))
    stand = Stand(db=db, contacts=[contact], person=person, now=now)
    return body_for(contact, f"{welcome}\n{help_with(stand, '').text}"), planned


def _refusal(talk: Talk, row: Mapping[str, Any]) -> dict[str, Any]:
    spoken = (talk.language, row["data"].get("language"))
    known = language.available()
    wording = load_wording(next((code for code in spoken if code in known), known[0]))
    said = {"tries": TRIES, "valid": LIFE.days * 24}
    text = compose([wording.say("invite.wrong", said)], CAPABILITIES[talk.channel])
    return {"text": text, "buttons": []}


def _known_as(contact: Contact, person: str) -> str:
    """A new contact as the others are told of it: its name, who used the code, the number."""
    number = contact.address if contact.channel == SMS else person
    others = [each for each in dict.fromkeys((person, number)) if each != contact.name]
    return f"{contact.name} ({', '.join(others)})" if others else contact.name


def _use(db: Connection, code: str, *, now: datetime) -> sa.RowMapping | None:
    """The invite with this code, used from now on; None when there is none, or none any more."""
    row = StaffInvite
    used = (
        sa.update(row)
        .where(row.code_hash == _hash(code), row.used_at.is_(None), row.expires_at > now)
        .values(used_at=now)
    )
    return db.execute(used.returning(row.venue_id, row.name)).mappings().first()


def _guesses(db: Connection, talk: Talk, row: Mapping[str, Any]) -> bool:
    """Tell whether an address has tried so often that it must be guessing."""
    came = InboundMessage
    before: Sequence[Any] = db.execute(
        sa.select(came.kind, came.text).where(
            came.conversation_id == talk.id,
            came.received_at > row["received_at"] - WITHIN,
            came.id < row["id"],
        )
    ).all()
    tries = [found for found in before if code_in({"kind": found.kind, "text": found.text})]
    return len(tries) >= TRIES


def _hash(code: str) -> str:
    return sha256(code.encode()).hexdigest()
