"""What can be broken while the house runs, and that nothing is lost or doubled by it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from evening import VENUE
from fastapi.testclient import TestClient
from servers import wait_until
from serving import serving

from booking.database import Database
from bot import loading, utc_now
from bot.settings import MADE_UP, Settings
from webhooks.app import build
from webhooks.emulator.phones import Author
from webhooks.pages.lines import Line
from webhooks.pages.stage import Stage
from webhooks.pages.tally import Tally
from webhooks.pages.troubles import SLOW, Trouble, Troubles


@pytest.fixture
def stage(sqlite_database: Database, tmp_path: Path) -> Iterator[Stage]:
    """The simulator of a running house, with its workers in this process."""
    file = tmp_path / "aurora.toml"
    file.write_text(VENUE)
    loading.load(sqlite_database, [file], keep_reservations=False, now=utc_now())
    with serving() as server:
        settings = {
            **MADE_UP,
            "database_url": sqlite_database.engine.url.render_as_string(),
            "public_url": server.url,
            "telegram_api_url": f"{server.url}/emulator/telegram",
            "twilio_api_url": f"{server.url}/emulator/twilio",
            "simulator": True,
        }
        app = server.app = build(Settings.model_validate(settings))
        found: Stage = app.state.stage
        with TestClient(app):
            yield found


def tally(stage: Stage) -> Tally:
    found = stage.look(None).tally
    assert found is not None
    return found


def heard(line: Line) -> int:
    return sum(message.author is Author.HOUSE for message in line.phone().messages())


def test_what_comes_in_twice_while_the_workers_are_paused_is_answered_once(stage: Stage) -> None:
    anna, ben = stage.cast.guests
    stage.troubles.switch(Trouble.DUPLICATE, on=True)
    stage.troubles.switch(Trouble.PAUSED, on=True)
    anna.say("table for 2 tomorrow at 8pm")
    ben.say("table for 2 tomorrow at 8pm")
    wait_until(lambda: tally(stage).stored == 2, what="both messages in the inbox")

    assert tally(stage) == Tally(
        done=2, webhooks=4, stored=2, waiting=2, due=0, unsent=0, unknown=0, shown=0
    )
    assert tally(stage).verdict()[0] == "waits"

    stage.troubles.switch(Trouble.PAUSED, on=False)
    wait_until(lambda: heard(anna) and heard(ben) and tally(stage).settled, what="the answers")

    assert (heard(anna), heard(ben)) == (1, 1)
    assert (tally(stage).stored, tally(stage).due, tally(stage).shown) == (2, 2, 2)
    assert tally(stage).verdict()[0] == "good"


def test_without_a_trouble_there_is_one_webhook_for_each_message(stage: Stage) -> None:
    (anna, _) = stage.cast.guests
    stage.troubles.switch(Trouble.SLOW, on=True)
    stage.troubles.switch(Trouble.SLOW, on=False)

    anna.say("table for 2 tomorrow at 8pm")
    wait_until(lambda: heard(anna) and tally(stage).settled, what="the answer")

    assert (tally(stage).done, tally(stage).webhooks, tally(stage).twice) == (1, 1, 0)


def test_switches_are_where_the_providers_and_workers_are(stage: Stage) -> None:
    troubles = stage.troubles
    assert troubles.on() == set()
    assert troubles.since is None

    for trouble in Trouble:
        troubles.switch(trouble, on=True)
        assert trouble in troubles.on()
    assert troubles.on() == set(Trouble)

    stage.start_over()
    assert troubles.on() == set()
    assert troubles.since is None


def test_each_provider_is_slow_for_less_than_the_house_would_wait(stage: Stage) -> None:
    assert timedelta() < SLOW < timedelta(seconds=10)
    assert all(stage.troubles.possible(trouble) for trouble in Trouble)


def test_workers_of_another_process_cannot_be_paused_from_here(stage: Stage) -> None:
    elsewhere = Troubles(stage.emulators, None, now=utc_now)

    elsewhere.switch(Trouble.PAUSED, on=True)

    assert not elsewhere.possible(Trouble.PAUSED)
    assert elsewhere.on() == set()


@pytest.mark.parametrize(
    ("changes", "mood"),
    [
        ({}, "good"),
        ({"done": 0, "stored": 0, "due": 0, "shown": 0}, "idle"),
        ({"stored": 2}, "waits"),
        ({"waiting": 1}, "waits"),
        ({"unsent": 1, "shown": 2}, "waits"),
        ({"shown": 4}, "good"),
        ({"shown": 2}, "bad"),
    ],
)
def test_the_counts_are_put_in_words(changes: dict[str, int], mood: str) -> None:
    counts = {
        "done": 3,
        "webhooks": 3,
        "stored": 3,
        "waiting": 0,
        "due": 3,
        "unsent": 0,
        "unknown": 0,
        "shown": 3,
    }
    assert Tally(**(counts | changes)).verdict()[0] == mood
