"""What the staff do with a visit that is in the book: seat, finish, no-show, cancel, note."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from booking import guests, host_stand, lookups, reservations, turns
from booking.errors import BookingError, IllegalStep, NoAvailability, TooEarly
from booking.evening import LISTED, read_evening
from booking.lifecycle import AGREED, State
from booking.lookups import Reservation
from booking.venue import Venue
from bot import letters
from bot.staff import acts, sheet
from bot.staff.stand import Buttons, Said, Stand
from bot.staff.warnings import ask
from conversations.wording import Wording, load_wording

#: Of so many that might be meant, the first are shown.
MOST_SHOWN = 8
#: So many words of a text may be a name.
LONGEST_NAME = 3

Visit = tuple[Venue, Reservation]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step that the staff may make with a visit.

    Args:
        do: the step in the book.
        states: in which it may be meant when no code is given.
        only_today: whether it is about who comes today.

    """

    do: Callable[..., Reservation]
    states: frozenset[State]
    only_today: bool = True


STEPS = {
    "seat": Step(do=turns.seat, states=frozenset({State.RESERVED})),
    "done": Step(do=turns.finish, states=frozenset({State.SEATED})),
    "noshow": Step(do=turns.no_show, states=frozenset({State.RESERVED})),
    "cancel": Step(do=reservations.cancel, states=AGREED, only_today=False),
}
#: What a note can be about.
_NOTED = AGREED | {State.SEATED}


def command(name: str) -> Callable[[Stand, str], Said]:
    """The command that makes one of the steps: with a code, a name, or nothing if it is clear."""

    def run(stand: Stand, text: str) -> Said:
        step = STEPS[name]
        found = meant(stand, text, step.states, only_today=step.only_today)
        if not found and text.strip():  # then say why it does not work, if the party is here
            found = meant(stand, text, LISTED, only_today=True)
        if len(found) == 1:
            return begin(stand, name, *found[0])
        return _which(stand, name, found, text)

    return run


def begin(stand: Stand, name: str, venue: Venue, found: Reservation) -> Said:
    """Make one of the steps, with a warning before if a guest could not have it any more."""
    late = name == "cancel" and reservations.is_final(venue, found, now=stand.now)
    if not late:
        return make(stand, name, venue, found)
    values = about(stand, venue, found)
    told = load_wording(venue.languages[0]).say("rule.cutoff", values)
    return ask(stand, venue, name, {"reservation": found.id}, [told])


def cancel_anyway(stand: Stand, venue: Venue, data: Mapping[str, Any]) -> Said:
    """Cancel after the cut-off, after the warning."""
    found = lookups.get(stand.db, venue.id, data["reservation"])
    return make(stand, "cancel", venue, found)


def make(stand: Stand, name: str, venue: Venue, found: Reservation) -> Said:
    """Make one of the steps, and say how it can be taken back."""
    wording = load_wording(venue.languages[0])
    try:
        after = STEPS[name].do(stand.db, venue, found.id, actor=stand.actor, now=stand.now)
    except BookingError as error:
        return Said(text=why_not(wording, venue, error))
    if after == found:  # cancelled already
        return Said(text=why_not(wording, venue, IllegalStep(found.code, found.state, "")))
    data = {"reservation": found.id, "state": after.state}
    act = acts.keep(stand, venue.id, "step", data, acts.State.DONE)
    text = wording.say(f"staff.{name}", about(stand, venue, after))
    return Said(text=text, buttons=undo_button(wording, act))


def note(stand: Stand, text: str) -> Said:
    """Write a note about a visit: its code or a name, then what to note."""
    found, words = leading(stand, text, _NOTED)
    if found is None or not words:
        return Said(text=stand.wording.say("staff.note_how", {}))
    venue, old = found
    wording = load_wording(venue.languages[0])
    both = f"{old.note}; {words}" if old.note else words
    new = host_stand.annotate(stand.db, venue, old.id, both, actor=stand.actor, now=stand.now)
    data = {"reservation": old.id, "note": old.note}
    act = acts.keep(stand, venue.id, "noted", data, acts.State.DONE)
    text = f"{wording.say('staff.noted', {})}\n{sheet.line(stand, venue, new)}"
    return Said(text=text, buttons=undo_button(wording, act))


