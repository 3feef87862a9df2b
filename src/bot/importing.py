"""`tabletalk import`: a CSV file of reservations, judged line by line, entered whole or not at all.

Nobody is told: what is imported was agreed on before. Guests with a number are those who text from
it, so they can change their visit and are reminded like all others once they have written.
"""

import csv
import datetime as dt
import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from booking import events, guests, imports, venues
from booking.availability import Offer
from booking.database import Database
from booking.imports import Entry, Known, Refused, Verdict, Why
from booking.venue import Venue
from bot.channels import DESK, SMS
from bot.phones import e164
from conversations import allergies

REQUIRED = ("date", "time", "party_size", "name")
OPTIONAL = ("phone", "tables", "request", "note")
#: As long as any text of a line may be; a name also has to fit into messages.
LONGEST = 500
LONGEST_NAME = 80
#: The largest party of a venue file.
LARGEST = 1000
#: Who enters what is imported.
ACTOR = f"{events.STAFF}import"


class BadFile(Exception):
    """The file as a whole cannot be used; one line says why."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the file, read: an entry with its guest, or what is wrong with it."""

    number: int
    entry: Entry | None = None
    name: str | None = None
    phone: str | None = None
    wrong: str | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """What became of a file.

    Args:
        lines: a sentence for each line, in order.
        good: how many can be entered, or were.
        known: how many stand in the book already.
        bad: how many cannot be entered.
        is_written: whether anything was entered.
        remarks: what should be known of the file as a whole.

    """

    lines: Sequence[str]
    good: int
    known: int
    bad: int
    is_written: bool
    remarks: Sequence[str] = field(default=())


def run(
    database: Database,
    path: Path,
    venue: Venue,
    *,
    date_format: str | None = None,
    commit: bool = False,
    skip_bad: bool = False,
    now: dt.datetime,
) -> Report:
    """Judge a file, and enter it when that is wanted.

    Args:
        database: where the book is.
        path: the CSV file.
        venue: whose book.
        date_format: how dates are written (`%d/%m/%Y`); ISO when left out.
        commit: enter the file, if every line of it can be entered.
        skip_bad: enter the rest when some lines cannot.
        now: the instant (UTC).

    Raises:
        BadFile: it cannot be read, or has not the columns that it takes.

    """
    lines, remarks = read(path, venue, date_format=date_format)
    entries = [line.entry for line in lines if line.entry]
    with database.reading() as db:
        verdicts = imports.look(db, venue, entries, now=now)
    whole = len(entries) == len(lines) and not any(isinstance(v, Refused) for v in verdicts)
    if commit and (whole or skip_bad):
        verdicts = _enter(database, venue, lines, now=now)
    judged = dict(zip((line.number for line in lines if line.entry), verdicts, strict=True))
    good = sum(isinstance(verdict, Offer) for verdict in verdicts)
    known = sum(isinstance(verdict, Known) for verdict in verdicts)
    return Report(
        lines=[f"line {line.number}: {_say(venue, line, judged)}" for line in lines],
        good=good,
        known=known,
        bad=len(lines) - good - known,
        is_written=commit and (whole or skip_bad) and good > 0,
        remarks=remarks,
    )


def choose_venue(db: Connection, slug: str | None) -> Venue:
    """The venue that is meant; the only one when none is named.

    Raises:
        BadFile: there is none, or it is not said which.

    """
    every = venues.every(db)
    chosen = [venue for venue in every if slug in {None, venue.slug}]
    if len(chosen) == 1:
        return chosen[0]
    known = ", ".join(venue.slug for venue in every) or "none"
    if slug:
        raise BadFile(f"there is no venue {slug!r}; loaded: {known}")
    raise BadFile(f"say which venue with --venue; loaded: {known}")


