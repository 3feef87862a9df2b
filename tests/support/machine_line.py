"""The waitlist in the state machine, among all that happens besides.

In which order those who wait are served is the matter of `test_waitlist_machine.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import multiple, rule
from machine_files import DAYS, MADE, PICKS, WISHES
from machine_house import House
from sqlalchemy.engine import Connection

from booking import looking, openings, reservations, waitlist
from booking.availability import Offer
from booking.lifecycle import UNDECIDED, State
from booking.lookups import Reservation
from booking.rules import Wish
from booking.venue import Venue
from booking.waiting import Entry, EntryState


class Line(House):
    """Guests join and leave the waitlist, and the scheduler looks for them."""

    @rule(wished=WISHES, guest=st.integers(0, 2), source=st.sampled_from(["sms", "staff"]))
    def join(self, wished: Wish, guest: int, source: str) -> None:
        found = self.act(waitlist.join, wished, self.guests[guest], source=source)
        if isinstance(found, Offer):
            start = self.venue.local(found.starts_at).replace(tzinfo=None, fold=0)
            wished = replace(wished, date=start.date(), time=start.time(), time_to=None)
            how = {"source": "sms", "accept_second": True}
            self.only_tried(reservations.place_hold, wished, self.guests[guest], **how)
        elif isinstance(found, Entry):  # new hours may have put two entries under one date
            line = [e for e in self.entries() if e.guest_id == found.guest_id]
            a_guest_waits_once_a_date(e for e in line if e.service_date == found.service_date)

    @rule(pick=PICKS)
    def leave(self, pick: int) -> None:
        line = [e for e in self.entries() if e.state in {EntryState.WAITING, EntryState.OFFERED}]
        if line:
            self.act(waitlist.leave, line[pick % len(line)])

    @rule(target=MADE, day=DAYS)
    def serve(self, day: date) -> Any:
        line = {e.id: e for e in self.entries()}
        given = self.act(_serve, day)
        after = {e.reservation_id: e for e in self.entries()}
        for opening in given:
            entry = after[opening.id]
            assert line[entry.id].state is EntryState.WAITING
            assert entry.starts_from <= opening.starts_at <= entry.starts_to
        return multiple(*(opening.id for opening in given))


def _serve(db: Connection, venue: Venue, day: date, *, now: datetime) -> list[Reservation]:
    looking.lock_and_sweep(db, venue, [day], now=now)
    return openings.serve_awaited(db, venue, day, now=now)


def entries_stand_as_their_openings_do(
    entries: Iterable[Entry], visits: Mapping[int, Reservation]
) -> None:
    for entry in entries:
        opening = visits.get(entry.reservation_id or 0)
        ended = entry.state not in {EntryState.WAITING, EntryState.OFFERED}
        assert (entry.ended_at is not None) == ended, entry
        match entry.state:
            case EntryState.WAITING | EntryState.CLOSED:
                assert opening is None, entry
            case EntryState.OFFERED:
                assert opening is not None, entry
                assert opening.state in UNDECIDED, (entry, opening)
            case EntryState.LAPSED:
                assert opening is not None, entry
                assert opening.state in {State.EXPIRED, State.CANCELLED}, (entry, opening)
            case EntryState.LEFT:
                assert opening is None or opening.state is not State.HELD, (entry, opening)


def a_guest_waits_once_a_date(entries: Iterable[Entry]) -> None:
    line = [(e.guest_id, e.service_date) for e in entries if e.state is EntryState.WAITING]
    assert len(line) == len(set(line)), line
