"""One phone on the page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from nicegui import ui

from webhooks.emulator.phones import Author, Button, Channel, Phone, PhoneMessage
from webhooks.emulator.telegram import NotPossible
from webhooks.pages import texts
from webhooks.pages.book import Hold
from webhooks.pages.bubbles import Bubbles
from webhooks.pages.composer import Composer
from webhooks.pages.lines import Line, Scene, TelegramLine
from webhooks.pages.stage import seconds_left


class Handset:
    """Shows a line and keeps up with it.

    Args:
        line: whose phone it is.
        scene: the house.
        remove: takes the phone off the page; None where it stays.
    """

    def __init__(
        self, line: Line, scene: Scene, *, remove: Callable[[], None] | None = None
    ) -> None:
        self.line = line
        self.unread = 0
        self._scene = scene
        self._remove = remove
        self._phone: Phone | None = None
        self._revision = -1
        kind = "staff" if line.staff else line.channel.value
        with (
            ui.element("section")
            .classes(f"phone view {kind}")
            .props(f'aria-label="{line.title}"') as self.element
        ):
            self._head()
            self._hold_strip()
            self._screen = (
                ui.element("div").classes("screen").props("role=log aria-live=polite tabindex=0")
            )
            self._typing = ui.label(f"{scene.venue} {texts.TYPING}").classes("typing")
            self._notice = ui.label().classes("notice").props("role=status")
            self._composer = Composer(self._say, _samples(line, scene))
        self._bubbles = Bubbles(
            self._screen,
            line.channel,
            scene.zone,
            press=self._press,
            reply=self._composer.reply if line.staff and isinstance(line, TelegramLine) else None,
        )

    def look(self, *, now: datetime) -> None:
        """Show what has changed since the last look; `now` is UTC."""
        phone = self.line.phone()
        until = phone.typing_until
        self._typing.set_visibility(until is not None and until > now)
        if phone is self._phone and phone.revision == self._revision:
            return
        messages, known = phone.messages(), self._phone is not None
        if phone is not self._phone or self._bubbles.knows_more_than(messages):
            self._start_over()
        self._phone, self._revision = phone, phone.revision
        self._show_blocked(blocked=phone.blocked)
        self._empty.set_visibility(not messages)
        for message in messages:
            is_new = self._bubbles.show(message)
            self.unread += known and is_new and message.author is Author.HOUSE
        self.show_end()

    def show_end(self) -> None:
        """Show the newest message; a phone that is not shown cannot be scrolled."""
        ui.run_javascript(
            f"const s = getHtmlElement({self._screen.id}); s.scrollTop = s.scrollHeight"
        )

    def show_hold(self, hold: Hold | None, *, now: datetime) -> None:
        """Show how long a table is still held for the guest."""
        left = hold.left(now) if hold else None
        self._hold.set_visibility(bool(left))
        if hold and left:
            self._held.text = texts.HELD.format(size=hold.party_size)
            self._left.text = texts.LEFT.format(left=seconds_left(hold.held_until, now))
            self._hold.style(f"--left: {left / hold.lasts:.0%}")

    def focus(self) -> None:
        """Let the holder write."""
        ui.run_javascript(
            f"const p = getHtmlElement({self.element.id});"
            "p.scrollIntoView({inline: 'nearest', block: 'nearest', behavior: 'smooth'});"
            "if (matchMedia('(hover: hover)').matches)"
            " p.querySelector('textarea')?.focus({preventScroll: true})"
        )

    def _head(self) -> None:
        with ui.element("div").classes("head"):
            ui.label(self.line.title[:1]).classes("face").props("aria-hidden=true")
            with ui.element("div").classes("names"):
                ui.label(self.line.title).classes("title")
                self._about = ui.label(self._about_text()).classes("about")
            if not self.line.staff:
                self._menu()

    def _about_text(self) -> str:
        if isinstance(self.line, TelegramLine) and not self.line.staff:
            return f"{texts.TELEGRAM} · {self._scene.name_of(self.line.speaks())}"
        return self.line.about

    def _menu(self) -> None:
        more = texts.MORE.format(name=self.line.title)
        with (
            ui.button(icon="more_vert", color=None)
            .props(f'type=button flat round dense aria-label="{more}"')
            .classes("more"),
            ui.menu().props('anchor="bottom right" self="top right"'),
        ):
            if isinstance(self.line, TelegramLine):
                self._languages(self.line)
                with ui.menu_item(on_click=self._turn_block), ui.item_section():
                    self._block = ui.label(texts.BLOCK)
            else:
                ui.menu_item(texts.STOP, lambda: self._say("STOP"))
            if self._remove:
                ui.menu_item(texts.REMOVE.format(name=self.line.title), self._remove)

    def _languages(self, line: TelegramLine) -> None:
        def speak(code: str | None) -> None:
            line.speak(code)
            self._about.text = self._about_text()

        ui.item_label(texts.LANGUAGE).props("header").classes("menu-head")
        for code in (*self._scene.languages, None):
            ui.menu_item(self._scene.name_of(code), lambda code=code: speak(code))
        ui.separator()

    def _hold_strip(self) -> None:
        with ui.element("div").classes("hold").props("role=timer") as self._hold:
            ui.icon("hourglass_bottom")
            self._held = ui.label()
            self._left = ui.label().classes("left")
        self._hold.set_visibility(False)

    def _start_over(self) -> None:
        self._bubbles.forget()
        self._composer.drop_reply()
        self.unread = 0
        line, openers = self.line, self._scene.openers
        with self._screen:
            self._empty = ui.element("div").classes("empty")
            with self._empty:
                hint = texts.EMPTY_STAFF if line.staff else texts.EMPTY.format(name=line.title)
                ui.label(hint)
                for opener in texts.STAFF_SAYS[:2] if line.staff else openers:
                    ui.button(
                        opener,
                        color=None,
                        on_click=lambda _, text=opener: self._composer.write(text),
                    ).props("outline no-caps dense").classes("opener")

    def _say(self, text: str, reply_to: str | None = None) -> None:
        with _told():
            self.line.say(text, reply_to=reply_to)

    def _press(self, message: PhoneMessage, button: Button) -> None:
        if isinstance(self.line, TelegramLine) and button.data:
            with _told():
                self.line.press(message.id, button.data)
            # The button goes when the house answers; the focus must not fall out of the phone.
            ui.run_javascript(f"getHtmlElement({self._screen.id}).focus({{preventScroll: true}})")

    def _turn_block(self) -> None:
        if isinstance(self.line, TelegramLine):
            self.line.block(blocked=not self.line.phone().blocked)

    def _show_blocked(self, *, blocked: bool) -> None:
        self._notice.set_visibility(blocked)
        if self.line.channel is Channel.SMS:
            self._notice.text = texts.STOPPED if blocked else ""
            return
        self._notice.text = texts.BLOCKED.format(name=self.line.title) if blocked else ""
        self._composer.set_visibility(not blocked)
        if not self.line.staff:
            self._block.text = texts.UNBLOCK if blocked else texts.BLOCK


def _samples(line: Line, scene: Scene) -> tuple[str, ...]:
    return texts.STAFF_SAYS if line.staff else (*scene.openers, *texts.MORE_TO_SAY)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except NotPossible as error:
        ui.notify(str(error), type="warning")
