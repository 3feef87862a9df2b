"""The chart parser: which stretches of a message some template describes.

What a rule finds may fill a slot of another ("2 weeks from {date}"), so positions are walked from
right to left: what starts behind a position is complete when the position is walked.
"""

from typing import Any, NamedTuple

from conversations.grammar import Node, Number, Rule, Said, Slot
from conversations.reading import Context

#: What stands at one position at most; more means that somebody plays with us.
MAX_EDGES = 300
#: A phrase of more tokens is no phrase.
MAX_SPAN = 30

#: symbol -> length in tokens and value of each word or value that starts at a position
Cell = dict[str, tuple[tuple[int, Any], ...]]


class Place(NamedTuple):
    """A position of the chart; `openings` are its edges with which a template starts.

    Each opening has the node of the trie that it leads to.
    """

    cell: Cell
    openings: tuple[tuple[Node, int, Any], ...]


class Match(NamedTuple):
    """A stretch of tokens, from `start` up to `end`, that a rule has taken for `value`."""

    start: int
    end: int
    name: str
    value: Any
    rank: int | None
    cue: bool


def matches(root: Node, chart: list[Place], context: Context) -> list[Match]:
    """Find every stretch of the chart that some template describes.

    Args:
        root: of the trie of templates.
        chart: the words and values of each position.
        context: what the values are made against.

    """
    walk = _Walk(root.next, chart, context)
    for start in range(len(chart) - 1, -1, -1):
        walk.walk(start)
    return walk.found


class _Walk:
    """One parse of one chart."""

    def __init__(self, openers: dict[str, Node], chart: list[Place], context: Context) -> None:
        self.openers = openers
        self.chart = chart
        self.cells: list[Cell] = [place.cell for place in chart]
        self.symbols = [cell.keys() for cell in self.cells]
        self.length = len(chart)
        self.context = context
        self.found: list[Match] = []
        self.start = 0
        self.fresh: list[tuple[Node, int, Any]] = []

    def walk(self, start: int) -> None:
        """Find what starts at one position, and what starts with what was found there."""
        self.start = start
        self.fresh = list(self.chart[start].openings)
        symbols, behind = self.symbols, self.length
        for node, length, value in self.fresh:  # grows while it is walked
            at = start + length
            # most templates do not go on, and to see that here spares most of the steps
            if node.rules or (at < behind and not node.symbols.isdisjoint(symbols[at])):
                self.reach(node, at, (value,))

    def reach(self, node: Node, at: int, values: tuple[Any, ...]) -> None:
        """Close the templates that end here, and go on with those that do not."""
        if at - self.start > MAX_SPAN:
            return
        for rule in node.rules:
            self.close(rule, at, values)
        if at < self.length and node.next:
            self.follow(node.next, self.cells[at], at, values)

    def follow(self, nodes: dict[str, Node], cell: Cell, at: int, values: tuple[Any, ...]) -> None:
        """Take every edge of a cell that some template goes on with."""
        fewer, more = (nodes, cell) if len(nodes) < len(cell) else (cell, nodes)
        symbols, behind = self.symbols, self.length
        for symbol in fewer:
            if symbol not in more:
                continue
            node = nodes[symbol]
            for length, value in cell[symbol]:
                end = at + length
                # as above: to look ahead is cheaper than to go there for nothing
                if node.rules or (end < behind and not node.symbols.isdisjoint(symbols[end])):
                    self.reach(node, end, (*values, value))

    def close(self, rule: Rule, end: int, values: tuple[Any, ...]) -> None:
        """Build the value of a template that has been walked to its end."""
        said: Said = rule.constants
        if rule.fills:
            said = dict(said)
            for step, name, slot in rule.fills:
                value = values[step]
                if type(value) is Number and not _fits(slot, value):
                    return
                said[name] = value
        phenomenon = rule.phenomenon
        built = phenomenon.build(said, self.context)
        if built is None:
            return
        self.found.append(Match(self.start, end, rule.name, built, phenomenon.rank, phenomenon.cue))
        for symbol in phenomenon.gives:
            self.give(symbol, end - self.start, built)

    def give(self, symbol: str, length: int, value: Any) -> None:
        """Let a value stand in the chart, so that it may fill slots."""
        cell = self.cells[self.start]
        edges = cell.get(symbol, ())
        if (length, value) in edges or len(self.fresh) >= MAX_EDGES:
            return
        grown = {**cell, symbol: (*edges, (length, value))}  # cells are shared
        self.cells[self.start], self.symbols[self.start] = grown, grown.keys()
        if symbol in self.openers:
            self.fresh.append((self.openers[symbol], length, value))


def _fits(slot: Slot, number: Number) -> bool:
    return slot.low <= number <= slot.high and (not slot.digits or number.digits in slot.digits)
