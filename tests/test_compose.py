"""docker-compose.yml, Dockerfile and .env.example, held to their rules without an engine."""

import re
import shlex
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.broker import SHUTDOWN_TIMEOUT
from bot.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
FILE = (ROOT / "docker-compose.yml").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()
#: ${NAME}, ${NAME:-default} and ${NAME:?what is wrong}.
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<mark>[?-])(?P<word>[^}]*))?\}")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(FILE)["services"]
OURS = ("migrate", "web", "worker")
STAYING = ("postgres", "redis", "web", "worker")


def interpolated(text: str, values: dict[str, str]) -> str:
    """As Compose does it."""

    def value(found: re.Match[str]) -> str:
        given = values.get(found["name"], "")
        if not given and found["mark"] == "?":
            raise KeyError(found["name"])
        return given or (found["word"] or "" if found["mark"] == "-" else "")

    return VARIABLE.sub(value, text)


def example_variables() -> dict[str, str]:
    """Every variable of .env.example, those that are left out among them."""
    found = re.findall(r"^(?:# )?([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE)
    return dict(found)


def seconds(text: str) -> float:
    number, unit = re.fullmatch(r"(\d+)(s|m)", text).groups()  # type: ignore[union-attr]
    return float(number) * {"s": 1, "m": 60}[unit]


def test_without_a_password_of_the_database_nothing_starts() -> None:
    with pytest.raises(KeyError, match="POSTGRES_PASSWORD"):
        interpolated(FILE, {})

    url = SERVICES["web"]["environment"]["TABLETALK_DATABASE_URL"]
    settings = Settings(database_url=interpolated(url, {"POSTGRES_PASSWORD": "hush"}))
    assert settings.database_url == "postgresql+psycopg://tabletalk:hush@postgres/tabletalk"


def test_every_variable_that_is_used_is_in_the_example() -> None:
    used = {found["name"] for found in VARIABLE.finditer(FILE)}

    assert used <= set(example_variables())


def test_the_example_has_all_settings_and_no_other() -> None:
    ours = {name for name in example_variables() if name.startswith(PREFIX)}

    assert ours == {PREFIX + field.upper() for field in Settings.model_fields}


def test_the_example_holds_no_secret_and_can_be_used_as_it_is() -> None:
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in example_variables().items()
        if value and name.startswith(PREFIX) and "PASSWORD@" not in value
    }

    settings = Settings.model_validate(given)
    assert settings.secrets() == []
    assert not settings.simulator
    assert settings.pages


def test_images_are_pinned_and_ours_is_built_once() -> None:
    for name, service in SERVICES.items():
        tag = service["image"].partition(":")[2]
        assert tag not in {"", "latest"}, name
    assert {SERVICES[name]["image"] for name in OURS} == {"tabletalk:local"}
    assert re.search(r"^FROM \S+:\d[\w.-]+$", DOCKERFILE, re.MULTILINE)


def test_the_database_stays_where_its_image_keeps_it() -> None:
    postgres = SERVICES["postgres"]

    assert int(postgres["image"].partition(":")[2]) >= 18
    assert postgres["volumes"] == ["postgres:/var/lib/postgresql"]  # below it, before 18


def test_what_stays_is_started_again_and_watched() -> None:
    assert set(SERVICES) == {*STAYING, "migrate"}
    for name in STAYING:
        assert SERVICES[name]["restart"] == "unless-stopped", name
        check = SERVICES[name]["healthcheck"]
        assert check["test"][0] in {"CMD", "CMD-SHELL"}, name
        assert seconds(check["timeout"]) <= seconds(check["interval"]), name
        assert check["retries"] > 0, name
    assert SERVICES["migrate"]["restart"] == "no"
    assert "healthcheck" not in SERVICES["migrate"]


def test_nobody_starts_before_what_it_needs() -> None:
    migrate = SERVICES["migrate"]["depends_on"]
    assert migrate == {"postgres": {"condition": "service_healthy"}}
    for name in ("web", "worker"):
        assert SERVICES[name]["depends_on"] == {
            "migrate": {"condition": "service_completed_successfully"},
            "redis": {"condition": "service_healthy"},
        }


def test_who_is_stopped_has_time_to_finish() -> None:
    worker = timedelta(seconds=seconds(SERVICES["worker"]["stop_grace_period"]))
    assert worker > timedelta(milliseconds=SHUTDOWN_TIMEOUT)

    cli = (ROOT / "src" / "bot").rglob("*.py")
    given = [re.search(r"timeout_graceful_shutdown=(\d+)", path.read_text()) for path in cli]
    (graceful,) = [int(found[1]) for found in given if found]
    assert seconds(SERVICES["web"]["stop_grace_period"]) > graceful


def test_only_this_machine_reaches_the_web_and_nobody_the_databases() -> None:
    published = {name: service.get("ports", []) for name, service in SERVICES.items()}

    assert published.pop("web") == ["127.0.0.1:8000:8000"]
    assert not any(published.values())
    assert "EXPOSE 8000" in DOCKERFILE


def test_nothing_of_ours_runs_as_root() -> None:
    user = re.findall(r"^USER (\d+):(\d+)$", DOCKERFILE, re.MULTILINE)

    assert len(user) == 1
    assert all(int(number) > 0 for number in user[0])
    after = DOCKERFILE.partition("\nUSER ")[2]
    assert not re.search(r"^(RUN|COPY|USER)", after, re.MULTILINE)
    for name in OURS:
        assert "user" not in SERVICES[name]
        assert SERVICES[name]["cap_drop"] == ["ALL"]


def test_redis_never_drops_a_hint() -> None:
    command = shlex.join(SERVICES["redis"]["command"])

    assert "--maxmemory-policy noeviction" in command


@pytest.mark.parametrize("name", OURS)
def test_what_is_run_is_a_command_of_ours(name: str) -> None:
    assert 'ENTRYPOINT ["tabletalk"]' in DOCKERFILE
    command = SERVICES[name].get("command", ["serve", "--host", "0.0.0.0"])  # noqa: S104
    if name == "web":
        assert f"CMD {command}".replace("'", '"') in DOCKERFILE
    verb = command[0]
    binary = Path(sys.executable).with_name("tabletalk")
    subprocess.run([binary, verb, "--help"], check=True, capture_output=True)


def test_the_checks_of_health_can_fail_and_say_why() -> None:
    worker = SERVICES["worker"]["healthcheck"]["test"]
    web = SERVICES["web"]["healthcheck"]["test"]
    environment = {"TABLETALK_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}
    for test, reason in ((worker, "database cannot be read"), (web, "URLError")):
        command = [sys.executable if word == "python" else word for word in test[1:]]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert reason in done.stderr
