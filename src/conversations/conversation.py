"""The shell of the dialogue: reads messages, lets the book act, and writes one reply.

Everything happens in the caller's transaction. Only what the book has written down is ever said
to be booked.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection

from booking import guests, lookups, waiting
from booking.service_periods import ServicePeriod
from booking.venue import Venue
from booking.waiting import EntryState
from conversations import commands, openings
from conversations.actions import Action, Alert, Rename, Say
from conversations.acts import Acts, clock, visit_of, waiting_of
from conversations.dialogue import advance
from conversations.draft import Draft, Step
from conversations.interpretation import Heard, aside, fold, has_details, interpret
from conversations.moves import Event, Named, Stale, Visit
from conversations.questions import facts, open_question, recalled
from conversations.reading import Asked, Context, Intent, Known, Option, Reading
from conversations.talks import Talk
from conversations.understanding import asks_for_language, understand
from conversations.wording import Capability, Line, Wording, compose, load_wording, name_of

#: After this long a talk begins afresh, except for the yes or no to a hold.
FORGET_AFTER = dt.timedelta(hours=3)
#: After this long an answer begins with an apology for the delay.
LATE_AFTER = dt.timedelta(minutes=5)
#: What the digits that we ask for stand for.
_DIGITS = {"1": "yes", "9": "no"}
_ANSWERS = frozenset({Intent.CONFIRM, Intent.DECLINE, Intent.CHOOSE})
#: What the answers of buttons mean, besides numbers and languages.
_PRESSED = {"yes": Intent.CONFIRM, "no": Intent.DECLINE, "wait": Intent.WAITLIST}
#: Here a digit is one pressed again, or too late.
_NOTHING_ASKED = frozenset({Step.IDLE, Step.NAMING, Step.HANDED_OVER})


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a reply asked, kept with it so that the answer can be read against it."""

    version: int
    asked: Asked | None = None
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message of a guest.

    Args:
        received_at: when it came (UTC).
        text: what was written.
        press: the answer of the button that was pressed instead: yes, no, a number ...
        stops: whether it is one of the words by which carriers end all messages.
        unreadable: the sentence that answers a message without text, such as `only_text`.
        question: what the last reply asked that the guest can have seen; a press: its own.
        opening_id: the hold for who waited that was told of after that, or that was pressed.

    """

    received_at: dt.datetime
    text: str = ""
    press: str | None = None
    stops: bool = False
    unreadable: str | None = None
    question: Question | None = None
    opening_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the bot says: a text, buttons as (label, answer), and what it asks."""

    text: str
    buttons: tuple[tuple[str, str], ...]
    question: Question


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of an exchange."""

    talk: Talk
    reply: Reply
    alerts: tuple[Alert, ...]
    wants_silence: bool


def converse(
    db: Connection,
    talk: Talk,
    venue: Venue,
    messages: Sequence[Message],
    *,
    name: str | None = None,
    language: str | None = None,
    capability: Capability,
    closing: Sequence[Say] = (),
    now: dt.datetime,
) -> Outcome:
    """Answer all waiting messages of a guest at once.

    Args:
        db: a writing transaction that holds the conversation's lock.
        talk: the conversation.
        venue: whose tables it is about.
        messages: in the order in which they came; at least one.
        name: what the channel says the guest is called.
        language: what the channel says the guest speaks; counts until the words say more.
        capability: what the channel can carry.
        closing: what the channel wants to be said as well, at the end.
        now: the instant (UTC).

    """
    heard = any(not message.stops for message in messages)  # who wants silence is not written to
    guest = guests.meet(
        db, venue.id, talk.channel, talk.address, name=name, verified=heard, now=now
    )
    acts = Acts(db=db, venue=venue, guest=guest, source=talk.channel, now=now)
    talk = _awake(replace(talk, language=talk.language or language), now=now)
    readable = [message for message in messages if not message.unreadable]
    if readable:
        after, said = _answer(talk, acts, readable)
    else:
        unread = Say(messages[-1].unreadable or "only_text")
        after, said = talk, [unread, *recalled(talk.draft)]
    if any(now - message.received_at > LATE_AFTER for message in messages):
        said = [Say("delayed"), *said]
    version = talk.version + (_matter(talk.draft) != _matter(after.draft))
    after = replace(after, version=version, venue_id=venue.id, talked_at=now)
    if after.language and after.language != guest.language:
        guests.speak(db, guest.id, after.language)
    return Outcome(
        talk=after,
        reply=_reply(after, venue, [*said, *closing], capability),
        alerts=tuple(acts.alerts),
        wants_silence=acts.wants_silence,
    )


def language_of(talk: Talk, venue: Venue) -> str:
    """The language to answer in: the guest's, if the venue speaks it."""
    known = talk.language in venue.languages
    return talk.language if talk.language and known else venue.languages[0]


