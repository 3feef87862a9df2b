"""A CSV file of reservations: each line gets its verdict, and nobody is told."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from front import GUEST, STAFF_CHAT, Front

from booking import guests
from booking.database import Database
from bot import importing, listing
from bot.importing import BadFile, Report
from bot.outbox import Kind

HEADER = "date,time,party_size,name,phone,tables,request,note"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database  # tests/booking has both


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "old.csv"


def run(front: Front, file: Path, *lines: str, header: str = HEADER, **options: Any) -> Report:
    file.write_text("\n".join([header, *lines]))
    with front.database.reading() as db:
        venue = importing.choose_venue(db, None)
    return importing.run(front.database, file, venue, now=front.clock(), **options)


def printed(front: Front) -> Sequence[dict[str, Any]]:
    with front.database.reading() as db:
        return listing.reservations(db, slug=None, service_date=None, now=front.clock())


GOOD = "2026-11-21,20:00,4,Rossi,02 9999 8888,,pram,regular"


def test_a_dry_run_judges_and_writes_nothing(front: Front, file: Path) -> None:
    report = run(front, file, GOOD, "2026-11-21,20:00,2,Bianchi,,T1,,")

    assert report.lines == [
        "line 2: 4 on 2026-11-21 20:00, Rossi, at T3",
        "line 3: 2 on 2026-11-21 20:00, Bianchi, at T1",
    ]
    assert (report.good, report.bad, report.is_written) == (2, 0, False)
    assert printed(front) == []


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("2026-11-21,20:00,4,Rossi,,T99,,", "no such table T99"),
        ("2026-11-21,20:00,4,Rossi,,T1,,", "T1 takes 2 at the most: 4 on 2026-11-21 20:00"),
        ("2026-11-19,20:00,4,Rossi,,,,", "reads as past: 4 on 2026-11-19 20:00"),
        ("2026-11-23,20:00,4,Rossi,,,,", "closed on 2026-11-23"),
        ("2026-11-21,12:00,4,Rossi,,,,", "nobody is seated at that time: 4 on 2026-11-21 12:00"),
        ("2026-11-21,20:00,40,Rossi,,,,", "no table takes more than 12: 40 on 2026-11-21 20:00"),
        ("21/11/2026,20:00,4,Rossi,,,,", "'21/11/2026' is no date written YYYY-MM-DD"),
        ("2026-11-21,8pm,4,Rossi,,,,", "'8pm' is no time, such as 19:30"),
        ("2026-11-21,20:00,four,Rossi,,,,", "'four' is no party size"),
        ("2026-11-21,20:00,0,Rossi,,,,", "'0' is no party size"),
        ("2026-11-21,20:00,4,Rossi,12ab,,,", "'12ab' is no phone number"),
        ("2026-11-21,20:00,4,,,,,", "has neither name nor phone"),
        (f"2026-11-21,20:00,4,{'R' * 81},,,,", "its name is longer than 80 characters"),
    ],
)
def test_a_line_that_cannot_be_says_why(front: Front, file: Path, line: str, verdict: str) -> None:
    report = run(front, file, line, GOOD, commit=True)

    assert report.lines[0].startswith(f"line 2: {verdict}")
    assert (report.bad, report.is_written) == (1, False)
    assert printed(front) == []


def test_an_overlap_is_refused_line_by_line(front: Front, file: Path) -> None:
    front.say(GUEST, "table for 10 tomorrow at 8pm")
    report = run(front, file, "2026-11-21,21:00,10,Verdi,,,,", GOOD, commit=True, skip_bad=True)

    assert report.lines[0] == "line 2: no table free for 10 on 2026-11-21 21:00"
    assert (report.good, report.bad, report.is_written) == (1, 1, True)


def test_what_is_imported_stands_in_the_book_and_is_found_again(front: Front, file: Path) -> None:
    lines = (GOOD, "2026-11-21,20:00,2,Bianchi,,T1+T2,,")
    assert run(front, file, *lines, commit=True).is_written
    again = run(front, file, *lines, commit=True)
    first, second = printed(front)

    assert (again.known, again.is_written) == (2, False)
    assert again.lines[0] == f"line 2: already in the book as {first['code']}"
    assert first["guest"] == {"name": "Rossi", "channel": "sms", "address": "+390299998888"}
    assert (first["state"], first["request"], first["source"]) == ("reserved", "pram", "import")
    assert second["guest"] == {"name": "Bianchi", "channel": None, "address": None}
    assert second["tables"] == ["T1", "T2"]


def test_nobody_is_told_and_only_who_has_written_is_reminded(front: Front, file: Path) -> None:
    front.say(GUEST, "hello")
    heard = len(front.heard(GUEST))
    run(front, file, f"2026-11-25,20:00,2,Anna,{GUEST},,,", GOOD, commit=True)
    front.run_due()

    assert front.heard(str(STAFF_CHAT)) == []
    assert len(front.heard(GUEST)) == heard
    assert [row["address"] for row in front.outbox(kind=Kind.REMINDER)] == [GUEST]


def test_whoever_texts_from_the_number_finds_the_visit(front: Front, file: Path) -> None:
    run(front, file, f"2026-11-25,20:00,2,Anna,{GUEST},,,", commit=True)

    assert "20:00" in (front.say(GUEST, "when is my table?") or "")


def test_an_imported_number_proves_nothing_and_an_imported_allergy_is_not_kept_for_ever(
    front: Front, file: Path
) -> None:
    line = f"2026-11-25,20:00,2,Anna,{GUEST},,allergic to nuts,"
    run(front, file, line, GOOD, commit=True)
    with front.database.reading() as db:
        (anna,) = guests.named(db, 1, "anna", limit=9)
    assert [contact.verified_at for contact in anna.contacts] == [None]
    assert anna.allergies == "allergic to nuts"

    front.clock.forward(days=7)
    front.run_due()
    assert {visit.request for visit in front.book()} == {None, "pram"}
    assert "already in the book" in run(front, file, line).lines[0]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_files_of_spreadsheets_are_read(front: Front, file: Path, mark: str) -> None:
    header = f"{mark}Name;Date;TIME;Party_size;Colour"
    lines = ('"Rossi; and\nfamily";21/11/2026;20.00;4;red', "", "Verdi;21/11/2026;9:5;2;")
    report = run(front, file, *lines, header=header, date_format="%d/%m/%Y")

    assert report.remarks == ["not read: column colour"]
    assert report.lines[0] == "line 2: 4 on 2026-11-21 20:00, Rossi; and family, at T3"
    assert report.lines[1].startswith("line 5: '9:5' is no time")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"name,time\n", "the header has no date, party_size"),
        (b"date,time,party_size,name,name\n", "the header names a column twice"),
        (b"date,time,party_size,name\n", "has no lines below its header"),
        (b"date,time,party_size,name\n\xff", "is not UTF-8 text"),
        (b"", "the header has no date"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line(
    front: Front, file: Path, text: bytes, reason: str
) -> None:
    file.write_bytes(text)
    with front.database.reading() as db:
        venue = importing.choose_venue(db, "aurora")
    with pytest.raises(BadFile, match=reason):
        importing.read(file, venue, date_format=None)


def test_several_venues_need_a_name(front: Front) -> None:
    with front.database.reading() as db, pytest.raises(BadFile, match="there is no venue 'x'"):
        importing.choose_venue(db, "x")
