"""Words that tell what a guest wants. They stand beside the slots and never take their place."""

from conversations.grammar import Phenomenon, Said
from conversations.reading import Context

#: cue -> what it says
CUE_NAMES = {
    "stop": "no more messages",
    "human": "wants to speak to a person",
    "restart": "start over",
    "cancel": "names cancelling",
    "not_cancel": "names cancelling, but does not want it",
    "change": "names changing an existing reservation",
    "holds": "has a reservation already",
    "amend": "corrects details, of what the context tells",
    "late": "will be late",
    "waitlist": "wants to be told when something frees up",
    "off_list": "would wait no longer for something to free up",
    "lookup": "asks about own reservations",
    "ask_hours": "asks when the venue is open",
    "ask_address": "asks where the venue is",
    "ask": "asks something",
    "book": "asks for a new booking",
    "one_more": "asks for one booking more, not for another one instead",
    "seek": "asks whether there is room",
    "booking": "names a booking or a table",
    "visit": "speaks of eating out, or of what one would like",
    "agree": "yes",
    "refuse": "no",
    "hesitate": "will answer later",
    "correct": "takes back what was said just before",
    "thanks": "thanks",
    "greeting": "greets",
    "farewell": "says goodbye",
    "wish": "a request to the kitchen or for the seat",
    "name_lead": "a name follows",
    "polite": "says nothing",
    "joint": "joins clauses, and belongs to neither",
    "either": "stands between two values that will both do",
    "not": "says that something else is meant than it seems",
}


def _cue(said: Said, _context: Context) -> Said:
    """Keep the constants of the rule.

    `alone`: it counts only when the message says nothing else; `existing`: it can mean a booking
    that exists; `weak`: it may be mere politeness, tell and not ask, name a second choice, or give
    the reason for another thing; `asked`: only as an answer to a question; `soft`: no rule may know
    what follows; `capital`: nor may it be written small, except as an answer; `topic`: names
    something that no booking is about; `order`: it only looks like a question; `rather`: wants
    another time, earlier, later or any; `offers`: asks what the house has; `first`: it counts only
    where a clause begins; `listed`: only behind another; `allergy`: it tells what somebody must not
    eat, which is not kept for long; `named`: a name follows, as behind a `name_lead`; `within`: it
    stands inside; `elsewhere`: values beside it are about something else than a visit to come, and
    with `not` the whole message may be; `private`: it is said to somebody else than the house.
    """
    return said


#: these say little, and give way to others of the same length
_WEAK = ("polite", "joint", "booking", "ask", "farewell", "either")

_CONSTANTS = (
    "alone",
    "existing",
    "weak",
    "asked",
    "soft",
    "capital",
    "topic",
    "order",
    "rather",
    "offers",
    "first",
    "listed",
    "allergy",
    "named",
    "within",
    "elsewhere",
    "private",
)

CUES = {
    name: Phenomenon(
        _cue,
        slots=("number", "person", "count", "span", "date", "time", "party", "weekday", "day_part"),
        constants=_CONSTANTS,
        rank=0 if name in _WEAK else 5,
        cue=True,
    )
    for name in CUE_NAMES
}
