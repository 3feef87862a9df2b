"""Entering visits that were agreed on elsewhere: an old book taken over.

Rules of the house such as pacing, notice and the booking window do not hold for what is agreed
already. What holds: the hours, the calendar, and that no two parties get one table.
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from typing import Any

from sqlalchemy.engine import Connection

from booking import guests, ledger, looks, lookups, models
from booking.availability import Offer
from booking.events import Kind
from booking.floor import Audience
from booking.lifecycle import State
from booking.looking import lock_and_sweep
from booking.lookups import Reservation
from booking.seating import Party, Stay, occupied, seat
from booking.service_periods import Slot, exists_on_clock, slot_from, wall_instant
from booking.venue import Venue


class Why(StrEnum):
    """Why a visit cannot be entered."""

    PAST = "past"
    CLOSED = "closed"
    OUTSIDE_HOURS = "outside_hours"
    NO_SUCH_TIME = "no_such_time"  # in the hour that is skipped in spring
    TOO_LARGE = "too_large"
    NO_TABLE = "no_table"
    UNKNOWN_TABLE = "unknown_table"
    TABLE_TOO_SMALL = "table_too_small"
    TABLE_TAKEN = "table_taken"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A visit as the old book has it, in calendar date and wall time of the venue.

    Args:
        party_size: how many come.
        date: the calendar date.
        time: by the venue's clock.
        who: what tells guests apart: a number, or a name.
        tables: their names; none where any will do.
        request: what the guest asked for.
        note: what the staff wrote for themselves.

    """

    party_size: int
    date: dt.date
    time: dt.time
    who: str
    tables: tuple[str, ...] = ()
    request: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Refused:
    """An entry that cannot be entered, and what the reason is about."""

    why: Why
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Known:
    """An entry that stands in the book already, or (without a code) earlier in the same file."""

    code: str | None


Verdict = Offer | Refused | Known
#: Who comes when, and how many: the same visit, however often it is imported.
Key = tuple[str, dt.datetime, int]
#: The names of tables; the same guest at other tables at that time is another visit.
Tables = frozenset[str]


def look(
    db: Connection, venue: Venue, entries: Sequence[Entry], *, now: dt.datetime
) -> list[Verdict]:
    """Look what would become of each entry; promises nothing.

    Args:
        db: any transaction.
        venue: whose book.
        entries: in the order in which they get their tables; those that name theirs go first.
        now: the instant (UTC).

    """
    dates = _dates(venue, entries)
    stays = looks.stays(db, venue, dates, now=now)
    return plan(venue, stays, _known(db, venue, entries), entries, now=now)


def enter(
    db: Connection,
    venue: Venue,
    entries: Sequence[Entry],
    *,
    guest_of: Callable[[Entry], int],
    skip_refused: bool = False,
    actor: str,
    now: dt.datetime,
) -> list[Verdict]:
    """Enter visits, all or none unless those that are refused may be left out.

    Args:
        db: a writing transaction.
        venue: whose book.
        entries: as for `look`.
        guest_of: the row of an entry's guest.
        skip_refused: enter the others.
        actor: who enters them.
        now: the instant (UTC).

    Returns:
        What became of each; nothing was entered when one is refused and may not be left out.

    Raises:
        Busy: a service date was locked for too long.

    """
    dates = _dates(venue, entries)
    lock_and_sweep(db, venue, dates, now=now)  # before the look, or two parties get one table
    found = look(db, venue, entries, now=now)
    if skip_refused or not any(isinstance(verdict, Refused) for verdict in found):
        for entry, offer in zip(entries, found, strict=True):
            if isinstance(offer, Offer):
                _write(db, venue, entry, offer, guest_of(entry), actor=actor, now=now)
    return found


