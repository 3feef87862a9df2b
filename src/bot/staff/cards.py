"""A guest as the staff know them: the card, a note on it, and who is a VIP."""

from collections.abc import Sequence
from textwrap import shorten

from booking import events, guests, lookups, models
from booking.errors import UnknownGuest
from booking.guests import Guest
from booking.history import Visit, history
from booking.lifecycle import State
from booking.venue import Venue
from bot import letters
from bot.channels import DESK, SMS
from bot.staff import acts, sheet
from bot.staff.entries import split_phone
from bot.staff.stand import Buttons, Said, Stand
from bot.staff.visits import LONGEST_NAME, MOST_SHOWN, undo_button
from conversations.wording import Wording, load_wording

Person = tuple[Venue, Guest]
#: Characters of a note where each of them costs.
LONGEST_NOTE = 120


def show(stand: Stand, text: str) -> Said:
    """Show a guest: by a code, a name or a number; what is written behind it is noted."""
    found, words = _leading(stand, text)
    if len(found) != 1:
        return _which(stand, "guest", found, text)
    ((venue, guest),) = found
    if not words:
        return Said(text=card(stand, venue, guest.id))
    wording = load_wording(venue.languages[0])
    guests.annotate(stand.db, guest.id, guests.joined(guest.note, words))
    data = {"guest": guest.id, "note": guest.note}
    act = acts.keep(stand, venue.id, "guest_noted", data, acts.State.DONE)
    said = f"{wording.say('staff.noted', {})}\n{card(stand, venue, guest.id)}"
    return Said(text=said, buttons=undo_button(wording, act))


def turn_vip(stand: Stand, text: str) -> Said:
    """Make a guest a VIP, or one no more."""
    found, _ = _leading(stand, text)
    if len(found) != 1:
        return _which(stand, "vip", found, text)
    return _turn(stand, *found[0])


def pressed(stand: Stand, name: str, guest_id: int) -> Said | None:
    """Do it with the guest whose button was pressed; None when it is none of this chat's venues."""
    here = {venue.id: venue for venue in stand.venues}
    try:
        guest = guests.get(stand.db, guest_id)
    except UnknownGuest:
        return None
    venue = here.get(guest.venue_id)
    if venue is None:
        return None
    return _turn(stand, venue, guest) if name == "vip" else Said(text=card(stand, venue, guest_id))


def card(stand: Stand, venue: Venue, guest_id: int) -> str:
    """What the house knows of a guest, as much of it as the channel carries."""
    guest, wording = guests.get(stand.db, guest_id), load_wording(venue.languages[0])
    past = history(stand.db, venue, guest_id, now=stand.now)
    allergies = guest.allergies_at(stand.now)
    counts = {
        "visits": past.visits,
        "no_shows": past.no_shows,
        "cancelled": past.cancelled,
        "late": past.cancelled_late,
    }
    head = guest.name or letters.reach(guest)
    lines = [
        ", ".join([head, wording.data["mark"]["vip"]] if guest.is_vip else [head]),
        ", ".join(_contacts(wording, guest)),
        _say(wording, "language", language=guest.language and wording.language(guest.language)),
        wording.say("card.counts", counts),
        _say(wording, "allergies", text=allergies),
        _say(wording, "note", text=_short(guest.note, stand)),
        *(_line(wording, venue, visit) for visit in past.listed[:MOST_SHOWN]),
    ]
    first, *rest = (line for line in lines if line)
    return "\n".join([first, *sheet.fitting(wording, first, rest, stand.capability)])


def _say(wording: Wording, key: str, **known: str | None) -> str:
    """A line of the card, unless nothing is known for it."""
    return wording.say(f"card.{key}", known) if all(known.values()) else ""


def _short(note: str | None, stand: Stand) -> str | None:
    """As much of a note as leaves room for the rest."""
    is_roomy = stand.capability.is_roomy
    return note if is_roomy or not note else shorten(note, LONGEST_NOTE, placeholder="...")


def _contacts(wording: Wording, guest: Guest) -> list[str]:
    """How the guest reaches the house, and which of it is only said to be theirs."""
    told = []
    for contact in guest.contacts:
        where = letters.reach(contact)
        if contact.verified_at is None:
            where = wording.say("card.unverified", {"where": where})
        told += [where] if contact.channel != DESK else []
    return told


def _line(wording: Wording, venue: Venue, visit: Visit) -> str:
    found, local = visit.reservation, venue.local(visit.reservation.starts_at)
    state = "" if visit.state is State.RESERVED else f"[{wording.data['state'][visit.state]}]"
    parts = [
        f"{wording.date(local.date(), short=True)} {wording.time(local.time())}",
        f"{found.party_size}p",
        "+".join(events.table_names(found, venue.floor.names)),
        found.code,
        state,
    ]
    return " ".join(part for part in parts if part)


def _turn(stand: Stand, venue: Venue, guest: Guest) -> Said:
    wording = load_wording(venue.languages[0])
    guests.set_vip(stand.db, guest.id, is_vip=not guest.is_vip)
    data = {"guest": guest.id, "is_vip": guest.is_vip}
    act = acts.keep(stand, venue.id, "vip", data, acts.State.DONE)
    key = "staff.vip_off" if guest.is_vip else "staff.vip"
    text = wording.say(key, {"guest": letters.label(guest)})
    return Said(text=text, buttons=undo_button(wording, act))


def _leading(stand: Stand, text: str) -> tuple[list[Person], str]:
    """The guests whom the first words of a text may mean, by code, name or number; and the rest."""
    words = text.split()
    for count in range(min(len(words), LONGEST_NAME), 0, -1):
        found = _meant(stand, " ".join(words[:count]))
        if found:
            return found, " ".join(words[count:])
    for venue in stand.venues:
        rest, number = split_phone(text, venue)
        guest = guests.at(stand.db, venue.id, SMS, number) if number else None
        if guest:
            return [(venue, guest)], rest.strip()
    return [], ""


def _meant(stand: Stand, text: str) -> list[Person]:
    found: list[Person] = []
    for venue in stand.venues:
        visit = lookups.by_code(stand.db, venue.id, text.strip(" .,#"))
        if visit:
            return [(venue, guests.get(stand.db, visit.guest_id))]
        people = guests.named(stand.db, venue.id, text, limit=MOST_SHOWN)
        found += [(venue, guest) for guest in people]
    return found[:MOST_SHOWN]


def _which(stand: Stand, name: str, found: Sequence[Person], text: str) -> Said:
    if not found:
        key = "staff.nobody" if text.strip() else "staff.guest_how"
        return Said(text=stand.wording.say(key, {"text": text.strip()}))
    codes = [_newest_code(stand, venue, guest) for venue, guest in found]
    labels = [
        f"{code} {letters.label(guest)}".strip()
        for code, (_, guest) in zip(codes, found, strict=True)
    ]
    code = next(filter(None, codes), "-")
    how = stand.wording.say("staff.which", {"command": name, "code": code})
    buttons: Buttons = [
        (label, f"d:{name}:{guest.id}") for label, (_, guest) in zip(labels, found, strict=True)
    ]
    return Said(text="\n".join([*labels, how]), buttons=buttons)


def _newest_code(stand: Stand, venue: Venue, guest: Guest) -> str:
    row = models.Reservation
    visits = lookups.fetch(stand.db, row.venue_id == venue.id, row.guest_id == guest.id)
    return visits[-1].code if visits else ""
