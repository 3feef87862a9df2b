"""One message of the staff, and what it is answered with."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.engine import Connection

from booking import venues
from booking.events import STAFF
from booking.venue import Venue
from bot.channels import CAPABILITIES
from bot.staff.alerts import body_for
from bot.staff.contacts import Contact
from conversations.acts import clock
from conversations.reading import Context
from conversations.wording import Capability, Wording, load_wording

Buttons = Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Stand:
    """Who writes, from where and when.

    Args:
        db: the transaction of the exchange.
        contacts: the chat or phone, one entry for each venue whose staff it is.
        person: who wrote or pressed, when the channel tells.
        now: the instant (UTC).

    """

    db: Connection
    contacts: Sequence[Contact]
    person: str | None
    now: datetime

    @property
    def here(self) -> Contact:
        """The chat or phone."""
        return self.contacts[0]

    @property
    def actor(self) -> str:
        """How the history names who did it."""
        return STAFF + (self.person or self.here.name)

    @property
    def capability(self) -> Capability:
        """What the channel can carry."""
        return CAPABILITIES[self.here.channel]

    @property
    def wording(self) -> Wording:
        """The words of the house that comes first."""
        return load_wording(self.venues[0].languages[0])

    @property
    def venues(self) -> list[Venue]:
        """The venues whose staff these are."""
        return [venues.get(self.db, contact.venue_id) for contact in self.contacts]

    def service_date(self, venue: Venue) -> date:
        """The service date that is going on, or begins next, at a venue."""
        return venue.evening_of(self.now)[0]

    def context(self, venue: Venue) -> Context:
        """What a text of the staff is read against."""
        return Context(
            now=venue.local(self.now).replace(tzinfo=None),
            language=venue.languages[0],
            hours=tuple((clock(p.first_seating), clock(p.closes)) for p in venue.periods),
        )


@dataclass(frozen=True, kw_only=True)
class Said:
    """An answer to the staff: a text, and buttons as (label, token)."""

    text: str
    buttons: Buttons = field(default=())

    def body(self, to: Contact) -> dict[str, Any]:
        """The answer as it goes into the outbox."""
        return body_for(to, self.text, self.buttons)

    def with_buttons(self, buttons: Buttons) -> "Said":
        """The same answer with more buttons."""
        return replace(self, buttons=(*self.buttons, *buttons))
