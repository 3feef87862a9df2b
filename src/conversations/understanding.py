"""Reads a message: text and context in, a Reading out. Pure, and never raises on any text.

Tokens, a chart of words and values, templates over it, a cover of matches, then refiners that
put the values together against what was known before.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from itertools import chain

from conversations import tongues
from conversations.borrowing import borrowed
from conversations.chart import Match, matches
from conversations.cover import cover
from conversations.language import Language, available, load, printed
from conversations.lexer import Kind, Token, composed, tokens
from conversations.parsers.findings import Figure
from conversations.reading import Asked, Context, Intent, Reading
from conversations.refiners import (
    answers,
    elsewhere,
    figures,
    gathering,
    intents,
    names,
    options,
    relevance,
    settling,
    wishes,
)
from conversations.refiners.hours import time_of
from conversations.refiners.message import Message
from conversations.refiners.slots import Slots

#: what the digits mean while a confirmation is asked
_DIGITS: dict[int | None, Intent] = {1: Intent.CONFIRM, 9: Intent.DECLINE}
#: the cue that may stand beside it ("yes, 1")
_SAYS: dict[Intent | None, str] = {Intent.CONFIRM: "agree", Intent.DECLINE: "refuse"}
_WITH_REQUEST = frozenset({Intent.BOOK, Intent.CHANGE, Intent.CONFIRM, Intent.WAITLIST})
_SILENT = frozenset({"polite", "thanks"})
#: what may stand beside the wish for a language
_BESIDE_LANGUAGE = frozenset({"polite", "thanks", "greeting", "refuse", "correct", "agree"})
_NUMBER_SIGN = "#"
#: what messages of another matter look like, too ("mum, I'm late, move the meeting to 8")
_MAY_BE_ELSEWHERE = (None, Intent.LATE, Intent.CHANGE)
#: a wish for a language is not put in more words
_LONGEST_ASKING = 12


@dataclass(frozen=True)
class Trace:
    """How a text was parsed, for explanations: every match, and the message with those kept."""

    matches: list[Match]
    message: Message


def understand(text: str, context: Context) -> Reading:
    """Read a message against its context.

    Args:
        text: any text, of any length.
        context: what was known, asked and offered, with `now` as local time at the venue.

    """
    message = parsed(text, context).message
    return refined(_courtesy(message) if names.is_name_only(message) else message)


def read(text: str, context: Context, language: Language) -> Reading:
    """Read a message in this language, whatever its words look like."""
    return refined(in_language(text, context, language))


def in_language(text: str, context: Context, language: Language) -> Message:
    """Find what the words of a message say in this language."""
    text = composed(text)
    cut = tokens(text, language.style)
    return _parsed(text, cut, context, language).message


def _courtesy(message: Message) -> Message:
    """What looks like a name, as another language reads it if there it is only a courtesy."""
    words = [token.text for token in message.tokens if token.kind is Kind.WORD]
    others = (code for code in available() if code != message.language.code)
    known = (code for code in others if all(word in printed(code) for word in words))
    read_again = (in_language(message.text, message.context, load(code)) for code in known)
    return next((other for other in read_again if names.is_courtesy(other)), message)


def refuses(text: str, context: Context) -> bool:
    """Tell whether a message is a no and nothing more, courtesies aside."""
    message = parsed(text, context).message
    return answers.says_only(message, "refuse") and refined(message).intent is Intent.DECLINE


def asks_for_language(text: str, context: Context) -> str | None:
    """The language that a message asks to be answered in, courtesies aside, if that is all."""
    if context.asked is Asked.NAME or text.count(" ") > _LONGEST_ASKING:  # Mr English
        return None
    for language in map(load, available()):
        cut = tokens(composed(text), language.style)
        words = [token.text for token in cut if token.kind is Kind.WORD]
        asked, rest = _found(words, language.asked_for)
        if asked in available() and set(rest) <= _courtesies(text, context):
            return asked
    return None


def allergies_in(request: str, context: Context) -> list[str]:
    """What a request tells of allergies, in its own words.

    It is read in the language that it seems to be in, and where that finds none in the others.
    """
    message = parsed(request, context).message
    others = (load(code) for code in available() if code != message.language.code)
    readings = chain([message], (in_language(request, context, other) for other in others))
    return next(filter(None, map(wishes.allergies, readings)), [])


def _courtesies(text: str, context: Context) -> set[str]:
    """The words of a message that are only polite, in whatever language."""
    readings = [in_language(text, context, language) for language in map(load, available())]
    return {
        message.tokens[i].text
        for message in readings
        for cue in message.cues
        if cue.name in _BESIDE_LANGUAGE
        for i in range(cue.start, cue.end)
    }


def _found(
    words: list[str], phrases: Mapping[tuple[str, ...], str]
) -> tuple[str | None, list[str]]:
    """What the longest of the phrases among these words says, and the words around it."""
    runs = (
        (end - start, start)
        for start in range(len(words))
        for end in range(start + 1, len(words) + 1)
        if tuple(words[start:end]) in phrases
    )
    length, start = max(runs, default=(0, 0))
    said = phrases.get(tuple(words[start : start + length]))
    return said, words[:start] + words[start + length :]


def parsed(text: str, context: Context) -> Trace:
    """Tell the language of a message, and find what its words say before the context is asked."""
    text = composed(text)
    language = tongues.first(context)
    cut = tokens(text, language.style)
    told = tongues.told(text, cut, language, context)
    if told is not language:
        cut = tokens(text, told.style)
    return _parsed(text, cut, context, told)


def _parsed(text: str, cut: list[Token], context: Context, language: Language) -> Trace:
    cut = language.spelling.repaired(cut)
    chart = language.lexicon.chart(cut, borrowed(cut, language))
    found = matches(language.grammar.root, chart, context)
    codes = language.lexicon.codes(cut)
    tails = _tails(cut)
    values = [m for m in found if not m.cue and not _cuts(m, codes) and m.start not in tails]
    values = cover(values, len(cut))
    cues = _covered(found, len(cut), lambda name: name not in {"wish", "visit"})
    # "A quiet table" is a wish besides; "no dogs" is none.
    wishes = _covered(found, len(cut), lambda name: name in {"wish", "not"})
    cues += [wish for wish in wishes if wish.name == "wish"]
    dines = any(match.name == "visit" for match in found)
    return Trace(found, Message(text, cut, values, cues, context, language, dines))


def _covered(found: list[Match], length: int, counts: Callable[[str], bool]) -> list[Match]:
    return cover([match for match in found if match.cue and counts(match.name)], length)


def _tails(cut: list[Token]) -> set[int]:
    """Give the positions of minutes that are stuck to their hour by a letter: "20h15"."""
    shape = (Kind.NUMBER, Kind.WORD, Kind.NUMBER)
    return {
        at
        for at in range(2, len(cut))
        if tuple(token.kind for token in cut[at - 2 : at + 1]) == shape
        and len(cut[at - 1].text) == 1
        and cut[at - 1].glued
        and cut[at].glued
        and not (at + 1 < len(cut) and cut[at + 1].glued)
    }


def _cuts(match: Match, codes: set[int]) -> bool:
    """Tell whether a match takes only a part of a code."""
    return match.start in codes or match.end - 1 in codes


def refined(message: Message) -> Reading:
    """Put values, cues and context together."""
    language = message.language.code
    if names.is_name_only(message):
        return Reading(intent=Intent.BOOK, language=language, name=names.name(message))
    span = names.find(message)
    message = names.without_name(message, span)
    strong = intents.strong(message)
    plain = strong if strong in intents.WITHOUT_SLOTS else _digit_answer(message)
    if plain in (None, Intent.LATE) and _is_foreign(message, strong):
        plain = intents.of_another_matter(message)
    message = elsewhere.without(message)
    if plain:
        topic = intents.topic(message, Slots(), plain)
        return Reading(intent=plain, language=language, topic=topic)
    changing = strong is Intent.CHANGE or "amend" in message.says
    found = gathering.gathered(message, changing=changing)
    options.choose(message, found)
    if strong is Intent.LOOKUP:
        settling.forget_alternatives(message, found)
    else:
        figures.resolve(message, found)
        options.restate(message, found)
    settling.fall_back(message, found)
    settling.settle(message, found)
    return _reading(message, found, strong, message.words(*span) if span else None)


def _is_foreign(message: Message, strong: Intent | None) -> bool:
    """Tell whether the message is about another matter, or meant for somebody else."""
    told = strong in _MAY_BE_ELSEWHERE and elsewhere.is_told(message)
    return told or (strong is None and relevance.is_foreign(message))


def _digit_answer(message: Message) -> Intent | None:
    """Read "1" as yes and "9" as no while a confirmation is asked, and nothing else is said."""
    if message.context.asked is not Asked.CONFIRMATION or len(message.found) != 1:
        return None
    match = message.found[0]
    intent = _DIGITS.get(_number(message, match))
    said = {_SAYS.get(intent), *_SILENT}
    spans = [match, *(cue for cue in message.cues if cue.name in said)]
    told = {i for span in spans for i in range(span.start, span.end)}
    words = (i for i, token in enumerate(message.tokens) if token.kind is Kind.WORD)
    return intent if told.issuperset(words) else None


def _number(message: Message, match: Match) -> int | None:
    """Give the number of a match that is one and nothing more: "1", "one", "#1"."""
    if type(match.value) is Figure:
        return None if match.value.lead else match.value.number
    kinds = [token.kind for token in message.tokens[match.start : match.end]]
    marked = kinds == [Kind.MARK, Kind.NUMBER] and message.tokens[match.start].text == _NUMBER_SIGN
    return int(message.tokens[match.end - 1].text) if marked else None


def _reading(message: Message, found: Slots, strong: Intent | None, name: str | None) -> Reading:
    request = wishes.request(message)
    intent = strong or intents.told(message, found, named=bool(name), wishes=bool(request))
    topic = intents.topic(message, found, intent)
    if intent is Intent.CONFIRM:
        request = wishes.request(message, but=answers.asked_about(message))
    changes, asks = intent is Intent.CHANGE, intent is Intent.QUESTION
    timed = found.minutes is not None or found.minutes_to is not None
    return Reading(
        intent=intent,
        language=message.language.code,
        party_size=found.party,
        date=found.on,
        time=_time(found.minutes),
        time_to=_time(found.minutes_to),
        choice=found.choice,
        name=None if asks else name,
        request=request if intent in _WITH_REQUEST else None,
        topic=topic,
        rather=None if timed else intents.rather(message),
        approximate=found.approximate,
        explicit=intent is Intent.BOOK and bool(message.says & intents.NEW),
        besides=intent is Intent.BOOK and "one_more" in message.says,
        days=found.days if found.on is None else None,
        part_of_day=None if timed else found.part,
        which_date=found.old_on if changes else None,
        which_time=_time(found.old_minutes) if changes else None,
        ambiguous=found.ambiguous,
        number=found.number,
        passed=intent is Intent.BOOK and settling.passed(message, found),
        off_list=intent is Intent.CANCEL and intents.leaves_list(message),
        hesitates=intent is Intent.OTHER and answers.puts_off(message),
    )


def _time(minutes: int | None) -> time | None:
    return None if minutes is None else time_of(minutes)
