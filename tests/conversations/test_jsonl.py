"""Lines of JSON in, lines of JSON out."""

import json
import subprocess
import sys
from datetime import datetime
from typing import Any

import pytest

from conversations.jsonl import answer


def answered(**given: object) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(answer(json.dumps(given)))
    return said


FULL = {
    "id": "m-1",
    "text": "yes but 6.45",
    "now": "2026-05-13T10:00",
    "lang": "en",
    "hours": ["12:00-14:30", "18:00-00:30"],
    "asked": "confirmation",
    "options": ["18:30", "2026-05-15 19:00"],
    "draft": {"party_size": 4, "date": "2026-05-14", "time": "19:00"},
}


def test_all_keys_are_taken_and_the_id_comes_back() -> None:
    assert answered(**FULL) == {"id": "m-1", "lang": "en", "intent": "book", "time": "18:45"}


def test_keys_without_a_value_are_left_out() -> None:
    assert answered(text="hello", now="2026-05-13T10:00") == {
        "id": None,
        "lang": "en",
        "intent": "greeting",
    }


def test_dates_times_lists_and_flags_are_written_as_in_the_contract() -> None:
    said = answered(text="any time between 7 and 9 this weekend", now="2026-05-13T10:00")

    assert said["time"] == "19:00"
    assert said["time_to"] == "21:00"
    assert said["days"] == ["2026-05-16", "2026-05-17"]


@pytest.mark.parametrize("line", ["", "nonsense", "[1, 2]", "3", '"text"', "{", "null"])
def test_a_line_that_is_no_object_gives_an_error(line: str) -> None:
    said = json.loads(answer(line))

    assert said["id"] is None
    assert said["error"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("text", None),
        ("text", 3),
        ("now", "yesterday"),
        ("now", 5),
        ("lang", ["en"]),
        ("hours", "09:00-21:00"),
        ("hours", ["9-21"]),
        ("hours", ["25:00-26:00"]),
        ("hours", [3]),
        ("asked", "weather"),
        ("options", ["tomorrow"]),
        ("options", ["2026-13-01 19:00"]),
        ("draft", "none"),
        ("draft", {"party_size": "four"}),
        ("draft", {"party_size": True}),
        ("draft", {"date": "soon"}),
        ("draft", {"time": "7pm"}),
        ("draft", {"colour": "red"}),
    ],
)
def test_a_wrong_value_gives_an_error_that_names_the_key(key: str, value: object) -> None:
    said = answered(**{**FULL, key: value})

    assert said.keys() == {"id", "error"}
    assert said["id"] == "m-1"
    assert said["error"].startswith(key)


def test_a_line_without_now_uses_the_one_of_the_caller() -> None:
    now = datetime(2026, 5, 13, 10)  # noqa: DTZ001 - wall time

    assert json.loads(answer('{"text": "tomorrow"}', now=now))["date"] == "2026-05-14"
    assert "now" in json.loads(answer('{"text": "tomorrow"}'))["error"]


def test_the_loop_answers_line_by_line_and_goes_on_after_a_bad_one() -> None:
    lines = [json.dumps({"id": n, "text": "hi", "now": "2026-05-13T10:00"}) for n in (1, 3)]
    given = "\n".join([lines[0], "nonsense", "", lines[1]])

    done = subprocess.run(
        [sys.executable, "-m", "conversations.jsonl"],
        input=given,
        capture_output=True,
        text=True,
        check=True,
    )

    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1, None, 3]
