"""Yes, no, and what only looks like one: asked back, put off, or taken back."""

from dataclasses import dataclass

from conversations.chart import Match
from conversations.lexer import Kind
from conversations.parsers.findings import Noise
from conversations.reading import Asked, Intent, Topic
from conversations.refiners.message import Message

#: cue -> what is asked about
QUESTIONS = (
    ("ask_hours", Topic.HOURS),
    ("ask_address", Topic.ADDRESS),
    ("ask", Topic.OTHER),
)
_ASKS = ("lookup", *(cue for cue, _ in QUESTIONS))
_SILENT = ("polite", "thanks", "greeting", "joint")
#: a clause with one of these wants something else than an answer from the venue file
_WANTS = frozenset({"book", "seek", "wish", "amend", "change", "cancel", "lookup", "human", "late"})


@dataclass(frozen=True)
class Clause:
    """A stretch of a message between stops and commas; `asks` if it ends in a question mark."""

    start: int
    end: int
    asks: bool

    def holds(self, match: Match) -> bool:
        """Tell whether a match begins in it."""
        return self.start <= match.start < self.end


def answer(message: Message) -> Intent | None:
    """Give yes or no, or None when neither is said plainly.

    A yes inside a question is none ("is that ok?", "how do I confirm?"). When both are said the
    first counts ("no, that's fine"), unless the first was mere politeness ("ok, no") or is taken
    back ("no wait, yes"); "yes or no" is neither.
    """
    said = _deciding(message)
    if said is None:
        return None
    if said.name == "refuse":
        return Intent.DECLINE
    if not said.value.get("weak") or message.context.asked is Asked.CONFIRMATION:
        return Intent.CONFIRM
    if message.says & {"thanks", "farewell"}:
        return Intent.THANKS
    return Intent.CONFIRM if says_only(message, *message.says) else None


def _deciding(message: Message) -> Match | None:
    """Give the yes or no that counts."""
    if {"agree", "either", "refuse"} <= message.says:
        return None
    if puts_off(message):  # "no, let me ask my wife first"
        return next(iter(message.told("refuse")), None)
    said = [c for c in message.cues if c.name in ("agree", "refuse") and _is_meant(message, c)]
    if not said or said[0].name == said[-1].name:
        return said[0] if said else None
    first, last = said[0], said[-1]
    polite = first.name == "agree" and first.value.get("weak")
    if polite or message.between(first.end, last.start, "correct"):
        return last
    both = first.name == "agree" and says_only(message, "agree", "refuse")
    return None if both else first


def asks_back(message: Message) -> bool:
    """Tell whether a guest asks if all is well with what is known ("is it ok?")."""
    context, known = message.context, message.context.draft
    if context.asked not in (None, Asked.NAME) or message.found or "agree" not in message.says:
        return False
    asks = "ask" in message.says or message.tokens[-1].text == "?"
    whole = None not in (known.party_size, known.date, known.time)
    return asks and whole and says_only(message, "agree", "ask")


def puts_off(message: Message) -> bool:
    """Tell whether the guest will answer later ("let me ask my wife first")."""
    waits = "correct" in message.says and not message.found and says_only(message, "correct")
    return waits or "hesitate" in message.says


def begins_with_no(message: Message) -> bool:
    """Tell whether the first clause is a no and nothing more ("no, let me ask my wife first")."""
    first = clauses(message)[0]
    told = [cue for cue in message.told("refuse") if first.holds(cue)]
    return any(
        words_between(message, first.start, cue.start) == 0
        and words_between(message, cue.end, first.end) == 0
        for cue in told
    )


def question_beside(message: Message, *, answers: bool) -> Topic | None:
    """Give what is asked in a clause of its own, beside what the message wants ("yes. Parking?").

    Args:
        message: with its cues.
        answers: the rest only answers, so that any question counts; else only one that names
            something that no booking is about.

    """
    for clause in clauses(message):
        says = {c.name for c in message.cues if clause.holds(c)}
        values = any(clause.holds(m) and type(m.value) is not Noise for m in message.found)
        if answers and _asks_what_there_is(message, clause) and not values:
            return Topic.OTHER
        asked = [cue.value for cue in message.told("ask") if clause.holds(cue)]
        foreign = any(value.get("elsewhere") for value in asked)
        wants = says & _WANTS and not foreign  # "is the terrace heated?" wishes for none
        if values or wants or ("agree" in says and not answers):
            continue
        matters = foreign or any(value.get("topic") for value in asked)
        for cue, about in QUESTIONS:
            if cue in says and (about is not Topic.OTHER or matters or (answers and clause.asks)):
                return about
    return None


def asked_about(message: Message) -> set[int]:
    """Give the positions of clauses that ask what the house has; what they name is no wish."""
    asking = (c for c in clauses(message) if _asks_what_there_is(message, c))
    return {i for clause in asking for i in range(clause.start, clause.end)}


def says_only(message: Message, *names: str) -> bool:
    """Tell whether nothing but these cues is said, courtesies aside."""
    told = {
        i
        for cue in message.cues
        if cue.name in names or cue.name in _SILENT
        for i in range(cue.start, cue.end)
    }
    words = (i for i, token in enumerate(message.tokens) if token.kind is Kind.WORD)
    return told.issuperset(words)


def _is_meant(message: Message, cue: Match) -> bool:
    """Tell whether a yes or no answers, rather than being asked about."""
    if cue.value.get("order"):
        return True
    clause = next(c for c in clauses(message) if c.holds(cue))
    if cue.value.get("first") and words_between(message, clause.start, cue.start):
        return False  # "the pram is big"
    if any(c.name in _ASKS and clause.start <= c.start < cue.start for c in message.cues):
        return False
    if not clause.asks:
        return True
    opens = words_between(message, clause.start, cue.start) == 0
    goes_on = words_between(message, cue.end, clause.end) > 0
    return opens and goes_on and not cue.value.get("weak")


def _asks_what_there_is(message: Message, clause: Clause) -> bool:
    """Tell a question ("is there a veggie menu?") from a wish ("can we have the window?")."""
    asked = [c for c in message.told("ask") if c.value.get("offers") and clause.holds(c)]
    opens = (c for c in asked if not c.value.get("weak"))
    return any(asked) and (
        clause.asks or any(words_between(message, clause.start, cue.start) == 0 for cue in opens)
    )


def words_between(message: Message, start: int, end: int) -> int:
    """Count the words that are no courtesy."""
    polite = {i for c in message.cues if c.name in _SILENT for i in range(c.start, c.end)}
    return sum(message.tokens[i].kind is Kind.WORD and i not in polite for i in range(start, end))


def clauses(message: Message) -> list[Clause]:
    """Cut at stops and commas; only the last part of a sentence with a question mark asks."""
    found, start = [], 0
    for at, token in enumerate(message.tokens):
        if token.kind is Kind.STOP or token.text == ",":
            found.append(Clause(start, at + 1, token.text == "?"))
            start = at + 1
    return [*found, Clause(start, len(message.tokens), asks=False)]
