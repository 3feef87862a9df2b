"""The notation of language files: words with four marks.

`(a|b)` alternatives, `[a]` may be missing, `{slot}` a value, `<name>` any phrase of a list.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_MARK = re.compile(
    r"\{(?P<slot>\w+)\}|<(?P<list>\w+)>|(?P<sign>[()\[\]|])|(?P<words>[^{}<>()\[\]|]+)"
)
_CLOSING = {"(": ")", "[": "]"}


class TemplateError(ValueError):
    """A template that cannot be read; the message says why."""


@dataclass(frozen=True)
class Words:
    """Words that stand as they are."""

    text: str


@dataclass(frozen=True)
class SlotMark:
    """A value; the name may end in a digit when a template has two of a kind."""

    name: str


@dataclass(frozen=True)
class ListMark:
    """Any phrase of a list."""

    name: str


@dataclass(frozen=True)
class Group:
    """One of several sequences, or none of them when it is optional."""

    choices: tuple[tuple["Part", ...], ...]
    optional: bool

    def phrases(self) -> list[str] | None:
        """Give the choices as plain words, or None when there is more than words in them."""
        texts = []
        for choice in self.choices:
            if len(choice) > 1 or (choice and not isinstance(choice[0], Words)):
                return None
            texts += [part.text.strip() for part in choice if isinstance(part, Words)]
        return texts


Part = Words | SlotMark | ListMark | Group


def parse(template: str) -> tuple[Part, ...]:
    """Read a template.

    Raises:
        TemplateError: its marks do not fit together.

    """
    pieces = list(_MARK.finditer(template))
    if "".join(piece.group() for piece in pieces) != template:
        raise TemplateError(f"{template!r}: a mark is not closed")
    choices, closed_by = _choices(iter(pieces))
    if closed_by:
        raise TemplateError(f"{template!r}: a bracket is closed that was not opened")
    return choices[0] if len(choices) == 1 else (Group(choices, optional=False),)


def _choices(pieces: Iterator[re.Match[str]]) -> tuple[tuple[tuple[Part, ...], ...], str]:
    """Read alternatives up to the bracket that closes them; give that as well, if there is one."""
    choices: list[list[Part]] = [[]]
    for piece in pieces:
        sign = piece["sign"]
        if sign == "|":
            choices.append([])
        elif sign in _CLOSING.values():
            return tuple(map(tuple, choices)), sign
        elif sign:
            inner, closed_by = _choices(pieces)
            if closed_by != _CLOSING[sign]:
                raise TemplateError("a bracket is not closed")
            choices[-1].append(Group(inner, optional=sign == "["))
        elif piece["words"] is None or piece["words"].strip():
            choices[-1].append(_leaf(piece))
    return tuple(map(tuple, choices)), ""


def _leaf(piece: re.Match[str]) -> Part:
    if piece["slot"]:
        return SlotMark(piece["slot"])
    return ListMark(piece["list"]) if piece["list"] else Words(piece["words"])


def blocks(given: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give each template of a phenomenon in a language file with the constants fixed for it.

    Args:
        given: lines of templates, or a list of such lines and of mappings with `say` (lines of
            templates) and constants.

    Raises:
        TemplateError: anything else.

    """
    several: Iterable[Any] = given if isinstance(given, list) else [given]
    for block in several:
        constants = dict(block) if isinstance(block, dict) else {"say": block}
        lines = constants.pop("say", None)
        if not isinstance(lines, str):
            raise TemplateError("templates are lines of text")
        for line in lines.splitlines():
            if line.strip():
                yield line.strip(), constants
