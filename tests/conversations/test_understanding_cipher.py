"""The code knows no words: a language whose every word is ciphered reads ciphered sentences."""

import codecs
import re
import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from sentences import Sentence, sentences

from conversations import language
from conversations.borrowing import borrowed
from conversations.lexer import composed, tokens
from conversations.reading import Reading
from conversations.understanding import read

MARKS = re.compile(r"(\{\w+\}|<\w+>)")


def cipher(text: str) -> str:
    """Turn each letter into another one; digits, marks and emoji stay."""
    plain = unicodedata.normalize("NFD", text)
    return codecs.encode("".join(c for c in plain if not unicodedata.combining(c)), "rot13")


def ciphered_templates(given: Any) -> Any:
    if isinstance(given, list):
        return [ciphered_templates(block) for block in given]
    if isinstance(given, dict):
        return {k: ciphered_templates(v) if k == "say" else v for k, v in given.items()}
    return "".join(p if MARKS.fullmatch(p) else cipher(p) for p in MARKS.split(given))


def ciphered(code: str) -> language.Language:
    """Give a made-up language: the words of a real one, ciphered."""
    data = language.read(code)
    words = {c: {k: cipher(v) for k, v in values.items()} for c, values in data["classes"].items()}
    return language.build(
        "made up",
        {
            **data,
            "classes": words,
            "lists": {name: cipher(phrases) for name, phrases in data["lists"].items()},
            "rules": {name: ciphered_templates(given) for name, given in data["rules"].items()},
            "common": cipher(data["common"]),
        },
    )


def in_words(reading: Reading) -> Reading:
    """Give the reading of a plain sentence as that of the ciphered one should be."""
    return replace(
        reading,
        language="made up",
        name=reading.name and cipher(reading.name),
        request=reading.request and cipher(reading.request),
    )


def misread(sentence: Sentence, made_up: language.Language) -> bool:
    """Tell whether a ciphered sentence says something else than the plain one."""
    plain = read(sentence.text, sentence.context, language.load(sentence.language))
    return read(cipher(sentence.text), sentence.context, made_up) != in_words(plain)


def is_mixed(sentence: Sentence) -> bool:
    """Tell whether another language says something in a sentence, whose words are not ciphered."""
    plain = language.load(sentence.language)
    return bool(borrowed(tokens(composed(sentence.text), plain.style), plain))


@pytest.mark.parametrize("code", language.available())
def test_ciphered_sentences_are_read_like_the_plain_ones(code: str) -> None:
    made_up = ciphered(code)

    of_one = (each for each in sentences(code) if not is_mixed(each))
    assert [each.text for each in of_one if misread(each, made_up)] == []
