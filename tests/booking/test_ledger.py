"""Writing the book: one event a step, occupancies with the state, codes of their own."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from restaurants import FRIDAY, NOON, SATURDAY, Book, rome, wish

from booking import availability, ledger, models
from booking.errors import IllegalStep
from booking.events import Kind
from booking.ledger import CODE_ALPHABET, CODE_LENGTH
from booking.lifecycle import LIFECYCLE, LIVE, State
from booking.lookups import Reservation

LATER = NOON + timedelta(minutes=1)


def way_to(state: State) -> list[State]:
    """The shortest way from a hold to a state."""
    ways = {State.HELD: [State.HELD]}
    for known in (ahead := [State.HELD]):
        for new in sorted(LIFECYCLE[known] - ways.keys()):
            ways[new] = [*ways[known], new]
            ahead.append(new)
    return ways[state][1:]


def step(book: Book, old: Reservation, wanted: State) -> Reservation:
    return book.do(ledger.step, old, wanted, Kind.NOTED, actor="staff:Ada", now=LATER)


def in_state(book: Book, state: State) -> Reservation:
    """A reservation in a state, alone in the book."""
    with book.database.transaction() as db:
        for row in (models.BookingEvent, models.Occupancy, models.Reservation):
            db.execute(sa.delete(row))
    found = book.hold(wish())
    for wanted in way_to(state):
        found = step(book, found, wanted)
    return found


@pytest.mark.parametrize("state", State)
def test_a_step_is_legal_and_written_with_one_event_or_refused_and_nothing_changes(
    book: Book, state: State
) -> None:
    for wanted in State:
        old = in_state(book, state)
        before, history = book.rows(), book.events(old)
        if wanted not in LIFECYCLE[state]:
            with pytest.raises(IllegalStep):
                step(book, old, wanted)
            assert book.rows() == before
            continue

        new = step(book, old, wanted)

        assert book.get(new) == new == replace(old, state=wanted, held_until=None)
        *earlier, event = book.events(new)
        assert earlier == history
        assert (event["actor"], event["at"]) == ("staff:Ada", LATER)
        assert (event["from_state"], event["to_state"]) == (state, wanted)
        assert (event["party_size"], event["version"]) == (2, 1)
        assert (event["starts_at"], event["ends_at"]) == (rome("19:00"), rome("20:30"))
        assert event["tables"] == ["T1"]
        assert book.live(new) == [wanted in LIVE]


def test_an_event_tells_neither_name_nor_request(book: Book) -> None:
    held = book.hold(wish(), request="a nut allergy")

    assert "allergy" not in repr(book.events(held))
    assert "request" not in models.BookingEvent.__table__.columns


def test_a_hold_is_born_with_one_event(book: Book) -> None:
    held = book.hold(wish(size=3))

    (event,) = book.events(held)
    assert (event["kind"], event["from_state"], event["to_state"]) == ("held", None, "held")
    assert (event["actor"], event["at"], event["before"]) == ("guest", NOON, None)


def move(book: Book, old: Reservation, at: str, size: int = 2) -> Reservation:
    day = old.service_date
    found = availability.check(book.venue, [], wish(at, size, day), now=NOON)
    assert isinstance(found, availability.Offer)
    new = replace(
        old,
        party_size=size,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        table_ids=found.table_ids,
    )
    return book.do(ledger.rewrite, old, new, actor="guest", now=LATER)


def test_the_version_rises_with_date_time_and_size_only(book: Book) -> None:
    first = book.reserve(wish())
    noted = book.do(
        ledger.rewrite, first, replace(first, request="a pram"), actor="guest", now=LATER
    )
    extended = book.do(
        ledger.rewrite, noted, replace(noted, held_until=LATER), actor="guest", now=LATER
    )
    _, second, *_ = book.venue.floor.names
    elsewhere = book.do(
        ledger.rewrite,
        extended,
        replace(extended, table_ids=(second,)),
        actor="staff:Ada",
        now=LATER,
    )
    later = move(book, elsewhere, "19:30")
    larger = move(book, later, "19:30", 4)

    versions = [r.version for r in (first, noted, extended, elsewhere, later, larger)]
    assert versions == [1, 1, 1, 1, 2, 3]
    assert [event["kind"] for event in book.events(first)] == [
        "held",
        "reserved",
        "noted",
        "moved",
        "changed",
        "changed",
    ]


def test_a_change_keeps_what_was_before(book: Book) -> None:
    first = book.reserve(wish())
    move(book, first, "20:00", 4)

    changed = book.events(first)[-1]
    assert changed["before"] == {
        "party_size": 2,
        "starts_at": rome("19:00").isoformat(),
        "ends_at": rome("20:30").isoformat(),
        "tables": ["T1"],
    }
    assert (changed["party_size"], changed["tables"]) == (4, ["T3"])


def test_a_move_leaves_no_occupancy_behind(book: Book) -> None:
    first = book.reserve(wish(size=4))
    both = tuple(book.venue.floor.names)[:2]
    joined = book.do(
        ledger.rewrite, first, replace(first, table_ids=both), actor="guest", now=LATER
    )

    assert book.live(first) == [True, True]
    assert book.get(joined).table_ids == both


@pytest.fixture
def codes(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Decide which codes are drawn."""

    def draw(*words: str) -> None:
        letters = iter("".join(words))
        monkeypatch.setattr(secrets, "choice", lambda _: next(letters))

    return draw


def test_a_code_has_four_signs_that_nobody_mistakes_for_another(book: Book) -> None:
    code = book.hold(wish()).code

    assert len(code) == CODE_LENGTH == 4
    assert set(code) <= set(CODE_ALPHABET)
    assert CODE_ALPHABET.isupper()
    for look_alikes in ("0OQ", "1IL", "2Z", "5S", "8B", "6G"):
        assert len(set(look_alikes) & set(CODE_ALPHABET)) <= 1


def test_a_code_that_is_taken_is_drawn_again(book: Book, codes: Callable[..., None]) -> None:
    codes("AAAA", "AAAA", "AAAA", "CCCC")

    assert book.hold(wish()).code == "AAAA"
    assert book.hold(wish()).code == "CCCC"


def test_a_code_is_never_used_again_even_after_a_cancellation(
    book: Book, codes: Callable[..., None]
) -> None:
    codes("AAAA", "AAAA", "CCCC")
    step(book, book.hold(wish()), State.CANCELLED)

    assert book.hold(wish(day=SATURDAY)).code == "CCCC"


def test_another_venue_may_have_the_same_code(book: Book, codes: Callable[..., None]) -> None:
    codes("AAAA", "AAAA")
    other = Book.opened(book.database, restaurant={"slug": "alba"})

    assert book.hold(wish(day=FRIDAY)).code == other.hold(wish(day=FRIDAY)).code == "AAAA"
