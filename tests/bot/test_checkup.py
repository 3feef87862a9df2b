"""The doctor: what is wrong is said in a line that tells what to do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import redis
import sqlalchemy as sa
from front import ACCOUNT, GUEST, STAFF_CHAT, Front
from restaurants import venue_data
from servers import free_port, valkey

from booking.database import Database
from bot import menus, outbox, utc_now
from bot.checkup import examine
from bot.house import House, Senders
from bot.models import WorkerLife
from bot.settings import Settings
from bot.staff import desk
from conversations import commands
from conversations.reading import Context, Topic


def house(front: Front, **settings: object) -> House:
    """The front's house with other settings."""
    known = front.house.settings
    secrets = {
        "telegram_token": ACCOUNT.telegram_token,
        "telegram_webhook_secret": ACCOUNT.telegram_secret,
        "twilio_auth_token": ACCOUNT.twilio_auth_token,
    }
    changed = Settings.model_validate({**known.model_dump(), **secrets, **settings})
    return replace(front.house, settings=changed)


def see_worker(front: Front, at: datetime) -> None:
    with front.database.transaction() as db:
        db.execute(sa.delete(WorkerLife))
        db.execute(sa.insert(WorkerLife).values(id=1, seen_at=at))


def faults(found: House, *, register: bool = False) -> list[str]:
    return examine(found, register=register, say=lambda _: None, clock=utc_now)


def test_a_house_in_order_has_no_faults(front: Front) -> None:
    said: list[str] = []

    assert (
        examine(house(front, simulator=True), register=False, say=said.append, clock=utc_now) == []
    )
    assert "Telegram: well" in said


def test_providers_call_https_only(front: Front) -> None:
    assert faults(house(front)) == [
        "address: the providers only call https addresses: set TABLETALK_PUBLIC_URL"
    ]


def test_a_simulator_that_does_not_run_is_one_line(front: Front) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    (fault,) = faults(house(front, simulator=True, public_url=url))

    assert fault.startswith(f"channels: no simulator answers at {url}: start `tabletalk serve`")


def test_what_is_off_is_called_so_and_a_house_that_nobody_reaches_is_a_fault(front: Front) -> None:
    said: list[str] = []
    dumb = replace(house(front), senders=Senders({}))
    found = examine(dumb, register=False, say=said.append, clock=utc_now)

    assert [line for line in said if line.endswith(": off")] == [
        "Redis: off",
        "Telegram: off",
        "SMS: off",
    ]
    assert found[0].startswith("channels: neither Telegram nor SMS is on: set ")


def test_webhooks_that_point_elsewhere_are_named_and_can_be_set(front: Front) -> None:
    moved = house(front, public_url="https://tables.example.com")
    telegram, sms = faults(moved)
    assert telegram.startswith("Telegram: its webhook is http://")
    assert sms.startswith("SMS: its webhook is http://")

    assert faults(moved, register=True) == []
    assert faults(moved) == []
    # Without this Twilio would not send a text again that we could not store.
    assert "#rc=3&rp=5xx" in front.emulators.twilio.number.sms_url


def test_the_menus_of_commands_are_set_in_every_language_of_the_house(front: Front) -> None:
    assert faults(house(front, public_url="https://tables.example.com"), register=True) == []

    shown = front.emulators.telegram.commands
    privately = {code: menu for (scope, code), menu in shown.items() if scope != "all_group_chats"}
    assert set(privately) == {"", "en", "it"}
    assert privately["it"][0] == {"command": "book", "description": "Prenotare un tavolo"}
    assert privately[""] == privately["en"]
    staff = [entry["command"] for entry in shown["all_group_chats", ""]]
    assert staff == [*desk.commands()]


def test_every_command_of_the_guests_menu_is_understood() -> None:
    context = Context(now=datetime(2026, 11, 20, 12))  # noqa: DTZ001 (local time at the venue)
    known = {entry.command: entry for entry in menus.commands("guest", "en")}
    read = {name: commands.read(f"/{name}", context, languages=["en"]) for name in known}

    assert [name for name, found in read.items() if found and found.topic is Topic.HELP] == ["help"]


@pytest.mark.parametrize(
    ("what", "variable"),
    [("token", "TABLETALK_TELEGRAM_TOKEN"), ("auth_token", "TABLETALK_TWILIO_ACCOUNT_SID")],
)
def test_a_provider_that_does_not_know_us_is_named(front: Front, what: str, variable: str) -> None:
    provider = front.emulators.telegram if what == "token" else front.emulators.twilio
    setattr(provider, what, "77:another")

    assert any(variable in fault for fault in faults(house(front, simulator=True)))


