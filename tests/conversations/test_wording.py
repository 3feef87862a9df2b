"""Wordings: the same sentences in every language, each within two segments of a text message."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import yaml
from dialogues import DRAFTS, EVENTS, event
from restaurants import venue_data

from booking.errors import Reason
from booking.venue import Venue
from booking.venue_file import VenueFile
from conversations import gsm, language, moves
from conversations.actions import Say
from conversations.dialogue import TRANSITIONS, advance
from conversations.draft import Choice, Draft, Step
from conversations.moves import Event, Visit
from conversations.questions import facts, house
from conversations.reading import Topic
from conversations.wording import (
    LONGEST_NAME,
    LONGEST_REQUEST,
    Capability,
    Line,
    compose,
    load_wording,
)

LANGUAGES = language.available()
SMS = Capability(max_length=306, max_segments=2)
#: What the staff are told of besides.
STAND: dict[str, Any] = {
    "parties": 120,
    "covers": 360,
    "count": 100,
    "since": "Wed 16 Sep 20:45",
    "visits": 100,
    "no_shows": 10,
    "cancelled": 10,
    "late": 10,
    "language": "Italian",
    "where": "+393331234567",
    "command": "noshow",
    "venues": "antica-trattoria, trattoria-aurora",
    "times": "18:00, 18:15, 18:30",
    "spans": [(dt.time(18), dt.time(22, 30))],
    "last_date": dt.date(2026, 9, 30),
    "min_notice_minutes": 120,
    "minutes": 15,
    "max_party_size": 12,
    "pacing_covers": 24,
    "undo": 5,
    "pacing_parties": 12,
    "period_covers": 240,
    "period_parties": 120,
}
#: A venue whose name and address are as long as they get.
LONG = {"name": "Antica Trattoria della Stazione Vecchia", "address": "Piazza della Repubblica 123"}


@cache
def venue() -> Venue:
    data = venue_data(restaurant=LONG)
    return VenueFile.model_validate(data).build(1, "", {f"T{n}": n for n in range(1, 5)})


def sentences(code: str) -> dict[str, str]:
    """All sentences of a language by their place in its file."""

    def walk(found: Any, path: str) -> Iterator[tuple[str, str]]:
        for key, value in found.items():
            place = f"{path}.{key}" if path else str(key)
            if isinstance(value, dict):
                yield from walk(value, place)
            else:
                yield place, str(value)

    return dict(walk(load_wording(code).data, ""))


def placeholders(sentence: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", sentence))


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_has_the_same_sentences_with_the_same_placeholders(code: str) -> None:
    ours, english = sentences(code), sentences("en")

    assert set(ours) == set(english)
    different = [key for key in ours if placeholders(ours[key]) != placeholders(english[key])]
    assert different == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_carrier_is_given_its_own_words(code: str) -> None:
    words = re.compile(r"\b(STOP|CANCEL|END|QUIT|YES|UNSUBSCRIBE|REVOKE|OPTOUT|HELP|START)\b")

    asking = {key for key, text in sentences(code).items() if words.search(text)}
    assert asking == {"say.opt_out"}  # whose very point it is


def longest_day(code: str) -> dt.date:
    """The date of the coming year that is longest to write."""
    wording = load_wording(code)
    days = (dt.date(2026, 12, 1) + dt.timedelta(days=n) for n in range(366))
    return max(days, key=lambda day: len(wording.date(day)))


def longest_values(code: str) -> dict[str, Any]:
    day, at = longest_day(code), dt.time(20, 45)
    visit = Visit(
        id=7,
        code="K7F2",
        party_size=12,
        date=day,
        time=at,
        until=at,
        request="x" * LONGEST_REQUEST * 2,
    )
    options = tuple(Choice(date=day + dt.timedelta(days=n), time=at) for n in (0, 7, 14))
    return {
        "visit": visit,
        "visits": (visit,),
        "held": visit,
        "second": visit,
        "name": "n" * LONGEST_NAME * 2,
        "request": "x" * LONGEST_REQUEST * 2,
        "options": options,
        "fields": {
            "date": day,
            "last_date": day,
            "spans": ((at, at), (at, at)),
            "minutes": 15,
            "times": (at, at, at),
            "max_party_size": 12,
            "max_open_reservations": 10,
        },
    }


def replies(code: str) -> Iterator[tuple[str, list[Line]]]:
    """Every reply the dialogue can give, with the longest values, by what it answers."""
    values = longest_values(code)
    wording = load_wording(code)
    slots = {"party_size": 12, "date": longest_day(code), "time": dt.time(20, 45)}
    for step, draft in DRAFTS.items():
        options = {"options": values["options"]} if draft.options else {}
        for name, happening in _happenings(step, values):
            whole = draft.is_complete or isinstance(happening, moves.Offered | moves.Refused)
            _, done = advance(
                draft.model_copy(update={**(slots if whole else {}), **options}), happening
            )
            yield (
                f"{step} {name}",
                [
                    Line(wording.say(f"say.{a.key}", a.values, venue()), a.spare)
                    for a in done
                    if isinstance(a, Say)
                ],
            )


def _happenings(step: Step, values: dict[str, Any]) -> Iterator[tuple[str, Event]]:
    for kind in set(EVENTS) & set(TRANSITIONS[step]):
        if kind in {moves.Offered, moves.Refused}:
            # The approval and the second visit are events of their own.
            for reason in set(Reason) - {Reason.NEEDS_APPROVAL, Reason.SECOND_VISIT}:
                yield f"{kind.__name__} {reason}", event(kind, **values, reason=reason)
        elif kind is moves.Asks:
            for topic in Topic:
                yield f"{kind.__name__} {topic}", event(kind, **values, topic=topic)
        else:
            yield kind.__name__, event(kind, **values)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_reply_fits_into_two_segments_with_the_longest_values(code: str) -> None:
    first = load_wording(code).say("say.opt_out", {})
    long = {}
    for name, lines in replies(code):
        needed = "\n".join([*(line.text for line in lines if not line.spare), first])
        if gsm.segments(gsm.fold(needed)) > 2:
            long[name] = (gsm.segments(gsm.fold(needed)), needed)

    assert long == {}


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("key", ["booked", "requested"])
def test_a_confirmation_gives_up_what_matters_least_and_never_code_date_or_time(
    code: str, key: str
) -> None:
    values, wording = longest_values(code), load_wording(code)
    said = wording.say(f"say.{key}", facts(values["visit"]), venue())
    more = [Line(wording.say(f"say.{s.key}", {}, venue()), s.spare) for s in house()]
    kept = []
    for length in range(0, SMS.max_length - len(said), 10):
        rest = "x" * length
        text = compose([said, *more, rest], SMS)
        assert gsm.segments(text) <= 2
        assert gsm.fold(said) in text
        assert text.endswith(rest)
        kept.append([line.spare for line in more if gsm.fold(line.text) in text])

    assert all(spares == [3, 2, 1][-len(spares) :] for spares in kept if spares)
    assert kept[0] != kept[-1]


def test_where_there_is_room_nothing_is_left_out_and_the_request_stands_in_a_line() -> None:
    wording, roomy = load_wording("en"), Capability(max_length=4096)
    said = wording.say("say.booked", facts(longest_values("en")["visit"]), venue(), roomy=True)
    more = [wording.say(f"say.{s.key}", {}, venue(), roomy=True) for s in house()]
    lines = compose([said, *more], roomy).splitlines()

    assert lines[0] == "Booked at Antica Trattoria della Stazione Vecchia"
    assert lines[2] == f"Noted: {'x' * LONGEST_REQUEST * 2}"
    assert lines[3] == "Your code is K7F2"
    assert LONG["address"] in lines
    assert "+390212345678" in lines


def test_a_house_without_address_says_nothing_of_it() -> None:
    wording = load_wording("en")
    bare = replace(venue(), address=None, phone=None)
    texts = [
        Line(wording.say(f"say.{s.key}", {}, bare, roomy=roomy), s.spare)
        for roomy in (True, False)
        for s in house()
    ]

    assert compose(texts, Capability(max_length=4096)).strip() == (
        "To change or cancel it, just write to me here.\nTo change anything, just write to me."
    )


def test_a_name_of_a_house_that_is_too_long_is_cut_by_sms() -> None:
    endless = replace(venue(), name="Trattoria " * 20)

    assert len(load_wording("en").say("say.signature", {}, endless)) == LONGEST_NAME


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_notice_and_alert_fits_into_two_segments(code: str) -> None:
    wording, values = load_wording(code), longest_values(code)
    visit = values["visit"]
    values = {
        **{name: getattr(visit, name) for name in ("party_size", "date", "time", "request")},
        "code": visit.code,
        "until": visit.until,
        "who": "n" * LONGEST_NAME,
        "old": {"party_size": 12, "date": visit.date, "time": visit.time},
        "guest": f"{'n' * LONGEST_NAME} (+447700900101)",
        "tables": "T11+T12",
        "text": "t" * 60,
        "number": "1234567",
        "idle": 2,
        "most": 280,
        "tries": 5,
        "valid": 24,
        "state": "requested",
        **STAND,
    }
    long = {}
    for section in ("notice", "alert", "staff", "card", "rule", "copy", "relay", "invite"):
        for key in wording.data[section].keys() - {"help"}:  # by SMS it is help_short
            text = wording.say(f"{section}.{key}", values, venue())
            if gsm.segments(gsm.fold(text)) > 2:
                long[f"{section}.{key}"] = text

    assert long == {}


def test_what_is_too_long_all_the_same_is_cut() -> None:
    text = compose(["«\u201cx" * 400, "€" * 300], SMS)

    assert gsm.segments(text) <= 2
    assert text.endswith("...")


def test_a_name_that_no_phone_can_show_is_left_out() -> None:
    text = compose(["Thank you, \u5f20\u4f1f."], SMS)

    assert text == "Thank you, ."


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "4 people, Saturday 21 November, 20:00"),
        ("fr", "4 personnes, samedi 21 novembre, 20:00"),
        ("it", "4 persone, sabato 21 novembre, 20:00"),
        ("pt", "4 pessoas, s\u00e1bado 21 de novembro, 20:00"),
        ("nl", "4 personen, zaterdag 21 november, 20:00"),
        ("es", "4 personas, s\u00e1bado 21 de noviembre, 20:00"),
        ("de", "4 Personen, Samstag, 21. November, 20:00"),
    ],
)
def test_a_summary_tells_weekday_date_time_and_size(code: str, text: str) -> None:
    values = {"party_size": 4, "date": dt.date(2026, 11, 21), "time": dt.time(20)}

    assert load_wording(code).summary(values) == text


def test_one_is_one_person() -> None:
    assert load_wording("en").party(1) == "1 person"
    assert load_wording("fr").party(1) == "1 personne"
    assert load_wording("it").party(1) == "1 persona"
    assert load_wording("pt").party(1) == "1 pessoa"
    assert load_wording("nl").party(1) == "1 persoon"
    assert load_wording("es").party(1) == "1 persona"
    assert load_wording("de").party(1) == "1 Person"


def test_dates_are_shown_with_alternatives_only_where_they_differ() -> None:
    day, wording = dt.date(2026, 11, 21), load_wording("en")
    same = [Choice(date=day, time=dt.time(hour)) for hour in (19, 20)]
    other = [same[0], Choice(date=day + dt.timedelta(days=1), time=dt.time(20))]

    assert wording.option_labels(same) == ["19:00", "20:00"]
    assert wording.option_labels(other) == ["Sat 21 Nov 19:00", "Sun 22 Nov 20:00"]


def test_hours_are_told_by_runs_of_days() -> None:
    assert load_wording("en").hours(venue().periods) == "Tue-Sun 18:00-22:00"


def test_a_wording_is_plain_yaml_without_repeated_keys() -> None:
    class Strict(yaml.SafeLoader):
        pass

    def no_doubles(loader: Strict, node: yaml.MappingNode) -> dict[Any, Any]:
        keys = [loader.construct_object(key) for key, _ in node.value]
        assert len(keys) == len(set(keys)), keys
        return dict(loader.construct_pairs(node))

    Strict.add_constructor("tag:yaml.org,2002:map", no_doubles)
    for code in LANGUAGES:
        for file in ("wording", "reading"):
            path = f"src/conversations/languages/{code}/{file}.yaml"
            with open(path, encoding="utf-8") as found:  # noqa: PTH123
                yaml.load(found, Loader=Strict)  # noqa: S506 (a safe loader)


def test_an_empty_draft_has_no_question() -> None:
    assert advance(Draft(), moves.Greets())[1] == [Say("greeting")]
