"""Numbers without a sign of what they count: the context decides.

In this order: what was offered, what was asked, what is still missing, when the venue is open.
"""

from conversations.chart import Match
from conversations.lexer import Kind, Token
from conversations.parsers.clocks import hour_and_minute
from conversations.parsers.dates import coming
from conversations.parsers.findings import Besides, Clock, Day, Figure, MoreParty, Noise, Party
from conversations.parsers.parties import LARGEST
from conversations.reading import Asked
from conversations.refiners.hours import is_open, meant, minutes_of
from conversations.refiners.message import Message
from conversations.refiners.options import choose_by_number
from conversations.refiners.slots import Slots

#: a party of more is unlikely to be said by a number alone
_USUAL_PARTY = 30


def resolve(message: Message, slots: Slots) -> None:
    """Give each number that nobody took to a choice, a party, a time or a day, or to nobody."""
    figures = [(m, f) for m, f in message.of(Figure) if not _named(message, m, f)]
    for place, (match, figure) in enumerate(figures):
        taken = (
            _corrects(message, slots, match, figure)
            or figure.number == slots.party
            or (slots.choice is not None and not figure.lead)
            or _chooses(message, slots, figure)
            or _answers(message, slots, figure)
        )
        if not taken and figure.lead == "for":
            _ = _as_party(slots, figure) or _as_time(slots, figure)
        elif not taken and figure.digits >= 0:
            rest = [other for _, other in figures[place + 1 :]]
            _by_draft(message, slots, match, figure, rest)
    _add(message, slots)


def _add(message: Message, slots: Slots) -> None:
    """Add who comes besides a party that was said, or more than known."""
    if slots.party is not None:
        slots.party += sum(besides.size for _, besides in message.of(Besides))
    base = message.context.draft.party_size if slots.party is None else None
    if "holds" in message.says:
        base = slots.party
    for _, more in message.of(MoreParty):
        if base and base + more.by > 0:
            slots.party = base + more.by


def _corrects(message: Message, slots: Slots, match: Match, figure: Figure) -> bool:
    """Put the number in the place of what it takes back ("for 2, no make that 3")."""
    before = [m for m in message.found if m.end <= match.start and type(m.value) is not Noise]
    if not before or not message.between(before[-1].end, match.start, "correct", "amend", "refuse"):
        return False
    if "holds" in message.says and slots.party is not None:
        slots.party, slots.ambiguous, slots.number = None, ("party_size", "time"), figure.number
        return True
    value, clock = before[-1].value, hour_and_minute(figure.number, figure.digits)
    if type(value) is Clock and clock and not figure.lead:
        slots.clock = clock
        return True
    if type(value) in (Figure, Party) and slots.party is not None:
        slots.party = figure.number
        return True
    return False


def _named(message: Message, match: Match, figure: Figure) -> bool:
    """Tell whether a number belongs to a name: "Bistro 2", "Three Points"."""
    before = message.tokens[match.start - 1] if match.start else None
    if figure.lead or before is None or before.kind is not Kind.WORD:
        return False
    if not figure.digits:
        return _capital(message, message.tokens[match.start])
    known = before.text in message.language.lexicon.entries
    return match.start > 1 and not known and _capital(message, before)


def _capital(message: Message, token: Token) -> bool:
    return message.text[token.start].isupper()


def _chooses(message: Message, slots: Slots, figure: Figure) -> bool:
    """Take the number for one of the options."""
    place = 0 if figure.lead else figure.number
    return choose_by_number(message, slots, place, hour_and_minute(figure.number, figure.digits))


def _answers(message: Message, slots: Slots, figure: Figure) -> bool:
    """Take the number for what was asked."""
    asked = message.context.asked
    if asked is Asked.PARTY_SIZE:
        return _as_party(slots, figure) or not figure.lead  # "4, maybe 5" has no time
    if asked is Asked.TIME:
        return _as_time(slots, figure) or _as_only_day(message, slots, figure)
    counted = figure.digits >= 0  # "un bambino" is no first of the month
    return asked is Asked.DATE and counted and _as_day(message, slots, figure)


