"""`tabletalk erase`: everything by which a person could be recognised leaves the database.

What stays is anonymous: states, sizes and times of visits and messages, so that the book and the
figures stay true. And if they wanted no messages, that: without it the house could not honour it.
"""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import events, guests, reservations, venues, waiting, waitlist
from booking.guests import BETWEEN
from booking.lifecycle import AGREED, State
from booking.lookups import fetch
from booking.models import Guest, GuestContact, Reservation, WaitlistEntry
from bot import outbox, persons, stuck
from bot.channels import DESK, SMS
from bot.consent import Silence
from bot.models import ConsentChange, InboundMessage, OutboundMessage, StaffAct, StaffContact
from bot.outbox import State as Sending
from bot.persons import Person
from bot.traces import GONE, Traces
from conversations import talks
from conversations.models import Conversation

#: Messages that could still go out.
_OPEN = (Sending.QUEUED, Sending.UNKNOWN)
#: A message without its words.
_BLANK: dict[str, Any] = {"text": "", "buttons": []}


class Expected(Exception):
    """A person has something ahead that is not to be cancelled; one line says so."""


def erase(db: Connection, person: Person, *, cancel: bool = False, now: datetime) -> None:
    """Erase a person, and let go what they hold.

    Args:
        db: a writing transaction; it holds all of it.
        person: as found in this transaction.
        cancel: cancel what they have ahead as well.
        now: the instant (UTC).

    Raises:
        Expected: they have something ahead, and it is not to be cancelled.

    """
    for talk_id in person.talk_ids:
        talks.lock(db, talk_id)  # first, as everywhere
    _give_up(db, person, cancel=cancel, now=now)
    visit_ids = _visits(db, person)
    heard = _heard(db, person)
    traces = _traces(db, person)
    _erase_staff_messages(db, person, traces, visit_ids, heard)
    _erase_book(db, person)
    _erase_received(db, person, now=now)
    _erase_sent(db, person)
    _erase_talks(db, person)
    _erase_consent(db, person)


def _give_up(db: Connection, person: Person, *, cancel: bool, now: datetime) -> None:
    """Cancel what is agreed and let holds go; the staff hear of it as of any cancellation."""
    ahead = fetch(db, Reservation.guest_id.in_(person.guest_ids), Reservation.ends_at > now)
    for visit in ahead:
        venue = venues.get(db, visit.venue_id)
        if visit.state in AGREED and not cancel:
            raise Expected(f"{visit.code} was made meanwhile: add --cancel-reservations")
        if visit.state in AGREED:
            reservations.cancel(db, venue, visit.id, actor=events.HOUSE, now=now)
        elif visit.state is State.HELD:
            reservations.release(db, venue, visit.id, now=now)
    waits = waiting.fetch(db, WaitlistEntry.guest_id.in_(person.guest_ids), waiting.IS_WAITING)
    for entry in sorted(waits, key=lambda entry: (entry.venue_id, entry.service_date)):
        waitlist.leave(db, venues.get(db, entry.venue_id), entry, now=now)


def _visits(db: Connection, person: Person) -> list[int]:
    row = Reservation
    theirs = sa.select(row.id).where(row.guest_id.in_(person.guest_ids))
    return list(db.execute(theirs).scalars())


def _heard(db: Connection, person: Person) -> list[int]:
    row = InboundMessage
    theirs = sa.select(row.id).where(row.conversation_id.in_(person.talk_ids))
    return list(db.execute(theirs).scalars())


def _traces(db: Connection, person: Person) -> Traces:
    """What they are called, what they said, what they were told, what was noted about them."""
    came, went, visit = InboundMessage, OutboundMessage, Reservation
    said = sa.select(came.text, came.data).where(came.conversation_id.in_(person.talk_ids))
    rows = db.execute(said).all()
    noted = sa.select(visit.request, visit.note).where(visit.guest_id.in_(person.guest_ids))
    waits = WaitlistEntry
    wished = sa.select(waits.request).where(waits.guest_id.in_(person.guest_ids))
    texts = {row.text for row in rows if not row.text.startswith("/")}
    kept = [text for query in (noted, wished) for row in db.execute(query) for text in row]
    texts |= {part for text in kept for part in _parts(text)}
    for guest in guests.by_id(db, person.guest_ids).values():
        texts |= {*_parts(guest.note), *_parts(guest.allergies)}
    told = sa.select(went.facts).where(went.conversation_id.in_(person.talk_ids))
    texts |= {facts["words"] for facts in db.execute(told).scalars() if facts.get("words")}
    names = {*person.names, *(row.data["name"] for row in rows if row.data.get("name"))}
    numbers = [address for channel, address in person.contacts if channel == SMS]
    return Traces(names=names, texts=texts, numbers=numbers)


def _parts(text: str | None) -> Sequence[str]:
    """A text, and what it was put together from: so it stands in the messages that it came by."""
    return [text, *text.split(BETWEEN)] if text else []


def _erase_book(db: Connection, person: Person) -> None:
    visit, waits, guest, contact = Reservation, WaitlistEntry, Guest, GuestContact
    theirs = sa.update(visit).where(visit.guest_id.in_(person.guest_ids))
    db.execute(theirs.values(request=None, note=None))
    waiting = sa.update(waits).where(waits.guest_id.in_(person.guest_ids))
    db.execute(waiting.values(request=None))
    db.execute(sa.delete(contact).where(contact.guest_id.in_(person.guest_ids)))
    nobody = dict.fromkeys(("name", "language", "note", "allergies", "allergies_until"))
    for guest_id in person.guest_ids:
        nowhere = {"channel": DESK, "address": secrets.token_hex(8)}
        row = sa.update(guest).where(guest.id == guest_id).returning(guest.venue_id)
        venue_id = db.execute(row.values(**nobody, **nowhere, is_vip=False)).scalar_one()
        db.execute(sa.insert(contact).values(venue_id=venue_id, guest_id=guest_id, **nowhere))


