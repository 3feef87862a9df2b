"""The command line: `tabletalk`. Imports stand where they are used, so that it starts quickly."""

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import book, init, opening, outbox, staff

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
app.add_typer(outbox.app, name="outbox")
app.add_typer(staff.app, name="staff")
app.add_typer(book.app)
app.add_typer(init.app)


def main() -> None:
    """Run the command line; a mistake of the operator ends in one line, not in a stack trace."""
    app()


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help="Port to listen on.", parser=opening.number(1, 65535))
    ] = 8000,
    pages: Annotated[bool, typer.Option(help="Serve the pages too.")] = True,
) -> None:
    """Serve webhooks, API and pages; migrates the database if it is the embedded one."""
    import os

    import uvicorn

    from bot.door import refusal

    opening.tell_unknown_variables()
    opening.default_public_url(f"http://{host}:{port}")
    os.environ["TABLETALK_PAGES"] = "true" if pages else "false"
    settings = opening.settings(talkative=True)
    if reason := refusal(host, port):
        opening.fail(reason)
    with opening.database(settings) as database:
        opening.reach(database)
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
    threads: Annotated[
        int, typer.Option(help="How many at once.", parser=opening.number(1, 1000))
    ] = 8,
) -> None:
    """Run the Dramatiq workers and the scheduler."""
    import signal
    import threading

    from bot.broker import SHUTDOWN_TIMEOUT, make_broker, make_worker
    from bot.scheduler import Scheduler
    from bot.workers import declare

    opening.tell_unknown_variables()
    with opening.house(talkative=True) as house:
        if house.settings.redis_url is None:
            opening.fail("TABLETALK_REDIS_URL is unset: the workers run inside `tabletalk serve`")
        opening.reach(house.database)
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

    with opening.database() as database:
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

    with opening.database() as database:
        try:
            lines = loading.load(
                database, files, keep_reservations=keep_reservations, now=utc_now()
            )
        except BadVenueFile as bad:
            opening.fail(str(bad))
        except ReservationsAhead as ahead:
            opening.fail(loading.explain(ahead))
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
        opening.fail(f"--on: {on!r} is no date (YYYY-MM-DD)")
    with opening.database() as database, database.reading() as db:
        try:
            found = listing.reservations(db, slug=venue, service_date=day, now=utc_now())
        except ValueError as error:
            opening.fail(str(error))
    if as_json:
        print(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        print("\n".join(listing.line(entry) for entry in found))


@app.command()
def understand(
    text: Annotated[
        str | None, typer.Argument(help="What a guest writes, or an object as in --jsonl.")
    ] = None,
    jsonl: Annotated[bool, typer.Option(help="One JSON object a line, in and out.")] = False,
    explain: Annotated[bool, typer.Option(help="Which rule took what, and what fell out.")] = False,
) -> None:
    """Print how a text is read."""
    from bot import utc_now
    from conversations.explain import explained
    from conversations.jsonl import answer

    now = utc_now().astimezone().replace(tzinfo=None)
    told = explained if explain else answer
    if jsonl:
        for line in sys.stdin:
            if line.strip():
                sys.stdout.write(f"{told(line, now=now)}\n")
                sys.stdout.flush()
    elif text is not None:
        print(told(text if text.startswith("{") else json.dumps({"text": text}), now=now))
    else:
        opening.fail("give a text, or --jsonl")


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
        opening.fail(f"--now: {now!r} is no instant, such as 2026-11-20T19:00:00Z")
    with opening.house() as house:
        scheduler.run_due(house, now=instant)


@app.command()
def chat(
    venue: Annotated[str | None, typer.Option(help="With this venue.")] = None,
) -> None:
    """Talk to the bot in the terminal, as a guest of the real book: the staff are alerted.

    An empty line, quit, exit or Ctrl-D ends it. To try it without a book: `tabletalk understand`.
    """
    from bot import terminal

    with opening.house() as house:
        try:
            terminal.chat(house, slug=venue, lines=sys.stdin, say=print)
        except ValueError as error:
            opening.fail(str(error))


@app.command()
def doctor(
    register: Annotated[bool, typer.Option(help="Set the webhooks at the providers.")] = False,
) -> None:
    """Check settings, database, Redis and webhooks; exit 1 with a line for each fault."""
    from bot import checkup, utc_now

    opening.tell_unknown_variables()
    with opening.house() as house:
        faults = checkup.examine(house, register=register, say=print, clock=utc_now)
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        raise typer.Exit(1)