def _awake(talk: Talk, *, now: dt.datetime) -> Talk:
    """The talk, begun afresh when it has slept for long."""
    asleep = now - talk.talked_at > FORGET_AFTER
    if not asleep or talk.draft.step is Step.CONFIRMING:
        return talk
    return replace(talk, draft=Draft(last_id=talk.draft.last_id))


def _answer(talk: Talk, acts: Acts, messages: Sequence[Message]) -> tuple[Talk, list[Action]]:
    """Answer what is talked about, or an opening: whichever was asked about last.

    While something else is talked about, an opening is asked about by the way: a yes or a no
    answers it, and the talk goes on where it was.
    """
    opening = openings.find(acts, messages[-1].opening_id)
    if opening is None:
        return _back(*_hear(talk, acts, messages), acts)
    question = Question(version=talk.version, asked=opening.draft.asked())
    there = replace(talk, draft=opening.draft.model_copy(update={"last_id": talk.draft.last_id}))
    said_there = [replace(message, question=question) for message in messages]
    reading = fold([_read(message, there, acts, ()) for message in said_there])
    is_free = not open_question(talk.draft) or talk.draft.hold_id == opening.visit.id
    if not openings.is_meant(opening, reading, is_free=is_free):
        return _back(*_hear(talk, acts, messages), acts)
    after, said = _hear(there, acts, said_there)
    if is_free:
        return _back(after, said, acts)
    return replace(after, draft=talk.draft), [*said, *recalled(talk.draft)]


def _back(talk: Talk, said: list[Action], acts: Acts) -> tuple[Talk, list[Action]]:
    """Come to what is held for who waits, once nothing else is talked about."""
    opening = None if open_question(talk.draft) else openings.that_stands(acts)
    if opening is None:
        return talk, said
    told = Say("opening", facts(opening.visit))
    draft = opening.draft.model_copy(update={"last_id": talk.draft.last_id})
    return replace(talk, draft=draft), [*said, told, *open_question(draft)]


def _hear(talk: Talk, acts: Acts, messages: Sequence[Message]) -> tuple[Talk, list[Action]]:
    """Read the messages as one, find out what that means, and act on it."""
    found = lookups.upcoming(acts.db, acts.venue.id, acts.guest.id, now=acts.now)
    visits = tuple(visit_of(acts.venue, reservation, acts.now) for reservation in found)
    readings = [_read(message, talk, acts, visits) for message in messages]
    reading = fold(readings)
    draft, said = _named(talk.draft, reading, acts)
    today = acts.venue.local(acts.now).date()
    waits = waiting.of_guest(acts.db, acts.venue.id, acts.guest.id, now=acts.now)
    entries = tuple(waiting_of(acts.venue, e) for e in waits if e.state is EntryState.WAITING)
    heard = Heard(reading=reading, draft=draft, visits=visits, entries=entries, today=today)
    question = messages[-1].question
    unseen = question is None or question.version != talk.version
    is_answer = reading.intent in _ANSWERS or messages[-1].press == "wait"
    is_stale = unseen and is_answer and bool(open_question(talk.draft))
    event = Stale() if is_stale else interpret(heard)
    draft, done = _play(draft, event, acts)
    said = [*said, *done]
    beside = aside(reading)
    if beside:
        draft, answers = _play(draft, beside, acts)
        said = [*(say for say in said if say not in answers), *answers]
    going_on = {Intent.GREETING} if talk.draft != Draft() else set()  # "ciao" ends talks, too
    says_little = reading.intent in {*_ANSWERS, Intent.THANKS, *going_on}  # "va bene", "grazie"
    keeps = says_little or talk.is_language_chosen
    language = reading.speaks or (talk.language if keeps and talk.language else reading.language)
    chosen = talk.is_language_chosen or reading.speaks is not None
    return replace(talk, language=language, is_language_chosen=chosen, draft=draft), said


def _named(draft: Draft, reading: Reading, acts: Acts) -> tuple[Draft, list[Action]]:
    """Write a name down; beside other matters, it answers the question for it all the same."""
    if reading.name and draft.step is Step.NAMING and has_details(reading):
        return _play(draft, Named(reading.name), acts)
    if reading.name:
        acts.carry_out(Rename(reading.name))
    return draft, []


