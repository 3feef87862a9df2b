"""Loads language files: data that says how a language puts what the code knows.

`languages/<code>/reading.yaml` has

* `name`: of the language;
* `asked_for`: phrases, in any language, with which a guest asks for this one;
* `elides`: whether an apostrophe ends a word;
* `classes`: class -> value -> phrases, separated by commas;
* `lists`: name -> phrases, for `<name>` in templates;
* `rules`: phenomenon -> templates (see `conversations.templates`);
* `common`: frequent words that are right as they stand, and by which the language is told.

Every language has all classes and all phenomena; what is missing or unknown is an error.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from conversations.classes import CLASSES, SLOTS, symbols, words_of
from conversations.grammar import Grammar
from conversations.lexer import fold, tokens
from conversations.lexicon import Lexicon
from conversations.parsers import PHENOMENA
from conversations.spelling import Spelling
from conversations.templates import TemplateError, blocks

_FILES = resources.files("conversations") / "languages"
_KEYS = {"name", "asked_for", "elides", "classes", "lists", "rules", "common"}


class LanguageError(ValueError):
    """A language file breaks the contract; the message names file, key and reason."""


@dataclass(frozen=True)
class Language:
    """A language as the parsers use it."""

    code: str
    elides: bool
    asked_for: frozenset[tuple[str, ...]]
    lexicon: Lexicon
    grammar: Grammar
    spelling: Spelling

    @property
    def words(self) -> Mapping[str, None]:
        """Every word that is right as it stands, whether or not a rule knows it."""
        return self.spelling.known


@lru_cache(maxsize=1)
def available() -> tuple[str, ...]:
    """Give the codes of the languages that have a reading file, sorted."""
    return tuple(
        sorted(d.name for d in _FILES.iterdir() if d.is_dir() and (d / "reading.yaml").is_file())
    )


@lru_cache(maxsize=32)
def load(code: str) -> Language:
    """Give a language, read once.

    Raises:
        LanguageError: there is no such language, or its file breaks the contract.

    """
    if code not in available():
        raise LanguageError(f"languages/{code}/reading.yaml: there is no such file")
    return build(code, read(code))


def read(code: str) -> Mapping[str, Any]:
    """Give the contents of a language's reading file, unchecked."""
    import yaml  # noqa: PLC0415 - only a first reading needs it

    text = (_FILES / code / "reading.yaml").read_text(encoding="utf-8")
    data: Any = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    if not isinstance(data, dict):
        raise LanguageError(f"languages/{code}/reading.yaml: a mapping is needed")
    return data


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
        self.elides = bool(data.get("elides"))
        self.grammar = Grammar(SLOTS, self.elides)
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
            words = [token.text for token in tokens(phrase, elides=self.elides)]
            if not words:
                raise ValueError(f"{phrase!r} has no word")
            self.lexicon.add(words, pairs)
            added.update(words)
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

    def asked_for(self) -> frozenset[tuple[str, ...]]:
        given = self.data["asked_for"]
        if not isinstance(given, str):
            raise self.wrong("asked_for", "a text of phrases is needed")
        phrases = (tokens(phrase, elides=self.elides) for phrase in given.split(","))
        return frozenset(tuple(token.text for token in phrase) for phrase in phrases)

    def language(self) -> Language:
        given = self.data["common"]
        if not isinstance(given, str):
            raise self.wrong("common", "a text of words is needed")
        common = dict.fromkeys(fold(word) for word in given.split())
        vocabulary = self.lexicon.words
        meant = self.closed | (vocabulary.keys() - common.keys())
        return Language(
            code=self.code,
            elides=self.elides,
            asked_for=self.asked_for(),
            lexicon=self.lexicon,
            grammar=self.grammar,
            spelling=Spelling(common | vocabulary, meant),
        )
