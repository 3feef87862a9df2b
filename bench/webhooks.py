"""Webhooks: how fast a message is stored, and how soon its reply is with the provider.

The whole house: PostgreSQL with fsync, Redis, `serve`, `worker`, and the providers in a process of
their own, all on this machine. The floor is a bare INSERT + COMMIT by as many threads as there are
clients, on the same server.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx
import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))

from evening import VENUE
from servers import answers, free_port, postgres, valkey, wait_until

COMMAND = Path(sys.executable).with_name("tabletalk")
TOKEN, SECRET = "77:made-up", "hush-hush"
CLIENTS = 8
BURST = 1000
WISH = "table for 2 in 3 days at 8pm"
#: Messages a second: what the webhook must bear, and an evening busier than any restaurant has.
STORM, RUSH = 50, 10
SECONDS = 10


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, house(folder) as parts:
        url, provider, database = parts
        floor = bare_inserts(database)
        stored = burst(url)
        print(f"\nwebhooks: {CLIENTS} clients, PostgreSQL with fsync, one serve, one worker")
        print(f"  floor: bare INSERT + COMMIT   {floor:7.0f}/s")
        show("stored (as fast as possible)", stored)
        rate = BURST / sum(stored) * CLIENTS * 1000
        print(f"  stored                        {rate:7.0f}/s, {100 * rate / floor:.0f} % of it")
        begun = time.perf_counter()
        wait_until(lambda: is_quiet(url), seconds=300, what="the backlog to be handled")
        drained = BURST / (sum(stored) / CLIENTS / 1000 + time.perf_counter() - begun)
        print(f"  answered, hold and all        {drained:7.0f}/s, by one worker process")
        for rate in (STORM, RUSH):
            answered, replied = steady(url, provider, rate)
            print(f"  {rate} messages/s for {SECONDS} s, each from another guest:")
            show("webhook answered", answered, "bound p99 300 ms" if rate == STORM else "")
            show("reply with the provider", replied, "bound p95 2000 ms" if rate == RUSH else "")


def show(name: str, times: list[float], bound: str = "") -> None:
    cuts = quantiles(times, n=100)
    line = f"p50 {cuts[49]:7.1f} ms  p95 {cuts[94]:7.1f} ms  p99 {cuts[98]:7.1f} ms"
    print(f"  {name:<29} {line}  {bound}")


@contextmanager
def house(folder: str) -> Iterator[tuple[str, str, str]]:
    """The running house: its address, the providers' address, its database."""
    Path(folder).chmod(0o755)
    homes = [Path(folder) / name for name in ("postgres", "redis")]
    for home in homes:
        home.mkdir()
    port, provider_port = free_port(), free_port()
    url, provider = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{provider_port}"
    with postgres(homes[0], durable=True) as server, valkey(homes[1]) as redis_url:
        env = os.environ | {
            "TABLETALK_DATABASE_URL": f"{server}/postgres",
            "TABLETALK_ENV_FILE": "",
            "TABLETALK_REDIS_URL": redis_url,
            "TABLETALK_PUBLIC_URL": url,
            "TABLETALK_TELEGRAM_TOKEN": TOKEN,
            "TABLETALK_TELEGRAM_WEBHOOK_SECRET": SECRET,
            "TABLETALK_TELEGRAM_API_URL": f"{provider}/emulator/telegram",
            "TABLETALK_TWILIO_ACCOUNT_SID": "AC-made-up",
            "TABLETALK_TWILIO_AUTH_TOKEN": "made-up",
            "TABLETALK_TWILIO_NUMBER": "+390212345678",
            "TABLETALK_TWILIO_API_URL": f"{provider}/emulator/twilio",
        }
        venue = Path(folder) / "venue.toml"
        venue.write_text(VENUE)
        for arguments in (["migrate"], ["load", str(venue)]):
            subprocess.run([COMMAND, *arguments], env=env, check=True, stdout=subprocess.DEVNULL)
        log = Path(folder) / "log"
        providers = ("-m", "webhooks.emulator", "--port", str(provider_port), "--webhooks", url)
        with (
            running(env, log, COMMAND, "serve", "--port", str(port)),
            running(env, log, COMMAND, "worker"),
            running(env, log, sys.executable, *providers),
        ):
            wait_until(lambda: answers(f"{url}/health/live"), what="the house")
            wait_until(lambda: answers(f"{provider}/emulator/phones"), what="the providers")
            yield url, provider, f"{server}/postgres"


