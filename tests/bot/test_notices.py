"""Notices: who hears of what, when, and that nobody hears of what is no longer true."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from front import CHAT, GUEST, STAFF_CHAT, Front
from hypothesis import given
from hypothesis import strategies as st
from restaurants import venue_data

from booking import approvals, quiet, remarks, reservations, venues
from booking.lifecycle import State
from booking.rules import Wish
from booking.venue import Venue
from booking.venue_file import VenueFile
from bot import notices

SUNDAY = "table for 2 on sunday at 8pm"
#: 24 hours before: Saturday, 20:00 in Rome.
DUE = datetime(2026, 11, 21, 19, tzinfo=UTC)


def book(front: Front, guest: str = GUEST, wish: str = SUNDAY) -> None:
    front.say(guest, wish)
    front.say(guest, "1")


def venue(front: Front) -> Venue:
    with front.database.reading() as db:
        return venues.every(db)[0]


def reminders(front: Front) -> list[str]:
    return [text for text in front.heard(GUEST) if "expects you" in text]


def test_the_reminder_goes_out_once_at_its_time(front: Front) -> None:
    book(front)
    front.clock.now = DUE - timedelta(seconds=1)
    front.run_due()
    assert reminders(front) == []

    front.clock.now = DUE
    for _ in range(3):
        front.run_due()
    assert len(reminders(front)) == 1
    assert "Sunday 22 November, 20:00" in reminders(front)[0]


def test_a_reminder_whose_time_has_passed_is_not_planned(front: Front) -> None:
    book(front, wish="table for 2 tomorrow at 11pm")
    book(front, wish="table for 2 today at 8pm")

    assert front.outbox(kind="reminder") == []


def test_a_moved_visit_is_reminded_of_at_its_new_time_only(front: Front) -> None:
    book(front)
    front.say(GUEST, "move it to tuesday")
    front.say(GUEST, "1")
    front.clock.now = DUE
    front.run_due()
    assert reminders(front) == []

    front.clock.now = DUE + timedelta(days=2)
    front.run_due()
    assert len(reminders(front)) == 1
    assert "Tuesday" in reminders(front)[0]


def test_a_cancelled_visit_is_not_reminded_of(front: Front) -> None:
    book(front)
    with front.database.transaction() as db:  # by whatever way it was cancelled
        reservations.cancel(
            db, venue(front), front.book()[0].id, actor="staff:Marta", now=front.clock()
        )
    front.clock.now = DUE
    front.run_due()

    assert reminders(front) == []
    assert front.outbox(kind="reminder")[0]["state"] == "suppressed"
    assert "had to cancel" in front.heard(GUEST)[-1]


def test_a_request_is_reminded_of_once_it_is_accepted(front: Front) -> None:
    book(front, wish="table for 10 on sunday at 8pm")
    assert front.outbox(kind="reminder") == []
    front.press(str(STAFF_CHAT), "Accept")

    assert len(front.outbox(kind="reminder")) == 1


def test_a_reminder_that_would_fall_into_quiet_hours_comes_earlier(empty_front: Front) -> None:
    front = empty_front
    hours = {"reminder_hours": "09:00-19:30"}
    front.open(venue_data(policy=hours))
    book(front)
    front.clock.now = DUE - timedelta(minutes=30)  # 19:30 in Rome
    front.run_due()

    assert len(reminders(front)) == 1


def test_a_reminder_that_an_outage_made_late_waits_for_the_morning(front: Front) -> None:
    book(front)
    front.clock.now = DUE + timedelta(hours=3)
    front.run_due()
    assert reminders(front) == []

    front.clock.now = datetime(2026, 11, 22, 8, tzinfo=UTC)  # 9:00 in Rome
    front.run_due()
    assert len(reminders(front)) == 1


def test_after_the_start_nobody_is_reminded(front: Front) -> None:
    book(front)
    front.clock.now = datetime(2026, 11, 22, 19, tzinfo=UTC)
    front.run_due()

    assert reminders(front) == []


@given(
    zone=st.sampled_from(["Europe/Rome", "America/New_York", "Australia/Lord_Howe", "UTC"]),
    day=st.dates(date(2026, 3, 1), date(2026, 12, 1)),
    minute=st.integers(0, 24 * 60 - 1),
    before=st.integers(1, 3 * 24 * 60),
    span=st.tuples(st.integers(0, 11 * 60), st.integers(12 * 60, 23 * 60)),
)
def test_no_reminder_is_due_in_quiet_hours_or_later_than_asked_for(
    zone: str, day: date, minute: int, before: int, span: tuple[int, int]
) -> None:
    first, last = span
    hours = f"{first // 60:02}:{first % 60:02}-{last // 60:02}:{last % 60:02}"
    data = venue_data(restaurant={"timezone": zone}, policy={"reminder_hours": hours})
    built = VenueFile.model_validate(data).build(1, "", {f"T{n}": n for n in range(1, 5)})
    wall = datetime(day.year, day.month, day.day, minute // 60, minute % 60)  # noqa: DTZ001
    starts_at = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)

    due = notices.reminder_due(built, starts_at, before)
    assert due <= starts_at - timedelta(minutes=before)
    assert not quiet.is_quiet(built, due)
    assert starts_at - timedelta(minutes=before) - due < timedelta(hours=25)


def test_a_guest_whose_hold_runs_out_is_told_and_can_still_say_yes(front: Front) -> None:
    front.say(GUEST, SUNDAY)
    front.clock.forward(minutes=5)
    front.run_due()

    assert "is free again" in front.heard(GUEST)[-1]
    assert front.alerts() == []
    assert "Booked" in (front.say(GUEST, "1") or "")


def test_a_guest_who_has_gone_on_hears_nothing_of_an_old_hold(front: Front) -> None:
    front.say(GUEST, SUNDAY)
    front.say(GUEST, "start over")
    front.clock.forward(minutes=5)
    front.run_due()

    assert "is free again" not in front.heard(GUEST)[-1]


@pytest.mark.parametrize("guest", [GUEST, CHAT])
def test_guests_hear_nothing_of_what_they_did_themselves(front: Front, guest: str) -> None:
    book(front, guest)
    front.say(guest, "cancel my booking")
    front.say(guest, "1")
    front.run_due()

    assert [row["kind"] for row in front.outbox(address=guest)].count("notice") == 0
    assert len(front.alerts()) == 2


def test_events_made_elsewhere_are_planned_by_the_scheduler(front: Front) -> None:
    book(front, wish="table for 10 on sunday at 8pm")
    with front.database.transaction() as db:
        approvals.decide(
            db,
            venue(front),
            front.book()[0].id,
            accept=True,
            actor="staff:Marta",
            now=front.clock(),
        )
    front.run_due()

    assert "Good news" in front.heard(GUEST)[-1]


def test_a_change_by_the_staff_is_told_to_the_guest(front: Front) -> None:
    book(front)
    with front.database.transaction() as db:
        reservations.amend(
            db,
            venue(front),
            front.book()[0].id,
            Wish(party_size=2, date=date(2026, 11, 22), time=datetime(2026, 1, 1, 21).time()),  # noqa: DTZ001
            actor="staff:Marta",
            now=front.clock(),
        )
    front.run_due()

    assert "has changed your booking" in front.heard(GUEST)[-1]
    assert "21:00" in front.heard(GUEST)[-1]


def test_planning_twice_plans_nothing_new(front: Front) -> None:
    book(front)
    rows = front.outbox()
    with front.database.transaction() as db:
        assert notices.plan(db, front.house.accounts, now=front.clock()) == []

    assert front.outbox() == rows


def test_every_member_of_the_staff_gets_every_alert(empty_front: Front) -> None:
    front = empty_front
    both = [
        {"name": "Marta", "telegram_chat_id": STAFF_CHAT, "phone": "+390299999999"},
        {"name": "Luca", "phone": "+390288888888"},
    ]
    front.open(venue_data(staff=both))
    book(front)

    for address in (str(STAFF_CHAT), "+390299999999", "+390288888888"):
        assert len(front.heard(address)) == 1


def test_the_text_tells_the_booking_as_it_stands_when_it_is_sent(front: Front) -> None:
    talk = front.receive(GUEST, SUNDAY)
    front.work(talk)
    front.clock.forward(seconds=1)
    talk = front.receive(GUEST, "1")
    due = front.house.handle(talk, now=front.clock())
    with front.database.transaction() as db:
        remarks.note(db, venue(front), front.book()[0].id, "a pram", now=front.clock())
    for number in due:
        front.house.deliver(number, now=front.clock())

    assert "a pram" in front.alerts()[0]
    assert front.book()[0].state is State.RESERVED
