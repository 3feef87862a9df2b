"""Eight sessions at once: a freed place is given once, to the first in line, and none is missed.

As in `test_races.py` each race has its control beside it, and nothing depends on luck.
"""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from races import PATIENCE, TAKES, once_others_wait, race, sessions_waiting, together_at
from restaurants import FRIDAY, NOON, Book, rome, wish
from servers import wait_until
from waitlists import (
    LARGE,
    WINDOW,
    awaited,
    fill,
    free,
    in_line,
    join,
    look,
    party_at,
    state_of,
    try_to_join,
)

from booking import lookups, merging, models, openings, reservations
from booking.database import Database
from booking.errors import NoAvailability
from booking.lifecycle import LIVE, State
from booking.lookups import Reservation
from booking.waiting import EntryState

SESSIONS = 8
LATER = NOON + timedelta(minutes=15)
SECOND = timedelta(seconds=1)


def takers(book: Book) -> list[Reservation]:
    """Who has the large table at eight, as the rows tell."""
    row = models.Reservation
    with book.database.reading() as db:
        found = lookups.fetch(db, row.starts_at < rome("22:00"), row.ends_at > rome("20:00"))
    return [r for r in found if r.state in LIVE and r.party_size == LARGE.party_size]


def newcomer(book: Book, guest: int) -> Reservation:
    return book.do(reservations.place_hold, LARGE, guest, source="sms", now=LATER)


