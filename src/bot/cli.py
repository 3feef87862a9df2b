"""The command line: `tabletalk`. Imports stand where they are used, so that it starts quickly."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from booking.database import Database
    from bot.house import House
    from bot.settings import Settings

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


def _add_groups() -> None:
    from bot import cli_staff

    app.add_typer(cli_staff.app, name="staff")


def main() -> None:
    """Run the command line; a mistake of the operator ends in one line, not in a stack trace."""
    _add_groups()
    app()


def _number(least: int, most: int) -> Callable[[str | int], int]:
    """What reads a whole number of the command line; Typer's own bounds speak pydantic."""

    def number(given: str | int) -> int:
        text = str(given)  # the default comes as a number
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or not least <= int(text) <= most:
            raise typer.BadParameter(f"{text!r} is no number from {least} to {most}")
        return int(text)

    return number


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", parser=_number(1, 65535))] = 8000,
    pages: Annotated[bool, typer.Option(help="Serve the pages too.")] = True,
) -> None:
    """Serve webhooks, API and pages; migrates the database if it is the embedded one."""
    import os

    import uvicorn

    from bot.door import refusal

    _tell_unknown_variables()
    os.environ.setdefault("TABLETALK_PUBLIC_URL", f"http://{host}:{port}")
    os.environ["TABLETALK_PAGES"] = "true" if pages else "false"
    settings = _settings(talkative=True)
    if reason := refusal(host, port):
        _fail(reason)
    with _database(settings) as database:
        _reach(database)
    if settings.simulator and pages:
        print(f"The simulator is at {settings.public_url}/simulator", flush=True)
    uvicorn.run(
        "webhooks.app:create_app",
        factory=True,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=10,
    )


@app.command()
def worker(
    threads: Annotated[int, typer.Option(help="How many at once.", parser=_number(1, 1000))] = 8,
) -> None:
    """Run the Dramatiq workers and the scheduler."""
    import signal
    import threading

    from bot.broker import SHUTDOWN_TIMEOUT, make_broker, make_worker
    from bot.scheduler import Scheduler
    from bot.workers import declare

    _tell_unknown_variables()
    with _house(talkative=True) as house:
        if house.settings.redis_url is None:
            _fail("TABLETALK_REDIS_URL is unset: the workers run inside `tabletalk serve`")
        _reach(house.database)
        broker = make_broker(house.settings.redis_url)
        hints = declare(broker, house)
        house.warm_up()
        workers = make_worker(broker, threads=threads)
        scheduler = Scheduler(house, hints)
        stopped = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        workers.start()
        scheduler.start()
        print("The workers run.", flush=True)
        stopped.wait()
        scheduler.stop()
        workers.stop(timeout=SHUTDOWN_TIMEOUT)
        broker.close()


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from bot.migrations import upgrade

    with _database() as database:
        upgrade(database)


@app.command()
def load(
    files: Annotated[list[Path], typer.Argument(help="Venue files (TOML).")],
    keep_reservations: Annotated[
        bool, typer.Option(help="Load even what contradicts reservations ahead; they stay.")
    ] = False,
) -> None:
    """Create or update venues from venue files."""
    from booking.errors import BadVenueFile, ReservationsAhead
    from bot import loading, utc_now

    with _database() as database:
        try:
            lines = loading.load(
                database, files, keep_reservations=keep_reservations, now=utc_now()
            )
        except BadVenueFile as bad:
            _fail(str(bad))
        except ReservationsAhead as ahead:
            _fail(loading.explain(ahead))
    print("\n".join(lines))


