"""`tabletalk init`: asks for what a house needs and writes its settings and a first venue file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import opening, questions
from bot.cli.asking import Asker
from bot.cli.questions import Bot, Given
from bot.cli.writing import spare, write

if TYPE_CHECKING:
    from bot.channels import Sender
    from bot.setup import House, Providers, Stores

app = typer.Typer(add_completion=False)

ENV = Path(".env")


def _option(name: str, what: str, *, variable: str | None = None) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(
        name, help=what, envvar=f"TABLETALK_{variable}" if variable else None, show_envvar=False
    )
    return option


Token = Annotated[
    str | None, _option("--telegram-token", "Of @BotFather.", variable="TELEGRAM_TOKEN")
]
Chat = Annotated[str | None, _option("--staff-chat", "Telegram chat id of the staff.")]
Sid = Annotated[
    str | None, _option("--twilio-account-sid", "Twilio.", variable="TWILIO_ACCOUNT_SID")
]
Auth = Annotated[
    str | None, _option("--twilio-auth-token", "Twilio.", variable="TWILIO_AUTH_TOKEN")
]
Number = Annotated[str | None, _option("--twilio-number", "Ours, E.164.", variable="TWILIO_NUMBER")]
StaffPhone = Annotated[str | None, _option("--staff-phone", "A phone of the staff.")]
Url = Annotated[str | None, _option("--public-url", "https://...", variable="PUBLIC_URL")]
Name = Annotated[str | None, _option("--name", "Of the restaurant.")]
Zone = Annotated[str | None, _option("--timezone", "Such as Europe/Rome.")]
Languages = Annotated[str | None, _option("--languages", "Such as it,en.")]
Phone = Annotated[str | None, _option("--phone", "That guests are told, E.164.")]
Days = Annotated[str | None, _option("--days", "Such as tue-sun.")]
Hours = Annotated[str | None, _option("--hours", "Such as 12:00-14:00,18:00-22:00.")]
Tables = Annotated[str | None, _option("--tables", "How many for 2, 4 and 6: 4,4,2.")]
Database = Annotated[
    str | None, _option("--database-url", "Else a SQLite file.", variable="DATABASE_URL")
]
Redis = Annotated[str | None, _option("--redis-url", "Else none.", variable="REDIS_URL")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing; take what is not given.")]
Force = Annotated[bool, typer.Option("--force", help="Replace files; the old become FILE.old.")]


@app.command()
def init(
    *,
    telegram_token: Token = None,
    staff_chat: Chat = None,
    twilio_account_sid: Sid = None,
    twilio_auth_token: Auth = None,
    twilio_number: Number = None,
    staff_phone: StaffPhone = None,
    public_url: Url = None,
    name: Name = None,
    timezone: Zone = None,
    languages: Languages = None,
    phone: Phone = None,
    days: Days = None,
    hours: Hours = None,
    tables: Tables = None,
    database_url: Database = None,
    redis_url: Redis = None,
    yes: Yes = False,
    force: Force = False,
) -> None:
    """Set a house up: write .env and a first venue file, and send the staff a test message.

    Every question has an option, and Enter skips it. Without any provider the house that is
    written runs with phones in the browser.
    """
    given = Given(
        telegram_token=telegram_token,
        staff_chat=staff_chat,
        twilio_account_sid=twilio_account_sid,
        twilio_auth_token=twilio_auth_token,
        twilio_number=twilio_number,
        staff_phone=staff_phone,
        public_url=public_url,
        name=name,
        timezone=timezone,
        languages=languages,
        phone=phone,
        days=days,
        hours=hours,
        tables=tables,
        database_url=database_url,
        redis_url=redis_url,
    )
    _set_up(Asker(silent=yes), given, force=force)


def _set_up(asker: Asker, given: Given, *, force: bool) -> None:
    """Ask, write, try."""
    from bot.setup import env_text, venue_text

    spare(ENV, asker, force=force)
    with questions.telegram(asker, given) as bot:
        providers = questions.providers(asker, given, bot)
        house = questions.house(asker, given, providers, bot)
        stores = questions.stores(asker, given)
        file = Path(f"{house.slug}.toml")
        spare(file, asker, force=force)
        write(file, venue_text(house), mode=0o644, check=_wrong)
        write(ENV, env_text(providers, stores), mode=0o600)
        print(f"\nWritten: {ENV} (for your eyes only) and {file}")
        troubles = _test(house, providers, bot)
    print("\n".join(["", *_next_steps(file, house, providers, stores)]))
    if troubles:
        opening.fail("\n".join(troubles))


def _wrong(file: Path) -> str | None:
    """What is wrong with a venue file that the answers make, such as hours that overlap."""
    from booking.errors import BadVenueFile
    from booking.venue_file import read_venue_file
    from conversations import language

    try:
        read_venue_file(file, languages=language.available())
    except BadVenueFile as bad:
        return str(bad).replace(f"{file}: ", "the answers make no venue: ")
    return None


def _test(house: "House", providers: "Providers", bot: Bot | None) -> list[str]:
    """Send the staff a test message; gives what went wrong."""
    from bot.channels import CAPABILITIES, SMS, TELEGRAM
    from bot.introduction import Unanswered, send
    from conversations.wording import compose, load_wording

    said = load_wording(house.languages[0]).say("say.test_alert", {"name": house.name})
    text = {channel: compose([said], CAPABILITIES[channel]) for channel in (TELEGRAM, SMS)}
    try:
        if bot and house.staff_chat is not None:
            send(bot.telegram.sender, "", str(house.staff_chat), text[TELEGRAM])
            print("A test message is in the chat of the staff.")
        if house.staff_phone and providers.twilio_number:
            send(_sms(providers), providers.twilio_number, house.staff_phone, text[SMS])
            print("A test message is on its way to the phone of the staff.")
    except Unanswered as why:
        return [f"{why}; put it right in the venue file"]
    return []


def _sms(providers: "Providers") -> "Sender":
    from bot.channels.sms import TwilioSender
    from bot.settings import TWILIO_API

    return TwilioSender(
        providers.twilio_account_sid or "",
        providers.twilio_auth_token or "",
        providers.twilio_api_url or TWILIO_API,
        None,  # nobody listens yet
    )


def _next_steps(file: Path, house: "House", providers: "Providers", stores: "Stores") -> list[str]:
    steps = ["Next:", f"  tabletalk load {file}"]
    if stores.database_url:
        steps.insert(1, "  tabletalk migrate")
    if stores.redis_url:
        steps.append("  tabletalk worker    # beside `serve`")
    if providers.is_simulated:
        return [*steps, "  tabletalk serve     # phones to try it: http://127.0.0.1:8000/simulator"]
    if house.staff_chat is None and house.staff_phone is None:
        steps.insert(1, f"  say in {file} who gets the alerts: write /start to the bot for the id")
    if not providers.public_url:
        steps.insert(1, f"  write the https address of this house into {ENV}: TABLETALK_PUBLIC_URL")
    return [
        *steps,
        "  tabletalk serve     # behind a proxy that does TLS",
        "  tabletalk doctor --register",
    ]
