"""The staff's pages as HTML. Everything that comes from elsewhere passes through `escape`."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from html import escape
from pathlib import Path

from babel.dates import format_date

from bot.figures import WORKER_SILENT, Levels
from webhooks.admin import texts
from webhooks.admin.book import Line, Page

_STYLE = Path(__file__).with_name("admin.css").read_text()
#: Seconds between two looks of a page that shows today.
_LOOK = 15


def login(then: str, fault: str = "") -> str:
    """The form that asks for the password, and what was wrong with the last one."""
    told = f'<p class="fault" role="alert">{escape(fault)}</p>' if fault else ""
    return _page(
        f'<main class="login"><h1>{texts.TITLE}</h1><form method="post" action="/admin/login">'
        f'<input type="hidden" name="then" value="{escape(then)}">'
        '<input type="text" name="name" value="staff" autocomplete="username" hidden>'
        f'<label>{texts.PASSWORD}<input type="password" name="password" required autofocus'
        f' autocomplete="current-password"></label>{told}<button>{texts.ENTER}</button>'
        "</form></main>"
    )


def book(found: Iterable[Page], levels: Levels, *, on: date, now: datetime, is_today: bool) -> str:
    """The book of a day.

    Args:
        found: each venue's evening.
        levels: how the messages flow.
        on: the service date.
        now: the instant (UTC).
        is_today: whether the page follows the day.

    """
    rooms = "".join(_evening(each) for each in found) or f"<p>{texts.NO_VENUE}</p>"
    look = f'<meta http-equiv="refresh" content="{_LOOK}">' if is_today else ""
    return _page(
        f"<header><h1>{texts.TITLE}</h1>{_days(on, is_today=is_today)}"
        f'<form method="post" action="/admin/logout"><button class="quiet">{texts.LEAVE}</button>'
        f"</form></header>{_health(levels, now)}<main>{rooms}</main>",
        look,
    )


def _page(body: str, head: str = "") -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{texts.TITLE}</title>{head}<style>{_STYLE}</style></head><body>{body}</body></html>"
    )


def _days(on: date, *, is_today: bool) -> str:
    earlier, later = on - timedelta(days=1), on + timedelta(days=1)
    today = "" if is_today else f'<a href="/admin">{texts.TODAY}</a>'
    shown = format_date(on, "EEEE d MMMM", locale="en")
    return (
        f'<nav><a href="/admin?on={earlier}" aria-label="{texts.EARLIER}">&lsaquo;</a>'
        f'<strong><time datetime="{on}">{shown}</time></strong>'
        f'<a href="/admin?on={later}" aria-label="{texts.LATER}">&rsaquo;</a>{today}</nav>'
    )


def _health(levels: Levels, now: datetime) -> str:
    seen = levels.worker_seen_at
    age = now - seen if seen else None
    overdue, unknown = levels.sum("overdue_rows"), levels.sum("messages_unknown")
    cells = {
        "worker": (_ago(age), age is None or age > WORKER_SILENT),
        "in": (str(levels.rows["queue_rows"]["in"]), False),
        "out": (str(levels.rows["queue_rows"]["out"]), False),
        "overdue": (str(overdue), overdue > 0),
        "unknown": (str(unknown), unknown > 0),
    }
    drawn = "".join(
        f"<div{' class=bad' if bad else ''}><dt>{texts.HEALTH[key]}</dt><dd>{value}</dd></div>"
        for key, (value, bad) in cells.items()
    )
    return f"<dl>{drawn}</dl>"


def _ago(age: timedelta | None) -> str:
    return texts.NEVER if age is None else texts.AGO.format(seconds=max(age.total_seconds(), 0))


def _evening(evening: Page) -> str:
    sums = texts.PARTIES.format(parties=evening.parties, covers=evening.covers)
    head = f"<h2>{escape(evening.venue)} <small>{sums}</small></h2>"
    if not evening.visits:
        return f'<section>{head}<p class="empty">{texts.EMPTY}</p></section>'
    columns = "".join(f'<th scope="col">{name}</th>' for name in texts.COLUMNS)
    rows = "".join(_row(visit) for visit in evening.visits)
    table = f"<table><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table>"
    return f"<section>{head}{table}</section>"


def _row(visit: Line) -> str:
    state = f'<span class="state {visit.state}">{texts.STATES.get(visit.state, visit.state)}</span>'
    cells = {
        "time": visit.time,
        "size": str(visit.party_size),
        "name": escape(visit.guest.name or ""),
        "tables": escape(visit.tables),
        "code": visit.code,
        "at": state,
        "words": "<br>".join(map(escape, visit.words)),
        "contact": _contact(visit),
    }
    return "".join(["<tr>", *(f'<td class="{k}">{v}</td>' for k, v in cells.items()), "</tr>"])


def _contact(visit: Line) -> str:
    guest = visit.guest
    numbers = (each.address for each in guest.contacts if each.address.startswith("+"))
    number = escape(next(numbers, ""))
    if number:
        return f'<a href="tel:{number}">{number}</a>'
    return texts.CHANNELS.get(guest.channel, "")
