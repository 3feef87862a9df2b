"""Settings: environment variables with the prefix TABLETALK_, checked before anything starts.

What the environment does not say is read from the file `.env` in the working directory.
"""

import os
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self
from urllib.parse import SplitResult, urlsplit

import phonenumbers
import sqlalchemy as sa
from dotenv.parser import parse_stream
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

PREFIX = "TABLETALK_"
#: Names another file than `.env`; when it is empty, none is read.
ENV_FILE = f"{PREFIX}ENV_FILE"
TELEGRAM_API = "https://api.telegram.org"
TWILIO_API = "https://api.twilio.com"
#: What belongs together: all of a group are given, or none.
GROUPS = (
    ("telegram_token", "telegram_webhook_secret"),
    ("twilio_account_sid", "twilio_auth_token", "twilio_number"),
)
#: What we say where the library that reads the settings has words of its own.
REASONS = {"bool_parsing": "must be true or false"}
#: What a token or an account of the real providers looks like.
REAL_TELEGRAM_TOKEN = re.compile(r"\d{8,10}:[A-Za-z0-9_-]{35}")
REAL_TWILIO_ACCOUNT = re.compile(r"AC[0-9a-f]{32}")
#: What turns the simulator on even so.
FORCE = "force"
#: What the simulator makes up for what is not given; no provider would take it.
MADE_UP = {
    "telegram_token": "1000000001:simulator",
    "telegram_webhook_secret": "simulator",
    "twilio_account_sid": "AC-simulator",
    "twilio_auth_token": "simulator",
    "twilio_number": "+15005550006",
}


class BadSetting(Exception):
    """A setting is wrong or half given; the message is one line that names the variable."""


