"""Venue files: every key takes effect, every mistake is told with file, key and reason."""

from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from restaurants import AURORA

from booking.errors import BadVenueFile
from booking.floor import KeptFor, Table, TableCombination
from booking.service_periods import Pacing, ServicePeriod, Turn
from booking.venue import Closure, Policy, SpecialDay, StaffMember, Venue
from booking.venue_file import read_venue_file

SPOKEN = ("en", "it")

EVERY_KEY = """
[restaurant]
slug = "all-keys-2"
name = "Zum Ölberg"
timezone = "Europe/Vienna"
languages = ["it", "en"]
phone = "+4315121234"
currency = "CHF"
address = "Am Hof 1, Wien"

[policy]
hold_minutes = 7
booking_window_days = 61
min_notice_minutes = 31
cancel_cutoff_minutes = 121
max_party_size = 13
approval_party_size = 10
approval_minutes = 600
max_open_reservations = 3
opening_minutes = 20
buffer_minutes = 10
small_party_percent = 25
small_party_hours = 24
reminder_minutes = [1441, 60]
reminder_hours = "10:00-19:30"

[[service_periods]]
name = "late"
days = ["fri", "sat"]
first_seating = "19:00"
last_seating = "00:30"
closes = "02:00"
slot_minutes = 30
pacing_covers = 20
pacing_parties = 5
period_covers = 80
period_parties = 30
turn_minutes = [{ up_to = 2, minutes = 80 }, { minutes = 110 }]

[[service_periods]]
name = "two sittings"
days = ["sun"]
seatings = ["18:30", "21:00", "00:15"]
closes = "02:00"
turn_minutes = [{ minutes = 120 }]

[[tables]]
name = "T1"
min_covers = 1
max_covers = 3
section = "window"
attributes = ["accessible", "quiet"]
[[tables]]
name = "T2"
max_covers = 4
kept_for = "walk_ins"

[[special_days]]
date = "2026-12-31"
name = "New Year's Eve"
[[special_days.service_periods]]
name = "gala"
seatings = ["20:00"]
closes = "03:00"
turn_minutes = [{ minutes = 360 }]

[[combinations]]
tables = ["T1", "T2"]
min_covers = 5
max_covers = 7

[[closures]]
date = "2026-12-25"
reason = "Christmas Day"
[[closures]]
date = 2026-12-26
[[closures]]
date = "2027-01-01"
begins = "20:00"
ends = "22:30"
reason = "a wedding"
[[closures]]
date = "2027-01-01"
section = "window"
begins = "00:15"
[[closures]]
date = "2027-01-02"
tables = ["T2"]

[[staff]]
name = "Front of house"
telegram_chat_id = -1001234567890
[[staff]]
name = "Manager"
phone = "+436641234567"

[channels]
sms = "+4367612345678"
"""


def read(folder: Path, text: str) -> Venue:
    path = folder / "venue.toml"
    path.write_text(text, encoding="utf-8")
    venue_file, _ = read_venue_file(path, languages=SPOKEN)
    numbers = {entry.name: number for number, entry in enumerate(venue_file.tables, 1)}
    return venue_file.build(1, "first", numbers)


