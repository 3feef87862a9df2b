"""Who writes, and whose name stands in the book: one a person, by whatever they reach us."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import models
from booking.database import insert_new
from booking.errors import UnknownGuest

#: What stands between texts that were written at different times.
BETWEEN = "; "
_ADDRESS = ("venue_id", "channel", "address")
_guest, _contact = models.Guest, models.GuestContact


@dataclass(frozen=True, kw_only=True)
class Contact:
    """An address by which a guest reaches the house.

    `verified_at` is when it proved to be theirs (UTC); None while it is only said to be.
    """

    channel: str
    address: str
    verified_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Guest:
    """A guest of one venue.

    Attributes:
        channel: of the contact that they used last: where they are written to.
        address: there, a Telegram chat id as text, or a number in E.164.
        language: that they speak, whether or not the house does.
        note: of the staff, for themselves.
        allergies: in the guest's words; what counts is `allergies_at`.
        contacts: all of them, in the order in which the house got to know them.
    """

    id: int
    venue_id: int
    channel: str
    address: str
    name: str | None
    language: str | None = None
    is_vip: bool = False
    note: str | None = None
    allergies: str | None = None
    allergies_until: datetime | None = None
    contacts: tuple[Contact, ...] = ()

    def allergies_at(self, now: datetime) -> str | None:
        """The allergies, as long as they are kept: forgotten at `allergies_until`, swept or not."""
        is_kept = self.allergies_until is not None and now < self.allergies_until
        return self.allergies if is_kept else None


def meet(
    db: Connection,
    venue_id: int,
    channel: str,
    address: str,
    *,
    name: str | None = None,
    language: str | None = None,
    verified: bool = False,
    now: datetime,
) -> Guest:
    """The guest with this contact, entered in the book when new. They stay until the end of it.

    Whoever merges two guests waits for all transactions that have met one of them.

    Args:
        db: a writing transaction.
        venue_id: of whose guests.
        channel: of the contact.
        address: of the contact.
        name: fills an empty one.
        language: fills an empty one.
        verified: whether they have just written from there: then they are written to there. What
            was said to be a contact of a guest who has proved another is taken off that guest:
            anybody may have mistyped it.
        now: the instant (UTC).

    """
    where = {"venue_id": venue_id, "channel": channel, "address": address}
    while (found := db.execute(_LOCKED_AT, where).first()) is None or (
        verified and found.verified_at is None and _drop_hearsay(db, found.id, found.contact_id)
    ):
        _enter(db, where, now=now)
    changes: dict[str, Any] = {}
    if name and found.name is None:
        changes["name"] = name
    if language and found.language is None:
        changes["language"] = language
    if verified and (found.channel, found.address) != (channel, address):
        changes |= {"channel": channel, "address": address}
    if verified and found.verified_at is None:
        proved = sa.update(_contact).where(_contact.id == found.contact_id)
        db.execute(proved.values(verified_at=now))
    _write(db, found.id, **changes)
    return get(db, found.id)


def at(db: Connection, venue_id: int, channel: str, address: str) -> Guest | None:
    """The guest with this contact, if there is one."""
    where = {"venue_id": venue_id, "channel": channel, "address": address}
    found = db.execute(_AT, where).first()
    return get(db, found.id) if found else None


def get(db: Connection, guest_id: int) -> Guest:
    """One guest by id.

    Raises:
        UnknownGuest: there is none; perhaps they turned out to be somebody else, and were merged.

    """
    found = _fetch(db, _guest.id == guest_id)
    if not found:
        raise UnknownGuest(guest_id)
    return found[0]


def by_id(db: Connection, guest_ids: Collection[int]) -> dict[int, Guest]:
    """Several guests."""
    return {guest.id: guest for guest in _fetch(db, _guest.id.in_(guest_ids))}


def named(db: Connection, venue_id: int, name: str, *, limit: int) -> list[Guest]:
    """The guests of a venue in whose name all words of this one stand, the newest first."""
    words = name.casefold().split()
    # The database compares only what every database does alike.
    like = (_guest.name.icontains(word, autoescape=True) for word in words if word.isascii())
    query = sa.select(_guest.id, _guest.name).where(_guest.venue_id == venue_id, *like)
    known = db.execute(query.where(_guest.name.is_not(None)).order_by(_guest.id.desc())).all()
    called = [row.id for row in known if {*words} <= {*(row.name or "").casefold().split()}]
    return _fetch(db, _guest.id.in_(called[:limit])) if words else []


def rename(db: Connection, guest_id: int, name: str) -> None:
    """Write the name under which a guest's reservations stand."""
    _write(db, guest_id, name=name)


