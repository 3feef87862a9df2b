"""Numbers without a sign of what they count: the context decides.

In this order: what was offered, what was asked, what is still missing, when the venue is open.
"""

from conversations.chart import Match
from conversations.lexer import Kind, Token
from conversations.parsers.clocks import hour_and_minute
from conversations.parsers.dates import coming
from conversations.parsers.findings import (
    NOON,
    Besides,
    Clock,
    Day,
    Figure,
    MoreParty,
    Noise,
    Party,
)
from conversations.parsers.parties import LARGEST
from conversations.reading import Asked
from conversations.refiners import relevance
from conversations.refiners.hours import is_open, meant, minutes_of
from conversations.refiners.message import Message
from conversations.refiners.options import choose_by_number
from conversations.refiners.slots import Slots

#: a party of more is unlikely to be said by a number alone
_USUAL_PARTY = 30
#: a visit is moved by not much more, in minutes
_NEAR = 2 * 60
#: digits of the cents of a price, and what the minutes of an hour are less than
_CENTS, _HOUR = 2, 60
#: until then a time may belong to the night before
_SMALL_HOURS = 4 * 60
#: nobody comes at 20:19, so "2019" is no time
_FIVE = 5
#: what is told by a number
_SIZED = (Clock, Figure, Party)
_OPENS_LIST = ":"
#: the rule that counts persons ("me and my wife"), and no number
_NAMED_PERSONS = "company"


def resolve(message: Message, slots: Slots) -> None:
    """Give each number that nobody took to a choice, a party, a time or a day, or to nobody."""
    figures = [(m, f) for m, f in message.of(Figure) if not _named(message, m, f)]
    if figures and relevance.numbers_are_foreign(message):
        figures = [(m, f) for m, f in figures if f.lead == "for" or _is_late_hour(f)]
    figures = [(m, f) for m, f in figures if not _counts_things(message, m, f)]
    figures = [(m, f) for m, f in figures if not _is_of_price(message, m)]
    for place, (match, figure) in enumerate(figures):
        taken = (
            _corrects(message, slots, match, figure)
            or (figure.number == slots.party and figure.lead != "at")
            or _is_taken_back(message, match, figure)
            or _moves_the_time(message, slots, figure)
            or _is_old_hour(message, slots, match, figure)
            or (slots.choice is not None and not figure.lead)
            or _is_alternative(message, slots, match)
            or _chooses(message, slots, figure)
            or _answers(message, slots, figure)
            or _before_for(message, slots, figure, figures[place + 1 : place + 2])
        )
        if not taken and figure.lead == "for":
            may_be_time = "holds" not in message.says and _may_be_time(message, slots, figure)
            _ = _as_party(slots, figure) or (may_be_time and _as_time(slots, figure))
        elif not taken and figure.lead == "at" and _is_hour(message, slots, figure):
            _ = _as_time(slots, figure) or _as_party(slots, figure)
        elif not taken and (figure.digits >= 0 or len(message.tokens) == 1):  # "uma" is all
            rest = [other for _, other in figures[place + 1 :]]
            _by_draft(message, slots, match, figure, rest)
    _add(message, slots)


def _counts_things(message: Message, match: Match, figure: Figure) -> bool:
    """Tell whether a number belongs to the word behind it, which no rule knows ("30 kg").

    What answers, or stands beside a day, is about the visit: "3 ladies, Friday at 8".
    """
    if match.end not in message.unread:
        return False
    answers = message.context.asked in (Asked.PARTY_SIZE, Asked.TIME) or "amend" in message.says
    if figure.digits < 0 and figure.lead:  # "for one that likes it", but "para un café"
        return message.tokens[match.end].text not in message.language.words
    return figure.digits < 0 or not (figure.lead or answers or message.of(Day))


def _is_of_price(message: Message, match: Match) -> bool:
    """Tell whether a number stands before or behind the mark of "14,90", which is no time."""
    tokens = message.tokens
    for at in range(max(1, match.end - 2), min(match.end + 1, len(tokens) - 1)):
        before, mark, behind = tokens[at - 1 : at + 2]
        kinds = (before.kind, mark.kind, behind.kind) == (Kind.NUMBER, Kind.MARK, Kind.NUMBER)
        if kinds and mark.glued and behind.glued and len(behind.text) == _CENTS:
            return int(behind.text) >= _HOUR
    return False


def _is_late_hour(figure: Figure) -> bool:
    """Tell whether a number is said like an hour, and no clock face shows it ("à 23")."""
    return figure.lead == "at" and figure.number > NOON


