"""All templates of a language, compiled into one trie.

They share it, so the cost of a walk grows with what matches, not with the number of rules.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from conversations.lexer import FULL_STOP, Style, words
from conversations.reading import Context
from conversations.templates import Group, ListMark, Part, SlotMark, TemplateError, Words, parse

#: slots that only bridge a gap, so every phenomenon may have them
_ANY_WORD = ("word", "name", "phone")
#: A template that can be said in more ways would make a trie that takes long to build.
_MOST_ENDS = 2000
#: slot or constant -> its value
Said = dict[str, Any]


class Number(int):
    """A number as written: `digits` is how many digits it had, 0 for a word, -1 for an article."""

    digits: int

    def __new__(cls, value: int, digits: int = 0) -> Self:
        """Make a number of so many digits."""
        number = super().__new__(cls, value)
        number.digits = digits
        return number


@dataclass(frozen=True)
class Slot:
    """What may fill a slot: any of these symbols; a number only within its range."""

    symbols: tuple[str, ...]
    low: int = 0
    high: int = 0
    digits: tuple[int, ...] = ()


@dataclass(frozen=True)
class Phenomenon:
    """One way of saying something, the same in all languages.

    Args:
        build: makes the value from what was said; None means that it is no such thing after all.
        slots: the slots its templates may have, beside those that bridge gaps.
        constants: what a rule of it may fix.
        gives: the symbols under which its value may fill slots of other rules.
        rank: among readings of the same stretch the higher wins; None: never read by itself.
        cue: tells an intent, so it stands beside the slots and not in their place.

    """

    build: Callable[[Said, Context], Any]
    slots: tuple[str, ...] = ()
    constants: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    rank: int | None = 0
    cue: bool = False


class Rule(NamedTuple):
    """The end of a template in the trie; `fills` says which step fills which slot."""

    name: str
    phenomenon: Phenomenon
    fills: tuple[tuple[int, str, Slot], ...]
    constants: Said


class Node:
    """A place in the trie; `symbols` are those that lead on from here."""

    __slots__ = ("next", "rules", "symbols")

    def __init__(self) -> None:
        self.next: dict[str, Node] = {}
        self.symbols = self.next.keys()
        self.rules: list[Rule] = []

    def child(self, symbol: str) -> "Node":
        """Give the node behind a symbol, a new one when there is none."""
        if symbol not in self.next:
            self.next[symbol] = Node()
        return self.next[symbol]


#: nodes reached so far, each with the slots on the way
_States = list[tuple[Node, tuple[tuple[str, Slot] | None, ...]]]


@dataclass(frozen=True)
class Grammar:
    """All templates of one language.

    `words` are those that stand in templates, in order; `lists` the lists they name; `groups` the
    alternatives that are plain words, each under the symbol that stands for them in the trie.

    Args:
        slots: slot name (without a trailing digit) -> what may fill it.
        style: how the language is written.

    """

    slots: Mapping[str, Slot]
    style: Style
    root: Node = field(default_factory=Node)
    words: dict[str, None] = field(default_factory=dict)
    lists: set[str] = field(default_factory=set)
    groups: dict[str, list[str]] = field(default_factory=dict)

    def add(
        self, template: str, name: str, phenomenon: Phenomenon, constants: Mapping[str, Any]
    ) -> None:
        """Compile a template into the trie.

        Raises:
            TemplateError: marks do not fit, a slot is unknown, or too many parts are optional.

        """
        states = self._sequence([(self.root, ())], parse(template))
        if len(states) > _MOST_ENDS:
            raise TemplateError(f"{template!r}: too many of its parts are optional; make two of it")
        for node, slots in states:
            names = {slot[0].rstrip("0123456789") for slot in slots if slot}
            unknown = names - {*phenomenon.slots, *_ANY_WORD}
            if unknown:
                raise TemplateError(f"{template!r}: {{{min(unknown)}}} is no slot of it")
            if constants.keys() - set(phenomenon.constants):
                raise TemplateError(f"{template!r}: {[*constants]} are no constants of it")
            if node is self.root:
                raise TemplateError(f"{template!r}: every part is optional")
            fills = tuple((step, *slot) for step, slot in enumerate(slots) if slot)
            node.rules.append(Rule(name, phenomenon, fills, dict(constants)))

    def _sequence(self, states: _States, parts: Iterable[Part]) -> _States:
        for part in parts:
            states = self._step(states, part)
        return states

    def _step(self, states: _States, part: Part) -> _States:
        """Follow one part of a template."""
        match part:
            case Words(text):
                return self._words(states, text)
            case SlotMark(name):
                return self._slot(states, name)
            case ListMark(name):
                self.lists.add(name)
                return _behind(states, f"<{name}>")
            case Group():
                return self._group(states, part)

    def _words(self, states: _States, text: str) -> _States:
        for piece in words(f" {text} ", self.style):
            word = "." if piece == FULL_STOP else piece  # a point between two slots
            self.words[word] = None
            states = _behind(states, word)
        return states

    def _slot(self, states: _States, name: str) -> _States:
        slot = self.slots.get(name.rstrip("0123456789"))
        if slot is None:
            raise TemplateError(f"{{{name}}} is no slot")
        return [(n.child(s), (*slots, (name, slot))) for s in slot.symbols for n, slots in states]

    def _group(self, states: _States, group: Group) -> _States:
        """Follow alternatives; plain words share one step, or the trie would grow beyond bounds."""
        phrases = group.phrases()
        if phrases is not None:
            symbol = f"({'|'.join(phrases)})"
            self.groups[symbol] = phrases
            ends = _behind(states, symbol)
        else:
            ends = [end for choice in group.choices for end in self._sequence(states, choice)]
        if group.optional:
            ends = [*states, *ends]
        return list({(id(node), slots): (node, slots) for node, slots in ends}.values())


def _behind(states: _States, symbol: str) -> _States:
    return [(node.child(symbol), (*slots, None)) for node, slots in states]
