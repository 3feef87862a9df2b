"""A small house that takes webhooks, the box beside it, and the real client libraries."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx
import pytest
from fastapi import FastAPI, Request, Response
from serving import Server, serving
from telegram import Bot
from telegram.request import HTTPXRequest
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from webhooks.emulator import Account, Emulators, build
from webhooks.emulator.telegram_hook import Patience

T = TypeVar("T")

ACCOUNT = Account(
    telegram_token="77:made-up",
    telegram_secret="hush-hush",
    twilio_account_sid="AC0",
    twilio_auth_token="made-up-too",
    twilio_number="+390212345678",
)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@dataclass
class House:
    """Takes webhooks as the product does: checks secret and signature, then remembers."""

    url: str
    public_url: str
    changed: threading.Condition = field(default_factory=threading.Condition)
    updates: list[dict[str, Any]] = field(default_factory=list)
    texts: list[dict[str, str]] = field(default_factory=list)
    statuses: list[dict[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    attempts: list[str] = field(default_factory=list)
    answers: deque[Response] = field(default_factory=deque)
    mute: int = 0
    hung_up: int = 0

    async def take(self, request: Request, kind: str, found: list[T], what: T) -> Response:
        if self.mute:
            with self.changed:
                self.mute -= 1
                self.attempts.append(kind)
                self.changed.notify_all()
            while (await request.receive())["type"] != "http.disconnect":
                pass
            with self.changed:
                self.hung_up += 1
                self.changed.notify_all()
            return Response(status_code=500)
        with self.changed:
            self.attempts.append(kind)
            answer = self.answers.popleft() if self.answers else Response(status_code=200)
            if answer.status_code < 300:
                found.append(what)
            self.changed.notify_all()
            return answer

    def refuse(self, what: str) -> Response:
        with self.changed:
            self.refused.append(what)
            self.changed.notify_all()
        return Response(status_code=403)

    def wait_for(self, look: Callable[[], T], timeout: float = 10) -> T:
        with self.changed:
            assert self.changed.wait_for(look, timeout), (self.attempts, self.refused)
            return look()

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/webhooks/telegram")
        async def telegram(request: Request) -> Response:
            if request.headers.get("x-telegram-bot-api-secret-token") != ACCOUNT.telegram_secret:
                return self.refuse("telegram")
            return await self.take(request, "telegram", self.updates, await request.json())

        @app.post("/webhooks/twilio/{kind}")
        async def twilio(request: Request, kind: str) -> Response:
            form = await request.form()
            url = f"{self.public_url}{request.url.path}"
            signature = request.headers.get("x-twilio-signature", "")
            if not RequestValidator(ACCOUNT.twilio_auth_token).validate(url, form, signature):
                return self.refuse(kind)
            found = self.statuses if kind == "status" else self.texts
            return await self.take(
                request, kind, found, {key: str(value) for key, value in form.items()}
            )

        return app


@pytest.fixture
def house(server: Server) -> House:
    house = House(server.url, "https://book.example")
    server.app = house.app()
    return house


@dataclass
class Clock:
    """Stands still until a test moves it."""

    now: datetime = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@dataclass
class Box:
    """The emulators, and the addresses under which the house reaches them."""

    emulators: Emulators
    url: str

    @property
    def telegram(self) -> Any:
        return self.emulators.telegram

    @property
    def twilio(self) -> Any:
        return self.emulators.twilio


@pytest.fixture
def box(server: Server, house: House, clock: Clock) -> Iterator[Box]:
    emulators = build(
        ACCOUNT,
        webhooks=house.url,
        public_url=house.public_url,
        now=clock,
        patience=Patience(pause=0.01, timeout=2),
        status_pause=0.01,
    )
    # House and box share a server, as in the demo: neither may wait for the other on its loop.
    server.app.mount("/emulator", emulators.app)
    yield Box(emulators, f"{server.url}/emulator")
    emulators.close()


@pytest.fixture
def make_bot(box: Box, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Bot]:
    # Without it the library warns at each RetryAfter.
    monkeypatch.setenv("PTB_TIMEDELTA", "true")

    def make(token: str = ACCOUNT.telegram_token, patience: float = 5) -> Bot:
        return Bot(
            token,
            base_url=f"{box.url}/telegram/bot",
            request=HTTPXRequest(read_timeout=patience),
            get_updates_request=HTTPXRequest(),
        )

    return make


class ToTheBox(TwilioHttpClient):  # type: ignore[misc]
    """The way that the house points the real client at another host."""

    def __init__(self, root: str, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self.root = root

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        path = url.removeprefix("https://api.twilio.com")
        return super().request(method, self.root + path, *args, **kwargs)


@pytest.fixture
def make_client(box: Box) -> Iterator[Callable[..., Any]]:
    made: list[ToTheBox] = []

    def make(token: str = ACCOUNT.twilio_auth_token, patience: float = 5) -> Any:
        http = ToTheBox(f"{box.url}/twilio", patience)
        made.append(http)
        return Client(ACCOUNT.twilio_account_sid, token, http_client=http)

    yield make
    for http in made:
        http.session.close()


@pytest.fixture
def driver(box: Box) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=box.url) as client:
        yield client
