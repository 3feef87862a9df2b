"""What a phone shows, and waiting for it."""

import threading
from datetime import UTC, datetime
from functools import partial

import pytest

from webhooks.emulator.phones import Author, Channel, Delivery, Phone, PhoneMessage, Phones

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


def message(number: int, text: str = "hello") -> PhoneMessage:
    return PhoneMessage(id=str(number), author=Author.HOUSE, text=text, at=NOW)


def test_each_change_raises_the_revision() -> None:
    phone = Phone(Channel.SMS, "+393331234567", "Anna")
    changes = (
        partial(phone.show, message(1)),
        partial(phone.change, "1", state=Delivery.FAILED),
        partial(phone.note, "blocked", at=NOW),
        partial(phone.show_blocked, blocked=True),
        partial(phone.show_typing, until=NOW),
    )
    seen = [phone.revision]
    for change in changes:
        change()
        seen.append(phone.revision)

    assert seen == sorted(set(seen))


def test_a_change_of_a_message_that_was_cleared_away_is_left_alone() -> None:
    phone = Phone(Channel.SMS, "+393331234567", "Anna")

    phone.change("1", text="x")

    assert (phone.messages(), phone.revision) == ((), 0)


def test_who_waits_is_woken_by_another_thread() -> None:
    phone = Phone(Channel.SMS, "+393331234567", "Anna")

    def write() -> None:
        for number in range(3):
            phone.show(message(number, f"m{number}"))

    writer = threading.Thread(target=write)
    writer.start()
    found = phone.wait_for(lambda messages: [m for m in messages if m.text == "m2"])
    writer.join()

    assert found[0].id == "2"


def test_who_waits_in_vain_is_told_what_the_phone_shows() -> None:
    phone = Phone(Channel.SMS, "+393331234567", "Anna")
    phone.show(message(1, "sorry"))

    with pytest.raises(TimeoutError, match="house: 'sorry'"):
        phone.wait_for(lambda messages: len(messages) > 1, timeout=0.01)


def test_an_address_has_one_phone() -> None:
    phones = Phones()

    first = phones.open(Channel.SMS, "+393331234567", "Anna")

    assert phones.open(Channel.SMS, "+393331234567") is first
    assert phones.open(Channel.TELEGRAM, "+393331234567") is not first
    assert phones.find(Channel.SMS, "+44") is None
    assert len(phones.all()) == 2
