"""Talking to the bot in the terminal: the same inbox, exchange and outbox, another sender."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import uuid4

import sqlalchemy as sa

from booking import venues
from bot import delivery, exchange, utc_now
from bot.channels import TERMINAL, Outgoing, Receipt
from bot.house import House
from bot.inbox import Kind, Received
from bot.models import OutboundMessage
from bot.reception import START

_ACCOUNT = "local"
_ADDRESS = "here"
#: What ends a conversation, as an empty line does.
_ENDS = frozenset({"", "quit", "exit"})
_WELCOME = """\
This is the real book: what you book here is booked, and the staff are alerted.
An empty line, quit, exit or Ctrl-D ends it."""


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
    house: House,
    *,
    slug: str | None,
    lines: Iterable[str],
    say: Callable[[str], None],
) -> None:
    """Hold a conversation, a line a message, until the lines end or one of them ends it.

    Args:
        house: whose book; its workers send the alerts.
        slug: the venue; needed when several are loaded, else the bot asks.
        lines: what the guest writes.
        say: what prints an answer.

    Raises:
        ValueError: there is no such venue, or none at all.

    """
    with house.database.reading() as db:
        slugs = [venue.slug for venue in venues.every(db)]
    if not slugs or (slug and slug not in slugs):
        loaded = ", ".join(slugs) or "none"
        raise ValueError(f"there is no venue to talk to; loaded: {loaded}")
    sender = TerminalSender(say)
    say(_WELCOME)
    _exchange(house, sender, f"{START} {slug}" if slug else START)
    for line in lines:
        if line.strip().lower() in _ENDS:
            return
        _exchange(house, sender, line.strip())


def _exchange(house: House, sender: TerminalSender, text: str) -> None:
    accounts = {**house.accounts, TERMINAL: _ACCOUNT}  # without them the staff would hear nothing
    received = Received(
        channel=TERMINAL,
        account=_ACCOUNT,
        address=_ADDRESS,
        external_id=uuid4().hex,
        kind=Kind.TEXT,
        text=text,
    )
    accepted = house.accept(received, now=utc_now())
    if accepted.talk_id is None:
        return
    due = exchange.run(house.database, accounts, accepted.talk_id, now=utc_now())
    while due := _printed_here(house, due):
        senders = {TERMINAL: sender}
        due += delivery.deliver(house.database, senders, accounts, due.pop(0), now=utc_now())


def _printed_here(house: House, due: Iterable[int]) -> list[int]:
    """What is for the terminal; the relay finds the rest, which is for the staff."""
    row = OutboundMessage
    with house.database.reading() as db:
        query = sa.select(row.id).where(row.id.in_(due), row.channel == TERMINAL)
        return list(db.execute(query.order_by(row.id)).scalars())