def plan(
    venue: Venue,
    evenings: Mapping[dt.date, Sequence[Stay]],
    known: Mapping[Key, Mapping[str, Tables]],
    entries: Sequence[Entry],
    *,
    now: dt.datetime,
) -> list[Verdict]:
    """Seat the entries one after the other, beside what stands in the book. Pure.

    Args:
        venue: the rules and the floor.
        evenings: the stays of every service date that an entry belongs to.
        known: what stands in the book, the tables of each by its code.
        entries: as for `look`.
        now: the instant (UTC).

    """
    # Nobody moves for what is taken over: each line tells the tables that it gets.
    taken = {day: [s._replace(is_fixed=True) for s in stays] for day, stays in evenings.items()}
    seen = Seen(venue, known, entries)
    verdicts: dict[int, Verdict] = {}
    for number in sorted(range(len(entries)), key=lambda n: (not entries[n].tables, n)):
        entry = entries[number]
        if same := seen.find(entry):
            verdicts[number] = same
            continue
        found = _place(venue, taken, entry, now=now)
        verdicts[number] = found
        if isinstance(found, Offer):
            seen.add(entry)
            stay = Stay(-1, found.party_size, found.starts_at, found.ends_at, found.table_ids)
            taken[found.service_date].append(stay)
    return [verdicts[number] for number in range(len(entries))]


class Seen:
    """What stands in the book or earlier in the file, so that nothing is entered twice.

    A visit of the book is one line of the file: the one that names its tables, else the first that
    is like it, as the staff may have moved the party since.

    Args:
        venue: whose book.
        known: what stands in the book, the tables of each by its code.
        entries: the whole file.

    """

    def __init__(
        self,
        venue: Venue,
        known: Mapping[Key, Mapping[str, Tables]],
        entries: Sequence[Entry],
    ) -> None:
        self._venue = venue
        self._lines: dict[Key, dict[Tables, str | None]] = {}
        self._free = {key: dict(found) for key, found in known.items()}
        named = {(_key(venue, entry), frozenset(entry.tables)) for entry in entries if entry.tables}
        for key, tables in named:
            found = self._free.get(key, {})
            code = next((code for code, there in found.items() if there == tables), None)
            if code:
                del found[code]
                self.add_line(key, tables, code)

    def find(self, entry: Entry) -> Known | None:
        """The visit that an entry is about, if there is one already."""
        key, tables = _key(self._venue, entry), frozenset(entry.tables)
        lines = self._lines.get(key, {})
        if tables in lines:
            return Known(code=lines[tables])
        if lines and not tables:
            return Known(code=next(iter(lines.values())))
        free = self._free.get(key)
        if not free:
            return None
        code = next(iter(free))
        del free[code]
        self.add_line(key, tables, code)
        return Known(code=code)

    def add(self, entry: Entry) -> None:
        """Remember an entry that will be entered."""
        self.add_line(_key(self._venue, entry), frozenset(entry.tables), None)

    def add_line(self, key: Key, tables: Tables, code: str | None) -> None:
        """Remember a line, with the code that it has in the book."""
        self._lines.setdefault(key, {})[tables] = code


def _place(
    venue: Venue, taken: Mapping[dt.date, Sequence[Stay]], entry: Entry, *, now: dt.datetime
) -> Offer | Refused:
    slot = _slot(venue, entry)
    if isinstance(slot, Refused):
        return slot
    if slot.starts_at <= now:
        return Refused(why=Why.PAST)
    ends_at = slot.ends_at(entry.party_size)
    stays = taken.get(slot.service_date, ())
    chosen = _chosen if entry.tables else _any
    tables = chosen(venue, stays, entry, slot.starts_at, ends_at)
    if isinstance(tables, Refused):
        return tables
    tomorrow = venue.next_opening(slot.service_date)
    if tomorrow and ends_at > tomorrow:
        return Refused(why=Why.NO_TABLE)
    return Offer(
        service_date=slot.service_date,
        starts_at=slot.starts_at,
        ends_at=ends_at,
        party_size=entry.party_size,
        table_ids=tables,
    )


def _slot(venue: Venue, entry: Entry) -> Slot | Refused:
    """The start of an entry, on a slot of the house or between two."""
    service_date, minutes = venue.service_time_of(entry.date, entry.time)
    if not venue.is_open_on(service_date):
        closure = venue.closures.get(service_date)
        return Refused(why=Why.CLOSED, fields={"date": service_date, "closure": closure})
    seating = (p for p in venue.periods_on(service_date) if p.seats_at(minutes))
    period = next(seating, None)
    if period is None:
        return Refused(why=Why.OUTSIDE_HOURS)
    if not exists_on_clock(venue.zone, service_date, minutes):
        return Refused(why=Why.NO_SUCH_TIME)
    return slot_from(venue.zone, period, service_date, minutes)


