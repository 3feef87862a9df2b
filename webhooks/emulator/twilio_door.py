"""Where the house reaches Twilio's REST API: /2010-04-01/Accounts/<sid>/..."""

import base64
import secrets
from collections.abc import Callable, Mapping
from typing import TypeAlias
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from webhooks.emulator.doors import Twilio
from webhooks.emulator.faults import Fault, attend
from webhooks.emulator.twilio import Call, TwilioEmulator
from webhooks.emulator.twilio_records import API_VERSION, Search
from webhooks.emulator.twilio_rules import Json, TwilioRefusal, read_order

#: Carries out a call with its form and query; answers with a body, or raises TwilioRefusal.
Act: TypeAlias = Callable[[Mapping[str, str]], Json]

router = APIRouter(prefix="/twilio")

_ACCOUNT = f"/{API_VERSION}/Accounts/{{account}}"
_PAGE_SIZE = 50
_TROUBLE = {
    Fault.FAIL: TwilioRefusal(20500, "An internal server error has occurred", 500),
    Fault.FLOOD: TwilioRefusal(20429, "Too Many Requests", 429),
}
_FIELDS = {
    "SmsUrl": "sms_url",
    "SmsFallbackUrl": "fallback_url",
    "StatusCallback": "status_callback",
}


@router.post(_ACCOUNT + "/Messages.json")
async def create_message(request: Request, twilio: Twilio) -> Response:
    """Send a message."""

    def act(given: Mapping[str, str]) -> Json:
        return twilio.take(read_order(given)).shape(twilio.account_sid)

    return await _serve(request, twilio, act, created=True)


@router.get(_ACCOUNT + "/Messages.json")
async def list_messages(request: Request, twilio: Twilio) -> Response:
    """Messages by To, From and date, newest first."""
    return await _serve(request, twilio, lambda given: _page(twilio, given))


@router.get(_ACCOUNT + "/Messages/{sid}.json")
async def fetch_message(request: Request, sid: str, twilio: Twilio) -> Response:
    """One message."""

    def act(_given: Mapping[str, str]) -> Json:
        if sid not in twilio.texts:
            raise _not_found(request)
        return twilio.texts[sid].shape(twilio.account_sid)

    return await _serve(request, twilio, act)


@router.get(_ACCOUNT + "/IncomingPhoneNumbers.json")
async def list_numbers(request: Request, twilio: Twilio) -> Response:
    """The numbers of the account: one."""

    def act(given: Mapping[str, str]) -> Json:
        wanted = given.get("PhoneNumber", "") in twilio.number.number
        shown = [twilio.number.shape(twilio.account_sid)] if wanted else []
        return {"incoming_phone_numbers": shown, "page": 0, "page_size": _PAGE_SIZE}

    return await _serve(request, twilio, act)


@router.post(_ACCOUNT + "/IncomingPhoneNumbers/{sid}.json")
async def update_number(request: Request, sid: str, twilio: Twilio) -> Response:
    """Set the webhooks of a number."""

    def act(given: Mapping[str, str]) -> Json:
        if sid != twilio.number.sid:
            raise _not_found(request)
        with twilio.lock:
            for name, field in _FIELDS.items():
                setattr(twilio.number, field, given.get(name, getattr(twilio.number, field)))
        return twilio.number.shape(twilio.account_sid)

    return await _serve(request, twilio, act)


@router.api_route("/{path:path}", methods=["GET", "POST", "DELETE"])
async def anything_else(request: Request, twilio: Twilio) -> Response:
    """What Twilio has and this box has not."""

    def act(_given: Mapping[str, str]) -> Json:
        raise _not_found(request)

    return await _serve(request, twilio, act)


async def _serve(
    request: Request, twilio: TwilioEmulator, act: Act, *, created: bool = False
) -> Response:
    pairs = [*request.query_params.items(), *(await request.form()).items()]
    given = {key: str(value) for key, value in pairs}

    def answer() -> JSONResponse:
        response = _answer(request, twilio, given, act, 201 if created else 200)
        call = f"{request.method} {_path(request)}"
        twilio.calls.append(Call(twilio.now(), call, response.status_code, given))
        return response

    return await attend(
        request,
        twilio.faults,
        answer,
        refuse=lambda fault: _refusal(_TROUBLE[fault]),
        sends=created,
    )


def _answer(
    request: Request, twilio: TwilioEmulator, given: Mapping[str, str], act: Act, status: int
) -> JSONResponse:
    if not _known(request, twilio):
        return _refusal(TwilioRefusal(20003, "Authenticate", 401))
    if request.path_params.get("account", twilio.account_sid) != twilio.account_sid:
        return _refusal(_not_found(request))
    try:
        return JSONResponse(act(given), status_code=status)
    except TwilioRefusal as refusal:
        return _refusal(refusal)


def _known(request: Request, twilio: TwilioEmulator) -> bool:
    expected = base64.b64encode(f"{twilio.account_sid}:{twilio.auth_token}".encode())
    given = request.headers.get("authorization", "").partition(" ")[2]
    return secrets.compare_digest(given.encode(), expected)


def _refusal(refusal: TwilioRefusal) -> JSONResponse:
    return JSONResponse(refusal.body(), status_code=refusal.status)


def _not_found(request: Request) -> TwilioRefusal:
    return TwilioRefusal(20404, f"The requested resource {_path(request)} was not found", 404)


def _path(request: Request) -> str:
    path = request.url.path
    return path[max(0, path.find(f"/{API_VERSION}")) :]


def _page(twilio: TwilioEmulator, given: Mapping[str, str]) -> Json:
    search = Search(
        to=given.get("To", ""),
        sender=given.get("From", ""),
        on=given.get("DateSent", ""),
        before=given.get("DateSent<", ""),
        after=given.get("DateSent>", ""),
    )
    size, page = int(given.get("PageSize", _PAGE_SIZE)), int(given.get("Page", 0))
    found = twilio.find(search)
    shown, more = found[page * size : (page + 1) * size], len(found) > (page + 1) * size
    path = f"/{API_VERSION}/Accounts/{twilio.account_sid}/Messages.json"
    following = urlencode({**given, "Page": page + 1, "PageToken": "PA"})
    return {
        "messages": [text.shape(twilio.account_sid) for text in shown],
        "page": page,
        "page_size": size,
        "uri": path,
        "next_page_uri": f"{path}?{following}" if more else None,
    }
