"""Whatever anybody writes: an answer, in bounded time, with dates that can be booked."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sentences import sentences

from conversations.chart import MAX_EDGES, MAX_SPAN
from conversations.language import available, load
from conversations.lexer import MAX_TOKENS, composed, tokens
from conversations.parsers.dates import NEVER
from conversations.reading import Asked, Context, Known, Option, Reading
from conversations.understanding import parsed, understand

LONGEST = 4000
# wall times at the venue have no zone
NEW_YEAR = datetime(2026, 1, 1)  # noqa: DTZ001
NOW = datetime(2026, 5, 13, 10)  # noqa: DTZ001
FIRST, LAST = datetime(2023, 12, 25, 9), datetime(2034, 12, 31)  # noqa: DTZ001
HORIZON = timedelta(days=400)

#: building blocks that rules like, so that odd combinations of them come up
PIECES = sorted(
    {word for code in available() for s in sentences(code)[:200] for word in s.text.split()}
)
TEXTS = st.one_of(
    st.text(max_size=LONGEST),
    st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join),
    st.text(alphabet="0123456789:./-+ ,apm", max_size=300),
)
MOMENTS = st.datetimes(min_value=FIRST, max_value=LAST)
TIMES = st.times().map(lambda t: t.replace(second=0, microsecond=0))
CONTEXTS = st.builds(
    Context,
    now=MOMENTS,
    language=st.sampled_from([None, *available()]),
    hours=st.lists(st.tuples(TIMES, TIMES), max_size=2).map(tuple),
    asked=st.sampled_from([None, *Asked]),
    options=st.lists(st.builds(Option, time=TIMES), max_size=4).map(tuple),
    draft=st.builds(
        Known,
        party_size=st.none() | st.integers(1, 20),
        date=st.none() | MOMENTS.map(datetime.date),
        time=st.none() | TIMES,
    ),
)


def dates(reading: Reading) -> list[object]:
    spans = reading.days or ()
    return [d for d in (reading.date, *spans) if d is not None]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS, context=CONTEXTS)
@example(text="in 9999 years or 400 months from tomorrow", context=Context(now=NEW_YEAR))
@example(text="31/12/9999 0000-00-00 99/99 24:60 25h61", context=Context(now=NEW_YEAR))
@example(text="²³ ½ ٣ \u0000 \ud800", context=Context(now=NEW_YEAR))
def test_any_text_is_read_and_no_date_is_past_or_too_far(text: str, context: Context) -> None:
    reading = understand(text, context)

    today = context.now.date()
    assert all(today <= found <= today + HORIZON for found in dates(reading))  # type: ignore[operator]
    assert reading.language in available()


@pytest.mark.parametrize("code", available())
@pytest.mark.parametrize(
    "piece",
    [
        "1 ",
        "me and ",
        "my wife, ",
        "7-",
        "at 7 to ",
        "twice half past ",
        "(",
        "\u0301",
        "a",
        "io e ",
    ],
)
def test_a_text_of_one_piece_over_and_over_finds_a_bounded_number_of_things(
    code: str, piece: str
) -> None:
    text = (piece * LONGEST)[:LONGEST]

    trace = parsed(text, Context(now=NOW, language=code))

    assert len(trace.message.tokens) <= MAX_TOKENS + 1
    assert len(trace.matches) <= MAX_TOKENS * MAX_EDGES
    assert all(match.end - match.start <= MAX_SPAN for match in trace.matches)


@pytest.mark.parametrize("code", available())
def test_a_weekday_is_always_one_of_the_next_seven_days(code: str) -> None:
    words = {
        "de": "Freitag",
        "en": "friday",
        "es": "viernes",
        "fr": "vendredi",
        "it": "venerdì",
        "nl": "vrijdag",
        "pt": "sexta",
    }[code]

    for day in range(800):
        now = FIRST + timedelta(days=day)
        found = understand(words, Context(now=now, language=code)).date
        assert found is not None
        assert found.weekday() == 4
        assert timedelta() <= found - now.date() < timedelta(days=7)


def test_the_day_of_a_month_is_never_past_and_never_another_day() -> None:
    for day in range(800):
        now = FIRST + timedelta(days=day)
        for number in (1, 15, 29, 30, 31):
            found = understand(f"on the {number}", Context(now=now, language="en")).date
            assert found is not None
            assert found.day == number
            assert now.date() <= found <= now.date() + timedelta(days=62)


def test_a_date_that_does_not_exist_takes_its_digits_and_gives_nothing() -> None:
    reading = understand("30 february for 4", Context(now=NEW_YEAR, language="en"))

    assert reading.date is None
    assert reading.party_size == 4
    assert NEVER.year == 1


def test_the_language_files_are_cut_by_the_same_lexer_as_messages() -> None:
    for code in available():
        entries = load(code).lexicon.entries
        recut = {w: tokens(composed(w), load(code).style) for w in entries if w.isalpha()}
        assert all([t.text for t in cut] == [word] for word, cut in recut.items())
