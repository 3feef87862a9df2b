"""The life of a reservation, as a table. Whatever is not in it is illegal and changes nothing."""

from enum import StrEnum

from booking.errors import IllegalStep


class State(StrEnum):
    """Where a reservation stands."""

    HELD = "held"
    REQUESTED = "requested"
    RESERVED = "reserved"
    SEATED = "seated"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    NO_SHOW = "no_show"
    EXPIRED = "expired"


LIFECYCLE: dict[State, frozenset[State]] = {
    State.HELD: frozenset({State.RESERVED, State.REQUESTED, State.CANCELLED, State.EXPIRED}),
    State.REQUESTED: frozenset({State.RESERVED, State.DECLINED, State.CANCELLED, State.EXPIRED}),
    State.RESERVED: frozenset({State.SEATED, State.CANCELLED, State.NO_SHOW}),
    # A seated party that was the wrong one goes back; a walk-in entered by mistake goes away.
    State.SEATED: frozenset({State.FINISHED, State.RESERVED, State.CANCELLED}),
    # Reversals, by staff or by an undo:
    State.NO_SHOW: frozenset({State.RESERVED}),
    State.FINISHED: frozenset({State.SEATED}),
    State.CANCELLED: frozenset({State.RESERVED, State.REQUESTED}),
    State.DECLINED: frozenset(),
    State.EXPIRED: frozenset(),
}

#: States in which a reservation waits for somebody's yes, at the longest until `held_until`.
UNDECIDED = frozenset({State.HELD, State.REQUESTED})
#: States in which a reservation occupies its tables; an undecided one until `held_until`.
LIVE = frozenset({State.HELD, State.REQUESTED, State.RESERVED, State.SEATED})
#: States of a visit that the guest counts on.
AGREED = frozenset({State.REQUESTED, State.RESERVED})


def check_step(code: str, state: str, wanted: State) -> None:
    """Refuse a step that the table does not have.

    Raises:
        IllegalStep: naming the reservation, its state and the wanted one.

    """
    if wanted not in LIFECYCLE[State(state)]:
        raise IllegalStep(code, state, wanted)
