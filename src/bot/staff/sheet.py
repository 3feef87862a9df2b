"""The sheet of a service date, as hosts know it: who comes when, how many, where they sit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import accumulate, takewhile

from booking import events, guests, waiting
from booking.closings import HOUSE, Closing
from booking.evening import LISTED, Visit, read_evening
from booking.guests import Guest
from booking.history import no_shows
from booking.lifecycle import AGREED, State
from booking.lookups import Reservation
from booking.venue import Venue
from bot import letters, marks
from bot.staff.stand import Said, Stand
from conversations import gsm
from conversations.wording import Capability, Wording, load_wording

#: Who counts as a cover of the evening.
COMING = LISTED - {State.HELD, State.NO_SHOW}


def of_day(stand: Stand, venue: Venue, day: date, *, since: datetime | None = None) -> Said:
    """The sheet of a service date.

    Args:
        stand: who asks.
        venue: whose sheet.
        day: the service date.
        since: leave out whoever sat down before (UTC).

    """
    wording = load_wording(venue.languages[0])
    evening = read_evening(stand.db, venue, day, now=stand.now)
    shown = [v for v in evening.visits if since is None or v.reservation.starts_at >= since]
    missed = no_shows(stand.db, {v.guest.id for v in shown})
    lines = [_line(wording, venue, v.reservation, v.guest, missed, now=stand.now) for v in shown]
    lines += closing_lines(wording, venue, evening.closings)
    head = _head(wording, venue, day, evening.visits)
    waits = len(waiting.of_date(stand.db, venue.id, day))
    if waits:
        head = f"{head} {wording.say('staff.sheet_waits', {'count': waits})}"
    return Said(text="\n".join([head, *fitting(wording, head, lines, stand.capability)]))


def line(stand: Stand, venue: Venue, found: Reservation) -> str:
    """One reservation as it stands on the sheet, with its date unless it is today's."""
    wording = load_wording(venue.languages[0])
    guest = guests.get(stand.db, found.guest_id)
    missed = no_shows(stand.db, [guest.id])
    text = _line(wording, venue, found, guest, missed, now=stand.now)
    if found.service_date == stand.service_date(venue):
        return text
    return f"{wording.date(venue.local(found.starts_at).date(), short=True)} {text}"


def closing_lines(wording: Wording, venue: Venue, closings: Iterable[Closing]) -> list[str]:
    """Closings as they stand on the sheet: a line for each act, however many tables it closed."""
    acts: dict[object, list[Closing]] = defaultdict(list)
    for closing in closings:
        alone = closing.id if closing.scope is None else None
        acts[closing.starts_at, closing.ends_at, closing.scope, alone].append(closing)
    return [_closing_line(wording, venue, act) for act in acts.values()]


def _closing_line(wording: Wording, venue: Venue, act: Sequence[Closing]) -> str:
    first, names = act[0], venue.floor.names
    key = "staff.sheet_pause" if first.table_id is None else "staff.sheet_closed"
    house = str(wording.data["whole_house"]["name"])
    scope = house if first.scope == HOUSE else first.scope
    return wording.say(
        key, closing_values(venue, first, scope or names.get(first.table_id or 0, "-"))
    )


def closing_values(venue: Venue, closing: Closing, tables: str) -> dict[str, object]:
    """What sentences about a closing are made of."""
    begins, ends = venue.local(closing.starts_at), venue.local(closing.ends_at)
    return {"tables": tables, "date": begins.date(), "spans": [(begins.time(), ends.time())]}


def _head(wording: Wording, venue: Venue, day: date, visits: Iterable[Visit]) -> str:
    sizes = [v.reservation.party_size for v in visits if v.state in COMING]
    values = {"date": day, "parties": len(sizes), "covers": sum(sizes)}
    key = "staff.sheet" if sizes else "staff.sheet_empty"
    head = wording.say(key, values, venue)
    return head if venue.is_open_on(day) else f"{head} {wording.say('staff.sheet_off', {})}"


def _line(
    wording: Wording,
    venue: Venue,
    found: Reservation,
    guest: Guest,
    missed: Mapping[int, int],
    *,
    now: datetime,
) -> str:
    state = found.state_at(now)
    tables = "+".join(events.table_names(found, venue.floor.names))
    known = marks.of(wording, guest, found, no_shows=missed.get(guest.id, 0), now=now)
    who = guest.name or letters.reach(guest)
    named = [f"{who} [{known}]" if known else who, tables, found.code]
    said = [f'"{found.request}"' if found.request else "", f"({found.note})" if found.note else ""]
    shown = _state(wording, found, state)
    time = wording.time(venue.local(found.starts_at).time())
    parts = [time, f"{found.party_size}p", *named, shown, *said]
    return " ".join(part for part in parts if part)


def _state(wording: Wording, found: Reservation, state: State) -> str:
    """How it stands with a visit, where that is not as usual."""
    late = str(wording.data["staff"]["sheet_late"]).format(minutes=found.late_minutes)
    told = [late] if found.late_minutes and state in AGREED else []
    told += [] if state is State.RESERVED else [wording.data["state"][state]]
    return f"[{', '.join(told)}]" if told else ""


def fitting(wording: Wording, head: str, lines: Sequence[str], capability: Capability) -> list[str]:
    """As many lines as the channel carries in one message, and how many more there are."""

    def fits(text: str) -> bool:
        if capability.max_segments is None:
            return len(text) <= capability.max_length
        return gsm.segments(gsm.fold(text)) <= capability.max_segments

    def more(count: int) -> str:
        return wording.say("staff.more", {"count": count})

    if fits("\n".join([head, *lines])):
        return list(lines)
    texts = accumulate(lines, lambda text, line: f"{text}\n{line}", initial=head)
    count = sum(1 for _ in takewhile(lambda text: fits(f"{text}\n{more(len(lines))}"), texts)) - 1
    count = max(count, 0)
    return [*lines[:count], more(len(lines) - count)]
