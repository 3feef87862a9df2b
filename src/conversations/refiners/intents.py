"""What the guest wants, told from the cues of the message, its values, and what was asked."""

from conversations.chart import Match
from conversations.lexer import Kind
from conversations.parsers.findings import (
    Choice,
    Clock,
    Day,
    Figure,
    Later,
    MoreParty,
    Old,
    Party,
    Shift,
    lies_in,
)
from conversations.reading import Asked, Intent, Side, Topic
from conversations.refiners import answers, signatures
from conversations.refiners.gathering import greeting_part
from conversations.refiners.message import Message
from conversations.refiners.slots import Slots

#: cue -> intent, whatever else the message says; the first that is there wins
STRONG: tuple[tuple[str, Intent], ...] = (
    ("off_list", Intent.CANCEL),  # "take me off the waiting list" stops no messages
    ("stop", Intent.STOP),
    ("human", Intent.HUMAN),
    ("restart", Intent.RESTART),
    ("cancel", Intent.CANCEL),
    ("late", Intent.LATE),
    ("waitlist", Intent.WAITLIST),
    ("change", Intent.CHANGE),
)
#: intents whose messages state no values
WITHOUT_SLOTS = frozenset({Intent.STOP, Intent.RESTART, Intent.LATE})
#: in so few words nobody asks for another table
_BRIEF = 2
_SILENT = ("polite", "thanks", "greeting")
_TAKES_BACK = ("correct", "refuse")
#: what was asked when something was proposed, so that one can say no to it
_PROPOSED = (Asked.CONFIRMATION, Asked.CHOICE)
#: who says so would come another time, too, or for the first
NEW = frozenset({"book", "one_more"})


def strong(message: Message) -> Intent | None:
    """Give the intent that needs no values to be told, if any."""
    for cue, intent in STRONG:
        if cue in message.says and any(_counts(message, told) for told in message.told(cue)):
            return intent
    looks = any(_counts(message, told) for told in message.told("lookup"))
    if looks and not _says_anew(message):
        return Intent.LOOKUP
    if _replaces(message) or (_puts_right(message) and _names_existing(message, looks=looks)):
        return Intent.CHANGE
    return Intent.LOOKUP if looks else None


def _replaces(message: Message) -> bool:
    """Tell whether an old value is named of what can only be a booking ("3 of us instead of 4").

    While one is being talked about it corrects that, and so does what begins with a no, or only
    takes back what was just said ("for 6, I mean 7").
    """
    replaced = bool(message.of(Old)) or any(not shift.slip for _, shift in message.of(Shift))
    if message.in_progress or not replaced:
        return False
    corrects = any(cue.start == 0 for name in _TAKES_BACK for cue in message.told(name))
    whole = all(any(type(m.value) is kind for m in message.found) for kind in (Party, Clock, Day))
    books = bool(message.says & NEW) and not signatures.names_booking(message)
    return not (corrects or whole or books)


def _puts_right(message: Message) -> bool:
    """Tell whether something is to be other than it is, or was ("we had 8, now half past")."""
    relative = any(message.of(kind) for kind in (MoreParty, Later, Shift))
    if relative or "amend" in message.says:
        return True
    sizes = {party.size for _, party in message.of(Party)}
    hours = {clock.readings() for _, clock in message.of(Clock)}
    return max(len(sizes), len(hours)) > 1 and "either" not in message.says


def _says_anew(message: Message) -> bool:
    """Tell whether a value is said that a booking could get."""
    return any(type(match.value) in (Party, Clock, Day, Figure) for match in message.found)


def leaves_list(message: Message) -> bool:
    """Tell whether it is the waiting list that a guest gives up, and not a booking."""
    names_it = "waitlist" in message.says
    return names_it or ("off_list" in message.says and "cancel" not in message.says)


