"""What phones show, and the common switches, by HTTP."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from fastapi import APIRouter

from webhooks.emulator.doors import EveryPhone, Telegram, Twilio
from webhooks.emulator.faults import Fault, Faults
from webhooks.emulator.phones import Channel, Phone
from webhooks.emulator.wishes import SwitchFaults

#: The longest that a look at a phone waits for news, in seconds.
LONGEST_WAIT = 30.0

router = APIRouter()


@router.get("/phones")
def every_phone(phones: EveryPhone) -> list[dict[str, Any]]:
    """Every phone with its messages."""
    return [shape(phone) for phone in phones.all()]


@router.get("/phones/{channel}/{address}")
def one_phone(
    channel: Channel, address: str, phones: EveryPhone, after: int = -1, wait: float = 0
) -> dict[str, Any]:
    """A phone with its messages; waits up to `wait` seconds for a revision above `after`."""
    phone = phones.open(channel, address)
    phone.wait_beyond(after, min(wait, LONGEST_WAIT))
    return shape(phone)


@router.post("/reset", status_code=204)
def reset(telegram: Telegram, twilio: Twilio) -> None:
    """Forget all chats, messages and faults."""
    telegram.reset()
    twilio.reset()
    telegram.phones.clear()


def shape(phone: Phone) -> dict[str, Any]:
    """A phone and its messages as JSON."""
    return {
        "channel": phone.channel,
        "address": phone.address,
        "name": phone.name,
        "revision": phone.revision,
        "blocked": phone.blocked,
        "messages": [asdict(message) for message in phone.messages()],
    }


def switch_faults(faults: Faults, wish: SwitchFaults) -> None:
    """Switch the faults that a wish names."""
    for fault in Fault:
        times = getattr(wish, fault.value)
        if times is not None:
            faults.switch(fault, times=times)
    if wish.slow_ms is not None:
        faults.slow = timedelta(milliseconds=wish.slow_ms)
