"""One contract for all languages, checked when a file is loaded."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from conversations import language
from conversations.classes import CLASSES
from conversations.language import LanguageError, available, build, load
from conversations.parsers import PHENOMENA

Change = Callable[[dict[str, Any]], object]


def changed(change: Change) -> dict[str, Any]:
    data = copy.deepcopy(dict(language.read("en")))
    change(data)
    return data


def test_all_seven_languages_are_available() -> None:
    assert available() == ("en", "de", "es", "fr", "it", "nl", "pt")


@pytest.mark.parametrize("code", available())
def test_every_language_has_all_classes_and_all_phenomena(code: str) -> None:
    data = language.read(code)

    assert set(data["classes"]) == set(CLASSES)
    assert set(data["rules"]) == set(PHENOMENA)


@pytest.mark.parametrize("code", available())
def test_every_phenomenon_and_every_class_has_words(code: str) -> None:
    data = language.read(code)

    assert all(data["rules"].values())
    assert all(data["classes"].values())


def test_a_language_is_loaded_once() -> None:
    assert load("en") is load("en")


def test_a_language_without_a_file_is_refused_by_name() -> None:
    with pytest.raises(LanguageError, match="there is no such file"):
        load("xx")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda d: d.pop("common"), "common: is missing"),
        (lambda d: d.update(tone="formal"), "tone: is unknown"),
        (lambda d: d["classes"].pop("weekday"), "classes.weekday: is missing"),
        (lambda d: d["classes"].update(colour={1: "red"}), "classes.colour: is unknown"),
        (lambda d: d["classes"]["weekday"].update({7: "funday"}), "classes.weekday: a number from"),
        (lambda d: d["classes"]["month"].update({1: True}), "classes.month: 1: phrases are text"),
        (lambda d: d["classes"]["month"].update({1: "'"}), 'classes.month: "\'" has no word'),
        (lambda d: d["classes"]["day_part"].update(dusk="dusk"), "classes.day_part: one of"),
        (lambda d: d["classes"]["holiday"].update({"13th": "x"}), "classes.holiday: no rule"),
        (
            lambda d: d["classes"]["relative_day"].update({"0 dusk": "x"}),
            "classes.relative_day: da",
        ),
        (lambda d: d["rules"].pop("party"), "rules.party: is missing"),
        (lambda d: d["rules"].update(weather="sunny"), "rules.weather: is unknown"),
        (lambda d: d["rules"].update(window="{time} {tyme}"), "rules.window: {tyme} is no slot"),
        (lambda d: d["rules"].update(window="{weekday}"), "{weekday} is no slot of it"),
        (lambda d: d["rules"].update(window="[{time}]"), "every part is optional"),
        (
            lambda d: d["rules"].update(
                window="{time} [a] [b] [c] [d] [e] [f] [g] [h] [i] [j] [k]"
            ),
            "too many of its parts are optional",
        ),
        (lambda d: d["rules"].update(window="({time}"), "a bracket is not closed"),
        (lambda d: d["rules"].update(window="{time})"), "a bracket is closed that was not opened"),
        (lambda d: d["rules"].update(window="{time"), "a mark is not closed"),
        (lambda d: d["rules"].update(window=[{"say": "{time}", "fast": 1}]), "no constants of it"),
        (lambda d: d["rules"].update(window=[{"fixed": True}]), "templates are lines of text"),
        (lambda d: d["rules"].update(window="<nowhere> {time}"), "lists.nowhere: is missing"),
        (lambda d: d["lists"].update(spare="a, b"), "lists.spare: no rule uses it"),
        (lambda d: d["lists"].update(at=["at"]), "lists: at: phrases are text"),
    ],
)
def test_a_file_that_breaks_the_contract_is_refused_with_file_key_and_reason(
    change: Change, reason: str
) -> None:
    with pytest.raises(LanguageError, match=reason) as refusal:
        build("en", changed(change))

    assert str(refusal.value).startswith("languages/en/reading.yaml: ")


def test_a_new_word_in_the_file_is_all_that_a_new_word_needs() -> None:
    made = build("en", changed(lambda d: d["classes"]["weekday"].update({5: "caturday"})))

    assert made.lexicon.entries["caturday"] == [("{weekday}", 5)]
