"""What the staff write to a guest, through the bot.

Whoever writes to a guest takes the talk over (`takeover.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from booking import venues
from booking.venue import Venue
from bot import consent, outbox
from bot.channels import CAPABILITIES
from bot.consent import Silence
from bot.inbox import Kind
from bot.letters import label
from bot.staff import alerts, orders, takeover
from bot.staff.alerts import body_for
from bot.staff.contacts import Contact
from bot.staff.numbers import number_of
from bot.staff.orders import Order
from bot.staff.subjects import Subject
from conversations import gsm, talks
from conversations.conversation import language_of
from conversations.draft import Draft
from conversations.talks import Talk
from conversations.wording import Capability, Wording, compose, load_wording


@dataclass(kw_only=True)
class Passed:
    """What was planned, and the messages of the staff that were meant for somebody else."""

    planned: list[int] = field(default_factory=list)
    rest: list[Mapping[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class _Task:
    """One order to carry out.

    Args:
        db: the transaction.
        accounts: our account on each channel that is on.
        order: what is wanted.
        writer: who wants it.
        venue: as whose staff.
        now: the instant (UTC).

    """

    db: Connection
    accounts: Mapping[str, str]
    order: Order
    writer: Contact
    venue: Venue
    now: datetime

    @property
    def key(self) -> int:
        """What makes the keys of what is planned here."""
        number: int = self.order.row["id"]
        return number

    @property
    def wording(self) -> Wording:
        """What the staff are told in."""
        return load_wording(self.venue.languages[0])

    @property
    def who(self) -> str:
        """The person who writes, when the channel tells."""
        return str(self.order.row["data"].get("name") or self.writer.name)


def pass_on(
    db: Connection,
    accounts: Mapping[str, str],
    members: list[Contact],
    rows: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
) -> Passed:
    """Pass on what the staff write to guests.

    The conversations of these guests are locked, in order, and before anything of the book is:
    a guest's own exchange takes its locks in this order too.

    Args:
        db: a writing transaction.
        accounts: our account on each channel that is on.
        members: who writes, one entry a venue.
        rows: their messages, in order.
        now: the instant (UTC).

    """
    passed, found = Passed(), list[Order]()
    for row in rows:
        read = orders.read(db, accounts, members, row, now=now)
        if isinstance(read, Order):
            found.append(read)
        else:
            passed.rest.append(read)
    wanted = {order.subject.talk_id for order in found if order.subject}
    for talk_id in sorted(number for number in wanted if number is not None):
        talks.lock(db, talk_id)
    for order in found:
        contact = order.subject.contact if order.subject else members[0]
        venue = venues.get(db, contact.venue_id)
        task = _Task(db=db, accounts=accounts, order=order, writer=contact, venue=venue, now=now)
        passed.planned += _carry_out(task)
    return passed


def _carry_out(task: _Task) -> list[int]:
    subject, words = task.order.subject, task.order.words
    if subject is None:
        return _tell(task, "unknown", {"number": task.order.number})
    if task.order.row["kind"] == Kind.EDITED:
        return _tell(task, "edited", {})
    talk = None if subject.talk_id is None else talks.get(task.db, subject.talk_id)
    if talk and task.order.takes:
        return _take(task, subject, talk)
    if talk and words is None:
        return _give_back(task, subject, talk)
    if talk and words is not None and _is_reachable(task, talk):
        return _write(task, subject, talk, words.strip())
    return _tell(task, "unreachable", {"guest": label(subject.guest)})


def _is_reachable(task: _Task, talk: Talk) -> bool:
    silence = consent.silence_of(task.db, talk.channel, talk.account, talk.address)
    return silence is not Silence.ALL and talk.channel in task.accounts


def _write(task: _Task, subject: Subject, talk: Talk, words: str) -> list[int]:
    capability = CAPABILITIES[talk.channel]
    wording = load_wording(language_of(talk, task.venue))
    whole = wording.say("relay.to_guest", {"text": words}, task.venue)
    if not _carries(capability, words, whole):
        most = capability.max_length - (len(whole) - len(words))
        return _tell(task, "unfit", {"guest": label(subject.guest), "most": most})
    planned = _queue(
        task,
        talk,
        outbox.Kind.RELAY,
        f"relay:{task.key}",
        compose([whole], capability),
        facts={"who": task.who, "words": words},
    )
    was_taken = takeover.is_taken(talk, now=task.now)
    _keep(task, talk)
    said = _about(task, subject, talk, words)
    if not was_taken:
        planned += _reply(task, takeover.releasable(task.writer, task.wording, talk, "taken", said))
    return planned + _tell_others(task, talk, "taken_by_other", said)


def _take(task: _Task, subject: Subject, talk: Talk) -> list[int]:
    """Keep the bot silent before anything is written: perhaps the guest is rung instead."""
    if takeover.is_taken(talk, now=task.now):
        return _tell(task, "taken_already", {"guest": label(subject.guest)})
    _keep(task, talk)
    said = _about(task, subject, talk)
    body = takeover.releasable(task.writer, task.wording, talk, "taken_over", said)
    return _reply(task, body) + _tell_others(task, talk, "taken_over_by_other", said)


def _keep(task: _Task, talk: Talk) -> None:
    """Write down that the talk is in the hands of this venue's staff from now on."""
    draft = talk.draft if talk.venue_id == task.venue.id else Draft()
    talk = replace(talk, venue_id=task.venue.id, draft=draft)
    talks.save(task.db, takeover.kept(talk, now=task.now))


