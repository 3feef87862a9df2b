"""What stands in the way of a wish: the one rule by name, and what becomes of it when it bends."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from restaurants import FRIDAY, NOON, Book, period, rome, seatings, table, wish

from booking import closings, explain, host_stand, reservations
from booking.bending import Bend
from booking.database import Database
from booking.errors import NoAvailability, Reason, Rule, TableRule
from booking.explain import Explanation
from booking.lifecycle import State
from booking.lookups import Reservation
from booking.reservations import CUTOFF
from booking.rules import Wish

ADA = "staff:Ada"


def told(book: Book, wished: Wish, *, now: datetime = NOON) -> Explanation:
    return book.do(explain.explain, wished, now=now)


def enter(book: Book, wished: Wish, *rules: Rule, now: datetime = NOON) -> Reservation:
    how: dict[str, Any] = {"bend": rules, "source": "staff", "actor": ADA, "now": now}
    return book.do(host_stand.enter, wished, book.guest("desk"), **how)


def close(book: Book, begin: str, end: str, *names: str) -> list[int]:
    ids = [number for number, name in book.venue.floor.names.items() if name in names]
    return book.do(closings.close, ids, rome(begin), rome(end), actor=ADA, now=NOON)


@dataclass(frozen=True, kw_only=True)
class House:
    """A house, what stands in its book, and when it is asked."""

    changes: dict[str, Any] = field(default_factory=dict)
    booked: tuple[Wish, ...] = ()
    pause: tuple[str, str] | None = None
    now: datetime = NOON

    def open(self, database: Database) -> Book:
        book = Book.opened(database, **self.changes)
        for number, each in enumerate(self.booked):
            book.reserve(each, str(number + 1))
        if self.pause:
            close(book, *self.pause)
        return book


def pacing(**limits: int) -> dict[str, Any]:
    return {"service_periods": [period(**limits)]}


def tables(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"combinations": [], "tables": list(entries)}


HOURS = {"date": FRIDAY, "spans": ((time(18), time(22)),)}
IN_A_WEEK = wish(day=FRIDAY + timedelta(days=7))
#: Wishes that one rule stands against, and no other.
SINGLE: dict[str, tuple[Wish, House, Rule, dict[str, Any]]] = {
    "closed": (
        wish(),
        House(changes={"closures": [{"date": FRIDAY.isoformat(), "reason": "a wedding"}]}),
        Reason.CLOSED,
        {"date": FRIDAY, "closure": "a wedding"},
    ),
    "before the first seating": (wish("17:30"), House(), Reason.OUTSIDE_HOURS, HOURS),
    "after the last seating": (wish("22:15"), House(), Reason.OUTSIDE_HOURS, HOURS),
    "between slots": (wish("19:07"), House(), Reason.BETWEEN_SLOTS, {"minutes": 15}),
    "seatings": (
        wish("19:00"),
        House(changes={"service_periods": [seatings("18:30", "21:00")]}),
        Reason.SEATINGS,
        {"date": FRIDAY, "times": (time(18, 30), time(21))},
    ),
    "covers of a slot": (
        wish("19:00"),
        House(changes=pacing(pacing_covers=3), booked=(wish("19:00"),)),
        Reason.PACING,
        {"pacing_covers": 3},
    ),
    "parties of a slot": (
        wish("19:00"),
        House(changes=pacing(pacing_parties=1), booked=(wish("19:00"),)),
        Reason.PACING,
        {"pacing_parties": 1},
    ),
    "covers of a period": (
        wish("19:00"),
        House(changes=pacing(period_covers=3), booked=(wish("21:30"),)),
        Reason.PACING,
        {"period_covers": 3},
    ),
    "parties of a period": (
        wish("19:00"),
        House(changes=pacing(period_parties=1), booked=(wish("21:30"),)),
        Reason.PACING,
        {"period_parties": 1},
    ),
    "too large": (
        wish(size=9),
        House(changes={"policy": {"max_party_size": 8}}),
        Reason.TOO_LARGE,
        {"max_party_size": 8},
    ),
    "too far": (
        wish(day=FRIDAY + timedelta(days=61)),
        House(),
        Reason.TOO_FAR,
        {"last_date": FRIDAY + timedelta(days=60)},
    ),
    "too soon": (wish(), House(now=rome("18:31")), Reason.TOO_SOON, {"min_notice_minutes": 30}),
    "paused": (
        wish("19:00"),
        House(pause=("18:45", "19:15")),
        Reason.PAUSED,
        {"until": time(19, 15)},
    ),
    "small parties": (
        IN_A_WEEK,
        House(changes={"policy": {"small_party_percent": 0}}, booked=(IN_A_WEEK, IN_A_WEEK)),
        Reason.SMALL_PARTIES,
        {},
    ),
    "minimum": (
        wish(),
        House(changes=tables(table("T1"), table("T2", 4, 3)), booked=(wish(),)),
        TableRule.MINIMUM,
        {"tables": "T2"},
    ),
    "kept for walk-ins": (
        wish(),
        House(changes=tables({**table("T1"), "kept_for": "walk_ins"})),
        TableRule.KEPT,
        {"tables": "T1"},
    ),
    "buffer": (
        wish("20:30"),
        House(
            changes={**tables(table("T1")), "policy": {"buffer_minutes": 10}},
            booked=(wish("19:00"),),
        ),
        TableRule.BUFFER,
        {"tables": "T1"},
    ),
    "turn time": (
        wish("19:00"),
        House(changes=tables(table("T1")), booked=(wish("20:15"),)),
        TableRule.TURN_TIME,
        {"tables": "T1", "until": time(20, 15)},
    ),
}


@pytest.mark.parametrize("case", SINGLE.values(), ids=SINGLE)
def test_the_one_rule_in_the_way_is_named_and_bends_once(
    sqlite_database: Database, case: tuple[Wish, House, Rule, dict[str, Any]]
) -> None:
    wished, house, rule, fields = case
    book = house.open(sqlite_database)
    found = told(book, wished, now=house.now)

    assert [way.bend for way in found.ways] == [Bend(rule=rule, fields=fields)]
    assert (found.offer, found.bends) == (None, ())
    with pytest.raises(NoAvailability):
        enter(book, wished, now=house.now)

    entered = enter(book, wished, rule, now=house.now)
    assert entered.table_ids == found.ways[0].offer.table_ids
    assert (entered.starts_at, entered.ends_at) == (
        found.ways[0].offer.starts_at,
        found.ways[0].offer.ends_at,
    )
    assert book.events(entered)[0]["bent"] == [rule]

    again = told(book, wished, now=house.now)  # it was bent once, the house still has it
    assert again.refusal


def test_what_a_wish_gets_is_told_and_nothing_bends(book: Book) -> None:
    found = told(book, wish(size=10))  # the staff need nobody's approval

    assert found.offer
    assert (found.refusal, found.ways, found.bends) == (None, (), ())
    assert book.events(enter(book, wish(size=10)))[0]["bent"] is None


@pytest.mark.parametrize(
    ("wished", "house", "rules"),
    [
        (
            wish("19:07"),
            House(changes=pacing(pacing_covers=1)),
            {Reason.BETWEEN_SLOTS, Reason.PACING},
        ),
        (
            wish("17:30"),
            House(changes=tables({**table("T1"), "kept_for": "walk_ins"})),
            {Reason.OUTSIDE_HOURS, TableRule.KEPT},
        ),
        (
            wish(),
            House(pause=("18:45", "19:15"), now=rome("18:45")),
            {Reason.TOO_SOON, Reason.PAUSED},
        ),
    ],
)
def test_rules_that_must_bend_together_are_told_together(
    sqlite_database: Database, wished: Wish, house: House, rules: set[Rule]
) -> None:
    book = house.open(sqlite_database)
    found = told(book, wished, now=house.now)

    assert found.ways == ()
    assert {bend.rule for bend in found.bends} == rules
    for rule in rules:
        with pytest.raises(NoAvailability):
            enter(book, wished, rule, now=house.now)
    entered = enter(book, wished, *rules, now=house.now)
    assert book.events(entered)[0]["bent"] == sorted(rules)


def test_where_all_tables_are_taken_nothing_would_help_but_a_hold_that_runs_out(
    book: Book,
) -> None:
    book.reserve(wish(size=10))
    found = told(book, wish(size=10))
    assert found.refusal
    assert (found.refusal.reason, found.ways, found.bends) == (Reason.NO_TABLE, (), ())
    assert found.frees_at is not None  # it waits for the approval of the staff

    held = book.hold(wish(size=4, day=IN_A_WEEK.date))
    book.reserve(wish(size=4, day=IN_A_WEEK.date))
    found = told(book, wish(size=4, day=IN_A_WEEK.date))
    assert found.frees_at == held.held_until


def test_a_closed_table_is_given_to_nobody_whatever_bends(book: Book) -> None:
    shut = close(book, "18:30", "19:30", "T4")
    found = told(book, wish(size=10))

    assert found.refusal
    assert (found.refusal.reason, found.ways, found.bends) == (Reason.NO_TABLE, (), ())
    assert told(book, wish("19:30", 10)).offer
    book.do(closings.lift, shut, actor=ADA, now=NOON)
    assert told(book, wish(size=10)).offer


def test_the_staff_change_and_cancel_after_the_cut_off_and_the_history_keeps_it(
    book: Book,
) -> None:
    party, late = book.reserve(wish("21:00")), rome("19:30")
    book.do(reservations.amend, party.id, wish("21:15"), actor=ADA, now=late)
    gone = book.do(reservations.cancel, party.id, actor=ADA, now=late)

    assert gone.state is State.CANCELLED
    assert [event["bent"] for event in book.events(party)[-2:]] == [[CUTOFF], [CUTOFF]]
