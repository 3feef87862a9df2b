"""What people with a phone do, and how their carriers behave, driven by HTTP."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from webhooks.emulator.control_phones import switch_faults
from webhooks.emulator.doors import Twilio
from webhooks.emulator.twilio import Fate
from webhooks.emulator.wishes import Decide, SaySms, SwitchFaults

router = APIRouter(prefix="/sms")


@router.post("/say")
def say(wish: SaySms, twilio: Twilio) -> dict[str, str]:
    """Text the house."""
    return {"sid": twilio.say(wish.number, wish.text, media=wish.media)}


@router.post("/decide", status_code=204)
def decide(wish: Decide, twilio: Twilio) -> None:
    """Decide how texts to a number end."""
    twilio.decide(wish.number, Fate(wish.status, wish.error))


@router.get("/calls")
def calls(twilio: Twilio) -> list[dict[str, Any]]:
    """Every call of the house since the last reset, oldest first."""
    return [asdict(call) for call in twilio.calls]


@router.get("/faults")
def faults(twilio: Twilio) -> dict[str, int | bool]:
    """What is switched on."""
    return twilio.faults.state()


@router.put("/faults")
def switch(wish: SwitchFaults, twilio: Twilio) -> dict[str, int | bool]:
    """Switch faults on and off; those not named stay as they are."""
    switch_faults(twilio.faults, wish)
    return faults(twilio)