def _is_hour(message: Message, slots: Slots, figure: Figure) -> bool:
    """Tell whether a number that is an hour or a company is rather the hour ("à 8", "à 20")."""
    if figure.number > NOON or figure.digits < 0:
        return figure.digits >= 0
    return message.context.draft.time is None and _may_be_time(message, slots, figure)


def _add(message: Message, slots: Slots) -> None:
    """Add who comes besides a party that was said, or more than known."""
    counted = [besides.size for _, besides in message.of(Besides) if besides.counted]
    if slots.party is None and message.context.draft.party_size is None and counted:
        slots.party = sum(counted)
    elif slots.party is not None:
        beside = (one for at, one in message.of(Besides) if not _is_listed(message, at))
        slots.party += sum(besides.size for besides in beside)
    base = message.context.draft.party_size if slots.party is None else None
    said = min((match.start for match, _ in message.of(Party)), default=-1)
    if "holds" in message.says:
        base = slots.party
    for match, more in message.of(MoreParty):
        if base and base + more.by > 0 and said < match.start:  # "one more, so 7 in total"
            slots.party = base + more.by


def _is_listed(message: Message, match: Match) -> bool:
    """Tell whether a colon opens the list of those who are counted ("3 of us: me, mum and Leo")."""
    parties = (party.end for party, _ in message.of(Party) if party.end <= match.start)
    start = max(parties, default=match.start)
    return any(
        message.tokens[at].text == _OPENS_LIST and not message.tokens[at + 1].glued  # no "18:30"
        for at in range(start, match.start)
    )


def _before_for(
    message: Message, slots: Slots, figure: Figure, behind: list[tuple[Match, Figure]]
) -> bool:
    """Take "4 for 9" for a party and a time, when only the second number can be an hour."""
    if figure.lead or not behind or behind[0][1].lead != "for":
        return False
    if _may_be_time(message, slots, figure) or not _may_be_time(message, slots, behind[0][1]):
        return False
    return _as_party(slots, figure) and _as_time(slots, behind[0][1])


def _is_alternative(message: Message, slots: Slots, match: Match) -> bool:
    """Tell whether the number is the second of two that will both do ("7 or 8", "8.30 or 9")."""
    found = slots.clock is not None or slots.party is not None
    before = [m.end for m in message.found if m.end <= match.start and type(m.value) in _SIZED]
    return found and bool(before) and message.between(before[-1], match.start, "either")


def _corrects(message: Message, slots: Slots, match: Match, figure: Figure) -> bool:
    """Put the number in the place of what it takes back ("for 2, no make that 3")."""
    before = [m for m in message.found if m.end <= match.start and type(m.value) is not Noise]
    if not before or not message.between(before[-1].end, match.start, "correct", "amend", "refuse"):
        return False
    if "holds" in message.says and slots.party is not None:
        if _may_be_time(message, slots, figure):
            slots.party, slots.ambiguous, slots.number = None, ("party_size", "time"), figure.number
        else:
            slots.party = figure.number
        return True
    sized = [m.value for m in before if type(m.value) in _SIZED]
    value, clock = (sized or [None])[-1], hour_and_minute(figure.number, figure.digits)
    if type(value) is Clock and clock and not figure.lead:
        slots.clock = clock
        return True
    if type(value) in (Figure, Party) and slots.party is not None:
        slots.party = figure.number
        return True
    return False


def _is_taken_back(message: Message, match: Match, figure: Figure) -> bool:
    """Tell whether a party is put in the place of the number ("for 3, I mean 4 people")."""
    alike = (other for other, one in message.of(Figure) if figure.lead and one.lead == figure.lead)
    parties = (other for other, _ in message.of(Party))
    behind = [other.start for other in (*alike, *parties) if other.start >= match.end]
    return any(message.between(match.end, at, "correct", "amend", "refuse") for at in behind)


def _moves_the_time(message: Message, slots: Slots, figure: Figure) -> bool:
    """Take the number for the new time of a visit whose old time is named ("my 7pm ... to 9").

    Without a "to" it is near the old one, and nothing else is told ("a table at 7 ... 8 instead").
    """
    clock, hours = hour_and_minute(figure.number, figure.digits), message.context.hours
    old = slots.clock
    holds = {"holds", "amend"} <= message.says
    moves = "change" in message.says or holds
    if figure.lead not in ("", "to") or clock is None or not moves:
        return False
    if not isinstance(old, Clock) or slots.old_clock:
        return False
    near = holds and abs(meant(clock, hours) - meant(old, hours)) <= _NEAR
    if not figure.lead and (slots.party is not None or not near):
        return False  # "my table at 7 for 4 ... now 6"
    if hours and not is_open(meant(clock, hours), hours):
        return False
    slots.old_clock, slots.clock = old, clock
    return True


