"""From what a message says to what it means here: a reading becomes an event of the dialogue."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from conversations import moves
from conversations.draft import Draft, Step
from conversations.moves import Event, Visit
from conversations.reading import Intent, Known, Reading, Side, Topic
from conversations.waits import Waiting

#: Of several messages read together, the first of these that occurs wins.
_WINS = (Intent.STOP, Intent.HUMAN, Intent.CANCEL)
#: These say something only when no other message does.
_SMALL_TALK = (Intent.OTHER, Intent.THANKS, Intent.GREETING)
#: After this many messages in a row that were not understood, a person is asked to help.
MOST_TRIES = 2
#: The digits that stand for an answer.
YES, NO = 1, 9


def fold(readings: Sequence[Reading]) -> Reading:
    """Read several messages as one: what came later counts, and a start over forgets the rest.

    Args:
        readings: in the order in which the messages came; at least one.

    """
    restarts = [n for n, r in enumerate(readings) if r.intent is Intent.RESTART]
    readings = readings[restarts[-1] :] if restarts else readings
    folded = readings[0]
    for reading in readings[1:]:
        folded = _laid_over(folded, reading)
    return folded


def _laid_over(first: Reading, then: Reading) -> Reading:
    slots = (
        "party_size",
        "date",
        "time",
        "time_to",
        "name",
        "request",
        "days",
        "part_of_day",
        "which_date",
        "which_time",
        "speaks",
    )
    kept = {slot: getattr(first, slot) for slot in slots if getattr(then, slot) is None}
    if then.time is not None:
        kept.pop("time_to", None)
    both = replace(then, **kept, explicit=first.explicit or then.explicit)
    return replace(both, intent=_intent_of_both(first, then))


def _intent_of_both(first: Reading, then: Reading) -> Intent:
    for intent in _WINS:
        if intent in {first.intent, then.intent}:
            return intent
    if then.intent in _SMALL_TALK:
        return first.intent if first.intent not in _SMALL_TALK else _louder(first, then)
    if then.intent is Intent.CONFIRM and has_details(first):
        return first.intent  # "ok" after details answers nothing that was asked before them
    if first.intent is Intent.CHANGE and then.intent is Intent.BOOK:
        return Intent.CHANGE
    return then.intent


def _louder(first: Reading, then: Reading) -> Intent:
    return max(first.intent, then.intent, key=_SMALL_TALK.index)


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A reading, and where it was heard.

    Args:
        reading: what was said.
        draft: where the talk stands.
        visits: what the guest has agreed on and not yet been to, by start.
        entries: what the guest waits for, by date.
        today: the date at the venue.

    """

    reading: Reading
    draft: Draft
    visits: tuple[Visit, ...]
    entries: tuple[Waiting, ...] = ()
    today: dt.date


def interpret(heard: Heard) -> Event:
    """Tell what a reading means where the talk stands."""
    return _MEANINGS[heard.reading.intent](heard)


def aside(reading: Reading) -> Event | None:
    """What a message asks beside what else it wants ("yes. Is there parking?")."""
    if reading.topic is None or reading.intent is Intent.QUESTION:
        return None
    return moves.Asks(reading.topic, reading.date, beside=True)


def _cancel(heard: Heard) -> Event:
    draft, reading, visits = heard.draft, heard.reading, heard.visits
    if draft.step is Step.CANCELLING:
        return moves.Agreed()
    target = _target(heard)
    if target:
        return _unless_final(moves.CancelsOne(target))
    names_visit = any(visit.date in {reading.date, reading.which_date} for visit in visits)
    nothing_to_drop = bool(visits) and (draft.step is Step.IDLE or draft.known == Known())
    if _in_progress(draft) and not names_visit and not nothing_to_drop:
        return moves.CancelsDraft(visits)
    meant = _meant(reading, visits)
    if not meant:
        return _leave_list(heard) if heard.entries else moves.FindsNothing()
    if len(meant) > 1:
        return moves.CancelsWhich(meant)
    return _unless_final(moves.CancelsOne(meant[0]))


def _leave_list(heard: Heard) -> Event:
    """What a guest waits for on the date that is named, else everything."""
    on_day = tuple(entry for entry in heard.entries if entry.date == heard.reading.date)
    return moves.LeavesList(on_day or heard.entries)


def _unless_final(event: moves.CancelsOne | moves.ChangesOne) -> Event:
    """The event, unless its visit is so near that only the staff may touch it."""
    return moves.TooLate(event.visit) if event.visit.is_final else event


