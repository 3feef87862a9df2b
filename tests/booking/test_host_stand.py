"""What the staff do in the book: rules may bend, tables never."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from restaurants import FRIDAY, MONDAY, NOON, SATURDAY, Book, period, rome, wish

from booking import (
    availability,
    explain,
    host_stand,
    looks,
    lookups,
    models,
    reservations,
    turns,
    undo,
)
from booking.availability import Offer
from booking.errors import IllegalStep, NoAvailability, Reason, ShortTurn, TooEarly
from booking.lifecycle import LIVE, State
from booking.lookups import Reservation
from booking.rules import BENDABLE, Refusal, Wish

ADA = "staff:Ada"
AT_SEVEN = rome("19:00")
AT_DOOR = rome("19:07") + timedelta(seconds=31)


def enter(book: Book, wished: Wish, *, now: datetime = NOON, **given: Any) -> Reservation:
    guest = book.guest("desk")
    how = {"source": "staff", "actor": ADA, "now": now, **given}
    return book.do(host_stand.enter, wished, guest, **how)


def walk_in(book: Book, size: int, *, now: datetime = AT_DOOR, **given: Any) -> Reservation:
    return book.do(host_stand.walk_in, size, book.guest("door"), actor=ADA, now=now, **given)


def test_an_entry_is_reserved_at_once_whatever_its_size_and_names_its_author(book: Book) -> None:
    entered = enter(book, wish(size=10), request="a high chair")

    assert entered.state is State.RESERVED
    assert book.tables(entered) == ["T4"]
    assert [(e["kind"], e["actor"], e["bent"]) for e in book.events(entered)] == [
        ("reserved", ADA, None)
    ]


BENT: list[tuple[Wish, datetime, dict[str, Any], set[Reason]]] = [
    (wish(size=2), NOON, {"service_periods": [period(pacing_covers=1)]}, {Reason.PACING}),
    (wish(size=11), NOON, {"policy": {"max_party_size": 8}}, {Reason.TOO_LARGE}),
    (wish("19:00"), rome("18:50"), {}, {Reason.TOO_SOON}),
    (wish(day=FRIDAY + timedelta(days=70)), NOON, {}, {Reason.TOO_FAR}),
    (wish("19:07"), NOON, {}, {Reason.BETWEEN_SLOTS}),
    (wish("17:00"), NOON, {}, {Reason.OUTSIDE_HOURS}),
    (wish(), NOON, {"closures": [{"date": FRIDAY.isoformat()}]}, {Reason.CLOSED}),
    (
        wish("19:07", 11),
        rome("18:50"),
        {
            "policy": {"max_party_size": 8},
            "service_periods": [period(pacing_covers=1)],
            "closures": [{"date": FRIDAY.isoformat()}],
        },
        {Reason.TOO_LARGE, Reason.CLOSED, Reason.TOO_SOON, Reason.PACING},
    ),
]


@pytest.mark.parametrize(("wished", "now", "house", "rules"), BENT)
def test_the_staff_are_told_every_rule_and_may_set_them_aside(
    sqlite_database: Any,
    wished: Wish,
    now: datetime,
    house: dict[str, Any],
    rules: set[Reason],
) -> None:
    book = Book.opened(sqlite_database, **house)
    with pytest.raises(NoAvailability):
        enter(book, wished, now=now)
    offer, bent = book.do(explain.what_bends, wished, now=now)
    assert isinstance(offer, Offer)
    assert {bend.rule for bend in bent} == rules

    entered = enter(book, wished, now=now, bend=rules)
    assert entered.starts_at == rome(wished.time.isoformat(), wished.date)
    assert book.events(entered)[0]["bent"] == sorted(rules)


def test_a_guest_gets_none_of_what_the_staff_may_have(sqlite_database: Any) -> None:
    for wished, now, house, _ in BENT[:4]:
        book = Book.opened(sqlite_database, **house)
        with pytest.raises(NoAvailability):
            book.hold(wished, now=now)


def test_no_yes_seats_two_parties_at_one_table(book: Book) -> None:
    book.reserve(wish(size=10))

    found, bent = book.do(explain.what_bends, wish(size=10), now=NOON)
    assert isinstance(found, Refusal)
    assert (found.reason, bent) == (Reason.NO_TABLE, ())
    with pytest.raises(NoAvailability, match="no_table"):
        enter(book, wish(size=10), bend=BENDABLE)


@pytest.mark.parametrize(
    ("wished", "now", "reason"),
    [
        (wish(day=date(2026, 11, 19)), NOON, Reason.PAST),
        (wish("18:00"), AT_SEVEN, Reason.PAST),
        (wish(size=40), NOON, Reason.NO_TABLE),
        (wish(day=MONDAY), NOON, Reason.CLOSED),  # no period of that weekday says how long
    ],
)
def test_what_is_no_rule_of_the_house_cannot_bend(
    book: Book, wished: Wish, now: datetime, reason: Reason
) -> None:
    with pytest.raises(NoAvailability, match=reason):
        enter(book, wished, now=now, bend=BENDABLE)


# At the door.


def test_a_walk_in_sits_from_this_minute_for_its_turn_time(book: Book) -> None:
    seated = walk_in(book, 2)

    assert seated.state is State.SEATED
    assert (seated.starts_at, seated.ends_at) == (rome("19:07"), rome("20:37"))
    assert [e["kind"] for e in book.events(seated)] == ["walked_in"]


def test_a_walk_in_takes_the_table_of_a_hold_that_ran_out_but_not_of_a_live_one(
    book: Book,
) -> None:
    held = book.hold(wish("20:00", 10), now=AT_SEVEN)
    with pytest.raises(ShortTurn) as short:
        walk_in(book, 8, now=AT_SEVEN + timedelta(minutes=4))
    assert short.value.until == rome("20:00")

    assert walk_in(book, 8, now=AT_SEVEN + timedelta(minutes=5)).table_ids == held.table_ids


def test_a_walk_in_may_be_cut_short_by_the_next_party_and_the_history_says_so(book: Book) -> None:
    book.reserve(wish("20:00", 10))
    seated = walk_in(book, 8, cut_short=True)

    assert seated.ends_at == rome("20:00")
    assert book.events(seated)[0]["bent"] == ["turn_time"]


def test_nobody_is_seated_for_less_than_the_shortest_turn(book: Book) -> None:
    book.reserve(wish("19:45", 10))

    with pytest.raises(NoAvailability, match="no_table"):
        walk_in(book, 8, cut_short=True)


def test_of_several_the_table_that_is_free_for_longest_is_offered(book: Book) -> None:
    for at in ("20:00", "20:15", "20:15"):
        book.reserve(wish(at, 2))
    with pytest.raises(ShortTurn) as short:
        walk_in(book, 2)

    assert short.value.until == rome("20:15")


# One step after the other, and back.


@pytest.fixture
def expected(book: Book) -> Reservation:
    return book.reserve(wish())


def step(book: Book, act: Any, found: Reservation, *, now: datetime = AT_SEVEN) -> Reservation:
    result: Reservation = book.do(act, found.id, actor=ADA, now=now)
    return result


def test_a_party_sits_and_leaves_and_its_table_is_free_at_once(
    book: Book, expected: Reservation
) -> None:
    assert step(book, turns.seat, expected).state is State.SEATED
    assert book.live(expected) == [True]
    assert step(book, turns.finish, expected).state is State.FINISHED
    assert book.live(expected) == [False]


def test_a_no_show_is_none_before_its_time(book: Book, expected: Reservation) -> None:
    with pytest.raises(TooEarly):
        step(book, turns.no_show, expected, now=AT_SEVEN - timedelta(seconds=1))

    assert step(book, turns.no_show, expected).state is State.NO_SHOW
    assert book.live(expected) == [False]


def test_nobody_sits_here_a_day_before(book: Book) -> None:
    tomorrow = book.reserve(wish(day=SATURDAY))

    with pytest.raises(TooEarly):
        step(book, turns.seat, tomorrow)
    assert step(book, turns.seat, tomorrow, now=rome("00:15", SATURDAY) + timedelta(hours=18))


STEPS: list[Any] = [turns.seat, turns.no_show, reservations.cancel]


@pytest.mark.parametrize("act", STEPS)
def test_each_step_can_be_taken_back(book: Book, expected: Reservation, act: Any) -> None:
    step(book, act, expected)
    back = step(book, undo.take_back, expected)

    assert back == expected
    assert book.live(expected) == [True]
    assert book.events(expected)[-1]["kind"] == "restored"


def test_who_comes_early_sits_from_now_on_and_their_table_is_nobody_elses(book: Book) -> None:
    early = book.reserve(wish("21:00", 8))
    seated = step(book, turns.seat, early, now=AT_DOOR)
    assert (seated.starts_at, seated.ends_at) == (rome("19:07"), rome("21:07"))
    with pytest.raises(NoAvailability):
        walk_in(book, 8)

    back = step(book, undo.take_back, early, now=AT_DOOR)
    assert (back.starts_at, back.ends_at) == (early.starts_at, early.ends_at)
    assert walk_in(book, 8, now=rome("18:55"), cut_short=True)


def test_who_comes_early_is_not_put_to_those_who_still_sit_there(book: Book) -> None:
    early = book.reserve(wish("21:00", 2))
    there = walk_in(book, 2)
    assert there.table_ids == early.table_ids
    assert step(book, turns.seat, early, now=AT_DOOR).table_ids != there.table_ids

    large = book.reserve(wish("21:30", 8))
    walk_in(book, 8)
    with pytest.raises(NoAvailability):
        step(book, turns.seat, large, now=AT_DOOR)


def test_who_comes_early_sits_where_the_host_has_put_them(book: Book) -> None:
    """Four at a table for two: no plan would do that, and there is a table for four."""
    early, (small, *_) = book.reserve(wish("21:00", 4)), book.venue.floor.tables
    book.do(host_stand.assign, early.id, [small.id], actor=ADA, now=NOON)

    assert step(book, turns.seat, early, now=AT_DOOR).table_ids == (small.id,)
    assert step(book, undo.take_back, early, now=AT_DOOR).table_ids == (small.id,)


def test_a_party_that_left_sits_again(book: Book, expected: Reservation) -> None:
    step(book, turns.seat, expected)
    step(book, turns.finish, expected)

    assert step(book, undo.take_back, expected).state is State.SEATED


def test_who_comes_back_gets_another_table_when_theirs_is_taken(
    book: Book, expected: Reservation
) -> None:
    step(book, turns.no_show, expected)
    other = walk_in(book, 2, now=AT_SEVEN)
    assert other.table_ids == expected.table_ids

    back = step(book, undo.take_back, expected)
    assert back.table_ids != expected.table_ids
    assert book.live(expected) == [True]


def test_who_comes_back_is_refused_when_all_is_taken(book: Book) -> None:
    gone = book.reserve(wish(size=8))
    step(book, turns.no_show, gone)
    walk_in(book, 8, now=AT_SEVEN)

    with pytest.raises(NoAvailability, match="no_table"):
        step(book, undo.take_back, gone)
    assert book.get(gone).state is State.NO_SHOW


def test_seating_again_who_left_is_no_way_round_the_look(book: Book, expected: Reservation) -> None:
    step(book, turns.seat, expected)
    step(book, turns.finish, expected)

    with pytest.raises(IllegalStep):
        step(book, turns.seat, expected)


def test_what_is_over_for_good_has_no_way_back(book: Book, expected: Reservation) -> None:
    with pytest.raises(IllegalStep):
        step(book, undo.take_back, expected)


def test_who_sits_here_cannot_be_cancelled(book: Book, expected: Reservation) -> None:
    step(book, turns.seat, expected)

    for actor in ("guest", ADA):
        with pytest.raises(IllegalStep):
            book.do(reservations.cancel, expected.id, actor=actor, now=NOON)


def test_a_note_is_for_the_staff_and_no_request(book: Book, expected: Reservation) -> None:
    noted = book.do(host_stand.annotate, expected.id, "window seat!", actor=ADA, now=NOON)

    assert (noted.note, noted.request, noted.version) == ("window seat!", None, 1)
    assert book.get(expected) == noted
    assert book.events(expected)[-1]["kind"] == "annotated"


def test_the_expected_are_those_who_are_still_to_come_or_sit_here(book: Book) -> None:
    visits = [book.reserve(wish(at), at) for at in ("18:00", "20:00", "20:00")]
    step(book, reservations.cancel, visits[2])
    with book.database.reading() as db:
        expected = lookups.expected(db, book.venue.id, now=rome("19:45"))
        every = lookups.fetch(db, models.Reservation.state.in_(LIVE))

    assert [r.id for r in expected] == [visits[1].id]
    assert len(every) == len(visits) - 1


def test_a_walk_in_long_before_or_after_the_hours_sits_by_the_nearest_rules(book: Book) -> None:
    early = walk_in(book, 2, now=rome("15:00"))

    assert early.ends_at - early.starts_at == timedelta(minutes=90)
    with pytest.raises(NoAvailability, match="closed"):
        walk_in(book, 2, now=rome("19:00", MONDAY))


def test_a_walk_in_ignores_pacing_and_counts_for_it(sqlite_database: Any) -> None:
    book = Book.opened(sqlite_database, service_periods=[period(pacing_covers=2)])
    now = rome("19:00")
    walk_in(book, 2, now=now)
    walk_in(book, 2, now=now)

    stays = book.do(lambda db, venue: looks.stays(db, venue, [FRIDAY], now=now))[FRIDAY]
    slot = book.venue.find_slot(FRIDAY, time(19))
    assert slot is not None
    wished = wish(size=1)
    assert isinstance(availability.fit(book.venue, stays, slot, wished, now=NOON), Refusal)
