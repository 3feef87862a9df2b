"""What the bot says: sentences of the language files with their values filled in.

Nobody else makes sentences. What a channel can carry comes as a `Capability`, never by its name.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import groupby
from typing import Any

import yaml
from babel import Locale
from babel.dates import format_date

from booking.service_periods import ServicePeriod
from booking.venue import Venue
from conversations import gsm

#: How much of a guest's own words is repeated to them; the whole stands in the book.
LONGEST_REQUEST = 60
LONGEST_ROOMY_REQUEST = 300
LONGEST_NAME = 40


@dataclass(frozen=True, kw_only=True)
class Capability:
    """What a channel can carry.

    Args:
        max_length: characters of one message.
        max_segments: GSM segments of one message; None when the channel has no segments.
        has_buttons: whether answers can be given by button.

    """

    max_length: int
    max_segments: int | None = None
    has_buttons: bool = False

    @property
    def is_roomy(self) -> bool:
        """Tell whether a message may be laid out in lines, as length costs nothing."""
        return self.max_segments is None


@dataclass(frozen=True)
class Line:
    """A sentence of a message; where room is short the highest `spare` goes first, 0 never."""

    text: str
    spare: int = 0


class Wording:
    """The sentences of one language."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.locale = Locale.parse(data["locale"])

    def say(
        self,
        key: str,
        values: Mapping[str, Any],
        venue: Venue | None = None,
        *,
        roomy: bool = False,
    ) -> str:
        """One sentence.

        Args:
            key: its place in the language file, such as `say.held` or `alert.late`.
            values: what it is about, as plain values; see `_TEXTS`.
            venue: the house that speaks.
            roomy: whether it may be laid out in lines; some sentences are then put otherwise.

        """
        if key == "say.ask":
            return str(self.data["ask"][" ".join(values["slots"])])
        section, _, name = key.partition(".")
        laid_out = self.data["roomy"][section] if roomy and section in self.data["roomy"] else {}
        template: str = laid_out.get(name) or self.data[section][name]
        text = template.format_map(_Texts(self, values, venue, roomy=roomy))
        return text[:1].upper() + text[1:]

    def date(self, day: dt.date, *, short: bool = False) -> str:
        """A date with its weekday."""
        return format_date(day, self.data["short_date" if short else "date"], locale=self.locale)

    def time(self, at: dt.time) -> str:
        """A time of day."""
        return at.strftime("%H:%M")

    def span(self, first: dt.time, last: dt.time | None) -> str:
        """A time of day, or from one to another."""
        return self.time(first) if last in {None, first} else f"{first:%H:%M}-{last:%H:%M}"

    def language(self, code: str) -> str:
        """The name of a language."""
        return str(self.locale.languages[code])

    def party(self, size: int) -> str:
        """A number of people."""
        forms = self.data["party"]
        form = forms.get(self.locale.plural_form(size), forms["other"])
        return str(form).format(n=size)

    def summary(self, values: Mapping[str, Any]) -> str:
        """How many, which day, what time: as much of it as is known."""
        known: list[tuple[str, Callable[[Any], str]]] = [
            ("party_size", self.party),
            ("date", self.date),
            ("time", lambda at: self.span(at, values.get("time_to"))),
        ]
        texts = [write(values[k]) for k, write in known if values.get(k) is not None]
        return ", ".join(texts) or "-"

    def option_labels(self, options: Sequence[Any], *, with_date: bool = False) -> list[str]:
        """Times that were offered, with their dates where these differ."""
        with_date = with_date or len({option.date for option in options}) > 1
        days = [f"{self.date(o.date, short=True)} " if with_date else "" for o in options]
        return [f"{day}{self.time(o.time)}" for day, o in zip(days, options, strict=True)]

    def hours(self, periods: Iterable[ServicePeriod]) -> str:
        """When a house seats guests."""
        return "; ".join(f"{self._days(p.days)} {_starts(p)}" for p in periods)

    def _days(self, days: Iterable[int]) -> str:
        names = self.locale.days["format"]["abbreviated"]
        runs = groupby(enumerate(sorted(days)), key=lambda pair: pair[1] - pair[0])
        spans = [[day for _, day in run] for _, run in runs]
        return ", ".join(
            names[span[0]] if len(span) == 1 else f"{names[span[0]]}-{names[span[-1]]}"
            for span in spans
        )


class _Texts(dict[str, str]):
    """The texts of placeholders, written when a sentence asks for them."""

    def __init__(
        self, wording: Wording, said: Mapping[str, Any], venue: Venue | None, *, roomy: bool
    ) -> None:
        super().__init__()
        self.wording = wording
        self.said = said
        self.venue = venue
        self.roomy = roomy

    def __missing__(self, placeholder: str) -> str:
        write = _TEXTS.get(placeholder)
        return write(self) if write else str(self.said[placeholder])


