"""What every command begins with: settings, database, house; and how it ends when it cannot."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from booking.database import Database
    from bot.house import House
    from bot.settings import Settings


def number(least: int, most: int) -> Callable[[str | int], int]:
    """What reads a whole number of the command line; Typer's own bounds speak pydantic."""

    def read(given: str | int) -> int:
        text = str(given)  # the default comes as a number
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or not least <= int(text) <= most:
            raise typer.BadParameter(f"{text!r} is no number from {least} to {most}")
        return int(text)

    return read


def tell_unknown_variables() -> None:
    """Warn of what may be a mistyped setting; no error, as others may use our prefix."""
    import os

    from bot.settings import BadSetting, env_file, unknown_variables, variables_of

    try:
        file = env_file()
        in_file = [f"{file}: {line}" for line in unknown_variables(variables_of(file))]
    except BadSetting:
        in_file = []  # reading the settings is about to end in a line about it
    for line in [*unknown_variables(sorted(os.environ)), *in_file]:
        print(line, file=sys.stderr)


def default_public_url(url: str) -> None:
    """Let the public address be this one where no setting says another."""
    import os

    from bot.settings import PREFIX, BadSetting, read_settings

    try:
        given = read_settings().model_fields_set
    except BadSetting as error:
        fail(str(error))
    if "public_url" not in given:
        os.environ[f"{PREFIX}PUBLIC_URL"] = url


def settings(*, talkative: bool = False) -> "Settings":
    """The settings, and the logging that keeps their secrets."""
    import logging

    from bot.logs import configure
    from bot.settings import BadSetting, load_settings

    try:
        found = load_settings()
    except BadSetting as error:
        fail(str(error))
    configure(found.secrets(), level=logging.INFO if talkative else logging.WARNING)
    return found


@contextmanager
def database(found: "Settings | None" = None) -> "Iterator[Database]":
    """The database, at its newest schema if it is the embedded one."""
    from booking.database import Database

    opened = Database((found or settings()).database_url)
    try:
        with plain_errors():
            _migrate_embedded(opened)
            yield opened
    finally:
        opened.close()


@contextmanager
def house(*, talkative: bool = False) -> "Iterator[House]":
    """The house: settings, database, senders."""
    from bot.house import open_house

    opened = open_house(settings(talkative=talkative))
    try:
        with plain_errors():
            _migrate_embedded(opened.database)
            yield opened
    finally:
        opened.close()


def _migrate_embedded(opened: "Database") -> None:
    """The embedded database has no operator who would migrate it."""
    from bot.migrations import upgrade

    if opened.is_sqlite:
        upgrade(opened)


def reach(opened: "Database") -> None:
    """A server whose database or tables are not there ends at its start; later it waits."""
    import sqlalchemy as sa

    from bot.models import InboundMessage

    with opened.reading() as db:
        db.execute(sa.select(InboundMessage.id).limit(1))


@contextmanager
def plain_errors() -> Iterator[None]:
    """Say in one line what is wrong with the database."""
    from sqlalchemy.exc import DBAPIError, ProgrammingError

    from booking.database import is_outage, outage_reason
    from booking.errors import Busy

    try:
        yield
    except (DBAPIError, Busy) as error:
        if is_outage(error):
            reason = outage_reason(error)
            fail(f"TABLETALK_DATABASE_URL: the database cannot be used: {reason}")
        if isinstance(error, ProgrammingError):
            fail("the database does not have our tables: run `tabletalk migrate`")
        raise


def fail(reason: str) -> NoReturn:
    """End the command with one line."""
    print(reason, file=sys.stderr)
    raise typer.Exit(1)
