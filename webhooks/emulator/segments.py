"""How many parts an SMS takes; source: 3GPP TS 23.038 and Twilio's glossary."""

_SINGLE = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_DOUBLE = "^{}\\[~]|€\f"


def segments(text: str) -> int:
    """Number of parts: 160 or 153 each in GSM-7, 70 or 67 UTF-16 units in UCS-2."""
    if all(character in _SINGLE or character in _DOUBLE for character in text):
        length = len(text) + sum(character in _DOUBLE for character in text)
        alone, joined = 160, 153
    else:
        length = len(text.encode("utf-16-le")) // 2
        alone, joined = 70, 67
    return 1 if length <= alone else -(-length // joined)
