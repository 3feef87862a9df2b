"""What a guest may say by a command of the channel's menu: the same as in words."""

import re
from collections.abc import Sequence
from dataclasses import replace

from conversations.reading import Context, Intent, Reading, Topic
from conversations.understanding import understand

#: A command as Telegram writes it (Bot API, BotCommand); what stands behind it belongs to it.
COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
#: The answer of a button that chooses a language; its code follows.
LANGUAGE = "lang-"

_INTENTS = {
    "start": Intent.RESTART,
    "book": Intent.BOOK,
    "bookings": Intent.LOOKUP,
    "cancel": Intent.CANCEL,
    "waitlist": Intent.WAITLIST,
}
#: These go on in words: "/book 4 tomorrow at 8pm".
_WITH_WORDS = frozenset({Intent.BOOK, Intent.CANCEL, Intent.WAITLIST})


def read(text: str, context: Context, *, languages: Sequence[str]) -> Reading | None:
    """Read a command, or give None where there is none; an unknown one asks for help.

    Args:
        text: the message.
        context: what it is read against.
        languages: codes of those that the house speaks.

    """
    found = COMMAND.fullmatch(text.strip())
    if found is None:
        return None
    name, words = found[1].lower(), (found[2] or "").strip()
    language = context.language or languages[0]
    if name == "language":
        return wants_language(words.lower(), language, languages=languages)
    intent = _INTENTS.get(name)
    if intent is None:
        return Reading(intent=Intent.QUESTION, language=language, topic=Topic.HELP)
    if not words or intent not in _WITH_WORDS:
        return Reading(intent=intent, language=language, explicit=intent is Intent.BOOK)
    return replace(understand(words, context), intent=intent, explicit=intent is Intent.BOOK)


def wants_language(code: str, language: str, *, languages: Sequence[str]) -> Reading:
    """The wish to be answered in a language; one that the house does not speak is asked about."""
    if code in languages:
        return Reading(intent=Intent.OTHER, language=language, speaks=code)
    return Reading(intent=Intent.QUESTION, language=language, topic=Topic.LANGUAGE)
