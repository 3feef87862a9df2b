"""Getting to know the providers when a house is set up: who the bot is, which chat is the staff's.

Over the real clients, before there is a house.
"""

from dataclasses import dataclass

from telegram import Chat, Update
from telegram.error import Conflict, InvalidToken, TelegramError

from bot import utc_now
from bot.channels import Outgoing, Sender, SendError
from bot.channels.telegram import TelegramSender

#: Seconds that a call may take; somebody waits at the keyboard.
TIMEOUT = 10
#: Seconds that Telegram holds the line for news.
LISTEN = 3
_GROUPS = (Chat.GROUP, Chat.SUPERGROUP)


class Unanswered(Exception):
    """A provider refused or could not be reached; one line says what it was."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A chat in which somebody wrote or to which the bot was added."""

    id: int
    name: str
    is_group: bool


class Telegram:
    """One bot, as far as a set-up needs it.

    Args:
        token: of the bot.
        api_url: root of the Bot API.

    """

    def __init__(self, token: str, api_url: str) -> None:
        self.sender = TelegramSender(token, api_url, timeout=TIMEOUT)

    def name(self) -> str:
        """The name by which people find the bot.

        Raises:
            Unanswered: the token is wrong, or nobody answers.

        """
        try:
            me = self.sender.run(self.sender.bot.get_me())
        except InvalidToken:
            raise Unanswered("Telegram does not know this token") from None
        except TelegramError as error:
            raise Unanswered(f"Telegram does not answer: {error.message}") from None
        return f"@{me.username}"

    def chats(self) -> list[Found]:
        """The chats that have written lately, the newest first.

        What is looked at stays there for the house, which will answer it.

        Raises:
            Unanswered: a webhook takes what comes, or nobody answers.

        """
        call = self.sender.bot.get_updates(timeout=LISTEN, allowed_updates=_KINDS)
        try:
            updates = self.sender.run(call)
        except Conflict:
            raise Unanswered("this bot is at work already: its webhook takes what comes") from None
        except TelegramError as error:
            raise Unanswered(f"Telegram does not answer: {error.message}") from None
        found: dict[int, Found] = {}
        for chat in filter(None, map(_chat, reversed(updates))):
            known = Found(id=chat.id, name=_title(chat), is_group=chat.type in _GROUPS)
            found.setdefault(chat.id, known)
        return sorted(found.values(), key=lambda each: not each.is_group)

    def close(self) -> None:
        """Close the connections."""
        self.sender.close()


_KINDS = ["message", "my_chat_member"]


def send(sender: Sender, account: str, address: str, text: str) -> None:
    """Send a message of no house yet.

    Args:
        sender: over which provider.
        account: the one of ours that sends it.
        address: a chat id or number.
        text: what it says.

    Raises:
        Unanswered: it was not taken.

    """
    try:
        sender.send(Outgoing(id=0, account=account, address=address, text=text, since=utc_now()))
    except SendError as error:
        said = getattr(error, "reason", None) or type(error).__name__
        raise Unanswered(f"{address} could not be written to: {said}") from None


def _chat(update: Update) -> Chat | None:
    return update.effective_chat


def _title(chat: Chat) -> str:
    return chat.title or chat.full_name or str(chat.id)
