"""`tabletalk import`, `erase` and `check-calendar`: what an operator does in the book at large."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import opening

app = typer.Typer(add_completion=False)


@app.command(name="import")
def import_reservations(
    file: Annotated[Path, typer.Argument(help="A CSV file with a header.")],
    *,
    venue: Annotated[str | None, typer.Option(help="Into the book of this venue.")] = None,
    date_format: Annotated[
        str | None, typer.Option(help="How dates are written, such as %d/%m/%Y; else ISO.")
    ] = None,
    commit: Annotated[bool, typer.Option("--commit", help="Write, if all lines can be.")] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="With --commit: leave out lines that cannot be.")
    ] = False,
) -> None:
    """Take reservations over from a CSV file; a dry run unless --commit is given.

    Columns, in any order: date, time, party_size, name; phone, tables (T1 or T1+T2), request
    and note may be left out. Each line gets its verdict; a line whose visit stands in the book
    already is left alone, so a file may be imported twice. Nobody is alerted.
    """
    from bot import importing, utc_now

    with opening.database() as database:
        try:
            with database.reading() as db:
                chosen = importing.choose_venue(db, venue)
            report = importing.run(
                database,
                file,
                chosen,
                date_format=date_format,
                commit=commit,
                skip_bad=skip_bad,
                now=utc_now(),
            )
        except importing.BadFile as bad:
            opening.fail(str(bad))
    print("\n".join([*report.remarks, *report.lines]))
    print(_summary(report.good, report.known, report.bad, is_written=report.is_written))
    if not report.is_written:
        hint = " Add --commit to write it." if not commit and not report.bad else ""
        print(f"Nothing was written.{hint}")
    if report.bad and not (commit and skip_bad):
        raise typer.Exit(1)


def _summary(good: int, known: int, bad: int, *, is_written: bool) -> str:
    done = "entered" if is_written else "can be entered"
    return f"{good} {done}, {known} already in the book, {bad} cannot be entered."


@app.command()
def erase(
    guest: Annotated[str, typer.Argument(help="Number, Telegram chat id, or reservation code.")],
    *,
    venue: Annotated[str | None, typer.Option(help="Whose reservation has that code.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    cancel_reservations: Annotated[
        bool, typer.Option("--cancel-reservations", help="Cancel what they have ahead.")
    ] = False,
) -> None:
    """Erase a guest from the database of the house, in all venues; it cannot be taken back.

    Names, addresses, requests, notes and the words of all messages go; states, sizes and times of
    visits stay, of nobody. If the guest wanted no messages, the address stays in the ledger of
    consent alone, so that this is kept. Backups, logs and the providers have copies of their own.
    """
    from bot import erasing, persons, utc_now

    now = utc_now()
    with opening.database() as database:
        try:
            with database.reading() as db:
                found = persons.find(db, guest, slug=venue)
                kept = persons.kept(db, found, now=now)
            print("\n".join(persons.describe(found, kept)))
            if kept.ahead and not cancel_reservations:
                opening.fail("they are expected: add --cancel-reservations to cancel that too")
            if not yes:
                typer.confirm("Erase all of it for good?", abort=True)
            with database.transaction() as db:
                found = persons.find(db, guest, slug=venue)
                erasing.erase(db, found, cancel=cancel_reservations, now=now)
        except (persons.NotFound, erasing.Expected) as reason:
            opening.fail(str(reason))
        if not database.compact():
            print("The database file is busy: run VACUUM on it later, or old pages keep words.")
    print("Erased. Backups, logs and the providers (Telegram, Twilio) have copies of their own.")


@app.command(name="check-calendar")
def check_calendar(
    venue: Annotated[str | None, typer.Option(help="Of this venue.")] = None,
    year: Annotated[
        int | None, typer.Option(help="Of this year; else of the present one.", min=1970, max=9998)
    ] = None,
) -> None:
    """Print the odd days of a year: clocks that move, closures, special days, late nights."""
    from bot import almanac, importing, utc_now

    with opening.database() as database:
        try:
            with database.reading() as db:
                chosen = importing.choose_venue(db, venue)
        except importing.BadFile as bad:
            opening.fail(str(bad))
    wanted = year or chosen.local(utc_now()).year
    print(f"{chosen.slug}, {wanted}, {chosen.zone.key}")
    for line in almanac.lines(chosen, wanted):
        print(line)
