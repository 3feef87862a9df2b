"""An old book taken over: what holds for it, what does not, and never two parties at one table."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from races import ENTERS, TAKES, once_others_wait, race, together_at
from restaurants import FRIDAY, MONDAY, NOON, SATURDAY, Book, a_venue, period, wish

from booking import guests, imports, looking, models, reservations
from booking.availability import Offer
from booking.database import Database
from booking.errors import Busy, NoAvailability
from booking.imports import Entry, Known, Refused, Verdict, Why
from booking.seating import Stay


def entry(at: str = "19:00", size: int = 2, *, who: str = "", **more: Any) -> Entry:
    """An entry on Friday, of somebody else each time."""
    values = {"date": FRIDAY, "who": who or f"guest {len(_MET)}", **more}
    _MET.append(values["who"])
    return Entry(party_size=size, time=dt.time.fromisoformat(at), **values)


_MET: list[str] = []
NO_TABLE = Refused(why=Why.NO_TABLE)


def plan(*entries: Entry, stays: list[Stay] | None = None, **venue: Any) -> list[Verdict]:
    evenings = {day: list(stays or []) for day in (FRIDAY, SATURDAY, MONDAY)}
    return imports.plan(a_venue(**venue), evenings, {}, entries, now=NOON)


def why(*entries: Entry, **venue: Any) -> list[Why | None]:
    found = plan(*entries, **venue)
    return [verdict.why if isinstance(verdict, Refused) else None for verdict in found]


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (entry(date=FRIDAY - dt.timedelta(days=1)), Why.PAST),
        (entry(date=MONDAY), Why.CLOSED),
        (entry("12:30"), Why.OUTSIDE_HOURS),
        (entry(size=13), Why.TOO_LARGE),
        (entry(tables=("T9",)), Why.UNKNOWN_TABLE),
        (entry(size=3, tables=("T1",)), Why.TABLE_TOO_SMALL),
        (entry(size=5, tables=("T1", "T2")), Why.TABLE_TOO_SMALL),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(wanted: Entry, reason: Why) -> None:
    assert why(wanted) == [reason]


def test_a_closure_is_told_with_its_reason() -> None:
    closed = [{"date": FRIDAY.isoformat(), "reason": "Wedding"}]
    (verdict,) = plan(entry(), closures=closed)

    assert verdict == Refused(why=Why.CLOSED, fields={"date": FRIDAY, "closure": "Wedding"})


def test_the_hour_that_the_clocks_skip_is_refused() -> None:
    spring = dt.date(2027, 3, 28)
    late = period(last_seating="03:30", closes="05:00")
    (verdict,) = imports.plan(
        a_venue(service_periods=[late]), {}, {}, [entry("02:30", date=spring)], now=NOON
    )
    assert isinstance(verdict, Refused)
    assert verdict.why is Why.NO_SUCH_TIME


@pytest.mark.parametrize(
    "rules",
    [
        {"policy": {"booking_window_days": 0}, "service_periods": [period(pacing_covers=1)]},
        {"policy": {"min_notice_minutes": 600, "approval_party_size": 1}},
        {"policy": {"max_party_size": 1}},
    ],
)
def test_rules_of_the_house_do_not_hold_for_what_is_agreed(rules: dict[str, Any]) -> None:
    assert why(entry(date=SATURDAY), **rules) == [None]
    assert why(entry(), **rules) == [None]


def test_a_time_between_two_slots_is_kept(database: Database) -> None:
    book = Book.opened(database)
    (offer,) = take_over(book, entry("19:10"))

    assert isinstance(offer, Offer)
    assert book.venue.local(offer.starts_at).time() == dt.time(19, 10)
    assert offer.ends_at - offer.starts_at == dt.timedelta(minutes=90)


def test_a_small_party_may_have_named_a_large_table() -> None:
    (offer,) = plan(entry(size=1, tables=("T4",)))

    assert isinstance(offer, Offer)


def test_lines_stand_in_each_others_way() -> None:
    assert why(entry(size=10), entry(size=10)) == [None, Why.NO_TABLE]
    assert why(entry(tables=("T1",)), entry(tables=("T1",))) == [None, Why.TABLE_TAKEN]
    assert why(entry("18:00", tables=("T1",)), entry("19:30", tables=("T1",))) == [None, None]


def test_who_named_a_table_gets_it_whatever_the_order() -> None:
    assert why(entry(size=10), entry(size=10, tables=("T4",))) == [Why.NO_TABLE, None]


def test_the_same_visit_twice_in_a_file_is_one() -> None:
    first, again = plan(entry(who="Rossi"), entry(who="ROSSI"))

    assert isinstance(first, Offer)
    assert again == Known(code=None)
    assert why(entry(who="Rossi"), entry(who="Rossi", size=3)) == [None, None]


def test_the_same_guest_at_two_tables_comes_with_two_parties(book: Book) -> None:
    one, two = (entry(who="Rossi", tables=(name,)) for name in ("T1", "T2"))
    first = take_over(book, one)
    again = take_over(book, two, one, two, entry(who="Rossi"))
    codes = [verdict.code if isinstance(verdict, Known) else "new" for verdict in again]

    assert isinstance(first[0], Offer)
    assert codes[0] == "new"
    assert codes[1] not in {None, "new"}
    assert codes[2] is None
    assert len(live(book)) == 2
    assert all(isinstance(verdict, Known) and verdict.code for verdict in take_over(book, two, one))


def take_over(book: Book, *entries: Entry, skip: bool = False) -> list[Verdict]:
    """Import, as the operator does."""

    def guest_of(found: Entry) -> int:
        return guests.meet(db, book.venue.id, "desk", found.who, name=found.who, now=NOON).id

    with book.database.transaction() as db:
        return imports.enter(
            db,
            book.venue,
            entries,
            guest_of=guest_of,
            skip_refused=skip,
            actor="staff:import",
            now=NOON,
        )


def live(book: Book) -> list[Any]:
    row = models.Occupancy
    with book.database.reading() as db:
        return list(db.execute(sa.select(row.table_id, row.starts_at).where(row.live)).all())


def test_what_stands_in_the_book_is_not_sold_again(book: Book) -> None:
    book.hold(wish("19:00", 10))

    assert take_over(book, entry(size=10)) == [NO_TABLE]
    (refused,) = take_over(book, entry(size=2, tables=("T4",)))
    assert isinstance(refused, Refused)
    assert refused.why is Why.TABLE_TAKEN
    assert len(live(book)) == 1


def test_a_hold_that_ran_out_is_in_nobodys_way(book: Book) -> None:
    book.hold(wish("19:00", 10), now=NOON - dt.timedelta(hours=1))
    (offer,) = take_over(book, entry(size=10))

    assert isinstance(offer, Offer)


def test_a_file_is_entered_whole_or_not_at_all(book: Book) -> None:
    good, bad = entry(), entry(date=MONDAY)
    take_over(book, good, bad)
    assert live(book) == []

    take_over(book, good, bad, skip=True)
    assert len(live(book)) == 1


def test_a_file_may_be_imported_twice(book: Book) -> None:
    old = entry(who="Rossi", request="pram", note="regular")
    take_over(book, old)
    (again,) = take_over(book, old)

    assert isinstance(again, Known)
    with book.database.reading() as db:
        (found,) = db.execute(sa.select(models.Reservation.__table__)).mappings()
    kept = (found["code"], found["request"], found["note"], found["source"], found["state"])
    assert kept == (again.code, "pram", "regular", "import", "reserved")


def test_what_was_cancelled_since_is_not_entered_again(book: Book) -> None:
    old = entry(who="Rossi")
    take_over(book, old)
    with book.database.transaction() as db:
        number = db.execute(sa.select(models.Reservation.id)).scalar_one()
        reservations.cancel(db, book.venue, number, actor="staff:Anna", now=NOON)
    (again,) = take_over(book, old)

    assert isinstance(again, Known)
    assert live(book) == []


def a_guest_meanwhile(book: Book) -> list[Callable[[], Any]]:
    """A file and a guest who both want the last table."""
    hold = partial(reservations.place_hold, wish=wish(size=10), source="sms", now=NOON)
    return [
        partial(take_over, book, entry(size=10)),
        partial(book.do, hold, guest_id=book.guest()),
    ]


def test_a_guest_at_the_same_moment_does_not_get_the_same_table(
    postgres_database: Database,
) -> None:
    book = Book.opened(postgres_database)
    with once_others_wait(book.database, TAKES, 1):
        ends = race(*a_guest_meanwhile(book))

    refused = [end for end in ends if isinstance(end, NoAvailability) or end == [NO_TABLE]]
    assert len(refused) == 1
    assert len(live(book)) == 1


def test_without_the_lock_only_the_last_line_refuses(
    postgres_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = Book.opened(postgres_database)
    monkeypatch.setattr(looking, "lock_service_dates", lambda *_: None)
    with together_at(book.database, ENTERS, 2):
        ends = race(*a_guest_meanwhile(book))

    # Two who enter the same table at once may also find that each waits for the other.
    losers = [end for end in ends if isinstance(end, Exception)]
    assert len(losers) == 1
    assert isinstance(losers[0], (sa.exc.IntegrityError, Busy))