@contextmanager
def running(env: dict[str, str], log: Path, *command: str | Path) -> Iterator[None]:
    with log.open("a") as out:
        process = subprocess.Popen(command, env=env, stdout=out, stderr=out)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def bare_inserts(database: str, count: int = 2000) -> float:
    """Rows a second that the same number of clients can insert and commit."""
    engine = sa.create_engine(database, pool_size=CLIENTS)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE bare (id serial PRIMARY KEY, text text)"))

    def insert(_: int) -> None:
        with engine.begin() as connection:
            connection.execute(sa.text("INSERT INTO bare (text) VALUES ('table for 2')"))

    begun = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(insert, range(count)))
    took = time.perf_counter() - begun
    engine.dispose()
    return count / took


def update(number: int, text: str = WISH) -> dict[str, Any]:
    person = {"id": number, "is_bot": False, "first_name": "Anna", "language_code": "en"}
    chat = {"id": number, "type": "private", "first_name": "Anna"}
    message = {"message_id": 1, "date": 1763636400, "chat": chat, "from": person, "text": text}
    return {"update_id": number, "message": message}


class Poster:
    """Posts updates over one connection a thread."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._local = threading.local()

    def __call__(self, number: int, text: str = WISH) -> float:
        """Post one update; the milliseconds until it was answered."""
        client = getattr(self._local, "client", None)
        if client is None:
            client = self._local.client = httpx.Client(timeout=60)
        begun = time.perf_counter()
        answer = client.post(
            f"{self._url}/webhooks/telegram",
            json=update(number, text),
            headers={"X-Telegram-Bot-Api-Secret-Token": SECRET},
        )
        answer.raise_for_status()
        return (time.perf_counter() - begun) * 1000


def burst(url: str) -> list[float]:
    """Milliseconds a webhook, posted as fast as the clients can."""
    post = Poster(url)
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(post, range(1, 51)))
        return list(pool.map(post, range(100_000, 100_000 + BURST)))


def is_quiet(url: str) -> bool:
    ready = httpx.get(f"{url}/health/ready", timeout=30).json()
    return ready["oldest_unhandled_seconds"] is None and ready["oldest_overdue_seconds"] is None


def steady(url: str, provider: str, rate: int) -> tuple[list[float], list[float]]:
    """Milliseconds to the answer and to the reply, at a steady rate."""
    first = 1_000_000 * rate
    guests = range(first, first + rate * SECONDS)
    for guest in guests:  # a bot may only write to who has written to it
        httpx.post(
            f"{provider}/emulator/telegram/open", json={"chat_id": guest, "name": "Anna"}
        ).raise_for_status()
    post, begun, sent_at = Poster(url), time.perf_counter(), {}

    def send(guest: int) -> float:
        wait = (guest - guests[0]) / rate - (time.perf_counter() - begun)
        time.sleep(max(wait, 0))
        sent_at[guest] = time.time()  # noqa: TID251 (compared with another process)
        return post(guest)

    with ThreadPoolExecutor(32) as pool:
        answered = list(pool.map(send, guests))
    wait_until(lambda: is_quiet(url), seconds=120, what="all replies")
    replied = [reply_at(provider, guest) - sent_at[guest] for guest in guests]
    return answered, [seconds * 1000 for seconds in replied]


def reply_at(provider: str, guest: int) -> float:
    found = httpx.get(f"{provider}/emulator/phones/telegram/{guest}").json()["messages"]
    at = next(message["at"] for message in found if message["author"] == "house")
    return datetime.fromisoformat(at).timestamp()


if __name__ == "__main__":
    main()
