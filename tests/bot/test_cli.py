"""The command line, as operators use it: in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from evening import VENUE

COMMAND = Path(sys.executable).with_name("tabletalk")
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `tabletalk` in an empty folder, with settings given by name."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TABLETALK_")}

    def command(
        *arguments: str, typed: str = "", **settings: str
    ) -> "subprocess.CompletedProcess[str]":
        env = kept | {f"TABLETALK_{name}": value for name, value in settings.items()}
        return subprocess.run(
            [COMMAND, *arguments],
            cwd=tmp_path,
            env=env,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )

    (tmp_path / "aurora.toml").write_text(VENUE)
    return command


def one_line(done: "subprocess.CompletedProcess[str]") -> str:
    """What a command complains of: one line, and no stack trace."""
    assert done.returncode != 0
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_a_venue_is_loaded_talked_to_and_printed(run: Run) -> None:
    assert run("load", "aurora.toml").stdout == "aurora: created\n"
    assert run("load", "aurora.toml").stdout == "aurora: unchanged\n"

    talk = run("chat", typed="table for 2 in 3 days at 8pm\n1\n")
    assert "held for you" in talk.stdout
    assert "Booked" in talk.stdout
    found = json.loads(run("reservations", "--json", "--venue", "aurora").stdout)
    assert [entry["state"] for entry in found] == ["reserved"]
    assert found[0]["code"] in run("reservations").stdout


def test_a_bad_venue_file_is_refused_with_file_key_and_reason(run: Run, tmp_path: Path) -> None:
    bad = VENUE.replace('languages = ["en", "it"]', 'languages = ["en", "tlh"]\ncolour = "red"')
    (tmp_path / "bad.toml").write_text(bad)
    complaint = one_line(run("load", "aurora.toml", "bad.toml"))

    assert complaint == "bad.toml: restaurant.colour: unknown key"
    assert json.loads(run("reservations", "--json").stdout) == []


@pytest.mark.parametrize("command", ["serve", "worker", "migrate", "doctor", "chat"])
def test_a_wrong_setting_ends_the_start_with_one_line(run: Run, command: str) -> None:
    done = run(command, TELEGRAM_TOKEN="77:hush")

    assert one_line(done).startswith("TABLETALK_TELEGRAM_WEBHOOK_SECRET is missing")
    assert "hush" not in done.stderr + done.stdout


def test_a_database_that_is_not_there_is_one_line(run: Run) -> None:
    url = "postgresql+psycopg://nobody:hush@127.0.0.1:9/none"
    done = run("reservations", DATABASE_URL=url)

    assert one_line(done).startswith("TABLETALK_DATABASE_URL")
    assert "hush" not in done.stderr


def test_a_database_without_our_tables_says_what_to_do(run: Run, postgres_url: str) -> None:
    assert "tabletalk migrate" in one_line(
        run("reservations", DATABASE_URL=f"{postgres_url}/postgres")
    )


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["reservations", "--venue", "nowhere"], "nowhere"),
        (["reservations", "--on", "soon"], "soon"),
        (["run-due", "--now", "later"], "later"),
        (["chat", "--venue", "nowhere"], "venue"),
        (["worker"], "TABLETALK_REDIS_URL"),
        (["load", "missing.toml"], "missing.toml"),
    ],
)
def test_a_wrong_argument_is_named(run: Run, arguments: list[str], names: str) -> None:
    assert names in one_line(run(*arguments))


def test_a_text_is_understood_with_nothing_but_itself(run: Run) -> None:
    lines = [{"id": 1, "text": "table for 4"}, {"id": 2, "text": 7}, {"id": 3, "text": "domani"}]
    typed = "\n".join(json.dumps(line) for line in lines) + "\nnonsense\n"
    answers = [
        json.loads(line) for line in run("understand", "--jsonl", typed=typed).stdout.splitlines()
    ]

    assert (answers[0]["id"], answers[0]["intent"], answers[0]["party_size"]) == (1, "book", 4)
    assert (answers[1]["id"], "error" in answers[1]) == (2, True)
    assert "date" in answers[2]
    assert (answers[3]["id"], "error" in answers[3]) == (None, True)
    assert json.loads(run("understand", "table for 4").stdout)["party_size"] == 4


def test_run_due_does_the_schedulers_work_without_one(run: Run) -> None:
    run("load", "aurora.toml")
    run("chat", typed="table for 2 in 3 days at 8pm\n")
    run("run-due", "--now", "2100-01-01T00:00:00Z")
    found = json.loads(run("reservations", "--json").stdout)

    assert [entry["state"] for entry in found] == ["expired"]
