"""Twilio's webhooks: verify the signature, store, answer. Work happens later."""

import hashlib
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Depends, HTTPException, Request, Response
from starlette.datastructures import FormData
from twilio.request_validator import RequestValidator

from bot import utc_now
from bot.channels import SMS
from bot.channels.sms import read_sms
from bot.inbox import Kind, Received
from webhooks.edge import TheEdge, storing

log = structlog.get_logger()
router = APIRouter()

#: An empty answer: what we say goes through the outbox, which knows whether it was sent.
NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


async def _signed(request: Request, edge: TheEdge) -> FormData:
    """The form, if Twilio has signed it for our public address.

    Twilio signs the address it was given, not the one that reaches us behind a proxy; Host and
    X-Forwarded headers can be forged (twilio.com/docs/usage/security).
    """
    settings = edge.house.settings
    if settings.twilio_auth_token is None:
        raise HTTPException(404)
    signature = request.headers.get("X-Twilio-Signature")
    if not signature:
        raise HTTPException(403)
    form = await request.form()
    query = f"?{request.url.query}" if request.url.query else ""
    url = f"{settings.public_url}{request.scope['raw_path'].decode()}{query}"
    validator = RequestValidator(settings.twilio_auth_token.get_secret_value())
    if not validator.validate(url, form, signature):
        raise HTTPException(403)
    return form


Signed = Annotated[FormData, Depends(_signed)]


@router.post("/webhooks/twilio/sms")
def receive(edge: TheEdge, form: Signed) -> Response:
    """Take one SMS. 200 once it is stored, whatever it says."""
    edge.store(_read(_texts(form)))
    return Response(NOTHING, media_type="text/xml")


@router.post("/webhooks/twilio/status", status_code=204)
def status(edge: TheEdge, form: Signed, row: int | None = None) -> None:
    """Take what became of a message; callbacks come in any order, and more than once."""
    told = _texts(form)
    if "MessageSid" not in told:
        return
    code = told.get("ErrorCode", "")
    with storing():
        due = edge.house.record_status(
            outbound_id=row,
            provider_id=told["MessageSid"],
            status=told.get("MessageStatus", ""),
            error_code=int(code) if code.isdecimal() else None,
            now=utc_now(),
        )
    edge.hints.deliver(due)


def _texts(form: FormData) -> dict[str, str]:
    return {key: value for key, value in form.items() if isinstance(value, str)}


def _read(form: dict[str, Any]) -> Received:
    """The message; one that cannot be read is kept by its hash."""
    try:
        return read_sms(form)
    except KeyError as error:
        digest = hashlib.sha256(repr(sorted(form.items())).encode()).hexdigest()
        log.warning("SMS cannot be read", digest=digest, missing=str(error))
        return Received(
            channel=SMS,
            account=str(form.get("To", "")),
            address=None,
            external_id=digest,
            kind=Kind.UNREADABLE,
            text=repr(form),
        )
