"""The words that Twilio itself acts on before the house sees them.

Source: Twilio support 223134027 (STOP filtering on long codes); the house's `channels.md` 1.3.
"""

from enum import StrEnum

STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "CANCEL", "REVOKE", "OPTOUT"})
START = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})


class Answer(StrEnum):
    """What Twilio answers by itself."""

    STOPPED = (
        "You have successfully been unsubscribed. You will not receive any more messages from this"
        " number. Reply START to resubscribe."
    )
    STARTED = (
        "You have successfully been re-subscribed to messages from this number. Reply HELP for"
        " help. Reply STOP to unsubscribe. Msg&Data Rates May Apply."
    )
    HELP = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."


def react(body: str, *, blocked: bool) -> tuple[bool, Answer | None]:
    """What a text does to the consent of its sender.

    Only a text that is exactly one word counts; its case and outer white space do not. Who has
    stopped hears nothing until they start again, and is told of a start only after a stop.

    Args:
        body: of the text.
        blocked: whether the sender has stopped before.

    Returns:
        Whether they have stopped from now on, and what Twilio answers.
    """
    word = body.strip().upper()
    if word in STOP:
        return True, None if blocked else Answer.STOPPED
    if word in START:
        return False, Answer.STARTED if blocked else None
    if word in HELP and not blocked:
        return False, Answer.HELP
    return blocked, None
