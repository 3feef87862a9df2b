"""Cuts a message into tokens: knows letters, digits and marks, and no word of any language."""

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

#: A text is cut off here; nobody books a table in more words.
MAX_TOKENS = 400

_YEAR_DIGITS = 3
#: marks that say the same
_SAME_AS = {"\u2013": "-", "\u2014": "-", "(": ",", ")": ","}
#: stands for a dot that ends a sentence, so that it is no decimal point
FULL_STOP = "\u3002"
#: behind a number they make it an ordinal, with or without a dot ("1.º")
_ORDINAL_SIGNS = "\u00ba\u00aa\u00b0"
_SKIN_OR_VARIANT = re.compile("[\ufe0e\ufe0f\u200d\U0001f3fb-\U0001f3ff]")
QUOTES = "'\u2019\u2018`\u00b4\"\u201d"
_PHONE = r"""
    \+\d[\d\ ./()-]{5,}\d                        # +39 02 1234 567
  | \(?\b0\d{1,4}\)?[\ /.-]?\d{5,}               # 02 1234567
  | \b0\d{2,4}(?:[\ /-]\d{2,4}){2,4}\b           # 07700 900 123
  | \b0\d(?:[\ .-]\d\d){4}\b                     # 06 12 34 56 78
  | \b0\d{1,2}(?:[\ .-]\d{3,4}){2}\b            # 02 8646 1234
  | \b0\d{1,3}[\ /]\d{2,3}(?:[\ .]\d\d){2}\b     # 0471/23.45.67, 02 123 45 67
  | \(?\b\d{3}\)?[\ .-]?\d{3}[\ .-]\d{4}\b       # (212) 555-0101
  | \b\d{3}-\d{4}\b                              # 555-0101
  | \b\d{3}(?:[\ .-]\d{2,3}){3}\b                # 333 12 34 567
  | \b\d{3}[\ .-]\d{3}[\ .-]\d{3}\b              # 612 345 678
  | \b\d{2}[\ .-]\d{3}(?:[\ .-]\d{2}){2}\b       # 91 123 45 67
  | \b\d{3,4}[\ .-]?\d{6,}                       # 333 1234567
  | \d{7,}
"""
_PIECES = rf"""
    (?P<link>https?://\S+ | www\.\S+ | (?<!\w)[^\W\d_][\w.-]{{0,60}}\.[a-z]{{2,4}}/\w\S*
        | [\w.+-]+@[^\W\d_][\w-]*\.[^\W\d_]{{2,}}[\w.]*) |
    (?P<number>\d+) | (?P<word>[^\W\d_]+(?:[{QUOTES}][^\W\d_]+)*) | (?P<mark>[^\s])
"""
_TOKEN = re.compile(_PIECES, re.VERBOSE)
_TOKEN_OR_PHONE = re.compile(
    rf"(?P<phone>(?<![\d/:.])(?=[+(]?\d)(?:{_PHONE})(?![\d:])) | {_PIECES}", re.VERBOSE
)
_MANY_DIGITS = re.compile(r"(?:\d[ ./()-]*){7}")


class Kind(IntEnum):
    """What a token is made of."""

    WORD = 0
    NUMBER = 1
    MARK = 2
    STOP = 3
    NOISE = 4


_KINDS = {"word": Kind.WORD, "number": Kind.NUMBER, "mark": Kind.MARK, "phone": Kind.NOISE}
_KINDS["link"] = Kind.NOISE


class Token(NamedTuple):
    """A piece of the message.

    `text` is the normalised form: lower case, no accents, no apostrophes. `start` and `end` are
    offsets in the text that was cut. `glued` says that nothing stood before it.
    """

    text: str
    kind: Kind
    start: int
    end: int
    glued: bool


class Style(NamedTuple):
    """How a language is written.

    `elides`: an apostrophe ends a word (Italian "dell'8"), instead of being left out (English
    "o'clock"). `dotted`: a dot makes a number an ordinal (German "am 5. Mai"), and ends nothing.
    """

    elides: bool = False
    dotted: bool = False


@lru_cache(maxsize=4096)
def fold(word: str) -> str:
    """Give a word in lower case, without accents, ligatures and apostrophes."""
    if not word.isascii():
        word = unicodedata.normalize("NFD", word.casefold())
        word = "".join(c for c in word if not unicodedata.combining(c))
    return word.lower().translate(_PLAIN_LETTERS)


#: phones put a ligature where the files have two letters ("sœur")
_PLAIN_LETTERS = {**dict.fromkeys(map(ord, QUOTES)), ord("œ"): "oe", ord("æ"): "ae"}
_AT_QUOTES = re.compile(f"[{QUOTES}]")


