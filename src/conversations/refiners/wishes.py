"""The guest's request: the clauses around words such as pram, window or allergy."""

from collections.abc import Collection

from conversations.chart import Match
from conversations.lexer import Kind
from conversations.parsers.findings import Noise
from conversations.refiners.message import Message

_ENDS = ",()/+-"
_LONGEST = 300
_BESIDE = ("book", "seek", "agree", "refuse", "thanks", "greeting", "polite", "amend", "name_lead")


def request(message: Message, *, but: Collection[int] = ()) -> str | None:
    """Give the wishes in the guest's own words, without the details of the booking.

    Args:
        message: with its cues.
        but: positions of words that wish for nothing.

    """
    return ", ".join(_clauses(message, _wishes(message, but)))[:_LONGEST] or None


def allergies(message: Message) -> list[str]:
    """Give the clauses that tell what somebody must not eat."""
    return _clauses(message, [wish for wish in _wishes(message) if wish.value.get("allergy")])


def _clauses(message: Message, wishes: list[Match]) -> list[str]:
    """Give what is said around some of the wishes, each stretch of words once."""
    if not wishes:
        return []
    limits = _limits(message)
    spans: list[tuple[int, int]] = []
    for wish in wishes:
        start, end = _clause(message, wish.start, wish.end, limits)
        if spans and start <= spans[-1][1] + 1:
            start, end = spans[-1][0], max(end, spans.pop()[1])
        spans.append((start, end))
    return [message.words(*span) for span in spans]


def _wishes(message: Message, but: Collection[int] = ()) -> list[Match]:
    """Give the cues of wishes; some count only behind another ("one vegan, two kids")."""
    told = [wish for wish in message.told("wish") if wish.start not in but]
    plain = [wish.start for wish in told if not wish.value.get("listed")]
    return [w for w in told if not w.value.get("listed") or (plain and plain[0] < w.start)]


def _limits(message: Message) -> set[int]:
    """Give the positions that no wish goes across: stops, and what is about something else."""
    wished = {i for w in _wishes(message) for i in range(w.start, w.end)}
    limits = {
        i
        for i, token in enumerate(message.tokens)
        if token.kind is Kind.STOP or (token.kind is Kind.MARK and token.text in _ENDS)
    }
    for match in (*message.found, *(c for c in message.cues if c.name in _BESIDE)):
        span = set(range(match.start, match.end))
        if not (type(match.value) is Noise and span & wished):  # "her 30th birthday" is one wish
            limits |= span
    return limits - wished


def _clause(message: Message, start: int, end: int, limits: set[int]) -> tuple[int, int]:
    """Widen a wish to its clause, without joining words at its edges."""
    while start > 0 and start - 1 not in limits:
        start -= 1
    while end < len(message.tokens) and end not in limits:
        end += 1
    joins = {
        i for name in ("joint", "either") for c in message.told(name) for i in range(c.start, c.end)
    }
    while start in joins:
        start += 1
    while end - 1 in joins:
        end -= 1
    while start < end - 1 and _is(message, end, "booking") and _is(message, start, "a"):
        start += 1  # "a quiet [table]"
    return start, end


def _is(message: Message, at: int, words: str) -> bool:
    """Tell whether the token at a position is one of the language's list of such words."""
    if at >= len(message.tokens):
        return False
    known = message.language.lexicon.entries.get(message.tokens[at].text, ())
    return (f"<{words}>", None) in known
