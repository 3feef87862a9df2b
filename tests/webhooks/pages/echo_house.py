"""A house that echoes, with the box and the simulator: `python echo_house.py PORT`."""

import sys
import threading
from collections.abc import Callable
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI, Request, Response

from bot import utc_now
from webhooks.emulator import Account, build
from webhooks.pages import Scene, Stage, mount

PORT = int(sys.argv[1])
ROOT = f"http://127.0.0.1:{PORT}"
STAFF = -1001234567890
ACCOUNT = Account(
    telegram_token="77:made-up",
    telegram_secret="hush-hush",
    twilio_account_sid="AC0",
    twilio_auth_token="made-up-too",
    twilio_number="+390212345678",
)
emulators = build(ACCOUNT, webhooks=ROOT, now=utc_now)
app = FastAPI()
client = httpx.Client()


def telegram(method: str, **fields: Any) -> None:
    token = ACCOUNT.telegram_token
    client.post(f"{ROOT}/emulator/telegram/bot{token}/{method}", json=fields).raise_for_status()


def keyboard(*texts: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": text, "callback_data": text} for text in texts]]}


def echo_telegram(update: dict[str, Any]) -> None:
    if "message" in update:
        message = update["message"]
        language = message["from"].get("language_code", "none")
        text = f"heard: {message['text']} [{language}]"
        buttons = keyboard("Yes", "No")
        telegram("sendMessage", chat_id=message["chat"]["id"], text=text, reply_markup=buttons)
        if message["chat"]["id"] != STAFF:
            buttons = keyboard("Approve")
            telegram("sendMessage", chat_id=STAFF, text="New alert", reply_markup=buttons)
    if "callback_query" in update:
        query = update["callback_query"]
        message = query["message"]
        telegram("answerCallbackQuery", callback_query_id=query["id"], text="Noted")
        telegram(
            "editMessageText",
            chat_id=message["chat"]["id"],
            message_id=message["message_id"],
            text=f"pressed {query['data']}",
        )


def echo_sms(form: dict[str, str]) -> None:
    client.post(
        f"{ROOT}/emulator/twilio/2010-04-01/Accounts/AC0/Messages.json",
        auth=(ACCOUNT.twilio_account_sid, ACCOUNT.twilio_auth_token),
        data={"To": form["From"], "From": form["To"], "Body": f"heard: {form['Body']}"},
    )


def afterwards(act: Callable[[Any], None], what: Any) -> Response:
    threading.Thread(target=act, args=(what,)).start()
    return Response()


@app.post("/webhooks/telegram")
async def from_telegram(request: Request) -> Response:
    return afterwards(echo_telegram, await request.json())


@app.post("/webhooks/twilio/sms")
async def from_twilio(request: Request) -> Response:
    form = await request.form()
    return afterwards(echo_sms, {key: str(value) for key, value in form.items()})


app.mount("/emulator", emulators.app)
scene = Scene(
    venue="Trattoria Aurora", timezone="Europe/Rome", languages=("it", "en"), staff_chat=STAFF
)
mount(app, Stage(emulators, lambda: scene))

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=PORT, log_level="warning")
    emulators.close()
