"""The language of a message follows its words, and does not flip on little."""

from datetime import datetime

import pytest

from conversations.language import available
from conversations.reading import Asked, Context
from conversations.understanding import understand

NOW = datetime(2026, 5, 13, 10)  # noqa: DTZ001 - wall time


def language_of(text: str, known: str | None, asked: Asked | None = None) -> str:
    return understand(text, Context(now=NOW, language=known, asked=asked)).language


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a table for four tomorrow please", "en"),
        ("un tavolo per quattro domani per favore", "it"),
        ("vorrei prenotare per sabato", "it"),
        ("can we come on saturday?", "en"),
        ("grazie mille", "it"),
        ("queria uma mesa para quatro amanh\u00e3", "pt"),
        ("tem mesa pra hoje?", "pt"),
        ("muito obrigado", "pt"),
        ("een tafel voor vier morgen alstublieft", "nl"),
        ("kunnen we zaterdag komen?", "nl"),
        ("une table pour quatre demain s'il vous plaît", "fr"),
        ("je voudrais réserver pour samedi", "fr"),
        ("merci beaucoup", "fr"),
        ("ein Tisch für vier morgen Abend bitte", "de"),
        ("wir möchten am Samstag reservieren", "de"),
        ("vielen Dank", "de"),
        ("una mesa para cuatro ma\u00f1ana por favor", "es"),
        ("quer\u00eda reservar para el s\u00e1bado", "es"),
    ],
)
def test_the_words_tell_the_language(text: str, told: str) -> None:
    assert language_of(text, None) == told


@pytest.mark.parametrize(
    "text", ["ok", "4", "20:30", "👍", "Rossi", "Giuseppe Verdi", "no", "ciao"]
)
@pytest.mark.parametrize("known", available())
def test_the_known_language_stays_on_an_ok_a_name_or_a_number(text: str, known: str) -> None:
    assert language_of(text, known) == known


@pytest.mark.parametrize(
    ("text", "known", "told"),
    [
        ("vorrei un tavolo per due domani sera", "en", "it"),
        ("I would like a table for two tomorrow evening", "it", "en"),
        ("domani", "en", "it"),
        ("queria uma mesa para duas pessoas", "en", "pt"),
        ("I would like a table for two tomorrow evening", "pt", "en"),
        ("overmorgen", "en", "nl"),
        ("ik wil graag een tafel voor twee morgen", "en", "nl"),
        ("une table pour deux demain soir", "en", "fr"),
        ("une table pour deux demain soir", "it", "fr"),
        ("un tavolo per due domani sera", "fr", "it"),
        ("ich hätte gern einen Tisch für zwei", "en", "de"),
        ("a table for two tomorrow evening please", "de", "en"),
    ],
)
def test_another_language_is_read_in_that_language(text: str, known: str, told: str) -> None:
    assert language_of(text, known) == told


def test_a_name_that_was_asked_for_changes_no_language() -> None:
    assert language_of("Domenica", "en", Asked.NAME) == "en"


def test_a_language_that_is_not_available_is_no_obstacle() -> None:
    assert language_of("a table for four tomorrow please", "xx") == "en"
