"""What `tabletalk init` writes: the settings and a first venue file, as text. Pure."""

import json
import re
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: A chat for the staff's phone of the simulator, where no real one is known.
SIMULATED_CHAT = -1001234567890
#: The least and most covers of a table that seats so many.
COVERS = {2: (1, 2), 4: (2, 4), 6: (4, 6)}
#: What meals are called by the hour before which they begin.
_MEALS = ((11, "breakfast"), (16, "lunch"), (24, "dinner"))
#: How long after the last seating a house closes, unless its file says otherwise.
_LAST_TURN = 120
_TURNS = "[{ up_to = 2, minutes = 90 }, { up_to = 4, minutes = 105 }, { minutes = 120 }]"


@dataclass(frozen=True, kw_only=True)
class Providers:
    """The accounts of the house, and where it is reached. None is what is not known yet."""

    telegram_token: str | None = None
    telegram_api_url: str | None = None
    twilio_account_sid: str | None = None
    twilio_auth_token: str | None = None
    twilio_number: str | None = None
    twilio_api_url: str | None = None
    public_url: str | None = None

    @property
    def is_simulated(self) -> bool:
        """Tell whether there is no real provider yet."""
        return self.telegram_token is None and self.twilio_number is None


@dataclass(frozen=True, kw_only=True)
class Stores:
    """Where the book is kept, and where its workers meet. None is what a small house leaves out."""

    database_url: str | None = None
    redis_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class House:
    """A restaurant as it is first written down.

    Args:
        name: as guests know it.
        timezone: IANA name.
        languages: the first is the default.
        days: on which it seats, of WEEKDAYS.
        spans: first and last seating of each service period, in minutes.
        tables: how many there are for 2, 4 and 6.
        phone: in E.164.
        staff_chat: a Telegram chat.
        staff_phone: in E.164.

    """

    name: str
    timezone: str
    languages: Sequence[str]
    days: Sequence[str]
    spans: Sequence[tuple[int, int]]
    tables: Mapping[int, int]
    phone: str | None = None
    staff_chat: int | None = None
    staff_phone: str | None = None

    @property
    def slug(self) -> str:
        """The name as far as it can stand in addresses."""
        plain = unicodedata.normalize("NFKD", self.name).encode("ascii", "ignore").decode()
        return re.sub(r"[^a-z0-9]+", "-", plain.lower())[:40].strip("-") or "restaurant"


def env_text(providers: Providers, stores: Stores) -> str:
    """The file `.env`, with the secrets that are ours to make up."""
    token = providers.telegram_token
    account = providers.twilio_account_sid
    lines = [
        "# Settings of Tabletalk for every command that is run in this folder; the environment",
        "# wins. There are secrets in it: keep it to yourself.",
        "",
        "# A SQLite file here, unless: postgresql+psycopg://user:password@host/name",
        _line("DATABASE_URL", stores.database_url, "sqlite:///tabletalk.db"),
        "# With a Redis `tabletalk worker` does the work, without one `tabletalk serve` does.",
        _line("REDIS_URL", stores.redis_url, "redis://127.0.0.1:6379/0"),
        "# The https address under which Telegram and Twilio reach this house.",
        _line("PUBLIC_URL", providers.public_url, "https://tables.example.com"),
        "",
        "# Telegram: the token is from @BotFather, the secret is made up.",
        _line("TELEGRAM_TOKEN", token, "..."),
        _line("TELEGRAM_WEBHOOK_SECRET", token and secrets.token_urlsafe(32), "..."),
        *([_line("TELEGRAM_API_URL", url)] if (url := providers.telegram_api_url) else []),
        "",
        "# SMS: Twilio's console has all three.",
        _line("TWILIO_ACCOUNT_SID", account, "..."),
        _line("TWILIO_AUTH_TOKEN", providers.twilio_auth_token, "..."),
        _line("TWILIO_NUMBER", providers.twilio_number, "+39..."),
        *([_line("TWILIO_API_URL", url)] if (url := providers.twilio_api_url) else []),
        "",
        "# For docker compose alone.",
        f"POSTGRES_PASSWORD={secrets.token_hex(24)}",
    ]
    if providers.is_simulated:
        lines += ["", "# No real provider yet: phones in the browser, at /simulator."]
        lines += [_line("SIMULATOR", "true")]
    return "\n".join([*lines, ""])


