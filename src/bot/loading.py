"""Loading venue files: all or none, with their staff."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from booking import venues
from booking.database import Database
from booking.errors import BadVenueFile, Contradiction, Problem, ReservationsAhead
from booking.venue_file import read_venue_file
from bot.channels import DESK
from bot.staff import contacts
from conversations import language


def load(
    database: Database, files: Sequence[Path], *, keep_reservations: bool, now: datetime
) -> list[str]:
    """Create or update venues from their files, in one transaction.

    Args:
        database: where they go.
        files: TOML files.
        keep_reservations: load even what contradicts reservations ahead.
        now: the instant (UTC).

    Returns:
        What changed, a line each.

    Raises:
        BadVenueFile: with all problems of all files; nothing was changed.
        ReservationsAhead: a file contradicts reservations ahead; nothing was changed.

    """
    problems: list[Problem] = []
    checked = []
    for path in files:
        try:
            checked.append(read_venue_file(path, languages=language.available()))
        except BadVenueFile as bad:
            problems += bad.problems
    if problems:
        raise BadVenueFile(problems)
    lines: list[str] = []
    with database.transaction() as db:
        for venue_file, data in checked:
            loaded = venues.load(db, venue_file, data, keep_reservations=keep_reservations, now=now)
            contacts.enter(db, loaded.venue)
            changes = ["created"] if loaded.is_new else loaded.changes or ["unchanged"]
            lines += [f"{loaded.venue.slug}: {change}" for change in changes]
    return lines


def explain(ahead: ReservationsAhead) -> str:
    """What an operator is told about contradictions."""
    head = (
        f"{ahead.slug}: the file contradicts reservations ahead, so nothing was changed."
        " Settle them first, or keep them as they are with --keep-reservations:"
    )
    return "\n".join([head, *map(_line, ahead.contradictions)])


def _line(c: Contradiction) -> str:
    """One contradiction, with what it takes to ring the guest."""
    name = f"{c.guest_name}, " if c.guest_name else ""
    where = "no number" if c.channel == DESK else f"{c.channel} {c.address}"
    return (
        f"  {c.code}  {c.starts_at:%Y-%m-%d %H:%M %Z}  party of {c.party_size}"
        f"  {name}{where}: {c.reason}"
    )
