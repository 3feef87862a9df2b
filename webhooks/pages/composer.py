"""Where the holder of a phone writes."""

from collections.abc import Callable, Sequence

from nicegui import events, ui

from webhooks.emulator.phones import PhoneMessage
from webhooks.pages import texts

#: Enter sends, Shift+Enter begins a new line; while a word is being composed Enter is the word's.
_ENTER = """(event) => {
  if (event.shiftKey || event.isComposing) return;
  event.preventDefault();
  emit();
}"""


class Composer:
    """A field with samples beside it. Each line of it is a message of its own.

    Args:
        say: is called with each message, and with the id of the message that it replies to.
        samples: to choose from.
    """

    def __init__(self, say: Callable[[str, str | None], None], samples: Sequence[str]) -> None:
        self._say = say
        self._reply_to: str | None = None
        with ui.element("div").classes("quote") as self._quote:
            ui.icon("reply")
            self._quoted = ui.label()
            ui.button(icon="close", color=None, on_click=self.drop_reply).props(
                f'flat round dense aria-label="{texts.NO_REPLY}"'
            )
        self._burst = ui.label().classes("burst").props("aria-live=polite")
        with ui.element("form").classes("foot").on("submit.prevent", self.send) as self._form:
            _samples(samples, self.write)
            self._words = self._field()
            ui.button(icon="send", color=None).props(
                f'type=submit round flat dense aria-label="{texts.SEND}"'
            ).classes("send")
        self.drop_reply()
        self._burst.set_visibility(False)

    def reply(self, message: PhoneMessage) -> None:
        """Let the next message be a reply."""
        self._reply_to = message.id
        self._quoted.text = f"{texts.REPLYING} {message.text.splitlines()[0]}"
        self._quote.set_visibility(True)
        self._words.run_method("focus")

    def drop_reply(self) -> None:
        """Let the next message be none."""
        self._reply_to = None
        self._quote.set_visibility(False)

    def write(self, text: str) -> None:
        """Send a text, each line as a message of its own."""
        reply_to = self._reply_to
        self.drop_reply()
        for line in _lines(text):
            self._say(line, reply_to)

    def send(self) -> None:
        """Send what was written."""
        text, self._words.value = self._words.value or "", ""
        self.write(text)

    def set_visibility(self, visible: bool) -> None:  # noqa: FBT001 (as NiceGUI calls it)
        """Show the field, or hide it."""
        self._form.set_visibility(visible)

    def _field(self) -> ui.textarea:
        field = (
            ui.textarea(placeholder=texts.WRITE, on_change=self._count)
            .props(
                "dense borderless autogrow rows=1 autocomplete=off maxlength=1600"
                f' aria-label="{texts.WRITE}" title="{texts.WRITE_HINT}"'
            )
            .classes("words")
        )
        field.on("keydown.enter", self.send, js_handler=_ENTER)
        return field

    def _count(self, event: events.ValueChangeEventArguments[str | None]) -> None:
        count = len(_lines(event.value or ""))
        self._burst.set_visibility(count > 1)
        self._burst.text = texts.BURST.format(count=count)


def _samples(samples: Sequence[str], write: Callable[[str], None]) -> None:
    with (
        ui.button(icon="lightbulb", color=None)
        .props(f'type=button round flat dense aria-label="{texts.SAMPLES}"')
        .classes("samples"),
        ui.menu().props('anchor="top left" self="bottom left"').classes("sample-menu"),
    ):
        for sample in samples:
            ui.menu_item(" / ".join(_lines(sample)), lambda text=sample: write(text))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
