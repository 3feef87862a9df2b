"""What guests do in the state machine."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, multiple, rule
from machine_files import ACTORS, DAYS, MADE, PICKS, WISHES
from machine_house import House
from restaurants import meet

from booking import looking, looks, merging, openings, reservations
from booking.errors import NoAvailability
from booking.lifecycle import State
from booking.lookups import Reservation
from booking.rules import Wish


class Guests(House):
    """They hold, say yes, change their minds, and ask what is free."""

    @initialize(target=MADE, wishes=st.lists(WISHES, max_size=8))
    def begin(self, wishes: list[Wish]) -> Any:
        """An evening that is not empty."""
        how = {"source": "sms", "accept_second": True}
        held = [self.act(reservations.place_hold, w, self.guests[0], **how) for w in wishes]
        found = [each.id for each in held if isinstance(each, Reservation)]
        for number in found:
            self.act(reservations.confirm, number)
        return multiple(*found)

    @rule(target=MADE, wished=WISHES, guest=st.integers(0, 2))
    def hold(self, wished: Wish, guest: int) -> Any:
        held = self.act(
            reservations.place_hold, wished, self.guests[guest], source="sms", accept_second=True
        )
        self.check_refusal(held, wished)
        return held.id if isinstance(held, Reservation) else multiple()

    @rule(wished=WISHES, guest=st.integers(0, 2), key=st.integers(0, 3))
    def hold_under_a_key(self, wished: Wish, guest: int, key: int) -> None:
        how = {"source": "sms", "request_key": f"key-{key}", "accept_second": True}
        first = self.act(reservations.place_hold, wished, self.guests[guest], **how)
        if isinstance(first, Reservation):
            again = self.act(reservations.place_hold, wished, self.guests[guest], **how)
            assert again.id == first.id

    @rule(target=MADE, number=MADE)
    def confirm(self, number: int) -> Any:
        old = self.all()[number]
        booked = self.act(reservations.confirm, number)
        if isinstance(booked, NoAvailability):
            assert old.state_at(self.now) is State.EXPIRED
            self.check_refusal(booked, reservations.wish_of(self.venue, old), but=number)
        return booked.id if isinstance(booked, Reservation) else multiple()

    @rule(number=MADE, wished=WISHES, actor=ACTORS)
    def amend(self, number: int, wished: Wish, actor: str) -> None:
        old = self.all()[number]
        new = self.act(reservations.amend, number, wished, actor=actor)
        self.check_refusal(new, wished, but=number, audience=looks.audience_of(old.source))
        self.is_unchanged_unless_done(old, new)

    @rule(number=MADE, wished=WISHES)
    def propose(self, number: int, wished: Wish) -> None:
        before = self.all()
        offer = self.act(reservations.propose, number, wished)
        self.check_refusal(offer, wished, but=number)
        assert self.all() == before

    @rule(number=MADE, features=st.sampled_from(["terrace", "quiet"]))
    def prefer(self, number: int, features: str) -> None:
        self.act(reservations.prefer, number, frozenset({features}))

    @rule(number=MADE, actor=ACTORS)
    def cancel(self, number: int, actor: str) -> None:
        self.act(reservations.cancel, number, actor=actor)

    @rule(number=MADE, do=st.sampled_from([reservations.release, openings.withdraw]))
    def let_go(self, number: int, do: Callable[..., object]) -> None:
        self.act(do, number)

    @rule(one=st.integers(0, 2), other=st.integers(0, 2))
    def turn_out_to_be_one(self, one: int, other: int) -> None:
        """Two guests were one person all the time; somebody new comes in the place of one."""
        both = {self.guests[one], self.guests[other]}
        visits, line = self.all(), self.entries()
        with self.database.transaction() as db:
            kept = merging.merge(db, self.guests[one], self.guests[other]).id
            if one != other:
                self.guests[one], self.guests[other] = kept, meet(db, self.venue, self.stranger())
        assert self.all() == {
            number: replace(r, guest_id=kept if r.guest_id in both else r.guest_id)
            for number, r in visits.items()
        }
        assert self.entries() == [
            replace(e, guest_id=kept if e.guest_id in both else e.guest_id) for e in line
        ]

    @rule(size=st.integers(1, 5), day=DAYS, pick=PICKS)
    def ask(self, size: int, day: date, pick: int) -> None:
        """What is told to be free can be had, unless somebody has waited longer for it."""
        found = self.act(looking.starts, size, day)
        if found and not [e for e in self.entries() if e.service_date == day]:
            start = self.venue.local(found[pick % len(found)]).replace(tzinfo=None, fold=0)
            wished = Wish(party_size=size, date=start.date(), time=start.time())
            how = {"source": "sms", "accept_second": True}
            self.only_tried(reservations.place_hold, wished, self.guests[0], **how)
