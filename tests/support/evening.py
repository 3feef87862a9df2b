"""The whole house as it runs: its own processes, real servers, providers in a box over HTTP."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from servers import free_port, wait_until

from booking.database import Database
from bot import listing, utc_now

COMMAND = Path(sys.executable).with_name("tabletalk")
#: Servers close what is idle for 5 seconds, sometimes just when it is used again.
NOT_KEPT = httpx.Limits(max_keepalive_connections=0)
STAFF = "-1001234567890"
ALL_DAYS = '["mon", "tue", "wed", "thu", "fri", "sat", "sun"]'
VENUE = f"""
[restaurant]
slug = "aurora"
name = "Trattoria Aurora"
timezone = "UTC"
languages = ["en", "it"]
phone = "+390212345678"
address = "Via Solferino 9, Milano"

[policy]
min_notice_minutes = 0

[[service_periods]]
name = "dinner"
days = {ALL_DAYS}
first_seating = "18:00"
last_seating = "22:00"
closes = "23:30"
turn_minutes = [{{ minutes = 90 }}]

[[tables]]
name = "T1"
max_covers = 2
[[tables]]
name = "T2"
max_covers = 2
[[tables]]
name = "T3"
min_covers = 3
max_covers = 4
[[tables]]
name = "T4"
min_covers = 5
max_covers = 12

[[staff]]
name = "Front of house"
telegram_chat_id = {STAFF}
"""


@dataclass
class Evening:
    """A running house, seen from outside only."""

    url: str
    env: dict[str, str]
    log: Path
    database: Database
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30, limits=NOT_KEPT))

    def start(self, name: str, *arguments: str) -> None:
        """Start a process of the house."""
        with self.log.open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [COMMAND, *arguments], env=self.env, stdout=log, stderr=log
            )

    def kill(self, name: str) -> None:
        """Kill a process as a power cut would (-9)."""
        process = self.processes.pop(name)
        process.kill()
        process.wait()

    def run(self, *arguments: str) -> str:
        """Run a command to its end; what it prints."""
        done = subprocess.run(
            [COMMAND, *arguments], env=self.env, capture_output=True, text=True, check=True
        )
        return done.stdout

    def book(self) -> list[dict[str, Any]]:
        """The book, as `reservations --json` prints it, without starting a process each time."""
        with self.database.reading() as db:
            return listing.reservations(db, slug=None, service_date=None, now=utc_now())

    def visits(self, address: str) -> list[dict[str, Any]]:
        """What stands in the book for one guest."""
        return [r for r in self.book() if r["guest"]["address"] == address]

    def post(self, path: str, **body: Any) -> None:
        self.client.post(f"{self.url}/emulator/{path}", json=body).raise_for_status()

    def faults(self, channel: str, **faults: Any) -> None:
        """Switch faults of a provider."""
        self.client.put(f"{self.url}/emulator/{channel}/faults", json=faults).raise_for_status()

    def send(self, address: str, text: str, **more: Any) -> None:
        """Write as a guest: a number texts, anything else is a Telegram chat."""
        if address.startswith("+"):
            self.post("sms/say", number=address, text=text, **more)
        else:
            self.post("telegram/say", chat_id=int(address), text=text, name="Anna", **more)

    def say(self, address: str, text: str, **more: Any) -> str:
        """Write, and wait for the answer."""
        before = len(self.heard(address))
        self.send(address, text, **more)
        return self.wait_for_answer(address, before)

    def press(self, address: str, button: str) -> str:
        """Press the newest button with this label, and wait for the answer."""
        before = len(self.heard(address))
        self.post("telegram/press", chat_id=int(address), button=button)
        return self.wait_for_answer(address, before)

    def wait_for_answer(self, address: str, before: int) -> str:
        wait_until(
            lambda: len(self.heard(address)) > before, seconds=30, what=f"an answer to {address}"
        )
        return self.heard(address)[before]

    def heard(self, address: str) -> list[str]:
        """What the house has said to an address."""
        channel = "sms" if address.startswith("+") else "telegram"
        answer = self.client.get(f"{self.url}/emulator/phones/{channel}/{address}")
        if answer.status_code == httpx.codes.NOT_FOUND:
            return []
        return [m["text"] for m in answer.json()["messages"] if m["author"] == "house"]

    def wait_for_alert(self, *parts: str) -> None:
        """Wait until the staff have been told something with all these parts."""
        wait_until(
            lambda: any(all(p in text for p in parts) for text in self.heard(STAFF)),
            seconds=5,
            what=f"an alert with {parts}",
        )

    def ready(self) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get(f"{self.url}/health/ready").json()
        return found

    def serves(self) -> bool:
        try:
            return self.client.get(f"{self.url}/health/live").is_success
        except httpx.TransportError:
            return False


def day(ahead: int) -> tuple[str, str]:
    """A date so many days ahead: as a guest writes it, and in ISO form."""
    date = (utc_now() + timedelta(days=ahead)).date()
    return f"{date.day} {date:%B}", date.isoformat()


@contextmanager
def open_evening(
    folder: Path, *, database_url: str, redis_url: str | None, venue: str = VENUE
) -> Iterator[Evening]:
    """Start the house: web, and a worker of its own when there is a Redis."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TABLETALK_")}
    env = {
        **kept,
        "TABLETALK_DATABASE_URL": database_url,
        "TABLETALK_PUBLIC_URL": url,
        "TABLETALK_SIMULATOR": "true",
        "TABLETALK_ENV_FILE": "",
        **({"TABLETALK_REDIS_URL": redis_url} if redis_url else {}),
    }
    database = Database(database_url)
    evening = Evening(url, env, folder / "house.log", database)
    file = folder / "aurora.toml"
    file.write_text(venue)
    with ExitStack() as stack:
        stack.callback(evening.client.close)
        stack.callback(database.close)
        stack.callback(_stop, evening)
        evening.run("migrate")
        evening.run("load", str(file))
        evening.start("web", "serve", "--port", str(port))
        if redis_url:
            evening.start("worker", "worker")
        wait_until(evening.serves, what="the web process")
        yield evening


def _stop(evening: Evening) -> None:
    for process in evening.processes.values():
        process.terminate()
    for process in evening.processes.values():
        process.wait(timeout=30)
