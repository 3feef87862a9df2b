"""The command line, as operators use it: in a process of its own."""

import json
import os
import re
import socket
from collections.abc import Callable
from pathlib import Path

import commands
import pytest
from commands import Done
from evening import VENUE
from servers import free_port

Run = Callable[..., Done]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `tabletalk` in an empty folder, with settings given by name."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TABLETALK_")}

    def command(*arguments: str, typed: str = "", **settings: str) -> Done:
        env = kept | {f"TABLETALK_{name}": value for name, value in settings.items()}
        return commands.run(arguments, folder=tmp_path, env=env, typed=typed)

    (tmp_path / "aurora.toml").write_text(VENUE)
    return command


def one_line(done: Done) -> str:
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


def test_staff_are_invited_listed_and_removed(run: Run) -> None:
    run("load", "aurora.toml")
    on = {"SIMULATOR": "true", "PUBLIC_URL": "http://127.0.0.1:9"}
    told = run("staff", "invite", "--venue", "aurora", **on).stdout
    code = re.findall(r"[A-Z0-9]{8}", told)[0]
    assert f"text JOIN {code} to +" in told
    assert f"/join {code}" in told
    assert "t.me" not in told  # the bot cannot be asked for its name
    assert "no channel is on" in run("staff", "invite", "--venue", "aurora").stdout

    listed = run("staff", "list", "--venue", "aurora").stdout.split()
    assert listed[:3] == ["1", "aurora", "telegram"]
    complaint = one_line(run("staff", "remove", "77"))
    assert complaint == "77 is not on the staff: see `tabletalk staff list`"
    assert "take it out there too" in run("staff", "remove", listed[3]).stdout
    assert run("staff", "list").stdout == "No staff.\n"
    assert "only: aurora" in one_line(run("staff", "invite", "--venue", "borea"))
    assert "only: aurora" in one_line(run("staff", "list", "--venue", "borea"))


