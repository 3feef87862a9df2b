"""Text messages: what folds to the GSM alphabet, and what a message costs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations import gsm


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),  # each counts double
        ("€" * 81, 2),
        ("[" * 77, 1),
        ("\u2019" * 70, 1),  # a curly quote: the whole text is UCS-2
        ("\u2019" * 71, 2),
        ("a" * 69 + "\U0001f44d", 2),  # an emoji is two units: 71
        ("a" * 68 + "\U0001f44d", 1),
        ("è" * 160, 1),
        ("ê" * 71, 2),
    ],
)
def test_a_text_costs_what_carriers_charge(text: str, segments: int) -> None:
    assert gsm.segments(text) == segments


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("\u201cTrattoria\u201d \u2013 dall\u2019angolo\u2026", '"Trattoria" - dall\'angolo...'),
        ("Zoë Łukasz Þór Œuvre", "Zoe Lukasz Thor OEuvre"),
        ("perché Müller è qui", "perché Müller è qui"),
        ("tête-à-tête", "tete-à-tete"),
        ("a\u00a0b\u200bc", "a bc"),
        ("see you \U0001f44d", "see you "),
        ("\u5f20\u4f1f", ""),
    ],
)
def test_a_text_is_folded_to_look_alikes(text: str, folded: str) -> None:
    assert gsm.fold(text) == folded


@given(st.text(max_size=200))
def test_what_is_folded_never_costs_more_than_plain_letters(text: str) -> None:
    folded = gsm.fold(text)

    assert gsm.fold(folded) == folded
    assert gsm.segments(folded) <= gsm.segments("x" * 2 * len(folded))