def leading(stand: Stand, text: str, states: frozenset[State]) -> tuple[Visit | None, str]:
    """The one visit that the first words of a text name, by code or by name; and the rest."""
    words = text.split()
    for count in range(min(len(words), LONGEST_NAME), 0, -1):
        found = meant(stand, " ".join(words[:count]), states, only_today=False)
        if len(found) == 1:
            return found[0], " ".join(words[count:])
    return None, text


def pressed(stand: Stand, name: str, reservation_id: int) -> Said | None:
    """Make a step by the button under an alert; None when it is not of this chat's venues."""
    for venue in stand.venues:
        found = lookups.fetch(stand.db, *lookups.of(venue.id, reservation_id))
        if found:
            return begin(stand, name, venue, found[0])
    return None


def about(stand: Stand, venue: Venue, found: Reservation) -> dict[str, object]:
    """What sentences of the staff about a visit are made of."""
    guest = guests.get(stand.db, found.guest_id)
    values = letters.about(venue, found)
    return {**values, "guest": letters.label(guest), "tables": letters.tables(venue, found)}


def undo_button(wording: Wording, act_id: int) -> Buttons:
    """The button that takes an act back."""
    return [(wording.data["button"]["undo"], f"d:undo:{act_id}")]


def why_not(wording: Wording, venue: Venue, error: BookingError) -> str:
    """Why a step cannot be made."""
    if isinstance(error, TooEarly):
        local = venue.local(error.starts_at)
        values = {"code": error.code, "date": local.date(), "time": local.time()}
        return wording.say("staff.too_early", values)
    if isinstance(error, IllegalStep):
        return wording.say("staff.illegal", {"code": error.code, "state": error.state})
    if isinstance(error, NoAvailability):
        return wording.say("staff.no_table_now", {})
    raise error


def meant(stand: Stand, text: str, states: frozenset[State], *, only_today: bool) -> list[Visit]:
    """The visits that may be meant: the one with this code, or those under this name."""
    by_code = [
        (venue, found)
        for venue in stand.venues
        if (found := lookups.by_code(stand.db, venue.id, text.strip(" .,#")))
    ]
    return by_code or [
        (venue, found)
        for venue in stand.venues
        for found in _named(stand.db, _expected(stand, venue, states, only_today=only_today), text)
    ]


def _expected(
    stand: Stand, venue: Venue, states: frozenset[State], *, only_today: bool
) -> Sequence[Reservation]:
    if only_today:
        day = stand.service_date(venue)
        evening = read_evening(stand.db, venue, day, states=states, now=stand.now)
        return [visit.reservation for visit in evening.visits]
    found = lookups.expected(stand.db, venue.id, now=stand.now)
    return [each for each in found if each.state in states]


def _named(db: Connection, found: Sequence[Reservation], text: str) -> list[Reservation]:
    words = text.casefold().split()
    people = guests.by_id(db, {each.guest_id for each in found})
    names = {number: (guest.name or "").casefold() for number, guest in people.items()}
    return [each for each in found if all(word in names[each.guest_id] for word in words)]


def _which(stand: Stand, name: str, found: Sequence[Visit], text: str) -> Said:
    if not found:
        return Said(text=stand.wording.say("staff.nobody", {"text": text.strip() or "-"}))
    shown = found[:MOST_SHOWN]
    lines = [sheet.line(stand, venue, each) for venue, each in shown]
    if len(found) > len(shown):
        lines.append(stand.wording.say("staff.more", {"count": len(found) - len(shown)}))
    how = stand.wording.say("staff.which", {"command": name, "code": shown[0][1].code})
    labels = [f"{each.code} {_name(stand, venue, each)}" for venue, each in shown]
    tokens = [f"d:{name}:{each.id}" for _, each in shown]
    return Said(text="\n".join([*lines, how]), buttons=list(zip(labels, tokens, strict=True)))


def _name(stand: Stand, venue: Venue, found: Reservation) -> str:
    local = venue.local(found.starts_at)
    wording = load_wording(venue.languages[0])
    is_today = found.service_date == stand.service_date(venue)
    day = "" if is_today else f"{wording.date(local.date(), short=True)} "
    name = guests.get(stand.db, found.guest_id).name
    return f"{day}{wording.time(local.time())} {name or ''}".strip()
