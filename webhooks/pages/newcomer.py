"""The dialog for another guest."""

from collections.abc import Callable

from nicegui import ui

from webhooks.emulator.phones import Channel
from webhooks.pages import texts
from webhooks.pages.cast import Cast
from webhooks.pages.lines import Line, Scene

_CHANNELS = {Channel.TELEGRAM.value: texts.TELEGRAM, Channel.SMS.value: texts.SMS}


class Newcomer:
    """Asks for channel, name and language.

    Args:
        cast: whom the guest joins.
        scene: the house.
        joined: is called with the new guest.
    """

    def __init__(self, cast: Cast, scene: Scene, joined: Callable[[Line], None]) -> None:
        self._cast = cast
        self._joined = joined
        languages = {code: scene.name_of(code) for code in scene.languages}
        with (
            ui.dialog().props(f'aria-label="{texts.ADD_LONG}"') as self._dialog,
            ui.element("div").classes("panel"),  # a dialog lets presses through to nothing else
            ui.element("form").classes("newcomer").on("submit.prevent", self._join),
        ):
            with ui.element("h2"):
                ui.label(texts.ADD_LONG)
            self._name = ui.input(texts.NAME).props("outlined dense autofocus maxlength=40")
            with ui.element("div"):
                ui.label(texts.CHANNEL).classes("soft")
                self._channel = ui.toggle(_CHANNELS, value=Channel.TELEGRAM.value).props(
                    f'no-caps unelevated spread aria-label="{texts.CHANNEL}"'
                )
            self._language = ui.select(
                {**languages, "": texts.NO_LANGUAGE}, label=texts.LANGUAGE, value=""
            ).props("outlined dense options-dense")
            self._language.bind_visibility_from(
                self._channel, "value", value=Channel.TELEGRAM.value
            )
            self._language.value = next(iter(languages), "")
            with ui.element("div").classes("answers"):
                ui.button(texts.CANCEL, color=None, on_click=self._dialog.close).props(
                    "type=button flat no-caps"
                )
                ui.button(texts.ADD_LONG, color=None).props(
                    "type=submit unelevated no-caps"
                ).classes("primary")

    def ask(self) -> None:
        """Open the dialog."""
        self._name.value = self._cast.suggestion()
        self._dialog.open()

    def _join(self) -> None:
        self._dialog.close()
        name = (self._name.value or "").strip() or self._cast.suggestion()
        channel = Channel(self._channel.value)
        self._joined(self._cast.add(channel, name, self._language.value or None))
