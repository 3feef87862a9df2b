"""Shows how a message was read: for people who write language files."""

from collections.abc import Callable, Iterable
from datetime import datetime

from conversations.chart import Match
from conversations.jsonl import KeyFault, as_json, message
from conversations.reading import Context
from conversations.understanding import parsed, refined


def explain(text: str, context: Context) -> str:
    """Give tokens, what each rule took, what was dropped and why, and the reading, a line each."""
    trace = parsed(text, context)
    read = trace.message
    kept = [*read.found, *read.cues]
    dropped = [m for m in trace.matches if m.rank is not None and m not in kept]
    lines = ["tokens  " + " ".join(f"{t.text}/{t.kind.name.lower()}" for t in read.tokens)]
    for heading, matches in (("value", read.found), ("cue", read.cues)):
        lines += [f"{heading:<7} {_shown(match, read.words)}" for match in _ordered(matches)]
    for match in _ordered(dropped):
        lines.append(f"drop    {_shown(match, read.words)}; {_why(match, kept)}")
    taken = {i for match in kept for i in range(match.start, match.end)}
    unread = " ".join(t.text for i, t in enumerate(read.tokens) if i not in taken)
    if unread:
        lines.append(f"unread  {unread}")
    reading = as_json(refined(read))
    return "\n".join([*lines, f"reading {reading}"])


def explained(line: str, *, now: datetime | None = None) -> str:
    """Explain a line of `tabletalk understand --jsonl`; one that cannot be read is told.

    Args:
        line: one JSON object; keys as in the contract.
        now: local wall time at the venue, for lines that do not give it.

    """
    try:
        return explain(*message(line, now=now))
    except KeyFault as fault:
        return f"error   {fault}"


def _ordered(matches: Iterable[Match]) -> list[Match]:
    return sorted(matches, key=lambda m: (m.start, -m.end, m.name))


def _shown(match: Match, words: Callable[[int, int], str]) -> str:
    said = words(match.start, match.end)
    return f"{match.start}-{match.end} {match.name}: {said!r} -> {match.value!r}"


def _why(match: Match, kept: Iterable[Match]) -> str:
    """Say for what a match was dropped: values give way to values, cues to cues."""
    over = [
        f"{other.start}-{other.end} {other.name}"
        for other in kept
        if other.cue == match.cue and other.start < match.end and match.start < other.end
    ]
    return f"for {', '.join(over)}" if over else "it is a part of a code, or says nothing here"
