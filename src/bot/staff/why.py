"""Telling the staff why a wish cannot be had, and which rule would have to bend for it."""

from dataclasses import replace
from datetime import datetime

from booking import availability
from booking.bending import Bend
from booking.explain import Explanation, explain
from booking.rules import Wish
from booking.venue import Venue
from bot.staff.entries import rule, spoken
from bot.staff.stand import Said, Stand
from conversations.entry import read_entry
from conversations.features import features_of
from conversations.wording import load_wording


def why(stand: Stand, venue: Venue, text: str) -> Said:
    """Explain how it stands with a wish: how many, the day and the time, in any order."""
    wording = load_wording(venue.languages[0])
    entry = read_entry(text, stand.context(venue), languages=spoken(venue))
    if entry.party_size is None or entry.time is None or entry.doubt:
        return Said(text=wording.say("staff.why_how", {}))
    wish = Wish(
        party_size=entry.party_size,
        date=entry.date or venue.local(stand.now).date(),
        time=entry.time,
        time_to=entry.time_to,
    )
    wish = availability.coming_night(venue, wish, now=stand.now)
    wish = replace(wish, features=features_of(entry.request, venue.floor, spoken(venue)))
    found = explain(stand.db, venue, wish, now=stand.now)
    return Said(text="\n".join(_lines(venue, wish, found, now=stand.now)))


def _lines(venue: Venue, wish: Wish, found: Explanation, *, now: datetime) -> list[str]:
    wording = load_wording(venue.languages[0])
    if found.offer:
        local = venue.local(found.offer.starts_at)
        names = "+".join(venue.floor.names[number] for number in found.offer.table_ids)
        values = {"tables": names, "date": local.date(), "time": local.time()}
        return [wording.say("staff.why_free", values)]
    lines = []
    if found.refusal:
        stands = Bend(rule=found.refusal.reason, fields=found.refusal.fields)
        lines.append(rule(wording, venue, wish, stands))
    if any(way.bend.rule == _first(found) for way in found.ways):
        lines.append(wording.say("staff.why_alone", {}))
    for key, bends in (
        ("staff.why_ways", [way.bend for way in found.ways if way.bend.rule != _first(found)]),
        ("staff.why_together", [bend for bend in found.bends if bend.rule != _first(found)]),
    ):
        told = [f"- {rule(wording, venue, wish, bend)}" for bend in bends]
        lines += [wording.say(key, {}), *told] if told else []
    if found.frees_at:
        until = venue.local(found.frees_at)
        key = "why_frees" if until.date() == venue.local(now).date() else "why_frees_on"
        values = {"date": until.date(), "until": until.time()}
        lines.append(wording.say(f"staff.{key}", values))
    day = venue.service_date_of(wish.date, wish.time)
    same = [venue.local(o.starts_at).time() for o in found.nearest if o.service_date == day]
    if same:
        lines.append(wording.say("staff.free", {"times": ", ".join(map(wording.time, same))}))
    return lines


def _first(found: Explanation) -> object:
    """The rule that is told first, and need not be told again."""
    return found.refusal.reason if found.refusal else None
