"""Setting a house up: asked at the keyboard or told by options, with the real clients."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from front import ACCOUNT, STAFF_CHAT, Front
from typer.testing import CliRunner, Result

from booking.database import Database
from booking.venue_file import VenueFile, read_venue_file
from bot.cli import app
from bot.settings import load_settings
from bot.setup_answers import (
    guess_timezone,
    read_days,
    read_languages,
    read_spans,
    read_tables,
    read_timezone,
)
from conversations.language import available
from webhooks.emulator.telegram_hook import Webhook

Init = Callable[..., Result]
TOKEN = ACCOUNT.telegram_token
TELEGRAM = ("--telegram-token", TOKEN)


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database  # nothing here is about it


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, whose `.env` is read."""
    found = tmp_path / "house"
    found.mkdir()
    monkeypatch.chdir(found)
    monkeypatch.setenv("TABLETALK_ENV_FILE", ".env")
    return found


@pytest.fixture
def init(folder: Path, empty_front: Front, monkeypatch: pytest.MonkeyPatch) -> Init:
    """`tabletalk init` in that folder, with the providers in a box."""
    assert folder
    settings = empty_front.house.settings
    monkeypatch.setenv("TABLETALK_TELEGRAM_API_URL", settings.telegram_api_url)
    monkeypatch.setenv("TABLETALK_TWILIO_API_URL", settings.twilio_api_url)

    def command(*options: str, typed: str = "") -> Result:
        return CliRunner().invoke(app, ["init", *options], input=typed)

    return command


def venue(folder: Path, name: str = "my-restaurant") -> VenueFile:
    return read_venue_file(folder / f"{name}.toml", languages=available())[0]


