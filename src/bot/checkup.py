"""The doctor: what an operator should know is wrong before a guest finds out."""

import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import redis
import sqlalchemy as sa
import structlog
from telegram.error import TelegramError

from booking import venues
from bot import menus, rounds
from bot.channels import SMS, TELEGRAM
from bot.channels.sms import TwilioSender
from bot.channels.telegram import TelegramSender
from bot.house import House
from bot.migrations import is_newest

log = structlog.get_logger()

#: What Telegram is asked to send (Bot API, setWebhook: the list stays until it is set again).
UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
#: How many updates Telegram may send at once: what the database connections can take.
MAX_CONNECTIONS = 10
#: For how long an error of the webhook is news.
LATELY = timedelta(hours=1)

#: Connection overrides (Twilio, webhooks): by itself Twilio does not try again after a 5xx or a
#: slow answer, and the text would be lost; all tries share 15 s. The fragment is not signed.
RETRIES = "#rc=3&rp=5xx,ct,rt&rt=4000"


def examine(
    house: House, *, register: bool, say: Callable[[str], None], clock: rounds.Clock
) -> list[str]:
    """Examine a house.

    Args:
        house: the process, with its settings.
        register: set the webhooks, and the menus of commands, at the providers.
        say: what prints what is well.
        clock: tells the instant (UTC); read anew for what is compared with other clocks.

    Returns:
        A line for each fault.

    """
    faults: list[str] = []
    off = set(_off(house))
    for name, check in _CHECKS.items():
        if name in off:
            say(f"{name}: off")
            continue
        found = list(check(house, register=register, clock=clock))
        faults += [f"{name}: {fault}" for fault in found]
        if not found:
            say(f"{name}: well")
    return faults


def _off(house: House) -> Iterator[str]:
    """The checks of what this house does without."""
    if house.settings.redis_url is None:
        yield "Redis"
    unheard = any(_simulator(house))
    yield from (n for c, n in _PROVIDERS.items() if unheard or c not in house.senders)


def _channels(house: House, **_: object) -> Iterator[str]:
    """Whether guests can reach the house at all."""
    if not house.senders and not house.settings.simulator:
        variables = "TABLETALK_TELEGRAM_TOKEN, TABLETALK_TWILIO_* or TABLETALK_SIMULATOR=true"
        yield f"neither Telegram nor SMS is on: set {variables}"
    yield from _simulator(house)


def _simulator(house: House) -> Iterator[str]:
    """The emulated providers are a part of `serve`."""
    if not house.settings.simulator:
        return
    url = house.settings.public_url
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), timeout=3).close()
    except OSError:
        start = "start `tabletalk serve`, or set TABLETALK_PUBLIC_URL to its address"
        yield f"no simulator answers at {url}: {start}"


def _database(house: House, **_: object) -> Iterator[str]:
    try:
        with house.database.reading() as db:
            if not is_newest(db):
                yield "the schema is not the newest: run `tabletalk migrate`"
            elif not venues.every(db):
                yield "no venue is loaded: run `tabletalk load FILE.toml`"
    except sa.exc.SQLAlchemyError as error:
        yield f"cannot be read ({type(error).__name__}): check TABLETALK_DATABASE_URL"


def _redis(house: House, **_: object) -> Iterator[str]:
    url = house.settings.redis_url
    if url is None:
        return
    client = redis.Redis.from_url(url, socket_timeout=3, socket_connect_timeout=3)
    try:
        client.ping()
    except redis.RedisError as error:
        yield f"does not answer ({type(error).__name__}): check TABLETALK_REDIS_URL"
        return
    try:
        policy = client.config_get("maxmemory-policy")
    except redis.ResponseError:
        log.warning("Redis does not tell its maxmemory-policy; it must be noeviction")
        return
    finally:
        client.close()
    if policy.get("maxmemory-policy") not in {"noeviction", b"noeviction"}:
        yield "drops hints when memory is short: set maxmemory-policy noeviction"


def _telegram(house: House, *, register: bool, clock: rounds.Clock) -> Iterator[str]:
    sender, secret = house.senders.get(TELEGRAM), house.settings.telegram_webhook_secret
    if not isinstance(sender, TelegramSender) or secret is None:
        return
    url = f"{house.settings.public_url}/webhooks/telegram"
    try:
        if register:
            call = sender.bot.set_webhook(
                url,
                secret_token=secret.get_secret_value(),
                allowed_updates=UPDATES,
                max_connections=MAX_CONNECTIONS,
            )
            sender.run(call)
            with house.database.reading() as db:
                menus.register(sender, venues.every(db))
        info = sender.run(sender.bot.get_webhook_info())
    except TelegramError as error:
        yield f"{type(error).__name__}: check TABLETALK_TELEGRAM_TOKEN and TABLETALK_PUBLIC_URL"
        return
    if info.url != url:
        yield f"its webhook is {info.url or 'not set'}, not {url}: use --register"
        return
    if set(UPDATES).difference(info.allowed_updates or UPDATES):
        yield "it does not send all that we need: use --register"
    error_at = info.last_error_date  # kept for ever
    if error_at and clock() - error_at < LATELY:
        yield f"it could not reach us at {error_at:%H:%M} UTC: {info.last_error_message}"


def _sms(house: House, *, register: bool, **_: object) -> Iterator[str]:
    sender, number = house.senders.get(SMS), house.settings.twilio_number
    if not isinstance(sender, TwilioSender):
        return
    from requests.exceptions import RequestException  # noqa: PLC0415 (see channels/sms.py)
    from twilio.base.exceptions import TwilioException  # noqa: PLC0415

    url = f"{house.settings.public_url}/webhooks/twilio/sms"
    try:
        owned = sender.client.incoming_phone_numbers.list(phone_number=number, limit=1)
        if owned and register:
            owned = [owned[0].update(sms_url=url + RETRIES, sms_method="POST")]
    except (TwilioException, RequestException) as error:
        yield f"{type(error).__name__}: check TABLETALK_TWILIO_ACCOUNT_SID and _AUTH_TOKEN"
        return
    if not owned:
        yield f"the account does not own {number}: check TABLETALK_TWILIO_NUMBER"
    elif owned[0].sms_url.partition("#")[0] != url:
        yield f"its webhook is {owned[0].sms_url or 'not set'}, not {url}: use --register"


def _address(house: House, **_: object) -> Iterator[str]:
    settings = house.settings
    is_public = urlsplit(settings.public_url).scheme == "https"
    if house.senders and not settings.simulator and not is_public:
        yield "the providers only call https addresses: set TABLETALK_PUBLIC_URL"


_PROVIDERS = {TELEGRAM: "Telegram", SMS: "SMS"}
_CHECKS: dict[str, Callable[..., Iterator[str]]] = {
    "settings": rounds.file,
    "database": _database,
    "clock": rounds.clock,
    "Redis": _redis,
    "workers": rounds.workers,
    "channels": _channels,
    "address": _address,
    "Telegram": _telegram,
    "SMS": _sms,
    "staff": rounds.staff,
    "messages": rounds.messages,
}
