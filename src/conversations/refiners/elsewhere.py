"""What a message tells or asks of something else than a visit to come: its values book nothing.

"We waited an hour on Saturday", "is there a bus after 11", "the plumber comes on Tuesday at 9".
"""

from dataclasses import replace

from conversations.chart import Match
from conversations.parsers.findings import Clock, Day, Figure, Noise, Party, Window
from conversations.refiners.answers import Clause, clauses, words_between
from conversations.refiners.message import Message
from conversations.refiners.relevance import BOOKS, WANTS_TABLE

#: with one of these the hour of a question may be that of a visit
_MAY_VISIT = BOOKS | {"amend", "ask_hours"}
#: so many words that no rule knows make a question one of something else
_STRANGE = 2


def is_told(message: Message) -> bool:
    """Tell whether a rule says that all of a message is of something else, and nothing of a visit.

    Nor is it while a booking is in progress, or when it says how many come and at what time; a day
    is not enough for what is meant for somebody else.
    """
    told = [cue for cue in message.told("not") if cue.value.get("elsewhere")]
    if not told or message.in_progress or _is_complete(message, told):
        return False
    parts = clauses(message)
    if any(_books(message, part) for part in parts):
        return False
    plain = [part for part in parts if not any(map(part.holds, told))]
    private = any(cue.value.get("private") for cue in told)
    return private or not _says_who_and_when(message, plain)


def without(message: Message) -> Message:
    """Give the message without the values that are about something else."""
    return _without_asked(_without_told(message))


def _without_told(message: Message) -> Message:
    """Leave out the values beside words that say so ("we come at 8, is there a bus at 11?")."""
    told = [cue for cue in message.cues if cue.value.get("elsewhere")]
    if not told or _is_complete(message, told):
        return message
    parts = clauses(message)
    others = [part for part in parts if any(map(part.holds, told)) and not _books(message, part)]
    kept = [m for m in message.found if not any(_ends_in(part, m) for part in others)]
    return replace(message, found=kept)


def _is_complete(message: Message, told: list[Match]) -> bool:
    """Tell whether a time is said and how many come, with other words than those of the matter."""
    timed = bool(message.of(Clock)) or bool(message.of(Window))
    busy = {i for cue in told for i in range(cue.start, cue.end)}
    parties = [m for m, party in message.of(Party) if party.size > 1]
    parties += [m for m, figure in message.of(Figure) if figure.lead == "for"]
    return timed and any(not busy.issuperset(range(m.start, m.end)) for m in parties)


def _books(message: Message, part: Clause) -> bool:
    """Tell whether a clause names a booking, whatever else it tells."""
    cues = (cue for cue in message.cues if part.holds(cue))
    return any(cue.name in WANTS_TABLE and not cue.value.get("weak") for cue in cues)


def _says_who_and_when(message: Message, parts: list[Clause]) -> bool:
    """Tell whether these clauses would be a booking by themselves."""
    inside = (m for m in message.found if any(_ends_in(part, m) for part in parts))
    kinds = {type(match.value) for match in inside}
    return Party in kinds and bool(kinds & {Clock, Window, Day})


def _ends_in(part: Clause, match: Match) -> bool:
    """Tell whether a value ends in a clause: it may begin with the comma before (", 8 of us")."""
    return part.start < match.end <= part.end


def _without_asked(message: Message) -> Message:
    """Leave out days and hours that are asked about with other matters ("any music on Friday?").

    A rule names the matter; of hours words that no rule knows tell it too ("is the 8.15 late?").
    """
    if _asks_of_matters(message) and not message.says & _MAY_VISIT and not message.of(Party):
        found = [m for m in message.found if type(m.value) not in (Clock, Window, Day)]
        return replace(message, found=found)
    booked = bool(message.says & _MAY_VISIT or message.of(Party)) or bool(message.of(Figure))
    if message.in_progress or booked or "ask" not in message.says:
        return message
    strange = []
    for part in clauses(message):
        asks = [cue for cue in message.told("ask") if part.holds(cue)]
        opens = any(not words_between(message, part.start, cue.start) for cue in asks)
        unknown = sum(part.start <= at < part.end for at in message.unread)
        matters = unknown >= _STRANGE or any(cue.value.get("topic") for cue in asks)
        if matters and (opens or (asks and part.asks)):
            strange.append(part)
    hours = [match for match in message.found if _names_hour(match)]
    asked = [match for match in hours if any(_ends_in(part, match) for part in strange)]
    return replace(message, found=[match for match in message.found if match not in asked])


def _asks_of_matters(message: Message) -> bool:
    """Tell whether all days and hours are of something that no booking is about ("music at 9?").

    Those of the visit stand in a clause that asks for no such thing ("We come at 8. Any parking?").
    """
    asks = message.told("ask")
    asked = [
        clause
        for clause in clauses(message)
        if any(clause.holds(cue) and cue.value.get("topic") for cue in asks)
        and (clause.asks or any(clause.holds(cue) and not cue.value.get("topic") for cue in asks))
    ]
    told = (match for match in message.found if type(match.value) is not Noise)
    return bool(asked) and all(any(clause.holds(match) for clause in asked) for match in told)


def _names_hour(match: Match) -> bool:
    """Tell whether a value is a time of day, or the day at which some minutes from now are over."""
    value = match.value
    return type(value) in (Clock, Window) or (type(value) is Day and value.minutes is not None)
