"""Sending: what happens when a provider is slow, rude, deaf or gone, and when a worker dies."""

from datetime import datetime

import pytest
import sqlalchemy as sa
from front import CHAT, GUEST, OTHER, STAFF_CHAT, Front
from restaurants import venue_data
from sqlalchemy.engine import Connection

from bot import claims, consent, delivery
from bot.claims import LEASE
from bot.consent import Silence
from bot.inbox import Kind
from bot.models import OutboundMessage
from bot.outbox import State
from webhooks.emulator.faults import Fault, Faults

WISH = "table for 2 tomorrow at 8pm"


def faults(front: Front, address: str) -> Faults:
    by_sms = address.startswith("+")
    return front.emulators.twilio.faults if by_sms else front.emulators.telegram.faults


def the_reply(front: Front) -> dict[str, object]:
    return front.outbox(kind="reply")[-1]


@pytest.mark.parametrize("guest", [GUEST, CHAT])
def test_a_provider_in_trouble_is_tried_again_until_it_takes_the_message(
    front: Front, guest: str
) -> None:
    faults(front, guest).switch(Fault.FAIL, times=2)
    assert front.say(guest, WISH) is None
    assert the_reply(front)["state"] == State.QUEUED

    for _ in range(2):
        front.clock.forward(seconds=30)
        front.run_due()
    assert len(front.heard(guest)) == 1
    assert the_reply(front)["state"] == State.SENT


def test_nothing_is_tried_again_before_its_time(front: Front) -> None:
    faults(front, GUEST).switch(Fault.FAIL, times=1)
    front.say(GUEST, WISH)
    front.run_due()
    assert front.heard(GUEST) == []

    front.clock.forward(seconds=5)
    front.run_due()
    assert len(front.heard(GUEST)) == 1


def test_a_flood_pauses_the_whole_bot_for_as_long_as_telegram_says(front: Front) -> None:
    faults(front, CHAT).switch(Fault.FLOOD, times=1)
    for guest in (CHAT, "502"):
        front.work(front.receive(guest, WISH))
        assert front.heard(guest) == []
        assert the_reply(front)["attempts"] == 0

    front.clock.forward(minutes=2)
    front.run_due()
    assert len(front.heard(CHAT)) == len(front.heard("502")) == 1


def test_an_sms_whose_answer_was_lost_is_looked_for_and_not_sent_twice(front: Front) -> None:
    with front.answers_lost(GUEST):
        front.say(GUEST, WISH)
    assert the_reply(front)["state"] == State.UNKNOWN

    front.clock.forward(seconds=30)
    front.run_due()
    assert len(front.heard(GUEST)) == 1
    assert the_reply(front)["state"] == State.SENT
    assert the_reply(front)["provider_id"]


def test_an_sms_that_never_arrived_is_sent_after_looking(front: Front) -> None:
    with front.answers_lost(GUEST):
        front.say(GUEST, WISH)
    front.emulators.twilio.texts.clear()
    front.emulators.phones.clear()

    front.clock.forward(seconds=30)
    front.run_due()
    assert len(front.heard(GUEST)) == 1


def test_a_telegram_message_whose_answer_was_lost_is_repeated_once_at_most(front: Front) -> None:
    with front.answers_lost(CHAT):
        front.say(CHAT, WISH)
        for _ in range(4):
            front.clock.forward(minutes=1)
            front.run_due()

    assert len(front.heard(CHAT)) == 2
    assert len(set(front.heard(CHAT))) == 1
    assert the_reply(front)["state"] == State.UNKNOWN


def test_a_reminder_whose_answer_was_lost_is_never_repeated(front: Front) -> None:
    front.say(CHAT, "table for 2 on sunday at 8pm")
    front.say(CHAT, "1")
    before = len(front.heard(CHAT))
    front.clock.now = datetime.fromisoformat("2026-11-21T19:00+00:00")
    with front.answers_lost(CHAT):
        front.run_due()
    for _ in range(5):
        front.run_due()
        front.clock.forward(minutes=1)

    assert len(front.heard(CHAT)) == before + 1
    assert front.outbox(kind="reminder")[0]["state"] == State.UNKNOWN


def test_a_claim_of_a_worker_that_died_is_unknown_after_its_lease(front: Front) -> None:
    talk = front.receive(CHAT, WISH)
    number = front.house.handle(talk, now=front.clock())[0]
    with front.database.transaction() as db:  # the worker claims, and is never heard of again
        assert claims.claim(db, front.house.senders, number, now=front.clock())

    front.clock.forward(seconds=LEASE.total_seconds() - 1)
    front.run_due()
    assert front.heard(CHAT) == []
    front.clock.forward(seconds=1)
    front.run_due()
    assert len(front.heard(CHAT)) == 1
    assert the_reply(front)["repeats"] == 1


def test_a_message_is_claimed_by_one_worker_only(front: Front) -> None:
    talk = front.receive(CHAT, WISH)
    number = front.house.handle(talk, now=front.clock())[0]
    with front.database.transaction() as db:
        assert claims.claim(db, front.house.senders, number, now=front.clock())
    with front.database.transaction() as db:
        assert claims.claim(db, front.house.senders, number, now=front.clock()) is None

    assert front.house.deliver(number, now=front.clock()) == []
    assert front.heard(CHAT) == []


def test_a_delivery_that_runs_twice_sends_once(front: Front) -> None:
    talk = front.receive(GUEST, WISH)
    number = front.house.handle(talk, now=front.clock())[0]
    for _ in range(3):
        front.house.deliver(number, now=front.clock())

    assert len(front.heard(GUEST)) == 1