def _erase_received(db: Connection, person: Person, *, now: datetime) -> None:
    """Blank what they wrote; the provider's id stays, so that it is never taken for new."""
    row = InboundMessage
    theirs = row.conversation_id.in_(person.talk_ids)
    waiting = sa.update(row).where(theirs, row.state == "new")
    db.execute(waiting.values(state="handled", handled_at=now))
    db.execute(sa.update(row).where(theirs).values(text="", data={}))


def _erase_sent(db: Connection, person: Person) -> None:
    """Blank what was sent to them, and send nothing more."""
    row = OutboundMessage
    theirs = persons.at(row, person)
    db.execute(sa.update(row).where(theirs, row.state.in_(_OPEN)).values(state=Sending.DEAD))
    sent = sa.select(row.id, row.dedup_key, row.address).where(theirs)
    for number, key, address in db.execute(sent).all():
        ending = f":{address}"
        outbox.update(
            db,
            number,
            address=GONE,
            dedup_key=f"{key.removesuffix(ending)}:{GONE}{number}" if ending in key else key,
            body=_BLANK,
            facts={},
            question=None,
            provider_id=None,  # the provider still has the text under it
            error=stuck.DROPPED,
        )


def _erase_talks(db: Connection, person: Person) -> None:
    row = Conversation
    for talk_id in person.talk_ids:
        db.execute(
            sa.update(row)
            .where(row.id == talk_id)
            .values(address=f"{GONE}{talk_id}", draft={}, language=None, staffed_until=None)
        )


def _erase_consent(db: Connection, person: Person) -> None:
    """Forget the ledger, but not that an address wants silence: that must still be honoured."""
    row = ConsentChange
    theirs = persons.at(row, person)
    newest: dict[tuple[str, ...], Any] = {}
    for change in db.execute(sa.select(row.__table__).where(theirs).order_by(row.id)).mappings():
        newest[change["channel"], change["account"], change["address"]] = change
    honoured = [c["id"] for c in newest.values() if c["silence"] != Silence.NONE]
    db.execute(sa.delete(row).where(theirs, row.id.not_in(honoured)))
    db.execute(sa.update(row).where(row.id.in_(honoured)).values(words=None))


def _erase_staff_messages(
    db: Connection,
    person: Person,
    traces: Traces,
    visit_ids: Collection[int],
    heard: Sequence[int],
) -> None:
    """Take them out of what the staff were told, wrote and did."""
    row = OutboundMessage
    columns = (row.id, row.dedup_key, row.reservation_id, row.body, row.facts, row.state)
    told = sa.select(*columns).where((row.kind == outbox.Kind.ALERT) | row.address.in_(_staff()))
    said = {str(number) for number in heard}
    for found in db.execute(told).mappings().all():
        key = found["dedup_key"].split(":")
        is_theirs = (
            found["reservation_id"] in visit_ids
            or found["facts"].get("talk") in person.talk_ids
            or said.intersection(key[_ABOUT : _ABOUT + 1])
        )
        if is_theirs and found["body"]:
            _blank(db, found, traces)
        else:
            _redact(db, row, found, traces, "body", "facts")
    _redact_writings(db, traces)


#: Where the key of an alert about a message has it: `alert:{what}:{message}:{to whom}`.
_ABOUT = 2


def _blank(db: Connection, found: sa.RowMapping, traces: Traces) -> None:
    """Blank an alert that has its words already; one that waits is not sent."""
    outbox.update(db, found["id"], body=_BLANK, facts=traces.redact(found["facts"]))
    if found["state"] in _OPEN:
        outbox.update(db, found["id"], state=Sending.DEAD, error=stuck.DROPPED)


def _redact_writings(db: Connection, traces: Traces) -> None:
    """Take them out of what the staff wrote; what a warning asked is not done any more."""
    came, talk, act = InboundMessage, Conversation, StaffAct
    theirs = sa.select(talk.id).where(talk.address.in_(_staff()))
    written = sa.select(came.id, came.text).where(
        came.conversation_id.in_(theirs), came.state != "new"
    )
    for found in db.execute(written).mappings().all():
        _redact(db, came, found, traces, "text")
    for found in db.execute(sa.select(act.id, act.data, act.state)).mappings().all():
        if _redact(db, act, found, traces, "data") and found["state"] in {"asked", "done"}:
            db.execute(sa.update(act).where(act.id == found["id"]).values(state="dropped"))


def _redact(
    db: Connection,
    model: type[OutboundMessage | InboundMessage | StaffAct],
    found: sa.RowMapping,
    traces: Traces,
    *columns: str,
) -> bool:
    """Take them out of columns of a row; tells whether there was anything of them."""
    changed = {name: traces.redact(found[name]) for name in columns}
    changed = {name: value for name, value in changed.items() if value != found[name]}
    if changed:
        db.execute(sa.update(model).where(model.id == found["id"]).values(**changed))
    return bool(changed)


def _staff() -> sa.CompoundSelect[tuple[str]]:
    """The addresses of all who are of the staff, or did something as such."""
    return sa.union(sa.select(StaffContact.address), sa.select(StaffAct.address))
