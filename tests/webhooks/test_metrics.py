"""GET /metrics: what Prometheus reads, from whichever process it asks."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from restaurants import NOON, open_venue
from starlette.testclient import TestClient as Client

from booking.database import Database
from booking.errors import Reason
from booking.refusals import record
from bot.models import InboundMessage
from bot.settings import Settings
from webhooks import metrics
from webhooks.app import build


@pytest.fixture
def make_client(new_sqlite: Callable[[], str]) -> Iterator[Callable[[], Client]]:
    url, opened = new_sqlite(), []

    def make() -> Client:
        client = TestClient(build(Settings(database_url=url)), raise_server_exceptions=False)
        opened.append(client)
        return client

    yield make
    for client in opened:
        client.close()
        database_of(client).close()


@pytest.fixture
def client(make_client: Callable[[], Client]) -> Client:
    return make_client()


def database_of(client: Client) -> Database:
    found: Database = client.app.state.edge.house.database  # type: ignore[attr-defined]
    return found


def scrape(client: Client, **headers: str) -> dict[str, float]:
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        sample.name + "".join(f",{value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.fixture
def no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every scrape looks at the database."""
    monkeypatch.setattr(metrics, "FRESH", 0.0)
    monkeypatch.setattr(metrics, "FRESH_TIMES", 0)


def turn_away(client: Client) -> None:
    with database_of(client).transaction() as db:
        venue = open_venue(db, now=NOON)
        record(db, venue.id, Reason.CLOSED, party_size=2, service_date=NOON.date(), now=NOON)


def message(client: Client, **columns: Any) -> None:
    row = {"channel": "sms", "external_id": "SM1", "kind": "text", "text": "hello", "data": {}}
    times = {"received_at": NOON, "next_attempt_at": NOON}
    with database_of(client).transaction() as db:
        db.execute(sa.insert(InboundMessage).values({**row, **times, "attempts": 5, **columns}))


def test_it_is_open_and_tells_of_house_and_process(client: Client) -> None:
    found = scrape(client)

    assert found["tabletalk_database_up"] == 1
    assert found["tabletalk_queue_rows,in"] == 0
    assert found["process_resident_memory_bytes"] > 0


def test_every_process_tells_of_the_whole_house(make_client: Callable[[], Client]) -> None:
    here, there = make_client(), make_client()
    turn_away(here)

    assert scrape(there)["tabletalk_refusals_total,closed,aurora"] == 1


def test_a_look_is_good_for_some_seconds(client: Client) -> None:
    before = scrape(client)
    turn_away(client)

    assert scrape(client)["tabletalk_scrape_seconds"] == before["tabletalk_scrape_seconds"]
    assert "tabletalk_refusals_total,closed,aurora" not in scrape(client)


@pytest.mark.usefixtures("no_memory")
def test_a_count_never_falls(client: Client) -> None:
    message(client, state="dead")
    assert scrape(client)["tabletalk_messages_in_total,sms,text,dead"] == 1

    with database_of(client).transaction() as db:
        db.execute(sa.update(InboundMessage).values(state="handled"))
    found = scrape(client)
    assert found["tabletalk_messages_in_total,sms,text,dead"] == 1
    assert found["tabletalk_messages_in_total,sms,text,handled"] == 1


@pytest.mark.usefixtures("no_memory")
def test_a_database_that_is_away_is_told_and_no_error(client: Client) -> None:
    with database_of(client).transaction() as db:
        db.execute(sa.text("ALTER TABLE inbound_message RENAME TO elsewhere"))
    found = scrape(client)

    assert found["tabletalk_database_up"] == 0
    assert "tabletalk_queue_rows,in" not in found


def test_what_this_process_answers_to_providers_is_counted_by_route(client: Client) -> None:
    client.get("/health/live")
    client.post("/webhooks/telegram")
    client.get("/webhooks/447700900101")
    found = scrape(client)

    name = "tabletalk_webhook_seconds_count"
    counted = {key: value for key, value in found.items() if key.startswith(name)}
    assert counted == {f"{name},404,/webhooks/telegram": 1, f"{name},404,other": 1}


def test_nothing_of_a_guest_is_told(client: Client) -> None:
    message(client, state="handled", external_id="SM77", text="we have a pram")

    text = client.get("/metrics").text
    assert 'tabletalk_messages_in_total{channel="sms"' in text
    assert not any(private in text for private in ("SM77", "pram"))


def test_openmetrics_is_spoken_to_who_asks_for_it(client: Client) -> None:
    wanted = "application/openmetrics-text; version=1.0.0"
    answer = client.get("/metrics", headers={"Accept": wanted})

    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert answer.text.endswith("# EOF\n")
