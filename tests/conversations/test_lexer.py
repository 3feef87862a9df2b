"""Text becomes tokens: letters, digits and marks, whatever the language."""

import pytest

from conversations.lexer import FULL_STOP, MAX_TOKENS, PLAIN, Kind, Style, composed, fold, tokens


def texts(text: str, style: Style = PLAIN) -> list[str]:
    return [token.text for token in tokens(composed(text), style)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Table for TWO", ["table", "for", "two"]),
        ("tmrw7pm", ["tmrw", "7", "pm"]),
        ("perché è così", ["perche", "e", "cosi"]),
        ("cosi\u0300", ["cosi"]),
        ("Straße", ["strasse"]),
        ("ma sœur", ["ma", "soeur"]),
        ("19:30", ["19", ":", "30"]),
        ("7.30", ["7", ".", "30"]),
        ("at 7. 30 people", ["at", "7", FULL_STOP, "30", "people"]),
        ("7 p.m.", ["7", "p", "m"]),
        ("seven p . m .", ["seven", "p", "m"]),
        ("Sep. 20", ["sep", "20"]),
        ("good. We come", ["good", FULL_STOP, "we", "come"]),
        ("twenty-one", ["twenty", "one"]),
        ("8-ish, 4-seater", ["8", "ish", ",", "4", "seater"]),
        ("7-9pm", ["7", "-", "9", "pm"]),
        ("7 \u2013 9", ["7", "-", "9"]),
        ("(four of us)", [",", "four", "of", "us", ","]),
        ("\U0001f44d\U0001f3fd", ["\U0001f44d"]),
        ("\u2714\ufe0f ok", ["\u2714", "ok"]),
        ("'hello'", ["hello"]),
        ("٣ people", ["٣", "people"]),
        ("", []),
    ],
)
def test_the_text_is_cut(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_an_apostrophe_joins_or_parts_as_the_language_has_it() -> None:
    assert texts("o\u2019clock isn't") == ["oclock", "isnt"]
    assert texts("dell'8 l\u2019ultima un'ora", Style(elides=True)) == [
        "dell",
        "8",
        "l",
        "ultima",
        "un",
        "ora",
    ]


def test_a_dot_makes_an_ordinal_or_ends_a_sentence_as_the_language_has_it() -> None:
    assert texts("am 5. Mai um 8.", Style(dotted=True)) == ["am", "5", "mai", "um", "8", FULL_STOP]
    assert texts("at 8. We") == ["at", "8", FULL_STOP, "we"]
    assert texts("20.30 Uhr", Style(dotted=True)) == ["20", ".", "30", "uhr"]
    assert texts("am 10.12. um 8", Style(dotted=True)) == ["am", "10", ".", "12", ".", "um", "8"]
    assert texts("5. 4. 2027", Style(dotted=True)) == ["5", ".", "4", ".", "2027"]


@pytest.mark.parametrize(
    "number",
    [
        "07700 900123",
        "+39 02 1234567",
        "(212) 555-0101",
        "555-0101",
        "333 1234567",
        "333 12 34 567",
        "06 12 34 56 78",
        "0471/23.45.67",
        "02 123 45 67",
        "0151 123 4567",
        "02079460123",
    ],
)
def test_a_phone_number_is_noise(number: str) -> None:
    cut = tokens(f"call {number} at 8")

    assert [token.kind for token in cut] == [Kind.WORD, Kind.NOISE, Kind.WORD, Kind.NUMBER]


def test_an_address_of_the_web_is_noise_with_or_without_its_beginning() -> None:
    for link in ("https://example.org/a1", "www.example.org", "bit.ly/x7k3", "info@example.org"):
        assert [t.kind for t in tokens(f"see {link} 4")] == [Kind.WORD, Kind.NOISE, Kind.NUMBER]
    assert all(t.kind is not Kind.NOISE for t in tokens("a las 20h.sab/dom"))


@pytest.mark.parametrize(
    "text", ["12.12.2026 20:30", "2026-05-15 19:30", "05/06 alle 20", "15 05 2026 8", "1930 4"]
)
def test_dates_and_times_are_no_phone_numbers(text: str) -> None:
    assert Kind.NOISE not in {token.kind for token in tokens(text)}


def test_offsets_lead_back_to_the_original_spelling() -> None:
    text = composed("Sono Nicolo\u0300 D'Amico")

    cut = tokens(text, Style(elides=True))

    assert [text[t.start : t.end] for t in cut] == ["Sono", "Nicolò", "D", "Amico"]


def test_a_very_long_text_is_cut_off() -> None:
    assert len(tokens("a " * 5000)) <= MAX_TOKENS


def test_folding_forgets_case_accents_and_apostrophes() -> None:
    assert fold("Dall\u2019É") == "dalle"
