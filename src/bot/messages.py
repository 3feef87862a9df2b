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
TOKEN = re.compile(r"g:(\d{1,9}):(yes|no|\d{1,2}|lang-[a-z]{2})")
#: An edit of a message is read as a correction while these wait for details.
_OPEN = frozenset({Step.ASKING, Step.CHOOSING, Step.CONFIRMING, Step.CHANGING})
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
        token = TOKEN.fullmatch(row["text"])
        version, answer = (int(token[1]), token[2]) if token else (-1, "yes")
        question = Question(version=version)
        return Message(received_at=received_at, press=answer, question=question)
    return Message(
        received_at=received_at,
        text=row["text"],
        stops=stops(row, talk.channel),
        unreadable=_unreadable(row, talk),
        question=_question_before(db, row),
    )


def _unreadable(row: Mapping[str, Any], talk: Talk) -> str | None:
    if row["data"].get("own_number"):
        return "number_known"
    if row["kind"] == Kind.MEDIA:
        return ANSWERS.get(row["data"].get("media"), "only_text")
    if row["kind"] == Kind.EDITED and talk.draft.step not in _OPEN:
        return "edited"
    return None


def _question_before(db: Connection, row: Mapping[str, Any]) -> Question | None:
    """What the last reply asked whose sending had begun when the message came in."""
    sent = OutboundMessage
    query = (
        sa.select(sent.question)
        .where(
            sent.conversation_id == row["conversation_id"],
            sent.kind == OutboundKind.REPLY,
            sent.question.is_not(sa.null()),
            sent.claimed_at <= row["received_at"],
        )
        .order_by(sent.id.desc())
        .limit(1)
    )
    found = db.execute(query).scalar()
    return _QUESTION.validate_python(found) if found else None


def body_of(reply: Reply) -> dict[str, Any]:
    """A reply as it is stored: its text, and its buttons as (label, token)."""
    version = reply.question.version
    buttons = [(label, token(version, answer)) for label, answer in reply.buttons]
    return {"text": reply.text, "buttons": buttons}


def token(version: int, answer: str) -> str:
    """What a button brings back: the version of the question, and the answer to it."""
    return f"g:{version}:{answer}"


def question_of(reply: Reply) -> dict[str, Any]:
    """What a reply asks, as it is stored."""
    return dict(_QUESTION.dump_python(reply.question, mode="json"))
