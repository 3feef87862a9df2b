"""Figures: what an operator sees of the house is what happened in it."""

from datetime import timedelta
from typing import Any

from front import CHAT, GUEST, OTHER, Front

from bot import figures
from bot.figures import REPLY_BUCKETS, Figures


def seen(front: Front) -> Figures:
    with front.database.reading() as db:
        return figures.read(db, now=front.clock())


def counted(front: Front, name: str) -> dict[tuple[Any, ...], int]:
    return {tuple(labels): number for *labels, number in seen(front).counts[name]}


def test_an_empty_house_has_nothing_to_tell(front: Front) -> None:
    found = seen(front)

    assert not any(found.counts.values())
    assert found.reply_times == []
    assert found.levels.ages == {"in": 0.0, "out": 0.0}
    assert found.levels.worker_seen_at is None
    assert not any(n for level in found.levels.rows.values() for n in level.values())


def test_an_evening_is_counted_by_what_became_of_it(front: Front) -> None:
    front.say(GUEST, "table for 2 tomorrow at 8pm")
    front.say(GUEST, "1")
    front.say(CHAT, "table for 4 tomorrow at 8pm")
    front.say(OTHER, "table for 2 on monday at 8pm")
    front.clock.forward(minutes=6)
    front.run_due()

    assert counted(front, "messages_in") == {
        ("sms", "text", "handled"): 3,
        ("telegram", "text", "handled"): 1,
    }
    out = counted(front, "messages_out")
    assert out["sms", "reply", "sent"] == 3
    assert out["telegram", "reply", "sent"] == 1
    assert out["telegram", "alert", "sent"] == 1
    assert out["telegram", "notice", "sent"] == 1
    assert counted(front, "holds_placed") == {("aurora",): 2}
    assert counted(front, "holds_expired") == {("aurora",): 1}
    assert counted(front, "refusals") == {("aurora", "closed"): 1}
    steps = counted(front, "reservation_steps")
    assert steps["aurora", "reserved", "guest"] == 1
    assert steps["aurora", "expired", "house"] == 1
    assert seen(front).levels.worker_seen_at == front.clock()


def test_who_of_the_staff_did_something_is_no_label(front: Front) -> None:
    front.say(GUEST, "table for 10 tomorrow at 8pm")
    front.say(GUEST, "1")
    front.press("-1001234567890", "Accept", name="Giulia")

    steps = counted(front, "reservation_steps")
    assert steps["aurora", "approved", "staff"] == 1


def test_how_long_guests_wait_is_counted_from_the_last_message_of_a_burst(front: Front) -> None:
    front.receive(GUEST, "table for 2", at=front.clock() - timedelta(minutes=4))
    front.work(front.receive(GUEST, "tomorrow at 8pm", at=front.clock() - timedelta(seconds=3)))

    (times,) = seen(front).reply_times
    assert (times.channel, times.replies) == ("sms", 1)
    assert 3 < times.seconds < 5
    assert dict(zip(REPLY_BUCKETS, times.within, strict=True)) == {
        bound: int(bound >= 5) for bound in REPLY_BUCKETS
    }


def test_what_waits_and_what_is_overdue(front: Front) -> None:
    earlier = front.clock() - timedelta(seconds=90)
    talk_id = front.receive(GUEST, "table for 2 tomorrow at 8pm", at=earlier)
    found = seen(front)

    assert found.levels.rows["queue_rows"] == {"in": 1, "out": 0}
    assert found.levels.rows["overdue_rows"]["messages_in"] == 1
    assert found.levels.ages["in"] == 90.0

    front.house.handle(talk_id, now=front.clock())
    front.clock.forward(seconds=59)
    found = seen(front)
    assert found.levels.rows["queue_rows"] == {"in": 0, "out": 1}
    assert not any(found.levels.rows["overdue_rows"].values())


def test_the_oldest_rows_are_found_by_their_indexes(front: Front) -> None:
    if not front.database.is_sqlite:  # PostgreSQL sees the parameters when it plans
        return
    for query in figures.OLDEST.values():
        sql = query.compile(front.database.engine)
        nothing = tuple(None for _ in sql.positiontup or ())
        with front.database.reading() as db:
            steps = db.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", nothing).all()
        assert "USING INDEX" in str(steps)
