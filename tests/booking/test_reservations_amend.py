"""Amending: date, time and size in one step; a refusal leaves everything as it was."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from restaurants import FRIDAY, MONDAY, NOON, SATURDAY, Book, period, rome, table, wish

from booking import approvals, reservations
from booking.errors import BookingError, IllegalStep, NoAvailability, Reason, TooLate
from booking.lifecycle import State
from booking.lookups import Reservation
from booking.rules import Wish

LATER = NOON + timedelta(minutes=1)


def amend(
    book: Book,
    old: Reservation,
    new: Wish,
    *,
    request: str | None = None,
    actor: str = "guest",
    now: datetime = LATER,
) -> Reservation:
    return book.do(reservations.amend, old.id, new, request=request, actor=actor, now=now)


def refused(book: Book, old: Reservation, new: Wish, *, now: datetime = LATER) -> BookingError:
    """What an amendment is refused with, every row left as it was."""
    before = book.rows()
    with pytest.raises(BookingError) as error:
        amend(book, old, new, now=now)
    assert book.rows() == before
    with pytest.raises(type(error.value)), book.database.reading() as db:
        reservations.propose(db, book.venue, old.id, new, now=now)
    return error.value


@pytest.mark.parametrize(
    ("new", "starts_at", "minutes", "tables"),
    [
        (wish("19:30"), rome("19:30"), 90, ["T1"]),
        (wish("19:15"), rome("19:15"), 90, ["T1"]),
        (wish("19:00", day=SATURDAY), rome("19:00", SATURDAY), 90, ["T1"]),
        (wish("19:00", 4), rome("19:00"), 105, ["T3"]),
        (wish("21:00", 6, SATURDAY), rome("21:00", SATURDAY), 120, ["T4"]),
    ],
)
def test_a_reservation_moves_to_another_date_time_or_size(
    book: Book, new: Wish, starts_at: datetime, minutes: int, tables: list[str]
) -> None:
    old = book.reserve(wish())

    moved = amend(book, old, new)

    assert book.get(old) == moved
    assert (moved.id, moved.code, moved.guest_id, moved.state) == (
        old.id,
        old.code,
        old.guest_id,
        State.RESERVED,
    )
    assert (moved.starts_at, moved.party_size) == (starts_at, new.party_size)
    assert moved.ends_at - moved.starts_at == timedelta(minutes=minutes)
    assert moved.service_date == new.date
    assert book.tables(moved) == tables
    assert book.live(moved) == [True] * len(tables)
    assert moved.version == 2
    *_, event = book.events(old)
    assert (event["kind"], event["actor"], event["at"]) == ("changed", "guest", LATER)
    assert (event["from_state"], event["to_state"]) == ("reserved", "reserved")


def test_its_own_stay_is_not_in_its_way(book: Book) -> None:
    book.reserve(wish())
    old = book.reserve(wish())
    book.reserve(wish(size=4))
    book.reserve(wish(size=6))  # the house is full

    moved = amend(book, old, wish("19:30"))

    assert book.tables(moved) == book.tables(old) == ["T2"]


def test_it_keeps_its_table_though_a_better_one_is_free(book: Book) -> None:
    first, old = book.reserve(wish()), book.reserve(wish())
    book.do(reservations.cancel, first.id, now=NOON)

    assert book.tables(old) == ["T2"]
    assert book.tables(amend(book, old, wish("19:30"))) == ["T2"]


def test_its_own_covers_do_not_count_against_it_in_the_pacing(book: Book) -> None:
    paced = Book.opened(
        book.database,
        restaurant={"slug": "paced"},
        service_periods=[period(pacing_covers=4)],
    )
    old = paced.reserve(wish(size=3))

    assert amend(paced, old, wish(size=4)).party_size == 4
    with pytest.raises(NoAvailability) as full:
        amend(paced, old, wish(size=5))
    assert full.value.reason is Reason.PACING


def test_it_moves_to_another_table_when_its_own_is_taken_then(book: Book) -> None:
    old = book.reserve(wish("18:00"))
    other = book.reserve(wish("20:00"))
    assert book.tables(old) == book.tables(other) == ["T1"]

    assert book.tables(amend(book, old, wish("20:00"))) == ["T2"]


def test_what_it_leaves_is_free_at_once(book: Book) -> None:
    old = book.reserve(wish(size=10))
    amend(book, old, wish("19:00", 10, SATURDAY))

    assert book.hold(wish(size=10), "200").starts_at == rome("19:00")


def test_a_refusal_leaves_everything_as_it_was_and_gives_alternatives(book: Book) -> None:
    old = book.reserve(wish("18:00", 2))
    book.reserve(wish("20:00", 10))

    no = refused(book, old, wish("20:00", 8))

    assert isinstance(no, NoAvailability)
    assert no.reason is Reason.NO_TABLE
    assert [offer.starts_at for offer in no.nearest] == [
        rome("18:00"),  # its own table is given up for it
        rome("22:00"),
        rome("20:00", SATURDAY),
    ]


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        (wish(size=13), Reason.NEEDS_APPROVAL),  # too large as well; the staff decide
        (wish(size=9), Reason.NEEDS_APPROVAL),
        (wish(day=MONDAY), Reason.CLOSED),
        (wish(day=FRIDAY - timedelta(days=1)), Reason.PAST),
        (wish(day=FRIDAY + timedelta(days=61)), Reason.TOO_FAR),
        (wish("17:00"), Reason.OUTSIDE_HOURS),
        (wish("19:07"), Reason.BETWEEN_SLOTS),
    ],
)
def test_the_rules_hold_for_changes_too(book: Book, new: Wish, reason: Reason) -> None:
    no = refused(book, book.reserve(wish()), new)

    assert isinstance(no, NoAvailability)
    assert no.reason is reason


def test_only_the_staff_let_a_reservation_grow_past_the_approval_size(book: Book) -> None:
    old = book.reserve(wish(size=8))

    no = refused(book, old, wish(size=9))
    assert no == NoAvailability(Reason.NEEDS_APPROVAL, {"approval_party_size": 9})
    assert amend(book, old, wish(size=9), actor="staff:Ada").party_size == 9
    with pytest.raises(NoAvailability) as too_large:
        amend(book, old, wish(size=13), actor="staff:Ada")
    assert too_large.value.reason is Reason.TOO_LARGE


def test_a_large_party_may_shrink_or_move_without_asking(book: Book) -> None:
    request = book.reserve(wish(size=11))
    approved = book.do(approvals.decide, request.id, accept=True, actor="staff:Ada", now=NOON)

    smaller = amend(book, approved, wish("19:30", 10))

    assert (smaller.state, smaller.party_size) == (State.RESERVED, 10)


def test_a_request_that_shrinks_below_the_approval_size_is_reserved(book: Book) -> None:
    limit = book.venue.policy.approval_party_size
    asked = book.hold(wish(size=limit))
    asked = book.do(reservations.confirm, asked.id, now=NOON)
    assert asked.state is State.REQUESTED

    still = amend(book, asked, wish(size=limit + 1))
    assert still.state is State.REQUESTED
    assert amend(book, still, wish(size=limit - 1)).state is State.RESERVED


def test_a_request_may_grow_since_the_staff_have_yet_to_decide(book: Book) -> None:
    larger = amend(book, book.reserve(wish(size=9)), wish(size=10))

    assert (larger.state, larger.party_size) == (State.REQUESTED, 10)


def test_a_hold_that_moves_waits_anew_and_may_grow(book: Book) -> None:
    held = book.hold(wish(), request="a pram")

    moved = amend(book, held, wish("20:00", 10))

    assert (moved.state, moved.version) == (State.HELD, 2)
    assert moved.held_until == LATER + timedelta(minutes=5)
    assert moved.request == "a pram"
    assert book.do(reservations.confirm, held.id, now=LATER).state is State.REQUESTED


def test_a_new_request_replaces_the_old_one(book: Book) -> None:
    old = book.hold(wish(), request="a pram")

    assert amend(book, old, wish("19:30"), request="a high chair").request == "a high chair"


def test_the_same_again_changes_nothing_that_anybody_would_notice(book: Book) -> None:
    old = book.reserve(wish())
    before = book.rows()

    assert amend(book, old, wish()) == old
    assert book.rows() == before


def test_what_is_over_cannot_be_changed(book: Book) -> None:
    held = book.hold(wish())
    no = refused(book, held, wish("20:00"), now=NOON + timedelta(minutes=5))
    assert no == IllegalStep(held.code, "expired", "changed")

    cancelled = book.reserve(wish())
    book.do(reservations.cancel, cancelled.id, now=NOON)
    no = refused(book, cancelled, wish("20:00"))
    assert no == IllegalStep(cancelled.code, "cancelled", "changed")


def test_after_the_cutoff_a_guest_is_referred_to_the_staff(book: Book) -> None:
    old = book.reserve(wish("21:00"))
    cutoff = rome("19:00")

    no = refused(book, old, wish("22:00"), now=cutoff + timedelta(seconds=1))
    assert no == TooLate(old.id, rome("21:00"), 120)
    by_staff = amend(book, old, wish("21:30"), actor="staff:Ada", now=cutoff + timedelta(seconds=1))
    assert by_staff.starts_at == rome("21:30")
    assert book.events(old)[-1]["actor"] == "staff:Ada"


def test_at_the_cutoff_itself_a_guest_may_still_change(book: Book) -> None:
    old = book.reserve(wish("21:00"))

    assert amend(book, old, wish("21:30"), now=rome("19:00")).starts_at == rome("21:30")


def test_a_hold_has_no_cutoff(book: Book) -> None:
    held = book.hold(wish("19:00"), now=rome("18:00"))

    assert amend(book, held, wish("19:30"), now=rome("18:01")).starts_at == rome("19:30")


def test_a_proposal_finds_what_the_amendment_then_takes_and_promises_nothing(book: Book) -> None:
    old = book.reserve(wish())
    new = wish("19:30", 4)
    before = book.rows()
    with book.database.reading() as db:
        offer = reservations.propose(db, book.venue, old.id, new, now=LATER)
    assert book.rows() == before

    moved = amend(book, old, new)

    assert (offer.starts_at, offer.ends_at, offer.table_ids) == (
        moved.starts_at,
        moved.ends_at,
        moved.table_ids,
    )


def test_a_dead_hold_is_not_in_the_way_of_a_proposal_which_sweeps_nothing(book: Book) -> None:
    old = book.reserve(wish(day=SATURDAY, size=10))
    book.hold(wish(size=10), "200")
    before = book.rows()
    with book.database.reading() as db:
        offer = reservations.propose(
            db, book.venue, old.id, wish(size=10), now=NOON + timedelta(minutes=5)
        )

    assert offer.starts_at == rome("19:00")
    assert book.rows() == before


def test_a_combination_that_moves_frees_all_its_tables(book: Book) -> None:
    small = Book.opened(
        book.database,
        restaurant={"slug": "small"},
        tables=[table("T1"), table("T2")],
    )
    joined = small.reserve(wish(size=4))
    assert small.tables(joined) == ["T1", "T2"]

    alone = amend(small, joined, wish(size=2))

    assert small.tables(alone) == ["T1"]
    assert small.tables(small.hold(wish(), "200")) == ["T2"]
    assert alone == replace(
        joined, party_size=2, ends_at=rome("20:30"), table_ids=alone.table_ids, version=2
    )
