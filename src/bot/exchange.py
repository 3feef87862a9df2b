"""One exchange: all waiting messages of a conversation, understood, acted on and answered.

One transaction holds it all: the conversation's lock, what happens in the book, the reply, the
notices, the mark on the messages. A crash anywhere means that it did not happen, and runs again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection

from booking import events, guests, lookups, merging
from booking.database import Database
from booking.history import no_shows
from booking.venue import Venue
from bot import consent, inbox, marks, messages, notices, outbox, reception
from bot.channels import CAPABILITIES, SMS
from bot.consent import Silence
from bot.letters import label, steps
from bot.logs import bound, tell_steps
from bot.models import InboundMessage
from bot.staff import alerts, contacts, history, invites, relay, takeover
from bot.staff.contacts import Contact
from bot.staff.desk import answer
from bot.unheard import alert_opted_out
from conversations import language, talks
from conversations.actions import Alert, Say
from conversations.conversation import Message, Outcome, converse, language_of
from conversations.draft import Draft
from conversations.talks import Talk
from conversations.wording import compose, load_wording

log = structlog.get_logger()

#: After this many failures the messages of a conversation are taken one by one.
SINGLY_AFTER = 3
#: After this many a message is given up, with an apology, and the next one goes on.
DEAD_AFTER = 5
#: How long the relay waits before each further try.
BACKOFF = (5, 10, 20, 30)

#: Said at the end of the first SMS to a number: who writes, and how to end the messages (the
#: carriers want both; CTIA, Messaging Principles and Best Practices, 5.1).
FIRST = (Say("signature", spare=4), Say("opt_out"))


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where one exchange happens.

    Args:
        db: its transaction.
        accounts: our account on each channel that is on.
        talk: the conversation, locked.
        rows: the waiting messages in order of arrival.
        now: the instant (UTC).

    """

    db: Connection
    accounts: Mapping[str, str]
    talk: Talk
    rows: Sequence[Mapping[str, Any]]
    now: datetime

    @property
    def last_id(self) -> int:
        """The newest of the waiting messages; makes the keys of what is planned here."""
        number: int = self.rows[-1]["id"]
        return number


def run(
    database: Database, accounts: Mapping[str, str], talk_id: int, *, now: datetime
) -> list[int]:
    """Handle what waits in a conversation; may run twice, and then finds nothing left to do.

    Args:
        database: where everything is.
        accounts: our account on each channel that is on.
        talk_id: the conversation.
        now: the instant (UTC).

    Returns:
        The ids of the messages that are due to be sent now.

    """
    with bound(conversation=talk_id):
        return _run(database, accounts, talk_id, now=now)


def _run(
    database: Database, accounts: Mapping[str, str], talk_id: int, *, now: datetime
) -> list[int]:
    with database.transaction() as db:
        talk = talks.lock(db, talk_id)
        rows = inbox.unhandled(db, talk_id)
        hopeless = [row for row in rows if row["attempts"] >= DEAD_AFTER]
        desk = Desk(db=db, accounts=accounts, talk=talk, rows=hopeless, now=now)
        planned = _give_up(desk) if hopeless else []
        singly = _count_attempt(db, [row for row in rows if row not in hopeless], now=now)
    with database.transaction() as db:
        talk = talks.lock(db, talk_id)
        rows = inbox.unhandled(db, talk_id)[: 1 if singly else None]
        if rows:
            planned += handle(Desk(db=db, accounts=accounts, talk=talk, rows=rows, now=now))
        steps, venue_id = events.steps(db), talks.get(db, talk_id).venue_id
    with bound(venue=venue_id):
        if hopeless or rows:
            _tell(hopeless, rows, planned, now=now)
        tell_steps(steps)
    return planned


