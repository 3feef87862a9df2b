"""What a person is recognised by in the words of others, and those words without it."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from conversations import gsm

#: What stands where something was erased.
GONE = "***"
#: Shorter texts, such as "yes", say nothing of anybody and stand everywhere.
_TELLING = 4
#: Longer texts are found by their beginning, as they may have been cut.
_BEGINNING = 30
#: So many last digits of a number are its own, whatever is written before them.
_OWN_DIGITS = 8


class Traces:
    """Names, numbers, and what somebody said, wherever it may have been repeated.

    Args:
        names: under which they are known.
        texts: what they wrote or what was noted about them.
        numbers: in E.164.

    """

    def __init__(
        self, *, names: Iterable[str], texts: Iterable[str], numbers: Iterable[str] = ()
    ) -> None:
        parts = [rf"(?<!\w){_flexible(name)}(?!\w)" for name in _written(names)]
        parts += [_beginning(text) for text in _written(texts) if len(text) >= _TELLING]
        parts += [_number(number) for number in numbers]
        parts.sort(key=len, reverse=True)
        self._pattern = re.compile("|".join(parts), re.IGNORECASE) if parts else None

    def redact(self, value: Any) -> Any:
        """A plain JSON value without them."""
        if isinstance(value, str):
            return self._pattern.sub(GONE, value) if self._pattern else value
        if isinstance(value, Mapping):
            return {key: self.redact(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.redact(inner) for inner in value]
        return value


def _written(texts: Iterable[str]) -> set[str]:
    """Texts as they are, and as a text message writes them."""
    return {form.strip() for text in texts for form in (text, gsm.fold(text)) if form.strip()}


def _flexible(text: str) -> str:
    return r"\s+".join(re.escape(word) for word in text.split())


def _beginning(text: str) -> str:
    return _flexible(text[:_BEGINNING]) + ("[^\n]*" if len(text) > _BEGINNING else "")


def _number(number: str) -> str:
    """A number as somebody may have typed it, with or without its country."""
    own = r"[\s./()-]*".join(number[-_OWN_DIGITS:])
    return rf"\+?(?:\d[\d\s./()-]*)?{own}(?!\d)"