def composed(text: str) -> str:
    """Give the text in composed form (NFC), so that a letter and its accent are one character."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


#: Neither.
PLAIN = Style()


def tokens(text: str, style: Style = PLAIN) -> list[Token]:
    """Cut a text, which must be in composed form, into tokens."""
    found: list[Token] = []
    end_before = -1
    pattern = _TOKEN_OR_PHONE if _MANY_DIGITS.search(text) else _TOKEN
    for match in pattern.finditer(text):
        start, end = match.span()
        piece, kind, glued = match[0], _KINDS[match.lastgroup or ""], start == end_before
        if piece.isalpha():
            found.append(Token(fold(piece), kind, start, end, glued))
        elif kind is Kind.NUMBER or kind is Kind.NOISE:
            found.append(Token(piece, kind, start, end, glued))
        else:
            found += _pieces(piece, kind, start, glued=glued, elides=style.elides)
        end_before = end
        if len(found) >= MAX_TOKENS:
            break
    return _punctuated(found, dotted=style.dotted)


def words(text: str, style: Style = PLAIN) -> list[str]:
    """Give the normalised pieces of a text, in a moment when they are all letters."""
    cut = text.split()
    if all(map(str.isalpha, cut)):
        return list(map(fold, cut))
    return [token.text for token in tokens(text, style)]


def _pieces(piece: str, kind: Kind, start: int, *, glued: bool, elides: bool) -> list[Token]:
    """Give the tokens of a mark or of a word with an apostrophe, which may be none or several."""
    end = start + len(piece)
    if kind is Kind.MARK:
        silent = piece in QUOTES or _SKIN_OR_VARIANT.match(piece)
        return [] if silent else [Token(piece, kind, start, end, glued)]
    if not elides:
        return [Token(fold(piece), kind, start, end, glued)]
    parts = []
    for part in _AT_QUOTES.split(piece):
        parts.append(Token(fold(part), kind, start, start + len(part), glued))
        start += len(part) + 1
        glued = True
    return parts


def _punctuated(found: list[Token], *, dotted: bool) -> list[Token]:
    """Tell stops from decimal points, and leave out hyphens in words and dots of short forms."""
    marks = [i for i, t in enumerate(found) if t.kind is Kind.MARK]
    if not marks:
        return found
    kept: list[Token | None] = list(found)
    for i in marks:
        token = found[i]
        before = found[i - 1] if i else None
        after = found[i + 1] if i + 1 < len(found) else None
        if token.text == "-":
            kept[i] = token if _is_dash(before, token, after) else None
        elif token.text == ".":
            if dotted and _is_in_date(found, i):
                continue
            is_ordinal = dotted and _is_ordinal(before, token, after)
            kept[i] = None if is_ordinal else _dot(before, token, after)
        elif token.text in "!?;\u2026":
            kept[i] = token._replace(kind=Kind.STOP)
        elif token.text in _SAME_AS:
            kept[i] = token._replace(text=_SAME_AS[token.text])
    return [token for token in kept if token is not None]


def _is_dash(before: Token | None, token: Token, after: Token | None) -> bool:
    """Tell whether a hyphen separates ("7 - 9", "pm-9") or joins ("twenty-one", "4-seater")."""
    joins = token.glued and after is not None and after.glued and after.kind is Kind.WORD
    return not (joins and before is not None and before.kind in (Kind.WORD, Kind.NUMBER))


def _is_ordinal(before: Token | None, token: Token, after: Token | None) -> bool:
    """Tell whether a dot belongs to the number before it ("5. Mai"), and more is said."""
    counts = before is not None and before.kind is Kind.NUMBER and len(before.text) < _YEAR_DIGITS
    return counts and token.glued and after is not None and after.kind is Kind.WORD


def _is_in_date(found: list[Token], at: int) -> bool:
    """Tell whether a dot is one of the two of a date ("10.12.", "5. 4. um 19 Uhr")."""
    return any(
        start >= 0 and len(found) > start + 3 and _is_dotted_pair(found[start : start + 4])
        for start in (at - 1, at - 3)
    )


def _is_dotted_pair(four: list[Token]) -> bool:
    """Tell whether these are two numbers of a day and a month, each with its dot."""
    numbers = all(t.kind is Kind.NUMBER and len(t.text) < _YEAR_DIGITS for t in four[::2])
    return numbers and all(t.text == "." and t.glued for t in four[1::2])


def _dot(before: Token | None, token: Token, after: Token | None) -> Token | None:
    """Give the decimal point, the full stop, or nothing after a short form ("p.m.", "Sep. 20")."""
    counts_on = after is not None and after.kind is Kind.NUMBER
    if before is not None and before.kind is Kind.NUMBER and counts_on:
        glued = token.glued and after is not None and after.glued
        return token if glued else _full_stop(token)
    if after is not None and after.glued and after.text in _ORDINAL_SIGNS:
        return None
    short = (
        before is not None
        and before.kind is Kind.WORD
        and (len(before.text) == 1 or (token.glued and counts_on))
    )
    return None if short else _full_stop(token)


def _full_stop(token: Token) -> Token:
    """Mark a dot as the end of a sentence, which no decimal point looks like."""
    return token._replace(text=FULL_STOP, kind=Kind.STOP)
