"""One phone on the page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from babel import Locale
from nicegui import ui

from webhooks.emulator.phones import Author, Button, Channel, Delivery, Phone, PhoneMessage
from webhooks.emulator.telegram import NotPossible
from webhooks.pages import texts
from webhooks.pages.lines import Line, Scene, TelegramLine

_TICKS = {
    Delivery.SENDING: "schedule",
    Delivery.SENT: "done",
    Delivery.DELIVERED: "done_all",
    Delivery.FAILED: "error_outline",
    Delivery.UNSEEN: "visibility_off",
}


@dataclass(slots=True)
class _Row:
    shown: PhoneMessage
    element: ui.element


class Handset:
    """Shows a line and keeps up with it.

    Args:
        line: whose phone it is.
        scene: the house.
    """

    def __init__(self, line: Line, scene: Scene) -> None:
        self._line = line
        self._scene = scene
        self._phone: Phone | None = None
        self._revision = -1
        self._rows: dict[str, _Row] = {}
        kind = "staff" if line.staff else line.channel.value
        with ui.element("section").classes(f"phone {kind}").props(f'aria-label="{line.title}"'):
            self._head()
            self._screen = ui.element("div").classes("screen").props("role=log aria-live=polite")
            self._typing = ui.label(f"{scene.venue} {texts.TYPING}").classes("typing")
            self._notice = ui.label().classes("notice")
            self._foot()

    def look(self, *, now: datetime) -> None:
        """Show what has changed since the last look; `now` is UTC."""
        phone = self._line.phone()
        until = phone.typing_until
        self._typing.set_visibility(until is not None and until > now)
        if phone is not self._phone:
            self._start_over(phone)
        if phone.revision == self._revision:
            return
        self._revision = phone.revision
        self._show_blocked(blocked=phone.blocked)
        messages = phone.messages()
        self._empty.set_visibility(not messages)
        for message in messages:
            self._show(message)
        ui.run_javascript(
            f"const s = getHtmlElement({self._screen.id}); s.scrollTop = s.scrollHeight"
        )

    def _head(self) -> None:
        with ui.element("div").classes("head"):
            ui.label(self._line.title[:1]).classes("face")
            with ui.element("div").classes("names"):
                ui.label(self._line.title).classes("title")
                ui.label(self._line.about).classes("about")
            if isinstance(self._line, TelegramLine) and not self._line.staff:
                self._language(self._line)
                self._block = ui.button(on_click=self._turn_block, color=None).props(
                    "flat dense no-caps"
                )

    def _language(self, line: TelegramLine) -> None:
        names = {code: Locale.parse(code).get_display_name() for code in self._scene.languages}
        choices = {"": texts.NO_LANGUAGE} | names
        ui.select(
            choices, value=line.speaks() or "", on_change=lambda e: line.speak(e.value or None)
        ).props(f'dense borderless options-dense aria-label="{texts.LANGUAGE}"').classes("language")

    def _foot(self) -> None:
        with ui.element("form").classes("foot").on("submit.prevent", self._send) as self._form:
            self._words = (
                ui.input(placeholder=texts.WRITE)
                .props(f'dense borderless autocomplete=off aria-label="{texts.WRITE}"')
                .classes("words")
            )
            ui.button(icon="send", color=None).props(
                f'type=submit round flat dense aria-label="{texts.SEND}"'
            )

    def _start_over(self, phone: Phone) -> None:
        self._phone, self._revision = phone, -1
        self._rows.clear()
        self._screen.clear()
        with self._screen:
            self._empty = ui.element("div").classes("empty")
            with self._empty:
                ui.label(texts.EMPTY_STAFF if self._line.staff else texts.EMPTY)
                for opener in () if self._line.staff else self._scene.openers:
                    ui.button(
                        opener, color=None, on_click=lambda _, text=opener: self._say(text)
                    ).props("outline no-caps dense").classes("opener")

    def _send(self) -> None:
        text = (self._words.value or "").strip()
        self._words.value = ""
        if text:
            self._say(text)

    def _say(self, text: str) -> None:
        with _told():
            self._line.say(text)

    def _press(self, message: PhoneMessage, button: Button) -> None:
        if isinstance(self._line, TelegramLine) and button.data:
            with _told():
                self._line.press(message.id, button.data)

    def _turn_block(self) -> None:
        if isinstance(self._line, TelegramLine):
            self._line.block(blocked=not self._line.phone().blocked)

    def _show_blocked(self, *, blocked: bool) -> None:
        self._notice.set_visibility(blocked)
        if self._line.channel is Channel.SMS:
            self._notice.text = texts.STOPPED
            return
        self._notice.text = texts.BLOCKED
        self._form.set_visibility(not blocked)
        if not self._line.staff:
            self._block.text = texts.UNBLOCK if blocked else texts.BLOCK

    def _show(self, message: PhoneMessage) -> None:
        row = self._rows.get(message.id)
        if row is None:
            with self._screen:
                element = ui.element("article").classes(f"entry {message.author.value}")
            row = self._rows[message.id] = _Row(message, element)
        elif row.shown == message:
            return
        row.shown = message
        row.element.clear()
        with row.element:
            self._bubble(message)
            self._buttons(message)

    def _bubble(self, message: PhoneMessage) -> None:
        with ui.element("div").classes("bubble"):
            if message.author is Author.CARRIER:
                ui.label(texts.CARRIER).classes("by")
            elif message.name:
                ui.label(message.name).classes("by")
            ui.label(message.text).classes("text")
            if message.author is not Author.NOTE:
                self._stamp(message)

    def _stamp(self, message: PhoneMessage) -> None:
        with ui.element("div").classes(f"stamp {message.state.value}"):
            if message.edited:
                ui.label(texts.EDITED)
            if message.state in texts.TROUBLES:
                ui.label(texts.TROUBLES[message.state].format(code=message.problem or ""))
            ui.label(f"{message.at.astimezone(self._scene.zone):%H:%M}")
            by_sms = self._line.channel is Channel.SMS and message.author is Author.HOUSE
            if message.author is Author.HOLDER or by_sms:
                state = texts.STATES[message.state]
                ui.icon(_TICKS[message.state]).props(f'aria-label="{state}"').tooltip(state)

    def _buttons(self, message: PhoneMessage) -> None:
        for buttons in message.buttons:
            with ui.element("div").classes("keys"):
                for button in buttons:
                    ui.button(
                        button.text,
                        color=None,
                        on_click=lambda _, pressed=button: self._press(message, pressed),
                    ).props("unelevated no-caps dense").classes("key")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except NotPossible as error:
        ui.notify(str(error), type="warning")
