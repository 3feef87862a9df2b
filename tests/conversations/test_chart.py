"""Templates in a trie, walked along the chart of a message."""

from datetime import datetime
from typing import Any

import pytest

from conversations.chart import MAX_SPAN, Match, matches
from conversations.grammar import Grammar, Number, Phenomenon, Said, Slot
from conversations.lexer import Style, tokens
from conversations.lexicon import Lexicon
from conversations.reading import Context

SLOTS = {"number": Slot(("{number}",), 1, 9), "two": Slot(("{number}",), 0, 99, (2,))}
NOW = Context(now=datetime(2026, 5, 13, 10))  # noqa: DTZ001 - wall time


def said(given: Said, _context: Context) -> Any:
    return tuple(sorted(given.items()))


def doubled(given: Said, _context: Context) -> Number:
    return Number(given["number"] * 2)


COUNT = Phenomenon(said, slots=("number", "two"), constants=("fixed",))
TWICE = Phenomenon(doubled, slots=("number",), gives=("{number}",), rank=None)


def found(text: str, *templates: tuple[str, str, Phenomenon]) -> list[Match]:
    grammar = Grammar(SLOTS, Style())
    lexicon = Lexicon(grammar.root.next)
    for name, template, phenomenon in templates:
        grammar.add(template, name, phenomenon, {})
    for word in grammar.words:
        lexicon.add([word], [(word, None)])
    for symbol, phrases in grammar.groups.items():
        for phrase in phrases:
            lexicon.add(phrase.split(), [(symbol, None)])
    return matches(grammar.root, lexicon.chart(tokens(text)), NOW)


def spans(text: str, *templates: tuple[str, str, Phenomenon]) -> set[tuple[int, int, Any]]:
    return {(m.start, m.end, m.value) for m in found(text, *templates)}


def test_words_and_slots_match_where_they_stand() -> None:
    assert spans("for 4 or for 5", ("count", "for {number}", COUNT)) == {
        (0, 2, (("number", 4),)),
        (3, 5, (("number", 5),)),
    }


@pytest.mark.parametrize("text", ["for 4", "for us 4", "for you 4", "for all you 4"])
def test_alternatives_and_optional_parts_match(text: str) -> None:
    rule = ("count", "for [all] [us|you] {number}", COUNT)

    assert (("number", 4),) in {value for _, _, value in spans(text, rule)}


def test_alternatives_of_several_words_match_as_a_whole() -> None:
    rule = ("count", "(a few of|some) {number}", COUNT)

    assert spans("a few of 3", rule) == {(0, 4, (("number", 3),))}
    assert not spans("a few 3", rule)


def test_two_slots_of_a_kind_are_told_apart_by_a_digit() -> None:
    rule = ("count", "{number} to {number2}", COUNT)

    assert spans("2 to 4", rule) == {(0, 3, (("number", 2), ("number2", 4)))}


def test_a_number_out_of_range_or_with_other_digits_fills_no_slot() -> None:
    assert not spans("for 40", ("count", "for {number}", COUNT))
    assert not spans("at 5", ("count", "at {two}", COUNT))
    assert spans("at 05", ("count", "at {two}", COUNT))


def test_what_one_rule_finds_fills_a_slot_of_another() -> None:
    rules = (("twice", "twice {number}", TWICE), ("count", "for {number}", COUNT))

    assert (0, 3, (("number", 4),)) in spans("for twice 2", *rules)
    assert (0, 4, (("number", 8),)) in spans("for twice twice 2", *rules)


def test_a_rule_that_feeds_itself_comes_to_an_end() -> None:
    rule = ("twice", "{number}", Phenomenon(doubled, ("number",), gives=("{number}",), rank=None))

    assert {m.value for m in found("1", rule)} == {2, 4, 8, 16}


def test_no_match_is_longer_than_a_phrase_can_be() -> None:
    rules = (("twice", "twice {number}", TWICE), ("count", "for {number}", COUNT))

    assert all(m.end - m.start <= MAX_SPAN for m in found("twice " * 60 + "0 1", *rules))


def test_the_places_of_the_lexicon_do_not_remember_a_message() -> None:
    rules = (("twice", "twice {number}", TWICE), ("count", "for {number}", COUNT))
    grammar = Grammar(SLOTS, Style())
    lexicon = Lexicon(grammar.root.next)
    for name, template, phenomenon in rules:
        grammar.add(template, name, phenomenon, {})
    for word in grammar.words:
        lexicon.add([word], [(word, None)])

    def read(text: str) -> set[tuple[int, int, Any]]:
        walked = matches(grammar.root, lexicon.chart(tokens(text)), NOW)
        return {(m.start, m.end, m.value) for m in walked}

    before = read("for 3")
    read("for twice 3")

    assert read("for 3") == before