def test_a_number_that_is_not_ours_is_named(front: Front) -> None:
    found = faults(house(front, simulator=True, twilio_number="+390299999999"))

    assert found == ["SMS: the account does not own +390299999999: check TABLETALK_TWILIO_NUMBER"]


def test_a_house_without_a_venue_is_told_to_load_one(empty_front: Front) -> None:
    assert "tabletalk load" in faults(house(empty_front, simulator=True))[0]


def test_a_database_without_our_tables_is_told_to_migrate(
    front: Front, tmp_path: Path, open_database: Callable[[str], Database]
) -> None:
    empty = open_database(f"sqlite:///{tmp_path}/empty.db")
    found = faults(replace(house(front, simulator=True), database=empty))

    assert "tabletalk migrate" in found[0]


def test_a_redis_that_is_not_there_is_named(front: Front) -> None:
    found = faults(house(front, simulator=True, redis_url=f"redis://127.0.0.1:{free_port()}/0"))

    assert "TABLETALK_REDIS_URL" in found[0]


def test_a_redis_that_drops_hints_is_named(front: Front, tmp_path: Path) -> None:
    with valkey(tmp_path, free_port()) as url:
        well = house(front, simulator=True, redis_url=url)
        see_worker(front, utc_now())
        assert faults(well) == []

        client = redis.Redis.from_url(url)
        client.config_set("maxmemory-policy", "allkeys-lru")
        client.close()
        assert "noeviction" in faults(well)[0]


def test_workers_that_are_not_seen_are_named(front: Front, redis_url: str) -> None:
    found = house(front, simulator=True, redis_url=redis_url)
    assert faults(found) == ["workers: none was ever seen: start `tabletalk worker`"]

    see_worker(front, utc_now() - timedelta(minutes=2))
    (fault,) = faults(found)
    assert fault.startswith("workers: none was seen since ")


def test_a_venue_without_staff_is_named(front: Front) -> None:
    front.open(venue_data(staff=[]))

    assert faults(house(front, simulator=True)) == [
        "staff: nobody gets the alerts of aurora: add [[staff]] to its file and load it"
    ]


def test_a_chat_of_the_staff_that_cannot_be_written_to_is_named(front: Front) -> None:
    front.emulators.telegram.chats.clear()  # somebody threw the bot out
    (_, fault) = faults(house(front))  # the other one: we are not reached by https

    assert fault.startswith(f"staff: aurora: Front of house ({STAFF_CHAT}) cannot be written to: ")


def test_staff_on_a_channel_that_is_off_are_named(front: Front) -> None:
    by_sms = replace(house(front, simulator=True), senders=Senders({}))

    assert faults(by_sms) == [
        "staff: aurora: Front of house is on Telegram, which is off: set TABLETALK_TELEGRAM_TOKEN"
    ]


def test_messages_that_got_stuck_are_counted(front: Front) -> None:
    with front.database.transaction() as db:
        number = outbox.queue(
            db,
            outbox.Kind.REPLY,
            dedup_key="x",
            channel="sms",
            account=ACCOUNT.twilio_number,
            address=GUEST,
            now=utc_now(),
        )
        assert number is not None
        outbox.update(db, number, state=outbox.State.DEAD)

    assert faults(house(front, simulator=True)) == [
        "messages: 1 dead (1 reply): see `tabletalk outbox --dead`"
    ]


def test_clocks_that_are_apart_are_told(front: Front) -> None:
    found = house(front, simulator=True)
    hour = timedelta(hours=1)
    said = examine(found, register=False, say=lambda _: None, clock=lambda: utc_now() + hour)

    embedded = front.database.is_sqlite
    assert [fault.partition(":")[0] for fault in said] == ([] if embedded else ["clock"])


def test_secrets_that_others_may_read_are_told(
    front: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "house.env"
    file.touch(mode=0o600)
    monkeypatch.setenv("TABLETALK_ENV_FILE", str(file))
    assert faults(house(front, simulator=True)) == []

    file.chmod(0o644)
    (fault,) = faults(house(front, simulator=True))
    assert fault.endswith(f"chmod 600 {file}")


def test_an_error_of_the_webhook_is_news_for_an_hour(front: Front) -> None:
    hook = front.emulators.telegram.updates.webhook
    hook.last_error = (utc_now() - timedelta(minutes=5), "Connection refused")
    (fault,) = faults(house(front, simulator=True))
    assert "Connection refused" in fault

    hook.last_error = (utc_now() - timedelta(hours=2), "Connection refused")
    assert faults(house(front, simulator=True)) == []