def speak(db: Connection, guest_id: int, language: str) -> None:
    """Write down which language a guest speaks."""
    _write(db, guest_id, language=language)


def annotate(db: Connection, guest_id: int, note: str | None) -> None:
    """Write what the staff note about a guest, for themselves; None takes it away."""
    _write(db, guest_id, note=note)


def set_vip(db: Connection, guest_id: int, *, is_vip: bool) -> None:
    """Write down whether a guest is to be looked after specially."""
    _write(db, guest_id, is_vip=is_vip)


def joined(*texts: str | None) -> str | None:
    """Texts that were written one after the other as one, each of them once."""
    parts = (part for text in texts if text for part in text.split(BETWEEN))
    return BETWEEN.join(dict.fromkeys(parts)) or None


_AT = (
    sa.select(
        _guest.id,
        _guest.channel,
        _guest.address,
        _guest.name,
        _guest.language,
        _contact.id.label("contact_id"),
        _contact.verified_at,
    )
    .join(_guest, _guest.id == _contact.guest_id)
    .where(*(getattr(_contact, name) == sa.bindparam(name) for name in _ADDRESS))
)
#: Nobody may take the guest away meanwhile; everything else of the row may change.
_LOCKED_AT = _AT.with_for_update(read=True, key_share=True, of=_guest.__table__)


def _enter(db: Connection, where: dict[str, Any], *, now: datetime) -> None:
    """Enter a guest with their first contact; of two who do so at once the second lets it be.

    Somebody may be making the same address a contact of another guest: then the new one goes.
    """
    new = insert_new(db, _guest, *_ADDRESS).values(**where, created_at=now)
    new_id = db.execute(new.returning(_guest.id)).scalar()
    guest_id = new_id or db.execute(sa.select(_guest.id).filter_by(**where)).scalar()
    if guest_id is None:  # somebody else entered it, and let it go
        return
    first = insert_new(db, _contact, *_ADDRESS).values(**where, guest_id=guest_id)
    if db.execute(first.returning(_contact.id)).scalar() is None and new_id is not None:
        db.execute(sa.delete(_guest).where(_guest.id == new_id))


def _drop_hearsay(db: Connection, guest_id: int, contact_id: int) -> bool:
    """Take an unproved contact off a guest who has proved another; tells whether it was."""
    proved = sa.select(_contact.channel, _contact.address).where(
        _contact.guest_id == guest_id, _contact.verified_at.is_not(None)
    )
    other = db.execute(proved.order_by(_contact.verified_at.desc()).limit(1)).mappings().first()
    if other is None:
        return False
    db.execute(sa.delete(_contact).where(_contact.id == contact_id))
    _write(db, guest_id, **other)
    return True


def _write(db: Connection, guest_id: int, **values: Any) -> None:
    if values:
        db.execute(sa.update(_guest).where(_guest.id == guest_id).values(**values))


def _fetch(db: Connection, *conditions: sa.ColumnElement[bool]) -> list[Guest]:
    row = _guest
    columns = (
        *(row.id, row.venue_id, row.channel, row.address, row.name, row.language),
        *(row.is_vip, row.note, row.allergies, row.allergies_until),
    )
    people = sa.select(*columns).where(*conditions).order_by(row.id.desc())
    found = db.execute(people).mappings().all()
    theirs: dict[int, list[Contact]] = defaultdict(list)
    reached = sa.select(_contact.guest_id, _contact.channel, _contact.address, _contact.verified_at)
    ids = [guest["id"] for guest in found]
    query = reached.where(_contact.guest_id.in_(ids)).order_by(_contact.id)
    for guest_id, channel, address, verified_at in db.execute(query):
        theirs[guest_id].append(Contact(channel=channel, address=address, verified_at=verified_at))
    return [Guest(**guest, contacts=tuple(theirs[guest["id"]])) for guest in found]
