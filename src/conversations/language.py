"""Loads language files: data that says how a language puts what the code knows.

`languages/<code>/reading.yaml` has

* `name`: of the language;
* `tongues`: language -> its names, in this one;
* `asked_for`: phrases with which a guest asks for one of them, with `{tongue}` for its name;
* `elides`: whether an apostrophe ends a word;
* `dotted`: whether a dot makes a number an ordinal;
* `classes`: class -> value -> phrases, separated by commas;
* `lists`: name -> phrases, for `<name>` in templates;
* `rules`: phenomenon -> templates (see `conversations.templates`);
* `common`: frequent words that are right as they stand, and by which the language is told.

Every language has all classes and all phenomena; what is missing or unknown is an error.
"""

import gc
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from conversations.classes import CLASSES, SLOTS, symbols, words_of
from conversations.grammar import Grammar
from conversations.lexer import FULL_STOP, QUOTES, Style, fold, words
from conversations.lexicon import Lexicon
from conversations.parsers import PHENOMENA
from conversations.spelling import Spelling
from conversations.templates import TemplateError, blocks

_FILES = resources.files("conversations") / "languages"
_KEYS = {"name", "tongues", "asked_for", "elides", "dotted", "classes", "lists", "rules", "common"}
_WORD = re.compile(r"[^\W\d_]+")
#: What whoever speaks none of the others most likely reads.
_FIRST = "en"


class LanguageError(ValueError):
    """A language file breaks the contract; the message names file, key and reason."""


@dataclass(frozen=True)
class Language:
    """A language as the parsers use it.

    `asked_for` has the phrases with which a guest asks for a language, and its code.
    """

    code: str
    style: Style
    asked_for: Mapping[tuple[str, ...], str]
    lexicon: Lexicon
    grammar: Grammar
    spelling: Spelling

    @property
    def words(self) -> Mapping[str, None]:
        """Every word that is right as it stands, whether or not a rule knows it."""
        return self.spelling.known


@lru_cache(maxsize=1)
def available() -> tuple[str, ...]:
    """Give the codes of the languages that have a reading file: English, then by the alphabet."""
    codes = [d.name for d in _FILES.iterdir() if d.is_dir() and (d / "reading.yaml").is_file()]
    return tuple(sorted(codes, key=lambda code: (code != _FIRST, code)))


@lru_cache(maxsize=32)
def load(code: str) -> Language:
    """Give a language, read once.

    Raises:
        LanguageError: there is no such language, or its file breaks the contract.

    """
    if code not in available():
        raise LanguageError(f"languages/{code}/reading.yaml: there is no such file")
    with _collecting_nothing():
        return build(code, read(code))


