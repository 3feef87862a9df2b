"""Counts of what happened while something was broken, and what they mean."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from booking.database import Database
from bot.models import InboundMessage, OutboundMessage
from bot.outbox import Kind, State
from webhooks.emulator import Emulators
from webhooks.emulator.phones import Author, Delivery
from webhooks.pages import texts

#: Messages that will never be sent, each with its reason in the outbox.
_ENDED = (State.SUPPRESSED, State.FAILED, State.DEAD)
_OPEN = (State.QUEUED, State.SENDING)


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What happened since an instant, from the phones of those who wrote to the phones that got it.

    Attributes:
        done: messages, presses and the like on the phones.
        webhooks: that told the house of them; more than `done` when some came twice.
        stored: of them, each once, in the inbox.
        waiting: of these, not handled yet.
        due: messages that the house had to send.
        unsent: of these, not handed over yet.
        unknown: of these, nobody knows whether they arrived; a rule decides whether to repeat.
        shown: copies that the phones have got.
    """

    done: int
    webhooks: int
    stored: int
    waiting: int
    due: int
    unsent: int
    unknown: int
    shown: int

    @property
    def settled(self) -> bool:
        """Whether nothing is under way any more."""
        return not (self.waiting or self.unsent or self.done > self.stored)

    @property
    def lost(self) -> int:
        """Messages that should have reached a phone and did not."""
        return max(self.due - self.shown, 0)

    @property
    def twice(self) -> int:
        """Messages that a phone has got once more than meant."""
        return max(self.shown - self.due, 0)

    def verdict(self) -> tuple[str, str]:
        """How it stands, as `waits`, `idle`, `bad` or `good`, and in words."""
        if not self.settled:
            return "waits", texts.UNDER_WAY.format(waiting=self.waiting, unsent=self.unsent)
        if not self.done and not self.due:
            return "idle", texts.IDLE
        if self.lost:
            return "bad", texts.LOST.format(lost=self.lost)
        return "good", texts.TWICE.format(twice=self.twice) if self.twice else texts.FINE


def count(database: Database, emulators: Emulators, since: datetime, *, now: datetime) -> Tally:
    """Count what has happened from an instant up to now (UTC)."""
    told = [one.traffic.since(since) for one in (emulators.telegram, emulators.twilio)]
    with database.reading() as db:
        inbox = _inbox(db, since)
        outbox = _outbox(db, since, now=now)
    return Tally(
        done=sum(done for done, _ in told),
        webhooks=sum(copies for _, copies in told),
        stored=sum(inbox.values()),
        waiting=inbox.get("new", 0),
        due=sum(outbox.values()),
        unsent=sum(outbox.get(state, 0) for state in _OPEN),
        unknown=outbox.get(State.UNKNOWN, 0),
        shown=_shown(emulators, since),
    )


def _inbox(db: Connection, since: datetime) -> dict[str, int]:
    row = InboundMessage
    query = sa.select(row.state, sa.func.count()).where(row.received_at >= since)
    return {state: int(number) for state, number in db.execute(query.group_by(row.state))}


def _outbox(db: Connection, since: datetime, *, now: datetime) -> dict[str, int]:
    row = OutboundMessage
    query = sa.select(row.state, sa.func.count()).where(
        row.created_at >= since,
        row.due_at <= now,
        row.kind != Kind.ANSWER,  # it stops a button from spinning, and shows nothing
        row.state.not_in(_ENDED),
    )
    return {state: int(number) for state, number in db.execute(query.group_by(row.state))}


def _shown(emulators: Emulators, since: datetime) -> int:
    return sum(
        message.author is Author.HOUSE
        and message.state is not Delivery.FAILED
        and message.at >= since
        for phone in emulators.phones.all()
        for message in phone.messages()
    )