def _tell(
    hopeless: Sequence[Mapping[str, Any]],
    rows: Sequence[Mapping[str, Any]],
    planned: Sequence[int],
    *,
    now: datetime,
) -> None:
    """Log an exchange that is committed: ids only, nothing of what was said."""
    if hopeless:
        log.error("messages given up", messages=[row["id"] for row in hopeless])
    waited = now - (rows or hopeless)[0]["received_at"]
    log.info(
        "exchange held",
        messages=[row["id"] for row in rows],
        planned=list(planned),
        waited_seconds=round(waited.total_seconds(), 3),
    )


def handle(desk: Desk) -> list[int]:
    """Handle messages within one transaction that holds the conversation's lock."""
    planned, rest = _joining(desk)
    members = contacts.at(desk.db, desk.talk.channel, desk.talk.address)
    if rest.rows:
        planned += _from_staff(rest, members) if members else _from_guest(rest)
    _mark(desk, "handled")
    here = (desk.talk.channel, desk.talk.address)
    return planned + notices.plan(desk.db, desk.accounts, now=desk.now, but=here)


def _count_attempt(db: Connection, rows: Sequence[Mapping[str, Any]], *, now: datetime) -> bool:
    """Count this try before it is made, and tell whether the messages are to be taken singly."""
    singly = bool(rows) and rows[0]["attempts"] >= SINGLY_AFTER
    row = InboundMessage
    for taken in rows[: 1 if singly else None]:
        attempts = taken["attempts"] + 1
        pause = timedelta(seconds=BACKOFF[min(attempts, len(BACKOFF)) - 1])
        counted = sa.update(row).where(row.id == taken["id"])
        db.execute(counted.values(attempts=attempts, next_attempt_at=now + pause))
    return singly


def _mark(desk: Desk, state: str) -> None:
    row = InboundMessage
    ids = [taken["id"] for taken in desk.rows]
    marked = sa.update(row).where(row.id.in_(ids)).values(state=state, handled_at=desk.now)
    desk.db.execute(marked)


def _joining(desk: Desk) -> tuple[list[int], Desk]:
    """Let in whoever brings an invite; what else was written is read as that of a colleague."""
    planned, rest = list[int](), []
    for row in desk.rows:
        if invites.code_in(row) is None:
            rest.append(row)
            continue
        body, told = invites.join(desk.db, desk.accounts, desk.talk, row, now=desk.now)
        planned += [*_queue(desk, f"reply:{row['id']}", body), *told]
    return planned, replace(desk, rows=rest)


def _from_staff(desk: Desk, members: list[Contact]) -> list[int]:
    passed = relay.pass_on(desk.db, desk.accounts, members, desk.rows, now=desk.now)
    planned = passed.planned
    for row in passed.rest:
        if not messages.is_for_the_house(row, desk.talk.channel):
            continue
        presser = row["data"].get("name")
        body = answer(desk.db, members, row["text"], presser=presser, now=desk.now)
        if body:
            planned += _queue(desk, f"reply:{row['id']}", body)
    return planned


def _from_guest(desk: Desk) -> list[int]:
    rows = [row for row in desk.rows if messages.wants_answer(row, desk.talk.channel)]
    if not rows:
        return _to_strangers(desk)
    texts = [row["text"] for row in rows if row["text"]]
    received = reception.receive(desk.db, desk.talk, texts, now=desk.now)
    if received.venue is None:
        stopped = any(messages.stops(row, desk.talk.channel) for row in rows)
        return _forget(desk) if stopped else _ask_venue(desk, received)
    said = [messages.read_row(desk.db, row, received.talk) for row in rows]
    talk, venue = reception.follow(desk.db, received.talk, received.venue, said[-1])
    desk = replace(desk, talk=replace(talk, venue_id=venue.id))
    _link_numbers(desk, venue, rows)
    if takeover.is_taken(desk.talk, now=desk.now):
        return _beside_a_person(desk, venue, rows, said)
    if received.texts:
        said = [Message(text=text, received_at=desk.now) for text in received.texts]
    return _answer(desk, venue, rows, said)


