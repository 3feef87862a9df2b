"""How an endpoint of the box gets at the emulators."""

from typing import Annotated

from fastapi import Depends, FastAPI, Request

from webhooks.emulator.phones import Phones
from webhooks.emulator.telegram import TelegramEmulator
from webhooks.emulator.twilio import TwilioEmulator


def install(app: FastAPI, telegram: TelegramEmulator, twilio: TwilioEmulator) -> None:
    """Put the emulators where the endpoints of this app find them."""
    app.state.telegram = telegram
    app.state.twilio = twilio


# Coroutines, since a plain function would cost a thread at each request.
async def _telegram(request: Request) -> TelegramEmulator:
    found: TelegramEmulator = request.app.state.telegram
    return found


async def _twilio(request: Request) -> TwilioEmulator:
    found: TwilioEmulator = request.app.state.twilio
    return found


async def _phones(request: Request) -> Phones:
    return (await _telegram(request)).phones


Telegram = Annotated[TelegramEmulator, Depends(_telegram)]
Twilio = Annotated[TwilioEmulator, Depends(_twilio)]
EveryPhone = Annotated[Phones, Depends(_phones)]
