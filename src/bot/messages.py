"""Between rows and values: an inbound row as a message of the talk, a reply as an outbound body."""

import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.engine import Connection

from bot.channels import SMS
from bot.consent import SILENT_WORDS, STOP_WORDS, word_of
from bot.inbox import Kind
from bot.models import OutboundMessage
from bot.outbox import Kind as OutboundKind
from conversations.conversation import Message, Question, Reply
from conversations.draft import Step
from conversations.talks import Talk

#: The token of a button: version of its question, answer. At most 64 bytes (Bot API).
TOKEN = re.compile(r"g:(\d{1,9}):(yes|no|wait|\d{1,2}|lang-[a-z]{2})")
#: The token of a button under an opening: the hold, answer.
OPENING_TOKEN = re.compile(r"o:(\d{1,18}):(yes|no)")
#: An edit of a message is read as a correction while these wait for details.
_OPEN = frozenset({Step.ASKING, Step.WAITLISTING, Step.CHOOSING, Step.CONFIRMING, Step.CHANGING})
#: The digits that answer the question of a hold.
DIGITS = frozenset({"1", "9"})
_QUESTION = TypeAdapter(Question)
_PICTURES = ("photo", "video", "document", "live_photo", "paid_media", "story")
#: What answers a message without text, by what it is: an attachment's name in the Bot API, or of
#: an MMS the first half of its media type.
ANSWERS = {
    **dict.fromkeys((*_PICTURES, "image", "application"), "media_picture"),
    **dict.fromkeys(("voice", "audio", "video_note"), "media_voice"),
    **dict.fromkeys(("sticker", "animation", "dice", "game"), "media_sticker"),
    **dict.fromkeys(("location", "venue"), "media_location"),
    **dict.fromkeys(("contact", "text"), "media_contact"),
}


def wants_answer(row: Mapping[str, Any], channel: str) -> bool:
    """Tell whether an inbound row is something a guest says to the bot."""
    moving = row["kind"] == Kind.EDITED and not row["text"]  # a live location, again and again
    if row["kind"] == Kind.MEMBERSHIP or moving:
        return False
    if channel == SMS:
        return _word(row) not in SILENT_WORDS
    in_private: bool = row["data"].get("chat_type", "private") == "private"
    return in_private


def stops(row: Mapping[str, Any], channel: str) -> bool:
    """Tell whether a row is one of the words by which carriers end all messages."""
    return channel == SMS and _word(row) in STOP_WORDS


def is_for_the_house(row: Mapping[str, Any], channel: str) -> bool:
    """Tell whether an inbound row is something the staff say to the bot, not to the carrier.

    A command that is edited has been carried out already, and must not be so twice.
    """
    if row["kind"] in {Kind.MEMBERSHIP, Kind.EDITED}:
        return False
    return channel != SMS or _word(row) not in SILENT_WORDS | STOP_WORDS


def _word(row: Mapping[str, Any]) -> str:
    """A row as the carrier compares it with its words; its own verdict counts first."""
    word: str = row["data"].get("opt_out") or word_of(row["text"])
    return word


def is_group_command(row: Mapping[str, Any]) -> bool:
    """Tell whether a row is a command that somebody gave in a group."""
    in_group = row["data"].get("chat_type") in {"group", "supergroup"}
    return in_group and row["text"].startswith("/")


def read_row(db: Connection, row: Mapping[str, Any], talk: Talk) -> Message:
    """An inbound row as a message of the talk."""
    received_at = row["received_at"]
    if row["kind"] == Kind.PRESS:
        opening = OPENING_TOKEN.fullmatch(row["text"])
        if opening:
            number = int(opening[1])
            return Message(received_at=received_at, press=opening[2], opening_id=number)
        token = TOKEN.fullmatch(row["text"])
        version, answer = (int(token[1]), token[2]) if token else (-1, "yes")
        question = Question(version=version)
        return Message(received_at=received_at, press=answer, question=question)
    asked = _asked_before(db, row, OutboundMessage.question.is_not(sa.null()))
    offered = _asked_before(db, row, OutboundMessage.kind == OutboundKind.OPENING)
    is_newest = offered and (asked is None or asked["claimed_at"] < offered["claimed_at"])
    opening_id: int | None = offered["reservation_id"] if offered and is_newest else None
    return Message(
        received_at=received_at,
        text=row["text"],
        stops=stops(row, talk.channel),
        unreadable=_unreadable(row, talk),
        question=_QUESTION.validate_python(asked["question"]) if asked else None,
        opening_id=opening_id,
    )


def _unreadable(row: Mapping[str, Any], talk: Talk) -> str | None:
    if row["data"].get("own_number"):
        return "number_known"
    if row["kind"] == Kind.MEDIA:
        return ANSWERS.get(row["data"].get("media"), "only_text")
    if row["kind"] == Kind.EDITED and talk.draft.step not in _OPEN:
        return "edited"
    return None


def _asked_before(
    db: Connection, row: Mapping[str, Any], asks: sa.ColumnElement[bool]
) -> Mapping[str, Any] | None:
    """The last message that asked so and whose sending had begun when an inbound one came in."""
    sent = OutboundMessage
    query = (
        sa.select(sent.question, sent.reservation_id, sent.claimed_at)
        .where(
            sent.conversation_id == row["conversation_id"],
            asks,
            sent.claimed_at <= row["received_at"],
        )
        .order_by(sent.claimed_at.desc(), sent.id.desc())
        .limit(1)
    )
    found = db.execute(query).mappings().first()
    return dict(found) if found else None


def body_of(reply: Reply) -> dict[str, Any]:
    """A reply as it is stored: its text, and its buttons as (label, token)."""
    version = reply.question.version
    buttons = [(label, token(version, answer)) for label, answer in reply.buttons]
    return {"text": reply.text, "buttons": buttons}


def token(version: int, answer: str) -> str:
    """What a button brings back: the version of the question, and the answer to it."""
    return f"g:{version}:{answer}"


def opening_token(reservation_id: int, answer: str) -> str:
    """What a button under an opening brings back: which hold, and the answer to it."""
    return f"o:{reservation_id}:{answer}"


def question_of(reply: Reply) -> dict[str, Any]:
    """What a reply asks, as it is stored."""
    return dict(_QUESTION.dump_python(reply.question, mode="json"))