def test_every_key_of_the_contract_reaches_the_venue(tmp_path: Path) -> None:
    venue = read(tmp_path, EVERY_KEY)

    assert (venue.slug, venue.name, venue.zone) == (
        "all-keys-2",
        "Zum Ölberg",
        ZoneInfo("Europe/Vienna"),
    )
    assert (venue.languages, venue.phone, venue.currency, venue.address, venue.sms_number) == (
        ("it", "en"),
        "+4315121234",
        "CHF",
        "Am Hof 1, Wien",
        "+4367612345678",
    )
    assert venue.policy == Policy(
        hold_minutes=7,
        booking_window_days=61,
        min_notice_minutes=31,
        cancel_cutoff_minutes=121,
        max_party_size=13,
        approval_party_size=10,
        approval_minutes=600,
        max_open_reservations=3,
        opening_minutes=20,
        buffer_minutes=10,
        small_party_percent=25,
        small_party_hours=24,
        reminder_minutes=(1441, 60),
        reminder_hours=(time(10), time(19, 30)),
    )
    assert venue.periods == (
        ServicePeriod(
            name="late",
            days=frozenset({4, 5}),
            first_seating=19 * 60,
            last_seating=24 * 60 + 30,
            closes=26 * 60,
            slot_minutes=30,
            pacing=Pacing(covers=20, parties=5),
            pacing_in_all=Pacing(covers=80, parties=30),
            turns=(Turn(2, 80), Turn(None, 110)),
        ),
        ServicePeriod(
            name="two sittings",
            days=frozenset({6}),
            first_seating=18 * 60 + 30,
            last_seating=24 * 60 + 15,
            closes=26 * 60,
            slot_minutes=15,
            seatings=(18 * 60 + 30, 21 * 60, 24 * 60 + 15),
            turns=(Turn(None, 120),),
        ),
    )
    gala = ServicePeriod(
        name="gala",
        days=frozenset(),
        first_seating=20 * 60,
        last_seating=20 * 60,
        closes=27 * 60,
        slot_minutes=15,
        seatings=(20 * 60,),
        turns=(Turn(None, 360),),
    )
    eve = SpecialDay(name="New Year's Eve", periods=(gala,))
    assert venue.special_days == {date(2026, 12, 31): eve}
    assert venue.floor.tables == (
        Table(
            id=1,
            name="T1",
            min_covers=1,
            max_covers=3,
            section="window",
            attributes=frozenset({"accessible", "quiet"}),
        ),
        Table(id=2, name="T2", min_covers=1, max_covers=4, kept_for=KeptFor.WALK_INS),
    )
    assert venue.floor.combinations == (
        TableCombination(table_ids=(1, 2), min_covers=5, max_covers=7),
    )
    assert venue.closures == {date(2026, 12, 25): "Christmas Day", date(2026, 12, 26): None}
    assert venue.partial_closures == {
        date(2027, 1, 1): (
            Closure(begin=20 * 60, end=22 * 60 + 30, table_ids=(1, 2), reason="a wedding"),
            Closure(begin=24 * 60 + 15, end=26 * 60, table_ids=(1,), reason=None),
        ),
        date(2027, 1, 2): (Closure(begin=19 * 60, end=26 * 60, table_ids=(2,), reason=None),),
    }
    assert venue.staff == (
        StaffMember(name="Front of house", telegram_chat_id=-1001234567890),
        StaffMember(name="Manager", phone="+436641234567"),
    )


def test_a_policy_that_is_left_out_has_the_defaults_of_the_contract(tmp_path: Path) -> None:
    venue = read(tmp_path, AURORA)

    assert venue.policy == Policy()
    assert venue.periods[0].pacing == venue.periods[0].pacing_in_all == Pacing()


