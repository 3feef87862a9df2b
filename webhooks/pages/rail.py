"""Strips of buttons that go to a phone or, on a narrow screen, choose what is shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nicegui import ui

from webhooks.pages import texts


@dataclass(frozen=True, slots=True)
class Stop:
    """Something to go to.

    Attributes:
        key: of the view.
        kind: `telegram`, `sms`, `guests`, `staff`, `tables` or `trouble`.
        unread: messages not seen yet.
    """

    key: str
    name: str
    kind: str
    unread: int = 0


_ICONS = {
    "guests": "forum",
    "staff": "storefront",
    "tables": "table_restaurant",
    "trouble": "bolt",
}


class Rail:
    """Stops side by side.

    Args:
        go: is called with the key of the stop that was chosen.
    """

    def __init__(self, go: Callable[[str], None]) -> None:
        self._go = go
        self._buttons: dict[str, _Button] = {}
        self._stops = ui.element("div").classes("stops")

    def show(self, stops: Sequence[Stop], chosen: str) -> None:
        """Show the stops; `chosen` is the key of the one that is shown."""
        for key in self._buttons.keys() - {stop.key for stop in stops}:
            self._buttons.pop(key).element.delete()
        for place, stop in enumerate(stops):
            if stop.key not in self._buttons:
                with self._stops:
                    self._buttons[stop.key] = _Button(stop, self._go)
                self._buttons[stop.key].element.move(target_index=place)
            self._buttons[stop.key].show(stop.unread, chosen=stop.key == chosen)


class _Button:
    """One stop. It is changed in place, so that the focus stays where it is."""

    def __init__(self, stop: Stop, go: Callable[[str], None]) -> None:
        with (
            ui.element("button")
            .classes(f"stop {stop.kind}")
            .props("type=button")
            .on("click", lambda: go(stop.key)) as self.element
        ):
            if stop.kind in _ICONS:
                ui.icon(_ICONS[stop.kind])
            else:
                ui.label(stop.name[:1]).classes("face").props("aria-hidden=true")
            ui.label(stop.name)
            self._unread = ui.label().classes("unread")

    def show(self, unread: int, *, chosen: bool) -> None:
        self.element.props(f"aria-pressed={str(chosen).lower()}")
        self._unread.set_visibility(unread > 0 and not chosen)
        self._unread.text = str(unread)
        self._unread.props(f'aria-label="{texts.NEW.format(count=unread)}"')
