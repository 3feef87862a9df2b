"""A message as the refiners see it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from conversations.chart import Match
from conversations.language import Language
from conversations.lexer import Token
from conversations.reading import Context

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Message:
    """The text, its tokens, and the matches that were kept.

    `found` are values in order, `cues` tell what the guest wants.
    """

    text: str
    tokens: list[Token]
    found: list[Match]
    cues: list[Match]
    context: Context
    language: Language

    @cached_property
    def says(self) -> frozenset[str]:
        """The names of the cues."""
        return frozenset(cue.name for cue in self.cues)

    def of(self, kind: type[_Value]) -> Iterator[tuple[Match, _Value]]:
        """Give the matches whose value is of this kind, with it."""
        for match in self.found:
            if type(match.value) is kind:
                yield match, match.value

    def told(self, name: str) -> list[Match]:
        """Give the cues of this name."""
        return [cue for cue in self.cues if cue.name == name]

    def between(self, start: int, end: int, *names: str) -> bool:
        """Tell whether a cue of these names stands between two positions."""
        return any(c.name in names and start <= c.start < end for c in self.cues)

    def words(self, start: int, end: int) -> str:
        """Give the text of some tokens as it was written."""
        if start >= end:
            return ""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end]
