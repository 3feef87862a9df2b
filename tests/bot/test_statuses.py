"""Status callbacks: late, early, twice, backwards."""

import pytest
from front import CHAT, GUEST, Front

from bot import consent
from bot.consent import Silence
from bot.outbox import State

WISH = "table for 2 tomorrow at 8pm"


def told(front: Front, status: str, code: int | None = None, *, row: bool = True) -> None:
    reply = front.outbox(kind="reply")[-1]
    front.house.record_status(
        outbound_id=int(reply["id"]) if row else None,
        provider_id=str(reply["provider_id"] or "SM1"),
        status=status,
        error_code=code,
        now=front.clock(),
    )


def state(front: Front) -> object:
    return front.outbox(kind="reply")[-1]["state"]


@pytest.mark.parametrize(
    ("statuses", "ends"),
    [
        (["queued", "sent", "delivered"], State.DELIVERED),
        (["delivered", "sent", "queued"], State.DELIVERED),
        (["sent", "sent", "delivered", "delivered"], State.DELIVERED),
        (["sent", "failed", "delivered"], State.FAILED),
        (["sending", "a new one"], State.SENT),
    ],
)
def test_a_message_never_goes_back(front: Front, statuses: list[str], ends: State) -> None:
    front.say(GUEST, WISH)
    for status in statuses:
        told(front, status)

    assert state(front) == ends


def test_a_callback_finds_its_message_by_the_providers_id(front: Front) -> None:
    front.say(GUEST, WISH)
    told(front, "delivered", row=False)

    assert state(front) == State.DELIVERED


def test_a_callback_for_nobody_changes_nothing(front: Front) -> None:
    front.house.record_status(
        outbound_id=12345, provider_id="SM0", status="sent", error_code=None, now=front.clock()
    )
    assert front.outbox() == []


def test_a_callback_settles_an_unknown_outcome(front: Front) -> None:
    with front.answers_lost(GUEST):
        front.say(GUEST, WISH)
    assert state(front) == State.UNKNOWN
    told(front, "queued")
    assert state(front) == State.SENT

    front.clock.forward(minutes=5)
    front.run_due()
    assert len([text for text in front.heard(GUEST) if "held for you" in text]) == 1


def test_a_carriers_opt_out_that_comes_later_counts_too(front: Front) -> None:
    front.say(GUEST, WISH)
    told(front, "failed", 21610)
    with front.database.reading() as db:
        account = front.house.accounts["sms"]
        assert consent.silence_of(db, "sms", account, GUEST) is Silence.ALL


def test_a_guest_who_could_not_be_told_of_a_booking_is_rung_up(front: Front) -> None:
    front.say(GUEST, WISH)
    front.say(GUEST, "1")
    told(front, "undelivered", 30003)
    front.run_due()

    assert "could not reach" in front.alerts()[-1]


def test_telegram_has_no_callbacks_and_needs_none(front: Front) -> None:
    front.say(CHAT, WISH)

    assert state(front) == State.SENT