def _as_only_day(message: Message, slots: Slots, figure: Figure) -> bool:
    """Take what can be no time for a day, when that is missing besides ("the 27th": "27")."""
    draft = message.context.draft
    missing = draft.party_size is not None and draft.date is None
    alone = slots.clock is None and slots.minutes is None and not figure.lead
    return missing and alone and figure.digits >= 0 and _as_day(message, slots, figure)


def _by_draft(
    message: Message, slots: Slots, match: Match, figure: Figure, rest: list[Figure]
) -> None:
    """Decide by what is missing; when either may be meant, say so."""
    draft = message.context.draft
    same = _same(message, figure)
    either = _may_be_party(slots, figure) and _may_be_time(message, slots, figure)
    if same and same[0] != same[1] and either and not message.cues:
        slots.ambiguous, slots.number = ("party_size", "time"), figure.number
    elif same and same[0] != same[1]:
        restates = "agree" in message.says and "amend" not in message.says
        _ = _as_party(slots, figure) if same[0] is restates else _as_time(slots, figure)
    elif not _may_be_party(slots, figure):
        if _may_be_time(message, slots, figure):
            _as_time(slots, figure)
    elif not _may_be_time(message, slots, figure):
        _as_party(slots, figure)
    elif (draft.party_size is None) != (draft.time is None):
        _ = _as_party(slots, figure) if draft.party_size is None else _as_time(slots, figure)
    elif slots.old_clock is not None:
        _as_time(slots, figure)
    elif draft.party_size is not None or message.says & {"change", "holds", "amend"}:
        slots.ambiguous, slots.number = ("party_size", "time"), figure.number
    elif _says_time(message, match, figure, rest):
        _as_time(slots, figure)
    else:
        _as_party(slots, figure)


def _same(message: Message, figure: Figure) -> tuple[bool, bool] | None:
    """Tell whether the number is the known party, and the known time, when both are known.

    A yes restates what is known ("yes, 7 is fine"); else the other is changed ("make it 7").
    """
    draft = message.context.draft
    clock = hour_and_minute(figure.number, figure.digits)
    if draft.party_size is None or draft.time is None or clock is None:
        return None
    return draft.party_size == figure.number, minutes_of(draft.time) in clock.readings()


def _may_be_party(slots: Slots, figure: Figure) -> bool:
    return slots.party is None and 0 < figure.number <= _USUAL_PARTY


def _may_be_time(message: Message, slots: Slots, figure: Figure) -> bool:
    """Tell whether the number can be an hour at which the venue is open."""
    clock = hour_and_minute(figure.number, figure.digits)
    if clock is None or slots.clock is not None or slots.minutes is not None:
        return False
    hours = message.context.hours
    return not hours or is_open(meant(clock, hours), hours)


def _says_time(message: Message, match: Match, figure: Figure, rest: list[Figure]) -> bool:
    """Tell whether, of all that it can be, a number is rather a time.

    Of two numbers the later or longer one is; a lone number is when it stands beside a day.
    """
    if rest:
        other = rest[0]
        longer = other.digits > figure.digits or other.number >= figure.number
        return other.lead == "for" or not longer
    return any(
        (type(other.value) is Day or other.name == "day_part")
        and (other.end == match.start or other.start == match.end)
        for other in message.found
    )


def _as_party(slots: Slots, figure: Figure) -> bool:
    if slots.party is not None or not 0 < figure.number <= LARGEST:
        return False
    slots.party = figure.number
    return True


def _as_time(slots: Slots, figure: Figure) -> bool:
    clock: Clock | None = hour_and_minute(figure.number, figure.digits)
    if clock is None or slots.clock is not None or slots.minutes is not None:
        return False
    slots.clock = clock
    return True


def _as_day(message: Message, slots: Slots, figure: Figure) -> bool:
    if slots.day is None:
        slots.day = coming(figure.number, message.context.now)
        return slots.day is not None
    return False