def test_enter_to_everything_makes_a_house_to_try(
    init: Init, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TABLETALK_TELEGRAM_API_URL")
    monkeypatch.delenv("TABLETALK_TWILIO_API_URL")
    done = init(typed="\n" * 20)

    assert done.exit_code == 0, done.output
    assert venue(folder).restaurant.name == "My restaurant"
    assert venue(folder).staff[0].telegram_chat_id is not None
    assert load_settings().simulator
    assert "tabletalk load my-restaurant.toml" in done.output


def test_what_is_typed_stands_in_the_files(init: Init, folder: Path, empty_front: Front) -> None:
    empty_front.emulators.telegram.open_group(STAFF_CHAT, "Sala")
    typed = [TOKEN, "", "https://tables.example.com/", 'Osteria "da Giò"', "rome", "it"]
    typed += ["+39 02 1234 5678", "tue-sun", "12-14, 18:30-23:30", "3, 1", str(STAFF_CHAT)]
    typed += ["mysql://x", "postgresql://me@db/book", "redis://127.0.0.1/1"]
    done = init(typed="\n".join([*typed, ""]))

    assert done.exit_code == 0, done.output
    found = venue(folder, "osteria-da-gio")
    assert found.restaurant.name == 'Osteria "da Giò"'
    assert found.restaurant.timezone == "Europe/Rome"
    assert found.restaurant.languages == ["it", "en", "de", "es", "fr", "nl", "pt"]
    assert found.restaurant.phone == "+390212345678"
    assert [(p.name, p.first_seating, p.closes) for p in found.service_periods] == [
        ("lunch", 12 * 60, 16 * 60),
        ("dinner", 18 * 60 + 30, 90),
    ]
    assert [t.max_covers for t in found.tables] == [2, 2, 2, 4]
    assert found.staff[0].telegram_chat_id == STAFF_CHAT
    settings = load_settings()
    assert settings.public_url == "https://tables.example.com"
    assert settings.database_url == "postgresql+psycopg://me@db/book"
    assert settings.redis_url == "redis://127.0.0.1/1"
    assert "must begin with postgresql" in done.output
    assert "tabletalk migrate" in done.output
    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == TOKEN
    assert not settings.simulator
    assert ["arriveranno qui" in text for text in empty_front.alerts()] == [True]


def test_what_cannot_be_is_asked_again(init: Init, folder: Path) -> None:
    typed = ["77:wrong", "nonsense", "", "", "", "Atlantis", "Europe/Rome", "tlh", "en", "12"]
    typed += ["", "someday", "mon", "late", "22-18", "18-22", "0,0", "1", "", "", ""]
    done = init(typed="\n".join(typed))

    assert done.exit_code == 0, done.output
    for complaint in (
        "Telegram does not know this token",
        "a token looks like",
        "'Atlantis' is no time zone",
        "the languages are",
        "'12' is no number with its country",
        "'someday' is no day",
        "'late' is no span",
        "'22-18': the last seating lies before the first",
        "a restaurant needs a table",
    ):
        assert complaint in done.output
    assert venue(folder).restaurant.timezone == "Europe/Rome"


def test_the_secrets_are_for_their_owner_alone_and_made_up_anew(init: Init, folder: Path) -> None:
    def secret() -> str:
        found = load_settings().telegram_webhook_secret
        assert found is not None
        return found.get_secret_value()

    init("--yes", *TELEGRAM)
    first = secret()
    assert stat.S_IMODE((folder / ".env").stat().st_mode) == 0o600
    assert len(first) >= 32

    init("--yes", "--force", *TELEGRAM)
    assert secret() != first
    assert first in (folder / ".env.old").read_text()
    assert stat.S_IMODE((folder / ".env.old").stat().st_mode) == 0o600


@pytest.mark.parametrize("file", [".env", "my-restaurant.toml"])
@pytest.mark.parametrize("options", [(), ("--yes",)])
def test_nothing_is_overwritten_unasked(
    init: Init, folder: Path, file: str, options: tuple[str, ...]
) -> None:
    (folder / file).write_text("mine")
    done = init(*options, typed="\n" * 20)

    assert done.exit_code == 1
    assert f"{file} is there already" in done.output
    assert {path.name: path.read_text() for path in folder.iterdir()} == {file: "mine"}


def test_the_chat_of_the_staff_is_found_where_somebody_wrote(
    init: Init, folder: Path, empty_front: Front
) -> None:
    telegram = empty_front.emulators.telegram
    telegram.updates.point_to(Webhook(), drop=True)
    telegram.open_chat(501, "Anna")
    telegram.open_group(STAFF_CHAT, "Sala")
    telegram.say(501, "hello")
    telegram.say(STAFF_CHAT, "/start")
    telegram.say(501, "hello?")
    done = init("--yes", *TELEGRAM)

    assert f"That is 'Sala' ({STAFF_CHAT})." in done.output
    assert venue(folder).staff[0].telegram_chat_id == STAFF_CHAT
    assert len(empty_front.alerts()) == 1
    assert telegram.updates.info()["pending_update_count"] == 3  # the house will answer them


def test_a_bot_at_work_is_told_and_the_id_asked_for(init: Init, folder: Path) -> None:
    done = init(*TELEGRAM, typed="\n" * 10 + "-\n\n\n")

    assert "its webhook takes what comes; type the id of the chat" in done.output
    assert venue(folder).staff == []
    assert "who gets the alerts" in done.output


def test_staff_that_cannot_be_written_to_are_told(init: Init, folder: Path) -> None:
    done = init("--yes", *TELEGRAM, "--staff-chat", "-100999")

    assert done.exit_code == 1
    assert "-100999 could not be written to: Chat not found" in done.output
    assert venue(folder).staff[0].telegram_chat_id == -100999


def test_a_phone_of_the_staff_gets_its_test_by_sms(init: Init, empty_front: Front) -> None:
    empty_front.phone("+393337654321")
    sid, number = ACCOUNT.twilio_account_sid, ACCOUNT.twilio_number
    options = ["--twilio-account-sid", sid, "--twilio-auth-token", ACCOUNT.twilio_auth_token]
    options += ["--twilio-number", number, "--staff-phone", "+39 333 7654321"]
    done = init("--yes", *options)

    assert done.exit_code == 0, done.output
    assert "alerts of My restaurant" in empty_front.heard("+393337654321")[0]
    assert load_settings().twilio_number == number


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--telegram-token", "77:wrong"), "Telegram does not know this token"),
        (("--timezone", "Atlantis"), "'Atlantis' is no time zone"),
        (("--hours", "10-14,13-15"), "seats at the same time as 'lunch'"),
        (("--twilio-account-sid", "AC0"), "--twilio-auth-token: this is needed"),
        (("--twilio-number", "+390212345678"), "--twilio-number: goes together with"),
        (("--public-url", "foo"), "--public-url: an address looks like"),
        (("--staff-phone", "12"), "--staff-phone: '12' is no number"),
        (("--database-url", "mysql://me:hush@db/x"), "--database-url: must begin with postgres"),
        (("--redis-url", "http://x"), "--redis-url: must begin with redis://"),
        (("--staff-chat", "sala"), "'sala' is no chat id"),
    ],
)
def test_a_wrong_option_is_one_line_and_writes_nothing(
    init: Init, folder: Path, options: tuple[str, str], complaint: str
) -> None:
    done = init("--yes", *options)

    assert done.exit_code == 1
    assert len(done.stderr.splitlines()) == 1
    assert complaint in done.stderr
    assert list(folder.iterdir()) == []


def test_a_house_of_several_processes_is_told_by_options(init: Init) -> None:
    urls = ("--database-url", "postgresql://me@db/book", "--redis-url", "redis://127.0.0.1/1")
    done = init("--yes", *urls)

    assert done.exit_code == 0, done.output
    assert load_settings().redis_url == "redis://127.0.0.1/1"
    assert "tabletalk worker" in done.output


def test_answers_are_read_as_people_give_them() -> None:
    assert read_timezone("new york") == "America/New_York"
    assert read_days("fri-mon") == ["mon", "fri", "sat", "sun"]
    assert read_days("Monday, wed") == ["mon", "wed"]
    assert read_spans("19-01:30") == [(19 * 60, 25 * 60 + 30)]
    assert read_tables("2 0 1") == {2: 2, 4: 0, 6: 1}
    assert read_languages("it", ["en", "it"]) == ["it", "en"]


def test_the_zone_of_the_machine_is_guessed(tmp_path: Path) -> None:
    assert guess_timezone({"TZ": ":Asia/Tokyo"}, tmp_path) == "Asia/Tokyo"
    assert guess_timezone({}, tmp_path) == "UTC"
    (tmp_path / "timezone").write_text("Europe/Rome\n")
    assert guess_timezone({"TZ": "CET-1"}, tmp_path) == "Europe/Rome"