def _read(message: Message, talk: Talk, acts: Acts, visits: tuple[Visit, ...]) -> Reading:
    language = talk.language or acts.venue.languages[0]
    question = message.question
    if message.stops:
        return Reading(intent=Intent.STOP, language=language)
    if message.press is not None:
        return _pressed(message.press, language, acts.venue.languages)
    text = message.text.strip()
    if text in _DIGITS and visits and talk.draft.step in _NOTHING_ASKED:
        return _pressed(_DIGITS[text], language, acts.venue.languages)
    known = _known(talk.draft, visits)
    context = Context(
        now=acts.venue.local(acts.now).replace(tzinfo=None),
        language=language,
        hours=_hours(acts.venue.periods),
        asked=question.asked if question else None,
        options=question.options if question else (),
        draft=known,
    )
    said = _about_the_talk(text, context, acts.venue.languages)
    if said:
        return said
    reading = understand(message.text, context)
    if known.date is None or reading.date is not None:
        return reading
    # The message is about the known date, when the house may be open for less than all its hours.
    hours = _hours(acts.venue.periods_on(known.date)) or context.hours
    return understand(message.text, replace(context, hours=hours))


def _hours(periods: Iterable[ServicePeriod]) -> tuple[tuple[dt.time, dt.time], ...]:
    return tuple((clock(p.first_seating), clock(p.closes)) for p in periods)


def _about_the_talk(text: str, context: Context, languages: Sequence[str]) -> Reading | None:
    """A command, or the wish for a language, instead of a message to be understood."""
    command = commands.read(text, context, languages=languages)
    wanted = None if command else asks_for_language(text, context)
    if wanted is None:
        return command
    return commands.wants_language(wanted, languages[0], languages=languages)


def _pressed(answer: str, language: str, languages: Sequence[str]) -> Reading:
    if answer.startswith(commands.LANGUAGE):
        code = answer.removeprefix(commands.LANGUAGE)
        return commands.wants_language(code, language, languages=languages)
    if answer.isdecimal():
        return Reading(intent=Intent.CHOOSE, language=language, choice=int(answer))
    return Reading(intent=_PRESSED[answer], language=language)


def _known(draft: Draft, visits: tuple[Visit, ...]) -> Known:
    """What a change is worked out from: the wish that is talked about, or the visit before."""
    last = next((visit for visit in visits if visit.id == draft.last_id), None)
    is_over = draft.step in {Step.IDLE, Step.NAMING, Step.HANDED_OVER} and not draft.has_wish
    if last is None or not is_over:
        return draft.known
    return Known(party_size=last.party_size, date=last.date, time=last.time)


def _play(draft: Draft, event: Event, acts: Acts) -> tuple[Draft, list[Action]]:
    """Let the dialogue and the book talk until only sentences are left."""
    said: list[Action] = []
    events = [event]
    while events:
        draft, todo = advance(draft, events.pop(0))
        for action in todo:
            answer = None if isinstance(action, Say) else acts.carry_out(action)
            said += [action] if isinstance(action, Say) else []
            events += [answer] if answer else []
    return draft, said


def _reply(talk: Talk, venue: Venue, said: Sequence[Action], capability: Capability) -> Reply:
    wording, roomy = load_wording(language_of(talk, venue)), capability.is_roomy
    sentences = [
        Line(wording.say(f"say.{say.key}", say.values, venue, roomy=roomy), say.spare)
        for say in said
        if isinstance(say, Say)
    ]
    buttons = _buttons(talk.draft, wording) if capability.has_buttons else ()
    if capability.has_buttons and any(say == Say("answer_language") for say in said):
        buttons = (*_languages(venue), *buttons)
    text = compose(sentences, capability)
    return Reply(text=text, buttons=buttons, question=_question(talk))


def _question(talk: Talk) -> Question:
    return Question(version=talk.version, asked=talk.draft.asked(), options=talk.draft.offered())


def _matter(draft: Draft) -> Draft:
    """What the open question is about: when this changes, older answers no longer count."""
    return draft.model_copy(update={"tries": 0, "number": None})


def _buttons(draft: Draft, wording: Wording) -> tuple[tuple[str, str], ...]:
    if draft.step in {Step.CHOOSING, Step.PICKING}:
        labels = wording.option_labels(draft.options, with_date=draft.step is Step.PICKING)
        numbered = [(label, str(number)) for number, label in enumerate(labels, 1)]
        waits = [(wording.data["button"]["wait"], "wait")] if draft.can_wait else []
        return (*numbered, *waits)
    answers = _ANSWERS_TO.get(draft.step, ())
    if draft.step is Step.CONFIRMING and draft.asks_staff:
        answers = _TO_ASK
    return tuple((wording.data["button"][key], answer) for key, answer in answers)


def _languages(venue: Venue) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name_of(language), f"{commands.LANGUAGE}{language}") for language in venue.languages
    )


_TO_ASK = (("ask", "yes"), ("let_go", "no"))
_ANSWERS_TO: dict[Step, tuple[tuple[str, str], ...]] = {
    Step.CONFIRMING: (("book", "yes"), ("let_go", "no")),
    Step.CHANGING: (("change", "yes"), ("leave", "no")),
    Step.CANCELLING: (("cancel", "yes"), ("keep", "no")),
}