#: (what stands in the file, what to put there, the key that is blamed, part of the reason)
MISTAKES = [
    ("[restaurant]", "colour = 1\n[restaurant]", "colour", "unknown key"),
    ("[restaurant]", "[restaurant]\ncolour = 1", "restaurant.colour", "unknown key"),
    ("slot_minutes = 15", "slot = 15", "service_periods[1].slot", "unknown key"),
    ("{ minutes = 120 }", "{ minutes = 9, x = 1 }", "service_periods[1].turn_minutes[3].x", "unkn"),
    ("min_covers = 2", "mincovers = 2", "tables[3].mincovers", "unknown key"),
    ('tables = ["T1", "T2"]', 'tables = ["T1", "T2"]\nx = 1', "combinations[1].x", "unknown key"),
    ("[[staff]]", "[[closures]]\ndate = 2026-12-25\nx = 1\n[[staff]]", "closures[1].x", "unknown"),
    ("telegram_chat_id", "chat = 1\ntelegram_chat_id", "staff[1].chat", "unknown key"),
    ("[[staff]]", "[channels]\nfax = 1\n[[staff]]", "channels.fax", "unknown key"),
    ('slug = "aurora"', "", "restaurant.slug", "is missing"),
    ("max_covers = 12", "", "tables[4].max_covers", "is missing"),
    ('slug = "aurora"', 'slug = "Aurora!"', "restaurant.slug", "may have a-z, 0-9 and -"),
    ('slug = "aurora"', 'slug = "aurora-"', "restaurant.slug", "may have a-z, 0-9 and -"),
    ('slug = "aurora"', f'slug = "{"a" * 41}"', "restaurant.slug", "at most 40"),
    ('name = "Trattoria Aurora"', "name = 7", "restaurant.name", "must be a text in quotes"),
    ('name = "Trattoria Aurora"', 'name = " "', "restaurant.name", "not empty"),
    ('name = "T4"', 'name = "T\\n4"', "tables[4].name", "one line"),
    ('name = "T4"', 'name = "T\\u0000"', "tables[4].name", "one line"),
    ('name = "T4"', f'name = "{"x" * 121}"', "tables[4].name", "at most 120 characters"),
    ("max_covers = 12", 'max_covers = "12"', "tables[4].max_covers", "must be a whole number"),
    ("max_covers = 12", "max_covers = 12.0", "tables[4].max_covers", "must be a whole number"),
    ("max_covers = 12", "max_covers = true", "tables[4].max_covers", "must be a whole number"),
    ("max_covers = 12", "max_covers = 0", "tables[4].max_covers", "must be at least 1"),
    ("max_covers = 12", f"max_covers = {10**30}", "tables[4].max_covers", "must be at most 1000"),
    ("[restaurant]", "policy = 3\n[restaurant]", "policy", "must be a section"),
    ("[restaurant]", "closures = 3\n[restaurant]", "closures", "must be a list"),
    ("[restaurant]", "closures = [3]\n[restaurant]", "closures[1]", "must be a section"),
    ('timezone = "Europe/Rome"', 'timezone = "Rome"', "restaurant.timezone", "no IANA time zone"),
    ('timezone = "Europe/Rome"', 'timezone = "../x"', "restaurant.timezone", "no IANA time zone"),
    ('timezone = "Europe/Rome"', 'timezone = ""', "restaurant.timezone", "no IANA time zone"),
    ('["en", "it"]', '["en", "tlh"]', "restaurant.languages", "'tlh' is not spoken"),
    ('["en", "it"]', "[]", "restaurant.languages", "must list at least 1"),
    ('["en", "it"]', '"en"', "restaurant.languages", "must be a list"),
    ('"+390212345678"', '"0212345678"', "restaurant.phone", "E.164"),
    ('"+390212345678"', '"+39 02 1234 5678"', "restaurant.phone", "E.164"),
    ('"+390212345678"', '"+391"', "restaurant.phone", "E.164"),
    ('"+390212345678"', '"+999123456789"', "restaurant.phone", "E.164"),
    ('"EUR"', '"euro"', "restaurant.currency", "three capital letters"),
    ('"18:00"', '"18.00"', "service_periods[1].first_seating", "HH:MM"),
    ('"18:00"', '"25:00"', "service_periods[1].first_seating", "HH:MM"),
    ('"18:00"', "18:00:00", "service_periods[1].first_seating", "HH:MM"),
    ('"00:30"', '"21:00"', "service_periods[1].closes", "before the last seating"),
    (
        'last_seating = "22:00"\ncloses = "00:30"',
        'last_seating = "17:00"\ncloses = "17:30"',
        "service_periods[1].last_seating",
        "17:00 lies before first_seating 18:00, so it would be the next day, and with its turn",
    ),
    (
        'last_seating = "22:00"\ncloses = "00:30"',
        'last_seating = "15:00"\ncloses = "19:00"',
        "service_periods[1].closes",
        "lies before the last seating, 15:00 of the next day",
    ),
    ('"tue"', '"tuesday"', "service_periods[1].days[1]", "mon, tue"),
    ("slot_minutes = 15", "slot_minutes = 0", "service_periods[1].slot_minutes", "5"),
    ("up_to = 4", "up_to = 2", "service_periods[1]", "up_to must rise"),
    ("{ minutes = 120 }", "{ up_to = 1, minutes = 1 }", "service_periods[1]", "up_to must rise"),
    ("up_to = 2, minutes", "minutes", "service_periods[1]", "up_to must rise"),
    ("{ minutes = 120 }", "{ minutes = 0 }", "service_periods[1].turn_minutes[3].minutes", "0"),
    ("{ minutes = 120 }", "{ minutes = 1440 }", "service_periods[1].last_seating", "runs into"),
    ('name = "T4"', 'name = "T3"', "tables[4].name", "'T3' is there twice"),
    ("min_covers = 5", "min_covers = 13", "tables[4].min_covers", "larger than max_covers"),
    ("min_covers = 3", "min_covers = 5", "combinations[1].min_covers", "larger than max_covers"),
    ('["T1", "T2"]', '["T1", "T9"]', "combinations[1].tables", "there is no table 'T9'"),
    ('["T1", "T2"]', '["T1", "T1"]', "combinations[1].tables", "names a table twice"),
    ('["T1", "T2"]', '["T1"]', "combinations[1].tables", "must list at least 2"),
    ("[[staff]]", '[[closures]]\ndate = "25/12"\n[[staff]]', "closures[1].date", "YYYY-MM-DD"),
    ("[[staff]]", "[[closures]]\ndate = 2026-12-25T10:00:00\n[[staff]]", "closures[1].date", "YY"),
    ("telegram_chat_id = -1001234567890", "", "staff[1]", "telegram_chat_id or phone"),
    ("telegram_chat_id = -1001234567890", 'phone = "1"', "staff[1].phone", "E.164"),
    ('first_seating = "18:00"', "", "service_periods[1]", "first_seating: is missing"),
    ("slot_minutes = 15", 'seatings = ["18:30"]', "service_periods[1]", "seatings: without first"),
    ("slot_minutes = 15", "pacing_parties = 0", "service_periods[1].pacing_parties", "more than 0"),
    ("max_covers = 12", 'max_covers = 12\nkept_for = "me"', "tables[4].kept_for", "'walk_ins' or"),
    ("max_covers = 12", 'max_covers = 12\nattributes = ["x"]', "tables[4].attributes[1]", "'high'"),
    ("[[staff]]", "[[staff", "file", "not valid TOML"),
    ("max_covers = 12", f"max_covers = {'9' * 5000}", "file", "too large"),
    ("max_covers = 12", f"max_covers = {'[' * 5000}", "file", "too large"),
]
POLICY_MISTAKES = [
    ("hold = 1", "hold", "unknown key"),
    ("hold_minutes = 0", "hold_minutes", "must be at least 1"),
    (f"min_notice_minutes = {10**15}", "min_notice_minutes", "must be at most 576000"),
    ("cancel_cutoff_minutes = -1", "cancel_cutoff_minutes", "must be at least 0"),
    ("booking_window_days = 401", "booking_window_days", "must be at most 400"),
    ("max_party_size = 0", "max_party_size", "must be at least 1"),
    ('approval_party_size = "9"', "approval_party_size", "must be a whole number"),
    ("reminder_minutes = [0]", "reminder_minutes[1]", "must be more than 0"),
    ('reminder_hours = "9-20"', "reminder_hours", "HH:MM"),
    ('reminder_hours = "09:00"', "reminder_hours", "HH:MM-HH:MM"),
    ('reminder_hours = "20:00-09:00"', "reminder_hours", "ends after it begins"),
]
CALENDAR_MISTAKES = [
    ('closures]]\ndate = 2026-12-25\nsection = "x"', "closures[1].section", "no section 'x'"),
    ('closures]]\ndate = 2026-12-25\ntables = ["T9"]', "closures[1].tables", "no table 'T9'"),
    ("closures]]\ndate = 2026-12-25\ntables = []", "closures[1].tables", "at least 1"),
    ('closures]]\ndate = 2026-12-25\nbegins = "8"', "closures[1].begins", "HH:MM"),
    ("special_days]]\ndate = 2026-12-31", "special_days[1].service_periods", "is missing"),
]
SITTING = """special_days]]
date = {day}
[[special_days.service_periods]]
name = "gala"
seatings = {seatings}
closes = "03:00"
turn_minutes = [{{ minutes = {minutes} }}]
"""
SITTINGS = [
    ([], 120, "special_days[1].service_periods[1]", "seatings: must list at least 1"),
    (["20:00", "20:00"], 120, "special_days[1].service_periods[1]", "seatings: must rise"),
    (["20:00"], 1440, "special_days[1].service_periods", "runs into a later date"),
]
CALENDAR_MISTAKES += [
    (SITTING.format(day="2026-12-31", seatings=times, minutes=minutes), key, reason)
    for times, minutes, key, reason in SITTINGS
]
CALENDAR_MISTAKES.append(
    (
        "[[".join([SITTING.format(day="2026-12-31", seatings=["20:00"], minutes=60)] * 2),
        "special_days[2].date",
        "is there twice",
    )
)
MISTAKES += [
    ("[[staff]]", f"[[{lines}\n[[staff]]", key, reason) for lines, key, reason in CALENDAR_MISTAKES
]
MISTAKES += [
    ("[[staff]]", f"[policy]\n{line}\n[[staff]]", f"policy.{key}", reason)
    for line, key, reason in POLICY_MISTAKES
]


