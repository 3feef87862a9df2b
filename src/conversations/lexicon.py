"""Which words and values stand where in a message: the places that the parser walks."""

from dataclasses import dataclass, field
from typing import Any

from conversations.chart import Cell, Place
from conversations.classes import of_number
from conversations.grammar import Number
from conversations.lexer import Kind, Token

_LONGEST_NUMBER = 4

_Pairs = list[tuple[str, Any]]


@dataclass
class Entry:
    """What begins with a word: what it is alone, and, by its second word, what it is in phrases."""

    alone: _Pairs = field(default_factory=list)
    longer: dict[str, list[tuple[list[str], _Pairs]]] = field(default_factory=dict)


@dataclass
class Lexicon:
    """All words of one language that mean something to its rules.

    Args:
        openers: the symbols with which templates start; they grow until the first chart.

    """

    openers: dict[str, Any]
    entries: dict[str, Entry] = field(default_factory=dict)
    _inner: set[str] = field(default_factory=set)
    _places: dict[str, Place] = field(default_factory=dict)
    _unknown: dict[Kind, Place] = field(default_factory=dict)

    def add(self, phrase: list[str], pairs: _Pairs) -> None:
        """Let a phrase, as its normalised words, stand for these symbols and values."""
        entry = self.entries.setdefault(phrase[0], Entry())
        if len(phrase) == 1:
            entry.alone += [pair for pair in pairs if pair not in entry.alone]
        else:
            entry.longer.setdefault(phrase[1], []).append((phrase[1:], pairs))
            self._inner.update(phrase[1:])

    def chart(self, tokens: list[Token]) -> list[Place]:
        """Give for each token the words and values that start there."""
        texts = [token.text for token in tokens]
        return [self._place(token, at, texts) for at, token in enumerate(tokens, 1)]

    def codes(self, tokens: list[Token]) -> set[int]:
        """Give the positions of numbers in codes and postcodes: stuck to letters nobody knows."""
        found = set()
        for at in range(1, len(tokens)):
            one, two = tokens[at - 1], tokens[at]
            if two.glued and {one.kind, two.kind} == {Kind.WORD, Kind.NUMBER}:
                word, number = (one, at) if one.kind is Kind.WORD else (two, at - 1)
                if word.text not in self.entries and word.text not in self._inner:
                    found.add(number)
        return found

    def _place(self, token: Token, behind: int, texts: list[str]) -> Place:
        text = token.text
        entry = self.entries.get(text)
        if entry is None and token.kind is not Kind.NUMBER:
            return self._unknown_place(token.kind)
        place = self._places.get(text)
        if place is None:
            place = self._places[text] = self._made(_pairs(token, entry))
        if entry and behind < len(texts) and texts[behind] in entry.longer:
            cell = place.cell
            for rest, pairs in entry.longer[texts[behind]]:
                if texts[behind : behind + len(rest)] == rest:
                    cell = _with(cell, len(rest) + 1, pairs)
            return self._opened(cell)
        return place

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
        openings = [(s, *edge) for s, edges in cell.items() if s in self.openers for edge in edges]
        return Place(cell, tuple(openings))


def _pairs(token: Token, entry: Entry | None) -> _Pairs:
    """Give what a token is by itself."""
    pairs = list(entry.alone) if entry else []
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
