"""What a message says: the one value that understanding hands to the dialogue."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Intent(StrEnum):
    """What the guest wants with this message."""

    BOOK = "book"
    CHANGE = "change"
    CANCEL = "cancel"
    CONFIRM = "confirm"
    DECLINE = "decline"
    CHOOSE = "choose"
    LOOKUP = "lookup"
    WAITLIST = "waitlist"
    LATE = "late"
    QUESTION = "question"
    HUMAN = "human"
    STOP = "stop"
    RESTART = "restart"
    GREETING = "greeting"
    THANKS = "thanks"
    OTHER = "other"


class Asked(StrEnum):
    """What the bot's last message asked for."""

    PARTY_SIZE = "party_size"
    DATE = "date"
    TIME = "time"
    CHOICE = "choice"
    CONFIRMATION = "confirmation"
    NAME = "name"


class Topic(StrEnum):
    """What a question is about, as far as it can be answered here."""

    HOURS = "hours"
    ADDRESS = "address"
    LANGUAGE = "language"
    HELP = "help"
    OTHER = "other"


class Side(StrEnum):
    """Where other times are wanted, seen from the one that is talked about."""

    EARLIER = "earlier"
    LATER = "later"
    ANY = "any"


@dataclass(frozen=True, kw_only=True)
class Option:
    """One of the numbered times the bot has offered; `date` is None when all share one date."""

    time: dt.time
    date: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the bot knew before this message."""

    party_size: int | None = None
    date: dt.date | None = None
    time: dt.time | None = None


@dataclass(frozen=True, kw_only=True)
class Context:
    """All that a message is read against.

    Args:
        now: local wall time at the venue, without a zone.
        language: the guest's language when known; else it is told from the words.
        hours: spans in which the venue is open, as (opens, closes); a span whose end is not
            after its start ends on the next day.
        asked: what the bot's last message asked for.
        options: what it offered, numbered from 1.
        draft: what is known so far.

    """

    now: dt.datetime
    language: str | None = None
    hours: tuple[tuple[dt.time, dt.time], ...] = ()
    asked: Asked | None = None
    options: tuple[Option, ...] = ()
    draft: Known = Known()


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one message states or changes; None where it says nothing.

    Dates are calendar dates and times wall times, both at the venue.

    `explicit` is true when the message asks for a new booking in so many words ("book", "a table
    for"), false when it only gives details. `days` is a span of days without one date ("this
    weekend"), both ends included. `which_date` and `which_time` say which existing reservation is
    meant when the message also names a new value ("move Friday to Saturday"). `ambiguous` names
    the slots between which a number could not be decided ("make it 8"), and `number` is it.
    `topic` is what is asked, in a question or beside something else ("yes. Is there parking?").
    `hesitates` is true when the guest puts the answer off ("let me ask my wife").
    `rather` says that another time would suit better, without saying which ("anything later?").
    `besides` is true when the message asks for one booking more ("I would also like ...").
    `passed` is true when it names a day that is over, and no other.
    `off_list` is true when it is the waiting list that the guest wants to be taken off.
    `speaks` is the language that the guest wants to be answered in, when the message says so.
    """

    intent: Intent
    language: str
    party_size: int | None = None
    date: dt.date | None = None
    time: dt.time | None = None
    time_to: dt.time | None = None
    choice: int | None = None
    name: str | None = None
    request: str | None = None
    topic: Topic | None = None
    approximate: bool = False
    explicit: bool = False
    days: tuple[dt.date, dt.date] | None = None
    part_of_day: str | None = None
    which_date: dt.date | None = None
    which_time: dt.time | None = None
    ambiguous: tuple[str, ...] = ()
    number: int | None = None
    hesitates: bool = False
    rather: Side | None = None
    besides: bool = False
    passed: bool = False
    off_list: bool = False
    speaks: str | None = None
