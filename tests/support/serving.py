"""A real web server for tests, in a thread of this process."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send


class Server:
    """A real uvicorn for all tests; each puts its own app behind the same door."""

    def __init__(self) -> None:
        self.app = FastAPI()
        self.door = socket.socket()
        self.door.bind(("127.0.0.1", 0))
        self.door.listen()
        self.url = f"http://127.0.0.1:{self.door.getsockname()[1]}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@contextmanager
def serving() -> Iterator[Server]:
    """A server that runs until the end of the block; its apps' lifespans are theirs."""
    server = Server()
    runner = uvicorn.Server(
        uvicorn.Config(server, log_level="error", lifespan="off", ws="none", access_log=False)
    )
    thread = threading.Thread(target=runner.run, kwargs={"sockets": [server.door]})
    thread.start()
    yield server
    runner.should_exit = True
    thread.join()
