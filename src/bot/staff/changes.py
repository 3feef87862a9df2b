"""Changing a reservation from the staff's chat: another day, time or size."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any

from booking import availability, guests, lookups, reservations
from booking.errors import BookingError, NoAvailability, Rule
from booking.explain import what_bends
from booking.lifecycle import AGREED
from booking.lookups import Reservation
from booking.rules import Refusal, Wish
from booking.venue import Venue
from bot.staff import acts, sheet, visits
from bot.staff.entries import no_way, rule, rules_of, spoken
from bot.staff.stand import Said, Stand
from bot.staff.warnings import ask
from conversations import talks
from conversations.entry import read_entry
from conversations.wording import load_wording


def change(stand: Stand, text: str) -> Said:
    """Move a reservation: its code or a name, then what is new. Its guest hears of it at once."""
    found, words = visits.leading(stand, text, AGREED)
    if found is None:
        return Said(text=stand.wording.say("staff.change_how", {}))
    venue, old = found
    entry = read_entry(words, stand.context(venue), languages=spoken(venue))
    before = reservations.wish_of(venue, old)
    wish = replace(
        before,
        party_size=entry.party_size or before.party_size,
        date=entry.date or before.date,
        time=entry.time or before.time,
    )
    if wish == before or entry.doubt:
        return Said(text=load_wording(venue.languages[0]).say("staff.change_how", {}))
    return _amend(stand, venue, old, availability.coming_night(venue, wish, now=stand.now))


def change_anyway(stand: Stand, venue: Venue, data: Mapping[str, Any]) -> Said:
    """Move a reservation after the warning; rules that were not told of are told now."""
    old = lookups.get(stand.db, venue.id, data["reservation"])
    wish = Wish(
        party_size=data["party_size"],
        date=date.fromisoformat(data["date"]),
        time=time.fromisoformat(data["time"]),
    )
    return _amend(stand, venue, old, wish, bend=rules_of(data))


def _amend(
    stand: Stand, venue: Venue, old: Reservation, wish: Wish, *, bend: tuple[Rule, ...] = ()
) -> Said:
    wording = load_wording(venue.languages[0])
    try:
        new = reservations.amend(
            stand.db, venue, old.id, wish, actor=stand.actor, bend=bend, now=stand.now
        )
    except NoAvailability as refused:
        return _warn(stand, venue, old, wish, refused)
    except BookingError as error:
        return Said(text=visits.why_not(wording, venue, error))
    guest = guests.get(stand.db, new.guest_id)
    hears = talks.find(stand.db, guest.channel, guest.address) is not None
    head = wording.say("staff.changed" if hears else "staff.changed_unheard", {})
    data = {"reservation": new.id, "version": new.version}
    act = acts.keep(stand, venue.id, "changed", data, acts.State.DONE)
    buttons = visits.undo_button(wording, act)
    return Said(text=f"{head}\n{sheet.line(stand, venue, new)}", buttons=buttons)


def _warn(
    stand: Stand, venue: Venue, old: Reservation, wish: Wish, refused: NoAvailability
) -> Said:
    """Tell which rules stand against a change; what no yes can change is told as it is."""
    wording, seeker = load_wording(venue.languages[0]), reservations.as_before(old)
    found, rules = what_bends(stand.db, venue, wish, but=old.id, seeker=seeker, now=stand.now)
    if isinstance(found, Refusal):
        return Said(text=no_way(venue, wish, found, refused))
    facts = {
        "reservation": old.id,
        "party_size": wish.party_size,
        "date": wish.date.isoformat(),
        "time": wish.time.isoformat(),
        "bend": [each.rule for each in rules],
    }
    return ask(stand, venue, "change", facts, [rule(wording, venue, wish, each) for each in rules])
