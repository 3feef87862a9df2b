"""What the guest wants, told from the cues of the message, its values, and what was asked."""

from conversations.chart import Match
from conversations.lexer import Kind
from conversations.parsers.findings import Clock, Later, MoreParty
from conversations.reading import Asked, Intent, Topic
from conversations.refiners.message import Message
from conversations.refiners.slots import Slots

#: cue -> intent, whatever else the message says; the first that is there wins
STRONG: tuple[tuple[str, Intent], ...] = (
    ("stop", Intent.STOP),
    ("human", Intent.HUMAN),
    ("restart", Intent.RESTART),
    ("cancel", Intent.CANCEL),
    ("late", Intent.LATE),
    ("waitlist", Intent.WAITLIST),
    ("change", Intent.CHANGE),
    ("lookup", Intent.LOOKUP),
)
#: intents whose messages state no values
WITHOUT_SLOTS = frozenset({Intent.STOP, Intent.RESTART, Intent.LATE})
_SILENT = ("polite", "thanks", "greeting")
_QUESTIONS = (
    ("ask_hours", Topic.HOURS),
    ("ask_address", Topic.ADDRESS),
    ("ask", Topic.OTHER),
)


def strong(message: Message) -> Intent | None:
    """Give the intent that needs no values to be told, if any."""
    for cue, intent in STRONG:
        if cue in message.says and any(_counts(message, told) for told in message.told(cue)):
            return intent
    relative = bool(message.of(MoreParty)) or bool(message.of(Later))
    changes = "amend" in message.says or relative
    return Intent.CHANGE if changes and _names_existing(message) else None


def _counts(message: Message, cue: Match) -> bool:
    """Tell whether a cue holds here: some count only alone, "late" not in a correction."""
    if cue.name == "late" and "amend" in message.says and message.of(Clock):
        return False
    if cue.name == "late" and cue.value.get("weak") and message.says & {"book", "seek"}:
        return False
    return not cue.value.get("alone") or _is_alone(message, cue)


def _is_alone(message: Message, cue: Match) -> bool:
    """Tell whether the message says nothing but this, courtesies aside."""
    silent = {i for c in message.cues if c.name in _SILENT for i in range(c.start, c.end)}
    silent.update(range(cue.start, cue.end))
    return all(i in silent or t.kind is not Kind.WORD for i, t in enumerate(message.tokens))


def _names_existing(message: Message) -> bool:
    """Tell whether "move it to 8" can only mean a booking that exists: nothing is in progress."""
    if "holds" in message.says:
        return True
    return not in_progress(message) and any(c.value.get("existing") for c in message.told("amend"))


def in_progress(message: Message) -> bool:
    """Tell whether a booking is being talked about already."""
    context, draft = message.context, message.context.draft
    known = draft.party_size or draft.date or draft.time
    return bool(context.asked or context.options or known)


def told(message: Message, slots: Slots, *, named: bool, wishes: bool) -> Intent:
    """Give the intent when no strong cue has decided.

    Args:
        message: with its cues.
        slots: the values found.
        named: a name was given.
        wishes: a request was made.

    """
    answer = _answer(message)
    if slots.choice is not None and slots.empty:
        return Intent.CHOOSE
    if _topic(message, slots) is not None:
        return Intent.QUESTION
    if answer and message.context.asked is Asked.CONFIRMATION and _only_answers(message, slots):
        return answer
    if "holds" in message.says:
        return Intent.LOOKUP
    if message.says & {"book", "seek"} or not slots.empty or named:
        return Intent.BOOK
    return answer or (Intent.BOOK if wishes or "amend" in message.says else _manners(message))


def topic(message: Message, slots: Slots) -> Topic:
    """Give what a question is about."""
    return _topic(message, slots) or Topic.OTHER


def _topic(message: Message, slots: Slots) -> Topic | None:
    """Give what is asked, or None when the message books or answers rather than asks."""
    says = message.says
    if says & {"book"} or slots.party is not None or slots.minutes is not None:
        return None
    if message.context.asked is Asked.CONFIRMATION and says & {"agree", "refuse"}:
        return None
    proposes = "seek" in says or ("amend" in says and not slots.empty)
    for cue, about in _QUESTIONS:
        if cue in says and not (cue == "ask" and proposes):
            return about
    return None


def _only_answers(message: Message, slots: Slots) -> bool:
    """Tell whether an answer comes without values, or with those known ("yes, 7 is fine")."""
    draft = message.context.draft
    if slots.empty:
        return True
    if "agree" not in message.says:
        return False
    known = {"party": draft.party_size, "on": draft.date}
    time = draft.time.hour * 60 + draft.time.minute if draft.time else None
    same = all(getattr(slots, k) in (None, v) for k, v in known.items())
    return same and slots.minutes in (None, time) and not slots.ambiguous


def _answer(message: Message) -> Intent | None:
    """Give yes or no; when both are said the first counts ("no, that's fine")."""
    answers = [c for c in message.cues if c.name in ("agree", "refuse")]
    if not answers:
        return None
    first = answers[0]
    if first.name == "refuse":
        return Intent.DECLINE
    if first.value.get("weak") and message.context.asked is not Asked.CONFIRMATION:
        return Intent.THANKS if "thanks" in message.says else _if_brief(message, Intent.CONFIRM)
    return Intent.CONFIRM


def _if_brief(message: Message, intent: Intent) -> Intent | None:
    """Give the intent when the message says nothing that no cue explains."""
    told = {i for cue in message.cues for i in range(cue.start, cue.end)}
    words = (i for i, token in enumerate(message.tokens) if token.kind is Kind.WORD)
    return intent if told.issuperset(words) else None


def _manners(message: Message) -> Intent:
    says = message.says
    if "thanks" in says or "farewell" in says:
        return Intent.THANKS
    return Intent.GREETING if "greeting" in says else Intent.OTHER
