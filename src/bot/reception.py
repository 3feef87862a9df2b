"""Which restaurant a message is for, where several share one house."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection

from booking import venues
from booking.venue import Venue
from conversations.draft import Draft
from conversations.talks import Talk

#: Telegram's deep link: t.me/<bot>?start=<slug> arrives as this command.
START = "/start"


@dataclass(frozen=True, kw_only=True)
class Received:
    """A guest who has been shown to a venue, or is to be asked which one is meant.

    Args:
        venue: the venue, when it is known.
        choices: the venues to choose from, when it is not.
        talk: the conversation, with what was found out.
        text: what the guest wants there, if that was written before the venue was known.

    """

    venue: Venue | None
    choices: Sequence[Venue] = ()
    talk: Talk
    text: str | None = None


def receive(db: Connection, talk: Talk, text: str) -> Received:
    """Find the venue of a conversation: by its link, its own number, its past, or the answer."""
    command, _, slug = text.partition(" ")
    linked = slug.strip() if command == START else ""
    if talk.venue_id is not None and not linked:
        return Received(venue=venues.get(db, talk.venue_id), talk=talk)
    every = venues.every(db)
    known = next((v for v in every if v.slug == linked), None)
    if known:
        fresh = replace(talk, draft=Draft()) if known.id != talk.venue_id else talk
        return Received(venue=known, talk=fresh)
    if talk.venue_id is not None:
        return Received(venue=venues.get(db, talk.venue_id), talk=talk)
    own = [v for v in every if v.sms_number == talk.account]
    if len(own) == 1 or len(every) == 1:
        return Received(venue=(own or every)[0], talk=talk)
    return _ask(talk, every, text)


def _ask(talk: Talk, every: Sequence[Venue], text: str) -> Received:
    if talk.draft.pending is None:
        draft = talk.draft.model_copy(update={"pending": text})
        return Received(venue=None, choices=every, talk=replace(talk, draft=draft))
    chosen = _chosen(every, text)
    if chosen is None:
        return Received(venue=None, choices=every, talk=talk)
    return Received(venue=chosen, talk=replace(talk, draft=Draft()), text=talk.draft.pending)


def _chosen(every: Sequence[Venue], text: str) -> Venue | None:
    answer = text.strip().casefold()
    if answer.isdecimal() and 1 <= int(answer) <= len(every):
        return every[int(answer) - 1]
    named = [v for v in every if answer and answer in v.name.casefold()]
    return named[0] if len(named) == 1 else None
