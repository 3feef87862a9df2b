"""Pages for the staff: off without a password, and with one closed to all who do not have it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from restaurants import NOON, open_venue
from starlette.testclient import TestClient as Client
from starlette.websockets import WebSocketDisconnect

from booking import guests, reservations
from booking.rules import Wish
from bot import utc_now
from bot.settings import MADE_UP, Settings
from webhooks.admin.guard import local
from webhooks.admin.session import GUESSES, GUESSES_IN, LIFETIME, Sessions
from webhooks.app import build

PASSWORD = "open, please"
HTML = {"Accept": "text/html"}
SIMULATOR = {**MADE_UP, "simulator": True}


@pytest.fixture
def make_client(new_sqlite: Callable[[], str]) -> Iterator[Callable[..., Client]]:
    opened = []

    def make(**settings: Any) -> Client:
        app = build(Settings(database_url=new_sqlite(), **settings))
        client = TestClient(app, follow_redirects=False, base_url="https://testserver")
        opened.append((client, app.state.edge.house))
        return client

    yield make
    for client, house in opened:
        client.close()
        house.close()


def enter(client: Client, password: str = PASSWORD, then: str = "/admin") -> Any:
    return client.post("/admin/login", data={"password": password, "then": then})


@pytest.mark.parametrize("path", ["/admin", "/admin/login"])
def test_without_a_password_there_are_no_pages_for_the_staff(
    make_client: Callable[..., Client], path: str
) -> None:
    assert make_client().get(path, headers=HTML).status_code == 404


def test_who_reads_pages_is_asked_for_the_password_and_gets_where_he_wanted(
    make_client: Callable[..., Client],
) -> None:
    client = make_client(admin_password=PASSWORD, public_url="https://tables.example.com")
    asked = client.get("/admin", headers=HTML)
    assert (asked.status_code, asked.headers["location"]) == (303, "/admin/login?then=/admin")
    assert "password" in client.get("/admin/login").text

    entered = enter(client)
    assert (entered.status_code, entered.headers["location"]) == (303, "/admin")
    cookie = entered.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=lax", "Secure"))
    assert PASSWORD not in cookie
    assert client.get("/admin", headers=HTML).status_code == 200

    client.post("/admin/logout")
    assert client.get("/admin", headers=HTML).status_code == 303


def test_a_wrong_password_opens_nothing(make_client: Callable[..., Client]) -> None:
    client = make_client(admin_password=PASSWORD)

    assert enter(client, "open").status_code == 401
    assert client.get("/admin", headers=HTML).status_code == 303


def test_after_some_wrong_guesses_even_the_right_one_has_to_wait(
    make_client: Callable[..., Client],
) -> None:
    client = make_client(admin_password=PASSWORD)
    for number in range(GUESSES):
        assert enter(client, str(number)).status_code == 401

    answer = enter(client)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60


@pytest.mark.parametrize(
    "path", ["/simulator", "/emulator/phones", "/emulator/telegram/calls", "/_nicegui/x"]
)
def test_the_simulator_is_open_without_a_password_and_closed_with_one(
    make_client: Callable[..., Client], path: str
) -> None:
    closed = make_client(admin_password=PASSWORD, **SIMULATOR)
    answer = closed.get(path)
    assert (answer.status_code, closed.get(path, headers=HTML).status_code) == (401, 303)
    if path.startswith("/emulator"):
        enter(closed)
        assert closed.get(path).status_code == 200
        assert make_client(**SIMULATOR).get(path).status_code == 200


def test_a_socket_of_the_simulator_is_closed_too(make_client: Callable[..., Client]) -> None:
    client = make_client(admin_password=PASSWORD, **SIMULATOR)
    with (
        pytest.raises(WebSocketDisconnect) as refused,
        client.websocket_connect("/_nicegui_ws/socket.io/"),
    ):
        pytest.fail("it must not open")

    assert refused.value.code == 1008


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/health/live", 200),
        ("/metrics", 200),
        ("/webhooks/telegram", 405),
        ("/emulator/telegram/bot1000000001:simulator/getMe", 200),
        ("/emulator/twilio/2010-04-01/Accounts/AC1/Messages.json", 401),
    ],
)
def test_what_machines_call_has_its_own_lock(
    make_client: Callable[..., Client], path: str, code: int
) -> None:
    client = make_client(admin_password=PASSWORD, **SIMULATOR)

    answer = client.get(path)
    assert answer.status_code == code
    assert "/admin/login" not in answer.text


def test_a_cookie_is_good_for_its_time_and_its_password_only() -> None:
    ours, others = Sessions(password="one"), Sessions(password="two")
    cookie = ours.cookie(now=NOON)

    assert ours.is_good(cookie, now=NOON + LIFETIME - timedelta(seconds=1))
    assert not ours.is_good(cookie, now=NOON + LIFETIME)
    assert not others.is_good(cookie, now=NOON)
    assert Sessions(password="one").is_good(cookie, now=NOON)


@pytest.mark.parametrize("made_up", ["", ".", "9999999999.", "x.y", "9999999999.é", "1.2.3"])
def test_a_made_up_cookie_is_no_good(made_up: str) -> None:
    sessions = Sessions(password="one")
    longer = sessions.cookie(now=NOON).replace("1", "9", 1)

    assert not sessions.is_good(made_up, now=NOON)
    assert not sessions.is_good(longer, now=NOON)


def test_wrong_guesses_are_forgotten_after_a_minute() -> None:
    sessions = Sessions(password="one")
    for number in range(GUESSES):
        assert sessions.wait(now=NOON) == timedelta()
        sessions.opens(f"wrong {number}", now=NOON)

    assert sessions.wait(now=NOON) == GUESSES_IN
    assert sessions.wait(now=NOON + GUESSES_IN) == timedelta()
    assert "password" not in repr(sessions)


@pytest.mark.parametrize(
    ("then", "there"),
    [
        ("/simulator", "/simulator"),
        ("https://elsewhere.example", "/admin"),
        ("//elsewhere.example", "/admin"),
        ("/\\elsewhere.example", "/admin"),
        ("", "/admin"),
    ],
)
def test_the_login_leads_nowhere_else(then: str, there: str) -> None:
    assert local(then) == there


def book(client: Client, name: str, now: datetime) -> date:
    """A reservation for tomorrow's dinner, or the next evening that is open."""
    edge = client.app.state.edge  # type: ignore[attr-defined]
    with edge.house.database.transaction() as db:
        venue = open_venue(db, now=now)
        day = next(d for i in range(1, 9) if venue.is_open_on(d := now.date() + timedelta(i)))
        guest = guests.meet(db, venue.id, "sms", "+447700900101", name=name, now=now)
        wish = Wish(party_size=2, date=day, time=datetime(2000, 1, 1, 20, tzinfo=UTC).time())
        held = reservations.place_hold(
            db, venue, wish, guest.id, request="a <b>pram</b>", source="sms", now=now
        )
        reservations.confirm(db, venue, held.id, now=now)
    return day


def test_the_book_of_a_day_is_shown_and_nothing_in_it_is_taken_for_html(
    make_client: Callable[..., Client],
) -> None:
    client = make_client(admin_password=PASSWORD)
    day = book(client, "<script>Anna</script>", utc_now())
    enter(client)
    page = client.get("/admin", params={"on": str(day)})

    assert "20:00" in page.text
    assert "parties: 1, covers: 2" in page.text
    assert "&lt;script&gt;Anna" in page.text
    assert "a &lt;b&gt;pram" in page.text
    assert "<script" not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize("on", ["9999-12-31", "0001-01-01", "tomorrow"])
def test_a_day_that_is_none_is_no_fault_of_the_server(
    make_client: Callable[..., Client], on: str
) -> None:
    client = make_client(admin_password=PASSWORD)
    enter(client)

    assert client.get("/admin", params={"on": on}).status_code == 422


def test_without_a_venue_the_page_says_what_to_do(make_client: Callable[..., Client]) -> None:
    client = make_client(admin_password=PASSWORD)
    enter(client)

    assert "tabletalk load" in client.get("/admin").text