def _link_numbers(desk: Desk, venue: Venue, rows: Sequence[Mapping[str, Any]]) -> None:
    """Know whoever has shared their own number by it, too: what they booked from it is theirs."""
    db, talk, now = desk.db, desk.talk, desk.now
    for number in (row["data"]["own_number"] for row in rows if row["data"].get("own_number")):
        guest = guests.meet(db, venue.id, talk.channel, talk.address, verified=True, now=now)
        merging.link(db, venue.id, guest.id, SMS, number, verified=True, now=now)


def _beside_a_person(
    desk: Desk, venue: Venue, rows: Sequence[Mapping[str, Any]], said: Sequence[Message]
) -> list[int]:
    """Bring a guest's words to the person who has taken the talk over; answer what is ours."""
    pairs = list(zip(rows, said, strict=True))
    ours = [pair for pair in pairs if takeover.is_for_the_bot(desk.talk, pair[1])]
    theirs = [row for row, message in pairs if not takeover.is_for_the_bot(desk.talk, message)]
    stops = any(message.stops for _, message in ours)
    talk = (
        replace(desk.talk, staffed_until=None) if stops else takeover.kept(desk.talk, now=desk.now)
    )
    talks.save(desk.db, talk)
    planned = []
    if theirs:
        planned += takeover.forward(desk.db, desk.accounts, talk, venue, theirs, now=desk.now)
    if ours:
        taken = [row for row, _ in ours]
        heard = [message for _, message in ours]
        planned += _answer(replace(desk, talk=talk), venue, taken, heard)
    return planned


def _answer(
    desk: Desk, venue: Venue, rows: Sequence[Mapping[str, Any]], said: Sequence[Message]
) -> list[int]:
    talk = desk.talk
    text = next((message.text for message in reversed(said) if message.text), "")
    silence = consent.silence_of(desk.db, talk.channel, talk.account, talk.address)
    if silence is Silence.ALL and not any(message.stops for message in said):
        return _alert(desk, venue, Alert("silent"), text)
    outcome = _converse(desk, venue, rows, said)
    desk = replace(desk, talk=outcome.talk)
    planned = [n for alert in outcome.alerts for n in _alert(desk, venue, alert, text)]
    if outcome.wants_silence:
        silence = _keep_silent(desk, silence, text)
        planned += alert_opted_out(desk.db, desk.accounts, talk, venue, now=desk.now)
    if silence is Silence.ALL:
        return planned
    question = messages.question_of(outcome.reply)
    return planned + _queue(
        desk, f"reply:{desk.last_id}", messages.body_of(outcome.reply), question
    )


def _converse(
    desk: Desk, venue: Venue, rows: Sequence[Mapping[str, Any]], said: Sequence[Message]
) -> Outcome:
    people = (row["data"] for row in reversed(rows) if row["data"].get("name"))
    person: Mapping[str, Any] = next(people, {})
    spoken = person.get("language")
    outcome = converse(
        desk.db,
        desk.talk,
        venue,
        said,
        name=person.get("name"),
        language=spoken if spoken in venue.languages else None,
        capability=CAPABILITIES[desk.talk.channel],
        closing=FIRST if _is_first(desk) else (),
        now=desk.now,
    )
    talks.save(desk.db, outcome.talk)
    return outcome


def _is_first(desk: Desk) -> bool:
    """Tell whether this is the first SMS to a number: it has to say how to end them."""
    talk = desk.talk
    address = (talk.channel, talk.account, talk.address)
    return talk.channel == SMS and not consent.knows_way_out(desk.db, *address, talk_id=talk.id)


def _keep_silent(desk: Desk, silence: Silence, text: str) -> Silence:
    """Write a stop down: on SMS it ends everything; elsewhere who asks is still answered."""
    if silence is Silence.ALL:
        return silence
    talk = desk.talk
    wanted = Silence.ALL if talk.channel == SMS else Silence.NOTICES
    address = (talk.channel, talk.account, talk.address)
    consent.record(desk.db, *address, wanted, cause="stop", words=text, now=desk.now)
    return wanted