@contextmanager
def _collecting_nothing() -> Iterator[None]:
    """Build without looking for rubbish, then or later: all of it stays.

    The looking would take a third longer, and a message would wait for it now and then.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()


def read(code: str) -> Mapping[str, Any]:
    """Give the contents of a language's reading file, unchecked."""
    import yaml  # noqa: PLC0415 - only a first reading needs it

    data: Any = yaml.load(_text(code), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    if not isinstance(data, dict):
        raise LanguageError(f"languages/{code}/reading.yaml: a mapping is needed")
    return data


@lru_cache(maxsize=32)
def printed(code: str) -> Mapping[str, int]:
    """Give how often each word stands in a language's reading file; it knows no other ones.

    It takes a tenth of the time of loading the language, which is often not worth it.
    """
    text = _text(code)
    as_written = text.translate(dict.fromkeys(map(ord, QUOTES)))
    parted = text.translate(dict.fromkeys(map(ord, QUOTES), " "))
    return Counter(fold(word) for cut in (as_written, parted) for word in _WORD.findall(cut))


def _text(code: str) -> str:
    return (_FILES / code / "reading.yaml").read_text(encoding="utf-8")


def build(code: str, data: Mapping[str, Any]) -> Language:
    """Make a language from the contents of its file.

    Raises:
        LanguageError: it breaks the contract.

    """
    builder = _Builder(code, data)
    builder.check_keys("", _KEYS, data)
    builder.check_keys("classes", set(CLASSES), data["classes"])
    builder.check_keys("rules", set(PHENOMENA), data["rules"])
    builder.add_classes()
    builder.add_rules()
    builder.add_lists()
    return builder.language()


class _Builder:
    """Makes a language from its file, and says where the file is wrong."""

    def __init__(self, code: str, data: Mapping[str, Any]) -> None:
        self.code = code
        self.data = data
        self.style = Style(bool(data.get("elides")), bool(data.get("dotted")))
        self.grammar = Grammar(SLOTS, self.style)
        self.lexicon = Lexicon(self.grammar.root.next)
        self.closed: set[str] = set()

    def wrong(self, key: str, reason: object) -> LanguageError:
        return LanguageError(f"languages/{self.code}/reading.yaml: {key}: {reason}")

    def check_keys(self, where: str, wanted: set[str], given: Any) -> None:
        if not isinstance(given, dict):
            raise self.wrong(where, "a mapping is needed")
        for key in sorted(wanted - given.keys()):
            raise self.wrong(f"{where}.{key}".strip("."), "is missing")
        for key in sorted(given.keys() - wanted):
            raise self.wrong(f"{where}.{key}".strip("."), "is unknown")

    def add_classes(self) -> None:
        for name, given in self.data["classes"].items():
            try:
                for key, phrases in words_of(given):
                    pairs = symbols(name, CLASSES[name](key))
                    self.closed |= self.add_phrases(phrases, pairs)
            except (TypeError, ValueError, AttributeError) as error:
                raise self.wrong(f"classes.{name}", error) from error

    def add_phrases(self, phrases: list[str], pairs: list[tuple[str, Any]]) -> set[str]:
        """Add phrases to the lexicon, and give their words."""
        added: set[str] = set()
        for phrase in phrases:
            cut = words(phrase, self.style)
            cut = ["."] if cut == [FULL_STOP] else cut  # alone it is a decimal point
            if not cut:
                raise ValueError(f"{phrase!r} has no word")
            self.lexicon.add(cut, pairs)
            added.update(cut)
        return added

    def add_rules(self) -> None:
        for name, given in self.data["rules"].items():
            phenomenon = PHENOMENA[name]
            try:
                for template, constants in blocks(given):
                    self.grammar.add(template, name, phenomenon, constants)
            except TemplateError as error:
                raise self.wrong(f"rules.{name}", error) from error
        for word in self.grammar.words:
            self.lexicon.add([word], [(word, None)])
        for symbol, phrases in self.grammar.groups.items():
            self.add_phrases(phrases, [(symbol, None)])

    def add_lists(self) -> None:
        lists = self.data["lists"]
        for name in sorted(self.grammar.lists - lists.keys()):
            raise self.wrong(f"lists.{name}", "is missing")
        for name in sorted(lists.keys() - self.grammar.lists):
            raise self.wrong(f"lists.{name}", "no rule uses it")
        try:
            for name, phrases in words_of(lists):
                self.closed |= self.add_phrases(phrases, [(f"<{name}>", None)])
        except (TypeError, ValueError, AttributeError) as error:
            raise self.wrong("lists", error) from error

    def asked_for(self) -> dict[tuple[str, ...], str]:
        given = self.data["asked_for"]
        if not isinstance(given, str):
            raise self.wrong("asked_for", "a text of phrases is needed")
        try:
            tongues = words_of(self.data["tongues"])
            named = [(str(code), name) for code, names in tongues for name in names]
        except (TypeError, ValueError, AttributeError) as error:
            raise self.wrong("tongues", error) from error
        return {
            tuple(words(phrase.format(tongue=name), self.style)): code
            for phrase in given.split(",")
            for code, name in named
        }

    def language(self) -> Language:
        given = self.data["common"]
        if not isinstance(given, str):
            raise self.wrong("common", "a text of words is needed")
        common = dict.fromkeys(fold(word) for word in given.split())
        vocabulary = self.lexicon.words
        meant = self.closed | (vocabulary.keys() - common.keys())
        return Language(
            code=self.code,
            style=self.style,
            asked_for=self.asked_for(),
            lexicon=self.lexicon,
            grammar=self.grammar,
            spelling=Spelling(common | vocabulary, meant),
        )
