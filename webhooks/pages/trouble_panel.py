"""The switches of what can go wrong, and the counts that show what comes of it."""

from nicegui import events, run, ui

from webhooks.pages import texts
from webhooks.pages.tally import Tally
from webhooks.pages.troubles import Trouble, Troubles

#: The counts in the order of a message's way.
_WAY = ("done", "webhooks", "stored", "due", "shown")


class TroublePanel:
    """Switches, and counts while one is on and until they are ended.

    Args:
        troubles: what is switched.
    """

    def __init__(self, troubles: Troubles) -> None:
        self._troubles = troubles
        self._switches: dict[Trouble, ui.switch] = {}
        self._counts: dict[str, ui.label] = {}
        with (
            ui.element("section")
            .classes("panel trouble view")
            .props(f'aria-label="{texts.BREAK}"') as self.element
        ):
            with ui.element("div").classes("panel-head"), ui.element("div"):
                with ui.element("h2"):
                    ui.label(texts.BREAK)
                ui.label(texts.BREAK_LEAD).classes("soft")
            with ui.element("div").classes("switches"):
                for trouble in Trouble:
                    self._switch(trouble)
            self._tally()

    def show(self, tally: Tally | None) -> None:
        """Show the switches as they are, and the counts."""
        on = self._troubles.on()
        for trouble, switch in self._switches.items():
            switch.set_value(trouble in on)
        _mark(self.element, "broken", wanted=bool(on))
        _mark(self.element, "counting", wanted=tally is not None)
        self._counting.set_visibility(tally is not None)
        if tally is None:
            return
        for name, label in self._counts.items():
            label.text = str(getattr(tally, name))
        mood, self._verdict.text = tally.verdict()
        self._verdict.classes(replace=f"verdict {mood}")

    def _switch(self, trouble: Trouble) -> None:
        name, about = texts.SWITCHES[trouble.value]
        possible = self._troubles.possible(trouble)
        with ui.element("div").classes("switch"):
            switch = ui.switch(name, on_change=lambda e: self._turn(trouble, e)).props(
                f"dense {'' if possible else 'disable'}"
            )
            ui.label(about if possible else texts.NOT_HERE).classes("soft")
        self._switches[trouble] = switch

    async def _turn(
        self, trouble: Trouble, event: events.ValueChangeEventArguments[bool | None]
    ) -> None:
        on = bool(event.value)
        if on != (trouble in self._troubles.on()):
            await run.io_bound(self._troubles.switch, trouble, on=on)

    def _tally(self) -> None:
        with ui.element("div").classes("tally") as self._counting:
            with ui.element("dl").classes("way"):
                for name in _WAY:
                    with ui.element("div"):
                        with ui.element("dd"):
                            self._counts[name] = ui.label("0")
                        with ui.element("dt"):
                            ui.label(texts.COUNTS[name])
            with ui.element("div").classes("outcome"):
                self._verdict = ui.label().props("role=status")
                ui.button(icon="close", color=None, on_click=self._end).props(
                    f'type=button flat round dense aria-label="{texts.HIDE}"'
                ).classes("quiet").tooltip(texts.HIDE)
        self._counting.set_visibility(False)

    async def _end(self) -> None:
        await run.io_bound(self._troubles.end)


def _mark(element: ui.element, name: str, *, wanted: bool) -> None:
    element.classes(add=name if wanted else "", remove="" if wanted else name)
