"""What can be had: a minimal case for each reason, their order, windows, pacing, tables to keep."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from restaurants import (
    FRIDAY,
    MONDAY,
    NOON,
    SATURDAY,
    a_venue,
    period,
    rome,
    seatings,
    table,
    wish,
)

from booking.availability import Offer, Seeker, check, coming_night, nearest
from booking.errors import Reason
from booking.rules import Refusal, Wish
from booking.seating import NOBODY, Stay, occupied
from booking.venue import Venue

AURORA = a_venue()
FULL = (1, 2, 3, 4)


def stay(
    at: str, *table_ids: int, size: int = 2, minutes: int = 90, day: date = FRIDAY, number: int = 1
) -> Stay:
    begin = rome(at, day)
    return Stay(number, size, begin, begin + timedelta(minutes=minutes), table_ids)


def answer(
    wished: Wish,
    *,
    venue: Venue = AURORA,
    stays: Sequence[Stay] = (),
    now: datetime = NOON,
    keep: tuple[int, ...] = (),
) -> Offer | Refusal:
    return check(venue, stays, wished, now=now, seeker=Seeker(keep=keep))


def reason(wished: Wish, **given: Any) -> Reason:
    found = answer(wished, **given)
    assert isinstance(found, Refusal), found
    return found.reason


def offer(wished: Wish, **given: Any) -> Offer:
    found = answer(wished, **given)
    assert isinstance(found, Offer), found
    return found


def test_an_offer_names_the_tables_and_the_span_of_the_stay() -> None:
    assert offer(wish("19:00", 4)) == Offer(
        service_date=FRIDAY,
        starts_at=rome("19:00"),
        ends_at=rome("20:45"),
        party_size=4,
        table_ids=(3,),
    )


LATER_NOON = NOON.replace(hour=17, minute=40)  # 18:40 in Rome

REFUSALS: list[tuple[Wish, dict[str, Any], Reason, dict[str, Any]]] = [
    (wish(size=13), {}, Reason.TOO_LARGE, {"max_party_size": 12}),
    (wish(day=FRIDAY - timedelta(days=1)), {}, Reason.PAST, {}),
    (wish("18:30"), {"now": LATER_NOON}, Reason.PAST, {}),
    (wish("19:00"), {"now": LATER_NOON}, Reason.TOO_SOON, {"min_notice_minutes": 30}),
    (
        wish(day=FRIDAY + timedelta(days=61)),
        {},
        Reason.TOO_FAR,
        {"last_date": FRIDAY + timedelta(days=60)},
    ),
    (wish(day=MONDAY), {}, Reason.CLOSED, {"date": MONDAY, "closure": None}),
    (
        wish(),
        {"venue": a_venue(closures=[{"date": FRIDAY.isoformat(), "reason": "a wedding"}])},
        Reason.CLOSED,
        {"date": FRIDAY, "closure": "a wedding"},
    ),
    (
        wish("17:00"),
        {},
        Reason.OUTSIDE_HOURS,
        {"date": FRIDAY, "spans": ((time(18), time(22)),)},
    ),
    (wish("19:07"), {}, Reason.BETWEEN_SLOTS, {"minutes": 15}),
    (
        wish(),
        {"venue": a_venue(service_periods=[period(pacing_covers=1)])},
        Reason.PACING,
        {"pacing_covers": 1},
    ),
    (
        wish("19:00"),
        {"venue": a_venue(service_periods=[seatings("18:30", "21:00")])},
        Reason.SEATINGS,
        {"date": FRIDAY, "times": (time(18, 30), time(21))},
    ),
    (
        wish(),
        {
            "venue": a_venue(service_periods=[period(pacing_parties=1)]),
            "stays": [stay("19:00", 1)],
        },
        Reason.PACING,
        {"pacing_parties": 1},
    ),
    (
        wish(),
        {
            "venue": a_venue(service_periods=[period(period_covers=3)]),
            "stays": [stay("21:30", 1)],
        },
        Reason.PACING,
        {"period_covers": 3},
    ),
    (
        wish(),
        {
            "venue": a_venue(service_periods=[period(period_parties=1)]),
            "stays": [stay("18:00", 1)],
        },
        Reason.PACING,
        {"period_parties": 1},
    ),
    (
        wish(day=SATURDAY + timedelta(days=1)),
        {
            "venue": a_venue(policy={"small_party_percent": 0, "small_party_hours": 24}),
            "stays": [stay("19:00", n, day=SATURDAY + timedelta(days=1)) for n in (1, 2)],
        },
        Reason.SMALL_PARTIES,
        {},
    ),
    (wish(), {"stays": [stay("18:30", size=0, number=NOBODY)]}, Reason.PAUSED, {"until": time(20)}),
    (wish(), {"stays": [stay("19:00", *FULL)]}, Reason.NO_TABLE, {}),
]


@pytest.mark.parametrize(
    ("wished", "given", "why", "fields"),
    REFUSALS,
    ids=[f"{r[2]}-{n}" for n, r in enumerate(REFUSALS)],
)
def test_each_refusal_gives_its_reason_and_what_it_is_about(
    wished: Wish, given: dict[str, Any], why: Reason, fields: dict[str, Any]
) -> None:
    assert answer(wished, **given) == Refusal(reason=why, fields=fields)


def test_every_reason_that_the_look_can_give_has_its_minimal_case() -> None:
    of_a_change = {Reason.NEEDS_APPROVAL}
    of_the_guest = {Reason.TOO_MANY, Reason.SECOND_VISIT}

    assert {why for _, _, why, _ in REFUSALS} == set(Reason) - of_a_change - of_the_guest


def test_reasons_come_in_order_the_one_no_other_time_would_heal_first() -> None:
    """Each wish has all faults that come after its own."""
    paced = a_venue(
        service_periods=[period(pacing_covers=1)], closures=[{"date": SATURDAY.isoformat()}]
    )
    full = [stay("18:30", *FULL), stay("18:30", *FULL, day=SATURDAY)]
    given: dict[str, Any] = {"venue": paced, "stays": full, "now": LATER_NOON}
    far = MONDAY + timedelta(weeks=20)

    assert reason(wish("18:37", 13, far), **given) is Reason.TOO_LARGE
    assert reason(wish("18:37", 2, FRIDAY - timedelta(days=1)), **given) is Reason.PAST
    assert reason(wish("18:37", 2, far), **given) is Reason.TOO_FAR
    assert reason(wish("18:37", 2, SATURDAY), **given) is Reason.CLOSED
    assert reason(wish("18:37", 2), **given) is Reason.BETWEEN_SLOTS
    assert reason(wish("18:30", 2), **given) is Reason.PAST
    assert reason(wish("19:00", 2), **given) is Reason.TOO_SOON
    assert reason(wish("19:15", 2), **given) is Reason.PACING
    assert reason(wish("19:15", 1), **given) is Reason.NO_TABLE


def test_a_party_larger_than_any_table_hears_the_largest_that_can_be_had() -> None:
    small = a_venue(tables=[table("T1", 4), table("T2", 4, min_covers=2)], combinations=[])

    assert answer(wish(size=6), venue=small) == Refusal(
        reason=Reason.TOO_LARGE, fields={"max_party_size": 4}
    )


def test_a_party_that_no_table_is_for_is_not_called_too_large() -> None:
    for_two = a_venue(tables=[table("T1", 2, min_covers=2)], combinations=[])

    assert reason(wish(size=1), venue=for_two) is Reason.NO_TABLE


@pytest.mark.parametrize(
    ("policy", "now", "expected"),
    [
        ({"min_notice_minutes": 30}, rome("18:30"), None),
        ({"min_notice_minutes": 30}, rome("18:31"), Reason.TOO_SOON),
        ({"min_notice_minutes": 0}, rome("18:59"), None),
        ({"min_notice_minutes": 0}, rome("19:00"), Reason.PAST),
    ],
)
def test_notice_is_counted_to_the_minute(
    policy: dict[str, Any], now: datetime, expected: Reason | None
) -> None:
    found = answer(wish("19:00"), venue=a_venue(policy=policy), now=now)

    assert (found.reason if isinstance(found, Refusal) else None) == expected


def test_the_last_day_of_the_booking_window_can_still_be_had() -> None:
    near = a_venue(policy={"booking_window_days": 1})

    assert offer(wish(day=SATURDAY), venue=near)
    assert reason(wish(day=SATURDAY + timedelta(days=1)), venue=near) is Reason.TOO_FAR


def test_the_small_hours_after_the_last_day_still_belong_to_it() -> None:
    late = a_venue(
        policy={"booking_window_days": 0},
        service_periods=[period(last_seating="00:30", closes="02:00")],
    )

    assert offer(wish("00:30", day=SATURDAY), venue=late).service_date == FRIDAY


def test_between_slots_tells_the_interval_of_the_period_it_is_in() -> None:
    lunch = period(
        name="lunch",
        first_seating="12:00",
        last_seating="14:00",
        closes="16:00",
        slot_minutes=30,
    )
    both = a_venue(service_periods=[lunch, period()])

    assert answer(wish("19:07"), venue=both) == Refusal(
        reason=Reason.BETWEEN_SLOTS, fields={"minutes": 15}
    )
    assert answer(wish("13:10"), venue=both) == Refusal(
        reason=Reason.BETWEEN_SLOTS, fields={"minutes": 30}
    )


def test_pacing_counts_all_who_start_in_the_slot_and_nobody_else() -> None:
    paced = a_venue(service_periods=[period(pacing_covers=6)])
    before, within, after = (
        stay("18:45", 3, size=4, minutes=15),
        stay("19:10", 4, size=4, minutes=5),  # of older rules, off the grid
        stay("19:15", 4, size=4, minutes=15),
    )

    assert offer(wish("19:00", 2), venue=paced, stays=[before, within, after])
    assert reason(wish("19:00", 3), venue=paced, stays=[within]) is Reason.PACING
    assert offer(wish("19:00", 3), venue=paced, stays=[before])
    assert offer(wish("19:00", 3), venue=paced, stays=[after])


def test_without_a_limit_there_is_no_pacing() -> None:
    assert offer(wish("19:00", 2), stays=[stay("19:00", 4, size=100)])


def test_back_to_back_fits_and_a_minute_less_does_not() -> None:
    one_table = a_venue(tables=[table("T1")], combinations=[])

    assert offer(wish("20:30"), venue=one_table, stays=[stay("19:00", 1)])
    assert (
        reason(wish("20:30"), venue=one_table, stays=[stay("19:00", 1, minutes=91)])
        is Reason.NO_TABLE
    )


def test_a_party_that_moves_keeps_its_tables_when_they_fit() -> None:
    assert offer(wish("19:30"), keep=(2,)).table_ids == (2,)
    assert offer(wish("19:30"), keep=(2,), stays=[stay("20:00", 2)]).table_ids == (1,)
    assert offer(wish("19:30", 4), keep=(2,)).table_ids == (3,)


def test_of_a_window_the_earliest_start_that_can_be_had_is_offered() -> None:
    full_till_eight = [stay("18:30", *FULL)]

    found = offer(wish("19:00", until="21:00"), stays=full_till_eight)

    assert found.starts_at == rome("20:00")


def test_a_window_may_begin_before_the_first_seating_and_between_slots() -> None:
    assert offer(wish("17:00", until="19:00")).starts_at == rome("18:00")
    assert offer(wish("19:05", until="20:00")).starts_at == rome("19:15")


def test_a_window_without_a_start_that_can_be_had_gives_the_reason_of_its_first() -> None:
    assert reason(wish("19:00", until="19:30"), stays=[stay("18:30", *FULL)]) is Reason.NO_TABLE
    assert reason(wish("16:00", until="17:00")) is Reason.OUTSIDE_HOURS


def test_a_window_may_pass_midnight() -> None:
    late = a_venue(service_periods=[period(last_seating="01:00", closes="03:00")])
    full = [stay("22:30", *FULL)]

    found = offer(wish("23:00", until="00:30"), venue=late, stays=full)

    assert (found.starts_at, found.service_date) == (rome("00:00", SATURDAY), FRIDAY)


def test_a_window_in_the_small_hours_is_of_last_night() -> None:
    late = a_venue(service_periods=[period(last_seating="01:00", closes="03:00")])
    full = [stay("23:00", *FULL)]

    found = offer(wish("00:15", day=SATURDAY, until="01:00"), venue=late, stays=full)

    assert (found.starts_at, found.service_date) == (rome("00:30", SATURDAY), FRIDAY)


def test_tonight_at_half_past_midnight_is_the_night_to_come() -> None:
    late = a_venue(service_periods=[period(last_seating="01:00", closes="03:00")])
    said = wish("00:30", day=FRIDAY)

    assert coming_night(late, said, now=NOON) == wish("00:30", day=SATURDAY)


@pytest.mark.parametrize(
    "said",
    [
        wish("00:30", day=SATURDAY),  # still to come
        wish("05:00", day=FRIDAY),  # nobody is seated then
        wish("00:30", day=MONDAY + timedelta(days=1)),  # Mondays are closed
        wish("19:00", day=FRIDAY),
    ],
)
def test_other_times_stay_where_they_are(said: Wish) -> None:
    late = a_venue(service_periods=[period(last_seating="01:00", closes="03:00")])

    assert coming_night(late, said, now=NOON) == said


STAYS = st.builds(
    stay,
    st.sampled_from([f"{h}:{m:02}" for h in range(18, 22) for m in (0, 15, 30, 45)]),
    st.integers(1, 4),
    size=st.integers(1, 4),
    minutes=st.sampled_from([15, 90, 105, 120]),
)
CLOCKS = [f"{h}:{m:02}" for h in range(17, 23) for m in (0, 7, 15, 30, 45)]
WISHES = st.builds(
    wish,
    st.sampled_from(CLOCKS),
    st.integers(1, 13),
    st.sampled_from([FRIDAY, SATURDAY, MONDAY]),
    until=st.none() | st.sampled_from(CLOCKS),
)


@given(WISHES, st.lists(STAYS, max_size=8), st.sampled_from([None, 2, 6]))
def test_an_offer_never_overlaps_a_stay_nor_breaks_a_rule(
    wished: Wish, stays: list[Stay], pacing: int | None
) -> None:
    rules = {} if pacing is None else {"pacing_covers": pacing}
    venue = a_venue(service_periods=[period(**rules)])
    on_the_day = [s for s in stays if wished.date == FRIDAY]

    def evening_on(day: date) -> list[Stay]:
        return on_the_day if day == FRIDAY else []

    found = check(venue, evening_on(wished.date), wished, now=NOON)

    near = nearest(venue, evening_on, wished, now=NOON)
    every = [found] if isinstance(found, Offer) else near
    assert len(near) <= 3
    for given_offer in every:
        others = on_the_day if given_offer.service_date == FRIDAY else []
        assert occupied(others, given_offer.starts_at, given_offer.ends_at).isdisjoint(
            given_offer.table_ids
        )
        starting = sum(s.party_size for s in others if s.starts_at == given_offer.starts_at)
        assert pacing is None or starting + wished.party_size <= pacing
        assert given_offer.starts_at >= NOON + timedelta(minutes=30)
        assert venue.is_open_on(given_offer.service_date)
