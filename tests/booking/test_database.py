"""Transactions and instants, on both databases."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from restaurants import NOON, Book, rome, wish

from booking import database as rooms
from booking import models
from booking.database import Database, insert_new, is_outage
from booking.errors import Busy


def test_a_transaction_that_raises_leaves_nothing(book: Book) -> None:
    before = book.rows()

    def crash() -> None:
        with book.database.transaction() as db:
            row = models.ServiceDay
            db.execute(sa.insert(row).values(venue_id=book.venue.id, service_date=NOON.date()))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        crash()
    assert book.rows() == before
    with book.database.reading() as db:
        assert db.execute(sa.select(models.ServiceDay.id)).all() == []
    assert book.hold(wish())  # and nothing is locked


def test_an_instant_needs_a_zone(book: Book) -> None:
    naive = rome("19:00").replace(tzinfo=None)
    with pytest.raises(sa.exc.StatementError, match="needs a zone"), book.database.reading() as db:
        db.execute(sa.select(models.Reservation.id).where(models.Reservation.starts_at < naive))


def test_an_instant_comes_back_as_the_same_instant_in_utc(database: Database) -> None:
    far_east = timezone(timedelta(hours=9, minutes=30))
    instant = datetime(2026, 3, 29, 2, 30, 15, 123456, tzinfo=far_east)
    with database.transaction() as db:
        values = {"slug": "x", "revision": "1", "rules": {}, "loaded_at": instant}
        db.execute(sa.insert(models.Venue).values(values))
        (back,) = db.execute(sa.select(models.Venue.loaded_at)).scalars()

    assert back == instant
    assert back.tzinfo == UTC


def test_instants_are_compared_as_instants_whatever_their_zone(database: Database) -> None:
    with database.transaction() as db:
        for hours in (-11, 0, 13):
            zone = timezone(timedelta(hours=hours))
            instant = (NOON + timedelta(minutes=hours)).astimezone(zone)
            new = sa.insert(models.Venue).values(slug=f"{hours}", revision="1", rules={})
            db.execute(new.values(loaded_at=instant))
        row = models.Venue
        slugs = db.execute(sa.select(row.slug).order_by(row.loaded_at)).scalars().all()
        later = db.execute(sa.select(row.slug).where(row.loaded_at > NOON)).scalars().all()

    assert slugs == ["-11", "0", "13"]
    assert later == ["13"]


def test_a_row_that_is_there_already_is_left_as_it_is(database: Database) -> None:
    with database.transaction() as db:
        new = insert_new(db, models.Venue, "slug")
        for revision in ("first", "second"):
            db.execute(new.values(slug="x", revision=revision, rules={}, loaded_at=NOON))
        assert db.execute(sa.select(models.Venue.revision)).scalars().all() == ["first"]


def test_no_free_connection_in_time_is_busy_not_a_crash(
    empty_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rooms, "LOCK_TIMEOUT_MS", 20)
    database = Database(empty_url, pool_size=1)  # and one more in a burst
    with database.reading(), database.reading(), pytest.raises(Busy):  # noqa: SIM117
        with database.reading():
            pass
    database.close()


def test_other_faults_of_the_database_keep_their_name(database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError) as fault, database.reading() as db:
        db.execute(sa.text("SELECT nothing FROM nowhere"))

    assert not isinstance(fault.value, Busy)


def test_an_outage_is_told_from_a_fault_of_ours(
    database: Database, open_database: Callable[[str], Database], tmp_path: Path
) -> None:
    (tmp_path / "text.db").write_text("no database, but a text that is long enough to be one")
    nowhere = "postgresql+psycopg://me@127.0.0.1:9/x"
    for url in (nowhere, "sqlite:////nonexistent/x.db", f"sqlite:///{tmp_path}/text.db"):
        with pytest.raises(sa.exc.DBAPIError) as outage, open_database(url).reading():
            pass
        assert is_outage(outage.value)
    assert is_outage(Busy())

    for statement in ("SELECT nothing FROM nowhere", "SELEC 1", "SELECT nothing"):
        with pytest.raises(sa.exc.DBAPIError) as fault, database.reading() as db:
            db.execute(sa.text(statement))
        assert not is_outage(fault.value)


def test_sqlite_is_durable_and_knows_its_references(sqlite_database: Database) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
    with sqlite_database.reading() as db:
        found = {key: db.exec_driver_sql(f"PRAGMA {key}").scalar() for key in wanted}

    assert found == wanted


def test_postgres_always_sees_what_the_last_holder_of_a_lock_wrote(
    new_postgres: Callable[[], str], open_database: Callable[[str], Database]
) -> None:
    url = new_postgres()
    with open_database(url).transaction() as db:
        name = db.execute(sa.text("SELECT current_database()")).scalar_one()
        db.execute(
            sa.text(f"ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'")
        )
    with open_database(url).reading() as db:
        level = db.execute(sa.text("SHOW transaction_isolation")).scalar_one()

    assert level == "read committed"


@pytest.mark.parametrize(("rested", "lost"), [(0.0, False), (3600.0, True)])
def test_a_connection_that_has_rested_is_asked_before_it_is_used(
    new_postgres: Callable[[], str],
    open_database: Callable[[str], Database],
    monkeypatch: pytest.MonkeyPatch,
    *,
    rested: float,
    lost: bool,
) -> None:
    """A server that was started anew meanwhile costs nobody a message; the control is not asked."""
    monkeypatch.setattr(rooms, "RESTED", rested)
    url = new_postgres()
    ours, other = open_database(url), open_database(url)
    with ours.reading() as db:
        mine = db.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
    with other.transaction() as db:
        db.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": mine})

    failure = pytest.raises(sa.exc.OperationalError) if lost else nullcontext()
    with failure, ours.reading() as db:
        assert db.execute(sa.text("SELECT 1")).scalar_one() == 1
    with ours.reading() as db:  # whoever comes next has a new one
        assert db.execute(sa.text("SELECT 1")).scalar_one() == 1
