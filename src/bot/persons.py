"""Who is meant by a number, a chat or a code, and what the house keeps about them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import guests, lookups, venues
from booking.lifecycle import AGREED
from booking.lookups import Reservation
from booking.models import Guest, GuestContact
from booking.models import Reservation as ReservationRow
from booking.venue import Venue
from bot.channels import DESK, SMS, TELEGRAM
from bot.models import ConsentChange, InboundMessage, OutboundMessage
from bot.staff import contacts
from conversations.models import Conversation

#: A number may be given without its country, but with so many digits.
LEAST_DIGITS = 7


#: A channel, and an address there.
Address = tuple[str, str]


class NotFound(Exception):
    """Nobody is meant, or it cannot be told who; one line says why."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """One who writes to the house, from whatever addresses, or who is only known at the desk.

    Args:
        contacts: their addresses, each with its channel: `telegram`, `sms` or `desk`.
        guest_ids: their rows in the book, one a venue.
        names: under which they stand there.
        talk_ids: their conversations, one for each of their addresses and of our accounts.

    """

    contacts: tuple[Address, ...]
    guest_ids: tuple[int, ...]
    names: tuple[str, ...]
    talk_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What the house keeps about a person; `namesakes` are codes that may be theirs too."""

    visits: int
    ahead: tuple[tuple[Venue, Reservation], ...]
    received: int
    sent: int
    namesakes: tuple[str, ...]


def find(db: Connection, text: str, *, slug: str | None) -> Person:
    """The person that is meant.

    Args:
        db: any transaction.
        text: a phone number in any writing, a Telegram chat id, or the code of a reservation; with
            the channel before it (`telegram 501`) where a number may be both.
        slug: whose reservations the code is looked for in; those of all venues when left out.

    Raises:
        NotFound: nobody is meant, several are, or it is the staff.

    """
    every = venues.every(db)
    chosen = [venue for venue in every if slug in {None, venue.slug}]
    if slug and not chosen:
        known = ", ".join(venue.slug for venue in every) or "none"
        raise NotFound(f"there is no venue {slug!r}; loaded: {known}")
    meant = {*_by_address(db, text), *_by_code(db, text, chosen)}
    if not meant:
        raise NotFound(f"the house knows nobody as {text!r}: no number, chat or reservation code")
    people = {_person(db, *address) for address in sorted(meant)}
    if len(people) > 1:
        found = ", ".join(f"{channel} {address}" for channel, address in sorted(meant))
        raise NotFound(f"{text!r} may mean {found}: say which, in full")
    (person,) = people
    _refuse_staff(db, person, every)
    return person


def _refuse_staff(db: Connection, person: Person, every: list[Venue]) -> None:
    slugs = {venue.id: venue.slug for venue in every}
    for channel, address in person.contacts:
        staff = contacts.at(db, channel, address)
        if staff:
            whose = ", ".join(slugs[contact.venue_id] for contact in staff)
            raise NotFound(f"{address} is of the staff of {whose}: take it off the staff first")


def kept(db: Connection, person: Person, *, now: datetime) -> Kept:
    """What the house keeps about a person, as of an instant (UTC)."""
    row = ReservationRow
    visits = lookups.fetch(db, row.guest_id.in_(person.guest_ids))
    ahead = [visit for visit in visits if visit.state in AGREED and visit.ends_at > now]
    came, went = InboundMessage, OutboundMessage
    received = sa.select(sa.func.count()).where(came.conversation_id.in_(person.talk_ids))
    sent = sa.select(sa.func.count()).where(at(went, person))
    return Kept(
        visits=len(visits),
        ahead=tuple((venues.get(db, visit.venue_id), visit) for visit in ahead),
        received=db.execute(received).scalar_one(),
        sent=db.execute(sent).scalar_one(),
        namesakes=_namesakes(db, person),
    )


def at(
    row: type[Conversation | ConsentChange | GuestContact | OutboundMessage], person: Person
) -> sa.ColumnElement[bool]:
    """The condition that a row is about one of a person's addresses."""
    return sa.tuple_(row.channel, row.address).in_(person.contacts)


