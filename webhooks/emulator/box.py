"""Both providers in one box, ready to be mounted or to run alone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from webhooks.emulator import (
    control_phones,
    control_sms,
    control_telegram,
    doors,
    telegram_door,
    twilio_door,
)
from webhooks.emulator.courier import Courier
from webhooks.emulator.phones import Phones
from webhooks.emulator.telegram import NotPossible, TelegramEmulator
from webhooks.emulator.telegram_hook import Patience, Webhook
from webhooks.emulator.twilio import TwilioEmulator

TELEGRAM_WEBHOOK = "/webhooks/telegram"
SMS_WEBHOOK = "/webhooks/twilio/sms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the house and its providers have agreed on.

    Attributes:
        telegram_token: `<bot id>:<secret>`.
        telegram_secret: comes with each update, 1-256 of A-Z a-z 0-9 _ -.
        twilio_number: of the house, E.164.
    """

    telegram_token: str
    telegram_secret: str
    twilio_account_sid: str
    twilio_auth_token: str
    twilio_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Emulators:
    """The box: two providers, the phones of all who use them, and the app that serves them.

    Attributes:
        app: mount it at `/emulator`; then `<root>/emulator/telegram` is TELEGRAM_API_URL and
            `<root>/emulator/twilio` is TWILIO_API_URL.
    """

    telegram: TelegramEmulator
    twilio: TwilioEmulator
    phones: Phones
    courier: Courier
    app: FastAPI

    def close(self) -> None:
        """End the courier's thread; what is under way is dropped."""
        self.courier.close()


def build(
    account: Account,
    *,
    webhooks: str,
    public_url: str | None = None,
    now: Callable[[], datetime],
    patience: Patience | None = None,
    status_pause: float = 0.2,
) -> Emulators:
    """Build both emulators, with their webhooks set as after `tabletalk doctor --register`.

    Args:
        account: tokens, secrets and numbers.
        webhooks: root under which the house is reached from here.
        public_url: root that the house goes by (its signatures are over that); default: the same.
        now: the clock, UTC.
        patience: of Telegram with the house.
        status_pause: seconds between the states of an SMS.
    """
    inner, outer = webhooks.rstrip("/"), (public_url or webhooks).rstrip("/")
    courier = Courier(reach=lambda url: inner + url[len(outer) :] if url.startswith(outer) else url)
    phones = Phones()
    telegram = TelegramEmulator(
        token=account.telegram_token,
        phones=phones,
        courier=courier,
        now=now,
        webhook=Webhook(outer + TELEGRAM_WEBHOOK, account.telegram_secret),
        patience=patience,
    )
    twilio = TwilioEmulator(
        account_sid=account.twilio_account_sid,
        auth_token=account.twilio_auth_token,
        number=account.twilio_number,
        phones=phones,
        courier=courier,
        now=now,
        sms_url=outer + SMS_WEBHOOK,
        status_pause=status_pause,
    )
    app = _app(telegram, twilio, courier)
    return Emulators(telegram=telegram, twilio=twilio, phones=phones, courier=courier, app=app)


def _app(telegram: TelegramEmulator, twilio: TwilioEmulator, courier: Courier) -> FastAPI:
    app = FastAPI(title="Providers in a box", openapi_url=None, redirect_slashes=False)
    doors.install(app, telegram, twilio)

    @app.exception_handler(NotPossible)
    async def refuse(_request: Request, error: NotPossible) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, status_code=409)

    @app.get("/under-way")
    def under_way() -> dict[str, int]:
        return {"under_way": courier.under_way}

    for part in (control_telegram, control_sms, control_phones, telegram_door, twilio_door):
        app.include_router(part.router)
    return app