def _counts(message: Message, cue: Match) -> bool:
    """Tell whether a cue holds here: some count only alone, "late" not in a correction."""
    moves = message.in_progress or bool(message.says & {"amend", "change"})
    sure = cue.value.get("existing") and "change" not in message.says
    if cue.name == "late" and moves and not sure and message.of(Clock):
        return False
    if cue.name == "late" and _answers(message):
        return False
    books = bool(message.says & {"book", "seek"} or message.of(Party))
    if cue.name == "late" and cue.value.get("weak") and books:
        return False
    if cue.name == "cancel" and cue.value.get("weak") and _moves(message):
        return False
    return not cue.value.get("alone") or _is_alone(message, cue)


def _moves(message: Message) -> bool:
    """Tell whether a guest who cannot come would rather come at another time."""
    moves = any(cue.value.get("existing") for cue in message.told("amend"))
    return moves or "change" in message.says


def _answers(message: Message) -> bool:
    """Tell whether the message says something to what was asked ("no, 21:30 is too late")."""
    if message.context.asked is None:
        return False
    return bool(message.says & {"agree", "refuse"} or message.of(Choice)) or _says_anew(message)


def _is_alone(message: Message, cue: Match) -> bool:
    """Tell whether the message says nothing but this, courtesies aside."""
    silent = {i for c in message.cues if c.name in _SILENT for i in range(c.start, c.end)}
    silent.update(range(cue.start, cue.end))
    return all(i in silent or t.kind is not Kind.WORD for i, t in enumerate(message.tokens))


def _names_existing(message: Message, *, looks: bool) -> bool:
    """Tell whether "move it to 8" can only mean a booking that exists: nothing is in progress."""
    if "holds" in message.says:
        return True
    if message.in_progress:
        return False
    if signatures.names_booking(message):  # "Smith booking Friday: there are 5 of us now"
        return True
    told = (*message.told("amend"), *message.told("name_lead"))  # "the Smith booking was for 4"
    existing = any(cue.value.get("existing") for cue in told)
    return looks or existing


def told(message: Message, slots: Slots, *, named: bool = False, wishes: bool = False) -> Intent:
    """Give the intent when no strong cue has decided.

    Args:
        message: with its cues.
        slots: the values found.
        named: a name was given.
        wishes: a request was made.

    """
    if answers.asks_back(message):
        return Intent.LOOKUP
    answer = answers.answer(message)
    if slots.empty and (slots.choice is not None or answers.puts_off(message)):
        return _put_off(message, answer) if slots.choice is None else Intent.CHOOSE
    if not named and _topic(message, slots) is not None:
        return Intent.QUESTION
    if message.context.asked is Asked.CONFIRMATION:
        answer = answer or _ordered(message)
        if answer and _only_answers(message, slots):
            return answer
    if "holds" in message.says:
        beside = answers.question_beside(message, answers=False)
        return Intent.QUESTION if beside is Topic.OTHER else Intent.LOOKUP
    books = message.says & {"book", "one_more", "seek"} or not slots.empty or named
    likely = wishes or "amend" in message.says
    return Intent.BOOK if books or (likely and not answer) else answer or _manners(message)


def _put_off(message: Message, answer: Intent | None) -> Intent:
    """Take a no to what is to be confirmed for one, whatever is still to be asked elsewhere."""
    asked = message.context.asked in _PROPOSED
    refuses = (asked and answer is Intent.DECLINE) or answers.begins_with_no(message)
    return Intent.DECLINE if refuses else Intent.OTHER


def of_another_matter(message: Message) -> Intent:
    """Give the intent of a message that is not about a visit."""
    private = any(cue.value.get("private") for cue in message.told("not"))
    if not private and _topic(message, Slots()) is not None:
        return Intent.QUESTION
    thanks = {"thanks"} if private else {"thanks", "farewell"}
    return Intent.THANKS if message.says & thanks else Intent.OTHER


def _ordered(message: Message) -> Intent | None:
    """Take "book" or "please reserve it" for a yes to the question whether to book."""
    words = sum(token.kind is Kind.WORD for token in message.tokens)
    brief = words <= _BRIEF or answers.says_only(message, "book")
    return Intent.CONFIRM if "book" in message.says and brief else None


