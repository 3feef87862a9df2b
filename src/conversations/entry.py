"""Reads what a host types into the book: "4 sat 19:30 Rossi, window".

Party size, date and time as understanding reads them; the first words that are none of those are
the name, as hosts write it, and what follows is the request.
"""

import datetime as dt
from dataclasses import dataclass

from conversations.lexer import Kind
from conversations.reading import Context
from conversations.refiners.message import Message
from conversations.understanding import parsed, refined

Span = tuple[int, int]

#: Fewer letters left over say nothing.
_SHORTEST = 3
#: The longest small word within a name ("della").
_PARTICLE = 5
_AROUND = " ,;.-()"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What an entry of the staff says; None where it says nothing. Wall times at the venue."""

    party_size: int | None = None
    date: dt.date | None = None
    time: dt.time | None = None
    time_to: dt.time | None = None
    name: str | None = None
    request: str | None = None


def read_entry(text: str, context: Context) -> Entry:
    """Read an entry, or what can be found of one.

    Args:
        text: as it was typed, without a phone number.
        context: the clock, hours and language of the venue.

    """
    message = parsed(text, context).message
    reading = refined(message)
    name, rest = _name(message)
    return Entry(
        party_size=reading.party_size,
        date=reading.date,
        time=reading.time,
        time_to=reading.time_to,
        name=reading.name or name,
        request=rest or None,
    )


def _name(message: Message) -> tuple[str | None, str]:
    """The name, and what stands behind or around it."""
    spans = _unread(message)
    words = [at for span in spans for at in range(*span) if message.tokens[at].kind is Kind.WORD]
    first = next((at for at in words if _is_capital(message, at)), None)
    if first is None:  # typed in a hurry: the first word that no rule knows
        known = message.language.lexicon.entries
        first = next((at for at in words if message.tokens[at].text not in known), None)
    if first is None:
        return None, ""
    run = next(span for span in spans if span[0] <= first < span[1])
    last = _end_of_name(message, first, run[1])
    around = [span for span in spans if span != run]
    texts = (message.words(*span).strip(_AROUND) for span in (*around, (last, run[1])))
    return message.words(first, last), ", ".join(text for text in texts if len(text) > _SHORTEST)


def _end_of_name(message: Message, first: int, end: int) -> int:
    """Where a name ends: behind its last capital, over short words as in "Van der Berg"."""
    last = first + 1
    if not _is_capital(message, first):
        return last
    for at in range(last, end):
        token = message.tokens[at]
        if token.kind is Kind.WORD and _is_capital(message, at):
            last = at + 1
        elif token.kind is not Kind.WORD or len(token.text) > _PARTICLE:
            break
    return last


def _is_capital(message: Message, at: int) -> bool:
    return message.text[message.tokens[at].start].isupper()


def _unread(message: Message) -> list[Span]:
    """The runs of tokens that no value has taken, and no cue but those of wishes."""
    cues = (cue for cue in message.cues if cue.name != "wish")
    taken = {i for match in (*message.found, *cues) for i in range(match.start, match.end)}
    spans: list[Span] = []
    for at, token in enumerate(message.tokens):
        if at in taken or token.kind is Kind.STOP:
            continue
        if spans and spans[-1][1] == at:
            spans[-1] = (spans[-1][0], at + 1)
        else:
            spans.append((at, at + 1))
    return spans
