"""Every sentence of the language files reads as stated, in all its keys."""

import pytest
from sentences import Sentence, sentences

from conversations.explain import explain
from conversations.jsonl import as_json
from conversations.language import available
from conversations.understanding import understand

LEAST = 150
NEGATIVE = 0.2
VALUES = {"party_size", "date", "time", "time_to", "choice", "name", "request", "days"}
VALUES |= {"part_of_day", "ambiguous"}
ALL = [sentence for language in available() for sentence in sentences(language)]


@pytest.mark.parametrize("sentence", ALL, ids=lambda s: f"{s.language}: {s.text}")
def test_the_sentence_is_read_as_stated(sentence: Sentence) -> None:
    reading = as_json(understand(sentence.text, sentence.context))

    assert reading == sentence.reading, explain(sentence.text, sentence.context)


@pytest.mark.parametrize("language", available())
def test_a_language_has_enough_sentences_and_a_fifth_of_them_state_no_value(language: str) -> None:
    own = sentences(language)

    negatives = [s for s in own if not VALUES & s.reading.keys()]

    assert len(own) >= LEAST
    assert len(negatives) >= NEGATIVE * len(own)