@app.command()
def reservations(
    as_json: Annotated[bool, typer.Option("--json", help="A JSON array.")] = False,
    venue: Annotated[str | None, typer.Option(help="Only this venue.")] = None,
    on: Annotated[str | None, typer.Option(help="Only this service date, YYYY-MM-DD.")] = None,
) -> None:
    """Print the reservations in the book."""
    from bot import listing, utc_now

    try:
        day = date.fromisoformat(on) if on else None
    except ValueError:
        _fail(f"--on: {on!r} is no date (YYYY-MM-DD)")
    with _database() as database, database.reading() as db:
        try:
            found = listing.reservations(db, slug=venue, service_date=day, now=utc_now())
        except ValueError as error:
            _fail(str(error))
    if as_json:
        print(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        print("\n".join(listing.line(entry) for entry in found))


@app.command()
def understand(
    text: Annotated[str | None, typer.Argument(help="What a guest writes.")] = None,
    jsonl: Annotated[bool, typer.Option(help="One JSON object a line, in and out.")] = False,
) -> None:
    """Print how a text is read."""
    from bot import utc_now
    from conversations.jsonl import answer

    now = utc_now().astimezone().replace(tzinfo=None)
    if jsonl:
        for line in sys.stdin:
            if line.strip():
                sys.stdout.write(f"{answer(line, now=now)}\n")
                sys.stdout.flush()
    elif text is not None:
        print(answer(json.dumps({"text": text}), now=now))
    else:
        _fail("give a text, or --jsonl")


@app.command(name="run-due")
def run_due(
    now: Annotated[str | None, typer.Option(help="As of this instant (ISO 8601).")] = None,
) -> None:
    """Do the scheduler's work here and now, deliveries included, until nothing is due."""
    from bot import scheduler, utc_now

    try:
        instant = datetime.fromisoformat(now) if now else utc_now()
        instant = instant.replace(tzinfo=instant.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        _fail(f"--now: {now!r} is no instant, such as 2026-11-20T19:00:00Z")
    with _house() as house:
        scheduler.run_due(house, now=instant)


@app.command()
def chat(
    venue: Annotated[str | None, typer.Option(help="With this venue.")] = None,
) -> None:
    """Talk to the bot in the terminal."""
    from bot import terminal

    with _database() as database:
        try:
            terminal.chat(database, slug=venue, lines=sys.stdin, say=print)
        except ValueError as error:
            _fail(str(error))


@app.command()
def doctor(
    register: Annotated[bool, typer.Option(help="Set the webhooks at the providers.")] = False,
) -> None:
    """Check settings, database, Redis and webhooks; exit 1 with a line for each fault."""
    from bot import checkup

    _tell_unknown_variables()
    with _house() as house:
        faults = checkup.examine(house, register=register, say=print)
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        raise typer.Exit(1)


def _tell_unknown_variables() -> None:
    """Warn of what may be a mistyped setting; no error, as others may use our prefix."""
    import os

    from bot.settings import unknown_variables

    for line in unknown_variables(sorted(os.environ)):
        print(line, file=sys.stderr)


def _settings(*, talkative: bool = False) -> "Settings":
    import logging

    from bot.logs import configure
    from bot.settings import BadSetting, load_settings

    try:
        settings = load_settings()
    except BadSetting as error:
        _fail(str(error))
    configure(settings.secrets(), level=logging.INFO if talkative else logging.WARNING)
    return settings


@contextmanager
def _database(settings: "Settings | None" = None) -> "Iterator[Database]":
    from booking.database import Database

    database = Database((settings or _settings()).database_url)
    try:
        with _plain_errors():
            _migrate_embedded(database)
            yield database
    finally:
        database.close()


@contextmanager
def _house(*, talkative: bool = False) -> "Iterator[House]":
    from bot.house import open_house

    house = open_house(_settings(talkative=talkative))
    try:
        with _plain_errors():
            _migrate_embedded(house.database)
            yield house
    finally:
        house.close()


def _migrate_embedded(database: "Database") -> None:
    """The embedded database has no operator who would migrate it."""
    from bot.migrations import upgrade

    if database.is_sqlite:
        upgrade(database)


def _reach(database: "Database") -> None:
    """A server whose database or tables are not there ends at its start; later it waits."""
    import sqlalchemy as sa

    from bot.models import InboundMessage

    with database.reading() as db:
        db.execute(sa.select(InboundMessage.id).limit(1))


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Say in one line what is wrong with the database."""
    from sqlalchemy.exc import DBAPIError, ProgrammingError

    from booking.database import is_outage, outage_reason
    from booking.errors import Busy

    try:
        yield
    except (DBAPIError, Busy) as error:
        if is_outage(error):
            reason = outage_reason(error)
            _fail(f"TABLETALK_DATABASE_URL: the database cannot be used: {reason}")
        if isinstance(error, ProgrammingError):
            _fail("the database does not have our tables: run `tabletalk migrate`")
        raise


def _fail(reason: str) -> NoReturn:
    print(reason, file=sys.stderr)
    raise typer.Exit(1)
