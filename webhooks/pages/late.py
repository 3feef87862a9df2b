"""Pages that are loaded when somebody first asks for one."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.routing import BaseRoute, Match
from starlette.types import Lifespan, Receive, Scope, Send


class LatePages(BaseRoute):
    """A route to an app that is made at the first visit.

    Args:
        load: makes the app; runs in a thread, so that the server goes on serving.
        addresses: how the paths of the app begin; all others are left to other routes.
    """

    def __init__(self, load: Callable[[], FastAPI], addresses: tuple[str, ...]) -> None:
        self._load = load
        self._addresses = addresses
        self._loading = asyncio.Lock()
        self._app: FastAPI | None = None
        self._life = AsyncExitStack()

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a path is one of ours."""
        ours = scope["type"] in {"http", "websocket"} and scope["path"].startswith(self._addresses)
        return (Match.FULL if ours else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on to the app."""
        app = await self._loaded()
        await app(scope, receive, send)

    def around(self, lifespan: Lifespan[Any]) -> Lifespan[Any]:
        """A lifespan that also ends that of the pages."""

        @asynccontextmanager
        async def wrapped(app: FastAPI) -> AsyncIterator[Any]:
            async with self._life, lifespan(app) as state:
                yield state

        return wrapped

    async def _loaded(self) -> FastAPI:
        async with self._loading:
            if self._app is None:
                app = await asyncio.to_thread(self._load)
                await self._life.enter_async_context(app.router.lifespan_context(app))
                self._app = app
            return self._app
