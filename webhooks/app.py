"""The web process: webhooks and health, and in the demo the providers in a box."""

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext

from fastapi import FastAPI

from bot.broker import make_broker
from bot.house import open_house
from bot.logs import configure
from bot.migrations import upgrade
from bot.settings import Settings, load_settings
from bot.workers import declare
from webhooks import admin, health, metrics, telegram, twilio
from webhooks.admin.session import Sessions
from webhooks.edge import Edge
from webhooks.embedded import EmbeddedWorkers


def create_app() -> FastAPI:
    """The app of `tabletalk serve`, with settings from the environment."""
    settings = load_settings()
    configure(settings.secrets())
    return build(settings)


def build(settings: Settings) -> FastAPI:
    """The app for given settings; the embedded database is brought to the newest schema."""
    house = open_house(settings)
    if house.database.is_sqlite:
        upgrade(house.database)
    broker = make_broker(settings.redis_url)
    hints = declare(broker, house)
    workers = None if settings.redis_url else EmbeddedWorkers(broker, house, hints)

    ends: list[Callable[[], None]] = [broker.close, house.close]

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        warm_up = threading.Thread(target=house.warm_up, name="warm-up")
        warm_up.start()
        with workers.running() if workers else nullcontext():
            yield
        warm_up.join()
        for end in ends:
            end()

    app = FastAPI(title="Tabletalk", redirect_slashes=False, lifespan=lifespan, docs_url=None)
    app.state.edge = Edge(house=house, hints=hints)
    app.state.metrics = metrics.make_registry(house.database)
    if settings.admin_password:
        app.state.sessions = Sessions(password=settings.admin_password.get_secret_value())
        app.add_middleware(admin.Guard, sessions=app.state.sessions)
        if settings.pages:
            app.include_router(admin.router)
    app.add_middleware(metrics.Stopwatch, registry=app.state.metrics)
    for part in (telegram, twilio, health, metrics):
        app.include_router(part.router)
    if settings.simulator:
        from webhooks.demo import mount_demo  # noqa: PLC0415 (a restaurant's server never needs it)

        ends.insert(0, mount_demo(app, house, workers))
    return app
