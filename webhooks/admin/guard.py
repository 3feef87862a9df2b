"""The guard at the door: with a password set, only what machines call is open to all."""

from urllib.parse import quote

from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot import utc_now
from webhooks.admin.session import COOKIE, Sessions

LOGIN = "/admin/login"
#: How the addresses begin that have their own locks, or tell nothing of guests.
OPEN = (
    "/webhooks/",
    "/health/",
    "/metrics",
    "/emulator/telegram/bot",  # the providers in a box, as the house calls them: with its token
    "/emulator/twilio/",
    "/favicon.ico",
    LOGIN,
)


class Guard:
    """Lets nobody without the password through to any address that is not open.

    Args:
        app: what is guarded.
        sessions: who has given the password.

    """

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        self._app = app
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it here."""
        app = self._app if self._lets_in(scope) else _refusal(scope)
        await app(scope, receive, send)

    def _lets_in(self, scope: Scope) -> bool:
        if scope["type"] not in {"http", "websocket"} or scope["path"].startswith(OPEN):
            return True
        cookie = HTTPConnection(scope).cookies.get(COOKIE, "")
        return self._sessions.is_good(cookie, now=utc_now())


def _refusal(scope: Scope) -> ASGIApp:
    """To the login for who reads pages, a plain refusal for all others."""
    if scope["type"] == "websocket":
        return _close
    request = Request(scope)
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(f"{LOGIN}?then={quote(scope['path'])}", 303)
    return JSONResponse({"detail": "give the password at /admin/login first"}, 401)


async def _close(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "websocket.close", "code": 1008})


def local(address: str) -> str:
    """An address of ours to go to after the login, whatever was asked for."""
    ours = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if ours else "/admin"
