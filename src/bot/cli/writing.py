"""Writing files for the operator: whole or not at all, and over nothing unasked."""

import os
from collections.abc import Callable
from pathlib import Path

from bot.cli import opening
from bot.cli.asking import Asker


def spare(file: Path, asker: Asker, *, force: bool) -> None:
    """End unless a file is new, or may be replaced."""
    if file.exists() and not force:
        asker.may(
            f"{file} is there already. Replace it (it stays as {file}.old)?",
            otherwise=f"{file} is there already: --force replaces it and keeps it as {file}.old",
        )


def write(
    file: Path, text: str, *, mode: int, check: Callable[[Path], str | None] = lambda _: None
) -> None:
    """Write a file in one step; one that was there stays as FILE.old.

    Args:
        file: where.
        text: what.
        mode: who may read and write it.
        check: says what is wrong with the new file; then the old one stays.

    """
    new = Path(f"{file}.new")
    try:
        new.unlink(missing_ok=True)
        door = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(door, "w", encoding="utf-8") as opened:
            opened.write(text)
        if wrong := check(new):
            new.unlink()
            opening.fail(wrong)
        if file.exists():
            file.replace(f"{file}.old")
        new.replace(file)
    except OSError as error:
        opening.fail(f"{file}: cannot be written: {error.strerror}")