def _details(heard: Heard) -> Event:
    draft, reading = heard.draft, heard.reading
    if draft.step is Step.PICKING:
        return _picked_by_words(heard)
    vague = None if _has_slots(reading) else _vague(heard)
    if vague:
        return vague
    if _in_progress(draft):
        return _in_the_middle(heard)
    if reading.intent is Intent.CHANGE:
        return _change(reading, heard.visits)
    last = _last(draft, heard.visits)
    details = has_details(reading) or reading.name is not None
    if last and details and not _is_whole(reading) and not _is_new(reading, draft):
        return _afterthought(reading, last)
    return _named_or_told(reading)


def _is_new(reading: Reading, draft: Draft) -> bool:
    """Tell whether a booking is asked for in so many words, and not a wish for the last one."""
    return reading.explicit and (_has_slots(reading) or draft.last_id is None)


def _vague(heard: Heard) -> Event | None:
    """A number or a wish for another time, of which it must be found out what it means."""
    reading = heard.reading
    if reading.ambiguous and reading.number is not None:
        return _number_alone(heard, reading.number)
    return _other_times(heard, reading.rather) if reading.rather else None


def _number_alone(heard: Heard, number: int) -> Event:
    """A number that may mean two things, or a second press of 1 or 9."""
    if _is_expected(heard) and number in {YES, NO}:
        return moves.Content(heard.visits, agrees=number == YES)
    return moves.Doubts(number)


def _other_times(heard: Heard, side: Side) -> Event:
    """Another time than the one that is talked about, or that of an agreed visit."""
    draft, reading = heard.draft, heard.reading
    if _in_progress(draft):
        return moves.SeeksOthers(side) if draft.is_complete else moves.Told(reading)
    last = _last(draft, heard.visits)
    if last and last.is_final:
        return moves.TooLate(last)
    return moves.SeeksOthers(side, last) if last else moves.Told(reading)


def _change(reading: Reading, visits: tuple[Visit, ...]) -> Event:
    meant = _meant(reading, visits)
    if not meant:
        return moves.FindsNothing()
    if len(meant) > 1:
        return moves.ChangesWhich(meant, reading)
    return _unless_final(moves.ChangesOne(meant[0], reading))


def _in_the_middle(heard: Heard) -> Event:
    """Details while a booking or a change is being talked about."""
    reading = heard.reading
    target = _target(heard)
    if target and reading.request and not _has_slots(reading):
        return moves.Noted(target, reading.request)
    is_shown = heard.draft.step in {Step.CHOOSING, Step.CONFIRMING, Step.CHANGING}
    if reading.besides and is_shown:
        return moves.WantsMore()
    says_something = has_details(reading) or reading.name or reading.explicit
    if is_shown and not says_something:
        return _not_understood(heard)
    return _named_or_told(reading)


def _target(heard: Heard) -> Visit | None:
    """The visit that is being changed."""
    return next((v for v in heard.visits if v.id == heard.draft.target_id), None)


def _named_or_told(reading: Reading) -> Event:
    if reading.name and not has_details(reading) and not reading.explicit:
        return moves.Named(reading.name)
    return moves.Told(reading)


def _afterthought(reading: Reading, last: Visit) -> Event:
    """Details after the yes ("make it five", "we have a pram") belong to what was booked."""
    if reading.request and not _has_slots(reading):
        return moves.Noted(last, reading.request)
    stated = (reading.party_size, reading.date, reading.time, reading.days, reading.part_of_day)
    if all(value in {None, *_facts(last)} for value in stated):
        return moves.Named(reading.name) if reading.name else moves.LooksUp((last,))
    return _unless_final(moves.ChangesOne(last, reading))


def _facts(visit: Visit) -> tuple[object, ...]:
    return visit.party_size, visit.date, visit.time


def _confirm(heard: Heard) -> Event:
    draft, request = heard.draft, heard.reading.request
    last = _last(draft, heard.visits)
    if request and last and not _in_progress(draft):
        return moves.Noted(last, request)
    if _is_expected(heard):
        return moves.Content(heard.visits, agrees=True)
    only_one = draft.step is Step.CHOOSING and len(draft.options) == 1
    return moves.Chose(1) if only_one else moves.Agreed(request)


def _decline(heard: Heard) -> Event:
    if _is_expected(heard):
        return moves.Content(heard.visits, agrees=False)
    asks_for_others = heard.draft.step in {Step.CHOOSING, Step.ASKING, Step.WAITLISTING}
    held = heard.draft.hold_id if asks_for_others else None
    return moves.Declined() if held is None else moves.DeclinesOthers(held)


