"""What `tabletalk init` asks: the providers first, then the restaurant."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.cli import opening
from bot.cli.asking import Asker

if TYPE_CHECKING:
    from bot.introduction import Telegram
    from bot.setup import House, Providers, Stores


@dataclass(frozen=True, kw_only=True)
class Given:
    """The options, as they were given."""

    telegram_token: str | None
    staff_chat: str | None
    twilio_account_sid: str | None
    twilio_auth_token: str | None
    twilio_number: str | None
    staff_phone: str | None
    public_url: str | None
    name: str | None
    timezone: str | None
    languages: str | None
    phone: str | None
    days: str | None
    hours: str | None
    tables: str | None
    database_url: str | None
    redis_url: str | None


@dataclass(frozen=True)
class Bot:
    """A bot that Telegram knows."""

    token: str
    name: str
    telegram: "Telegram"


@contextmanager
def telegram(asker: Asker, given: Given) -> Iterator[Bot | None]:
    """The bot whose token is given, once Telegram knows it."""
    question = "Token of your Telegram bot, from @BotFather (Enter: none)"
    bot = asker.ask(question, _meet, option="--telegram-token", given=given.telegram_token)
    if bot:
        print(f"  That is {bot.name}.")
    try:
        yield bot
    finally:
        if bot:
            bot.telegram.close()


def _meet(token: str) -> Bot | None:
    from bot.introduction import Telegram, Unanswered
    from bot.settings import TELEGRAM_API

    token = token.strip()
    if not token:
        return None
    if not re.fullmatch(r"\d+:[!-~]+", token):
        raise ValueError("a token looks like 123456789:AAE...")
    met = Telegram(token, _variable("TELEGRAM_API_URL") or TELEGRAM_API)
    try:
        return Bot(token, met.name(), met)
    except Unanswered as why:
        met.close()
        raise ValueError(str(why)) from None


def providers(asker: Asker, given: Given, bot: Bot | None) -> "Providers":
    """The accounts of the house."""
    from bot import setup_answers as answers
    from bot.setup import Providers

    question = "Account SID of Twilio (Enter: no SMS)"
    sid = asker.ask(
        question, answers.optional, option="--twilio-account-sid", given=given.twilio_account_sid
    )
    token = number = None
    if sid:
        token = asker.ask(
            "  Auth token",
            answers.needed,
            option="--twilio-auth-token",
            given=given.twilio_auth_token,
        )
        number = asker.ask(
            "  Your number there",
            answers.phone,
            option="--twilio-number",
            given=given.twilio_number,
        )
    strays = {
        "--twilio-auth-token": given.twilio_auth_token,
        "--twilio-number": given.twilio_number,
    }
    if asker.silent and not sid and (stray := next(filter(strays.get, strays), None)):
        opening.fail(f"{stray}: goes together with --twilio-account-sid")
    url = None
    if bot or sid or given.public_url:
        question = "https address under which the providers will reach you (Enter: later)"
        url = asker.ask(question, answers.address, option="--public-url", given=given.public_url)
    return Providers(
        telegram_token=bot.token if bot else None,
        telegram_api_url=_variable("TELEGRAM_API_URL"),
        twilio_account_sid=sid,
        twilio_auth_token=token,
        twilio_number=number,
        twilio_api_url=_variable("TWILIO_API_URL"),
        public_url=url,
    )


def house(asker: Asker, given: Given, accounts: "Providers", bot: Bot | None) -> "House":
    """The restaurant, its hours, its floor and its staff."""
    from bot import setup_answers as answers
    from bot.setup import SIMULATED_CHAT, House
    from conversations import language

    known = language.available()
    zone, spoken = answers.guess_timezone(os.environ), answers.guess_language(os.environ, known)
    name = asker.ask(
        "Name of the restaurant",
        answers.needed,
        option="--name",
        given=given.name,
        default="My restaurant",
    )
    timezone = asker.ask(
        "Time zone", answers.read_timezone, option="--timezone", given=given.timezone, default=zone
    )
    languages = asker.ask(
        f"Language of the guests ({', '.join(known)})",
        lambda text: answers.read_languages(text, known),
        option="--languages",
        given=given.languages,
        default=spoken,
    )
    phone = asker.ask(
        "Phone that guests may ring (Enter: none)",
        answers.optional_phone,
        option="--phone",
        given=given.phone,
    )
    days = asker.ask(
        "Open on", answers.read_days, option="--days", given=given.days, default="mon-sun"
    )
    question = "First and last seating, with a comma between several"
    spans = asker.ask(
        question, answers.read_spans, option="--hours", given=given.hours, default="18:00-22:00"
    )
    question = "How many tables for 2, for 4 and for 6"
    tables = asker.ask(
        question, answers.read_tables, option="--tables", given=given.tables, default="4, 4, 2"
    )
    chat = _staff_chat(asker, given, bot)
    if accounts.is_simulated and chat is None:
        chat = SIMULATED_CHAT
    return House(
        name=name,
        timezone=timezone,
        languages=languages,
        days=days,
        spans=spans,
        tables=tables,
        phone=phone,
        staff_chat=chat,
        staff_phone=_staff_phone(asker, given, accounts),
    )


def _staff_phone(asker: Asker, given: Given, accounts: "Providers") -> str | None:
    """Where alerts go by SMS, if the house has a number to send them from."""
    from bot import setup_answers as answers

    if not (accounts.twilio_number or given.staff_phone):
        return None
    question = "Phone of the staff for alerts by SMS (Enter: none)"
    return asker.ask(
        question, answers.optional_phone, option="--staff-phone", given=given.staff_phone
    )


def stores(asker: Asker, given: Given) -> "Stores":
    """Where the book is kept, and where its workers meet."""
    from bot import setup_answers as answers
    from bot.setup import Stores

    question = "Database, such as postgresql://user:password@host/name (Enter: a SQLite file here)"
    database = asker.ask(
        question,
        answers.setting("database_url"),
        option="--database-url",
        given=given.database_url,
    )
    question = "Redis, such as redis://127.0.0.1:6379/0 (Enter: none, one process does all)"
    redis = asker.ask(
        question, answers.setting("redis_url"), option="--redis-url", given=given.redis_url
    )
    return Stores(database_url=database, redis_url=redis)


def _staff_chat(asker: Asker, given: Given, bot: Bot | None) -> int | None:
    """The chat of the staff: by its id, or where somebody has just written."""
    if bot is None and given.staff_chat is None:
        return None
    if bot and given.staff_chat is None and not asker.silent:
        print(f"  Add {bot.name} to the group of the staff and write /start there.")
    return asker.ask(
        "Enter when that is done; or the id of the chat; or - for none",
        lambda text: _listen(bot, text, patient=not asker.silent),
        option="--staff-chat",
        given=given.staff_chat,
    )


def _listen(bot: Bot | None, text: str, *, patient: bool) -> int | None:
    """A chat by its id; or, of those who have written, the newest group."""
    from bot.introduction import Unanswered

    text = text.strip()
    if text == "-" or (bot is None and not text):
        return None
    if text:
        if not re.fullmatch(r"-?\d{1,20}", text, re.ASCII):
            raise ValueError(f"{text!r} is no chat id, such as -1001234567890")
        return int(text)
    try:
        found = bot.telegram.chats() if bot else []
    except Unanswered as why:
        if patient:
            raise ValueError(f"{why}; type the id of the chat") from None
        return None
    if not found and patient:
        raise ValueError("nobody has written yet")
    if not found:
        return None
    print(f"  That is {found[0].name!r} ({found[0].id}).")
    return found[0].id


def _variable(name: str) -> str | None:
    """What the environment says already, so that the file says it as well."""
    return os.environ.get(f"TABLETALK_{name}") or None