def test_reservations_ahead_are_told_so_that_the_guests_can_be_rung(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "aurora.toml"
    file.write_text(VENUE.replace('"UTC"', '"America/New_York"'))
    run("load", "aurora.toml")
    run("chat", typed="table for 2 in 3 days at 8pm\n1\nCarla\n")
    (booked,) = json.loads(run("reservations", "--json").stdout)
    file.write_text(file.read_text().replace('"18:00"', '"20:30"'))

    done = run("load", "aurora.toml")
    head, line = done.stderr.splitlines()
    date = booked["starts_at"][:10]
    assert head.startswith("aurora: the file contradicts reservations ahead")
    assert re.fullmatch(
        rf"  {booked['code']}  {date} 20:00 E[SD]T  party of 2  Carla, terminal here:"
        " nobody is seated at that time",
        line,
    )
    assert done.returncode == 1


@pytest.mark.parametrize("command", ["serve", "worker", "migrate", "doctor", "chat"])
def test_a_wrong_setting_ends_the_start_with_one_line(run: Run, command: str) -> None:
    done = run(command, TELEGRAM_TOKEN="77:hush")

    assert one_line(done).startswith("TABLETALK_TELEGRAM_WEBHOOK_SECRET is missing")
    assert "hush" not in done.stderr + done.stdout


NO_SERVER = "postgresql+psycopg://nobody:hush@127.0.0.1:9/none"
NO_FOLDER = "sqlite:////nonexistent/folder/x.db"


@pytest.mark.parametrize(
    ("command", "url"),
    [
        ("serve", NO_SERVER),
        ("serve", NO_FOLDER),
        ("worker", NO_SERVER),
        ("worker", NO_FOLDER),
        ("migrate", NO_FOLDER),
        ("reservations", NO_SERVER),
        ("reservations", "postgresql+psycopg://nobody:hush@127.0.0.1/none?colour=red"),
        ("reservations", "sqlite:///aurora.toml"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_line(run: Run, command: str, url: str) -> None:
    done = run(command, DATABASE_URL=url, REDIS_URL="redis://127.0.0.1:9/0")

    assert one_line(done).startswith("TABLETALK_DATABASE_URL: the database cannot be used: ")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "hush" not in done.stderr


@pytest.mark.parametrize("command", ["serve", "worker", "doctor"])
def test_a_variable_that_is_no_setting_is_told_without_its_value(run: Run, command: str) -> None:
    done = run(command, TELEGRAM_TOKEM="77:hush", DATABASE_URL=NO_FOLDER)
    first, *_ = done.stderr.splitlines()

    assert first == "TABLETALK_TELEGRAM_TOKEM is no setting; is TABLETALK_TELEGRAM_TOKEN meant?"
    assert "hush" not in done.stderr + done.stdout


def test_settings_of_the_file_hold_in_every_command(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "TABLETALK_DATABASE_URL=sqlite:///mine.db\nTABLETALK_COLOUR=red\nPOSTGRES_PASSWORD=hush\n"
    )
    assert run("load", "aurora.toml").returncode == 0
    assert (tmp_path / "mine.db").exists()
    assert ".env: TABLETALK_COLOUR is no setting" in run("doctor").stderr
    assert json.loads(run("reservations", "--json", DATABASE_URL="sqlite:///new.db").stdout) == []


def test_a_port_that_is_taken_is_told_before_anything_starts(run: Run, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("serve", "--port", str(port))

    assert one_line(done) == f"port {port} is taken; choose another with --port"
    assert done.returncode == 1
    assert not (tmp_path / "tabletalk.db").exists()


def test_an_address_of_another_machine_is_told(run: Run) -> None:
    assert one_line(run("serve", "--host", "192.0.2.1")).startswith("--host: '192.0.2.1' is no")


@pytest.mark.parametrize("port", ["0", "99999", "http"])
def test_a_port_that_no_machine_has_is_a_wrong_argument(run: Run, port: str) -> None:
    done = run("serve", "--port", port)

    assert done.returncode == 2
    assert f"Invalid value for '--port': '{port}' is no number from 1 to 65535" in done.stderr


@pytest.mark.parametrize("command", ["reservations", "serve", "worker"])
def test_a_database_without_our_tables_says_what_to_do(
    run: Run, postgres_url: str, command: str
) -> None:
    port = ("--port", str(free_port())) if command == "serve" else ()
    done = run(
        command,
        *port,
        DATABASE_URL=f"{postgres_url}/postgres",
        REDIS_URL="redis://127.0.0.1:9/0",
        SIMULATOR="true",
    )
    assert "tabletalk migrate" in one_line(done)


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["reservations", "--venue", "nowhere"], "nowhere"),
        (["reservations", "--on", "soon"], "--on: 'soon' is no date (YYYY-MM-DD)"),
        (["reservations", "--on", "2026-02-30"], "--on: '2026-02-30' is no date (YYYY-MM-DD)"),
        (["run-due", "--now", "later"], "later"),
        (["run-due", "--now", "0001-01-01T00:00+14:00"], "0001-01-01T00:00+14:00"),
        (["chat", "--venue", "nowhere"], "venue"),
        (["worker"], "TABLETALK_REDIS_URL"),
        (["load", "missing.toml"], "missing.toml"),
        (["import", "missing.csv"], "say which venue with --venue; loaded: none"),
        (["erase", "+390299998888"], "knows nobody"),
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


def test_reservations_are_imported_and_a_guest_erased(run: Run, tmp_path: Path) -> None:
    run("load", "aurora.toml")
    file = tmp_path / "old.csv"
    file.write_text("date,time,party_size,name,phone\n2100-12-01,20:00,4,Rossi,+390299998888\n")
    dry = run("import", "old.csv")
    assert "1 can be entered" in dry.stdout
    assert "Add --commit" in dry.stdout
    assert "1 entered" in run("import", "old.csv", "--commit").stdout
    file.write_text(file.read_text() + "2100-12-01,20:00,4,Bianchi,12\n")
    assert run("import", "old.csv", "--commit").returncode == 1
    assert run("import", "old.csv", "--commit", "--skip-bad").returncode == 0

    assert "--cancel-reservations" in run("erase", "02 9999 8888", "--yes").stderr
    assert run("erase", "02 9999 8888", "--cancel-reservations", typed="n\n").returncode == 1
    done = run("erase", "02 9999 8888", "--cancel-reservations", typed="y\n")
    assert "Rossi, sms +390299998888: 1 reservations" in done.stdout
    (left,) = json.loads(run("reservations", "--json").stdout)
    assert left["guest"] == {"name": None, "channel": None, "address": None}
    assert b"Rossi" not in (tmp_path / "tabletalk.db").read_bytes()


def test_the_outbox_is_listed_and_its_complaints_are_one_line(run: Run) -> None:
    assert run("outbox").stdout == "No message needs a look.\n"
    assert run("outbox", "--dead", "--json").stdout == "[]\n"
    assert one_line(run("outbox", "retry", "7")) == "there is no message 7"
    assert one_line(run("outbox", "drop", "in:7")) == "there is no message in:7"


def test_run_due_does_the_schedulers_work_without_one(run: Run) -> None:
    run("load", "aurora.toml")
    run("chat", typed="table for 2 in 3 days at 8pm\n")
    run("run-due", "--now", "2100-01-01T00:00:00Z")
    found = json.loads(run("reservations", "--json").stdout)

    assert [entry["state"] for entry in found] == ["expired"]
