"""The page: a heading and the phones side by side."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from fastapi import FastAPI
from nicegui import ui

from webhooks.pages import texts
from webhooks.pages.handset import Handset
from webhooks.pages.lines import Line, Scene

#: Seconds between two looks at the phones; a look that finds nothing new sends nothing.
LOOK = 0.15
_STYLE = Path(__file__).with_name("simulator.css").read_text()
_THEMES = {None: "brightness_auto", False: "light_mode", True: "dark_mode"}


def serve(address: str, draw: Callable[[], None]) -> FastAPI:
    """An app with one page; its lifespan is that of NiceGUI.

    Args:
        address: of the page.
        draw: builds it for one browser tab.
    """
    ui.page(address)(draw)
    app = FastAPI(openapi_url=None)
    ui.run_with(app, title=texts.TITLE, dark=None, tailwind=False, show_welcome_message=False)
    return app


def show(scene: Scene, lines: Sequence[Line], *, now: Callable[[], datetime]) -> None:
    """Build the page for one browser tab.

    Args:
        scene: the house.
        lines: the phones, left to right.
        now: the clock, UTC.
    """
    ui.add_css(_STYLE)
    ui.page_title(f"{scene.venue} · {texts.TITLE}")
    with ui.element("header").classes("top"):
        with ui.element("div"):
            ui.label(scene.venue).classes("venue")
            ui.label(texts.LEAD).classes("lead")
        _theme()
    with ui.element("main").classes("phones"):
        handsets = [Handset(line, scene) for line in lines]

    def look() -> None:
        for handset in handsets:
            handset.look(now=now())

    look()
    ui.timer(LOOK, look)


def _theme() -> None:
    mode = ui.dark_mode(value=None)
    following = {None: True, True: False, False: None}

    def turn() -> None:
        mode.value = following[mode.value]
        button.props(f"icon={_THEMES[mode.value]}")

    button = ui.button(icon=_THEMES[None], color=None, on_click=turn).props(
        f'flat round dense aria-label="{texts.DARK}"'
    )
    button.tooltip(texts.DARK)
