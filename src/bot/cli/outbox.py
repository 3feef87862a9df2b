"""`tabletalk outbox`: messages that need a look, and what an operator does about them."""

import json
from datetime import timedelta
from typing import Annotated

import typer

from bot.cli import opening

app = typer.Typer(invoke_without_command=True, add_completion=False)

Number = Annotated[str, typer.Argument(metavar="ID", help="As listed: 34, or in:12.")]


@app.callback()
def listed(
    context: typer.Context,
    *,
    dead: Annotated[bool, typer.Option("--dead", help="Given up, or refused.")] = False,
    unknown: Annotated[bool, typer.Option("--unknown", help="Nobody knows if it came.")] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="Should have gone.")] = False,
    days: Annotated[
        int, typer.Option(help="How far to look back.", parser=opening.number(1, 10_000))
    ] = 7,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON array.")] = False,
) -> None:
    """List messages that need a look; with `retry ID` or `drop ID`, do something about one.

    34 is a message that goes out, in:12 one that came in and could not be handled. Without
    --dead, --unknown or --overdue all three are listed.
    """
    if context.invoked_subcommand:
        return
    from bot import stuck, utc_now
    from bot.stuck import Trouble

    chosen = {Trouble.DEAD: dead, Trouble.UNKNOWN: unknown, Trouble.OVERDUE: overdue}
    troubles = [trouble for trouble, wanted in chosen.items() if wanted] or list(Trouble)
    now = utc_now()
    with opening.database() as database, database.reading() as db:
        found = stuck.listed(db, troubles, since=now - timedelta(days=days), now=now)
    if as_json:
        print(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        print("\n".join(map(stuck.line, found)) or "No message needs a look.")


@app.command()
def retry(number: Number) -> None:
    """Send a message again, or handle one again that came in; within a second, by the workers."""
    from bot import stuck, utc_now

    with opening.database() as database:
        try:
            with database.transaction() as db:
                stuck.retry(db, number, now=utc_now())
        except stuck.NotPossible as reason:
            opening.fail(str(reason))
    print(f"{number} is queued again.")


@app.command()
def drop(number: Number) -> None:
    """Give a message up: it is never sent or handled."""
    from bot import stuck

    with opening.database() as database:
        try:
            with database.transaction() as db:
                stuck.drop(db, number)
        except stuck.NotPossible as reason:
            opening.fail(str(reason))
    print(f"{number} is dropped.")
