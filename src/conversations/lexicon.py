"""Which words and values stand where in a message: the places that the parser walks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conversations.chart import Cell, Place
from conversations.classes import of_number
from conversations.grammar import Node, Number
from conversations.lexer import Kind, Token

_LONGEST_NUMBER = 4
_LETTERS_OF_CODE = 3

_Pairs = list[tuple[str, Any]]
#: the words behind the first one, with what the whole phrase is
_Phrases = list[tuple[list[str], _Pairs]]
_NONE: Mapping[str, _Pairs] = {}


@dataclass
class Lexicon:
    """All words of one language that mean something to its rules.

    `entries` has what each word is by itself, which may be nothing.

    Args:
        openers: the symbols with which templates start, and where they lead to; complete before
            the first chart is made.

    """

    openers: dict[str, Node]
    entries: dict[str, _Pairs] = field(default_factory=dict)
    _phrases: dict[str, dict[str, _Phrases]] = field(default_factory=dict)
    _inner: dict[str, None] = field(default_factory=dict)
    _places: dict[str, Place] = field(default_factory=dict)
    _unknown: dict[Kind, Place] = field(default_factory=dict)
    _with_first: dict[tuple[str, ...], Place] = field(default_factory=dict)
    _standing: dict[str, frozenset[str]] = field(default_factory=dict)

    def add(self, phrase: list[str], pairs: _Pairs) -> None:
        """Let a phrase, as its normalised words, stand for these symbols and values."""
        alone = self.entries.setdefault(phrase[0], [])
        if len(phrase) == 1:
            alone += [pair for pair in pairs if pair not in alone]
        else:
            behind = self._phrases.setdefault(phrase[0], {}).setdefault(phrase[1], [])
            behind.append((phrase[1:], pairs))
            self._inner.update(dict.fromkeys(phrase[1:]))

    @property
    def words(self) -> dict[str, None]:
        """Every single word that means something, alone or in a phrase, in the file's order."""
        return dict.fromkeys(self.entries) | self._inner

    def standing_for(self, symbol: str) -> frozenset[str]:
        """Give the words that stand for a symbol by themselves, such as those of a list."""
        if symbol not in self._standing:
            words = (word for word, pairs in self.entries.items() if (symbol, None) in pairs)
            self._standing[symbol] = frozenset(words)
        return self._standing[symbol]

    def chart(self, tokens: list[Token], borrowed: Mapping[str, _Pairs] = _NONE) -> list[Place]:
        """Give for each token the words and values that start there.

        Args:
            tokens: of the message.
            borrowed: what words mean that this lexicon does not know.

        """
        texts = [token.text for token in tokens]
        places = []
        for behind, token in enumerate(tokens, 1):
            if token.text in borrowed:
                place = self._made([("{word}", None), *borrowed[token.text]])
            else:
                place = self._places.get(token.text) or self._place(token)
            phrases = self._phrases.get(token.text)
            if phrases and behind < len(texts) and texts[behind] in phrases:
                known = phrases[texts[behind]]
                place = self._with_phrases(token.text, place, known, texts[behind:])
            places.append(place)
        return places

    def codes(self, tokens: list[Token]) -> set[int]:
        """Give the positions of numbers in codes and postcodes: stuck to letters nobody knows."""
        found = set()
        for at in range(1, len(tokens)):
            one, two = tokens[at - 1], tokens[at]
            if two.glued and {one.kind, two.kind} == {Kind.WORD, Kind.NUMBER}:
                word, number = (one, at) if one.kind is Kind.WORD else (two, at - 1)
                if word.text not in self.entries and word.text not in self._inner:
                    found.add(number)
        return found | _mixed(tokens)

    def _place(self, token: Token) -> Place:
        """Make the place of a token, which is then kept unless nobody knows the word."""
        alone = self.entries.get(token.text)
        if alone is None and token.kind is not Kind.NUMBER:
            return self._unknown_place(token.kind)
        place = self._places[token.text] = self._made(_pairs(token, alone or []))
        return place

    def _with_phrases(
        self, first: str, place: Place, phrases: _Phrases, behind: list[str]
    ) -> Place:
        """Add the phrases of which all words stand behind; the first of them does."""
        there = [(rest, pairs) for rest, pairs in phrases if behind[: len(rest)] == rest]
        if not there:
            return place
        key = (first, *(word for rest, _ in there for word in (*rest, "")))
        if key not in self._with_first or place is not self._places.get(first):
            cell = place.cell
            for rest, pairs in there:
                cell = _with(cell, len(rest) + 1, pairs)
            self._with_first[key] = self._opened(cell)
        return self._with_first[key]

    def _unknown_place(self, kind: Kind) -> Place:
        """Give the place of a token that no rule knows; all of a kind share one."""
        if kind not in self._unknown:
            symbols = {Kind.WORD: ("{word}", "{name}"), Kind.NOISE: ("{phone}",)}.get(kind, ())
            self._unknown[kind] = self._made([(symbol, None) for symbol in symbols])
        return self._unknown[kind]

    def _made(self, pairs: _Pairs) -> Place:
        return self._opened(_with({}, 1, pairs))

    def _opened(self, cell: Cell) -> Place:
        """Add which of the edges can open a template."""
        nodes = self.openers
        openings = [(nodes[s], *edge) for s, edges in cell.items() if s in nodes for edge in edges]
        return Place(cell, tuple(openings))


def _mixed(tokens: list[Token]) -> set[int]:
    """Give the positions of numbers between single letters, with nothing between ("X7K2P")."""
    found: set[int] = set()
    start = 0
    for at in range(1, len(tokens) + 1):
        if at < len(tokens) and tokens[at].glued:
            continue
        letters = [t for t in tokens[start:at] if t.kind is Kind.WORD]
        if len(letters) >= _LETTERS_OF_CODE and all(len(t.text) == 1 for t in letters):
            found.update(i for i in range(start, at) if tokens[i].kind is Kind.NUMBER)
        start = at
    return found


def _pairs(token: Token, alone: _Pairs) -> _Pairs:
    """Give what a token is by itself."""
    pairs = list(alone)
    if token.kind is Kind.WORD:
        pairs.append(("{word}", None))
    elif token.kind is Kind.NUMBER and len(token.text) <= _LONGEST_NUMBER:
        pairs += of_number(Number(int(token.text), len(token.text)))
    return pairs


def _with(cell: Cell, length: int, pairs: _Pairs) -> Cell:
    """Give a cell with more edges; cells are shared, so the old one stays as it is."""
    grown = dict(cell)
    for symbol, value in pairs:
        grown[symbol] = (*grown.get(symbol, ()), (length, value))
    return grown