def _any(
    venue: Venue, stays: Sequence[Stay], entry: Entry, begin: dt.datetime, end: dt.datetime
) -> tuple[int, ...] | Refused:
    if entry.party_size > venue.floor.largest_party:
        return Refused(why=Why.TOO_LARGE, fields={"most": venue.floor.largest_party})
    party = Party(
        party_size=entry.party_size, starts_at=begin, ends_at=end, audience=Audience.STAFF
    )
    gap = dt.timedelta(minutes=venue.policy.buffer_minutes)
    found = seat(venue.floor, stays, party, buffer=gap)
    return Refused(why=Why.NO_TABLE) if found is None else found.table_ids


def _chosen(
    venue: Venue, stays: Sequence[Stay], entry: Entry, begin: dt.datetime, end: dt.datetime
) -> tuple[int, ...] | Refused:
    """The tables that an entry names, if they are there, large enough and free."""
    ids = {name: number for number, name in venue.floor.names.items()}
    unknown = [name for name in entry.tables if name not in ids]
    if unknown:
        return Refused(why=Why.UNKNOWN_TABLE, fields={"tables": unknown})
    wanted = tuple(dict.fromkeys(ids[name] for name in entry.tables))
    most = _most(venue, wanted)
    if entry.party_size > most:
        return Refused(why=Why.TABLE_TOO_SMALL, fields={"tables": entry.tables, "most": most})
    busy = occupied(stays, begin, end)
    taken = [venue.floor.names[number] for number in wanted if number in busy]
    return Refused(why=Why.TABLE_TAKEN, fields={"tables": taken}) if taken else wanted


def _most(venue: Venue, table_ids: Collection[int]) -> int:
    """The largest party that tables take together; how many at the least is the guest's affair."""
    alone = sum(t.max_covers for t in venue.floor.tables if t.id in table_ids)
    joined = (c.max_covers for c in venue.floor.combinations if set(c.table_ids) == set(table_ids))
    return max(chain([alone], joined))


def _write(
    db: Connection,
    venue: Venue,
    entry: Entry,
    offer: Offer,
    guest_id: int,
    *,
    actor: str,
    now: dt.datetime,
) -> Reservation:
    return ledger.enter(
        db,
        venue,
        offer,
        guest_id,
        state=State.RESERVED,
        kind=Kind.IMPORTED,
        held_until=None,
        request=entry.request,
        note=entry.note,
        source="import",
        is_pinned=bool(entry.tables),  # the old book has promised it
        actor=actor,
        now=now,
    )


def _dates(venue: Venue, entries: Sequence[Entry]) -> set[dt.date]:
    return {venue.service_date_of(entry.date, entry.time) for entry in entries}


def _key(venue: Venue, entry: Entry) -> Key:
    service_date, minutes = venue.service_time_of(entry.date, entry.time)
    starts_at = wall_instant(venue.zone, service_date, minutes)
    return entry.who.casefold(), starts_at, entry.party_size


def _known(db: Connection, venue: Venue, entries: Sequence[Entry]) -> dict[Key, dict[str, Tables]]:
    """The codes of what was ever agreed on these dates, under the guest's name and contacts.

    What was cancelled since stays cancelled: it is known too.
    """
    row = models.Reservation
    found = lookups.fetch(
        db,
        row.venue_id == venue.id,
        row.service_date.in_(_dates(venue, entries)),
        row.state.not_in((State.HELD, State.EXPIRED, State.DECLINED)),
    )
    people = guests.by_id(db, {r.guest_id for r in found})
    known: dict[Key, dict[str, Tables]] = {}
    for r in found:
        tables = frozenset(venue.floor.names.get(number, "") for number in r.table_ids)
        guest = people[r.guest_id]
        for who in filter(None, (guest.name, *(contact.address for contact in guest.contacts))):
            known.setdefault((who.casefold(), r.starts_at, r.party_size), {})[r.code] = tables
    return known