def _choice(heard: Heard) -> Event:
    draft, number = heard.draft, heard.reading.choice or 0
    if not 1 <= number <= len(draft.options):
        return _not_understood(heard)
    if draft.step is Step.PICKING:
        return _picked(heard, draft.picks[number - 1])
    if draft.step in {Step.CHOOSING, Step.CONFIRMING, Step.CHANGING}:  # "no, the second one"
        return moves.Chose(number)
    return _not_understood(heard)


def _picked_by_words(heard: Heard) -> Event:
    among = tuple(visit for visit in heard.visits if visit.id in heard.draft.picks)
    of_size = tuple(visit for visit in among if visit.party_size == heard.reading.party_size)
    meant = _meant(heard.reading, of_size or among)
    if len(meant) == 1:
        return _picked(heard, meant[0].id)
    return moves.Told(heard.reading) if heard.reading.explicit else _not_understood(heard)


def _picked(heard: Heard, visit_id: int) -> Event:
    visit = next((visit for visit in heard.visits if visit.id == visit_id), None)
    if visit is None:
        return moves.FindsNothing()
    to_change = heard.draft.purpose == "change"
    return moves.PicksToChange(visit) if to_change else moves.PicksToCancel(visit)


def _late(heard: Heard) -> Event:
    todays = next((v for v in heard.visits if v.date <= heard.today), None)
    return moves.IsLate(todays, heard.visits)


def _question(heard: Heard) -> Event:
    return moves.Asks(heard.reading.topic or Topic.OTHER, heard.reading.date)


def _other(heard: Heard) -> Event:
    if heard.reading.speaks:
        return moves.Speaks()
    return moves.PutsOff() if heard.reading.hesitates else _not_understood(heard)


def _not_understood(heard: Heard) -> Event:
    if heard.draft.tries < MOST_TRIES:
        return moves.Unclear()
    nothing_open = heard.draft.step in {Step.IDLE, Step.HANDED_OVER}
    return moves.GivesUp() if nothing_open else moves.WantsPerson(unclear=True)


_MEANINGS: dict[Intent, Callable[[Heard], Event]] = {
    Intent.BOOK: _details,
    Intent.CHANGE: _details,
    Intent.CANCEL: lambda heard: (_leave_list if heard.reading.off_list else _cancel)(heard),
    Intent.CONFIRM: _confirm,
    Intent.DECLINE: _decline,
    Intent.CHOOSE: _choice,
    Intent.LOOKUP: lambda heard: moves.LooksUp(heard.visits, heard.entries),
    Intent.WAITLIST: lambda heard: moves.Waits(heard.reading),
    Intent.LATE: _late,
    Intent.QUESTION: _question,
    Intent.HUMAN: lambda _: moves.WantsPerson(),
    Intent.STOP: lambda _: moves.Stops(),
    Intent.RESTART: lambda _: moves.StartsOver(),
    Intent.GREETING: lambda _: moves.Greets(),
    Intent.THANKS: lambda _: moves.Thanks(),
    Intent.OTHER: _other,
}


def _meant(reading: Reading, visits: tuple[Visit, ...]) -> tuple[Visit, ...]:
    """The visits that a message can mean: those on its date, else all."""
    day = reading.which_date or reading.date
    at = reading.which_time or (reading.time if reading.intent is Intent.CANCEL else None)
    on_day = tuple(v for v in visits if day is None or v.date == day)
    at_time = tuple(v for v in on_day if at is None or v.time == at)
    return at_time or on_day or visits


def _last(draft: Draft, visits: tuple[Visit, ...]) -> Visit | None:
    """The visit that was talked about last, or the only one there is."""
    only = visits[0] if len(visits) == 1 else None
    return next((v for v in visits if v.id == draft.last_id), only)


def _is_expected(heard: Heard) -> bool:
    """Tell whether no question is open to a guest who has a visit ahead."""
    return heard.draft.step in {Step.IDLE, Step.HANDED_OVER} and bool(heard.visits)


def _in_progress(draft: Draft) -> bool:
    if draft.step is Step.IDLE:
        return draft.has_wish  # one that came to nothing may go on
    return draft.step not in {Step.NAMING, Step.PICKING, Step.HANDED_OVER}


def _has_slots(reading: Reading) -> bool:
    stated = (reading.party_size, reading.date, reading.time, reading.days, reading.part_of_day)
    return any(value is not None for value in stated)


def has_details(reading: Reading) -> bool:
    """Tell whether anything is said of a booking but a name."""
    return _has_slots(reading) or reading.request is not None


def _is_whole(reading: Reading) -> bool:
    return None not in (reading.party_size, reading.date, reading.time)
