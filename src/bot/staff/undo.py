"""Taking back what the staff did last."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from booking import closings, guests, host_stand, ledger, lookups, reservations, venues
from booking import undo as visit_undo
from booking.errors import BookingError
from booking.events import Kind
from booking.lifecycle import State
from booking.venue import Venue
from bot.staff import acts, cards, places, sheet, waitlist
from bot.staff.acts import Act
from bot.staff.stand import Said, Stand
from conversations.wording import load_wording


def undo(stand: Stand, _: str) -> Said:
    """Take back what this chat did last."""
    act = acts.undoable(stand)
    return take_back(stand, act) if act else _nothing(stand)


def _nothing(stand: Stand) -> Said:
    minutes = int(visit_undo.UNDO_WITHIN.total_seconds() // 60)
    return Said(text=stand.wording.say("staff.undo_nothing", {"undo": minutes}))


def pressed(stand: Stand, act_id: int) -> Said:
    """Take back the act whose button was pressed."""
    act = acts.find(stand, act_id, acts.State.DONE)
    return take_back(stand, act) if act else _nothing(stand)


def take_back(stand: Stand, act: Act) -> Said:
    """Take an act back, unless the book has gone on since."""
    venue = venues.get(stand.db, act.venue_id)
    wording = load_wording(venue.languages[0])
    try:
        with stand.db.begin_nested():
            what = _WAYS_BACK[act.kind](stand, venue, act.data)
    except BookingError:
        return Said(text=wording.say("staff.undo_too_late", {}))
    acts.settle(stand, act, acts.State.UNDONE)
    return Said(text=f"{wording.say('staff.undone', {})}\n{what}")


class _GoneOn(BookingError):
    """Something else has happened since."""


def _step(stand: Stand, venue: Venue, data: Mapping[str, Any]) -> str:
    found = lookups.get(stand.db, venue.id, data["reservation"])
    if found.state != data["state"]:
        raise _GoneOn
    back = visit_undo.take_back(stand.db, venue, found.id, actor=stand.actor, now=stand.now)
    return sheet.line(stand, venue, back)


def _entered(stand: Stand, venue: Venue, data: Mapping[str, Any]) -> str:
    found = lookups.get(stand.db, venue.id, data["reservation"], lock=True)
    if found.state != data["state"]:
        raise _GoneOn
    if found.state is State.SEATED:  # a walk-in that was none
        gone = ledger.step(
            stand.db,
            venue,
            found,
            State.CANCELLED,
            Kind.CANCELLED,
            actor=stand.actor,
            now=stand.now,
        )
    else:
        gone = reservations.cancel(stand.db, venue, found.id, actor=stand.actor, now=stand.now)
    return sheet.line(stand, venue, gone)


def _changed(stand: Stand, venue: Venue, data: Mapping[str, Any]) -> str:
    number = data["reservation"]
    if lookups.get(stand.db, venue.id, number).version != data["version"]:
        raise _GoneOn
    was = visit_undo.undo(stand.db, venue, number, actor=stand.actor, now=stand.now)
    return sheet.line(stand, venue, was)


def _noted(stand: Stand, venue: Venue, data: Mapping[str, Any]) -> str:
    number, note = data["reservation"], data["note"]
    old = host_stand.annotate(stand.db, venue, number, note, actor=stand.actor, now=stand.now)
    return sheet.line(stand, venue, old)


def _guest_noted(stand: Stand, venue: Venue, data: Mapping[str, Any]) -> str:
    guests.annotate(stand.db, data["guest"], data["note"])
    return cards.card(stand, venue, data["guest"])


def _vip(stand: Stand, venue: Venue, data: Mapping[str, Any]) -> str:
    guests.set_vip(stand.db, data["guest"], is_vip=data["is_vip"])
    return cards.card(stand, venue, data["guest"])


def _closed(stand: Stand, venue: Venue, data: Mapping[str, Any]) -> str:
    lines = _lines(stand, venue, data["closings"])
    closings.lift(stand.db, venue, data["closings"], actor=stand.actor, now=stand.now)
    return lines


def _opened(stand: Stand, venue: Venue, data: Mapping[str, Any]) -> str:
    closings.close_again(stand.db, venue, data["closings"], now=stand.now)
    return _lines(stand, venue, data["closings"])


def _lines(stand: Stand, venue: Venue, closing_ids: Sequence[int]) -> str:
    wording = load_wording(venue.languages[0])
    ahead = closings.ahead(stand.db, venue, now=stand.now)
    theirs = (each for each in ahead if each.id in closing_ids)
    return "\n".join(sheet.closing_lines(wording, venue, theirs))


def _stayed(stand: Stand, venue: Venue, data: Mapping[str, Any]) -> str:
    return sheet.line(stand, venue, places.stay_back(stand, venue, data))


def _late(stand: Stand, venue: Venue, data: Mapping[str, Any]) -> str:
    return sheet.line(stand, venue, places.late_back(stand, venue, data))


def _placed(stand: Stand, venue: Venue, data: Mapping[str, Any]) -> str:
    return sheet.line(stand, venue, places.place_back(stand, venue, data))


_WAYS_BACK: dict[str, Callable[[Stand, Venue, Mapping[str, Any]], str]] = {
    "step": _step,
    "entered": _entered,
    "changed": _changed,
    "noted": _noted,
    "guest_noted": _guest_noted,
    "vip": _vip,
    "closed": _closed,
    "opened": _opened,
    "late": _late,
    "stayed": _stayed,
    "placed": _placed,
    "waits": waitlist.wait_back,
}
