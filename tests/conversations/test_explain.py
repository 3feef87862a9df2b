"""An explanation tells tokens, who took what, what was dropped, and the reading."""

from datetime import datetime

from conversations.explain import explain
from conversations.reading import Context


def test_an_explanation_shows_what_was_taken_and_what_was_dropped() -> None:
    context = Context(now=datetime(2026, 5, 13, 10), language="en")  # noqa: DTZ001 - wall time

    lines = explain("cancel the table for 2 hours", context).splitlines()

    assert lines[0] == ("tokens  cancel/word the/word table/word for/word 2/number hours/word")
    assert any(line.startswith("value   3-6 noise: 'for 2 hours'") for line in lines)
    assert any(line.startswith("cue     0-3 cancel: 'cancel the table'") for line in lines)
    assert any(line.startswith("drop    3-5 figure: 'for 2'") for line in lines)
    assert lines[-1] == "reading {'lang': 'en', 'intent': 'cancel'}"
