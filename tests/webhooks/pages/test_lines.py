"""Which phones stand on the page."""

from collections.abc import Iterator

import pytest

from bot import utc_now
from webhooks.emulator import Account, Emulators, build
from webhooks.emulator.phones import Channel
from webhooks.pages.lines import Scene, TelegramLine, lines

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


def test_a_guest_of_each_channel_and_the_staff_have_phones(emulators: Emulators) -> None:
    scene = Scene(staff_chat=-100123, staff_number="+390287654321")

    shown = lines(scene, emulators.telegram, emulators.twilio)

    assert [(line.channel, line.staff) for line in shown] == [
        (Channel.TELEGRAM, False),
        (Channel.SMS, False),
        (Channel.TELEGRAM, True),
        (Channel.SMS, True),
    ]
    assert [line.phone().address for line in shown[2:]] == ["-100123", "+390287654321"]


def test_a_house_without_staff_has_only_guests(emulators: Emulators) -> None:
    assert len(lines(Scene(), emulators.telegram, emulators.twilio)) == 2


def test_the_guest_speaks_the_first_language_of_the_venue(emulators: Emulators) -> None:
    (anna, _) = lines(Scene(languages=("it", "en")), emulators.telegram, emulators.twilio)

    assert isinstance(anna, TelegramLine)
    assert anna.speaks() == "it"


def test_phones_come_back_after_a_reset(emulators: Emulators) -> None:
    (anna, _) = lines(Scene(), emulators.telegram, emulators.twilio)
    before = anna.phone()
    emulators.telegram.reset()
    emulators.phones.clear()

    assert anna.phone() is not before
    assert anna.phone() is emulators.phones.find(Channel.TELEGRAM, anna.phone().address)


def test_openers_are_in_the_languages_of_the_venue() -> None:
    assert Scene(languages=("it",)).openers[0].startswith("Un tavolo")
    assert Scene(languages=("xx",)).openers == ()
