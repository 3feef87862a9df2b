"""The ways to the bot that an operator hands out."""

from collections.abc import Iterator

from telegram.error import TelegramError

from bot.channels import SMS, TELEGRAM
from bot.channels.telegram import TelegramSender
from bot.house import House


def ways_to_join(house: House, code: str) -> Iterator[str]:
    """How somebody uses an invite, a line for each way."""
    if TELEGRAM in house.accounts:
        yield f"Telegram: write /join {code} to the bot, or in a group that it is in"
        name = username(house)
        if name:
            yield f"a person: https://t.me/{name}?start=join_{code}"
            yield f"a group: https://t.me/{name}?startgroup=join_{code}"
    if SMS in house.accounts:
        yield f"SMS: text JOIN {code} to {house.accounts[SMS]}"
    if not house.accounts:
        yield "no channel is on: give this command the settings of the server, and invite again"


def username(house: House) -> str | None:
    """The bot's name in Telegram; None when it cannot be asked now."""
    sender = house.senders.get(TELEGRAM)
    if not isinstance(sender, TelegramSender):
        return None
    try:
        return sender.run(sender.bot.get_me()).username
    except TelegramError:
        return None
