"""Settings: a wrong or half-given one ends the start with one line that names the variable."""

import re
from pathlib import Path

import pytest

from bot.settings import MADE_UP, BadSetting, load_settings, unknown_variables, variables_of

TELEGRAM = {"TELEGRAM_TOKEN": "77:hush", "TELEGRAM_WEBHOOK_SECRET": "hush-hush"}
TWILIO = {
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "hush",
    "TWILIO_NUMBER": "+390212345678",
}


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        *MADE_UP,
        "database_url",
        "redis_url",
        "public_url",
        "simulator",
        "admin_password",
    ):
        monkeypatch.delenv(f"TABLETALK_{name.upper()}", raising=False)


def given(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"TABLETALK_{name}", value)


def test_without_any_setting_it_is_the_embedded_default() -> None:
    settings = load_settings()

    assert settings.database_url == "sqlite:///tabletalk.db"
    assert settings.redis_url is None
    assert not settings.has_telegram
    assert not settings.has_sms
    assert settings.telegram_api_url == "https://api.telegram.org"


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, REDIS_URL="", TELEGRAM_TOKEN="", DATABASE_URL="")

    assert load_settings().database_url == "sqlite:///tabletalk.db"


def test_both_channels_are_on_when_all_of_theirs_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, **TELEGRAM, **TWILIO)
    settings = load_settings()

    assert settings.has_telegram
    assert settings.has_sms
    assert settings.telegram_account == "77"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://db"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "postgresql://me:hush@db:hush/tables"),
        ("DATABASE_URL", "postgresql://me:pass@hush@db/tables"),
        ("REDIS_URL", "http://redis"),
        ("REDIS_URL", "redis://redis:hush/0"),
        ("REDIS_URL", "redis://:hush@redis/0?socket_timeout=long"),
        ("PUBLIC_URL", "tables.example.com"),
        ("PUBLIC_URL", "https://[tables.example.com"),
        ("PUBLIC_URL", "https://tables example.com"),
        ("TELEGRAM_API_URL", "nowhere"),
        ("TWILIO_API_URL", "ftp://twilio"),
        ("SIMULATOR", "perhaps"),
    ],
)
def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    given(monkeypatch, **{name: value})
    with pytest.raises(BadSetting) as bad:
        load_settings()

    assert re.match(rf"TABLETALK_{name}: (is no|must)\b", str(bad.value))
    assert "\n" not in str(bad.value)
    assert "hush" not in str(bad.value)


def test_a_switch_is_true_or_false(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, SIMULATOR="maybe")
    with pytest.raises(BadSetting, match=r"^TABLETALK_SIMULATOR: must be true or false$"):
        load_settings()


def test_variables_that_we_do_not_know_are_told_with_the_nearest_one() -> None:
    names = ["TABLETALK_TELEGRAM_TOKEM", "TABLETALK_COLOUR", "PATH", "tabletalk_redis_url"]

    assert list(unknown_variables([*names, "TABLETALK_PAGES", "TABLETALK_TWILIO_NUMBER"])) == [
        "TABLETALK_TELEGRAM_TOKEM is no setting; is TABLETALK_TELEGRAM_TOKEN meant?",
        "TABLETALK_COLOUR is no setting",
    ]


@pytest.mark.parametrize(
    ("group", "name", "value"),
    [
        (TELEGRAM, "TELEGRAM_TOKEN", "77:hush hush"),
        (TELEGRAM, "TELEGRAM_TOKEN", "77:hush\n"),
        (TELEGRAM, "TELEGRAM_WEBHOOK_SECRET", "with space"),
        (TELEGRAM, "TELEGRAM_WEBHOOK_SECRET", "hush\n"),
        (TELEGRAM, "TELEGRAM_WEBHOOK_SECRET", "x" * 257),
        (TWILIO, "TWILIO_ACCOUNT_SID", "AC 1"),
        (TWILIO, "TWILIO_AUTH_TOKEN", "\thush"),
        (TWILIO, "TWILIO_AUTH_TOKEN", "hushé"),
        (TWILIO, "TWILIO_NUMBER", "12345"),
    ],
)
def test_a_wrong_value_of_a_channel_is_named(
    monkeypatch: pytest.MonkeyPatch, group: dict[str, str], name: str, value: str
) -> None:
    given(monkeypatch, **{**group, name: value})
    with pytest.raises(BadSetting, match=f"TABLETALK_{name}") as bad:
        load_settings()

    assert "hush" not in str(bad.value)


@pytest.mark.parametrize("group", [TELEGRAM, TWILIO])
def test_a_half_given_channel_names_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, group: dict[str, str]
) -> None:
    for absent in group:
        rest = {name: value for name, value in group.items() if name != absent}
        with monkeypatch.context() as patch:
            given(patch, **rest)
            with pytest.raises(BadSetting, match=f"^TABLETALK_{absent} is missing"):
                load_settings()


def test_a_plain_postgres_url_gets_our_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, DATABASE_URL="postgres://me:pass@db/tables")

    assert load_settings().database_url == "postgresql+psycopg://me:pass@db/tables"


