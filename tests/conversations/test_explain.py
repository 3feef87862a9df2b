"""An explanation tells tokens, who took what, what was dropped, and the reading."""

from datetime import datetime

from conversations.explain import explain, explained
from conversations.reading import Context


def test_an_explanation_shows_what_was_taken_and_what_was_dropped() -> None:
    context = Context(now=datetime(2026, 5, 13, 10), language="en")  # noqa: DTZ001 - wall time

    lines = explain("cancel the table for 2 hours", context).splitlines()

    assert lines[0] == ("tokens  cancel/word the/word table/word for/word 2/number hours/word")
    assert any(line.startswith("value   3-6 noise: 'for 2 hours'") for line in lines)
    assert any(line.startswith("cue     0-3 cancel: 'cancel the table'") for line in lines)
    dropped = next(line for line in lines if line.startswith("drop    3-5 figure: 'for 2'"))
    assert dropped.endswith("; for 3-6 noise")
    assert lines[-1] == "reading {'lang': 'en', 'intent': 'cancel'}"


def test_words_that_no_rule_took_are_named() -> None:
    context = Context(now=datetime(2026, 5, 13, 10), language="en")  # noqa: DTZ001 - wall time

    assert "unread  xylophone zebra" in explain("xylophone zebra for 4", context).splitlines()


def test_a_line_of_json_is_explained_in_its_context() -> None:
    line = '{"text": "4", "now": "2026-05-13T10:00", "lang": "en", "asked": "party_size"}'

    assert explained(line).endswith("{'lang': 'en', 'intent': 'book', 'party_size': 4}")
    assert explained('{"text": 4}') == "error   text: a text is needed"