def everybody(book: Book) -> list[Callable[[], object]]:
    """Schedulers that look and guests who come anew, in turns, a quarter of an hour later."""
    guests = [book.guest(f"9{n}") for n in range(SESSIONS // 2)]
    news = [partial(newcomer, book, guest) for guest in guests]
    looks = [partial(look, book, LATER) for _ in guests]
    return [act for pair in zip(looks, news, strict=True) for act in pair]


@pytest.fixture
def full(book: Book) -> Book:
    fill(book)
    return book


@pytest.fixture
def unguarded(new_postgres: Callable[[], str], open_database: Callable[[str], Database]) -> Book:
    """The same in a database without its last line."""
    book = Book.opened(open_database(new_postgres()))
    with book.database.transaction() as db:
        db.execute(sa.text("ALTER TABLE occupancy DROP CONSTRAINT ex_occupancy_live"))
    fill(book)
    return book


def all_at_once(book: Book, acts: list[Callable[[], object]]) -> list[object]:
    if book.database.is_sqlite:  # nobody else even begins a transaction
        return race(*acts)
    with once_others_wait(book.database, TAKES, len(acts) - 1):
        return race(*acts)


def test_one_freed_place_makes_one_opening_for_the_first_in_line(full: Book) -> None:
    entries = [join(full, WINDOW, str(n)) for n in range(200, 206)]
    free(full, now=LATER)
    ends = all_at_once(full, everybody(full))

    (opening,) = takers(full)
    assert (opening.state, opening.guest_id) == (State.HELD, entries[0].guest_id)
    assert [state_of(full, e) for e in entries] == ["offered", *["waiting"] * 5]
    assert sum(isinstance(end, NoAvailability) for end in ends) == SESSIONS // 2
    assert sum(isinstance(end, list) for end in ends) == SESSIONS // 2


@pytest.mark.usefixtures("without_lock")
def test_control_without_the_lock_it_is_given_again_and_again(unguarded: Book) -> None:
    join(unguarded, WINDOW)
    free(unguarded, now=LATER)
    with together_at(unguarded.database, TAKES, SESSIONS):
        race(*[partial(look, unguarded, LATER) for _ in range(SESSIONS)])

    assert len(takers(unguarded)) == SESSIONS


def test_a_yes_at_the_last_moment_and_the_next_in_line_never_both_have_it(full: Book) -> None:
    first, second = join(full, WINDOW, "200"), join(full, WINDOW, "201")
    free(full)
    (opening,) = look(full)
    yes = partial(full.do, reservations.confirm, opening.id, now=LATER)
    all_at_once(full, [yes, *everybody(full)[1:]])

    (taker,) = takers(full)
    assert taker.guest_id == second.guest_id
    assert (state_of(full, first), state_of(full, second)) == ("lapsed", "offered")


def test_openings_run_out_and_are_let_go_at_once_and_all_find_the_next(full: Book) -> None:
    entries = [join(full, WINDOW, str(n)) for n in range(200, 205)]
    small = [full.reserve(wish("20:00"), str(n)).id for n in range(300, 303)]
    free(full)
    (opening,) = look(full)
    lets_go = partial(full.do, reservations.release, opening.id, now=LATER - SECOND)
    looks = [partial(look, full, LATER) for _ in range(4)]
    cancels = [partial(full.do, reservations.cancel, number, now=LATER) for number in small]
    ends = race(lets_go, *looks, *cancels)
    look(full, LATER + SECOND)

    assert not [end for end in ends if isinstance(end, Exception)]
    assert [state_of(full, e) for e in entries[1:]] == ["offered", *["waiting"] * 3]
    assert len(takers(full)) == 1


def free_while_others_look(book: Book, observer: Database) -> None:
    """Let a party cancel, uncommitted until a look that missed it wants to write down so."""
    freed = threading.Event()

    def cancel() -> None:
        with book.database.transaction() as db:
            reservations.cancel(db, book.venue, party_at(book).id, now=NOON + SECOND)
            freed.set()
            wait_until(lambda: sessions_waiting(observer) == 1, what="the look")

    def others_look() -> None:
        freed.wait(PATIENCE)
        assert look(book, NOON + 2 * SECOND) == []

    assert race(cancel, others_look) == [None, None]


@pytest.fixture
def observed(
    new_postgres: Callable[[], str], open_database: Callable[[str], Database]
) -> tuple[Book, Database]:
    """A full book on PostgreSQL with one who waits, and a database to watch it from."""
    url = new_postgres()
    book = Book.opened(open_database(url))
    book.guest("100")
    fill(book)
    join(book, WINDOW)
    return book, open_database(url)


def test_what_is_freed_while_others_look_is_looked_for_again(
    observed: tuple[Book, Database],
) -> None:
    book, observer = observed
    free_while_others_look(book, observer)

    assert awaited(book, NOON + 2 * SECOND) == [FRIDAY]
    assert len(look(book, NOON + 2 * SECOND)) == 1


def test_control_a_look_that_does_not_ask_what_was_freed_since_misses_it(
    observed: tuple[Book, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openings, "_freed_since", lambda *_: False)
    book, observer = observed
    free_while_others_look(book, observer)

    assert awaited(book, NOON + 2 * SECOND) == []


def merge_while_others_look(book: Book, observer: Database) -> list[object]:
    """Merge who waits into another guest, uncommitted until a look that saw them waits for it."""
    kept, gone = book.guest("100"), book.guest("200")
    free(book)
    merged = threading.Event()

    def merge() -> None:
        with book.database.transaction() as db:
            merging.merge(db, gone, kept)
            merged.set()
            wait_until(lambda: sessions_waiting(observer) == 1, what="the look")

    def others_look() -> list[int]:
        merged.wait(PATIENCE)
        return [opening.guest_id for opening in look(book)]

    ends: list[object] = [*race(merge, others_look)]
    assert ends[0] is None
    return [ends[1], [kept]]


def test_who_is_merged_while_others_look_gets_the_opening_as_who_stays(
    observed: tuple[Book, Database],
) -> None:
    given, to_who_stays = merge_while_others_look(*observed)

    assert given == to_who_stays


def test_control_without_a_look_at_the_guest_the_opening_is_for_nobody(
    observed: tuple[Book, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openings, "_guest_of", lambda _, entry: entry.guest_id)

    assert isinstance(merge_while_others_look(*observed)[0], sa.exc.IntegrityError)


def test_who_joins_many_times_at_once_waits_once(full: Book) -> None:
    full.guest("200")
    ends = race(*[partial(try_to_join, full, WINDOW) for _ in range(SESSIONS)])

    assert not [end for end in ends if isinstance(end, Exception)]
    (entry,) = in_line(full)
    assert entry.state is EntryState.WAITING