def _is_old_hour(message: Message, slots: Slots, match: Match, figure: Figure) -> bool:
    """Take "for 7" for the old hour of a booking that gets a new one ("booked for 7 ... 7.30?").

    The new hour is near; if it was the company all the same, that stays as it is.
    """
    clock, hours, new = hour_and_minute(figure.number, 0), message.context.hours, slots.clock
    if figure.lead != "for" or clock is None or not isinstance(new, Clock) or slots.old_clock:
        return False
    moved = message.between(match.end, len(message.tokens), "amend") and "holds" in message.says
    if not moved or abs(meant(clock, hours) - meant(new, hours)) > _NEAR:
        return False
    slots.old_clock = clock
    return True


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
    if asked is Asked.PARTY_SIZE and _is_total(message, slots, figure):
        slots.party = figure.number
        return True
    if asked is Asked.PARTY_SIZE:
        return _as_party(slots, figure) or not figure.lead  # "4, maybe 5" has no time
    if asked is Asked.TIME:
        return _as_time(slots, figure) or _as_only_day(message, slots, figure)
    counted = figure.digits >= 0  # "un bambino" is no first of the month
    return asked is Asked.DATE and counted and _as_day(message, slots, figure)


def _is_total(message: Message, slots: Slots, figure: Figure) -> bool:
    """Tell whether a number counts more than the persons named beside it ("6, with gran")."""
    rules = {match.name for match, _ in message.of(Party)}
    plain = figure.digits >= 0 and not figure.lead and not message.of(Besides)
    return plain and rules == {_NAMED_PERSONS} and figure.number > (slots.party or LARGEST)


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
        _as_known(message, slots, figure, is_party=same[0])
    elif not _may_be_party(slots, figure):
        if _may_be_time(message, slots, figure):
            _as_time(slots, figure)
    elif not _may_be_time(message, slots, figure):
        _as_party(slots, figure)
    elif (draft.party_size is None) != (draft.time is None):
        _ = _as_party(slots, figure) if draft.party_size is None else _as_time(slots, figure)
    elif slots.old_clock is not None:
        _ = _as_party(slots, figure) if _is_known_party(message, slots) else _as_time(slots, figure)
    elif draft.party_size is not None or message.says & {"change", "holds", "amend"}:
        slots.ambiguous, slots.number = ("party_size", "time"), figure.number
    elif _says_time(message, match, figure, rest):
        _as_time(slots, figure)
    else:
        _as_party(slots, figure)


def _as_known(message: Message, slots: Slots, figure: Figure, *, is_party: bool) -> None:
    """Take a number that is the known party, or the known time.

    A yes says it again; else the other one is changed, unless that is said besides ("4 at 9").
    """
    restates = "agree" in message.says and "amend" not in message.says
    timed = is_party is not restates and _as_time(slots, figure)
    if not timed and is_party >= restates:
        _as_party(slots, figure)


def _is_known_party(message: Message, slots: Slots) -> bool:
    """Tell whether what no longer holds is the known party ("6 not 4"), and not the known time."""
    draft, old = message.context.draft, slots.old_clock
    if old is None or not old.bare or old.hour != draft.party_size:
        return False
    return draft.time is None or minutes_of(draft.time) not in old.readings()


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
    if clock is None or clock.minute % _FIVE or slots.clock is not None:
        return False
    if slots.minutes is not None:
        return False
    now, hours = message.context.now, message.context.hours
    today = slots.day is not None and not slots.day.again and slots.day.date == now.date()
    after = minutes_of(now.time()) if today else -1
    minutes = meant(clock, hours, after=after)
    return not hours or (is_open(minutes, hours) and (minutes > after or minutes < _SMALL_HOURS))


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
        and (other.end == match.start or (other.start == match.end and not _for(message, other)))
        for other in message.found
    )


def _for(message: Message, day: Match) -> bool:
    """Tell whether a day is said with "for": "2 for tonight" are persons."""
    return ("<for>", None) in message.language.lexicon.entries.get(
        message.tokens[day.start].text, ()
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
