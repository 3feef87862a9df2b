"""Invites: a code adds one chat or phone to the staff, once, within a day."""

import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from front import CHAT, GUEST, OTHER, STAFF_CHAT, Front
from restaurants import venue_data

from booking.database import Database
from bot.models import StaffInvite
from bot.staff import contacts, invites, roster

GROUP, NEW_GROUP = str(STAFF_CHAT), "-4711"
HOST = "+390299999999"


@pytest.fixture
def database(postgres_database: Database) -> Database:
    """A code must be used once where several transactions run at the same time."""
    return postgres_database


def code(front: Front, name: str | None = None) -> str:
    with front.database.transaction() as db:
        venue_id = contacts.at(db, "telegram", GROUP)[0].venue_id
        return invites.invite(db, venue_id, name, now=front.clock())


def staff(front: Front) -> list[tuple[str, str]]:
    """Everybody but the group of the venue file, by name and address."""
    with front.database.reading() as db:
        return [(each.name, each.address) for each in roster.entries(db) if each.is_invited]


@pytest.mark.parametrize(
    ("address", "text"),
    [
        (CHAT, "/join {code}"),
        (CHAT, "/start join_{code}"),
        (GUEST, "JOIN {code}"),
        (GUEST, " Join: {code}. "),
        (GUEST, "/join {code}"),
    ],
)
@pytest.mark.parametrize("typed", [str.upper, str.lower])
def test_a_code_adds_a_chat_or_a_phone(
    front: Front, address: str, text: str, typed: Callable[[str], str]
) -> None:
    told = front.say(address, text.format(code=typed(code(front, "Lisa"))), name="Anna") or ""

    assert told.startswith("Welcome: from now on you belong to the staff of Trattoria Aurora.")
    assert "book 4 sat 19:30" in told
    assert staff(front) == [("Lisa", address)]
    assert front.alerts()[0].startswith("New on the staff, by an invite: Lisa (Anna")


def test_a_code_may_be_typed_in_two_halves(front: Front) -> None:
    made = code(front)

    assert "Welcome" in (front.say(GUEST, f"join {made[:4]}-{made[4:]}") or "")


def test_a_group_is_called_as_it_is_called(front: Front) -> None:
    front.emulators.telegram.open_group(int(NEW_GROUP), "Kitchen")
    text = f"/start@tabletalk_bot join_{code(front)}"
    data = {"chat_type": "group", "chat_title": "Kitchen", "name": "Luca"}

    assert "Welcome" in (front.say(NEW_GROUP, text, **data) or "")
    assert staff(front) == [("Kitchen", NEW_GROUP)]
    assert front.alerts() == ["New on the staff, by an invite: Kitchen (Luca)."]


def test_who_has_joined_is_staff(front: Front) -> None:
    front.say(GUEST, f"JOIN {code(front)}")
    front.say(OTHER, "table for 9 tomorrow at 8pm")
    front.say(OTHER, "1")

    assert f"1 {front.book()[0].code}" in front.heard(GUEST)[-1]
    assert "Accepted" in (front.say(GUEST, f"1 {front.book()[0].code}") or "")


def test_what_follows_a_code_at_once_is_read_as_of_the_staff(front: Front) -> None:
    made = code(front)
    front.receive(GUEST, f"JOIN {made}")
    front.work(front.receive(GUEST, "today"))

    assert "nobody yet" in front.heard(GUEST)[-1]


def test_who_was_invited_stays_when_the_venue_file_is_loaded_again(front: Front) -> None:
    front.say(GUEST, f"JOIN {code(front, 'Lisa')}")
    front.open(venue_data(staff=[{"name": "Mara", "phone": HOST}]))

    with front.database.reading() as db:
        assert [(e.name, e.is_invited) for e in roster.entries(db, "aurora")] == [
            ("Lisa", True),
            ("Mara", False),
        ]


def test_a_code_is_used_once(front: Front) -> None:
    made = code(front)
    front.say(GUEST, f"JOIN {made}")

    assert "opens nothing" in (front.say(OTHER, f"JOIN {made}") or "")
    assert [address for _, address in staff(front)] == [GUEST]


def test_a_code_is_used_once_even_by_two_at_the_same_time(front: Front) -> None:
    made = code(front)
    waiting = [front.receive(address, f"JOIN {made}") for address in (GUEST, OTHER)]
    barrier = threading.Barrier(2)

    def use(talk: int) -> None:
        barrier.wait()
        front.house.handle(talk, now=front.clock())

    threads = [threading.Thread(target=use, args=(talk,)) for talk in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(staff(front)) == 1


def test_without_its_mark_a_code_could_be_used_again(front: Front) -> None:
    made = code(front)
    front.say(GUEST, f"JOIN {made}")
    with front.database.transaction() as db:
        db.execute(sa.update(StaffInvite).values(used_at=None))
    front.say(OTHER, f"JOIN {made}")

    assert [address for _, address in staff(front)] == [GUEST, OTHER]


def test_a_code_ends_after_a_day(front: Front) -> None:
    made = code(front)
    front.clock.forward(hours=24)

    assert "opens nothing" in (front.say(GUEST, f"JOIN {made}") or "")
    assert staff(front) == []


def test_wrong_used_and_expired_codes_are_told_alike(front: Front) -> None:
    used, expired = code(front), code(front)
    front.say(OTHER, f"JOIN {used}")
    front.clock.forward(hours=25)

    told = {front.say(GUEST, f"/join {each}") for each in (used, expired, "ACDEFHJK", "")}
    assert len(told) == 1
    assert len(staff(front)) == 1


def test_who_guesses_is_not_let_in_for_an_hour(front: Front) -> None:
    made = code(front)
    for wrong in ("ACDEFHJK", "ACDEFHJL", "ACDEFHJM", "ACDEFHJN", "ACDEFHJP"):
        front.say(GUEST, f"JOIN {wrong}")

    assert "opens nothing" in (front.say(GUEST, f"JOIN {made}") or "")
    assert staff(front) == []
    assert "Welcome" in (front.say(OTHER, f"JOIN {code(front)}") or "")
    front.clock.forward(hours=1)
    assert "Welcome" in (front.say(GUEST, f"JOIN {made}") or "")


def test_only_the_hash_of_a_code_is_kept(front: Front) -> None:
    made = code(front)

    with front.database.reading() as db:
        row = db.execute(sa.select(StaffInvite.__table__)).mappings().one()
    assert made not in str(dict(row))
    assert len(made) == 8
    assert made not in code(front)


@pytest.mark.parametrize("text", ["join us on Thursday", "join Thursday", "joining", "JOIN"])
def test_a_guest_who_wants_to_join_somebody_is_a_guest(front: Front, text: str) -> None:
    assert "opens nothing" not in (front.say(GUEST, text) or "")


def test_a_refusal_is_said_in_the_language_of_the_guest(front: Front) -> None:
    assert "Questo codice" in (front.say(CHAT, "/join ACDEFHJK", language="it") or "")
