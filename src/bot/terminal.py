"""Talking to the bot in the terminal: the same inbox, exchange and outbox, another sender."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import uuid4

from booking import venues
from booking.database import Database
from bot import delivery, exchange, inbox, utc_now
from bot.channels import TERMINAL, Outgoing, Receipt
from bot.inbox import Kind, Received
from bot.reception import START

_ACCOUNTS = {TERMINAL: "local"}
_ADDRESS = "here"


@dataclass(frozen=True)
class TerminalSender:
    """Prints what the bot says."""

    say: Callable[[str], None]

    def send(self, outgoing: Outgoing) -> Receipt:
        """Print a text."""
        self.say(f"\n{outgoing.text}\n")
        return Receipt()

    def find(self, outgoing: Outgoing) -> Receipt | None:
        """Look for nothing: what is printed is printed."""

    def warm_up(self) -> None:
        """Load nothing."""

    def close(self) -> None:
        """Close nothing."""


def chat(
    database: Database,
    *,
    slug: str | None,
    lines: Iterable[str],
    say: Callable[[str], None],
) -> None:
    """Hold a conversation, a line a message, until the lines end.

    Args:
        database: where the book is.
        slug: the venue; needed when several are loaded, else the bot asks.
        lines: what the guest writes.
        say: what prints an answer.

    Raises:
        ValueError: there is no such venue, or none at all.

    """
    with database.reading() as db:
        slugs = [venue.slug for venue in venues.every(db)]
    if not slugs or (slug and slug not in slugs):
        loaded = ", ".join(slugs) or "none"
        raise ValueError(f"there is no venue to talk to; loaded: {loaded}")
    sender = TerminalSender(say)
    _exchange(database, sender, f"{START} {slug}" if slug else START)
    for line in lines:
        if line.strip():
            _exchange(database, sender, line.strip())


def _exchange(database: Database, sender: TerminalSender, text: str) -> None:
    received = Received(
        channel=TERMINAL,
        account=_ACCOUNTS[TERMINAL],
        address=_ADDRESS,
        external_id=uuid4().hex,
        kind=Kind.TEXT,
        text=text,
    )
    with database.transaction() as db:
        accepted = inbox.accept(db, received, now=utc_now())
    if accepted.talk_id is None:
        return
    due = exchange.run(database, _ACCOUNTS, accepted.talk_id, now=utc_now())
    while due:
        due += delivery.deliver(database, {TERMINAL: sender}, _ACCOUNTS, due.pop(0), now=utc_now())
