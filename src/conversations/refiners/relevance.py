"""Whether a message is about a visit at all, or its numbers and days about something else."""

from conversations.lexer import Kind
from conversations.parsers.findings import Figure, Noise, Party
from conversations.refiners.message import Message

#: who says any of these wants a table, or has one
WANTS_TABLE = frozenset({"book", "one_more", "seek", "change", "cancel", "holds", "waitlist"})
#: any of these cues is about a booking, and so may the values beside it be
BOOKS = WANTS_TABLE | {"booking", "lookup"}
#: and these may be
_MAY_BOOK = BOOKS | {"amend", "agree", "refuse", "wish"}
_SAY_LITTLE = frozenset({"polite", "thanks", "greeting", "joint", "correct", "hesitate"})
_SAY_LITTLE |= {"either", "name_lead"}
_NO_VALUES = (Figure, Noise)
#: so many words that no rule explains, and as many as those explained, tell of another matter
_MANY = 5
#: so many of them are not even among the frequent words of the language
_STRANGE = 1


def numbers_are_foreign(message: Message) -> bool:
    """Tell whether bare numbers count something else: there is no other sign of a booking.

    Then nothing is known, asked or offered, and the message has words that no rule explains
    ("3 cheese ravioli", "I'd give it 4 out of 5").
    """
    if any(type(match.value) not in _NO_VALUES for match in message.found):
        return False
    if message.in_progress or message.says & _MAY_BOOK:
        return not message.in_progress and _asks_something(message)
    told = (*message.found, *(cue for cue in message.cues if cue.name in _SAY_LITTLE))
    explained = {i for match in told for i in range(match.start, match.end)}
    words = {i for i, token in enumerate(message.tokens) if token.kind is Kind.WORD}
    return not words <= explained


def _asks_something(message: Message) -> bool:
    """Tell whether a guest only wants to know something ("do you have highchairs? 2 of them")."""
    asked = (cue.value for cue in message.told("ask"))
    asks = "ask_address" in message.says or any({"topic", "offers"} & cue.keys() for cue in asked)
    return asks and not message.says & BOOKS


def is_foreign(message: Message) -> bool:
    """Tell whether the whole message is about something else: "your parcel comes at 2 today".

    Most of it is not understood, and nobody in it asks for a table.
    """
    if message.in_progress or message.dines or message.says & _MAY_BOOK:
        return False
    if message.of(Party) or _says_for_whom(message):
        return False
    words = sum(token.kind is Kind.WORD for token in message.tokens)
    known = message.language.words
    strange = sum(message.tokens[at].text not in known for at in message.unread)
    return len(message.unread) >= max(_MANY, words / 2) and strange >= _STRANGE


def _says_for_whom(message: Message) -> bool:
    return any(
        figure.lead == "for" and match.end not in message.unread
        for match, figure in message.of(Figure)
    )