def _line(name: str, value: str | None, example: str = "") -> str:
    return f"TABLETALK_{name}={value}" if value else f"# TABLETALK_{name}={example}"


def venue_text(house: House) -> str:
    """The venue file: what was asked, and the rules of the house as they are by default."""
    languages = ", ".join(map(_quoted, house.languages))
    phone = f"phone = {_quoted(house.phone)}" if house.phone else '# phone = "+39..."'
    parts = [
        f"# {house.name}. After a change: tabletalk load {house.slug}.toml",
        "[restaurant]",
        f"slug = {_quoted(house.slug)}",
        f"name = {_quoted(house.name)}",
        f"timezone = {_quoted(house.timezone)}",
        f"languages = [{languages}]  # the first is the default",
        f"{phone}  # in E.164; guests are told it",
        '# address = "Via Solferino 9, Milano"',
        _POLICY,
        *_periods(house),
        *_tables(house.tables),
        _COMBINATIONS,
        *_staff(house),
    ]
    return "\n".join([*parts, ""])


_POLICY = """
[policy]
hold_minutes = 5            # how long a table is held for a guest who has not said yes
booking_window_days = 60    # how far ahead guests may book
min_notice_minutes = 30     # and how shortly before
cancel_cutoff_minutes = 120 # later than this only the staff may change or cancel
max_party_size = 12         # larger parties are referred to the staff
approval_party_size = 9     # from here on the staff decide
reminder_minutes = [1440]   # how long before a visit its guest is reminded
reminder_hours = "09:00-20:30"
"""

_COMBINATIONS = """
# Tables that may be joined:
# [[combinations]]
# tables = ["T1", "T2"]
# min_covers = 3
# max_covers = 4

# Days off:
# [[closures]]
# date = "2026-12-25"
# reason = "Christmas Day"
"""


def _periods(house: House) -> list[str]:
    days = ", ".join(map(_quoted, house.days))
    names: list[str] = []
    parts = []
    for first, last in house.spans:
        meal = next(name for hour, name in _MEALS if first < hour * 60)
        names.append(meal)
        count = names.count(meal)
        parts += [
            "[[service_periods]]",
            f"name = {_quoted(meal if count == 1 else f'{meal} {count}')}",
            f"days = [{days}]",
            f'first_seating = "{_clock(first)}"',
            f'last_seating = "{_clock(last)}"',
            f'closes = "{_clock(last + _LAST_TURN)}"  # may lie after midnight',
            "slot_minutes = 15",
            "# pacing_covers = 24  # most covers that may sit down in one slot",
            f"turn_minutes = {_TURNS}",
            "",
        ]
    return parts


def _tables(counts: Mapping[int, int]) -> list[str]:
    sizes = [size for size in sorted(counts) for _ in range(counts[size])]
    return [
        f'[[tables]]\nname = "T{number}"\nmin_covers = {COVERS[size][0]}\n'
        f"max_covers = {COVERS[size][1]}\n"
        for number, size in enumerate(sizes, 1)
    ]


def _staff(house: House) -> list[str]:
    if house.staff_chat is None and house.staff_phone is None:
        return ["# Who gets the alerts:", "# [[staff]]", '# name = "Front of house"']
    parts = ["# Who gets the alerts, and works the book from the chat.", "[[staff]]"]
    parts.append('name = "Front of house"')
    if house.staff_chat is not None:
        parts.append(f"telegram_chat_id = {house.staff_chat}")
    if house.staff_phone is not None:
        parts.append(f"phone = {_quoted(house.staff_phone)}")
    return parts


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a basic string of TOML is one of JSON


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
