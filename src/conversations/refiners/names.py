"""The guest's name: behind words that introduce it, or the whole answer when it was asked for."""

from dataclasses import replace

from conversations.chart import Match
from conversations.lexer import FULL_STOP, Kind
from conversations.parsers.findings import Clock, Day, Figure, Noise, Party
from conversations.reading import Asked
from conversations.refiners.message import Message

_LONGEST = 4
_LONGEST_WORD = 40
_LONGEST_TITLE = 4
_LONGEST_SMALL_TITLE = 3
_SHORTEST_COURTESY = 4
_COURTESIES = frozenset({"polite", "thanks", "greeting", "agree", "refuse", "farewell"})
_GOODBYES = ("thanks", "farewell", "polite")
#: what a message says that books something, and may be signed
_OF_A_VISIT = (Clock, Day, Figure, Party)
_SILENT = ("polite", "thanks", "greeting", "agree", "name_lead", "joint")


_Span = tuple[int, int]


def name(message: Message) -> str | None:
    """Give the name as it was written, or None."""
    span = _span(message)
    return message.words(*span) if span else None


def without_name(message: Message) -> Message:
    """Give the message without what looks like a day and is a part of the name ("Ann Monday")."""
    days = [match for match, _ in message.of(Day)]
    start, end = (_span(message) if days else None) or (0, 0)
    names = [day for day in days if start <= day.start and day.end <= end]
    if not names:
        return message
    return replace(message, found=[match for match in message.found if match not in names])


def _span(message: Message) -> _Span | None:
    """Give where the name stands, from the first token up to behind the last."""
    asked = message.context.asked is Asked.NAME
    if not asked and "name_lead" not in message.says:
        return _behind_yes(message) or _signature(message)
    leads = sorted(message.told("name_lead"), key=_is_faint)
    for lead in leads:
        if _is_faint(lead) and not _is_followed_by_name(message, lead, asked=asked):
            continue
        found = _behind(message, lead.end)
        if found:
            return found
    if asked and _may_be_answer(message):
        return _whole_answer(message)
    return None if asked else _signature(message)


def _behind_yes(message: Message) -> _Span | None:
    """Give a name that stands alone behind a yes ("yes please, Marini")."""
    yes = [cue for cue in message.told("agree") if cue.start == 0]
    if message.context.asked is not Asked.CONFIRMATION or not yes or not _may_be_answer(message):
        return None
    busy = {i for cue in message.cues for i in range(cue.start, cue.end)}
    rest = [
        token
        for at, token in enumerate(message.tokens)
        if at not in busy and token.kind is Kind.WORD
    ]
    known = message.language.lexicon.entries
    capital = bool(rest) and all(message.text[token.start].isupper() for token in rest)
    return _whole_answer(message) if capital and all(t.text not in known for t in rest) else None


def _signature(message: Message) -> _Span | None:
    """Give the name that closes a message: behind thanks, on its own line, before a phone number.

    No word of it is known, and all are written with a capital.
    """
    if not any(type(match.value) in _OF_A_VISIT for match in message.found):
        return None
    noise = {i for match, _ in message.of(Noise) for i in range(match.start, match.end)}
    end = len(message.tokens)
    while end and (end - 1 in noise or message.tokens[end - 1].kind is not Kind.WORD):
        end -= 1
    start = end
    while start and end - start < _LONGEST and _is_strange_capital(message, start - 1):
        start -= 1
        if _opens_line(message, start):
            break
    phoned = any(token.kind is Kind.NOISE for token in message.tokens[end:])
    signed = phoned or _opens_line(message, start) or _follows_goodbye(message, start, end)
    return (start, end) if 0 < start < end and signed else None


def _is_strange_capital(message: Message, at: int) -> bool:
    token = message.tokens[at]
    is_name = at in message.unread and token.text not in message.language.lexicon.entries
    return is_name and message.text[token.start].isupper()


def _opens_line(message: Message, at: int) -> bool:
    if not 0 < at < len(message.tokens):
        return False
    return "\n" in message.text[message.tokens[at - 1].end : message.tokens[at].start]


def _follows_goodbye(message: Message, start: int, end: int) -> bool:
    """Tell whether rare words stand behind thanks or a farewell, a mark or none between."""
    if any(token.text in message.language.words for token in message.tokens[start:end]):
        return False
    words = [i for i in range(start) if message.tokens[i].kind is Kind.WORD]
    return bool(words) and any(
        cue.start <= words[-1] < cue.end for name in _GOODBYES for cue in message.told(name)
    )


def _is_faint(lead: Match) -> bool:
    """Tell whether the words introduce other things as often as names ("it's", "for")."""
    return any(lead.value.get(key) for key in ("asked", "soft", "capital"))


def _is_followed_by_name(message: Message, lead: Match, *, asked: bool) -> bool:
    """Tell whether the word behind is written like a name, and no rule knows it."""
    if lead.end >= len(message.tokens) or (lead.value.get("asked") and not asked):
        return False
    token = message.tokens[lead.end]
    if lead.value.get("capital") and not asked and not message.text[token.start].isupper():
        return False
    return token.kind is Kind.WORD and token.text not in message.language.lexicon.entries


