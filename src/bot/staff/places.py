"""What the staff do with a party's place: later, longer, at another table."""

import re
from collections.abc import Mapping
from typing import Any

from booking import host_stand, turns, undo
from booking.errors import BookingError, NoAvailability
from booking.lifecycle import AGREED, State
from booking.lookups import Reservation
from booking.venue import Venue
from bot.staff import acts, closing
from bot.staff.stand import Said, Stand
from bot.staff.visits import about, leading, undo_button, why_not
from conversations.wording import load_wording

#: Nobody is later, or stays longer, than this.
MOST_MINUTES = 480
_HERE = AGREED | {State.SEATED}


def late(stand: Stand, text: str) -> Said:
    """Write down by how many minutes a party will be late: its code or name, then the minutes."""
    found, rest = leading(stand, text, AGREED)
    minutes = _minutes(rest)
    if found is None or minutes is None:
        return _how(stand, "late")
    venue, old = found
    try:
        new = turns.run_late(stand.db, venue, old.id, minutes, actor=stand.actor, now=stand.now)
    except BookingError as error:
        return Said(text=why_not(load_wording(venue.languages[0]), venue, error))
    data = {"reservation": new.id, "minutes": old.late_minutes}
    act = acts.keep(stand, venue.id, "late", data, acts.State.DONE)
    said = _said(stand, venue, new, "staff.late", minutes=minutes)
    return said.with_buttons(undo_button(load_wording(venue.languages[0]), act))


def stay(stand: Stand, text: str) -> Said:
    """Let a party that sits stay longer: its code or name, then the minutes."""
    found, rest = leading(stand, text, frozenset({State.SEATED}))
    minutes = _minutes(rest)
    if found is None or minutes is None:
        return _how(stand, "stay")
    venue, old = found
    wording = load_wording(venue.languages[0])
    try:
        new = turns.stay_on(stand.db, venue, old.id, minutes, actor=stand.actor, now=stand.now)
    except NoAvailability:
        return Said(text=wording.say("staff.stay_no_room", {}))
    except BookingError as error:
        return Said(text=why_not(wording, venue, error))
    act = acts.keep(stand, venue.id, "stayed", {"reservation": new.id}, acts.State.DONE)
    until = venue.local(new.ends_at).time()
    said = _said(stand, venue, new, "staff.stay", until=until)
    return said.with_buttons(undo_button(wording, act))


def table(stand: Stand, text: str) -> Said:
    """Give a party certain tables and keep it there; without tables, let it sit anywhere again."""
    found, rest = leading(stand, text, _HERE)
    if found is None:
        return _how(stand, "table")
    venue, old = found
    tables, left = closing.split_tables(rest, venue)
    if left or (not tables and not old.is_pinned):
        return _how(stand, "table")
    wording = load_wording(venue.languages[0])
    try:
        new = _place(stand, venue, old, tuple(tables))
    except NoAvailability:
        return Said(text=wording.say("staff.table_taken", {}))
    data = {"reservation": old.id, "tables": list(old.table_ids), "pinned": old.is_pinned}
    act = acts.keep(stand, venue.id, "placed", data, acts.State.DONE)
    said = _said(stand, venue, new, "staff.table" if tables else "staff.table_loose")
    return said.with_buttons(undo_button(wording, act))


def place_back(stand: Stand, venue: Venue, data: Mapping[str, Any]) -> Reservation:
    """Give a party the tables back that it had."""
    number = data["reservation"]
    _assign(stand, venue, number, data["tables"])
    return _pin(stand, venue, number, pinned=data["pinned"])


def late_back(stand: Stand, venue: Venue, data: Mapping[str, Any]) -> Reservation:
    """Expect a party when it was expected before."""
    number, minutes = data["reservation"], data["minutes"]
    return turns.take_lateness_back(
        stand.db, venue, number, minutes, actor=stand.actor, now=stand.now
    )


def stay_back(stand: Stand, venue: Venue, data: Mapping[str, Any]) -> Reservation:
    """Let a party leave when it was to leave before."""
    number = data["reservation"]
    return undo.undo(stand.db, venue, number, actor=stand.actor, now=stand.now)


def _place(stand: Stand, venue: Venue, old: Reservation, table_ids: tuple[int, ...]) -> Reservation:
    if table_ids:
        return _assign(stand, venue, old.id, table_ids)
    return _pin(stand, venue, old.id, pinned=False)


def _assign(stand: Stand, venue: Venue, number: int, table_ids: Any) -> Reservation:
    return host_stand.assign(stand.db, venue, number, table_ids, actor=stand.actor, now=stand.now)


def _pin(stand: Stand, venue: Venue, number: int, *, pinned: bool) -> Reservation:
    return host_stand.pin(stand.db, venue, number, pinned=pinned, actor=stand.actor, now=stand.now)


def _minutes(text: str) -> int | None:
    found = re.match(r"\+?(\d{1,3})\b", text.strip())
    minutes = int(found[1]) if found else 0
    return minutes if 0 < minutes <= MOST_MINUTES else None


def _said(stand: Stand, venue: Venue, found: Reservation, key: str, **more: object) -> Said:
    values = {**about(stand, venue, found), **more}
    return Said(text=load_wording(venue.languages[0]).say(key, values))


def _how(stand: Stand, command: str) -> Said:
    return Said(text=stand.wording.say(f"staff.{command}_how", {}))
