"""Days and persons said in another language than the rest of a message."""

from datetime import date, datetime, time

import pytest

from conversations.reading import Context
from conversations.understanding import understand

WEDNESDAY = datetime(2026, 5, 13, 10)  # noqa: DTZ001 (local to the venue)
EVENING = ((time(18), time(23)),)


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "hola, table for 2 mañana at 8", 14),
        ("en", "table for 2 on Samstag at 8", 16),
        ("nl", "tafel voor 2 tonight om 8 uur, sorry my Dutch is slecht", 13),
        ("it", "un tavolo for 2 people tomorrow alle 20", 14),
        ("de", "wir sind 2, saturday um 8 bitte", 16),
        ("es", "quiero reservar for tomorrow, 2 people, a las 20", 14),
        ("pt", "boa noite, queria mesa para 2 pessoas tomorrow às 20h", 14),
        ("fr", "une table pour 2 saturday à 20h svp", 16),
    ],
)
def test_a_message_may_mix_languages(language: str, text: str, day: int) -> None:
    reading = understand(text, Context(now=WEDNESDAY, language=language, hours=EVENING))
    assert reading.language == language
    assert (reading.party_size, reading.date, reading.time) == (2, date(2026, 5, day), time(20))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "mein Name ist Otto"),
        ("es", "mi coche es un seat 600"),
    ],
)
def test_a_name_is_no_word_of_another_language(language: str, text: str) -> None:
    reading = understand(text, Context(now=WEDNESDAY, language=language, hours=EVENING))
    assert (reading.party_size, reading.date, reading.time) == (None, None, None)
