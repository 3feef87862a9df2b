"""One evening, end to end: real servers, real processes, providers over HTTP, no short cut.

Production is PostgreSQL, Redis and a worker process of its own; embedded is SQLite and one process.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from evening import STAFF, Evening, day, open_evening


@pytest.fixture(scope="module", params=["production", "embedded"])
def evening(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Evening]:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "embedded":
        with open_evening(
            folder, database_url=f"sqlite:///{folder}/house.db", redis_url=None
        ) as found:
            yield found
        return
    server = request.getfixturevalue("postgres_url")
    admin = sa.create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE evening"))
    with open_evening(
        folder,
        database_url=f"{server}/evening",
        redis_url=request.getfixturevalue("redis_url"),
    ) as found:
        yield found
    with admin.connect() as connection:
        connection.execute(sa.text("DROP DATABASE evening WITH (FORCE)"))
    admin.dispose()


def only(visits: list[dict[str, Any]]) -> dict[str, Any]:
    (visit,) = visits
    return visit


def test_a_guest_books_by_telegram_with_a_button(evening: Evening) -> None:
    said, iso = day(2)
    held = evening.say("501", f"table for 2 on {said} at 7pm, we have a pram")
    assert "19:00" in held
    assert "pram" in held
    assert only(evening.visits("501"))["state"] == "held"

    assert "Booked" in evening.press("501", "Book it")
    visit = only(evening.visits("501"))
    assert visit["state"] == "reserved"
    assert visit["starts_at"] == f"{iso}T19:00:00+00:00"
    assert visit["guest"] == {"name": "Anna", "channel": "telegram", "address": "501"}
    evening.wait_for_alert("New: 2 people", visit["code"])


def test_a_guest_books_by_sms_in_italian(evening: Evening) -> None:
    said, _ = day(2)
    number = "+447700900201"
    assert "20:00" in evening.say(number, f"un tavolo per 4 il {said.split()[0]}, alle 20")
    assert "Prenotato" in evening.say(number, "1")

    visit = only(evening.visits(number))
    assert (visit["state"], visit["party_size"], visit["tables"]) == ("reserved", 4, ["T3"])
    evening.wait_for_alert("New: 4 people", visit["code"])


def test_a_guest_in_two_channels_is_one_once_the_number_is_shared(evening: Evening) -> None:
    said, _ = day(4)
    number, chat = "+447700900211", "511"
    evening.say(number, f"table for 2 on {said} at 7pm")
    evening.say(number, "1")
    visit = only(evening.visits(number))
    evening.say(chat, "hello")
    before = len(evening.heard(chat))
    evening.post("telegram/send", chat_id=int(chat), kind="contact", number=number)

    assert "now I know your number" in evening.wait_for_answer(chat, before)
    assert visit["code"] in evening.say(chat, "what have I booked?")
    guest = {"name": "Anna", "channel": "telegram", "address": chat}
    assert only(evening.visits(chat)) == visit | {"guest": guest}


def test_two_guests_want_the_last_table(evening: Evening) -> None:
    said, _ = day(3)
    guests = ("502", "+447700900202")
    before = {guest: len(evening.heard(guest)) for guest in guests}
    for guest in guests:
        evening.send(guest, f"table for 6 on {said} at 8pm")
    answers = [evening.wait_for_answer(guest, before[guest]) for guest in guests]

    assert sorted("held for you" in answer for answer in answers) == [False, True]
    assert sorted("1) " in answer for answer in answers) == [False, True]
    assert [r["state"] for guest in guests for r in evening.visits(guest)] == ["held"]


def test_a_large_party_waits_for_the_staff(evening: Evening) -> None:
    said, _ = day(4)
    number = "+447700900203"
    evening.say(number, f"table for 10 on {said} at 8pm")
    before = len(evening.heard(number))
    evening.send(number, "1")
    evening.wait_for_answer(number, before)
    assert only(evening.visits(number))["state"] == "requested"
    evening.wait_for_alert("decide", only(evening.visits(number))["code"])

    evening.press(STAFF, "Accept")
    assert "Good news" in evening.wait_for_answer(number, before + 1)
    assert only(evening.visits(number))["state"] == "reserved"


def test_the_reminder_goes_out_once(evening: Evening) -> None:
    said, iso = day(6)
    evening.say("503", f"table for 2 on {said} at 19:30")
    evening.press("503", "Book it")
    before = len(evening.heard("503"))
    due = datetime.fromisoformat(f"{iso}T19:30+00:00") - timedelta(days=1)
    for minutes in (-1, 0, 1):
        evening.run("run-due", "--now", (due + timedelta(minutes=minutes)).isoformat())

    assert [text for text in evening.heard("503")[before:] if "expects you" in text]
    assert len(evening.heard("503")) == before + 1


def test_a_visit_moves_half_an_hour_on_its_own_table(evening: Evening) -> None:
    said, iso = day(7)
    number = "+447700900204"
    evening.say(number, f"table for 2 on {said} at 19:00")
    evening.say(number, "1")
    before = only(evening.visits(number))

    assert "19:30" in evening.say(number, "can we change to 19:30")
    assert "Changed" in evening.say(number, "1")
    after = only(evening.visits(number))
    assert after["starts_at"] == f"{iso}T19:30:00+00:00"
    assert (after["tables"], after["code"]) == (before["tables"], before["code"])
    evening.wait_for_alert("Changed", after["code"])


def test_a_visit_is_cancelled(evening: Evening) -> None:
    said, _ = day(8)
    evening.say("504", f"table for 2 on {said} at 8pm")
    evening.press("504", "Book it")
    evening.say("504", "please cancel my booking")
    assert "Cancelled" in evening.press("504", "Cancel it")

    visit = only(evening.visits("504"))
    assert visit["state"] == "cancelled"
    evening.wait_for_alert("Cancelled", visit["code"])


def test_after_stop_nothing_more_is_sent(evening: Evening) -> None:
    said, iso = day(9)
    number = "+447700900205"
    evening.say(number, f"table for 2 on {said} at 8pm")
    evening.say(number, "1")
    visit = only(evening.visits(number))
    before = len(evening.heard(number))
    evening.send(number, "STOP")
    evening.wait_for_alert("no more messages", visit["code"])
    evening.run("run-due", "--now", f"{iso}T19:00:00+00:00")

    assert len(evening.heard(number)) == before
    assert only(evening.visits(number))["state"] == "reserved"


def test_webhooks_that_come_twice_and_out_of_order_change_nothing_more(evening: Evening) -> None:
    said, _ = day(10)
    number = "+447700900206"
    evening.faults("sms", duplicate=True, reorder=True)
    evening.faults("telegram", duplicate=True)
    try:
        for guest in (number, "505"):
            evening.say(guest, f"table for 2 on {said} at 8pm")
            evening.say(guest, "1")
    finally:
        evening.faults("sms", duplicate=False, reorder=False)
        evening.faults("telegram", duplicate=False)

    for guest in (number, "505"):
        assert only(evening.visits(guest))["state"] == "reserved"
        assert len([t for t in evening.heard(guest) if "held for you" in t]) == 1


def test_nobody_is_kept_waiting_and_nothing_is_left_lying(evening: Evening) -> None:
    ready = evening.ready()

    assert ready["ready"] is True
    assert ready["worker_seen_seconds"] < 30
    assert ready["oldest_unhandled_seconds"] is None


def test_the_log_holds_no_texts_no_numbers_no_secrets_and_no_stack_traces(
    evening: Evening,
) -> None:
    log = evening.log.read_text()

    assert "pram" not in log
    assert "+447700900201" not in log
    assert "1000000001:simulator" not in log
    assert "Traceback" not in log
    assert all(json.loads(line) for line in log.splitlines() if line.startswith("{"))


def test_the_book_is_printed_as_the_contract_says(evening: Evening) -> None:
    keys = {
        *("code", "venue", "state", "party_size", "starts_at", "ends_at", "tables"),
        *("held_until", "guest", "request", "source", "created_at"),
    }
    printed = json.loads(evening.run("reservations", "--json"))
    assert all(set(visit) == keys for visit in printed)
    assert printed == evening.book()
    assert evening.run("reservations", "--json", "--on", "2000-01-01") == "[]\n"
