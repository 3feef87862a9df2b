"""Shows how a message was read: for people who write language files."""

from collections.abc import Callable

from conversations.chart import Match
from conversations.jsonl import as_json
from conversations.reading import Context
from conversations.understanding import parsed, refined


def explain(text: str, context: Context) -> str:
    """Give tokens, what each rule took, what was dropped, and the reading, a line each."""
    trace = parsed(text, context)
    message = trace.message
    kept = [*message.found, *message.cues]
    dropped = [m for m in trace.matches if m.rank is not None and m not in kept]
    lines = ["tokens  " + " ".join(f"{t.text}/{t.kind.name.lower()}" for t in message.tokens)]
    for heading, matches in (("value", message.found), ("cue", message.cues), ("drop", dropped)):
        lines += [f"{heading:<7} {_shown(match, message.words)}" for match in _ordered(matches)]
    reading = as_json(refined(message))
    return "\n".join([*lines, f"reading {reading}"])


def _ordered(matches: list[Match]) -> list[Match]:
    return sorted(matches, key=lambda m: (m.start, -m.end, m.name))


def _shown(match: Match, words: Callable[[int, int], str]) -> str:
    said = words(match.start, match.end)
    return f"{match.start}-{match.end} {match.name}: {said!r} -> {match.value!r}"
