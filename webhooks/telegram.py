"""Telegram's webhook: verify, store, answer. Work happens later."""

import hashlib
import json
import secrets
from typing import Annotated

import structlog
from fastapi import APIRouter, Header, HTTPException, Response

from bot.channels import TELEGRAM
from bot.inbox import Kind, Received
from webhooks.edge import Body, TheEdge

log = structlog.get_logger()
router = APIRouter()


@router.post("/webhooks/telegram")
def receive(
    edge: TheEdge,
    body: Body,
    secret: Annotated[str | None, Header(alias="X-Telegram-Bot-Api-Secret-Token")] = None,
) -> Response:
    """Take one update (Bot API, setWebhook). 200 once it is stored, whatever it says."""
    expected = edge.house.settings.telegram_webhook_secret
    if expected is None:
        raise HTTPException(404)
    if not secrets.compare_digest((secret or "").encode(), expected.get_secret_value().encode()):
        raise HTTPException(403)
    edge.store(_read(body, edge.house.settings.telegram_account))
    return Response()


def _read(body: bytes, account: str) -> Received:
    """The update; one that cannot be read is kept by its hash, so that it does not come again."""
    from bot.channels.telegram import read_update  # noqa: PLC0415 (slow; see House.warm_up)

    try:
        return read_update(json.loads(body), account)
    except Exception:  # noqa: BLE001 (whatever is wrong with it, the next message must get through)
        digest = hashlib.sha256(body).hexdigest()
        log.warning("update cannot be read", digest=digest, length=len(body))
        return Received(
            channel=TELEGRAM,
            account=account,
            address=None,
            external_id=f"{account}:{digest}",
            kind=Kind.UNREADABLE,
            text=body.decode("utf-8", "replace"),
        )