def read(path: Path, venue: Venue, *, date_format: str | None) -> tuple[list[Line], list[str]]:
    """The lines of a file, and remarks on it.

    Raises:
        BadFile: it cannot be read, or has not the columns that it takes.

    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadFile(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadFile(f"{path}: is not UTF-8 text; save it as CSV UTF-8") from None
    rows = csv.reader(StringIO(text.replace("\0", ""), newline=""), delimiter=_delimiter(text))
    header = [name.strip().lower() for name in next(rows, [])]
    remarks = _check_header(path, header)
    lines, begin = [], rows.line_num + 1
    try:
        for row in rows:
            if any(cell.strip() for cell in row):
                cells = dict(zip(header, (_one_line(cell) for cell in row), strict=False))
                lines.append(_read_line(begin, cells, venue, date_format))
            begin = rows.line_num + 1
    except csv.Error as error:
        raise BadFile(f"{path}: line {begin}: {error}") from None
    if not lines:
        raise BadFile(f"{path}: has no lines below its header")
    return lines, remarks


def _delimiter(text: str) -> str:
    """What stands between the columns: what the header has most of."""
    header = text.partition("\n")[0]
    return max(",;\t", key=header.count)


def _check_header(path: Path, header: Collection[str]) -> list[str]:
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        known = ", ".join((*REQUIRED, *OPTIONAL))
        raise BadFile(f"{path}: the header has no {', '.join(missing)}; columns: {known}")
    if len(set(header)) < len(header):
        raise BadFile(f"{path}: the header names a column twice")
    unknown = [name for name in header if name not in REQUIRED + OPTIONAL]
    return [f"not read: column {', '.join(unknown)}"] if any(unknown) else []


def _one_line(cell: str) -> str:
    return " ".join(cell.split())


def _read_line(number: int, cells: Mapping[str, str], venue: Venue, how: str | None) -> Line:
    try:
        return _read_cells(number, cells, venue, how)
    except ValueError as wrong:
        return Line(number=number, wrong=str(wrong))


def _read_cells(number: int, cells: Mapping[str, str], venue: Venue, how: str | None) -> Line:
    """One line.

    Raises:
        ValueError: with what is wrong with it.

    """
    name, phone = cells.get("name", ""), cells.get("phone", "")
    if not name and not phone:
        raise ValueError("has neither name nor phone")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"its name is longer than {LONGEST_NAME} characters")
    if any(len(cell) > LONGEST for cell in cells.values()):
        raise ValueError(f"has a text that is longer than {LONGEST} characters")
    written = _phone(phone, venue) if phone else None
    entry = Entry(
        party_size=_party_size(cells.get("party_size", "")),
        date=_date(cells.get("date", ""), how),
        time=_time(cells.get("time", "")),
        who=written or name,
        tables=tuple(re.findall(r"[^+,/]+", cells.get("tables", "").replace(" ", ""))),
        request=cells.get("request") or None,
        note=cells.get("note") or None,
    )
    return Line(number=number, entry=entry, name=name or None, phone=written)


def _party_size(cell: str) -> int:
    if not re.fullmatch(r"\d{1,4}", cell, re.ASCII) or not 1 <= int(cell) <= LARGEST:
        raise ValueError(f"{cell!r} is no party size")
    return int(cell)


def _date(cell: str, how: str | None) -> dt.date:
    try:
        if how:
            return dt.datetime.strptime(cell, how).date()  # noqa: DTZ007 (a date has no zone)
        return dt.date.fromisoformat(cell)
    except ValueError:
        pass
    wanted = how or "YYYY-MM-DD (another way: --date-format)"
    raise ValueError(f"{cell!r} is no date written {wanted}")


def _time(cell: str) -> dt.time:
    match = re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?::00)?", cell, re.ASCII)
    if not match:
        raise ValueError(f"{cell!r} is no time, such as 19:30")
    return dt.time(int(match[1]), int(match[2]))


def _phone(cell: str, venue: Venue) -> str:
    written = e164(cell, like=venue.phone)
    if written is None:
        hint = "" if venue.phone or cell.startswith("+") else "; begin with + and the country"
        raise ValueError(f"{cell!r} is no phone number{hint}")
    return written


def _enter(
    database: Database, venue: Venue, lines: Sequence[Line], *, now: dt.datetime
) -> list[Verdict]:
    """Enter what can be, a service date a transaction: nobody who writes meanwhile waits for long.

    Each is looked at again under the lock; a line whose table a guest took in this very second is
    refused, and the others stand.
    """
    verdicts: dict[int, Verdict] = {}
    for day in sorted({_day(venue, line.entry) for line in lines if line.entry}):
        batch = [line for line in lines if line.entry and _day(venue, line.entry) == day]
        with database.transaction() as db:
            found = _enter_batch(db, venue, batch, now=now)
        verdicts |= dict(zip((line.number for line in batch), found, strict=True))
    return [verdicts[line.number] for line in lines if line.entry]


def _day(venue: Venue, entry: Entry) -> dt.date:
    return venue.service_date_of(entry.date, entry.time)


def _enter_batch(
    db: Connection, venue: Venue, lines: Sequence[Line], *, now: dt.datetime
) -> list[Verdict]:
    people = {id(line.entry): line for line in lines}
    met: dict[int, int] = {}

    def guest_of(entry: Entry) -> int:
        line = people[id(entry)]
        channel, address = (SMS, line.phone) if line.phone else (DESK, secrets.token_hex(8))
        guest = guests.meet(db, venue.id, channel, address, name=line.name, now=now)
        met[id(entry)] = guest.id
        return guest.id

    entries = [line.entry for line in lines if line.entry]
    verdicts = imports.enter(
        db, venue, entries, guest_of=guest_of, skip_refused=True, actor=ACTOR, now=now
    )
    for entry, offer in zip(entries, verdicts, strict=True):
        if isinstance(offer, Offer):
            told, ends_at = entry.request, offer.ends_at
            allergies.keep(db, venue, met[id(entry)], told, ends_at=ends_at, now=now)
    return verdicts


def _say(venue: Venue, line: Line, judged: Mapping[int, Verdict]) -> str:
    """The verdict on a line in words for the operator."""
    entry = line.entry
    if entry is None:
        return str(line.wrong)
    what = f"{entry.party_size} on {entry.date} {entry.time:%H:%M}"
    match judged[line.number]:
        case Offer() as offer:
            names = "+".join(venue.floor.names[number] for number in offer.table_ids)
            return f"{what}, {line.name or line.phone}, at {names}"
        case Known(code=code):
            return f"already in the book as {code}" if code else "the same as a line before it"
        case Refused(why=why, fields=fields):
            return _REASONS[why].format(what=what, **_shown(fields))


def _shown(fields: Mapping[str, Any]) -> dict[str, Any]:
    closure = fields.get("closure")
    shown = {**fields, "closure": f" ({closure})" if closure else ""}
    return shown | {"tables": "+".join(fields.get("tables", ()))}


_REASONS = {
    Why.PAST: "reads as past: {what}",
    Why.CLOSED: "closed on {date}{closure}",
    Why.OUTSIDE_HOURS: "nobody is seated at that time: {what}",
    Why.NO_SUCH_TIME: "the clocks skip that time: {what}",
    Why.TOO_LARGE: "no table takes more than {most}: {what}",
    Why.NO_TABLE: "no table free for {what}",
    Why.UNKNOWN_TABLE: "no such table {tables}",
    Why.TABLE_TOO_SMALL: "{tables} takes {most} at the most: {what}",
    Why.TABLE_TAKEN: "{tables} is taken: {what}",
}