def _alert(desk: Desk, venue: Venue, alert: Alert, text: str) -> list[int]:
    talk = desk.talk
    guest = guests.meet(desk.db, venue.id, talk.channel, talk.address, now=desk.now)
    wording = load_wording(venue.languages[0])
    values = {**alert.facts, "guest": label(guest), "text": text}
    sentence = wording.say(f"alert.{alert.kind}", values, venue)
    lines = history.last_words(desk.db, wording, talk.id) if alert.kind in history.TOLD_BY else []
    about = lookups.by_code(desk.db, venue.id, alert.facts.get("code", ""))
    missed = no_shows(desk.db, [guest.id]).get(guest.id, 0)
    known = marks.of(wording, guest, about, no_shows=missed, now=desk.now)
    sentence = f"{sentence}\n{known}" if known else sentence
    buttons = steps(wording, venue, about, desk.now) if about else []
    return alerts.alert(
        desk.db,
        venue.id,
        desk.accounts,
        key=f"alert:{alert.kind}:{desk.last_id}",
        body=lambda to: alerts.with_buttons(
            to, history.brief(to, wording, talk.id, sentence, lines), buttons
        ),
        facts={"talk": talk.id},
        now=desk.now,
    )


def _to_strangers(desk: Desk) -> list[int]:
    """Answer a command in a group that is nobody's: whoever sets it up needs its id."""
    if not any(messages.is_group_command(row) for row in desk.rows):
        return []
    wording = load_wording(desk.talk.language or language.available()[0])
    sentence = wording.say("say.privately", {"id": desk.talk.address})
    return _queue(desk, f"reply:{desk.last_id}", {"text": sentence, "buttons": []})


def _ask_venue(desk: Desk, received: reception.Received) -> list[int]:
    talks.save(desk.db, received.talk)
    wording = load_wording(received.language or language.available()[0])
    key = "say.which_venue" if received.choices else "say.no_venue"
    key = "say.ready" if received.declined else key
    sentence = wording.say(key, {"options": reception.labels(received.choices)})
    first = [wording.say("say.opt_out", {})] if _is_first(desk) else []
    text = compose([sentence, *first], CAPABILITIES[desk.talk.channel])
    return _queue(desk, f"reply:{desk.last_id}", {"text": text, "buttons": []})


def _forget(desk: Desk) -> list[int]:
    """Drop what was written before a stop: nothing of it is to be acted on later."""
    talks.save(desk.db, replace(desk.talk, draft=Draft()))
    return []


def _give_up(desk: Desk) -> list[int]:
    """Bury messages that always fail: the guest gets an apology, the staff the message."""
    _mark(desk, "dead")
    text = desk.rows[-1]["text"]
    received = reception.receive(desk.db, desk.talk, (), now=desk.now)
    if received.venue is None:
        return []
    venue = received.venue
    wording = load_wording(language_of(desk.talk, venue))
    sentence = wording.say("say.apology", {}, venue)
    first = [wording.say("say.opt_out", {})] if _is_first(desk) else []
    text = compose([sentence, *first], CAPABILITIES[desk.talk.channel])
    body = {"text": text, "buttons": []}
    apology = _queue(desk, f"reply:{desk.last_id}", body)
    return [*apology, *_alert(desk, venue, Alert("failed"), text)]


def _queue(
    desk: Desk, key: str, body: Mapping[str, Any], question: Mapping[str, Any] | None = None
) -> list[int]:
    talk = desk.talk
    number = outbox.queue(
        desk.db,
        outbox.Kind.REPLY,
        dedup_key=key,
        channel=talk.channel,
        account=talk.account,
        address=talk.address,
        conversation_id=talk.id,
        venue_id=talk.venue_id,
        body=body,
        question=question,
        now=desk.now,
    )
    return [] if number is None else [number]
