"""A place that came free for a guest who waits: a question that is put between two others."""

from dataclasses import dataclass
from datetime import timedelta

from booking import lookups, waiting
from booking.lifecycle import State
from booking.waiting import WAITLIST
from conversations.acts import Acts, visit_of
from conversations.draft import Draft, Step
from conversations.moves import Visit
from conversations.reading import Intent, Reading

#: For so long after it ran out a yes may still be meant for it.
LATE_YES = timedelta(hours=3)


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A hold for a guest who waited, as what a talk may be about.

    Args:
        visit: the hold as its guest thinks of it.
        draft: the talk at the question whether to book it.
        stands: whether it is still held; one that ran out may be had once more.

    """

    visit: Visit
    draft: Draft
    stands: bool


def find(acts: Acts, reservation_id: int | None) -> Opening | None:
    """The opening that a message answers; None when it is none of this guest's, or is settled."""
    here = lookups.of(acts.venue.id, reservation_id or 0)
    for held in lookups.fetch(acts.db, *here):
        state = held.state_at(acts.now)
        is_late = held.held_until is not None and acts.now > held.held_until + LATE_YES
        is_open = state is State.HELD or (state is State.EXPIRED and not is_late)
        if held.guest_id == acts.guest.id and held.source == WAITLIST and is_open:
            visit = visit_of(acts.venue, held)
            return Opening(visit=visit, draft=_draft(acts, visit), stands=state is State.HELD)
    return None


def is_meant(opening: Opening, reading: Reading, *, is_free: bool) -> bool:
    """Tell whether a message is about an opening that was asked about last.

    Args:
        opening: the opening.
        reading: what the message says, as an answer to it.
        is_free: whether nothing else is talked about.

    """
    if not opening.stands:  # it may be had once more, by a yes alone
        return reading.intent is Intent.CONFIRM
    if not is_free:
        return reading.intent in {Intent.CONFIRM, Intent.DECLINE}
    # "A table for Sunday", or /start: what came free is not to be lost for that.
    is_another = reading.explicit and reading.date not in {None, opening.draft.date}
    return not is_another and reading.intent is not Intent.RESTART


def that_stands(acts: Acts) -> Opening | None:
    """What is held for the guest from the waitlist, whether they have heard of it or not."""
    entries = waiting.of_guest(acts.db, acts.venue.id, acts.guest.id, now=acts.now)
    openings = (find(acts, entry.reservation_id) for entry in entries)
    return next((opening for opening in openings if opening and opening.stands), None)


def _draft(acts: Acts, visit: Visit) -> Draft:
    return Draft(
        step=Step.CONFIRMING,
        party_size=visit.party_size,
        date=visit.date,
        time=visit.time,
        request=visit.request,
        hold_id=visit.id,
        asks_staff=visit.party_size >= acts.venue.policy.approval_party_size,
    )