@pytest.mark.parametrize(("old", "new", "key", "reason"), MISTAKES)
def test_each_mistake_is_told_with_file_key_and_reason(
    tmp_path: Path, old: str, new: str, key: str, reason: str
) -> None:
    assert old in AURORA
    wrong = AURORA.replace(old, new, 1)

    with pytest.raises(BadVenueFile) as bad:
        read(tmp_path, wrong)

    assert [p.key for p in bad.value.problems] == [key]
    assert reason in bad.value.problems[0].reason
    assert str(bad.value).startswith(f"{tmp_path / 'venue.toml'}: {key}: ")


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    wrong = AURORA.replace('"+390212345678"', '"1"').replace('"18:00"', '"6 pm"')

    with pytest.raises(BadVenueFile) as bad:
        read(tmp_path, wrong)

    assert [p.key for p in bad.value.problems] == [
        "restaurant.phone",
        "service_periods[1].first_seating",
    ]


def test_a_file_that_is_not_there_or_cannot_be_read_is_told(tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes("[restaurant]\nname = 'Ölberg'".encode("latin-1"))
    for path, reason in (
        (tmp_path / "nowhere.toml", "no such file"),
        (tmp_path, "cannot be read"),
        (latin, "cannot be read"),
    ):
        with pytest.raises(BadVenueFile) as bad:
            read_venue_file(path, languages=SPOKEN)
        assert [p.key for p in bad.value.problems] == ["file"]
        assert reason in bad.value.problems[0].reason


PERIOD = """
[[service_periods]]
name = "{name}"
days = {days}
first_seating = "{first}"
last_seating = "{last}"
closes = "{closes}"
slot_minutes = 30
turn_minutes = [{{ minutes = {minutes} }}]
"""


def second(first: str, last: str, closes: str) -> str:
    return PERIOD.format(
        name="second", days=["fri"], first=first, last=last, closes=closes, minutes=60
    )


@pytest.mark.parametrize(
    ("first", "last", "closes", "accepted"),
    [
        ("22:15", "22:45", "00:00", True),  # begins after dinner's last seating
        ("22:00", "22:45", "00:00", False),  # on it
        ("12:00", "17:45", "20:00", True),
        ("12:00", "18:00", "20:00", False),
        ("12:00", "23:30", "00:30", False),  # around it
        ("19:00", "19:30", "21:00", False),  # within it
    ],
)
def test_periods_may_not_seat_at_the_same_time_on_one_date(
    tmp_path: Path, first: str, last: str, closes: str, *, accepted: bool
) -> None:
    text = AURORA + second(first, last, closes)
    if accepted:
        assert read(tmp_path, text)
        return
    with pytest.raises(BadVenueFile, match="seats at the same time as"):
        read(tmp_path, text)


def test_a_last_seating_that_was_meant_for_the_same_day_is_told_as_such(tmp_path: Path) -> None:
    lunch = second("11:30", "11:00", "11:15").replace("['fri']", '["thu", "fri"]')
    with pytest.raises(BadVenueFile) as bad:
        read(tmp_path, AURORA + lunch)

    told = {p.reason for p in bad.value.problems if p.key == "service_periods[2].last_seating"}
    why = "11:00 lies before first_seating 11:30, so it would be the next day, and "
    assert told == {
        f"{why}seats at the same time as 'dinner'",
        f"{why}with its turn time it runs into 'second' of a later date",
    }


def test_service_dates_may_touch_but_not_overlap(tmp_path: Path) -> None:
    # The last party of Thursday's dinner sits down at 22:00; Friday begins at midnight.
    touching = AURORA + second("00:00", "01:00", "02:00")
    assert read(tmp_path, touching)

    with pytest.raises(BadVenueFile, match="runs into 'second' of a later date"):
        read(tmp_path, touching.replace("{ minutes = 120 }", "{ minutes = 121 }"))


def test_a_stay_may_not_reach_the_date_after_next_either(tmp_path: Path) -> None:
    # Seated on Tuesday at 17:00, still Monday's service date, for a day: until Wednesday 17:00.
    long = PERIOD.format(
        name="long", days=["mon"], first="18:00", last="17:00", closes="18:00", minutes=1440
    )
    lunch = PERIOD.format(
        name="lunch", days=["wed"], first="12:00", last="12:30", closes="14:00", minutes=60
    )
    begin, end = AURORA.index("[[service_periods]]"), AURORA.index("[[tables]]")
    assert read(tmp_path, AURORA[:begin] + long + AURORA[end:])

    with pytest.raises(BadVenueFile, match="runs into 'lunch' of a later date"):
        read(tmp_path, AURORA[:begin] + long + lunch + AURORA[end:])


CLOCKS = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 30]))
PERIODS = st.builds(
    PERIOD.format,
    name=st.just("any"),
    days=st.lists(st.sampled_from(["mon", "tue", "wed"]), min_size=1, unique=True),
    first=CLOCKS,
    last=CLOCKS,
    closes=CLOCKS,
    minutes=st.sampled_from([30, 240, 1440]),
)


@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture])
@given(st.lists(PERIODS, min_size=1, max_size=2))
def test_in_no_accepted_file_a_stay_runs_into_another_service_date(
    tmp_path: Path, periods: list[str]
) -> None:
    begin, end = AURORA.index("[[service_periods]]"), AURORA.index("[[tables]]")
    try:
        venue = read(tmp_path, AURORA[:begin] + "".join(periods) + AURORA[end:])
    except BadVenueFile:
        reject()
    monday = date(2026, 11, 23)
    last_end = None
    for day in (monday + timedelta(days=n) for n in range(9)):
        slots = list(venue.slots_on(day))
        starts = [slot.starts_at for slot in slots]
        assert starts == sorted(set(starts))
        assert not slots or last_end is None or last_end <= starts[0]
        last_end = max((slot.ends_at(2) for slot in slots), default=last_end)
