"""Changing a reservation from the staff's chat: another day, time or size."""

from dataclasses import replace

from booking import availability, guests, reservations
from booking.bending import Bend
from booking.errors import BookingError, NoAvailability
from booking.lifecycle import AGREED
from bot.staff import acts, sheet, visits
from bot.staff.entries import rule, spoken
from bot.staff.stand import Said, Stand
from conversations import talks
from conversations.entry import read_entry
from conversations.wording import load_wording


def change(stand: Stand, text: str) -> Said:
    """Move a reservation: its code or a name, then what is new. Its guest hears of it at once."""
    found, words = visits.leading(stand, text, AGREED)
    if found is None:
        return Said(text=stand.wording.say("staff.change_how", {}))
    venue, old = found
    wording = load_wording(venue.languages[0])
    entry = read_entry(words, stand.context(venue), languages=spoken(venue))
    before = reservations.wish_of(venue, old)
    wish = replace(
        before,
        party_size=entry.party_size or before.party_size,
        date=entry.date or before.date,
        time=entry.time or before.time,
    )
    if wish == before or entry.doubt:
        return Said(text=wording.say("staff.change_how", {}))
    wish = availability.coming_night(venue, wish, now=stand.now)
    try:
        new = reservations.amend(stand.db, venue, old.id, wish, actor=stand.actor, now=stand.now)
    except NoAvailability as refused:
        stands = Bend(rule=refused.reason, fields=refused.fields)
        return Said(text=rule(wording, venue, wish, stands))
    except BookingError as error:
        return Said(text=visits.why_not(wording, venue, error))
    guest = guests.get(stand.db, new.guest_id)
    hears = talks.find(stand.db, guest.channel, guest.address) is not None
    head = wording.say("staff.changed" if hears else "staff.changed_unheard", {})
    data = {"reservation": new.id, "version": new.version}
    act = acts.keep(stand, venue.id, "changed", data, acts.State.DONE)
    buttons = visits.undo_button(wording, act)
    return Said(text=f"{head}\n{sheet.line(stand, venue, new)}", buttons=buttons)
