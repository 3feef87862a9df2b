"""Days and persons said in another language than the rest: "un tavolo for 2 people tomorrow"."""

from functools import lru_cache
from typing import Any

from conversations.language import Language, available, load, printed
from conversations.lexer import Kind, Token

#: what guests mix in, and how long a word of it is at least; numbers are names too often (Otto)
_MIXED_IN = {
    "{weekday}": 4,
    "{relative_day}": 4,
    "{day_part}": 4,
    "{month}": 4,
    "<people>": 5,
    "<for>": 3,
}
_REMEMBERED = 4096

_Pairs = list[tuple[str, Any]]


def borrowed(cut: list[Token], language: Language) -> dict[str, _Pairs]:
    """Give what words unknown to a language mean in others, when they are of days or persons.

    Args:
        cut: the tokens of a message.
        language: the one that it is read in.

    """
    known = language.words
    strange = (t.text for t in cut if t.kind is Kind.WORD and t.text not in known)
    found = {word: _meaning(word) for word in strange}
    return {word: pairs for word, pairs in found.items() if pairs}


@lru_cache(maxsize=_REMEMBERED)
def _meaning(word: str) -> _Pairs:
    """Give what a word means in the first language where it is of a day or of persons."""
    for code in available():
        if word in printed(code):
            pairs = [pair for pair in load(code).lexicon.entries.get(word, []) if _fits(word, pair)]
            if pairs:
                return pairs[:1]  # "mañana" is rather tomorrow than the morning
    return []


def _fits(word: str, pair: tuple[str, Any]) -> bool:
    shortest = _MIXED_IN.get(pair[0])
    return shortest is not None and len(word) >= shortest
