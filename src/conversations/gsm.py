"""Text as a text message: folded to the GSM 7-bit alphabet, and counted in segments.

One character outside the alphabet makes the whole message cost more than twice as much, so what
has a look-alike inside is folded to it (3GPP TS 23.038; a segment has 160 septets, 153 when there
are several, or 70 and 67 UTF-16 units).
"""

import unicodedata

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")  # an escape comes before each of these
_LOOK_ALIKES = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u0060\u00b4\u02bc", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00b7\u2022", "-"),
        **dict.fromkeys("\u00a0\u2009\u200a\u202f\u2007\t", " "),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\ufe0f", ""),
        "\u2026": "...",
        "\u00d7": "x",
        "\u0142": "l",
        "\u0141": "L",
        "\u0111": "d",
        "\u0110": "D",
        "\u0131": "i",
        "\u0153": "oe",
        "\u0152": "OE",
        "\u00fe": "th",
        "\u00de": "Th",
        "\u00d0": "D",
        "\u00f0": "d",
        "\u00ba": "o",
        "\u00aa": "a",
        "\u00b0": "o",
    }
)


def fold(text: str) -> str:
    """The text within the GSM alphabet; what has no look-alike there is left out."""
    folded = (_fold_one(character) for character in text.translate(_LOOK_ALIKES))
    return "".join(folded)


def segments(text: str) -> int:
    """How many segments a text costs when it is sent as it is."""
    if all(c in _BASIC or c in _EXTENDED for c in text):
        return _parts(sum(2 if c in _EXTENDED else 1 for c in text), 160, 153)
    return _parts(len(text.encode("utf-16-le")) // 2, 70, 67)


def _parts(length: int, single: int, each: int) -> int:
    return 1 if length <= single else -(-length // each)


def _fold_one(character: str) -> str:
    if character in _BASIC or character in _EXTENDED:
        return character
    decomposed = unicodedata.normalize("NFKD", character)
    return "".join(c for c in decomposed if c in _BASIC)
