"""Writing notices: the text of a row at the moment it is claimed, from the book as it then stands.

A notice whose matter has changed meanwhile is not written at all.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import Connection

from booking import events, guests, lookups, venues
from booking.guests import Contact, Guest
from booking.history import no_shows
from booking.lifecycle import AGREED, State
from booking.lookups import Reservation
from booking.venue import Venue
from bot import heard, marks, messages
from bot.channels import CAPABILITIES, DESK, SMS, TELEGRAM
from bot.outbox import Kind
from bot.staff import copies, history
from conversations import talks
from conversations.acts import visit_of
from conversations.conversation import language_of
from conversations.draft import Step
from conversations.questions import facts, house
from conversations.wording import Capability, Line, Wording, compose, load_wording

#: For how long a guest wants to hear that a hold has run out.
EXPIRED_IS_NEWS = dt.timedelta(hours=1)
#: What asks the staff for a decision, and what is said when there is none left to make.
DECIDE = {
    "alert.requested": "alert.requested",
    "alert.requested_again": "alert.changed",
    "alert.opening": "alert.opening_past",
}
#: The state in which the matter of a notice is still true.
STILL = {
    "notice.approved": State.RESERVED,
    "notice.declined": State.DECLINED,
    "notice.expired": State.EXPIRED,
    "notice.request_expired": State.EXPIRED,
    "notice.cancelled": State.CANCELLED,
    "notice.restored": State.RESERVED,
    "notice.changed": State.RESERVED,
    "notice.booked": State.RESERVED,
    "notice.reminder": State.RESERVED,
    "notice.opening": State.HELD,
    "notice.opening_lapsed": State.EXPIRED,
}
#: These say that a hold has run out.
_RAN_OUT = frozenset({"notice.expired", "notice.opening_lapsed"})

#: These tell where the house is, and whether they also tell how to change a visit.
HOUSE = {"notice.approved": True, "notice.booked": False, "notice.reminder": False}


def write(db: Connection, row: Mapping[str, Any], *, now: dt.datetime) -> dict[str, Any] | None:
    """The body of a notice or alert, or None when there is nothing true left to say.

    Args:
        db: the transaction that claims the row.
        row: of the outbox.
        now: the instant (UTC).

    """
    venue = venues.get(db, row["venue_id"])
    found = lookups.get(db, venue.id, row["reservation_id"])
    guest = guests.get(db, found.guest_id)
    if row["kind"] == Kind.EDIT:
        return copies.write(db, load_wording(venue.languages[0]), row)
    if row["kind"] == Kind.ALERT:
        return _alert(db, venue, found, guest, row, now=now)
    say = row["facts"]["say"]
    moved = found.version != row["version"]
    if moved or found.state_at(now) is not STILL[say] or not heard.is_news(db, found, say):
        return None
    return _to_guest(db, venue, found, row, now=now)


def _alert(
    db: Connection,
    venue: Venue,
    found: Reservation,
    guest: Guest,
    row: Mapping[str, Any],
    *,
    now: dt.datetime,
) -> dict[str, Any]:
    wording = load_wording(venue.languages[0])
    say, before = row["facts"]["say"], row["facts"].get("before")
    decides = say in DECIDE and found.state is State.REQUESTED
    say = say if decides else DECIDE.get(say, say)
    values = {
        **about(venue, found),
        "guest": label(guest),
        "tables": tables(venue, found),
        "old": _before(venue, before) if before else {},
    }
    sentences: list[str | Line] = [wording.say(say, values, venue)]
    missed = no_shows(db, [guest.id]).get(guest.id, 0)
    sentences.append(Line(marks.of(wording, guest, found, no_shows=missed, now=now), spare=1))
    if row["facts"].get("by"):
        sentences.append(wording.say("alert.by", {"who": row["facts"]["by"]}))
    capability = CAPABILITIES[row["channel"]]
    if decides and not capability.has_buttons:
        sentences.append(wording.say("alert.decide_by_text", values, venue))
    talk = None if capability.has_buttons else talks.find(db, guest.channel, guest.address)
    if talk:
        how = history.how_to_answer(wording, talk.id, capability)
        sentences = history.with_hint(sentences, how, capability)
    waits = found.state is State.REQUESTED
    buttons = decision(wording, found) if waits else steps(wording, venue, found, now)
    shown = buttons if capability.has_buttons else []
    return {"text": compose(sentences, capability), "buttons": shown}


def _to_guest(
    db: Connection,
    venue: Venue,
    found: Reservation,
    row: Mapping[str, Any],
    *,
    now: dt.datetime,
) -> dict[str, Any] | None:
    talk = talks.get(db, row["conversation_id"])
    wording = load_wording(language_of(talk, venue))
    say = row["facts"]["say"]
    capability, buttons = CAPABILITIES[row["channel"]], list[tuple[str, str]]()
    sentences = _to_expect(wording, capability, venue, found, say)
    long_ago = found.held_until is not None and now > found.held_until + EXPIRED_IS_NEWS
    if say in _RAN_OUT and long_ago:
        return None
    if say == "notice.opening":
        question, buttons = _offered(wording, venue, found)
        sentences.append(Line(question))
    if say == "notice.expired":
        if talk.draft.hold_id != found.id:
            return None  # the guest has gone on to something else
        if talk.draft.step is Step.CONFIRMING:
            sentences.append(Line(wording.say("notice.expired_again", {}, venue)))
            buttons = [(wording.data["button"]["book"], messages.token(talk.version, "yes"))]
    text = compose(sentences, capability)
    return {"text": text, "buttons": buttons if capability.has_buttons else []}


def _offered(
    wording: Wording, venue: Venue, found: Reservation
) -> tuple[str, list[tuple[str, str]]]:
    """The question to who waited, and buttons that answer it whatever else is talked about."""
    asks_staff = found.party_size >= venue.policy.approval_party_size
    key = "say.question_requesting" if asks_staff else "say.question_confirming"
    button, yes = wording.data["button"], "ask" if asks_staff else "book"
    return wording.say(key, about(venue, found)), [
        (button[yes], messages.opening_token(found.id, "yes")),
        (button["let_go"], messages.opening_token(found.id, "no")),
    ]


def _to_expect(
    wording: Wording, capability: Capability, venue: Venue, found: Reservation, say: str
) -> list[Line]:
    """A notice, and with an agreed visit where the guest is expected."""
    roomy = capability.is_roomy
    more = house(how_to_change=HOUSE[say]) if say in HOUSE else []
    return [
        Line(wording.say(say, about(venue, found), venue, roomy=roomy)),
        *(Line(wording.say(f"say.{m.key}", {}, venue, roomy=roomy), m.spare) for m in more),
    ]


def about(venue: Venue, found: Reservation) -> dict[str, Any]:
    """What sentences about a reservation are made of."""
    return facts(visit_of(venue, found))


def _before(venue: Venue, before: Mapping[str, Any]) -> dict[str, Any]:
    local = venue.local(dt.datetime.fromisoformat(before["starts_at"]))
    return {"party_size": before["party_size"], "date": local.date(), "time": local.time()}


def decision(wording: Wording, found: Reservation) -> list[tuple[str, str]]:
    """The buttons of a request as (label, token); the token says which version they are about."""
    button, about_it = wording.data["button"], f"s:{found.id}:{found.version}"
    return [(button["accept"], f"{about_it}:yes"), (button["decline"], f"{about_it}:no")]


def steps(
    wording: Wording, venue: Venue, found: Reservation, now: dt.datetime
) -> list[tuple[str, str]]:
    """The buttons under an alert about a visit, as (label, token): what may be done with it now."""
    if found.state not in AGREED:
        return []
    names = ["cancel"]
    if found.service_date == venue.evening_of(now)[0]:
        names = ["seat", "cancel"] if now < found.starts_at else ["seat", "noshow", "cancel"]
    labels = {"cancel": "call_off"}
    button = wording.data["button"]
    return [(button[labels.get(name, name)], f"d:{name}:{found.id}") for name in names]


def label(guest: Guest) -> str:
    """A guest as the staff know them: the name, and how to reach them."""
    if guest.channel == DESK:
        return guest.name or "-"
    return f"{guest.name} ({reach(guest)})" if guest.name else reach(guest)


def reach(at: Guest | Contact) -> str:
    """How a guest can be reached."""
    return {SMS: at.address, TELEGRAM: "Telegram", DESK: "-"}.get(at.channel, at.channel)


def tables(venue: Venue, found: Reservation) -> str:
    """The tables of a reservation, as the staff say them."""
    return "+".join(events.table_names(found, venue.floor.names))
