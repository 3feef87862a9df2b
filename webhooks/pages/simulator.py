"""/simulator: the guests' phones and the staff's, live, speaking through the real webhooks."""

from collections.abc import Callable

from fastapi import FastAPI

from webhooks.emulator import Emulators
from webhooks.pages.late import LatePages
from webhooks.pages.lines import Line, Scene, lines

ADDRESS = "/simulator"


def mount(app: FastAPI, emulators: Emulators, scene: Callable[[], Scene]) -> None:
    """Serve the simulator on an app, the only one of the process that does.

    The page is loaded when somebody first visits it.

    Args:
        app: of the house; its lifespan is wrapped.
        emulators: whose phones are shown.
        scene: tells what the house is like; is asked here (so that the staff's group knows the
            bot before the first alert) and at each visit.
    """

    def phones() -> tuple[Line, ...]:
        return lines(scene(), emulators.telegram, emulators.twilio)

    def load() -> FastAPI:
        # NiceGUI takes most of a second to load, too much for the start of a server.
        from webhooks.pages import board  # noqa: PLC0415

        return board.serve(
            ADDRESS, lambda: board.show(scene(), phones(), now=emulators.telegram.now)
        )

    for line in phones():
        line.phone()
    pages = LatePages(load, (ADDRESS, "/_nicegui", "/favicon.ico"))
    app.router.routes.append(pages)
    app.router.lifespan_context = pages.around(app.router.lifespan_context)
