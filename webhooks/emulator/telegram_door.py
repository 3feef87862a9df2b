"""Where the house reaches the Bot API: /bot<token>/<method>."""

import json
import secrets
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from webhooks.emulator.doors import Telegram
from webhooks.emulator.faults import Fault, attend
from webhooks.emulator.telegram import TelegramEmulator
from webhooks.emulator.telegram_api import RETRY_AFTER, SENDING, carry_out
from webhooks.emulator.telegram_rules import Json, Params, TelegramRefusal

router = APIRouter(prefix="/telegram")

_TROUBLE = {
    Fault.FAIL: TelegramRefusal(502, "Bad Gateway"),
    Fault.FLOOD: TelegramRefusal(
        429, f"Too Many Requests: retry after {RETRY_AFTER}", retry_after=RETRY_AFTER
    ),
}


@router.api_route("/bot{token}/{method}", methods=["GET", "POST"])
async def call(request: Request, token: str, method: str, telegram: Telegram) -> Response:
    """Any method of the Bot API."""
    params = Params(await _arguments(request))
    return await attend(
        request,
        telegram.faults,
        lambda: _answer(telegram, token, method, params),
        refuse=lambda fault: _refusal(_TROUBLE[fault]),
        sends=method.lower() in SENDING,
    )


def _answer(telegram: TelegramEmulator, token: str, method: str, params: Params) -> JSONResponse:
    if not secrets.compare_digest(token.encode(), telegram.token.encode()):
        return _refusal(TelegramRefusal(401, "Unauthorized"))
    try:
        return JSONResponse({"ok": True, "result": carry_out(telegram, method, params)})
    except TelegramRefusal as refusal:
        return _refusal(refusal)


def _refusal(refusal: TelegramRefusal) -> JSONResponse:
    return JSONResponse(refusal.body(), status_code=refusal.code)


async def _arguments(request: Request) -> Json:
    values: dict[str, Any] = dict(request.query_params)
    if "json" in request.headers.get("content-type", ""):
        given: Json = json.loads(await request.body() or b"{}")
        return values | given
    return values | dict(await request.form())
