"""/admin: the book of a day and how the messages flow, to look at; all is done from the chat."""

from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot import figures, utc_now
from webhooks.admin import drawing, texts
from webhooks.admin.book import Page, pages
from webhooks.admin.guard import LOGIN, local
from webhooks.admin.session import COOKIE, LIFETIME, Sessions
from webhooks.edge import TheEdge

router = APIRouter(include_in_schema=False)
Day = Annotated[date | None, Query(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]
#: Nothing but our own style, shown by nobody else, kept by no cache.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


@router.get("/admin")
def show(edge: TheEdge, on: Day = None) -> Response:
    """The book of every venue on a service date; today's when none is given."""
    now = utc_now()
    with edge.house.database.reading() as db:
        found = pages(db, on=on, now=now)
        seen = figures.levels(db, now=now)
    return _page(drawing.book(found, seen, on=on or _today(found, now), now=now, is_today=not on))


@router.get(LOGIN)
def ask(then: str = "/admin") -> Response:
    """The form that asks for the password."""
    return _page(drawing.login(local(then)))


@router.post(LOGIN)
def enter(
    request: Request,
    edge: TheEdge,
    password: Annotated[str, Form()] = "",
    then: Annotated[str, Form()] = "/admin",
) -> Response:
    """Take the password; wrong ones are slowed down."""
    sessions: Sessions = request.app.state.sessions
    now = utc_now()
    wait = sessions.wait(now=now)
    if wait > timedelta():
        seconds = int(wait.total_seconds()) + 1
        told = drawing.login(local(then), texts.WAIT.format(seconds=seconds))
        return _page(told, 429, {"Retry-After": str(seconds)})
    if not sessions.opens(password, now=now):
        return _page(drawing.login(local(then), texts.WRONG), 401)
    answer = RedirectResponse(local(then), 303)
    answer.set_cookie(
        COOKIE,
        sessions.cookie(now=now),
        max_age=int(LIFETIME.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=edge.house.settings.public_url.startswith("https:"),
    )
    return answer


@router.post("/admin/logout")
def leave() -> Response:
    """Forget who was here."""
    answer = RedirectResponse(LOGIN, 303)
    answer.delete_cookie(COOKIE)
    return answer


def _today(found: list[Page], now: datetime) -> date:
    return found[0].day if found else now.date()


def _page(html: str, code: int = 200, more: dict[str, str] | None = None) -> Response:
    return HTMLResponse(html, code, {**_HEADERS, **(more or {})})
