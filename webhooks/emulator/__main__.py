"""`python -m webhooks.emulator`: the providers as a process of their own."""

import argparse
import os

import uvicorn
from fastapi import FastAPI

from bot import utc_now
from webhooks.emulator.box import Account, build

#: Without its option each comes from the environment, under the name of the house's setting.
NEEDED = (
    "TELEGRAM_TOKEN",
    "TELEGRAM_WEBHOOK_SECRET",
    "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN",
    "TWILIO_NUMBER",
)


def main() -> None:
    """Serve the emulators under `/emulator` until interrupted."""
    options = _options()
    emulators = build(
        Account(
            telegram_token=options.telegram_token,
            telegram_secret=options.telegram_webhook_secret,
            twilio_account_sid=options.twilio_account_sid,
            twilio_auth_token=options.twilio_auth_token,
            twilio_number=options.twilio_number,
        ),
        webhooks=options.webhooks,
        public_url=options.public_url,
        now=utc_now,
    )
    app = FastAPI(openapi_url=None)
    app.mount("/emulator", emulators.app)
    try:
        uvicorn.run(app, host=options.host, port=options.port, log_level="warning")
    finally:
        emulators.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m webhooks.emulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument(
        "--webhooks",
        default="http://127.0.0.1:8000",
        help="root of the house, as reached from here",
    )
    parser.add_argument("--public-url", help="root that the house goes by, when it is another")
    for name in NEEDED:
        given = os.environ.get(f"TABLETALK_{name}")
        option = f"--{name.lower().replace('_', '-')}"
        parser.add_argument(option, default=given, required=given is None)
    return parser.parse_args()


if __name__ == "__main__":
    main()
