"""docs/operations.md speaks of what there is: figures, events of the log, settings, files."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from prometheus_client import generate_latest
from restaurants import NOON
from starlette.applications import Starlette

from booking.database import Database
from bot.models import WorkerLife
from bot.settings import ENV_FILE, PREFIX, Settings
from webhooks.metrics import Stopwatch, make_registry

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "operations.md").read_text()
#: The first column of the table of events.
EVENTS = [
    event
    for line in PAGE.partition("| event | when |")[2].partition("\n## ")[0].splitlines()
    for event in re.findall(r"`([a-z ]+)`", line.partition(" | ")[0])
]


@pytest.fixture
def figures(new_sqlite: Callable[[], str], open_database: Callable[[str], Database]) -> set[str]:
    """The names of all figures that a process tells."""
    database = open_database(new_sqlite())
    with database.transaction() as db:
        db.execute(sa.insert(WorkerLife).values(id=1, seen_at=NOON))
    registry = make_registry(database)
    Stopwatch(Starlette(), registry)
    told = generate_latest(registry).decode()
    return set(re.findall(r"^# TYPE (tabletalk_\w+)", told, re.MULTILINE))


def test_every_figure_that_is_named_is_told_and_the_other_way_round(figures: set[str]) -> None:
    named = set(re.findall(r"\btabletalk_\w+", PAGE))
    named = {re.sub(r"_(bucket|count|sum)$", "", name) for name in named}

    assert named == figures - {"tabletalk_build_info"}


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_that_is_named_is_logged(event: str) -> None:
    sources = (path for folder in ("src", "webhooks") for path in (ROOT / folder).rglob("*.py"))

    assert any(f'"{event}"' in path.read_text() for path in sources)


def test_every_setting_and_file_that_is_named_is_there() -> None:
    known = {ENV_FILE, *(PREFIX + field.upper() for field in Settings.model_fields)}
    for name in re.findall(rf"\b{PREFIX}[A-Z_]*[A-Z]\b", PAGE):
        assert name in known
    for link in re.findall(r"\]\((\.\./[^)]+)\)", PAGE):
        assert (ROOT / "docs" / link).exists()
