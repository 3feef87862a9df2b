"""The waitlist in the staff's chat: who waits, in which order, and who is written down by hand."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from booking import guests, models, waiting, waitlist
from booking.bending import Bend
from booking.errors import NoAvailability
from booking.guests import Guest
from booking.openings import STAFF
from booking.venue import Venue
from booking.waiting import Entry, EntryState
from bot import letters
from bot.staff import acts, entries, sheet
from bot.staff.stand import Said, Stand
from bot.staff.visits import undo_button
from conversations import allergies
from conversations.acts import waiting_of
from conversations.entry import read_entry
from conversations.understanding import understand
from conversations.waits import window
from conversations.wording import load_wording


def show(stand: Stand, venue: Venue, text: str) -> Said:
    """Who waits on a day, or on any, in the order in which they will be served."""
    wording = load_wording(venue.languages[0])
    day = understand(text, stand.context(venue)).date
    on_day = [models.WaitlistEntry.service_date == day] if day else []
    found = waiting.ahead(stand.db, *on_day, venue_id=venue.id, now=stand.now)
    lines = [
        line
        for day, entries in groupby(found, key=lambda entry: entry.service_date)
        for line in _of_date(stand, venue, day, list(entries))
    ]
    head, *rest = lines or [wording.say("staff.waitlist_empty", {})]
    return Said(text="\n".join([head, *sheet.fitting(wording, head, rest, stand.capability)]))


def wait(stand: Stand, venue: Venue, text: str) -> Said:
    """Let a party wait that rang or stands here: as `/book`, with a window instead of a time."""
    text, phone = entries.split_phone(text, venue)
    entry = read_entry(text, stand.context(venue), languages=entries.spoken(venue))
    missing = entries.missing_of(venue, entry, how="staff.wait_how")
    if missing:
        return missing
    wording, wish = load_wording(venue.languages[0]), entries.wish_of(stand, venue, entry)
    guest = entries.guest_of(stand, venue, entry.name, phone)
    request = entry.request
    try:
        found = waitlist.join(
            stand.db, venue, wish, guest.id, request=request, source=STAFF, now=stand.now
        )
    except NoAvailability as refused:
        stands = Bend(rule=refused.reason, fields=refused.fields)
        return Said(text=entries.rule(wording, venue, wish, stands))
    if not isinstance(found, Entry):
        free = wording.time(venue.local(found.starts_at).time())
        return Said(text=wording.say("staff.wait_free", {"times": free}))
    ends_at = found.starts_to
    allergies.keep(stand.db, venue, guest.id, request, ends_at=ends_at, now=stand.now)
    act = acts.keep(stand, venue.id, "waits", {"entry": found.id}, acts.State.DONE)
    values = {**window(waiting_of(venue, found)), "guest": letters.label(guest)}
    return Said(text=wording.say("staff.waits", values), buttons=undo_button(wording, act))


def wait_back(stand: Stand, venue: Venue, data: Mapping[str, Any]) -> str:
    """Take a party off the waitlist that was written down."""
    row = models.WaitlistEntry
    (entry,) = waiting.fetch(stand.db, row.venue_id == venue.id, row.id == data["entry"])
    waitlist.leave(stand.db, venue, entry, now=stand.now)
    return _line(stand, venue, entry, guests.get(stand.db, entry.guest_id))


def _of_date(stand: Stand, venue: Venue, day: date, found: Sequence[Entry]) -> list[str]:
    """How many wait on a service date, and a numbered line for each."""
    wording = load_wording(venue.languages[0])
    people = guests.by_id(stand.db, {entry.guest_id for entry in found})
    lines = (_line(stand, venue, entry, people[entry.guest_id]) for entry in found)
    head = wording.say("staff.waitlist", {"date": day, "count": len(found)})
    return [head, *(f"{number}. {line}" for number, line in enumerate(lines, 1))]


def _line(stand: Stand, venue: Venue, entry: Entry, guest: Guest) -> str:
    """One entry: when, how many, who, since when."""
    wording = load_wording(venue.languages[0])
    waits, joined = waiting_of(venue, entry), venue.local(entry.created_at)
    is_today = joined.date() == venue.local(stand.now).date()
    day = "" if is_today else f"{wording.date(joined.date(), short=True)} "
    at = f"{day}{wording.time(joined.time())}"
    since = str(wording.data["staff"]["waits_since"]).format(since=at)
    held = entry.state is EntryState.OFFERED
    parts = [
        wording.span(waits.time, waits.time_to),
        f"{entry.party_size}p",
        letters.label(guest),
        f"[{wording.data['state']['held']}]" if held else "",
        f'"{entry.request}"' if entry.request else "",
        since,
    ]
    return " ".join(part for part in parts if part)
