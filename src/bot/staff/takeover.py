"""A talk that a person of the staff has taken over: the bot keeps silent and brings what is said.

It lasts until the staff give the talk back, or nobody has written for a while.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from booking import guests
from booking.venue import Venue
from bot import messages
from bot.channels import CAPABILITIES
from bot.letters import label
from bot.staff import alerts
from bot.staff.alerts import body_for
from bot.staff.contacts import Contact
from bot.staff.numbers import number_of
from conversations.conversation import Message
from conversations.draft import Step
from conversations.talks import Talk
from conversations.wording import Wording, load_wording

#: After so long without a message of either side the bot answers again.
IDLE = timedelta(hours=2)


def is_taken(talk: Talk, *, now: datetime) -> bool:
    """Tell whether a person of the staff talks in a conversation instead of the bot."""
    return talk.staffed_until is not None and now < talk.staffed_until


def kept(talk: Talk, *, now: datetime) -> Talk:
    """The talk, in the hands of the staff from now on."""
    return replace(talk, staffed_until=now + IDLE)


def is_for_the_bot(talk: Talk, message: Message) -> bool:
    """Tell what the bot still does: the carrier's stop, its own buttons, an open hold's 1 and 9."""
    is_offered = message.opening_id is not None
    if message.press is not None:
        return is_offered or (message.question is not None and message.question.version >= 0)
    asked = is_offered or talk.draft.step is Step.CONFIRMING
    return message.stops or (asked and message.text.strip() in messages.DIGITS)


def forward(
    db: Connection,
    accounts: Mapping[str, str],
    talk: Talk,
    venue: Venue,
    rows: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
) -> list[int]:
    """Bring what a guest wrote to the staff, who can answer it or give the talk back.

    Args:
        db: a writing transaction that holds the conversation's lock.
        accounts: our account on each channel that is on.
        talk: the conversation.
        venue: whose staff talk with the guest.
        rows: the guest's messages.
        now: the instant (UTC).

    """
    wording = load_wording(venue.languages[0])
    nothing = wording.say("relay.no_text", {})
    guest = guests.meet(db, venue.id, talk.channel, talk.address, verified=True, now=now)
    said = {
        "guest": label(guest),
        "number": number_of(talk.id),
        "text": "\n".join(row["text"] or nothing for row in rows),
    }
    return alerts.alert(
        db,
        venue.id,
        accounts,
        key=f"forwarded:{rows[-1]['id']}",
        body=lambda to: releasable(to, wording, talk, "guest_writes", said),
        facts={"talk": talk.id},
        now=now,
    )


def releasable(
    to: Contact, wording: Wording, talk: Talk, key: str, values: Mapping[str, Any]
) -> dict[str, Any]:
    """A message about a talk that was taken over, with what gives it back.

    Args:
        to: who of the staff.
        wording: of the staff.
        talk: the conversation.
        key: of the sentence; where there are no buttons, `_by_text` is appended.
        values: of the sentence.

    """
    has_buttons = CAPABILITIES[to.channel].has_buttons
    sentence = wording.say(f"relay.{key}" if has_buttons else f"relay.{key}_by_text", values)
    button = (wording.data["button"]["release"], f"t:{talk.id}:release")
    return body_for(to, sentence, [button])