def _namesakes(db: Connection, person: Person) -> tuple[str, ...]:
    """The codes of reservations taken at the desk, without a number, under the same name."""
    row, guest = ReservationRow, Guest
    names = [name.casefold() for name in person.names]
    query = (
        sa.select(row.code)
        .join(guest, guest.id == row.guest_id)
        .where(
            guest.channel == DESK,
            sa.func.lower(guest.name).in_(names),
            guest.id.not_in(person.guest_ids),
        )
    )
    return tuple(db.execute(query.order_by(row.starts_at)).scalars())


def _by_address(db: Connection, text: str) -> Iterator[tuple[str, str]]:
    """The addresses that a text may be, as far as the house knows them."""
    channel, _, rest = text.strip().partition(" ")
    if channel not in {TELEGRAM, SMS}:
        channel, rest = "", text.strip()
    if channel in {"", TELEGRAM} and re.fullmatch(r"-?\d{1,20}", rest, re.ASCII):
        yield from _known(db, TELEGRAM, lambda address: address == rest)
    digits = re.sub(r"\D", "", rest).lstrip("0")
    is_number = re.fullmatch(r"\+?[\d\s./()-]+", rest, re.ASCII)
    if channel in {"", SMS} and is_number and len(digits) >= LEAST_DIGITS:
        whole = f"+{digits}"
        wanted = whole if rest.startswith("+") else f"%{digits}"
        yield from _known(db, SMS, lambda address: address.like(wanted))


def _known(
    db: Connection,
    channel: str,
    is_meant: Callable[[sa.ColumnElement[str]], sa.ColumnElement[bool]],
) -> Iterator[tuple[str, str]]:
    """The addresses of a channel that are meant, wherever the house has them."""
    for row in (GuestContact, Conversation, OutboundMessage, ConsentChange):
        query = sa.select(row.channel, row.address).where(row.channel == channel)
        found = query.where(is_meant(sa.type_coerce(row.address, sa.String))).distinct()
        yield from ((known.channel, known.address) for known in db.execute(found))


def _by_code(db: Connection, text: str, chosen: list[Venue]) -> Iterator[tuple[str, str]]:
    for venue in chosen:
        visit = lookups.by_code(db, venue.id, text)
        if visit:
            guest = guests.get(db, visit.guest_id)
            yield guest.channel, guest.address


def _person(db: Connection, channel: str, address: str) -> Person:
    """Whoever writes from an address, with all else that those guests are known by."""
    row, guest, talk = GuestContact, Guest, Conversation
    known: list[Address] = []
    reached, guest_ids = [(channel, address)], list[int]()
    while reached != known:  # each house may know them by more
        known = reached
        here = sa.tuple_(row.channel, row.address).in_(known)
        guest_ids = sorted({*db.execute(sa.select(row.guest_id).where(here)).scalars()})
        theirs = sa.select(row.channel, row.address).where(row.guest_id.in_(guest_ids))
        reached = sorted({*known, *((each.channel, each.address) for each in db.execute(theirs))})
    named = sa.select(guest.name).where(guest.id.in_(guest_ids), guest.name.is_not(None))
    talks = sa.select(talk.id).where(sa.tuple_(talk.channel, talk.address).in_(known))
    return Person(
        contacts=tuple(known),
        guest_ids=tuple(guest_ids),
        names=tuple(dict.fromkeys(filter(None, db.execute(named.order_by(guest.id)).scalars()))),
        talk_ids=tuple(db.execute(talks.order_by(talk.id)).scalars()),
    )


def describe(person: Person, known: Kept) -> list[str]:
    """What an operator is shown before anything is erased."""
    name = ", ".join(person.names) or "no name"
    reached = [f"{channel} {address}" for channel, address in person.contacts if channel != DESK]
    who = ", ".join([name, *reached])
    ahead = [
        f"  ahead: {visit.code} at {venue.slug}, {visit.party_size}"
        f" on {venue.local(visit.starts_at):%Y-%m-%d %H:%M}, {visit.state}"
        for venue, visit in known.ahead
    ]
    sizes = f"{known.visits} reservations, {known.received} messages in, {known.sent} out"
    same = ", ".join(known.namesakes)
    hint = f"  not erased with it, but under the same name: {same}"
    return [f"{who}: {sizes}", *ahead, *([hint] if same else [])]
