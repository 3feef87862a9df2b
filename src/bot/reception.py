"""Which restaurant a message is for, where several share one house."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking import venues
from booking.venue import Venue
from bot import messages
from bot.models import OutboundMessage
from bot.outbox import Kind
from conversations.conversation import FORGET_AFTER, Message
from conversations.draft import Draft
from conversations.reading import Asked, Context
from conversations.talks import Talk
from conversations.understanding import refuses, understand

#: Telegram's deep link: t.me/<bot>?start=<slug> arrives as this command.
START = "/start"
#: So many texts are kept until the venue is known; of more, the newest.
MOST_PENDING = 10
#: Fewer letters of a venue's name may be anything.
SHORTEST_NAME = 3


@dataclass(frozen=True, kw_only=True)
class Received:
    """A guest who has been shown to a venue, or is to be asked which one is meant.

    Args:
        venue: the venue, when it is known.
        choices: the venues to choose from, when it is not.
        talk: the conversation, with what was found out.
        texts: what the guest wants there, if that was written before the venue was known.
        declined: whether the guest wants none of them after all.
        language: in which to ask, when the words tell.

    """

    venue: Venue | None
    choices: Sequence[Venue] = ()
    talk: Talk
    texts: Sequence[str] = ()
    declined: bool = False
    language: str | None = None


def receive(db: Connection, talk: Talk, texts: Sequence[str], *, now: datetime) -> Received:
    """Find the venue of a conversation: by its link, its own number, its past, or the answer.

    Args:
        db: a writing transaction.
        talk: the conversation.
        texts: what was written since the last exchange, in order.
        now: the instant (UTC).

    """
    linked = _linked(texts)
    if talk.venue_id is not None and not linked:
        return Received(venue=venues.get(db, talk.venue_id), talk=talk)
    every = venues.every(db)
    known = next((v for v in every if v.slug == linked), None)
    if known:
        elsewhere = replace(talk, draft=Draft(), staffed_until=None)
        fresh = elsewhere if known.id != talk.venue_id else talk
        return Received(venue=known, talk=fresh)
    if talk.venue_id is not None:
        return Received(venue=venues.get(db, talk.venue_id), talk=talk)
    own = [v for v in every if v.sms_number == talk.account]
    if len(own) == 1 or len(every) == 1:
        return Received(venue=(own or every)[0], talk=talk)
    return _ask(talk, every, texts, now=now)


def follow(db: Connection, talk: Talk, venue: Venue, message: Message) -> tuple[Talk, Venue]:
    """The talk and the venue that an answer to an opening is for: where the table came free.

    Args:
        db: a writing transaction.
        talk: the conversation.
        venue: whose tables it is about so far.
        message: what was written last.

    """
    answers = message.press is not None or message.text.strip() in messages.DIGITS
    if message.opening_id is None or not answers:
        return talk, venue
    row = OutboundMessage
    told = sa.select(row.venue_id).where(
        row.conversation_id == talk.id,
        row.kind == Kind.OPENING,
        row.reservation_id == message.opening_id,
    )
    venue_id = db.execute(told).scalar()
    if venue_id is None or venue_id == venue.id:
        return talk, venue
    return replace(talk, draft=Draft(), staffed_until=None), venues.get(db, venue_id)


def labels(every: Sequence[Venue]) -> list[str]:
    """The venues as they are offered: by name, and with the address where a name is not enough."""
    names = Counter(venue.name.casefold() for venue in every)
    return [
        v.name if names[v.name.casefold()] == 1 else f"{v.name}, {v.address or v.slug}"
        for v in every
    ]


def _linked(texts: Sequence[str]) -> str:
    commands = (text.partition(" ") for text in reversed(texts))
    return next((slug.strip() for command, _, slug in commands if command == START), "")


def _ask(talk: Talk, every: Sequence[Venue], texts: Sequence[str], *, now: datetime) -> Received:
    """Take what was written for the answer to the question, or put it and keep the texts."""
    asked, last = bool(talk.draft.pending), texts[-1] if texts else ""
    before = () if now - talk.talked_at > FORGET_AFTER else talk.draft.pending
    fresh = replace(talk, draft=Draft(), talked_at=now)
    if not every:
        return Received(venue=None, talk=fresh, language=talk.language)
    asks = Asked.CONFIRMATION if asked else None
    context = Context(now=now.replace(tzinfo=None), language=talk.language, asked=asks)
    spoken = understand("\n".join((*talk.draft.pending, *texts)), context).language
    if asked and not _numbered(every, last) and _is_no(every, last, context):
        return Received(venue=None, talk=fresh, declined=True, language=spoken)
    at, chosen = _answer(every, texts) if asked else (len(texts), None)
    kept = _kept((*before, *texts[:at], *texts[at + 1 :]))
    if chosen:  # who wrote nothing else is greeted
        return Received(venue=chosen, talk=fresh, texts=kept or (START,))
    waiting = replace(fresh, draft=Draft(pending=kept or ("",)))
    return Received(venue=None, choices=every, talk=waiting, language=spoken)


def _answer(every: Sequence[Venue], texts: Sequence[str]) -> tuple[int, Venue | None]:
    """Which of the texts chooses a venue, and which venue."""
    found = ((at, _chosen(every, text)) for at, text in enumerate(texts))
    return next((each for each in found if each[1]), (len(texts), None))


def _kept(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(text for text in texts if text)[-MOST_PENDING:]


def _is_no(every: Sequence[Venue], text: str, context: Context) -> bool:
    """Tell whether a text is a plain no, in any language of the venues."""
    codes = {code for venue in every for code in venue.languages}
    return any(refuses(text, replace(context, language=code)) for code in codes)


def _chosen(every: Sequence[Venue], text: str) -> Venue | None:
    """The venue that is meant by its number, or by a part of its name that no other has."""
    answer = text.strip().casefold()
    if _figure(text).isdecimal():
        return _numbered(every, text)
    if len(answer) < SHORTEST_NAME:
        return None
    begins = re.compile(rf"\b{re.escape(answer)}")
    shown = zip(every, labels(every), strict=True)
    named = [venue for venue, label in shown if begins.search(label.casefold())]
    return named[0] if len(named) == 1 else None


def _numbered(every: Sequence[Venue], text: str) -> Venue | None:
    return {str(number): venue for number, venue in enumerate(every, 1)}.get(_figure(text))


def _figure(text: str) -> str:
    return text.strip().strip("#().")