class Settings(BaseSettings):
    """All settings of a process. Secrets show as stars wherever they are printed."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True
    )

    database_url: str = "sqlite:///tabletalk.db"
    redis_url: str | None = None
    public_url: str = "http://127.0.0.1:8000"
    telegram_token: SecretStr | None = None
    telegram_webhook_secret: SecretStr | None = None
    telegram_api_url: str = Field(default=TELEGRAM_API)
    twilio_account_sid: str | None = None
    twilio_auth_token: SecretStr | None = None
    twilio_number: str | None = None
    twilio_api_url: str = Field(default=TWILIO_API)
    simulator: bool | Literal["force"] = False
    pages: bool = True
    admin_password: SecretStr | None = None

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        try:
            url = sa.make_url(value)
        except (sa.exc.ArgumentError, ValueError):
            url = None
        if url is None or "@" in (url.host or ""):  # then a part of the password stands there
            raise ValueError(
                "is no database URL such as sqlite:///tabletalk.db"
                " (in a password write @ as %40, : as %3A, / as %2F)"
            )
        if url.drivername in {"postgres", "postgresql"}:
            url = url.set(drivername="postgresql+psycopg")
        if url.drivername not in {"postgresql+psycopg", "sqlite"}:
            raise ValueError("must begin with postgresql+psycopg:// or sqlite:///")
        if url.drivername == "sqlite" and url.database in {None, "", ":memory:"}:
            raise ValueError("must name a file, such as sqlite:///tabletalk.db")
        return url.render_as_string(hide_password=False)

    @field_validator("redis_url")
    @classmethod
    def _known_redis(cls, value: str | None) -> str | None:
        if value is not None:
            reason = "is no Redis URL such as redis://127.0.0.1:6379/0"
            parts = _parts(value, reason)
            if parts.scheme not in {"redis", "rediss", "unix"}:
                raise ValueError("must begin with redis://, rediss:// or unix://")
            if parts.query:
                _redis_takes_it(value, reason)
        return value

    @field_validator("public_url", "telegram_api_url", "twilio_api_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        reason = "must be a web address such as https://tables.example.com"
        parts = _parts(value, reason)
        if parts.scheme not in {"http", "https"} or not parts.netloc or re.search(r"\s", value):
            raise ValueError(reason)
        return value.rstrip("/")

    @field_validator("telegram_token", "twilio_account_sid", "twilio_auth_token")
    @classmethod
    def _one_word(cls, value: SecretStr | str | None) -> SecretStr | str | None:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if text and not re.fullmatch(r"[!-~]+", text):
            raise ValueError("may have no white space, and only signs of ASCII")
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _telegram_takes_it(cls, value: SecretStr | None) -> SecretStr | None:
        # Bot API, setWebhook: 1-256 characters of A-Z a-z 0-9 _ -
        if value and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
            raise ValueError("may only have letters, digits, _ and -, at most 256")
        return value

    @field_validator("twilio_number")
    @classmethod
    def _e164(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            number = phonenumbers.parse(value)
        except phonenumbers.NumberParseException:
            raise ValueError("must be a number in E.164, such as +390212345678") from None
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    @model_validator(mode="after")
    def _whole_groups(self) -> Self:
        for group in GROUPS:
            given = [name for name in group if getattr(self, name) is not None]
            absent = next((name for name in group if name not in given), None)
            if given and absent and not self.simulator:
                raise ValueError(
                    f"{PREFIX}{absent.upper()} is missing: "
                    f"it goes together with {PREFIX}{given[0].upper()}"
                )
        return self

    @model_validator(mode="after")
    def _nobody_real_goes_silent(self) -> Self:
        """In the simulator a real bot hears nothing, and whoever finds the page speaks for it."""
        token = self.telegram_token.get_secret_value() if self.telegram_token else ""
        real = {
            "telegram_token": self.telegram_api_url == TELEGRAM_API
            and REAL_TELEGRAM_TOKEN.fullmatch(token),
            "twilio_account_sid": self.twilio_api_url == TWILIO_API
            and REAL_TWILIO_ACCOUNT.fullmatch(self.twilio_account_sid or ""),
        }
        names = " and ".join(f"{PREFIX}{name.upper()}" for name, is_real in real.items() if is_real)
        if names and self.simulator and self.simulator != FORCE:
            raise ValueError(
                f"{PREFIX}SIMULATOR is on together with a real {names}: "
                f"leave one away, or set {PREFIX}SIMULATOR={FORCE}"
            )
        return self

    @property
    def has_telegram(self) -> bool:
        """Whether the Telegram channel is on."""
        return self.telegram_token is not None

    @property
    def has_sms(self) -> bool:
        """Whether the SMS channel is on."""
        return self.twilio_number is not None

    @property
    def telegram_account(self) -> str:
        """The id of the bot: the part of its token before the colon, which is no secret."""
        token = self.telegram_token.get_secret_value() if self.telegram_token else ""
        return token.partition(":")[0]

    def secrets(self) -> list[str]:
        """All values that must never be printed."""
        values = (
            self.telegram_token,
            self.telegram_webhook_secret,
            self.twilio_auth_token,
            self.admin_password,
        )
        found = [value.get_secret_value() for value in values if value]
        password = sa.make_url(self.database_url).password
        redis_password = urlsplit(self.redis_url or "").password
        return [*found, *(str(p) for p in (password, redis_password) if p)]


def load_settings() -> Settings:
    """Read the settings; the simulator makes up what is not given.

    Raises:
        BadSetting: with one line that names the variable, and the file if it stands there.

    """
    settings = read_settings()
    if not settings.simulator:
        return settings
    given = settings.model_fields_set
    made_up = {name: value for name, value in MADE_UP.items() if name not in given}
    for name in ("telegram", "twilio"):
        if f"{name}_api_url" not in given:
            made_up[f"{name}_api_url"] = f"{settings.public_url}/emulator/{name}"
    return Settings.model_validate({**settings.model_dump(), **made_up})


def read_settings() -> Settings:
    """Read the settings as they are given, in the environment or else in the file.

    Raises:
        BadSetting: with one line that names the variable, and the file if it stands there.

    """
    file = env_file()
    in_file = set(variables_of(file))
    where: dict[str, Any] = {"_env_file": file, "_env_file_encoding": "utf-8"}
    try:
        return Settings(**where)
    except ValidationError as error:
        reason = _one_line(error)
        given = {name.upper() for name, value in os.environ.items() if value}
        from_file = in_file - given
        named = from_file.intersection(re.findall(rf"{PREFIX}[A-Z_]+", reason))
        raise BadSetting(f"{file}: {reason}" if named else reason) from None


def check(name: str, value: str) -> None:
    """Check one value as the setting of this name would be.

    Raises:
        ValueError: with what is wrong with it, without the value.

    """
    try:
        Settings.model_validate({name: value})
    except ValidationError as error:  # of the environment too, which is none of this
        for wrong in error.errors(include_url=False, include_input=False):
            if wrong["loc"] == (name,):
                raise ValueError(_reason(wrong)) from None


def env_file() -> Path | None:
    """The file with settings, or None when there is none.

    Raises:
        BadSetting: the file that was asked for is not there.

    """
    named = os.environ.get(ENV_FILE)
    file = Path(".env" if named is None else named)
    if file.is_file():
        return file
    if named:
        raise BadSetting(f"{ENV_FILE}: there is no file {named}")
    return None


def variables_of(file: Path | None) -> list[str]:
    """The names of the variables that a file with settings gives a value, in capitals.

    Raises:
        BadSetting: it cannot be read.

    """
    if file is None:
        return []
    try:
        with file.open(encoding="utf-8") as lines:
            broken = next((line.original.line for line in parse_stream(lines) if line.error), None)
        if broken:
            raise BadSetting(f"{file}: line {broken} is not NAME=VALUE, or a quote is not closed")
        return [name.upper() for name in DotEnvSettingsSource(Settings, env_file=file).env_vars]
    except OSError as error:
        raise BadSetting(f"{file}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadSetting(f"{file}: cannot be read: it is not UTF-8 text") from None


def unknown_variables(names: Iterable[str]) -> Iterator[str]:
    """A line for each name of a variable that has our prefix but is no setting."""
    known = [field.upper() for field in Settings.model_fields]
    for name in names:
        if name == ENV_FILE:
            continue
        prefix, rest = name[: len(PREFIX)].upper(), name[len(PREFIX) :].upper()
        if prefix == PREFIX and rest not in known:
            near = get_close_matches(rest, known, n=1)
            meant = f"; is {PREFIX}{near[0]} meant?" if near else ""
            yield f"{name} is no setting{meant}"


def _parts(url: str, reason: str) -> SplitResult:
    """The parts of a URL, its port among them; the library's own words would tell the value."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ValueError(reason) from None
    return parts


def _redis_takes_it(url: str, reason: str) -> None:
    from redis.connection import parse_url  # noqa: PLC0415 (slow to import, and seldom needed)

    try:
        parse_url(url)  # type: ignore[no-untyped-call]
    except ValueError:
        raise ValueError(reason) from None


def _one_line(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    reason = _reason(first)
    if not first["loc"]:
        return reason
    return f"{PREFIX}{str(first['loc'][0]).upper()}: {reason}"


def _reason(wrong: "ErrorDetails") -> str:
    return REASONS.get(wrong["type"]) or wrong["msg"].removeprefix("Value error, ")
