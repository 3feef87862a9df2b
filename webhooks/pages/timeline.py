"""An evening as a chart: tables downwards, time to the right. Values only, no I/O."""

from datetime import datetime, time
from html import escape
from typing import Any, TypeAlias

from booking.closings import Closing
from booking.evening import Evening, Visit
from booking.lifecycle import State
from booking.service_periods import DAY_MINUTES
from booking.venue import Venue
from webhooks.pages import texts
from webhooks.pages.book import Book
from webhooks.pages.stage import seconds_left

#: table, from, to (minutes from midnight), label, state, tip (HTML), label where there is no room
Bar: TypeAlias = tuple[int, float, float, str, str, str, str]
Options: TypeAlias = dict[str, Any]

#: From so many hours on only every second one is written under the chart.
MANY_HOURS = 9
_FONT = {"fontFamily": "inherit", "fontSize": 11.5}
_CLOCK = "v => String(Math.floor(v / 60) % 24).padStart(2, '0')"
#: Colours are those of the page's style sheet, so that the chart follows light and dark by itself.
_DRAW = """(params, api) => {
  const state = api.ordinalRawValue(4), area = params.coordSys;
  const [from, middle] = api.coord([api.value(1), api.value(0)]);
  const [to] = api.coord([api.value(2), api.value(0)]);
  const left = Math.max(from, area.x), right = Math.min(to, area.x + area.width);
  const height = Math.min(api.size([0, 1])[1] - 4, 30), width = Math.max(right - left - 2, 2);
  const long = api.ordinalRawValue(3), fits = width > 96 || long.length * 5.6 < width - 6;
  return {
    type: 'rect',
    shape: {x: left + 1, y: middle - height / 2, width, height, r: 5},
    style: {
      fill: `var(--${state})`, stroke: `var(--${state}-edge)`, lineWidth: 1.2,
      lineDash: state === 'held' ? [4, 3] : null,
    },
    textContent: {style: {
      text: width < 18 ? '' : fits ? long : api.ordinalRawValue(6), fill: `var(--${state}-ink)`,
      width: width - 8, overflow: 'truncate', ellipsis: '…',
      fontFamily: 'inherit', fontSize: 11.5, fontWeight: 550,
    }},
    textConfig: {position: 'insideLeft', distance: 5, inside: true},
    emphasisDisabled: true,
  };
}"""


def options(book: Book, *, now: datetime) -> Options:
    """The options of the chart for a look at the book.

    Args:
        book: with the evening.
        now: the instant (UTC), for the line that marks it and for the holds.
    """
    venue, evening = book.venue, book.evening
    first, last = span(venue, evening)
    step = 120 if last - first > MANY_HOURS * 60 else 60
    tables = venue.floor.tables
    return {
        "animation": False,
        "grid": {"left": 62, "right": 12, "top": 24, "bottom": 6},
        "tooltip": {
            "trigger": "item",
            "confine": True,
            "className": "tip",
            ":formatter": "p => Array.isArray(p.value) ? p.value[5] : ''",
        },
        "xAxis": {
            "type": "value",
            "position": "top",
            "min": first,
            "max": last,
            "interval": step,
            "axisLabel": {":formatter": _CLOCK, "color": "var(--soft)", **_FONT},
            "splitLine": {"lineStyle": {"color": "var(--line)"}},
        },
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [f"{table.name} · {table.max_covers}" for table in tables],
            "axisLabel": {"color": "var(--soft)", "interval": 0, **_FONT},
            "axisLine": {"show": False},
            "axisTick": {"show": False},
            "splitLine": {"show": True, "lineStyle": {"color": "var(--line)"}},
        },
        "series": [_bars(book, now=now), _marks(book, first, last, now=now)],
    }