def is_name_only(message: Message) -> bool:
    """Tell whether the message, asked for a name, can be nothing else.

    Words that look like days are names then ("Mr Monday"); numbers and hours are not.
    """
    if message.context.asked is not Asked.NAME or not _may_be_answer(message):
        return False
    return _whole_answer(message) is not None


def is_courtesy(message: Message) -> bool:
    """Tell whether it is thanks, a yes or a no, and nothing more; "Ty" and "Si" may be names."""
    words = {i for i, token in enumerate(message.tokens) if token.kind is Kind.WORD}
    said = {i for cue in message.cues for i in range(cue.start, cue.end) if cue.name in _COURTESIES}
    letters = sum(len(message.tokens[i].text) for i in words)
    return letters >= _SHORTEST_COURTESY and words <= said and not _values(message)


def _may_be_answer(message: Message) -> bool:
    """Tell whether nothing but a name, and courtesies, can be said."""
    others = any(c.name not in _SILENT and not _is_particle(message, c) for c in message.cues)
    return not others and not _values(message)


def _is_particle(message: Message, cue: Match) -> bool:
    """Tell whether a joining word belongs to a name: "Di Stefano", "Maria de la Cruz"."""
    ends = cue.end == len(message.tokens) or message.tokens[cue.end].kind is not Kind.WORD
    if cue.name != "joint" or ends:
        return False
    return cue.start > 0 or message.text[message.tokens[0].start].isupper()


def _values(message: Message) -> list[Match]:
    """Give the matches that no name can be."""
    return [m for m in message.found if not _is_words(message, m)]


def _is_words(message: Message, match: Match) -> bool:
    """Tell whether a name may look like this: "Mr Monday" has a day and a title."""
    words = all(t.kind is Kind.WORD for t in message.tokens[match.start : match.end])
    is_day = type(match.value) is Day and match.end - match.start == 1
    return words and (is_day or type(match.value) is Noise)


def _behind(message: Message, start: int) -> _Span | None:
    """Give the words behind an introduction, up to a stop, a number or another matter.

    A day of one word is a part of the name ("Mr Monday") unless it is written small behind one.
    """
    end = start
    taken = {i for m in message.found for i in range(m.start, m.end) if m.end - m.start > 1}
    taken |= {m.start for m in message.found if m.start > start and _is_small(message, m.start)}
    while end < len(message.tokens) and end - start < _LONGEST:
        if _is_title(message, end):
            end += 1
            continue
        is_word = message.tokens[end].kind is Kind.WORD
        is_cue = _is_cue(message, end, start) and not (end > start and _links(message, end))
        if not is_word or end in taken or is_cue:
            break
        end += 1
    return (start, end) if start < end else None


def _is_small(message: Message, at: int) -> bool:
    """Tell whether a word is written small behind one that is not, or that is no "mr"."""
    before, word = message.tokens[at - 1], message.tokens[at]
    named = message.text[before.start].isupper() or len(before.text) > _LONGEST_SMALL_TITLE
    return named and message.text[word.start].islower()


def _is_cue(message: Message, at: int, start: int) -> bool:
    """Tell whether other matters begin here ("under Rossi please")."""
    return any(c.start <= at < c.end and c.start >= start for c in message.cues)


def _links(message: Message, at: int) -> bool:
    """Tell whether joining words lead on to another part of a name ("Julia de la Fuente")."""
    joins = {i for cue in message.told("joint") for i in range(cue.start, cue.end)}
    if at not in joins:
        return False
    while at in joins:
        at += 1
    token = message.tokens[at] if at < len(message.tokens) else None
    return token is not None and token.kind is Kind.WORD and message.text[token.start].isupper()


def _is_title(message: Message, at: int) -> bool:
    """Tell whether a dot ends a short form before a name ("Mrs. Monday", "St. John")."""
    if not 0 < at < len(message.tokens) - 1 or message.tokens[at].text != FULL_STOP:
        return False
    before, after = message.tokens[at - 1], message.tokens[at + 1]
    short = before.kind is Kind.WORD and len(before.text) <= _LONGEST_TITLE
    return short and message.tokens[at].glued and message.text[after.start].isupper()


def _whole_answer(message: Message) -> _Span | None:
    """Give the longest run of words that nothing else explains."""
    cues = (c for c in message.cues if not _is_particle(message, c))
    busy = {i for c in cues for i in range(c.start, c.end)}
    runs: list[tuple[int, int]] = []
    start = 0
    for at in range(len(message.tokens) + 1):
        over = at == len(message.tokens) or at in busy
        titled = at > start and _is_title(message, at)  # "Mr.", but no full stop behind a yes
        if over or not (message.tokens[at].kind is Kind.WORD or titled):
            runs.append((start, at))
            start = at + 1
    start, end = max(runs, key=lambda run: run[1] - run[0])
    is_short = len(message.words(start, end)) <= _LONGEST_WORD
    return (start, end) if 0 < end - start <= _LONGEST and is_short else None
