"""Closing tables, pausing the house, and opening again, from the staff's chat."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from booking import closings
from booking.errors import TablesTaken
from booking.service_periods import DAY_MINUTES, wall_instant
from booking.venue import Venue
from bot.staff import acts, sheet
from bot.staff.stand import Said, Stand
from bot.staff.visits import undo_button
from conversations.understanding import understand
from conversations.wording import Wording, load_wording

#: How long a pause is when nobody says.
PAUSE_MINUTES = 60
_MINUTES = re.compile(r"(\d{1,3})\s*(?:m|min|mins|minutes|minuti|')?", re.IGNORECASE)

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Wanted:
    """Tables that are to be closed or opened, and the section or the house if it is all of that."""

    tables: dict[int, str]
    scope: str | None = None


def block(stand: Stand, venue: Venue, text: str) -> Said:
    """Close tables, a section or all: by name, and from when to when; else from now on."""
    wanted, rest = split_places(text, venue)
    span = read_span(stand, venue, rest)
    if not wanted.tables or span is None:
        return _how(venue, "staff.block_how")
    return _close(stand, venue, wanted, span)


def pause(stand: Stand, venue: Venue, text: str) -> Said:
    """Take no new bookings for so many minutes from now, or for the hours that are named."""
    minutes = _MINUTES.fullmatch(text.strip() or str(PAUSE_MINUTES))
    begins = stand.now.replace(second=0, microsecond=0)
    if minutes:
        span: Span | None = (begins, begins + timedelta(minutes=int(minutes[1])))
    else:
        names_hours = understand(text, stand.context(venue)).time is not None
        span = read_span(stand, venue, text) if names_hours else None
    if span is None or span[1] <= stand.now:
        return _how(venue, "staff.pause_how")
    return _close(stand, venue, Wanted({}), span)


def reopen(stand: Stand, venue: Venue, text: str) -> Said:
    """Open tables that are closed; without a name, end the pause."""
    wording = load_wording(venue.languages[0])
    named, _ = split_places(text, venue)
    tables = named.tables
    ahead = closings.ahead(stand.db, venue, now=stand.now)
    wanted: set[int | None] = {*tables} or {None}
    ids = [each.id for each in ahead if each.table_id in wanted]
    if tables and not ids:
        return Said(text=wording.say("staff.not_closed", {"tables": _shown(wording, named)}))
    if not ids:
        lines = sheet.closing_lines(wording, venue, ahead)
        key = "staff.open_which" if lines else "staff.open_already"
        return Said(text="\n".join([*lines, wording.say(key, {})]))
    closings.lift(stand.db, venue, ids, actor=stand.actor, now=stand.now)
    act = acts.keep(stand, venue.id, "opened", {"closings": ids}, acts.State.DONE)
    key = "staff.opened" if tables else "staff.resumed"
    text = wording.say(key, {"tables": _shown(wording, named)})
    return Said(text=text, buttons=undo_button(wording, act))


def _close(stand: Stand, venue: Venue, wanted: Wanted, span: Span) -> Said:
    wording, tables = load_wording(venue.languages[0]), wanted.tables
    try:
        ids = closings.close(
            stand.db,
            venue,
            tables.keys(),
            *span,
            scope=wanted.scope,
            actor=stand.actor,
            now=stand.now,
        )
    except TablesTaken as taken:
        lines = [sheet.line(stand, venue, each) for each in taken.reservations]
        return Said(text="\n".join([wording.say("staff.block_taken", {}), *lines]))
    act = acts.keep(stand, venue.id, "closed", {"closings": ids}, acts.State.DONE)
    first = next(c for c in closings.ahead(stand.db, venue, now=stand.now) if c.id == ids[0])
    key = "staff.blocked" if tables else "staff.paused"
    text = wording.say(key, sheet.closing_values(venue, first, _shown(wording, wanted)))
    return Said(text=text, buttons=undo_button(wording, act))


def read_span(stand: Stand, venue: Venue, text: str) -> Span | None:
    """The hours that a text names, as instants; what it leaves out ends with the service date.

    None when they are over, or the house does not open that day.
    """
    reading = understand(text, stand.context(venue))
    day = reading.date or stand.service_date(venue)
    if reading.time:
        day, _ = venue.service_time_of(reading.date or venue.local(stand.now).date(), reading.time)
    periods = list(venue.periods_on(day))
    if not periods:
        return None
    first, last = min(p.first_seating for p in periods), max(p.closes for p in periods)
    begin = _minute(reading.time, first) if reading.time else first
    end = _minute(reading.time_to, begin) if reading.time_to else last
    starts_at = wall_instant(venue.zone, day, begin)
    if not reading.time and not reading.date:
        starts_at = max(starts_at, stand.now.replace(second=0, microsecond=0))
    ends_at = wall_instant(venue.zone, day, end)
    return (starts_at, ends_at) if ends_at > max(starts_at, stand.now) else None


def split_places(text: str, venue: Venue) -> tuple[Wanted, str]:
    """The tables that a text names, by section or each, and the text without them."""
    house = load_wording(venue.languages[0]).data["whole_house"]
    sections = {table.section for table in venue.floor.tables if table.section}
    scopes = {name: name for name in sections}
    scopes |= {word.strip(): closings.HOUSE for word in house["words"].split(",")}
    found, rest = split_tables(text, venue)
    for name in sorted(scopes, key=len, reverse=True):
        named = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
        if found or not named.search(rest):
            continue
        scope, left = scopes[name], named.sub(" ", rest)
        here = [t for t in venue.floor.tables if scope in {closings.HOUSE, t.section}]
        return Wanted({t.id: t.name for t in here}, scope), left.strip(" ,;+")
    return Wanted(found), rest


def split_tables(text: str, venue: Venue) -> tuple[dict[int, str], str]:
    """The tables that a text names, by id, and the text without them."""
    found: dict[int, str] = {}
    for table in sorted(venue.floor.tables, key=lambda table: -len(table.name)):
        named = re.compile(rf"(?<!\w){re.escape(table.name)}(?!\w)", re.IGNORECASE)
        text, count = named.subn(" ", text)
        if count:
            found[table.id] = table.name
    return found, text.strip(" ,;+")


def _minute(at: time, least: int) -> int:
    """A wall time as a minute of its service date, which does not end at midnight."""
    minute = at.hour * 60 + at.minute
    return minute if minute >= least else minute + DAY_MINUTES


def _shown(wording: Wording, wanted: Wanted) -> str:
    if wanted.scope == closings.HOUSE:
        return str(wording.data["whole_house"]["name"])
    return wanted.scope or ", ".join(sorted(wanted.tables.values())) or "-"


def _how(venue: Venue, key: str) -> Said:
    return Said(text=load_wording(venue.languages[0]).say(key, {}))
