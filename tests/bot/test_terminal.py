"""The bot in a terminal: a guest of the real book."""

from collections.abc import Iterable

import pytest
from front import Front

from booking.database import Database
from bot import terminal
from bot.channels import TELEGRAM, TERMINAL
from bot.outbox import Kind


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database  # nothing here is about it


def chat(front: Front, lines: Iterable[str]) -> list[str]:
    said: list[str] = []
    terminal.chat(front.house, slug=None, lines=lines, say=said.append)
    return said


def test_what_is_booked_in_a_terminal_is_told_to_the_staff_and_not_reminded_of(
    front: Front,
) -> None:
    said = chat(front, ["table for 2 in 6 days at 8pm\n", "1\n"])

    assert said[0].startswith("This is the real book")
    assert "Booked" in said[-1]
    assert [row["channel"] for row in front.outbox(kind=Kind.ALERT)] == [TELEGRAM]
    assert front.outbox(kind=Kind.REMINDER) == []
    assert {row["state"] for row in front.outbox(channel=TERMINAL)} == {"sent"}


@pytest.mark.parametrize("end", ["", "quit", "EXIT"])
def test_a_conversation_can_be_left(front: Front, end: str) -> None:
    assert chat(front, [f"{end}\n", "table for 2\n"]) == chat(front, [])
