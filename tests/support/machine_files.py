"""What happens to the book of the state machine: its venue files, and what is wished for."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle
from restaurants import FRIDAY, SATURDAY, period, table, wish

#: How many covers, and how many parties, may start together.
PACING, PARTIES = 6, 3
SLOT, BUFFER = 30, 10
#: Minutes of a turn, of parties up to two and of larger ones.
SHORT, LONG = 80, 110
TURNS = [{"up_to": 2, "minutes": SHORT}, {"minutes": LONG}]
EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
TABLES = [
    {**table("T1"), "section": "terrace"},
    table("T2"),
    {**table("T3", 4, min_covers=2), "attributes": ["quiet"]},
    {**table("T4"), "kept_for": "walk_ins"},
]
POLICY = {
    "approval_party_size": 4,
    "approval_minutes": 180,
    "min_notice_minutes": 0,
    "buffer_minutes": BUFFER,
    "max_open_reservations": 0,
}


def hours(first: str, last: str, closes: str, **more: Any) -> dict[str, Any]:
    return period(
        name=first,
        days=EVERY_DAY,
        first_seating=first,
        last_seating=last,
        closes=closes,
        slot_minutes=SLOT,
        pacing_covers=PACING,
        pacing_parties=PARTIES,
        turn_minutes=TURNS,
        **more,
    )


GALA = {k: v for k, v in hours("19:00", "21:00", "23:00").items() if k != "days"}
#: Venue files between which the house changes its mind, all on one grid of half hours.
FILES: list[dict[str, Any]] = [
    {"service_periods": [hours("18:00", "01:00", "03:00")], "tables": TABLES},
    # 00:30 belongs to the day that begins, no longer to the night before.
    {
        "service_periods": [hours("00:00", "01:00", "03:00"), hours("18:00", "21:30", "23:30")],
        "tables": TABLES,
    },
    {
        "service_periods": [hours("18:00", "01:00", "03:00")],
        "tables": TABLES[1:],
        "combinations": [],
    },
    {
        "service_periods": [hours("18:00", "01:00", "03:00")],
        "tables": TABLES,
        "restaurant": {"timezone": "Asia/Kolkata"},
    },
    {
        "service_periods": [hours("18:00", "01:00", "03:00")],
        "tables": TABLES,
        "special_days": [{"date": SATURDAY.isoformat(), "service_periods": [GALA]}],
    },
]
WISHES = st.builds(
    wish,
    st.sampled_from(["00:30", "19:00", "19:30", "20:30", "21:00"]),
    st.integers(1, 5),
    st.sampled_from([FRIDAY, FRIDAY, SATURDAY]),
    until=st.sampled_from([None, None, "21:00"]),
    features=st.sampled_from([(), (), ("terrace",), ("quiet",), ("outdoor", "terrace")]),
)
ACTORS = st.sampled_from(["guest", "guest", "staff:Ada"])
NAMES = st.sampled_from(["T1", "T2", "T3", "T4"])
ADA = "staff:Ada"
DAYS = st.sampled_from([FRIDAY, FRIDAY, SATURDAY])
PICKS = st.integers(0, 20)
#: The reservations of a run, by id.
MADE: Bundle[int] = Bundle("made")
