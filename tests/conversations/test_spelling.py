"""Slips are repaired on closed vocabularies only."""

import pytest

from conversations.language import load
from conversations.lexer import tokens


def repaired(text: str, code: str = "en") -> list[str]:
    language = load(code)
    cut = tokens(text, language.style)
    return [token.text for token in language.spelling.repaired(cut)]


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("wendesday", "wednesday"),
        ("satuday", "saturday"),
        ("reservatoin", "reservation"),
        ("birthdya", "birthday"),
        ("peolpe", "people"),
        ("tonigth", "tonight"),
    ],
)
def test_a_slip_is_repaired(slip: str, meant: str) -> None:
    assert repaired(slip) == [meant]


def test_slips_in_other_languages_are_repaired_too() -> None:
    assert repaired("prenotazine persne sabbato", "it") == ["prenotazione", "persone", "sabato"]
    assert repaired("resrevation personens vendrdi", "fr") == [
        "reservation",
        "personnes",
        "vendredi",
    ]


def test_dutch_slips_are_repaired_and_compounds_cut() -> None:
    assert repaired("reservaite prsonen vrijdagavond", "nl") == [
        "reservatie",
        "personen",
        "vrijdag",
        "avond",
    ]


def test_german_compounds_are_cut_and_its_slips_repaired() -> None:
    assert repaired("freitagabend", "de") == ["freitag", "abend"]
    assert repaired("naechsten samsatg", "de") == ["naechsten", "samstag"]


@pytest.mark.parametrize(
    "word", ["there", "where", "house", "Martin", "Marco", "eastern", "menu", "xyzzy", "thre3"]
)
def test_other_words_and_names_stay_as_they_are(word: str) -> None:
    assert repaired(word) == [token.text for token in tokens(word)]


def test_short_words_are_left_alone() -> None:
    assert repaired("thu mob fir") == ["thu", "mob", "fir"]


def test_run_together_words_are_cut_and_keep_their_place() -> None:
    language = load("en")
    text = "so tomorrownight"

    cut = language.spelling.repaired(tokens(text))

    assert [t.text for t in cut] == ["so", "tomorrow", "night"]
    assert [text[t.start : t.end] for t in cut] == ["so", "tomorrow", "night"]