def topic(message: Message, slots: Slots, intent: Intent) -> Topic | None:
    """Give what is asked, by the whole message or beside what else it wants."""
    if intent is Intent.QUESTION:
        return _topic(message, slots) or Topic.OTHER
    if intent in (Intent.CONFIRM, Intent.BOOK, Intent.CHANGE):
        return answers.question_beside(message, answers=intent is Intent.CONFIRM)
    return None


def rather(message: Message) -> Side | None:
    """Give on which side of the known time another one is wanted, if any is."""
    sides = (cue.value["rather"] for cue in message.told("amend") if "rather" in cue.value)
    return next((Side(side) for side in sides), None)


def _topic(message: Message, slots: Slots) -> Topic | None:
    """Give what is asked, or None when the message books or answers rather than asks."""
    says = message.says
    if "one_more" in says or any(not cue.value.get("weak") for cue in message.told("book")):
        return None
    dated = slots.clock is not None or slots.minutes is not None or slots.day is not None
    of_house = _asks_about_house(message)
    if slots.party is not None and (dated or not of_house):
        return None  # "is there parking for 30?" asks
    timed = slots.minutes is not None and "ask_hours" not in says  # "are you open at noon?" asks
    if timed and not (of_house or _asks_of_visit(message)):
        return None
    if message.context.asked is Asked.CONFIRMATION and answers.answer(message):
        return None
    matters = any(cue.value.get("topic") for cue in message.told("ask"))
    seeks = "seek" in says and not (slots.empty and matters)  # "is the kids menu available?"
    proposes = seeks or ("amend" in says and not (slots.empty and "wish" not in says))
    proposes = proposes or _tells(message) or _proposes_day(message, slots)
    for cue, about in answers.QUESTIONS:
        if cue in says and not (cue == "ask" and proposes):
            return about
    return None


def _asks_about_house(message: Message) -> bool:
    """Tell whether a message asks for something else than a table, so that its numbers may too."""
    asks = any(cue.value.get("topic") for cue in message.told("ask"))
    return asks and not message.in_progress and not message.says & {"seek", "change", "holds"}


def _asks_of_visit(message: Message) -> bool:
    """Tell whether a guest says when they come only to ask ("we come at 8, is there parking?")."""
    if message.in_progress or message.says & {"seek", "change"}:
        return False
    return answers.question_beside(message, answers=False) is not None


def _tells(message: Message) -> bool:
    """Tell whether what looks like a question states a wish: "there is a dog, too"."""
    asks = any(token.text == "?" for token in message.tokens)
    sure = any(not cue.value.get("weak") for cue in message.told("ask"))
    return "wish" in message.says and not asks and not sure


def _proposes_day(message: Message, slots: Slots) -> bool:
    """Tell whether what looks like a question only names another day: "can we do the 16th?"."""
    if slots.day is None or not message.in_progress:
        return False
    if any(cue.value.get("topic") for cue in message.told("ask")):
        return False
    return not message.unread


def _only_answers(message: Message, slots: Slots) -> bool:
    """Tell whether an answer has no values, or those known ("yes, 7 is fine", "no, 7 is late")."""
    draft = message.context.draft
    if slots.empty:
        return True
    if not message.says & {"agree", "refuse"} or "amend" in message.says:
        return False
    known = {"party": draft.party_size, "on": draft.date}
    time = draft.time.hour * 60 + draft.time.minute if draft.time else None
    same = all(getattr(slots, k) in (None, v) for k, v in known.items())
    if slots.part is not None and time is not None and not lies_in(slots.part, time):
        return False  # "yes, but for lunch"
    return same and slots.minutes in (None, time) and not slots.ambiguous


def _manners(message: Message) -> Intent:
    says = message.says
    if "thanks" in says or "farewell" in says:
        return Intent.THANKS
    greets = "greeting" in says or greeting_part(message)
    return Intent.GREETING if greets else Intent.OTHER
