"""All templates of a language, compiled into one trie, and the chart parser that walks it.

The cost of a walk grows with what matches, not with the number of rules. What a rule finds may
fill a slot of another ("2 weeks from {date}"), so positions are walked from right to left.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from conversations.lexer import FULL_STOP, tokens
from conversations.reading import Context
from conversations.templates import Group, ListMark, Part, SlotMark, TemplateError, Words, parse

#: What stands at one position at most; more means that somebody plays with us.
MAX_EDGES = 300
#: A phrase of more tokens is no phrase.
MAX_SPAN = 30

#: slots that only bridge a gap, so every phenomenon may have them
_ANY_WORD = ("word", "name")
#: slot or constant -> its value
Said = dict[str, Any]
#: for each position: symbol -> (end, value) of each word or value that starts there
Chart = list[dict[str, list[tuple[int, Any]]]]


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
        slots: the slots its templates may have, beside `word` and `name`.
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
    """The end of a template in the trie; `slots` are its names and specs, step by step."""

    name: str
    phenomenon: Phenomenon
    slots: tuple[tuple[str, Slot] | None, ...]
    constants: Mapping[str, Any]


class Match(NamedTuple):
    """A stretch of tokens, from `start` up to `end`, that a rule has taken for `value`."""

    start: int
    end: int
    name: str
    value: Any
    rank: int | None
    cue: bool


@dataclass(slots=True)
class Node:
    """A place in the trie."""

    next: dict[str, "Node"] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)

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

    `words` are those that stand in templates, `lists` the lists they name, and `groups` the
    alternatives that are plain words, each under the symbol that stands for them in the trie.

    Args:
        slots: slot name (without a trailing digit) -> what may fill it.
        elides: as in `lexer.tokens`.

    """

    slots: Mapping[str, Slot]
    elides: bool
    root: Node = field(default_factory=Node)
    words: set[str] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)
    groups: dict[str, list[str]] = field(default_factory=dict)

    def add(
        self, template: str, name: str, phenomenon: Phenomenon, constants: Mapping[str, Any]
    ) -> None:
        """Compile a template into the trie.

        Raises:
            TemplateError: marks do not fit, a slot is unknown, or every part is optional.

        """
        states = self._sequence([(self.root, ())], parse(template))
        for node, slots in states:
            unknown = {s[0].rstrip("0123456789") for s in slots if s} - {*phenomenon.slots, *_ANY_WORD}
            if unknown:
                raise TemplateError(f"{template!r}: {{{min(unknown)}}} is no slot of it")
            if constants.keys() - set(phenomenon.constants):
                raise TemplateError(f"{template!r}: {[*constants]} are no constants of it")
            if node is self.root:
                raise TemplateError(f"{template!r}: every part is optional")
            node.rules.append(Rule(name, phenomenon, slots, constants))

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
        for token in tokens(f" {text} ", elides=self.elides):
            word = "." if token.text == FULL_STOP else token.text  # a point between two slots
            self.words.add(word)
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

    def parse(self, chart: Chart, context: Context) -> list[Match]:
        """Find every stretch of the chart that some template describes.

        Args:
            chart: the words and values of each position; grows while parsing.
            context: what the values are made against.

        """
        return _Walk(self.root, chart, context).matches()


def _behind(states: _States, symbol: str) -> _States:
    return [(node.child(symbol), (*slots, None)) for node, slots in states]


class _Walk:
    """One parse of one chart."""

    def __init__(self, root: Node, chart: Chart, context: Context) -> None:
        self.root = root.next
        self.chart = chart
        self.context = context
        self.found: list[Match] = []
        self.fresh: list[tuple[str, int, Any]] = []

    def matches(self) -> list[Match]:
        root = self.root
        for start in range(len(self.chart) - 1, -1, -1):
            cell = self.chart[start]
            self.fresh = [(s, end, value) for s in cell if s in root for end, value in cell[s]]
            for symbol, end, value in self.fresh:  # grows while it is walked
                node = root.get(symbol)
                if node is not None:
                    self.follow(node, start, end, (value,))
        return self.found

    def follow(self, node: Node, start: int, at: int, values: tuple[Any, ...]) -> None:
        for rule in node.rules:
            self.close(rule, start, at, values)
        following = node.next
        if not following or at >= len(self.chart) or at - start > MAX_SPAN:
            return
        cell = self.chart[at]
        few, many = (following, cell) if len(following) < len(cell) else (cell, following)
        for symbol in few:
            if symbol in many:
                child = following[symbol]
                for end, value in cell[symbol]:
                    self.follow(child, start, end, (*values, value))

    def close(self, rule: Rule, start: int, end: int, values: tuple[Any, ...]) -> None:
        """Build the value of a template that has been walked to its end."""
        said: Said = dict(rule.constants)
        for named, value in zip(rule.slots, values, strict=True):
            if named is not None:
                if type(value) is Number and not _fits(named[1], value):
                    return
                said[named[0]] = value
        phenomenon = rule.phenomenon
        built = phenomenon.build(said, self.context)
        if built is None:
            return
        match = Match(start, end, rule.name, built, phenomenon.rank, phenomenon.cue)
        self.found.append(match)
        for symbol in phenomenon.gives:
            self.give(symbol, start, end, built)

    def give(self, symbol: str, start: int, end: int, value: Any) -> None:
        """Let a value stand in the chart, so that it may fill slots."""
        edges = self.chart[start].setdefault(symbol, [])
        if (end, value) not in edges and len(self.fresh) < MAX_EDGES:
            edges.append((end, value))
            self.fresh.append((symbol, end, value))


def _fits(slot: Slot, number: Number) -> bool:
    return slot.low <= number <= slot.high and (not slot.digits or number.digits in slot.digits)
