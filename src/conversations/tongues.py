"""In which language a message is written."""

import math
from functools import partial

from conversations.language import Language, available, load, printed
from conversations.lexer import Kind, Style, Token, tokens
from conversations.reading import Asked, Context

#: so many more known words it takes to leave the guest's language
_CLEARLY = 2
_SHORTEST = 3
#: how much more a word counts that stands in a file often
_OFTEN = 0.3
#: what a word is that says nothing
_SILENT = [("<polite>", None)]


def first(context: Context) -> Language:
    """Give the language to begin with: the guest's, or any."""
    codes = available()
    return load(context.language if context.language in codes else codes[0])


def told(text: str, cut: list[Token], language: Language, context: Context) -> Language:
    """Give the language of a message: the one to begin with unless the words clearly differ.

    Args:
        text: the message, composed.
        cut: its tokens in that language.
        language: the one to begin with.
        context: says whether the guest's language is known, and whether a name is expected.

    """
    words = [token.text for token in cut if token.kind is Kind.WORD]
    is_guests = language.code == context.language
    if not words or (is_guests and all(word in language.words for word in words)):
        return language
    score = _known(words, language)
    best, best_score, best_worth = language, score, _worth(words, language)
    cuts = [_words(text, style) for style in (Style(), Style(elides=True))]
    for code in available():
        if max(map(partial(_at_most, code), cuts)) <= best_worth:
            continue
        other = load(code)
        its_words = _words(text, other.style)
        worth = _worth(its_words, other)
        if worth > best_worth and _says_something(
            its_words, other, than=language, to=context.language
        ):
            best, best_score, best_worth = other, _known(its_words, other), worth
    partly = score > 0 and best_score < sum(map(_tells, words))
    gain = _CLEARLY if partly or context.asked is Asked.NAME else 1
    return best if not is_guests or best_score >= score + gain else language


def _words(text: str, style: Style) -> list[str]:
    return [token.text for token in tokens(text, style) if token.kind is Kind.WORD]


def _known(words: list[str], language: Language) -> int:
    return sum(_tells(word) and word in language.words for word in words)


def _tells(word: str) -> bool:
    """Tell whether a word is long enough to be of one language: "do", "se" and "to" are of many."""
    return len(word) >= _SHORTEST


def _worth(words: list[str], language: Language) -> float:
    """Weigh the words that a language knows, those more that stand in its file often.

    A foreign thanks stands there once.
    """
    return sum(_weight(word, language.code) for word in words if word in language.words)


def _at_most(code: str, words: list[str]) -> float:
    """Give what words can be worth in a language, without loading it."""
    return sum(_weight(word, code) for word in words if word in printed(code))


def _weight(word: str, code: str) -> float:
    return 1 + _OFTEN * math.log1p(printed(code).get(word, 0))


def _says_something(
    words: list[str], language: Language, *, than: Language, to: str | None
) -> bool:
    """Tell whether a rule knows one of the words that mean nothing in the other language.

    Names and foreign words that are merely frequent do not tell a language, nor do laughs when the
    guest's is known.
    """
    known = language.lexicon.entries
    own = (word for word in words if word in known and word not in than.words)
    return any(to != than.code or known[word] != _SILENT for word in own)
