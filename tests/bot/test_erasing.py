"""Erasing a person: nothing in any table tells of them any more, and the book stays true."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from front import CHAT, OTHER, STAFF_CHAT, Front
from restaurants import NOON, Book, venue_data

from booking import guests
from booking.database import Base, Database
from booking.models import BookingEvent, Guest, Reservation
from bot import erasing, persons
from bot.consent import Silence, silence_of
from bot.inbox import Kind as Kinds
from bot.models import ConsentChange
from bot.outbox import Kind, State
from bot.persons import NotFound
from bot.traces import Traces
from conversations.models import Conversation

GROUP = str(STAFF_CHAT)
#: A number as the staff may type it, which the fictitious ones are not.
GUEST = "+393337654321"
NAME = "Carla Bonaventura"
#: For what is about words: one kind of database is enough.
ONE_KIND = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
#: What gives the guest away, however it is written.
TELLING = re.compile(r"carla|bonaventura|peanut|grandmother|7654321", re.IGNORECASE)


@pytest.fixture
def one_database(sqlite_database: Database) -> Database:
    return sqlite_database


def a_life(front: Front) -> None:
    """A guest of whom every table has something."""
    front.say(GUEST, "table for 2 in 4 days at 8pm, allergic to peanuts")
    front.say(GUEST, "1")
    front.say(GUEST, NAME)
    front.say(GUEST, "can I talk to a person about my grandmother please")
    front.say(GROUP, "/today", chat_type="supergroup", name="Marta")
    front.say(GROUP, f"/book 2 in 4 days 22:00 {NAME} 333 7654321", chat_type="supergroup")
    front.say(GROUP, f"/book 2 on 12 february 21:00 {NAME} 333 7654321", chat_type="supergroup")
    front.say(OTHER, "table for 2 in 4 days at 8pm")
    front.say(OTHER, "1")
    front.say(OTHER, "Zeno")
    front.run_due()


def erase(front: Front, whom: str, *, cancel: bool = True) -> None:
    with front.database.transaction() as db:
        found = persons.find(db, whom, slug=None)
        erasing.erase(db, found, cancel=cancel, now=front.clock())


def everything(database: Database) -> Iterator[tuple[str, str, str]]:
    """Every value of every table as text, with the table and its column."""
    with database.reading() as db:
        for name, rows in Base.metadata.tables.items():
            for row in db.execute(sa.select(rows)).mappings():
                for column, value in row.items():
                    written = json.dumps(value, ensure_ascii=False, default=str)
                    yield name, column, written


def traces(front: Front) -> set[tuple[str, str]]:
    """The columns in which the guest can still be recognised."""
    return {
        (table, column)
        for table, column, text in everything(front.database)
        if TELLING.search(text)
    }


def test_nothing_in_any_table_tells_of_a_guest_who_was_erased(front: Front) -> None:
    a_life(front)
    before = {table for table, _ in traces(front)}
    assert {"guest", "reservation", "conversation", "inbound_message"} < before  # the control
    assert {"outbound_message", "staff_act"} < before

    erase(front, GUEST)
    assert traces(front) == set()
    front.run_due()
    assert traces(front) == set()


def test_what_went_between_a_guest_and_the_staff_goes_as_well(front: Front) -> None:
    members = [
        {"name": "Front of house", "telegram_chat_id": STAFF_CHAT},
        {"name": "Mara", "phone": "+390299999999"},
    ]
    front.open(venue_data(staff=members))
    a_life(front)
    front.say(GUEST, "can I talk to a person about my grandmother please")
    front.run_due()
    asked = front.messages(GROUP)[-1].id
    answer = f"Dear {NAME}, how is your grandmother? Ring us from +39 333 7654321"
    front.say(GROUP, answer, chat_type="supergroup", name="Marta", reply_to=asked)
    front.say(
        GUEST, "My grandmother\u2019s wheelchair needs a place near the window, she is Carla too"
    )
    front.run_due()
    before = {row["address"] for row in front.outbox() if TELLING.search(str(row["body"]))}
    assert before == {GUEST, GROUP, "+390299999999"}  # the control

    erase(front, GUEST)
    front.run_due()
    assert traces(front) == set()


def test_the_file_of_the_embedded_database_keeps_no_word(one_database: Database) -> None:
    file = one_database.engine.url.database
    assert file is not None
    book = Book.opened(one_database)
    with one_database.transaction() as db:
        guests.meet(db, book.venue.id, "sms", GUEST, name=NAME * 100, now=NOON)
    with one_database.transaction() as db:
        erasing.erase(db, persons.find(db, GUEST, slug=None), now=NOON)

    assert one_database.compact()
    assert NAME.encode() not in Path(file).read_bytes() + Path(f"{file}-wal").read_bytes()


def test_states_sizes_and_times_stay(front: Front) -> None:
    a_life(front)
    columns = (Reservation.code, Reservation.party_size, Reservation.starts_at)
    with front.database.reading() as db:
        book = sorted(db.execute(sa.select(*columns)).all())
        steps = db.execute(sa.select(sa.func.count(BookingEvent.id))).scalar_one()
        sent = len(front.outbox())
    erase(front, GUEST)

    with front.database.reading() as db:
        assert sorted(db.execute(sa.select(*columns)).all()) == book
        assert db.execute(sa.select(sa.func.count(BookingEvent.id))).scalar_one() >= steps
    assert len(front.outbox()) == sent
    states = [str(r.state) for r in front.book()]
    assert sorted(states) == ["cancelled", "cancelled", "reserved"]


def test_others_stay_as_they_are(front: Front) -> None:
    a_life(front)
    erase(front, GUEST)

    assert any("Zeno" in text for _, _, text in everything(front.database))
    assert "20:00" in (front.say(OTHER, "when is my table?") or "")


def test_what_is_ahead_is_kept_unless_it_may_be_cancelled(front: Front) -> None:
    a_life(front)
    with pytest.raises(erasing.Expected, match="--cancel-reservations"):
        erase(front, GUEST, cancel=False)

    assert traces(front) != set()
    assert [r.state for r in front.book()] == ["reserved"] * 3


def test_the_staff_hear_of_the_cancellation_and_the_guest_of_nothing(front: Front) -> None:
    front.say(GUEST, "table for 2 in 4 days at 8pm")
    front.say(GUEST, "1")
    front.say(GUEST, NAME)
    heard = len(front.heard(GUEST))
    erase(front, GUEST)
    before = len(front.alerts())
    front.clock.forward(days=5)
    front.run_due()

    assert len(front.heard(GUEST)) == heard
    (alert,) = front.alerts()[before:]
    assert "20:00" in alert
    assert "Carla" not in alert


def test_a_hold_is_let_go_without_asking(front: Front) -> None:
    front.say(GUEST, "table for 2 in 4 days at 8pm")
    erase(front, GUEST, cancel=False)

    assert [r.state for r in front.book()] == ["cancelled"]


def test_what_waits_is_not_sent_and_what_came_is_not_handled(front: Front) -> None:
    front.say(GUEST, "hello")
    front.receive(GUEST, "table for 2 in 4 days at 8pm")
    erase(front, GUEST)
    heard = len(front.heard(GUEST))
    front.clock.forward(minutes=1)
    front.run_due()

    assert len(front.heard(GUEST)) == heard
    assert front.book() == []
    assert {row["state"] for row in front.outbox(kind=Kind.REPLY)} <= {State.SENT, State.DELIVERED}


def test_who_wanted_no_messages_gets_none_after_all(front: Front) -> None:
    a_life(front)
    front.say(GUEST, "STOP")
    erase(front, GUEST)

    assert traces(front) == {("consent_change", "address")}
    with front.database.reading() as db:
        account = front.house.accounts["sms"]
        assert silence_of(db, "sms", account, GUEST) is Silence.ALL
        (kept,) = db.execute(sa.select(ConsentChange.__table__)).mappings()
    assert kept["words"] is None


def test_who_writes_again_is_somebody_new(front: Front) -> None:
    a_life(front)
    erase(front, GUEST)
    front.say(GUEST, "table for 2 in 4 days at 8pm")
    front.say(GUEST, "1")

    with front.database.reading() as db:
        names = db.execute(sa.select(Guest.name).where(Guest.address == GUEST)).scalars().all()
        talks = db.execute(sa.select(Conversation.id).where(Conversation.address == GUEST)).all()
    assert (list(names), len(talks)) == ([None], 1)


@pytest.mark.parametrize(
    "whom", ["+39 333 7654321", "(0039) 333/765-4321", "333 765 4321", "sms 3337654321", "code"]
)
def test_a_guest_is_found_by_number_or_code(front: Front, whom: str) -> None:
    front.say(GUEST, "table for 2 in 4 days at 8pm")
    whom = front.book()[0].code.lower() if whom == "code" else whom
    with front.database.reading() as db:
        found = persons.find(db, whom, slug=None)
        with pytest.raises(NotFound):
            persons.find(db, "+1 333 7654321", slug=None)

    assert found.contacts == (("sms", GUEST),)


def test_a_number_that_may_be_a_chat_as_well_needs_its_channel(front: Front) -> None:
    front.say("3337654321", "hello")
    front.say(GUEST, "hello")
    with front.database.reading() as db:
        with pytest.raises(NotFound, match=r"sms \+393337654321, telegram 3337654321: say which"):
            persons.find(db, "3337654321", slug=None)
        for channel, address in (("telegram", "3337654321"), ("sms", GUEST)):
            found = persons.find(db, f"{channel} 3337654321", slug=None)
            assert found.contacts == ((channel, address),)


def test_a_guest_of_telegram_is_found_by_the_chat(front: Front) -> None:
    front.say(CHAT, "table for 2 in 4 days at 8pm, for my grandmother", name=NAME)
    front.say(CHAT, "can I talk to a person", name=NAME)
    front.run_due()
    assert traces(front) != set()

    erase(front, CHAT)
    front.run_due()
    assert traces(front) == set()


@pytest.mark.parametrize("whom", ["+390299999999", "77", "ZZZZ", "", "-", "+"])
def test_who_is_not_known_is_one_line(front: Front, whom: str) -> None:
    with front.database.reading() as db, pytest.raises(NotFound, match="knows nobody"):
        persons.find(db, whom, slug=None)


def test_a_code_that_two_guests_have_needs_its_venue(front: Front) -> None:
    front.open(venue_data(restaurant={"slug": "bella", "name": "Bella"}))
    for address in (GUEST, OTHER):
        front.say(address, "aurora" if address == GUEST else "bella")
        front.say(address, "1" if address == GUEST else "2")
        front.say(address, "table for 2 in 4 days at 8pm")
    with front.database.transaction() as db:
        db.execute(sa.update(Reservation).values(code="K7F2"))
    with front.database.reading() as db:
        with pytest.raises(NotFound, match="may mean"):
            persons.find(db, "K7F2", slug=None)
        assert persons.find(db, "K7F2", slug="bella").contacts == (("sms", OTHER),)


#: A chat whose number stands nowhere by chance.
ANOTHER_CHAT = "5550123456"


def a_life_in_two_channels(front: Front) -> None:
    """A guest who writes from a number and a chat, of whom the staff have noted something."""
    a_life(front)
    front.say(ANOTHER_CHAT, "table for 3 in 5 days at 8pm", name=NAME)
    front.say(ANOTHER_CHAT, "1", name=NAME)
    front.say(ANOTHER_CHAT, "", kind=Kinds.MEDIA, media="contact", own_number=GUEST, name=NAME)
    code = front.book()[0].code
    for text in (
        f"/guest {code} her grandmother likes table 4",
        f"/guest {code} peanut oil as well",
    ):
        front.say(GROUP, text, chat_type="supergroup", name="Marta")
    front.say(GROUP, f"/vip {code}", chat_type="supergroup", name="Marta")
    front.say(GROUP, f"/guest {code}", chat_type="supergroup", name="Marta")
    front.run_due()


@ONE_KIND
@pytest.mark.parametrize("whom", [GUEST, ANOTHER_CHAT])
def test_of_a_guest_in_two_channels_no_address_is_left_in_any_table(
    front: Front, whom: str
) -> None:
    a_life_in_two_channels(front)
    addresses = re.compile(f"7654321|{ANOTHER_CHAT}")

    def left() -> set[str]:
        return {table for table, _, text in everything(front.database) if addresses.search(text)}

    assert {"guest", "guest_contact", "conversation", "outbound_message"} < left()  # the control
    assert {"staff_act", "inbound_message"} < {table for table, _ in traces(front)}

    erase(front, whom)
    front.run_due()
    assert (left(), traces(front)) == (set(), set())
    row, about = Guest, ("name", "language", "note", "allergies", "is_vip")
    with front.database.reading() as db:
        known = db.execute(sa.select(*(getattr(row, name) for name in about)).order_by(row.id))
        assert known.all() == [(None, None, None, None, False), ("Zeno", "en", None, None, False)]


@ONE_KIND
def test_an_operator_is_shown_all_addresses_of_a_person(front: Front) -> None:
    a_life_in_two_channels(front)
    with front.database.reading() as db:
        by_number, by_chat = (persons.find(db, w, slug=None) for w in (GUEST, ANOTHER_CHAT))
        shown = persons.describe(by_chat, persons.kept(db, by_chat, now=front.clock()))

    assert by_number == by_chat
    assert shown[0].startswith(f"{NAME}, sms {GUEST}, telegram {ANOTHER_CHAT}: ")


@ONE_KIND
def test_who_is_of_the_staff_by_one_of_their_addresses_is_not_erased(front: Front) -> None:
    host = "+390299999999"
    front.open(venue_data(staff=[{"name": "Mara", "phone": host}]))
    front.say(CHAT, "", kind=Kinds.MEDIA, media="contact", own_number=host, name=NAME)
    with front.database.reading() as db, pytest.raises(NotFound, match="of the staff of aurora"):
        persons.find(db, CHAT, slug=None)


@ONE_KIND
def test_who_was_erased_may_be_erased_again(front: Front) -> None:
    a_life(front)
    code = front.book()[0].code
    erase(front, GUEST)
    erase(front, code)

    assert traces(front) == set()


def test_the_staff_are_not_erased(front: Front) -> None:
    front.say(GROUP, "/today", chat_type="supergroup")
    with front.database.reading() as db, pytest.raises(NotFound, match="of the staff of aurora"):
        persons.find(db, GROUP, slug=None)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("ring +39 333 76 54 321 now", "ring *** now"),
        ("ring 333/765-4321", "ring ***"),
        ("ring +393337654322", "ring +393337654322"),
        ("CARLA   bonaventura comes", "*** comes"),
        ("Carlas cat", "Carlas cat"),
        ("yes", "yes"),
    ],
)
def test_a_person_is_recognised_however_they_are_written(text: str, left: str) -> None:
    found = Traces(names=[NAME], texts=["yes", "no"], numbers=[GUEST])

    assert found.redact({"text": [text]}) == {"text": [left]}
