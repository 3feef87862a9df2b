"""Where a talk stands: the step, what is known so far, and the question that is open."""

import datetime as dt
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from conversations.reading import Asked, Known, Option


class Step(StrEnum):
    """What the bot waits for."""

    IDLE = "idle"
    ASKING = "asking"  # for what is missing of a booking or a change
    WAITLISTING = "waitlisting"  # for what is missing of a wish to wait for
    CHOOSING = "choosing"  # one of the alternatives
    CONFIRMING = "confirming"  # yes or no to a hold
    NAMING = "naming"  # the name, after the yes
    PICKING = "picking"  # which of several reservations is meant
    CHANGING = "changing"  # yes or no to a proposed change
    CANCELLING = "cancelling"  # yes or no to a cancellation
    HANDED_OVER = "handed_over"  # a person of the staff has been asked to help


class _Stored(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Choice(_Stored):
    """An alternative as it was offered, in calendar date and wall time of the venue."""

    date: dt.date
    time: dt.time


class Draft(_Stored):
    """All that a conversation remembers between two exchanges.

    `target_id` is the reservation that is being changed or cancelled; without one, the wish is a
    new booking. `picks` are the reservations among which the guest was asked to pick. `pending`
    are the texts that were written before it was known which venue is meant. `asks_staff` says
    that the staff have to agree to what is held, `can_wait` that what was refused may come free.
    """

    step: Step = Step.IDLE
    party_size: int | None = None
    date: dt.date | None = None
    time: dt.time | None = None
    time_to: dt.time | None = None
    request: str | None = None
    hold_id: int | None = None
    asks_staff: bool = False
    can_wait: bool = False
    target_id: int | None = None
    last_id: int | None = None
    options: tuple[Choice, ...] = ()
    picks: tuple[int, ...] = ()
    purpose: str | None = None
    number: int | None = None
    tries: int = 0
    pending: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Tell whether party size, date and time are all known."""
        return None not in (self.party_size, self.date, self.time)

    @property
    def has_wish(self) -> bool:
        """Tell whether more is known than a date, which may only have been asked about."""
        return self.party_size is not None or self.time is not None

    @property
    def known(self) -> Known:
        """What the next message is read against."""
        return Known(party_size=self.party_size, date=self.date, time=self.time)

    def missing(self) -> tuple[Asked, ...]:
        """What is still to be asked, in the order in which it is asked."""
        slots = (
            (Asked.PARTY_SIZE, self.party_size),
            (Asked.DATE, self.date),
            (Asked.TIME, self.time),
        )
        return tuple(asked for asked, value in slots if value is None)

    def asked(self) -> Asked | None:
        """What the open question asks for."""
        if self.step in {Step.ASKING, Step.WAITLISTING}:
            missing = self.missing()
            both = missing == (Asked.DATE, Asked.TIME)  # a bare "8" is then rather the time
            return Asked.TIME if both else next(iter(missing), None)
        return _ASKED.get(self.step)

    def offered(self) -> tuple[Option, ...]:
        """The numbered options of the open question."""
        return tuple(Option(date=choice.date, time=choice.time) for choice in self.options)


_ASKED = {
    Step.CHOOSING: Asked.CHOICE,
    Step.PICKING: Asked.CHOICE,
    Step.CONFIRMING: Asked.CONFIRMATION,
    Step.CHANGING: Asked.CONFIRMATION,
    Step.CANCELLING: Asked.CONFIRMATION,
    Step.NAMING: Asked.NAME,
}
