"""What was said last in a conversation, for whoever of the staff is to answer."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from textwrap import shorten
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.channels import CAPABILITIES
from bot.models import InboundMessage, OutboundMessage
from bot.outbox import Kind
from bot.staff.contacts import Contact
from bot.staff.numbers import number_of
from conversations import gsm
from conversations.wording import Capability, Wording, compose
from conversations.wording import Line as Sentence

#: How many messages are shown, of both sides together.
SHOWN = 5
#: Characters of one message where there is room for all.
LONGEST = 600
#: Fewer characters of a message tell nothing: then the oldest is left out.
SHORTEST = 24
#: The alerts by which somebody is asked to answer a guest: they tell what was said before.
TOLD_BY = frozenset({"human", "unclear", "too_late", "needs_approval", "waitlist"})
_TO_GUESTS = (Kind.REPLY, Kind.NOTICE, Kind.OPENING, Kind.REMINDER, Kind.RELAY)


class Line(NamedTuple):
    """One message, in its order: when it came in or went out (UTC); what answers comes after."""

    at: datetime
    is_answer: bool
    id: int
    text: str


def last_words(db: Connection, wording: Wording, talk_id: int) -> list[str]:
    """The last messages of a conversation, oldest first, each with who said it.

    Args:
        db: the transaction.
        wording: of the staff.
        talk_id: the conversation.

    """
    sent = _sent(db, talk_id)
    pressed = {token: label for row in sent for label, token in row["body"].get("buttons", ())}
    lines = [_from_guest(wording, row, pressed) for row in _received(db, talk_id)]
    lines += [_to_guest(wording, row) for row in sent]
    return [line.text for line in sorted(lines)[-SHOWN:]]


def brief(
    to: Contact, wording: Wording, talk_id: int, sentence: str, lines: Sequence[str]
) -> dict[str, Any]:
    """The body of an alert about a guest, with what was said last and how to answer.

    Args:
        to: who of the staff.
        wording: of the staff.
        talk_id: the conversation.
        sentence: what it is about.
        lines: what was said last; without them, how to answer is left out if need be.

    """
    capability = CAPABILITIES[to.channel]
    how = how_to_answer(wording, talk_id, capability)
    if lines:
        take = (wording.data["button"]["take"], f"t:{talk_id}:take")
        buttons = [take] if capability.has_buttons else []
        return {"text": fit([sentence, how], lines, capability), "buttons": buttons}
    sentences = [sentence] if capability.has_buttons else with_hint([sentence], how, capability)
    return {"text": compose(sentences, capability), "buttons": []}


def how_to_answer(wording: Wording, talk_id: int, capability: Capability) -> str:
    """How somebody of the staff writes to a guest."""
    if capability.has_buttons:
        return wording.say("relay.how", {})
    return wording.say("relay.how_by_text", {"number": number_of(talk_id)})


def with_hint(
    sentences: Sequence[str | Sentence], hint: str, capability: Capability
) -> list[str | Sentence]:
    """Sentences with a hint behind them, unless it would cost them their end."""
    both = [*sentences, hint]
    whole = compose(both, capability)
    return both if whole.endswith(compose([hint], capability)) else list(sentences)


def fit(sentences: Sequence[str], lines: Sequence[str], capability: Capability) -> str:
    """Sentences, and below them as much of each line as the channel carries."""
    room = capability.max_length - sum(len(gsm.fold(sentence)) + 1 for sentence in sentences)
    if capability.max_segments is not None:
        while lines and room // len(lines) < SHORTEST:
            lines = lines[1:]
    shares = _shares([len(line) for line in lines], room) if lines else []
    shown = [
        shorten(line, share, placeholder="...") for line, share in zip(lines, shares, strict=True)
    ]
    return compose([*sentences, *shown], capability)


def _shares(lengths: Sequence[int], room: int) -> list[int]:
    """How much of each line is shown: up to half for the newest, what is fair for the others."""
    shares, newest = [0] * len(lengths), len(lengths) - 1
    others = sorted(range(newest), key=lambda at: lengths[at])
    for left, at in zip(range(len(lengths), 0, -1), [newest, *others], strict=True):
        fair = room // min(left, 2) if at == newest else room // left
        shares[at] = min(lengths[at], fair - 1, LONGEST)
        room -= shares[at] + 1
    return shares


def _received(db: Connection, talk_id: int) -> list[Mapping[str, Any]]:
    row = InboundMessage
    query = (
        sa.select(row.id, row.kind, row.text, row.received_at)
        .where(row.conversation_id == talk_id, row.kind != "membership")
        .order_by(row.received_at.desc(), row.id.desc())
    )
    return [dict(found) for found in db.execute(query.limit(SHOWN)).mappings()]


def _sent(db: Connection, talk_id: int) -> list[Mapping[str, Any]]:
    row = OutboundMessage
    query = (
        sa.select(row.id, row.kind, row.body, row.facts, row.claimed_at)
        .where(
            row.conversation_id == talk_id,
            row.claimed_at.is_not(None),
            row.kind.in_(_TO_GUESTS),
            row.body.is_not(sa.null()),
        )
        .order_by(row.claimed_at.desc(), row.id.desc())
    )
    return [dict(found) for found in db.execute(query.limit(SHOWN)).mappings()]


def _from_guest(wording: Wording, row: Mapping[str, Any], pressed: Mapping[str, str]) -> Line:
    text = pressed.get(row["text"], row["text"]) or wording.say("relay.no_text", {})
    said = wording.say("relay.by_guest", {"text": text})
    return Line(at=row["received_at"], is_answer=False, id=row["id"], text=said)


def _to_guest(wording: Wording, row: Mapping[str, Any]) -> Line:
    if row["kind"] == Kind.RELAY:
        said = {"who": row["facts"].get("who", "-"), "text": row["facts"].get("words", "-")}
        text = wording.say("relay.by_staff", said)
    else:
        text = wording.say("relay.by_bot", {"text": row["body"]["text"]})
    return Line(at=row["claimed_at"], is_answer=True, id=row["id"], text=text)