def test_replies_leave_in_the_order_of_their_messages(front: Front) -> None:
    faults(front, GUEST).switch(Fault.FAIL, times=1)
    front.say(GUEST, WISH)
    front.say(GUEST, "make it 9pm")
    assert front.heard(GUEST) == []

    for _ in range(3):
        front.clock.forward(seconds=5)
        front.run_due()
    assert ["20:00" in front.heard(GUEST)[0], "21:00" in front.heard(GUEST)[1]] == [True, True]


def test_an_address_that_is_gone_is_remembered_and_the_staff_ring(front: Front) -> None:
    front.say(CHAT, WISH)
    front.say(CHAT, "1")
    front.emulators.telegram.block(int(CHAT))
    front.say(CHAT, "what time is my table?")

    assert the_reply(front)["state"] == State.FAILED
    front.run_due()
    assert "could not reach" in front.alerts()[-1]
    front.say(CHAT, "hello?")
    assert front.outbox(kind="reply")[-1]["id"] == the_reply(front)["id"]


def test_a_number_that_opted_out_at_the_carrier_is_remembered(front: Front) -> None:
    front.emulators.twilio.stopped.add(GUEST)
    front.say(GUEST, WISH)

    assert "21610" in str(the_reply(front)["error"])
    with front.database.reading() as db:
        account = front.house.accounts["sms"]
        assert consent.silence_of(db, "sms", account, GUEST) is Silence.ALL


def test_a_yes_restores_consent_and_is_the_yes_to_a_live_hold(front: Front) -> None:
    front.say(GUEST, WISH)
    with front.database.transaction() as db:
        consent.record(
            db,
            "sms",
            front.house.accounts["sms"],
            GUEST,
            Silence.ALL,
            cause="21610",
            now=front.clock(),
        )

    assert "Booked" in (front.say(GUEST, "YES") or "")


def test_a_group_that_became_a_supergroup_is_followed(front: Front) -> None:
    front.emulators.telegram.migrate(STAFF_CHAT, -1009)
    front.say(GUEST, WISH)
    front.say(GUEST, "1")
    front.run_due()

    assert "New: 2 people" in front.heard("-1009")[-1]


def test_a_message_of_a_channel_that_is_off_ends_dead(empty_front: Front) -> None:
    front = empty_front
    front.open(venue_data())
    talk = front.receive(GUEST, WISH)
    number = front.house.handle(talk, now=front.clock())[0]
    delivery.deliver(front.database, {}, {}, number, now=front.clock())

    assert the_reply(front)["state"] == State.DEAD


def test_a_message_that_is_no_longer_worth_sending_ends_dead(front: Front) -> None:
    talk = front.receive(GUEST, WISH)
    front.house.handle(talk, now=front.clock())
    front.clock.forward(days=2)
    front.run_due()

    assert front.heard(GUEST) == []
    assert the_reply(front)["state"] == State.DEAD


def test_a_message_that_cannot_be_written_does_not_hold_up_the_next(front: Front) -> None:
    front.say(GUEST, WISH)
    front.say(GUEST, "1")
    with front.database.transaction() as db:
        broken = sa.insert(OutboundMessage).from_select(
            [c.name for c in OutboundMessage.__table__.columns if c.name != "id"],
            sa.select(
                *(
                    sa.literal({"say": "alert.nothing"}, sa.JSON)
                    if c.name == "facts"
                    else sa.null()
                    if c.name in {"body", "claimed_at"}
                    else sa.literal(State.QUEUED.value)
                    if c.name == "state"
                    else sa.literal("broken")
                    if c.name == "dedup_key"
                    else c
                    for c in OutboundMessage.__table__.columns
                    if c.name != "id"
                )
            ).where(OutboundMessage.kind == "alert"),
        )
        db.execute(broken)
    for _ in range(6):
        front.clock.forward(seconds=30)
        try:
            front.run_due()
        except KeyError:
            continue

    front.say(OTHER, "table for 2 on sunday at 8pm")
    front.say(OTHER, "1")
    front.clock.forward(seconds=30)
    front.run_due()
    assert "Sunday" in front.alerts()[-1]
    assert front.outbox(dedup_key="broken")[0]["state"] == State.DEAD


def test_no_send_begins_after_a_stop_was_committed(front: Front) -> None:
    number = waiting_reply_then_stop(front)
    front.house.deliver(number, now=front.clock())

    assert front.heard(GUEST) == []
    assert front.outbox(id=number)[0]["state"] == State.SUPPRESSED


def test_without_the_check_a_send_would_begin_after_a_stop(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deaf(_: Connection, *__: str) -> Silence:
        return Silence.NONE

    number = waiting_reply_then_stop(front)
    monkeypatch.setattr(consent, "silence_of", deaf)
    front.house.deliver(number, now=front.clock())

    assert len(front.heard(GUEST)) == 1


def waiting_reply_then_stop(front: Front) -> int:
    talk = front.receive(GUEST, WISH)
    number = front.house.handle(talk, now=front.clock())[0]
    front.receive(GUEST, "STOP")
    return number


def test_without_the_lease_a_message_would_be_sent_twice(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = front.receive(CHAT, WISH)
    number = front.house.handle(talk, now=front.clock())[0]
    with front.database.transaction() as db:
        claims.claim(db, front.house.senders, number, now=front.clock())
    monkeypatch.setattr(claims, "_repeat", lambda *_, **__: 0)
    front.house.deliver(number, now=front.clock())

    assert len(front.heard(CHAT)) == 1  # while the first worker is still about to send it


def test_a_press_is_acknowledged_and_forgotten_when_that_comes_too_late(front: Front) -> None:
    front.say(CHAT, WISH)
    front.receive(CHAT, "g:1:no", kind=Kind.PRESS, press_id="1")
    front.run_due()

    assert front.outbox(kind="answer")[0]["state"] == State.FAILED
    assert front.alerts() == []
