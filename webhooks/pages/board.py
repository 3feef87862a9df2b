"""The page: the guests' phones, the staff's, the book, and what can be broken."""

from datetime import date
from functools import partial
from pathlib import Path

from fastapi import FastAPI
from nicegui import run, ui
from sqlalchemy.exc import SQLAlchemyError

from booking.errors import Busy
from webhooks.pages import texts
from webhooks.pages.book_panel import BookPanel
from webhooks.pages.handset import Handset
from webhooks.pages.newcomer import Newcomer
from webhooks.pages.rail import Rail, Stop
from webhooks.pages.stage import Look, Stage
from webhooks.pages.trouble_panel import TroublePanel

#: Seconds between two looks at the phones; a look that finds nothing new sends nothing.
LOOK = 0.15
#: Seconds between two looks at the book.
READ = 0.5
_STYLE = Path(__file__).with_name("simulator.css").read_text()
#: Keys of what is no phone. Without any guest the first one stands for their place.
_GUESTS, _TABLES, _TROUBLE = "guests", "tables", "trouble"
#: Of switches and chosen dates; readable on light and on dark.
_PRIMARY = "#2f80c0"
_THEMES = {None: "brightness_auto", False: "light_mode", True: "dark_mode"}


def serve(address: str, stage: Stage) -> FastAPI:
    """An app with one page; its lifespan is that of NiceGUI.

    Args:
        address: of the page.
        stage: what it shows.
    """
    ui.page(address)(lambda: Board(stage).draw())
    app = FastAPI(openapi_url=None)
    ui.run_with(app, title=texts.TITLE, dark=None, tailwind=False, show_welcome_message=False)
    return app


