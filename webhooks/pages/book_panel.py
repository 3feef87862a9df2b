"""The book beside the phones: a day to choose, and its tables through the evening."""

from collections.abc import Callable
from datetime import date, datetime

from nicegui import ui

from booking.evening import Evening
from booking.lifecycle import LIVE
from webhooks.pages import texts, timeline
from webhooks.pages.book import WEEK, Book

_LEGEND = ("held", "requested", "reserved", "seated", "shut")
#: Height of a table's row that still can be read, in pixels, and of what stands around the rows.
_ROW, _AROUND = 19, 32


class BookPanel:
    """Shows a look at the book, and follows what is entered to its day.

    Args:
        choose: is called with the service date that is to be shown; None is tonight.
    """

    def __init__(self, choose: Callable[[date | None], None]) -> None:
        self._choose = choose
        self._newest: int | None = None
        self._shown: date | None = None
        with (
            ui.element("section")
            .classes("panel book view")
            .props(f'aria-label="{texts.BOOK}"') as self.element
        ):
            self._head()
            with ui.element("div").classes("chart"):
                self._chart = (
                    ui.echart({"series": []}, renderer="svg")
                    .classes("tables")
                    .props("aria-hidden=true")
                )
                self._none = ui.label().classes("nothing").props("role=status")
            self._list = ui.element("ul").classes("for-readers").props(f'aria-label="{texts.BOOK}"')
            with ui.element("div").classes("legend").props("aria-hidden=true"):
                for state in _LEGEND:
                    ui.label(texts.LEGEND[state]).classes(f"key-{state}")

    def show(self, book: Book | None, *, now: datetime) -> None:
        """Show a look at the book; `now` is UTC."""
        if book is None:
            self._say(texts.NO_VENUE)
            return
        self._follow(book)
        self._show_head(book)
        self._show_chart(book, now=now)
        self._show_list(book)
        self._say(_nothing(book.evening))

    def fail(self) -> None:
        """Tell that the book cannot be read."""
        self._say(texts.NO_BOOK)

    def _head(self) -> None:
        with ui.element("div").classes("panel-head"):
            with ui.element("div"):
                self._title = ui.element("h2")
                with self._title:
                    self._day = ui.label(texts.BOOK)
                self._count = ui.label().classes("soft")
            with (
                ui.button(icon="calendar_month", color=None)
                .props(f'type=button flat round dense aria-label="{texts.OTHER_DAY}"')
                .classes("quiet"),
                ui.menu().props('anchor="bottom right" self="top right" no-focus') as menu,
            ):
                self._calendar = ui.date(on_change=lambda e: self._pick(e.value, menu)).props(
                    "minimal mask=YYYY-MM-DD first-day-of-week=1"
                )
        self._days = _Days(self._choose)

    def _pick(self, value: str | None, menu: ui.menu) -> None:
        if value and date.fromisoformat(value) != self._shown:
            menu.close()
            self._choose(date.fromisoformat(value))

    def _follow(self, book: Book) -> None:
        """Go to the day of a reservation that is newer than all seen so far."""
        number, day = book.newest or (0, book.tonight)
        is_new = self._newest is not None and number > self._newest
        self._newest = max(number, self._newest or 0)
        if is_new and day != book.evening.service_date:
            self._choose(day)

    def _show_head(self, book: Book) -> None:
        day, visits = book.evening.service_date, book.evening.visits
        expected = [v.reservation.party_size for v in visits if v.state in LIVE]
        self._shown = day
        self._day.text = _title(day, book.tonight)
        self._count.text = _expected(len(expected), sum(expected))
        self._calendar.set_value(day.isoformat())
        self._days.show(book)

    def _show_chart(self, book: Book, *, now: datetime) -> None:
        options = timeline.options(book, now=now)
        rows = len(book.venue.floor.tables)
        self._chart.style(f"min-height: {rows * _ROW + _AROUND}px")
        if options != self._chart.options:
            self._chart.options.clear()
            self._chart.options.update(options)
            self._chart.update()

    def _show_list(self, book: Book) -> None:
        lines = list(_lines(book))
        if [item.text for item in self._list_items()] == lines:
            return
        self._list.clear()
        with self._list:
            for line in lines:
                with ui.element("li"):
                    ui.label(line)

    def _list_items(self) -> list[ui.label]:
        return [e for e in self._list.descendants() if isinstance(e, ui.label)]

    def _say(self, text: str) -> None:
        self._none.text = text
        self._none.set_visibility(bool(text))


class _Days:
    """A week to choose from. The buttons are changed in place, so that the focus stays."""

    def __init__(self, choose: Callable[[date], None]) -> None:
        self._days: list[date] = []
        with ui.element("div").classes("days").props(f'role=group aria-label="{texts.OTHER_DAY}"'):
            self._buttons = [self._button(place, choose) for place in range(WEEK)]

    def show(self, book: Book) -> None:
        """Show the days around the one that is shown."""
        self._days = list(book.days)
        for (button, *labels), (day, parties) in zip(self._buttons, book.days.items(), strict=True):
            chosen = day == book.evening.service_date
            button.props(f'aria-pressed={str(chosen).lower()} title="{_expected(parties)}"')
            name = texts.BOOK_TODAY if day == book.tonight else f"{day:%a}"
            for label, text in zip(labels, (name, str(day.day), str(parties or "")), strict=True):
                label.text = text

    def _button(
        self, place: int, choose: Callable[[date], None]
    ) -> tuple[ui.element, ui.label, ui.label, ui.label]:
        with ui.element("button").classes("day").props("type=button") as button:
            button.on("click", lambda: choose(self._days[place]))
            name, number = ui.label(), ui.label().classes("number")
            return button, name, number, ui.label().classes("parties")


def _expected(parties: int, covers: int | None = None) -> str:
    counted = texts.PARTY if parties == 1 else texts.PARTIES
    counted = counted.format(parties=parties)
    return counted if covers is None else f"{counted} · {texts.COVERS.format(covers=covers)}"


def _title(day: date, tonight: date) -> str:
    named = f"{day:%A} {day.day} {day:%B}"
    return f"{texts.BOOK_TONIGHT}, {named}" if day == tonight else named


def _nothing(evening: Evening) -> str:
    if evening.visits or evening.closings:
        return ""
    return texts.NO_PARTIES if evening.opens_at else texts.DAY_OFF


def _lines(book: Book) -> list[str]:
    """The evening for those who cannot see the chart."""
    return [
        texts.VISIT.format(
            at=f"{book.venue.local(visit.reservation.starts_at):%H:%M}",
            who=timeline.named(visit),
            size=visit.reservation.party_size,
            tables="+".join(visit.tables),
            state=texts.LEGEND[visit.state.value],
            code=visit.reservation.code,
        )
        for visit in book.evening.visits
    ]
