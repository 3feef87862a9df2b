"""The host stand in a chat: commands, buttons and answers of the staff.

In a group the bot listens to commands, buttons and decisions alone, because people talk there.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy.engine import Connection

from booking import venues
from booking.venue import Venue
from bot.staff import (
    acts,
    cards,
    changes,
    closing,
    decisions,
    entries,
    places,
    sheet,
    undo,
    visits,
    waitlist,
    why,
)
from bot.staff.contacts import Contact
from bot.staff.stand import Said, Stand
from conversations.entry import read_entry
from conversations.reading import Asked, Intent
from conversations.understanding import understand
from conversations.wording import load_wording

#: The token of a button: what to do, and with which reservation or act. At most 64 bytes.
TOKEN = re.compile(r"d:([a-z]{2,8}):(\d{1,18})")
#: A command as it is written: `/today`, `/today@our_bot`, or without the slash where nobody
#: else is talked to.
WRITTEN = re.compile(r"(/?)([^\W_][\w-]*)(?:@\w+)?[\s:,]*(.*)", re.DOTALL)

Command = Callable[[Stand, str], Said]


def answer(
    db: Connection, contacts: list[Contact], text: str, *, presser: str | None, now: datetime
) -> dict[str, Any] | None:
    """Act on what the staff wrote or pressed.

    Args:
        db: a writing transaction.
        contacts: who wrote, one entry a venue.
        text: the message, or the token of the button.
        presser: the person, when the channel tells.
        now: the instant (UTC).

    Returns:
        The body of the answer, or None when it was not meant for the bot.

    """
    stand = Stand(db=db, contacts=contacts, person=presser, now=now)
    said = _pressed(stand, text) or _commanded(stand, text) or _answered(stand, text)
    if said:
        return said.body(stand.here)
    decided = decisions.answer(stand, text)
    if decided or stand.here.is_group:
        return decided
    return (_entry(stand, text) or help_with(stand, "")).body(stand.here)


def _pressed(stand: Stand, text: str) -> Said | None:
    token = TOKEN.fullmatch(text)
    if token is None:
        return None
    name, number = token[1], int(token[2])
    if name == "undo":
        return undo.pressed(stand, number)
    if name in {"yes", "no"}:
        return _settled(stand, acts.find(stand, number, acts.State.ASKED), accept=name == "yes")
    if name in visits.STEPS:
        return visits.pressed(stand, name, number)
    return cards.pressed(stand, name, number) if name in {"guest", "vip"} else None


def _commanded(stand: Stand, text: str) -> Said | None:
    written = WRITTEN.fullmatch(text.strip())
    if written is None or (not written[1] and stand.here.is_group):
        return None
    spoken = tuple(dict.fromkeys(code for venue in stand.venues for code in venue.languages))
    name = _names(spoken).get(written[2].casefold())
    if name:
        return COMMANDS[name](stand, written[3])
    if not written[1]:
        return None
    known = help_with(stand, "")
    unknown = stand.wording.say("staff.unknown_command", {"command": written[2][:20]})
    return replace(known, text=f"{unknown}\n{known.text}")


@cache
def _names(languages: tuple[str, ...]) -> dict[str, str]:
    """The commands by what they are called: in English, and in the languages of the houses."""
    called = {name: name for name in COMMANDS}
    for language in ("en", *languages):
        for name, words in load_wording(language).data["command"].items():
            called |= {word.strip(): name for word in words.split(",")}
    return called


def _answered(stand: Stand, text: str) -> Said | None:
    """A digit that answers a warning; else it is about a request."""
    act = acts.asked(stand)
    if act is None:
        return None
    digit = text.strip(" .!")
    if digit in {"1", "9"}:
        return _settled(stand, act, accept=digit == "1")
    context = replace(stand.context(stand.venues[0]), asked=Asked.CONFIRMATION)
    intent = None if stand.here.is_group else understand(text, context).intent
    if intent not in {Intent.CONFIRM, Intent.DECLINE}:
        return None
    return _settled(stand, act, accept=intent is Intent.CONFIRM)


def _settled(stand: Stand, act: acts.Act | None, *, accept: bool) -> Said:
    if act is None:
        return Said(text=stand.wording.say("staff.settled", {}))
    acts.settle(stand, act, acts.State.DROPPED)
    venue = venues.get(stand.db, act.venue_id)
    if accept:
        return ANYWAY[act.kind](stand, venue, act.data)
    return Said(text=load_wording(venue.languages[0]).say("staff.left", {}))


def _entry(stand: Stand, text: str) -> Said | None:
    """Free text that can only be an entry: it has a size, a time, and a name or number."""
    venue = stand.venues[0]
    rest, phone = entries.split_phone(text, venue)
    found = read_entry(rest, stand.context(venue), languages=entries.spoken(venue))
    if found.party_size is None or found.time is None or not (found.name or phone):
        return None
    return COMMANDS["book"](stand, text)


def _at_venue(run: Callable[[Stand, Venue, str], Said]) -> Command:
    """A command about one venue: the only one of this chat, or the one that is named first."""

    def command(stand: Stand, text: str) -> Said:
        here = stand.venues
        if len(here) == 1:
            return run(stand, here[0], text)
        slug, _, rest = text.strip().partition(" ")
        for venue in here:
            if venue.slug == slug.casefold():
                return run(stand, venue, rest)
        slugs = ", ".join(venue.slug for venue in here)
        return Said(text=stand.wording.say("staff.which_venue", {"venues": slugs}))

    return command


def _sheets(days: int) -> Command:
    """The command that shows the sheets of all venues of this chat."""

    def command(stand: Stand, text: str) -> Said:
        shown = [_sheet(stand, venue, text, days) for venue in stand.venues]
        if len(shown) == 1:
            return shown[0]
        names = (venue.name for venue in stand.venues)
        texts = (f"{name}\n{said.text}" for name, said in zip(names, shown, strict=True))
        return Said(text="\n\n".join(texts))

    return command


def _sheet(stand: Stand, venue: Venue, text: str, days: int) -> Said:
    """The sheet of so many days ahead, of the day that is named, or from a time on."""
    reading = understand(text, stand.context(venue))
    day = reading.date or stand.service_date(venue) + timedelta(days=days)
    since = None
    if reading.time:
        zoned = datetime.combine(day, reading.time, tzinfo=venue.zone)
        since = zoned.astimezone(stand.now.tzinfo)
    return sheet.of_day(stand, venue, day, since=since)


def help_with(stand: Stand, _: str) -> Said:
    """Say what can be done here."""
    code = decisions.open_code(stand.db, list(stand.contacts), now=stand.now)
    key = "staff.help" if stand.capability.max_segments is None else "staff.help_short"
    return Said(text=stand.wording.say(key, {"code": code}))


COMMANDS: dict[str, Command] = {
    "today": _sheets(0),
    "tomorrow": _sheets(1),
    "list": _sheets(0),
    "book": _at_venue(entries.book),
    "walkin": _at_venue(entries.walk_in),
    **{name: visits.command(name) for name in visits.STEPS},
    "change": changes.change,
    "why": _at_venue(why.why),
    "waitlist": _at_venue(waitlist.show),
    "wait": _at_venue(waitlist.wait),
    "late": places.late,
    "stay": places.stay,
    "table": places.table,
    "note": visits.note,
    "guest": cards.show,
    "vip": cards.turn_vip,
    "block": _at_venue(closing.block),
    "pause": _at_venue(closing.pause),
    "open": _at_venue(closing.reopen),
    "undo": undo.undo,
    "help": help_with,
    "start": help_with,
}

#: How an act goes on after its warning.
ANYWAY: dict[str, Callable[[Stand, Venue, Mapping[str, Any]], Said]] = {
    "enter": entries.book_anyway,
    "walk_in": entries.walk_in_anyway,
    "cancel": visits.cancel_anyway,
    "change": changes.change_anyway,
}


def commands() -> Sequence[str]:
    """The names of all commands, for the menu of the staff's chats."""
    return [name for name in COMMANDS if name != "start"]