class Board:
    """The page in one browser tab.

    Args:
        stage: what all tabs share.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._scene = stage.scene()
        self._staff = stage.cast.staff()
        self._guests: dict[str, Handset] = {}
        self._cast_revision = -1
        self._day: date | None = None
        self._look = Look()
        self._chosen = self._guest = next((line.key for line in stage.cast.guests), _GUESTS)

    def draw(self) -> None:
        """Build the page, and keep it going."""
        ui.add_css(_STYLE)
        ui.colors(primary=_PRIMARY)
        ui.page_title(f"{self._scene.venue} · {texts.TITLE}")
        with ui.element("header").classes("top"):
            with ui.element("div"):
                with ui.element("h1"):
                    ui.label(self._scene.venue)
                ui.label(texts.LEAD).classes("soft lead")
            with ui.element("div").classes("tools"):
                _start_over(self._stage)
                _theme()
        self._newcomer = Newcomer(self._stage.cast, self._scene, lambda line: self._go(line.key))
        with ui.element("main").classes("board"):
            self._columns()
        self._tick()
        ui.timer(LOOK, self._tick)
        ui.timer(READ, self._read)

    def _columns(self) -> None:
        with ui.element("div").classes("lane"):
            with ui.element("nav").classes("rail").props(f'aria-label="{texts.GUESTS}"') as strip:
                self._rail = Rail(self._go)
                ui.button(texts.ADD, icon="add", color=None, on_click=self._newcomer.ask).props(
                    f'type=button flat no-caps dense aria-label="{texts.ADD_LONG}"'
                ).classes("add")
            self._strip = strip
            self._row = ui.element("div").classes("phones")
            with self._row:
                self._nobody = ui.label(texts.NOBODY).classes("nobody view")
        with ui.element("div").classes("lane"):
            ui.label(texts.STAFF_SHORT).classes("lane-head")
            self._staff_phones = [Handset(line, self._scene) for line in self._staff]
        with ui.element("div").classes("lane side"):
            self._book = BookPanel(self._choose_day)
            self._trouble = TroublePanel(self._stage.troubles)
        with ui.element("nav").classes("tabs").props(f'aria-label="{texts.VIEWS}"'):
            self._tabs = Rail(self._go)

    def _tick(self) -> None:
        """Bring everything up to date that needs no database."""
        now = self._stage.now()
        if self._cast_revision != self._stage.cast.revision:
            self._recast()
        book = self._look.book
        for handset in self._every():
            handset.look(now=now)
            phone = handset.line.phone()
            hold = book.holds.get((phone.channel.value, phone.address)) if book else None
            handset.show_hold(hold, now=now)
        self._show_stops()

    async def _read(self) -> None:
        """Look at the book, in a thread so that the server goes on serving."""
        try:
            look = await run.io_bound(self._stage.look, self._day)
        except (SQLAlchemyError, Busy):
            self._book.fail()
            return
        if look is not None:  # it is when the server ends
            self._look = look
            self._book.show(look.book, now=self._stage.now())
            self._trouble.show(look.tally)

    def _choose_day(self, day: date | None) -> None:
        self._day = day

    def _recast(self) -> None:
        """Put up the phones of new guests, and take down those of guests who left."""
        guests = {line.key: line for line in self._stage.cast.guests}
        self._cast_revision = self._stage.cast.revision
        for key in self._guests.keys() - guests.keys():
            self._guests.pop(key).element.delete()
        with self._row:
            for key in guests.keys() - self._guests.keys():
                remove = partial(self._stage.cast.remove, guests[key])
                self._guests[key] = Handset(guests[key], self._scene, remove=remove)
                self._guests[key].element.on("focusin", partial(self._choose, key), args=[])
        self._guests = {key: self._guests[key] for key in guests}
        for place, handset in enumerate(self._guests.values()):
            handset.element.move(target_index=place)
        self._nobody.set_visibility(not guests)
        if self._guest not in guests:
            self._guest = next(iter(guests), _GUESTS)
            self._chosen = self._guest

    def _every(self) -> list[Handset]:
        return [*self._guests.values(), *self._staff_phones]

    def _choose(self, key: str) -> None:
        self._chosen = key
        if key in self._guests:
            self._guest = key
        self._show_stops()

    def _go(self, key: str) -> None:
        self._tick()
        self._choose(self._guest if key == _GUESTS else key)
        for handset in self._every():
            if handset.line.key == self._chosen:
                handset.show_end()
            if handset.line.key == key:
                handset.focus()

    def _show_stops(self) -> None:
        """Show where one is, and where something new has come."""
        guests, staff = [_stop(h) for h in self._guests.values()], self._staff_phones
        for handset in self._every():
            if handset.line.key == self._chosen:
                handset.unread = 0
            _mark(handset.element, chosen=handset.line.key == self._chosen)
        for element, key in ((self._book.element, _TABLES), (self._trouble.element, _TROUBLE)):
            _mark(element, chosen=self._chosen == key)
        is_guest = self._chosen == self._guest
        _mark(self._strip, chosen=is_guest)
        _mark(self._nobody, chosen=is_guest and not guests)
        unread = sum(stop.unread for stop in guests)
        tabs = [
            Stop(_GUESTS, texts.GUESTS, "guests", unread),
            *(_stop(handset) for handset in staff),
            Stop(_TABLES, texts.TABLES, "tables"),
            Stop(_TROUBLE, texts.TROUBLE, "trouble"),
        ]
        self._rail.show(guests, self._chosen)
        self._tabs.show(tabs, _GUESTS if is_guest else self._chosen)


def _stop(handset: Handset) -> Stop:
    line = handset.line
    if line.staff:
        return Stop(line.key, texts.STAFF_SHORT, "staff", handset.unread)
    return Stop(line.key, line.title, line.channel.value, handset.unread)


def _mark(element: ui.element, *, chosen: bool) -> None:
    """Mark what a narrow screen shows."""
    element.classes(add="chosen" if chosen else "", remove="" if chosen else "chosen")


def _start_over(stage: Stage) -> None:
    async def start() -> None:
        await run.io_bound(stage.start_over)
        ui.notify(texts.STARTED_OVER)

    ui.button(texts.START_OVER, icon="restart_alt", color=None, on_click=start).props(
        f'type=button flat no-caps dense aria-label="{texts.START_OVER}"'
    ).classes("quiet").tooltip(texts.START_OVER_LONG)


def _theme() -> None:
    mode = ui.dark_mode(value=None)
    following: dict[bool | None, bool | None] = {None: True, True: False, False: None}

    def turn() -> None:
        mode.value = following[mode.value]
        button.props(f"icon={_THEMES[mode.value]}")

    button = (
        ui.button(icon=_THEMES[None], color=None, on_click=turn)
        .props(f'type=button flat round dense aria-label="{texts.DARK}"')
        .classes("quiet")
    )
    button.tooltip(texts.DARK)