def span(venue: Venue, evening: Evening) -> tuple[int, int]:
    """The full hours around the evening, in minutes from the midnight that begins its date.

    The staff may seat a party outside the hours, also on a day off.
    """
    stays = [visit.reservation for visit in evening.visits]
    begins = [at for at in (evening.opens_at, *(stay.starts_at for stay in stays)) if at]
    ends = [at for at in (evening.closes_at, *(stay.ends_at for stay in stays)) if at]
    if not begins or not ends:
        return 18 * 60, DAY_MINUTES
    first, last = (minutes_at(venue, evening, at) for at in (min(begins), max(ends)))
    return int(first // 60) * 60, -int(-last // 60) * 60


def minutes_at(venue: Venue, evening: Evening, instant: datetime) -> float:
    """What the venue's clock shows, in minutes from the midnight that begins the service date."""
    wall = venue.local(instant).replace(tzinfo=None)
    return (wall - datetime.combine(evening.service_date, time())).total_seconds() / 60


def named(visit: Visit) -> str:
    """What the staff would call a party by."""
    reached = {"sms": visit.guest.address, "telegram": texts.TELEGRAM}
    unnamed = texts.WALK_IN if visit.reservation.source == "walk_in" else texts.NO_NAME
    return visit.guest.name or reached.get(visit.guest.channel, unnamed)


def _short_name(visit: Visit) -> str:
    """The same where there is little room; of a number its end."""
    name = named(visit)
    return f"…{name[-4:]}" if name == visit.guest.address else name


def _bars(book: Book, *, now: datetime) -> Options:
    rows = {table.name: row for row, table in enumerate(book.venue.floor.tables)}
    visits = [
        _bar(book, rows[name], visit, now=now)
        for visit in book.evening.visits
        for name in visit.tables
        if name in rows
    ]
    names = book.venue.floor.names
    shut = [
        _shut(book, rows[names[closing.table_id]], closing)
        for closing in book.evening.closings
        if closing.table_id in names
    ]
    return {
        "type": "custom",
        ":renderItem": _DRAW,
        "dimensions": [
            {"name": "table", "type": "int"},
            {"name": "from", "type": "float"},
            {"name": "to", "type": "float"},
            {"name": "label", "type": "ordinal"},
            {"name": "state", "type": "ordinal"},
            {"name": "tip", "type": "ordinal"},
            {"name": "short", "type": "ordinal"},
        ],
        "encode": {"x": [1, 2], "y": 0},
        "clip": True,
        "z": 3,
        "data": [list(bar) for bar in (*shut, *visits)],
    }


def _bar(book: Book, row: int, visit: Visit, *, now: datetime) -> Bar:
    stay, held_until = visit.reservation, visit.reservation.held_until
    short = str(stay.party_size)
    label = f"{short} {_short_name(visit)}"
    state = texts.LEGEND[visit.state.value]
    if visit.state is State.HELD and held_until:
        left = seconds_left(held_until, now)
        short, label, state = left, f"{left} · {label}", f"{state} · {texts.LEFT.format(left=left)}"
    at, until = book.venue.local(stay.starts_at), book.venue.local(stay.ends_at)
    when = texts.TIP.format(at=f"{at:%H:%M}", until=f"{until:%H:%M}", tables="+".join(visit.tables))
    lines = [f"{stay.party_size} · {named(visit)}", when, f"{stay.code} · {state}"]
    lines += [note for note in (stay.request, stay.note) if note]
    return (
        row,
        minutes_at(book.venue, book.evening, stay.starts_at),
        minutes_at(book.venue, book.evening, stay.ends_at),
        label,
        visit.state.value,
        "<br>".join([f"<b>{escape(lines[0])}</b>", *map(escape, lines[1:])]),
        short,
    )


def _shut(book: Book, row: int, closing: Closing) -> Bar:
    begins = minutes_at(book.venue, book.evening, closing.starts_at)
    ends = minutes_at(book.venue, book.evening, closing.ends_at)
    return row, begins, ends, texts.SHUT, "shut", escape(texts.SHUT), ""


def _marks(book: Book, first: int, last: int, *, now: datetime) -> Options:
    """The line of this moment, and spans in which the whole house takes no bookings."""
    minute = int(minutes_at(book.venue, book.evening, now))
    line = [{"xAxis": minute}] if first <= minute <= last else []
    pauses = [
        [
            {"name": texts.NO_BOOKINGS, "xAxis": max(first, _minute(book, pause.starts_at))},
            {"xAxis": min(last, _minute(book, pause.ends_at))},
        ]
        for pause in book.evening.closings
        if pause.table_id is None
    ]
    return {
        "type": "line",
        "data": [],
        "silent": True,
        "markLine": {
            "z": 1,
            "symbol": "none",
            "data": line,
            "label": {"show": False},
            "lineStyle": {"color": "var(--now)", "type": "solid", "width": 1.6},
        },
        "markArea": {
            "z": 1,
            "data": pauses,
            "itemStyle": {"color": "var(--shut)", "opacity": 0.75},
            "label": {"color": "var(--soft)", "position": "insideBottom", **_FONT},
        },
    }


def _minute(book: Book, instant: datetime) -> int:
    return int(minutes_at(book.venue, book.evening, instant))
