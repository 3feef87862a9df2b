"""Every sentence of the language files reads as stated, in all its keys."""

import pytest
from sentences import Sentence, sentences

from conversations.explain import explain
from conversations.jsonl import as_json
from conversations.language import available
from conversations.understanding import understand

LEAST = 300
NEGATIVE = 0.2
VALUES = {"party_size", "date", "time", "time_to", "choice", "name", "request", "days"}
VALUES |= {"part_of_day", "ambiguous"}
#: So many misread sentences are explained; the others are named.
EXPLAINED = 5


def is_misread(sentence: Sentence) -> bool:
    return as_json(understand(sentence.text, sentence.context)) != sentence.reading


def told(sentence: Sentence) -> str:
    """Say what a sentence should have been, and how it was read."""
    explained = explain(sentence.text, sentence.context)
    return f"{sentence.text}\n{sentence.given}\nwanted  {sentence.reading}\n{explained}"


@pytest.mark.parametrize("language", available())
def test_the_sentences_of_a_language_are_read_as_stated(language: str) -> None:
    misread = list(filter(is_misread, sentences(language)))

    assert not misread, "\n\n".join(
        [*map(told, misread[:EXPLAINED]), *(each.text for each in misread[EXPLAINED:])]
    )


@pytest.mark.parametrize("language", available())
def test_a_language_has_enough_sentences_and_a_fifth_of_them_state_no_value(language: str) -> None:
    own = sentences(language)

    negatives = [s for s in own if not VALUES & s.reading.keys()]

    assert len(own) >= LEAST
    assert len(negatives) >= NEGATIVE * len(own)
