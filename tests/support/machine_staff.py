"""What the staff do in the state machine."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from honesty import ends_of, had_room, stays_of
from hypothesis import strategies as st
from hypothesis.stateful import multiple, rule
from machine_files import ADA, MADE, NAMES, WISHES
from machine_house import House
from restaurants import rome

from booking import approvals, closings, explain, host_stand, imports, remarks, turns, undo
from booking.errors import NoAvailability, Reason, ShortTurn, TableRule, TablesTaken
from booking.floor import Audience
from booking.lookups import Reservation
from booking.rules import Wish

STAND = st.sampled_from([turns.seat, turns.finish, turns.no_show, undo.take_back, undo.undo])


class Staff(House):
    """They enter, seat, assign and close, and take it back."""

    @rule(number=MADE, accept=st.booleans())
    def decide(self, number: int, *, accept: bool) -> None:
        self.act(approvals.decide, number, accept=accept, actor=ADA)

    @rule(target=MADE, wished=WISHES, bend=st.sets(st.sampled_from([*TableRule])))
    def enter(self, wished: Wish, bend: set[TableRule]) -> Any:
        bending = {*bend, Reason.SECOND_VISIT}
        how: dict[str, Any] = {"source": "staff", "bend": bending, "actor": ADA}
        entered = self.act(host_stand.enter, wished, self.guests[0], **how)
        self.check_refusal(entered, wished, audience=Audience.STAFF)
        return entered.id if isinstance(entered, Reservation) else multiple()

    @rule(wished=WISHES)
    def explained(self, wished: Wish) -> None:
        """What an explanation promises the staff get: with the rule bent that it names."""
        found = self.act(explain.explain, wished)
        assert (found.offer is None) == (found.refusal is not None)
        for way in found.ways:
            how = {"bend": {way.bend.rule, Reason.SECOND_VISIT}, "source": "staff", "actor": ADA}
            self.only_tried(host_stand.enter, wished, self.guests[0], **how)

    @rule(target=MADE, size=st.integers(1, 5), cut_short=st.booleans())
    def walk_in(self, size: int, *, cut_short: bool) -> Any:
        seated = self.act(host_stand.walk_in, size, self.guests[0], cut_short=cut_short, actor=ADA)
        if isinstance(seated, ShortTurn) or (
            isinstance(seated, NoAvailability) and seated.reason is Reason.NO_TABLE
        ):
            self.check_door(size)
        return seated.id if isinstance(seated, Reservation) else multiple()

    def check_door(self, size: int) -> None:
        """Nobody is sent away from the door, or told to hurry, who could sit for a whole turn."""
        day, begin = self.venue.evening_of(self.now)[0], self.now.replace(second=0, microsecond=0)
        tomorrow = self.venue.next_opening(day)
        if tomorrow is None or ends_of(begin, size) <= tomorrow:
            stays = [*stays_of(self.alive(), day), *self.closed()]
            assert not had_room(self.venue, stays, size, begin, Audience.WALK_IN)

    @rule(number=MADE, step=STAND)
    def stand(self, number: int, step: Callable[..., Reservation]) -> None:
        old = self.all()[number]
        self.is_unchanged_unless_done(old, self.act(step, number, actor=ADA))

    @rule(number=MADE, minutes=st.sampled_from([15, 60]))
    def stay_on(self, number: int, minutes: int) -> None:
        old = self.all()[number]
        self.is_unchanged_unless_done(old, self.act(turns.stay_on, number, minutes, actor=ADA))

    @rule(number=MADE, pinned=st.booleans())
    def pin(self, number: int, *, pinned: bool) -> None:
        self.act(host_stand.pin, number, pinned=pinned, actor=ADA)

    @rule(number=MADE, names=st.sets(NAMES, min_size=1, max_size=2))
    def assign(self, number: int, names: set[str]) -> None:
        old = self.all()[number]
        tables = [t.id for t in self.venue.floor.tables if t.name in names]
        if tables:
            given = self.act(host_stand.assign, number, tables, actor=ADA)
            self.is_unchanged_unless_done(old, given)

    @rule(names=st.sets(NAMES), begin=WISHES, hours=st.integers(1, 5))
    def close(self, names: set[str], begin: Wish, hours: int) -> None:
        tables = [t.id for t in self.venue.floor.tables if t.name in names]
        starts_at = rome(begin.time.isoformat(), begin.date)
        ends_at = starts_at + timedelta(hours=hours)
        found = self.act(closings.close, tables, starts_at, ends_at, actor=ADA)
        if isinstance(found, TablesTaken):
            assert {r.id for r in found.reservations} <= {r.id for r in self.alive()}

    @rule()
    def reopen(self) -> None:
        ids = [each.id for each in self.act(closings.ahead)]
        self.act(closings.lift, ids, actor=ADA)
        if ids and isinstance(self.act(closings.close_again, ids[:1]), TablesTaken):
            assert ids[0] not in [each.id for each in self.act(closings.ahead)]

    @rule(number=MADE, what=st.sampled_from(["guest", "staff", "nothing", "late"]))
    def remark(self, number: int, what: str) -> None:
        """Write down what was said, by a guest or for the staff, and that somebody is late."""
        match what:
            case "guest":
                self.act(remarks.note, number, "a pram")
            case "late":
                self.act(turns.run_late, number, 20, actor=ADA)
            case _:
                text = "a regular" if what == "staff" else None
                self.act(host_stand.annotate, number, text, actor=ADA)

    @rule(target=MADE, wishes=st.lists(WISHES, max_size=2), names=st.sets(NAMES, max_size=1))
    def take_over(self, wishes: list[Wish], names: set[str]) -> Any:
        """Enter what stood in the old book; some of it with the tables that were promised."""
        old = self.all()
        entries = [
            imports.Entry(
                party_size=w.party_size, date=w.date, time=w.time, who="Rossi", tables=(*names,)
            )
            for w in wishes
        ]
        how: dict[str, Any] = {"guest_of": lambda _: self.guests[1], "actor": ADA}
        if entries:
            self.act(imports.enter, entries, skip_refused=True, **how)
        return multiple(*sorted(self.all().keys() - old.keys()))
