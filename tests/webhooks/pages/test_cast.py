"""Who holds the phones on the page."""

from collections.abc import Iterator

import pytest

from bot import utc_now
from webhooks.emulator import Account, Emulators, build
from webhooks.emulator.phones import Channel
from webhooks.pages.cast import Cast
from webhooks.pages.lines import Scene, TelegramLine

ACCOUNT = Account(
    telegram_token="77:made-up",
    telegram_secret="hush-hush",
    twilio_account_sid="AC0",
    twilio_auth_token="made-up-too",
    twilio_number="+390212345678",
)


@pytest.fixture
def emulators() -> Iterator[Emulators]:
    emulators = build(ACCOUNT, webhooks="http://127.0.0.1:9", now=utc_now)
    yield emulators
    emulators.close()


def a_cast(emulators: Emulators, scene: Scene | None = None) -> Cast:
    return Cast(emulators, lambda: scene or Scene())


def test_a_guest_of_each_channel_and_the_staff_have_phones(emulators: Emulators) -> None:
    cast = a_cast(emulators, Scene(staff_chat=-100123, staff_number="+390287654321"))

    assert [line.channel for line in cast.guests] == [Channel.TELEGRAM, Channel.SMS]
    assert [line.channel for line in cast.staff()] == [Channel.TELEGRAM, Channel.SMS]
    assert [line.phone().address for line in cast.staff()] == ["-100123", "+390287654321"]


def test_a_house_without_staff_has_only_guests(emulators: Emulators) -> None:
    assert a_cast(emulators).staff() == ()


def test_the_bot_knows_the_staffs_group_before_anybody_looks(emulators: Emulators) -> None:
    a_cast(emulators, Scene(staff_chat=-100123))
    assert -100123 in emulators.telegram.chats


def test_the_first_guest_speaks_the_first_language_of_the_venue(emulators: Emulators) -> None:
    (anna, _) = a_cast(emulators, Scene(languages=("it", "en"))).guests

    assert isinstance(anna, TelegramLine)
    assert anna.speaks() == "it"


def test_as_many_guests_as_wanted_each_with_a_phone_of_their_own(emulators: Emulators) -> None:
    cast = a_cast(emulators)

    for _ in range(6):
        cast.add(Channel.SMS, cast.suggestion())
        cast.add(Channel.TELEGRAM, cast.suggestion(), "it")

    assert len({line.title for line in cast.guests}) == 14
    assert len({line.key for line in cast.guests}) == 14
    assert len({line.phone().address for line in cast.guests}) == 14


def test_a_guest_who_is_removed_leaves_and_the_others_stay(emulators: Emulators) -> None:
    cast = a_cast(emulators)
    anna, ben = cast.guests
    before = cast.revision

    cast.remove(anna)

    assert cast.guests == (ben,)
    assert cast.revision > before


def test_starting_over_brings_guests_whom_the_house_does_not_know(emulators: Emulators) -> None:
    cast = a_cast(emulators, Scene(staff_chat=-100123))
    cast.staff()[0].say("/today")
    known = {line.phone().address for line in cast.guests}

    cast.start_over()

    assert [line.title for line in cast.guests] == ["Anna", "Ben"]
    assert known.isdisjoint({line.phone().address for line in cast.guests})
    assert cast.staff()[0].phone().messages() == ()


def test_phones_come_back_after_a_reset(emulators: Emulators) -> None:
    (anna, _) = a_cast(emulators).guests
    before = anna.phone()
    emulators.telegram.reset()
    emulators.phones.clear()

    assert anna.phone() is not before
    assert anna.phone() is emulators.phones.find(Channel.TELEGRAM, anna.phone().address)


def test_openers_are_in_the_languages_of_the_venue() -> None:
    assert Scene(languages=("it",)).openers[0].startswith("Un tavolo")
    assert Scene(languages=("xx",)).openers == ()
