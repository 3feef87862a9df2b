"""Chooses, among matches that overlap, those that together explain the most of a message."""

from collections.abc import Iterable

from conversations.chart import Match

_TOKEN = 1000
_PIECE = -100
_RANK = 5


def cover(matches: Iterable[Match], length: int) -> list[Match]:
    """Give the matches that cover most tokens without overlap, in order.

    Among covers of as many tokens the one with fewer pieces wins, then the one of higher ranks.
    Matches without a rank take no part.

    Args:
        matches: in any order.
        length: how many tokens the message has.

    """
    starting: dict[int, list[Match]] = {}
    for match in matches:
        if match.rank is not None:
            starting.setdefault(match.start, []).append(match)
    best: list[int] = [0] * (length + 1)
    taken: list[Match | None] = [None] * (length + 1)
    for at in range(length - 1, -1, -1):
        best[at] = best[at + 1]
        for match in starting.get(at, ()):
            worth = (match.end - at) * _TOKEN + _PIECE + (match.rank or 0) * _RANK + best[match.end]
            if worth > best[at]:
                best[at], taken[at] = worth, match
    return list(_followed(taken))


def _followed(taken: list[Match | None]) -> Iterable[Match]:
    at = 0
    while at < len(taken):
        match = taken[at]
        if match is None:
            at += 1
        else:
            yield match
            at = match.end
