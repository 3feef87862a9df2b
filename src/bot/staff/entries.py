"""What the staff enter themselves: reservations from the phone, and walk-ins.

A rule of the house that stands against it is told first, and set aside on a yes.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any

import phonenumbers

from booking import availability, guests, host_stand
from booking.bending import Bend
from booking.errors import NoAvailability, Reason, Rule, ShortTurn, TableRule
from booking.explain import what_bends
from booking.guests import Guest
from booking.ledger import CODE_ALPHABET
from booking.lookups import Reservation
from booking.rules import Refusal, Wish
from booking.venue import Venue
from bot.channels import DESK, SMS
from bot.staff import acts
from bot.staff.stand import Said, Stand
from bot.staff.visits import about, undo_button
from bot.staff.warnings import ask
from conversations import allergies
from conversations.entry import Entry, read_entry
from conversations.features import features_of
from conversations.reading import Asked
from conversations.wording import Wording, load_wording

#: Letters and digits of the made-up address of a guest who gave none.
_ADDRESS_LENGTH = 12
_LEAST_DIGITS = 7
#: How a number with its country is dialled in most of the world.
_ABROAD = re.compile(r"(?<![\d+])00(?=[1-9])")


def book(stand: Stand, venue: Venue, text: str) -> Said:
    """Enter a reservation: size, day, time, name, number and request in any order."""
    text, phone = split_phone(text, venue)
    entry = read_entry(text, stand.context(venue), languages=spoken(venue))
    missing = missing_of(venue, entry)
    if missing:
        return missing
    wish = wish_of(stand, venue, entry)
    facts = {
        "party_size": wish.party_size,
        "date": wish.date.isoformat(),
        "time": wish.time.isoformat(),
        "name": entry.name,
        "phone": phone,
        "request": entry.request,
    }
    return _enter(stand, venue, facts, bend=())


def wish_of(stand: Stand, venue: Venue, entry: Entry) -> Wish:
    """What an entry that lacks nothing asks for; without a day, today."""
    wish = Wish(
        party_size=entry.party_size or 0,
        date=entry.date or venue.local(stand.now).date(),
        time=entry.time or time(),
        time_to=entry.time_to,
        features=features_of(entry.request, venue.floor, spoken(venue)),
    )
    return availability.coming_night(venue, wish, now=stand.now)


def spoken(venue: Venue) -> list[str]:
    """The languages that the hosts of a venue may mix in what they type."""
    return list(dict.fromkeys([*venue.languages, "en"]))


def missing_of(venue: Venue, entry: Entry, *, how: str = "staff.book_how") -> Said | None:
    """What an entry lacks, or what could not be read in it; and how to write it."""
    wording = load_wording(venue.languages[0])
    told = []
    if entry.doubt:
        told.append(wording.say("staff.book_doubt", {"text": entry.doubt}))
    if entry.party_size is None:
        told.append(wording.say("staff.book_no_size", {}))
    if entry.time is None:
        told.append(wording.say("staff.book_no_time", {}))
    return Said(text="\n".join([*told, wording.say(how, {})])) if told else None


def walk_in(stand: Stand, venue: Venue, text: str) -> Said:
    """Seat a party that stands at the door: its size, and a name if they like."""
    context = replace(stand.context(venue), asked=Asked.PARTY_SIZE)
    entry = read_entry(text, context, languages=spoken(venue))
    if entry.party_size is None:
        return Said(text=load_wording(venue.languages[0]).say("staff.walkin_how", {}))
    return _seat(stand, venue, {"party_size": entry.party_size, "name": entry.name})


def book_anyway(stand: Stand, venue: Venue, data: Mapping[str, Any]) -> Said:
    """Enter a reservation after the warning; rules that were not told of are told now."""
    return _enter(stand, venue, data, bend=rules_of(data))


def walk_in_anyway(stand: Stand, venue: Venue, data: Mapping[str, Any]) -> Said:
    """Seat a walk-in for less than its turn time, after the warning."""
    return _seat(stand, venue, data, cut_short=True)


def split_phone(text: str, venue: Venue) -> tuple[str, str | None]:
    """A text without its phone number, and the number in E.164.

    Args:
        text: as it was typed.
        venue: a number without a country is one of its country.

    """
    region = None
    if venue.phone:
        parsed = phonenumbers.parse(venue.phone)
        region = phonenumbers.region_code_for_number(parsed)
    text = _ABROAD.sub("+", text)
    for match in phonenumbers.PhoneNumberMatcher(text, region, phonenumbers.Leniency.POSSIBLE):
        is_sure = match.raw_string.startswith("+") or phonenumbers.is_valid_number(match.number)
        if is_sure and sum(sign.isdecimal() for sign in match.raw_string) >= _LEAST_DIGITS:
            number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
            return f"{text[: match.start]} {text[match.end :]}", number
    return text, None


def _enter(stand: Stand, venue: Venue, facts: Mapping[str, Any], *, bend: tuple[Rule, ...]) -> Said:
    wish = Wish(
        party_size=facts["party_size"],
        date=date.fromisoformat(facts["date"]),
        time=time.fromisoformat(facts["time"]),
        features=features_of(facts["request"], venue.floor, spoken(venue)),
    )
    guest = guest_of(stand, venue, facts["name"], facts["phone"])
    other_name = facts["name"] if facts["name"] != guest.name else None
    try:
        entered = host_stand.enter(
            stand.db,
            venue,
            wish,
            guest.id,
            bend=bend,
            request=facts["request"],
            note=other_name,
            source="staff",
            actor=stand.actor,
            now=stand.now,
        )
    except NoAvailability as refused:
        told = {**facts, "guest": guest.id}
        return _warn(stand, venue, wish, told, refused)
    request, ends_at = entered.request, entered.ends_at
    allergies.keep(stand.db, venue, guest.id, request, ends_at=ends_at, now=stand.now)
    return _done(stand, venue, entered, "staff.entered")


def rules_of(data: Mapping[str, Any]) -> tuple[Rule, ...]:
    """The rules that were to be set aside for an act, by the names that were kept of them."""
    tables = set(TableRule)
    return tuple(TableRule(name) if name in tables else Reason(name) for name in data["bend"])


def _seat(stand: Stand, venue: Venue, facts: Mapping[str, Any], *, cut_short: bool = False) -> Said:
    wording = load_wording(venue.languages[0])
    guest = guest_of(stand, venue, facts["name"], None)
    try:
        seated = host_stand.walk_in(
            stand.db,
            venue,
            facts["party_size"],
            guest.id,
            cut_short=cut_short,
            actor=stand.actor,
            now=stand.now,
        )
    except ShortTurn as short:
        until = venue.local(short.until).time()
        return ask(stand, venue, "walk_in", facts, [wording.say("rule.short", {"until": until})])
    except NoAvailability as refused:
        local = venue.local(stand.now)
        values = {**facts, "date": local.date(), "time": local.time(), **refused.fields}
        return Said(text=wording.say(f"rule.{refused.reason}", values, venue))
    return _done(stand, venue, seated, "staff.walked_in")


def _done(stand: Stand, venue: Venue, entered: Reservation, key: str) -> Said:
    wording = load_wording(venue.languages[0])
    data = {"reservation": entered.id, "state": entered.state}
    act = acts.keep(stand, venue.id, "entered", data, acts.State.DONE)
    ends = venue.local(entered.ends_at).time()
    text = wording.say(key, {**about(stand, venue, entered), "until": ends}, venue)
    return Said(text=text, buttons=undo_button(wording, act))


def _warn(
    stand: Stand,
    venue: Venue,
    wish: Wish,
    facts: Mapping[str, Any],
    refused: NoAvailability,
) -> Said:
    """Tell which rules stand against an entry; what no yes can change is told as it is."""
    wording = load_wording(venue.languages[0])
    found, rules = what_bends(stand.db, venue, wish, guest_id=facts["guest"], now=stand.now)
    if isinstance(found, Refusal):
        return Said(text=no_way(venue, wish, found, refused))
    bend = [each.rule for each in rules]
    told = [rule(wording, venue, wish, each) for each in rules]
    return ask(stand, venue, "enter", {**facts, "bend": bend}, told)


def no_way(venue: Venue, wish: Wish, found: Refusal, refused: NoAvailability) -> str:
    """What stands against a wish and cannot bend, and the times that are free that day."""
    wording = load_wording(venue.languages[0])
    nearest = [
        wording.time(venue.local(offer.starts_at).time())
        for offer in refused.nearest
        if offer.service_date == venue.service_date_of(wish.date, wish.time)
    ]
    others = [wording.say("staff.free", {"times": ", ".join(nearest)})] if nearest else []
    stands = Bend(rule=found.reason, fields=found.fields)
    return "\n".join([rule(wording, venue, wish, stands), *others])


def rule(wording: Wording, venue: Venue, wish: Wish, bend: Bend) -> str:
    """Which rule stands against a wish, in words of the staff."""
    values = {
        "party_size": wish.party_size,
        "date": wish.date,
        "time": wish.time,
        **bend.fields,
    }
    which = next(iter(bend.fields)) if bend.rule is Reason.PACING else bend.rule
    return wording.say(f"rule.{which}", values, venue)


def guest_of(stand: Stand, venue: Venue, name: str | None, phone: str | None) -> Guest:
    """The guest with this number; without one, a guest who is only known here."""
    if phone:
        return guests.meet(stand.db, venue.id, SMS, phone, name=name, now=stand.now)
    address = "".join(secrets.choice(CODE_ALPHABET) for _ in range(_ADDRESS_LENGTH))
    return guests.meet(stand.db, venue.id, DESK, address, name=name, now=stand.now)
