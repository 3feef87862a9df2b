"""All starts that a party could have on a service date. Pure.

A table's evening is one integer, a bit a minute: whether a stay fits is one `&`. Only where no
place is free as it is, the seating plan is asked.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_

from booking.availability import NEWCOMER, Offer, buffer_of, fit
from booking.floor import Place
from booking.rules import Wish, date_refusals, refuse_size, slot_refusals
from booking.seating import NOBODY, Stay
from booking.service_periods import Slot, wall_instant
from booking.venue import Venue

_MINUTE = dt.timedelta(minutes=1)


def starts_on(
    venue: Venue,
    stays: Sequence[Stay],
    party_size: int,
    service_date: dt.date,
    *,
    now: dt.datetime,
) -> Iterator[Slot]:
    """The slots of a service date at which a party could sit down, by the clock.

    Args:
        venue: the rules and the floor.
        stays: of that service date.
        party_size: how many come.
        service_date: the date.
        now: the instant of the question (UTC).

    """
    slots = list(venue.slots_on(service_date))
    if not slots or refuse_size(venue, party_size):
        return
    wish = _wish_at(venue, slots[-1], party_size)  # the last start: else a date that began is over
    if any(date_refusals(venue, stays, wish, now)):
        return
    evening = _Evening(venue, stays, service_date)
    taken = evening.taken_at(venue.floor.places(party_size))
    for slot in slots:
        if next(slot_refusals(venue, stays, slot, party_size, now), None):
            continue
        if evening.has_room(taken, slot, party_size) or isinstance(
            fit(venue, stays, slot, wish, now=now), Offer
        ):
            yield slot


def _wish_at(venue: Venue, slot: Slot, party_size: int) -> Wish:
    local = venue.local(slot.starts_at).replace(tzinfo=None, fold=0)
    return Wish(party_size=party_size, date=local.date(), time=local.time())


class _Evening:
    """When each table is taken, in minutes of its service date."""

    def __init__(self, venue: Venue, stays: Sequence[Stay], service_date: dt.date) -> None:
        self._midnight = wall_instant(venue.zone, service_date, 0) - dt.timedelta(days=1)
        self._closes = venue.next_opening(service_date)
        gap = buffer_of(venue, NEWCOMER)
        self._taken: dict[int, int] = defaultdict(int)
        for stay in stays:
            around = gap if stay.reservation_id != NOBODY else dt.timedelta()
            span = self._bits(stay.starts_at - around, stay.ends_at + around)
            for table_id in stay.table_ids:
                self._taken[table_id] |= span

    def taken_at(self, places: Sequence[Place]) -> list[int]:
        """When each of these places is taken, as bits; those alike once."""
        taken = self._taken
        bits = [reduce(or_, [taken[i] for i in place.table_ids]) for place in places]
        return list(dict.fromkeys(bits))

    def has_room(self, taken: Sequence[int], slot: Slot, party_size: int) -> bool:
        """Tell whether a place is free for a party from a slot on, with nobody moving.

        Args:
            taken: when each place that would do is taken.
            slot: the start.
            party_size: how many come.

        """
        ends_at = slot.ends_at(party_size)
        if self._closes is not None and ends_at > self._closes:
            return False
        wanted = self._bits(slot.starts_at, ends_at)
        return any(not bits & wanted for bits in taken)

    def _bits(self, begin: dt.datetime, end: dt.datetime) -> int:
        first = max(0, (begin - self._midnight) // _MINUTE)
        last = max(first, -((self._midnight - end) // _MINUTE))
        return (1 << last) - (1 << first)
