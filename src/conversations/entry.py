"""Reads what a host types into the book: "4 sat 19:30 Rossi, window".

Party size, date and time as understanding reads them; the first words that are none of those are
the name, as hosts write it, and what follows is the request.
"""

import datetime as dt
import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from conversations.chart import Match
from conversations.language import Language, load
from conversations.lexer import Kind
from conversations.parsers.findings import Noise
from conversations.reading import Context
from conversations.refiners.message import Message
from conversations.understanding import in_language, refined

Span = tuple[int, int]

#: Fewer letters left over say nothing.
_SHORTEST = 3
#: The longest small word within a name ("della").
_PARTICLE = 5
_AROUND = " ,;.-()"
#: A time with its minutes, or with am or pm.
_CLOCK = re.compile(r"\b\d{1,2}(?::\d\d|\s?[ap]\.?m\b)", re.IGNORECASE)
#: A day and a month in figures, with a dot where a clock of its own stands beside.
_DOTTED = re.compile(r"(?<![\d:.])(\d{1,2})\.(0?[1-9]|1[0-2])\.?(?![\d:.])")
_SLASHED = re.compile(r"\b\d{1,2}/\d{1,2}\b")
#: What can only be a number to call.
_LONG_NUMBER = re.compile(r"\d[\d ]{3,}\d")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What an entry of the staff says; None where it says nothing. Wall times at the venue.

    `doubt` is a number that nothing could be made of: better to ask than to book something else.
    """

    party_size: int | None = None
    date: dt.date | None = None
    time: dt.time | None = None
    time_to: dt.time | None = None
    name: str | None = None
    request: str | None = None
    doubt: str | None = None


def read_entry(text: str, context: Context, *, languages: Sequence[str]) -> Entry:
    """Read an entry, or what can be found of one.

    Args:
        text: as it was typed, without a phone number.
        context: the clock and hours of the venue.
        languages: that hosts may mix; of their readings the fullest counts.

    """
    text = " ".join(text.split())
    if _CLOCK.search(text):  # else a dot may stand in the only time
        text = _DOTTED.sub(r"\1/\2", text)
    spoken = [load(code) for code in languages]
    known = frozenset(word for language in spoken for word in language.lexicon.entries)
    readings = [_read(text, context, language, known) for language in spoken]
    entry = max(readings, key=_fullness)
    days = _SLASHED.findall(text)
    return replace(entry, doubt=days[0]) if days and entry.date is None else entry


def _read(text: str, context: Context, language: Language, known: AbstractSet[str]) -> Entry:
    message = in_language(text, context, language)
    reading = refined(message)
    name, rest = _name(message, known)
    long = _LONG_NUMBER.search(rest)
    return Entry(
        party_size=reading.party_size,
        date=reading.date,
        time=reading.time,
        time_to=reading.time_to,
        name=reading.name or name,
        request=rest or None,
        doubt=long[0].strip() if long else None,
    )


def _fullness(entry: Entry) -> tuple[int, bool, int]:
    slots = (entry.party_size, entry.date, entry.time)
    said = len(entry.name or "") + len(entry.request or "")
    return sum(slot is not None for slot in slots), not entry.doubt, -said


def _name(message: Message, known: AbstractSet[str]) -> tuple[str | None, str]:
    """The name, and what stands behind or around it."""
    spans = _unread(message)
    words = [at for span in spans for at in range(*span) if message.tokens[at].kind is Kind.WORD]
    first = next((at for at in words if _is_capital(message, at)), None)
    is_plain = first is None  # typed in a hurry: the first words that no rule knows
    if first is None:
        first = next((at for at in words if message.tokens[at].text not in known), None)
    run = next((s for s in spans if first is not None and s[0] <= first < s[1]), None)
    if first is None or run is None:
        return None, _joined(message, spans)
    last = _end(message, first, run[1])
    if is_plain:
        last = _end_of_plain(message, first, run[1], known)
    first = first if is_plain else _start(message, first, run[0])
    around = [span for span in spans if span != run]
    return message.words(first, last), _joined(message, [*around, (last, run[1])])


def _joined(message: Message, spans: Sequence[Span]) -> str:
    texts = (message.words(*span).strip(_AROUND) for span in spans)
    return ", ".join(text for text in texts if len(text) > _SHORTEST)


def _start(message: Message, first: int, begin: int) -> int:
    """Where a name starts: at the small words before its first capital ("van der Berg")."""
    while first > begin and _is_particle(message, first - 1):
        first -= 1
    return first


def _end(message: Message, first: int, end: int) -> int:
    """Where a name ends: behind its last capital, over small words as in "Van der Berg"."""
    last = first + 1
    for at in range(last, end):
        if message.tokens[at].kind is Kind.WORD and _is_capital(message, at):
            last = at + 1
        elif not _is_particle(message, at):
            break
    return last


def _end_of_plain(message: Message, first: int, end: int, known: AbstractSet[str]) -> int:
    """Where a name without capitals ends: at a comma, or a word that means something here."""
    last = first + 1
    while last < end and message.tokens[last].kind is Kind.WORD:
        if message.tokens[last].text in known and not _is_particle(message, last):
            break
        last += 1
    return last


def _is_particle(message: Message, at: int) -> bool:
    token = message.tokens[at]
    return token.kind is Kind.WORD and len(token.text) <= _PARTICLE


def _is_capital(message: Message, at: int) -> bool:
    return message.text[message.tokens[at].start].isupper()


def _unread(message: Message) -> list[Span]:
    """The runs of tokens that no value has taken, and no cue but those of wishes."""
    cues = (cue for cue in message.cues if cue.name != "wish")
    found = (match for match in message.found if not _is_title(message, match))
    taken = {i for match in (*found, *cues) for i in range(match.start, match.end)}
    spans: list[Span] = []
    for at, token in enumerate(message.tokens):
        if at in taken or token.kind is Kind.STOP:
            continue
        if spans and spans[-1][1] == at:
            spans[-1] = (spans[-1][0], at + 1)
        else:
            spans.append((at, at + 1))
    return spans


def _is_title(message: Message, match: Match) -> bool:
    """Tell whether a match is nothing but words that stand before names ("Mr Brown")."""
    words = message.tokens[match.start : match.end]
    return type(match.value) is Noise and all(token.kind is Kind.WORD for token in words)
