"""/simulator: the guests' phones and the staff's, live, speaking through the real webhooks."""

from fastapi import FastAPI

from webhooks.pages.late import LatePages
from webhooks.pages.stage import Stage

ADDRESS = "/simulator"


def mount(app: FastAPI, stage: Stage) -> None:
    """Serve the simulator on an app, the only one of the process that does.

    The page is loaded when somebody first visits it.

    Args:
        app: of the house; its lifespan is wrapped.
        stage: what the page shows; made before the start, so that the staff's group knows the bot
            before the first alert.
    """

    def load() -> FastAPI:
        # NiceGUI takes most of a second to load, too much for the start of a server.
        from webhooks.pages import board  # noqa: PLC0415

        return board.serve(ADDRESS, stage)

    pages = LatePages(load, (ADDRESS, "/_nicegui", "/favicon.ico"))
    app.router.routes.append(pages)
    app.router.lifespan_context = pages.around(app.router.lifespan_context)
