"""Asking the operator: an option, a question, or what goes without saying."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import typer

from bot.cli import opening

T = TypeVar("T")


@dataclass(frozen=True)
class Asker:
    """Asks at the keyboard, unless nobody is to be asked.

    Args:
        silent: take what goes without saying.

    """

    silent: bool

    def ask(
        self,
        question: str,
        read: Callable[[str], T],
        *,
        option: str,
        given: str | None,
        default: str = "",
    ) -> T:
        """An answer that can be read; asked again until it can.

        Args:
            question: what to ask.
            read: what makes a value of it, or raises ValueError with what is wrong.
            option: the one that answers it too.
            given: its answer; then nobody is asked.
            default: what Enter stands for.

        """
        if given is not None or self.silent:
            try:
                return read(default if given is None else given)
            except ValueError as wrong:
                opening.fail(f"{option}: {wrong}")
        while True:
            try:
                return read(typer.prompt(question, default=default, show_default=bool(default)))
            except ValueError as wrong:
                typer.echo(f"  {wrong}")

    def may(self, question: str, *, otherwise: str) -> None:
        """Go on only when the operator agrees; `otherwise` is said where nobody is asked."""
        if self.silent:
            opening.fail(otherwise)
        typer.confirm(question, abort=True)