def _carries(capability: Capability, words: str, whole: str) -> bool:
    """Tell whether a channel can carry words as they are; nothing of them is ever cut off."""
    if capability.max_segments is None:
        return bool(words) and len(whole) <= capability.max_length
    return bool(gsm.fold(words).strip()) and compose([whole], capability) == gsm.fold(whole)


def _about(task: _Task, subject: Subject, talk: Talk, words: str = "") -> dict[str, Any]:
    """What sentences about a talk that was taken over are made of."""
    return {
        "guest": label(subject.guest),
        "number": number_of(talk.id),
        "idle": takeover.IDLE.seconds // 3600,
        "who": task.who,
        "text": words,
    }


def _tell_others(task: _Task, talk: Talk, key: str, said: Mapping[str, Any]) -> list[int]:
    """Tell the rest of the staff who has a guest's talk, and what was answered."""
    return alerts.alert(
        task.db,
        task.venue.id,
        task.accounts,
        key=f"taken:{task.key}",
        body=lambda to: takeover.releasable(to, task.wording, talk, key, said),
        but=(task.writer.channel, task.writer.address),
        facts={"talk": talk.id},
        now=task.now,
    )


def _give_back(task: _Task, subject: Subject, talk: Talk) -> list[int]:
    said = {"guest": label(subject.guest)}
    if not takeover.is_taken(talk, now=task.now):
        return _tell(task, "not_taken", said)
    talks.save(task.db, replace(talk, staffed_until=None))
    wording = load_wording(language_of(talk, task.venue))
    text = compose([wording.say("relay.back", {}, task.venue)], CAPABILITIES[talk.channel])
    others = alerts.alert(
        task.db,
        task.venue.id,
        task.accounts,
        key=f"released:{task.key}",
        text=task.wording.say("relay.released", said),
        but=(task.writer.channel, task.writer.address),
        facts={"talk": talk.id},
        now=task.now,
    )
    back = _queue(task, talk, outbox.Kind.REPLY, f"back:{task.key}", text)
    return [*back, *_tell(task, "released", said), *others]


def _tell(task: _Task, key: str, values: Mapping[str, Any]) -> list[int]:
    """Answer the writer, who may reply to it as to any alert."""
    return _reply(task, body_for(task.writer, task.wording.say(f"relay.{key}", values)))


def _reply(task: _Task, body: Mapping[str, Any]) -> list[int]:
    subject, writer = task.order.subject, task.writer
    number = outbox.queue(
        task.db,
        outbox.Kind.REPLY,
        dedup_key=f"reply:{task.key}",
        channel=writer.channel,
        account=task.accounts[writer.channel],
        address=writer.address,
        venue_id=task.venue.id,
        body=body,
        facts={"talk": subject.talk_id} if subject and subject.talk_id else {},
        now=task.now,
    )
    return [] if number is None else [number]


def _queue(
    task: _Task, talk: Talk, kind: outbox.Kind, key: str, text: str, **columns: Any
) -> list[int]:
    """Plan a message to the guest."""
    number = outbox.queue(
        task.db,
        kind,
        dedup_key=key,
        channel=talk.channel,
        account=talk.account,
        address=talk.address,
        conversation_id=talk.id,
        venue_id=task.venue.id,
        body={"text": text, "buttons": []},
        now=task.now,
        **columns,
    )
    return [] if number is None else [number]
