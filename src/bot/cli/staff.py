"""`tabletalk staff`: who is staff, by invite or by the venue file."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import opening

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

app = typer.Typer(no_args_is_help=True, help="Invite, list and remove staff.")


@app.command()
def invite(
    venue: Annotated[str, typer.Option(help="Whose staff.")],
    name: Annotated[str | None, typer.Option(help="What the new contact is called.")] = None,
) -> None:
    """Make a one-time code that adds a chat or a phone to a venue's staff; it holds for a day."""
    from bot import links, utc_now
    from bot.staff import invites

    with opening.house() as house:
        with house.database.transaction() as db:
            code = invites.invite(db, _known(db, venue), name, now=utc_now())
        print(f"The code {code} adds one chat or phone to the staff of {venue}, within 24 hours:")
        print("\n".join(f"  {way}" for way in links.ways_to_join(house, code)))


@app.command(name="list")
def listed(
    venue: Annotated[str | None, typer.Option(help="Only this venue.")] = None,
) -> None:
    """List all staff with their ids."""
    from bot.staff import roster

    with opening.database() as database, database.reading() as db:
        if venue is not None:
            _known(db, venue)
        found = roster.entries(db, venue)
    print("\n".join(map(roster.line, found)) or "No staff.")


@app.command(context_settings={"ignore_unknown_options": True})  # a group's id begins with -
def remove(
    who: Annotated[str, typer.Argument(metavar="ID|ADDRESS", help="As listed.")],
    venue: Annotated[str | None, typer.Option(help="Only from this venue.")] = None,
) -> None:
    """Take a chat or a phone off the staff."""
    from bot.staff import roster

    with opening.database() as database, database.transaction() as db:
        if venue is not None:
            _known(db, venue)
        found = roster.meant(roster.entries(db, venue), who)
        if not found:
            opening.fail(f"{who} is not on the staff: see `tabletalk staff list`")
        if len(found) > 1:
            lines = "; ".join(map(roster.line, found))
            opening.fail(f"{who} may mean several, give --venue or another id: {lines}")
        roster.remove(db, found[0])
    print(f"removed: {roster.line(found[0])}")
    if not found[0].is_invited:
        print(f"The venue file of {found[0].venue} names it: take it out there too.")


def _known(db: "Connection", slug: str) -> int:
    """The id of the venue that an option names; ends the command when there is none."""
    from booking import venues

    found = {each.slug: each.id for each in venues.every(db)}
    if slug not in found:
        known = ", ".join(found) or "-"
        opening.fail(f"--venue: there is no venue {slug!r}, only: {known}")
    return found[slug]
