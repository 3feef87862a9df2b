"""The messages on one phone's screen."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from nicegui import ui

from webhooks.emulator.phones import Author, Button, Channel, Delivery, PhoneMessage
from webhooks.pages import texts

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


class Bubbles:
    """Shows messages inside an element, and keeps up with them.

    Args:
        screen: where.
        channel: of the phone.
        zone: of the clock beside the messages.
        press: is called with the message and the button that was pressed.
        reply: is called with the message that is to be replied to; None where one cannot.
    """

    def __init__(
        self,
        screen: ui.element,
        channel: Channel,
        zone: ZoneInfo,
        *,
        press: Callable[[PhoneMessage, Button], None],
        reply: Callable[[PhoneMessage], None] | None = None,
    ) -> None:
        self._screen = screen
        self._channel = channel
        self._zone = zone
        self._press = press
        self._reply = reply
        self._rows: dict[str, _Row] = {}

    def forget(self) -> None:
        """Take everything off the screen."""
        self._rows.clear()
        self._screen.clear()

    def knows_more_than(self, messages: tuple[PhoneMessage, ...]) -> bool:
        """Whether something is shown that the phone has no more."""
        return not self._rows.keys() <= {message.id for message in messages}

    def show(self, message: PhoneMessage) -> bool:
        """Show a message, or what has changed of it; tells whether it is new."""
        row = self._rows.get(message.id)
        is_new = row is None
        if row is None:
            with self._screen:
                element = ui.element("article").classes(f"entry {message.author.value}")
            row = self._rows[message.id] = _Row(message, element)
        elif row.shown == message:
            return False
        row.shown = message
        row.element.clear()
        with row.element:
            self._bubble(message)
            self._buttons(message)
        return is_new

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
            if self._reply and message.author is Author.HOUSE:
                self._reply_button(self._reply, message)
            if message.edited:
                ui.label(texts.EDITED)
            if message.state in texts.TROUBLES:
                ui.label(texts.TROUBLES[message.state].format(code=message.problem or ""))
            ui.label(f"{message.at.astimezone(self._zone):%H:%M}")
            by_sms = self._channel is Channel.SMS and message.author is Author.HOUSE
            if message.author is Author.HOLDER or by_sms:
                state = texts.STATES[message.state]
                ui.icon(_TICKS[message.state]).props(
                    f'role=img aria-hidden=false aria-label="{state}"'
                ).tooltip(state)

    @staticmethod
    def _reply_button(reply: Callable[[PhoneMessage], None], message: PhoneMessage) -> None:
        ui.button(texts.REPLY, icon="reply", color=None, on_click=lambda: reply(message)).props(
            "flat dense no-caps"
        ).classes("reply")

    def _buttons(self, message: PhoneMessage) -> None:
        for buttons in message.buttons:
            with ui.element("div").classes("keys"):
                for button in buttons:
                    ui.button(
                        button.text,
                        color=None,
                        on_click=lambda _, pressed=button: self._press(message, pressed),
                    ).props("unelevated no-caps dense").classes("key")
