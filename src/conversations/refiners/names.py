"""The guest's name: behind words that introduce it, or the whole answer when it was asked for."""

from dataclasses import replace

from conversations.chart import Match
from conversations.lexer import FULL_STOP, Kind
from conversations.parsers.findings import Day, Noise
from conversations.reading import Asked
from conversations.refiners.message import Message, Span
from conversations.refiners.signatures import LONGEST, behind_booking, leads_to_name, signature

_LONGEST_WORD = 40
_LONGEST_TITLE = 4
_LONGEST_SMALL_TITLE = 3
_SHORTEST_COURTESY = 4
_COURTESIES = frozenset({"polite", "thanks", "greeting", "agree", "refuse", "farewell"})
_SILENT = ("polite", "thanks", "greeting", "agree", "name_lead", "joint")


def name(message: Message) -> str | None:
    """Give the name as it was written, or None."""
    span = find(message)
    return message.words(*span) if span else None


def without_name(message: Message, span: Span | None) -> Message:
    """Give the message without what looks like a day and is a part of the name ("Ann Monday")."""
    start, end = span or (0, 0)
    names = [day for day, _ in message.of(Day) if start < day.end <= end]
    if not names:
        return message
    return replace(message, found=[match for match in message.found if match not in names])


def find(message: Message) -> Span | None:
    """Give where the name stands, from the first token up to behind the last."""
    asked = message.context.asked is Asked.NAME
    leads = [lead for lead in _leads(message) if asked or not lead.value.get("asked")]
    for lead in sorted(leads, key=_is_faint):
        if _is_faint(lead) and not _is_followed_by_name(message, lead, asked=asked):
            continue
        found = _behind(message, _end(message, lead))
        if found:
            return found
    inside = _inside(message)
    if inside or asked:
        return inside or (_whole_answer(message) if _may_be_answer(message) else None)
    return _behind_yes(message) or behind_booking(message) or signature(message)


def _behind_yes(message: Message) -> Span | None:
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


def _inside(message: Message) -> Span | None:
    """Give the name within words that stand around it ("the Henderson booking", "Dave here")."""
    for cue in (cue for cue in message.cues if cue.value.get("within")):
        if cue.value.get("first") and not _opens_clause(message, cue.start):
            continue
        places = [at for at in range(cue.start, cue.end) if _may_be_name(message, at)]
        if places:
            return places[0], places[-1] + 1
    return None


def _opens_clause(message: Message, at: int) -> bool:
    """Tell whether no word stands before, up to a mark, but those of a greeting."""
    greets = any(cue.end == at for cue in message.told("greeting"))
    return at == 0 or greets or message.tokens[at - 1].kind is not Kind.WORD


def _may_be_name(message: Message, at: int) -> bool:
    """Tell whether a word has a capital, and is not both frequent and known to a rule ("The")."""
    token, language = message.tokens[at], message.language
    usual = token.text in language.words and token.text in language.lexicon.entries
    return token.kind is Kind.WORD and message.text[token.start].isupper() and not usual


def _leads(message: Message) -> list[Match]:
    """Give the words that introduce a name, be it within another matter."""
    leads = (cue for cue in message.cues if cue.name == "name_lead" or cue.value.get("named"))
    return [cue for cue in leads if not cue.value.get("within")]


def _end(message: Message, lead: Match) -> int:
    """Give where the name begins: its particle may look like the last word of the introduction.

    Such a joining word has a capital, and not all before it has ("a nome Di Stefano").
    """
    *before, last = message.tokens[lead.start : lead.end]
    joins = ("<joint>", None) in message.language.lexicon.entries.get(last.text, ())
    small = any(message.text[token.start].islower() for token in before)
    return lead.end - 1 if joins and small and message.text[last.start].isupper() else lead.end


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
    known = token.text in message.language.lexicon.entries
    return token.kind is Kind.WORD and (not known or leads_to_name(message, lead.end))


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
    cues = (cue for cue in message.cues if not _gives_phone(message, cue))
    others = any(c.name not in _SILENT and not _is_particle(message, c) for c in cues)
    return not others and not _values(message)


def _gives_phone(message: Message, cue: Match) -> bool:
    """Tell whether a cue only says what a phone number is ("Fitzgerald, mobile 087 555 0143")."""
    kinds = (token.kind for token in message.tokens[cue.start : cue.end])
    return cue.name == "not" and Kind.NOISE in kinds


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


def _behind(message: Message, start: int) -> Span | None:
    """Give the words behind an introduction, up to a stop, a number or another matter.

    A day of one word is a part of the name ("Mr Monday") unless it is written small behind one.
    """
    end = start
    longer = (m for m in message.found if m.end - max(m.start, start) > 1)
    taken = {i for m in longer for i in range(m.start, m.end)}
    taken |= {m.start for m in message.found if m.start > start and _is_small(message, m.start)}
    while end < len(message.tokens) and end - start < LONGEST:
        if _is_title(message, end):
            end += 1
            continue
        is_word = message.tokens[end].kind is Kind.WORD
        is_cue = _is_cue(message, end, start) and not (end > start and _links(message, end))
        if not is_word or end in taken or is_cue or _goes_on(message, start, end):
            break
        end += 1
    return (start, end) if start < end else None


def _goes_on(message: Message, start: int, end: int) -> bool:
    """Tell whether the sentence goes on behind a name: a frequent word is written small.

    Such words before another one with a capital may be a part of the name ("Ann von der Thun").
    """
    if end == start or not message.text[message.tokens[start].start].isupper():
        return False
    token, *behind = message.tokens[end : end + 3]
    frequent = token.text in message.language.words and message.text[token.start].islower()
    is_part = token.start == message.tokens[end - 1].end  # spelling cuts "Kaufmann" in two
    linked = any(message.text[other.start].isupper() for other in behind)
    return frequent and not is_part and not linked


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
    """Tell whether a dot belongs to a short form ("Mrs. Monday", "St. John", "Sig.ra Rossi")."""
    if not 0 < at < len(message.tokens) - 1 or message.tokens[at].text != FULL_STOP:
        return False
    before, after = message.tokens[at - 1], message.tokens[at + 1]
    short = before.kind is Kind.WORD and len(before.text) <= _LONGEST_TITLE
    goes_on = after.kind is Kind.WORD and after.glued and len(after.text) <= _LONGEST_TITLE
    goes_on = goes_on or message.text[after.start].isupper()
    return short and message.tokens[at].glued and goes_on and not _begins_matter(message, at + 1)


def _begins_matter(message: Message, at: int) -> bool:
    """Tell whether another matter begins here: the dot before ends a sentence ("Ana. We")."""
    cues = any(cue.start == at and not _is_particle(message, cue) for cue in message.cues)
    return cues or any(match.start == at for match in _values(message))


def _has_capitals(message: Message, run: Span) -> bool:
    """Tell whether all words of a run begin with one."""
    words = [t for t in message.tokens[run[0] : run[1]] if t.kind is Kind.WORD]
    return bool(words) and all(message.text[t.start].isupper() for t in words)


def _whole_answer(message: Message) -> Span | None:
    """Give the longest run of words that nothing else explains, of those with capitals if any."""
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
    start, end = max(runs, key=lambda run: (_has_capitals(message, run), run[1] - run[0]))
    is_short = len(message.words(start, end)) <= _LONGEST_WORD
    return (start, end) if 0 < end - start <= LONGEST and is_short else None
