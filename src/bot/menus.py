"""The menus of commands that Telegram shows: guests' in each language, the staff's in their own."""

from collections.abc import Iterator, Sequence

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)

from booking.venue import Venue
from bot.channels.telegram import TelegramSender
from conversations import language
from conversations.wording import load_wording

#: Commands, where they are shown, and to whom by the language of the app; None: to all others.
Menu = tuple[list[BotCommand], BotCommandScope, str | None]


def register(sender: TelegramSender, every: Sequence[Venue]) -> None:
    """Tell Telegram the menus of these venues (Bot API, setMyCommands)."""
    for commands, scope, code in menus(every):
        sender.run(sender.bot.set_my_commands(commands, scope=scope, language_code=code))


def menus(every: Sequence[Venue]) -> Iterator[Menu]:
    """The menus of these venues; what nobody speaks is shown in the first one's first language."""
    spoken = list(dict.fromkeys(code for venue in every for code in venue.languages))
    first = (spoken or list(language.available()))[0]
    for code in (None, *spoken):
        yield commands("guest", code or first), BotCommandScopeAllPrivateChats(), code
    yield commands("staff", first), BotCommandScopeAllGroupChats(), None


def commands(whose: str, code: str) -> list[BotCommand]:
    """The commands of guests or staff, with what they do in a language."""
    return [BotCommand(name, does) for name, does in load_wording(code).data["menu"][whose].items()]
