"""Parts of an SMS, checked against Twilio's own calculator."""

import pytest

from webhooks.emulator.segments import segments


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("\N{EURO SIGN}" * 80, 1),
        ("\N{EURO SIGN}" * 81, 2),
        ("\N{SLICE OF PIZZA}" * 35, 1),
        ("\N{SLICE OF PIZZA}" * 36, 2),
        ("a" * 70 + "\N{RIGHT SINGLE QUOTATION MARK}", 2),
    ],
)
def test_parts_are_counted_as_the_carrier_does(text: str, parts: int) -> None:
    assert segments(text) == parts
