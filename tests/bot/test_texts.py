"""What a guest reads: the confirmation as a whole, and in the first SMS how to end them."""

import pytest
from front import CHAT, GUEST, OTHER, Front
from restaurants import venue_data

from booking.database import Database
from conversations import gsm

WISH = "table for 2 tomorrow at 8pm, we have a pram"
WAY_OUT = "Reply STOP to opt out."


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough: what differs between the two is tested elsewhere."""
    return sqlite_database


def booked(front: Front, guest: str, wish: str = WISH) -> str:
    front.say(guest, wish)
    return front.say(guest, "1") or ""


def test_by_sms_a_confirmation_tells_all_within_two_segments(front: Front) -> None:
    text = booked(front, GUEST)
    visit = "2 people, Saturday 21 November, 20:00, noted: we have a pram"

    assert text.splitlines() == [
        f"Booked at Trattoria Aurora: {visit}. Your code is {front.book()[0].code}.",
        "Via Solferino 9, Milano",
        "+390212345678",
        "To change anything, just write to me.",
        "What name shall I put it under?",
    ]
    assert gsm.segments(text) <= 2


def test_in_telegram_a_confirmation_is_laid_out_in_lines(front: Front) -> None:
    front.say(CHAT, WISH, name="Anna")

    assert (front.say(CHAT, "1", name="Anna") or "").splitlines() == [
        "Booked at Trattoria Aurora",
        "2 people, Saturday 21 November, 20:00",
        "Noted: we have a pram",
        f"Your code is {front.book()[0].code}",
        "",
        "Via Solferino 9, Milano",
        "+390212345678",
        "",
        "To change or cancel it, just write to me here.",
    ]


def test_a_request_that_waits_for_the_staff_tells_the_same(front: Front) -> None:
    text = booked(front, GUEST, "table for 10 tomorrow at 8pm, we have a pram")

    assert all(part in text for part in ("I have asked Trattoria Aurora", "pram", "Via Solferino"))
    assert front.book()[0].code in text


def test_a_long_address_is_left_out_by_sms_before_the_phone(empty_front: Front) -> None:
    long = {"name": "Antica Trattoria della Stazione Vecchia", "address": "x" * 120}
    empty_front.open(venue_data(restaurant=long))
    text = booked(empty_front, GUEST)

    assert "xxx" not in text
    assert "+390212345678" in text
    assert empty_front.book()[0].code in text


def test_what_the_staff_accept_tells_the_guest_where_to_go(front: Front) -> None:
    booked(front, GUEST, "table for 10 tomorrow at 8pm")
    front.press("-1001234567890", "Accept")
    front.run_due()

    assert "Good news" in front.heard(GUEST)[-1]
    assert "Via Solferino 9, Milano" in front.heard(GUEST)[-1]


def test_the_first_sms_says_who_writes_and_how_to_end_it_and_the_second_does_not(
    front: Front,
) -> None:
    assert (front.say(GUEST, WISH) or "").splitlines()[-2:] == ["Trattoria Aurora", WAY_OUT]
    assert WAY_OUT not in (front.say(GUEST, "1") or "")
    assert WAY_OUT in (front.say(OTHER, "hello") or "")


def test_in_italian_it_is_said_in_italian(front: Front) -> None:
    answer = front.say(GUEST, "un tavolo per 2 domani alle 20") or ""

    assert answer.endswith("STOP per non ricevere altri SMS.")


def test_in_telegram_it_is_not_said(front: Front) -> None:
    assert "STOP" not in (front.say(CHAT, WISH) or "")


def test_after_a_new_start_it_is_said_again(front: Front) -> None:
    front.say(GUEST, "hello")
    front.say(GUEST, "STOP")
    front.say(GUEST, "START")

    assert WAY_OUT in (front.say(GUEST, "hello") or "")
    assert WAY_OUT not in (front.say(GUEST, "hello") or "")


def test_a_first_sms_that_was_not_delivered_does_not_count(front: Front) -> None:
    talk = front.receive(GUEST, "hello")
    front.house.handle(talk, now=front.clock())  # planned, never handed over
    front.clock.forward(hours=25)
    front.run_due()

    assert front.outbox()[0]["state"] == "dead"
    assert WAY_OUT in (front.say(GUEST, "hello") or "")


def test_who_is_asked_for_the_venue_first_hears_it_with_the_question(empty_front: Front) -> None:
    empty_front.open(venue_data())
    empty_front.open(venue_data(restaurant={"slug": "borea", "name": "Osteria Borea"}))

    assert (empty_front.say(GUEST, WISH) or "").endswith(WAY_OUT)
    assert WAY_OUT not in (empty_front.say(GUEST, "2") or "")