def _wish(texts: _Texts) -> str:
    request = texts.said.get("request")
    if not request:
        return ""
    template: str = texts.wording.data["roomy" if texts.roomy else "short"]["wish"]
    longest = LONGEST_ROOMY_REQUEST if texts.roomy else LONGEST_REQUEST
    return template.format(request=_cut(request, longest))


def _name_of_house(texts: _Texts) -> str:
    name = _house(texts).name
    return name if texts.roomy else _cut(name, LONGEST_NAME)


def _house(texts: _Texts) -> Venue:
    if texts.venue is None:
        raise KeyError("this sentence needs a venue")
    return texts.venue


def _labels(texts: _Texts) -> Sequence[str]:
    options = texts.said["options"]
    if all(isinstance(option, str) for option in options):
        return list(options)
    return texts.wording.option_labels(options, with_date=bool(texts.said.get("with_date")))


#: How each placeholder is written; others are the value itself.
_TEXTS: dict[str, Callable[[_Texts], str]] = {
    "venue": _name_of_house,
    "own_phone": lambda t: _house(t).phone or "",
    "own_address": lambda t: _house(t).address or "",
    "contact": lambda t: _house(t).phone or _house(t).name,
    "address": lambda t: _house(t).address or _house(t).name,
    "hours": lambda t: t.wording.hours(_house(t).periods),
    "languages": lambda t: ", ".join(map(t.wording.language, _house(t).languages)),
    "summary": lambda t: t.wording.summary(t.said),
    "old": lambda t: t.wording.summary(t.said["old"]),
    "party": lambda t: t.wording.party(t.said["party_size"]),
    "date": lambda t: t.wording.date(t.said["date"]),
    "last_date": lambda t: t.wording.date(t.said["last_date"]),
    "time": lambda t: t.wording.time(t.said["time"]),
    "until": lambda t: t.wording.time(t.said["until"]),
    "days": lambda t: " - ".join(t.wording.date(day, short=True) for day in t.said["days"]),
    "spans": lambda t: t.wording.data["between"].join(
        f"{t.wording.time(first)}-{t.wording.time(last)}" for first, last in t.said["spans"]
    ),
    "times": lambda t: _times(t.wording, t.said["times"]),
    "options": lambda t: "\n".join(
        f"{number}) {label}" for number, label in enumerate(_labels(t), 1)
    ),
    "wish": _wish,
    "request": lambda t: _cut(t.said["request"], LONGEST_REQUEST),
    "name": lambda t: _cut(t.said["name"], LONGEST_NAME),
    "state": lambda t: t.wording.data["state"][t.said["state"]],
}


def compose(sentences: Iterable[str | Line], capability: Capability) -> str:
    """One message of several sentences, within what the channel can carry.

    What can be spared is left out first; what is too long all the same is cut at its end.
    """
    lines = [each if isinstance(each, Line) else Line(each) for each in sentences]
    lines = [line for line in lines if line.text.strip()]
    if capability.max_segments is None:
        return _cut(_joined(lines), capability.max_length)
    while not _fits(text := gsm.fold(_joined(lines)), capability) and any(x.spare for x in lines):
        lines.remove(max(lines, key=lambda line: line.spare))
    text = _cut(text, capability.max_length)
    while not _fits(text, capability):
        text = _cut(text, len(text) - 1)
    return text


def _joined(lines: Iterable[Line]) -> str:
    return "\n".join(line.text for line in lines)


def _fits(text: str, capability: Capability) -> bool:
    segments = capability.max_segments
    short = len(text) <= capability.max_length
    return short and (segments is None or gsm.segments(text) <= segments)


@cache
def load_wording(language: str) -> Wording:
    """The wording of a language that the product speaks."""
    file = resources.files("conversations").joinpath("languages", language, "wording.yaml")
    return Wording(yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader))


def name_of(language: str) -> str:
    """What a language calls itself."""
    return str(load_wording(language).data["name"])


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 3].rstrip()}..."


def _times(wording: Wording, times: Sequence[dt.time] | str) -> str:
    return times if isinstance(times, str) else ", ".join(map(wording.time, times))


def _starts(period: ServicePeriod) -> str:
    """From when to when a period seats, or at which times."""
    if period.seatings:
        return ", ".join(map(_clock, period.seatings))
    return f"{_clock(period.first_seating)}-{_clock(period.last_seating)}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
