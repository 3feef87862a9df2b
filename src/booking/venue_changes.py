"""What a new venue file changes: key by key, and against the reservations ahead. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from booking import events
from booking.errors import Contradiction
from booking.guests import Guest
from booking.lifecycle import LIVE
from booking.lookups import Reservation
from booking.reservations import wish_of
from booking.venue import Venue

_BETWEEN = "nobody begins at that time any more"
_NOBODY = "nobody is seated at that time"
_CLOSED = "the date is closed"
#: What may be wrong with a time, each worse than the one before.
_TIMES = (_BETWEEN, _NOBODY, _CLOSED)


def differences(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """What changed between two venue files, one line a key."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in [*old, *(k for k in new if k not in old)]:
            inner = f"{path}.{key}" if path else str(key)
            if key not in new:
                yield f"- {inner}"
            elif key not in old:
                yield f"+ {inner}"
            else:
                yield from differences(old[key], new[key], inner)
    elif _is_named(old) and _is_named(new):
        before, after = _by_name(old), _by_name(new)
        yield from differences(before, after, path)
        if before.keys() == after.keys() and list(before) != list(after):
            yield f"{path}: in another order"
    elif old != new:
        yield f"{path}: {old} -> {new}"


def contradictions(
    venue: Venue,
    old: Venue,
    ahead: Iterable[Reservation],
    guests: Mapping[int, Guest],
    *,
    now: datetime,
) -> Iterator[Contradiction]:
    """What the new rules of a venue would not allow, and the old ones did.

    The staff and an import may bend the rules; what was bent already is no news of this file.

    Args:
        venue: with its new rules.
        old: the same venue with the rules before.
        ahead: the reservations that have not ended.
        guests: whose they are, by id.
        now: the instant (UTC); a hold that has run out contradicts nothing.

    """
    for r in ahead:
        if r.state_at(now) in LIVE:
            guest = guests[r.guest_id]
            for reason in _news(venue, old, r):
                yield Contradiction(
                    code=r.code,
                    starts_at=old.local(r.starts_at),
                    party_size=r.party_size,
                    guest_name=guest.name,
                    channel=guest.channel,
                    address=guest.address,
                    reason=reason,
                )


def _is_named(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) for item in value)


def _by_name(items: list[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The entries of a list by what a person would call them: their name, or their number."""
    named: dict[str, Mapping[str, Any]] = {}
    for number, item in enumerate(items, 1):
        name = item.get("name") or item.get("date") or "+".join(item.get("tables", ()))
        key = f"[{name or number}]"
        named[key if key not in named else f"[{name} {number}]"] = item
    return named


def _news(venue: Venue, old: Venue, reservation: Reservation) -> Iterator[str]:
    """Why new rules would not allow a reservation, without what was so before."""
    if old.zone.key != venue.zone.key:
        yield "the time zone changes"
        return
    before = list(_against(old, reservation))
    worst = max((_TIMES.index(reason) for reason in before if reason in _TIMES), default=-1)
    for reason in _against(venue, reservation):
        is_worse = reason not in _TIMES or _TIMES.index(reason) > worst
        if reason not in before and is_worse:
            yield reason


def _against(venue: Venue, reservation: Reservation) -> Iterator[str]:
    """Why the rules of a venue do not allow a reservation, for the operator."""
    if not set(reservation.table_ids) <= set(venue.floor.names):
        yield "a table of it is gone"
    elif not _fits(venue, reservation):
        tables = " + ".join(events.table_names(reservation, venue.floor.names))
        yield f"{tables} would no longer take a party of {reservation.party_size}"
    wish = wish_of(venue, reservation)
    service_date, minutes = venue.service_time_of(wish.date, wish.time)
    if reservation.service_date in venue.closures:
        yield _CLOSED
    elif not any(period.seats_at(minutes) for period in venue.periods_on(service_date)):
        yield _NOBODY
    elif venue.find_slot(wish.date, wish.time) is None:
        yield _BETWEEN


def _fits(venue: Venue, reservation: Reservation) -> bool:
    places = venue.floor.places(reservation.party_size)
    wanted = set(reservation.table_ids)
    return any(set(place.table_ids) == wanted for place in places)
