"""In which language a message is written."""

from conversations.language import Language, available, load
from conversations.lexer import Kind, Token, tokens
from conversations.reading import Asked, Context

#: so many more known words it takes to leave the guest's language
_CLEARLY = 2


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
    score = _known(words, language)
    is_guests = language.code == context.language
    if not words or (is_guests and score == len(words)):
        return language
    best, best_score = language, score
    for code in available():
        other = load(code)
        its_words = _words(text, other)
        its_score = _known(its_words, other)
        if its_score > best_score and _says_something(its_words, other, language):
            best, best_score = other, its_score
    partly = score > 0 and best_score < len(words)
    gain = _CLEARLY if partly or context.asked is Asked.NAME else 1
    return best if not is_guests or best_score >= score + gain else language


def _words(text: str, language: Language) -> list[str]:
    cut = tokens(text, elides=language.elides)
    return [token.text for token in cut if token.kind is Kind.WORD]


def _known(words: list[str], language: Language) -> int:
    return sum(word in language.words for word in words)


def _says_something(words: list[str], language: Language, other: Language) -> bool:
    """Tell whether a rule knows one of the words that mean nothing in the other language.

    Names and foreign words that are merely frequent do not tell a language.
    """
    return any(w in language.lexicon.entries and w not in other.words for w in words)
