"""What a request says about the place: sections of the house by name, attributes by their words.

A request is kept in the guest's own words; this tells what of it a table can meet.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources

import yaml

from booking.floor import ATTRIBUTES, FloorPlan
from conversations.lexer import fold

Words = Mapping[str, tuple[str, ...]]
#: What the file of a language has besides the attributes: words that take a wish back, and words
#: that end a clause.
WITHOUT, BUT = "without", "but"
_STOPS = re.compile(r"[,;.!?\n]+")
#: Stands for a phrase that was found, so that no word of it is found again.
_TAKEN = " \u2022 "


def features_of(request: str | None, floor: FloorPlan, languages: Iterable[str]) -> frozenset[str]:
    """What a request wishes of the place, as the floor names it.

    Args:
        request: in the guest's words; None wishes for nothing.
        floor: whose sections may be named.
        languages: codes of those that the house speaks; any of them may be meant.

    """
    if not request:
        return frozenset()
    spoken = [_words(code) for code in languages]
    wanted = [(f" {_spaced(name)} ", name) for name in map(str.casefold, _sections(floor))]
    wanted += [(phrase, name) for words in spoken for name in ATTRIBUTES for phrase in words[name]]
    wanted.sort(key=lambda pair: -len(pair[0]))
    clauses = [clause for part in _STOPS.split(request) for clause in _clauses(part, spoken)]
    return frozenset(name for clause in clauses for name in _wished(clause, wanted, spoken))


def _sections(floor: FloorPlan) -> set[str]:
    return {table.section for table in floor.tables if table.section}


def _wished(
    clause: str, wanted: Sequence[tuple[str, str]], spoken: Sequence[Words]
) -> Iterator[str]:
    """The features that a clause names before any word that takes them back."""
    found: list[tuple[int, str]] = []
    for phrase, name in wanted:
        at = clause.find(phrase)
        if at >= 0:
            found.append((at, name))
            clause = clause.replace(phrase, _TAKEN.ljust(len(phrase)), 1)
    ends = [clause.find(word) for words in spoken for word in words[WITHOUT]]
    end = min((end for end in ends if end >= 0), default=len(clause))
    yield from (name for at, name in found if at < end)


def _clauses(text: str, spoken: Sequence[Words]) -> list[str]:
    words = f" {_spaced(text)} "
    for joint in (word for each in spoken for word in each[BUT]):
        words = words.replace(joint, " \n ")
    return words.split("\n")


@cache
def _words(code: str) -> Words:
    file = resources.files("conversations").joinpath("languages", code, "places.yaml")
    data = yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)
    return {
        key: tuple(f" {_spaced(phrase)} " for phrase in phrases.split(","))
        for key, phrases in data.items()
    }


def _spaced(text: str) -> str:
    """A text as words between single spaces, without accents and apostrophes."""
    return " ".join(re.findall(r"[^\W_]+", fold(text)))
