"""The state machine of a talk.

Two laws: every change of step is in TRANSITIONS and nowhere else; and this file does no I/O and
knows no channel, no language and no clock. What is said and done at each event is in
`responses.py`.

An event comes in (something heard, or the book's answer), a new draft and actions go out. The
shell (`conversation.py`) carries the actions out and feeds the book's answers back in until only
sentences are left.
"""

from conversations import moves
from conversations.actions import Action
from conversations.draft import Draft, Step
from conversations.moves import Event
from conversations.responses import RESPONSES

#: Stands in the table for "the step does not change".
STAY = None

Transitions = dict[Step, dict[type[Event], Step | None]]

#: What may be heard in every step: nobody is ever locked into a question.
ALWAYS: dict[type[Event], Step | None] = {
    moves.Told: Step.ASKING,
    moves.Named: STAY,
    moves.Noted: STAY,
    moves.ChangesOne: Step.ASKING,
    moves.ChangesWhich: Step.PICKING,
    moves.CancelsOne: Step.CANCELLING,
    moves.CancelsWhich: Step.PICKING,
    moves.CancelsDraft: Step.IDLE,
    moves.FindsNothing: STAY,
    moves.LooksUp: STAY,
    moves.Waits: Step.WAITLISTING,
    moves.LeavesList: STAY,
    moves.IsLate: STAY,
    moves.Asks: STAY,
    moves.Speaks: STAY,
    moves.Opens: STAY,
    moves.TooLate: Step.IDLE,
    moves.Greets: STAY,
    moves.Thanks: STAY,
    moves.Doubts: STAY,
    moves.Stale: STAY,
    moves.Agreed: STAY,
    moves.Declined: Step.IDLE,
    moves.Content: STAY,
    moves.PutsOff: STAY,
    moves.WantsMore: STAY,
    moves.SeeksOthers: STAY,
    moves.FoundOthers: Step.CHOOSING,
    moves.FoundNoOthers: STAY,
    moves.Unclear: STAY,
    moves.GivesUp: Step.HANDED_OVER,
    moves.WantsPerson: STAY,  # what is held or asked stays open meanwhile
    moves.Stops: Step.IDLE,
    moves.StartsOver: Step.IDLE,
    moves.Gone: Step.IDLE,  # what was meant may be over by the time the book is asked
}

TRANSITIONS: Transitions = {
    Step.IDLE: ALWAYS | {moves.Held: Step.CONFIRMING},  # shown again after something else
    Step.ASKING: ALWAYS
    | {
        moves.Fits: STAY,
        moves.Held: Step.CONFIRMING,
        moves.Proposed: Step.CHANGING,
        moves.Unchanged: STAY,
        moves.Offered: Step.CHOOSING,
        moves.Refused: STAY,
        moves.NeedsApproval: Step.IDLE,
        moves.DeclinesOthers: STAY,
    },
    Step.WAITLISTING: ALWAYS
    | {
        moves.Told: STAY,
        moves.Fits: STAY,
        moves.Joined: Step.IDLE,
        moves.Held: Step.CONFIRMING,
        moves.Offered: Step.CHOOSING,
        moves.Refused: STAY,
        moves.DeclinesOthers: STAY,
    },
    Step.CHOOSING: ALWAYS
    | {
        moves.Chose: Step.ASKING,
        moves.DeclinesOthers: STAY,
        moves.Held: Step.CONFIRMING,
    },
    Step.CONFIRMING: ALWAYS
    | {
        moves.Chose: Step.ASKING,
        moves.Booked: Step.IDLE,
        moves.BookedUnnamed: Step.NAMING,
        moves.Offered: Step.CHOOSING,
        moves.Refused: Step.ASKING,
    },
    Step.NAMING: ALWAYS | {moves.Named: Step.IDLE},
    Step.PICKING: ALWAYS | {moves.PicksToChange: Step.ASKING, moves.PicksToCancel: Step.CANCELLING},
    Step.CHANGING: ALWAYS
    | {
        moves.Chose: Step.ASKING,
        moves.Changed: Step.IDLE,
        moves.Offered: Step.CHOOSING,
        moves.Refused: Step.ASKING,
        moves.NeedsApproval: Step.IDLE,
    },
    Step.CANCELLING: ALWAYS | {moves.Cancelled: Step.IDLE},
    Step.HANDED_OVER: ALWAYS | {moves.Declined: STAY},
}


class IllegalEvent(Exception):
    """An event that the table does not have in this step; the draft is unchanged."""

    def __init__(self, step: Step, event: Event) -> None:
        super().__init__(f"{type(event).__name__} cannot happen while {step}")
        self.step = step
        self.event = event


def advance(draft: Draft, event: Event) -> tuple[Draft, list[Action]]:
    """Take one event.

    Args:
        draft: where the talk stands.
        event: what was heard, or what the book answered.

    Returns:
        The new draft, and what is to be said and done.

    Raises:
        IllegalEvent: the table does not have this event in this step.

    """
    steps = TRANSITIONS[draft.step]
    if type(event) not in steps:
        raise IllegalEvent(draft.step, event)
    step = steps[type(event)] or draft.step
    tries = draft.tries if isinstance(event, moves.Unclear | moves.Stale) else 0
    moved = draft.model_copy(update={"step": step, "tries": tries, "number": None})
    return RESPONSES[type(event)](draft, moved, event)
