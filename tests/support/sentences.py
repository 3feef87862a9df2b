"""The sentences of `tests/conversations/languages`, with their contexts and readings."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from conversations.jsonl import context
from conversations.reading import Context

#: Ten times quicker where it was built with C.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FOLDER = Path(__file__).parents[1] / "conversations" / "languages"


@dataclass(frozen=True)
class Sentence:
    """A message, what it is read against, and the keys that its reading has."""

    language: str
    text: str
    given: dict[str, Any]
    reading: dict[str, Any]

    @property
    def context(self) -> Context:
        """The context as the command line makes it."""
        return context({"lang": self.language, **self.given})


@cache
def sentences(language: str) -> tuple[Sentence, ...]:
    """Give all sentences of a language."""
    text = (FOLDER / f"{language}.yaml").read_text(encoding="utf-8")
    return tuple(_of(language, yaml.load(text, Loader=LOADER)))  # noqa: S506 (a safe one)


def _of(language: str, file: dict[str, Any]) -> Iterator[Sentence]:
    for group in file["groups"]:
        for text, reading in group["read"].items():
            given = {**file["usual"], **group["given"]}
            yield Sentence(language, text, given, {"lang": language, **reading})