def test_the_simulator_makes_up_what_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, SIMULATOR="true", TELEGRAM_TOKEN="77:hush", PUBLIC_URL="http://here:1/")
    settings = load_settings()

    assert settings.telegram_account == "77"
    assert settings.has_sms
    assert settings.telegram_api_url == "http://here:1/emulator/telegram"
    assert settings.twilio_api_url == "http://here:1/emulator/twilio"


REAL = {
    "TELEGRAM_TOKEN": ({**TELEGRAM, "TELEGRAM_TOKEN": f"123456789:{'A' * 35}"}, "TELEGRAM_API_URL"),
    "TWILIO_ACCOUNT_SID": ({**TWILIO, "TWILIO_ACCOUNT_SID": f"AC{'0' * 32}"}, "TWILIO_API_URL"),
}


@pytest.mark.parametrize("name", REAL)
def test_the_simulator_silences_no_real_bot_or_number_unless_forced(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    given(monkeypatch, **REAL[name][0])
    assert not load_settings().simulator
    given(monkeypatch, SIMULATOR="true")
    with pytest.raises(BadSetting, match=rf"^TABLETALK_SIMULATOR .* TABLETALK_{name}: ") as bad:
        load_settings()
    assert not re.search(r"A{35}|0{32}|\n", str(bad.value))

    given(monkeypatch, SIMULATOR="force")
    assert load_settings().simulator


@pytest.mark.parametrize("name", REAL)
def test_what_is_sent_to_another_address_is_nobody_real(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    given(monkeypatch, SIMULATOR="true", **REAL[name][0], **{REAL[name][1]: "http://there:2"})

    assert load_settings().simulator


def test_the_simulator_leaves_given_providers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, SIMULATOR="true", TELEGRAM_API_URL="http://there:2/x")

    assert load_settings().telegram_api_url == "http://there:2/x"


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql://me:word@db/tables"
    given(monkeypatch, **TELEGRAM, **TWILIO, DATABASE_URL=url, REDIS_URL="redis://:sesame@r/0")
    given(monkeypatch, ADMIN_PASSWORD="open please")
    settings = load_settings()

    assert not re.search("hush|open", repr(settings))
    assert set(settings.secrets()) == {
        "77:hush",
        "hush-hush",
        "hush",
        "word",
        "sesame",
        "open please",
    }


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A working directory whose `.env` is read."""
    monkeypatch.delenv("TABLETALK_ENV_FILE")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_file_says_what_the_environment_does_not(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ["TABLETALK_TWILIO_NUMBER=+390200000000", "POSTGRES_PASSWORD=hush", "# a remark"]
    lines += [f"TABLETALK_{name}={value}" for name, value in TELEGRAM.items()]
    (folder / ".env").write_text("\n".join(lines))
    given(monkeypatch, **TWILIO)
    settings = load_settings()

    assert settings.telegram_account == "77"
    assert settings.twilio_number == TWILIO["TWILIO_NUMBER"]
    assert "POSTGRES_PASSWORD" in variables_of(folder / ".env")


def test_no_file_is_read_where_none_is_wanted(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".env").write_text("TABLETALK_DATABASE_URL=sqlite:///other.db")
    assert load_settings().database_url == "sqlite:///other.db"

    given(monkeypatch, ENV_FILE="")
    assert load_settings().database_url == "sqlite:///tabletalk.db"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("TABLETALK_PUBLIC_URL=tables", ".env: TABLETALK_PUBLIC_URL: must be a web address"),
        ("TABLETALK_TELEGRAM_TOKEN=77:hush", ".env: TABLETALK_TELEGRAM_WEBHOOK_SECRET is missing"),
    ],
)
def test_a_wrong_line_of_the_file_is_told_with_the_file(
    folder: Path, line: str, complaint: str
) -> None:
    (folder / ".env").write_text(line)
    with pytest.raises(BadSetting, match=complaint) as bad:
        load_settings()

    assert "hush" not in str(bad.value)


def test_a_broken_line_of_the_file_is_told_with_its_number(folder: Path) -> None:
    (folder / ".env").write_text('TABLETALK_PAGES=true\nTABLETALK_PUBLIC_URL="hush\n')
    with pytest.raises(BadSetting, match=r"^\.env: line 2 is not NAME=VALUE") as bad:
        load_settings()

    assert "hush" not in str(bad.value)


def test_what_the_environment_says_wrongly_is_not_blamed_on_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".env").write_text("TABLETALK_PUBLIC_URL=https://tables.example.com")
    given(monkeypatch, PUBLIC_URL="tables")

    with pytest.raises(BadSetting, match=r"^TABLETALK_PUBLIC_URL: must be"):
        load_settings()


def test_a_file_that_is_not_there_or_not_text_is_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".env").write_bytes(b"\xff\xfe")
    with pytest.raises(BadSetting, match=r"^\.env: cannot be read: it is not UTF-8 text$"):
        load_settings()

    given(monkeypatch, ENV_FILE="elsewhere.env")
    with pytest.raises(BadSetting, match=r"^TABLETALK_ENV_FILE: there is no file elsewhere\.env$"):
        load_settings()
