"""Repairs typing slips and run-together words, on closed vocabularies only."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from conversations.lexer import Kind, Token

_SHORTEST, _LONGEST = 5, 40
_TWO_SLIPS_FROM = 8
_SHORTEST_HALF = 3
_REMEMBERED = 20_000
#: "siiii", "yesss"
_DRAWN_OUT = re.compile(r"(.)\1{2,}")


@dataclass
class Spelling:
    """The words that may be meant by a word that nobody knows.

    Args:
        known: every word that is right as it stands; of two as near the earlier one is meant.
        meant: those of them that a slip may stand for; never names.

    """

    known: dict[str, None]
    meant: set[str]
    _by_letter: dict[str, list[str]] = field(default_factory=dict)
    _cache: dict[str, tuple[str, ...] | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        by_letter: dict[str, list[str]] = defaultdict(list)
        for word in self.known:
            if len(word) >= _SHORTEST - 1:
                by_letter[word[0]].append(word)
        self._by_letter = dict(by_letter)

    def repaired(self, tokens: list[Token]) -> list[Token]:
        """Give the tokens with slips corrected and run-together words cut."""
        known = self.known
        unknown = {t.text for t in tokens if t.text not in known and t.kind is Kind.WORD}
        if not unknown:
            return tokens
        return [
            piece
            for token in tokens
            for piece in (self._pieces(token) if token.text in unknown else (token,))
        ]

    def _pieces(self, token: Token) -> Iterable[Token]:
        if token.text not in self._cache:
            if len(self._cache) >= _REMEMBERED:
                self._cache.clear()
            self._cache[token.text] = self._meaning(token.text)
        words = self._cache[token.text]
        if words is None:
            return [token]
        if len(words) == 1:
            return [token._replace(text=words[0])]
        if token.end - token.start != len(token.text):  # "O'Neill" is one word
            return [token]
        cut = token.start + len(words[0])
        return [token._replace(text=words[0], end=cut), token._replace(text=words[1], start=cut)]

    def _meaning(self, word: str) -> tuple[str, ...] | None:
        """Give the word, or the two words, that must have been meant."""
        drawn = _DRAWN_OUT.sub(r"\1", word)
        if drawn != word and drawn in self.meant:
            return (drawn,)
        if not _SHORTEST <= len(word) <= _LONGEST:
            return None
        return self._cut(word) or self._corrected(word)

    def _corrected(self, word: str) -> tuple[str] | None:
        """Give the nearest word, if it is one of a closed class rather than any other word."""
        allowed = 1 if len(word) < _TWO_SLIPS_FROM else 2
        near = [
            (distance, candidate in self.meant, order, candidate)
            for order, candidate in enumerate(self._by_letter.get(word[0], ()))
            if abs(len(candidate) - len(word)) <= allowed
            and (distance := OSA.distance(word, candidate, score_cutoff=allowed)) <= allowed
        ]
        _, meant, _, nearest = min(near, default=(0, False, 0, ""))
        return (nearest,) if meant else None

    def _cut(self, word: str) -> tuple[str, str] | None:
        for at in range(_SHORTEST_HALF, len(word) - _SHORTEST_HALF + 1):
            if word[:at] in self.meant and word[at:] in self.meant:
                return word[:at], word[at:]
        return None
