"""A message as the refiners see it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from conversations.chart import Match
from conversations.language import Language
from conversations.lexer import Kind, Token
from conversations.reading import Context

_Value = TypeVar("_Value")
#: tokens of a message, from the first up to behind the last
Span = tuple[int, int]


@dataclass(frozen=True)
class Message:
    """The text, its tokens, and the matches that were kept.

    `found` are values in order, `cues` tell what the guest wants; `dines`: it speaks of eating out,
    or of what one would like.
    """

    text: str
    tokens: list[Token]
    found: list[Match]
    cues: list[Match]
    context: Context
    language: Language
    dines: bool = False

    @cached_property
    def says(self) -> frozenset[str]:
        """The names of the cues."""
        return frozenset(cue.name for cue in self.cues)

    @cached_property
    def _by_kind(self) -> dict[type, list[tuple[Match, Any]]]:
        kinds: dict[type, list[tuple[Match, Any]]] = {}
        for match in self.found:
            kinds.setdefault(type(match.value), []).append((match, match.value))
        return kinds

    def of(self, kind: type[_Value]) -> list[tuple[Match, _Value]]:
        """Give the matches whose value is of this kind, with it."""
        return self._by_kind.get(kind, [])

    def told(self, name: str) -> list[Match]:
        """Give the cues of this name."""
        return [cue for cue in self.cues if cue.name == name] if name in self.says else []

    def between(self, start: int, end: int, *names: str) -> bool:
        """Tell whether a cue of these names stands between two positions."""
        return any(c.name in names and start <= c.start < end for c in self.cues)

    @cached_property
    def unread(self) -> frozenset[int]:
        """The positions of words that neither a value nor a cue explains."""
        told = {i for m in (*self.found, *self.cues) for i in range(m.start, m.end)}
        words = (i for i, token in enumerate(self.tokens) if token.kind is Kind.WORD)
        return frozenset(i for i in words if i not in told)

    @cached_property
    def in_progress(self) -> bool:
        """Whether a booking is being talked about already."""
        known = self.context.draft
        details = known.party_size or known.date or known.time
        return bool(self.context.asked or self.context.options or details)

    def words(self, start: int, end: int) -> str:
        """Give the text of some tokens as it was written."""
        if start >= end:
            return ""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end]
