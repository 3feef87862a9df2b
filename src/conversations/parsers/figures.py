"""Numbers that may be anything, numbers that are nothing, and picks from a list."""

from datetime import date

from conversations.grammar import Number, Phenomenon, Said
from conversations.parsers.findings import (
    Aside,
    Choice,
    Clock,
    Figure,
    New,
    Noise,
    Old,
    Party,
    Shift,
)
from conversations.reading import Context, Option

_DAYBREAK = 4 * 60
_DAY = 24 * 60


def _figure(said: Said, _context: Context) -> Figure:
    """Give a lone number; an article that can be one ("one", "una") keeps -1 digits.

    Constant `lead` is the kind of word before it: `for`, `to`, or `at`, which goes with hours and
    with companies alike ("à 20", "à huit").
    """
    number: Number = said["number"]
    return Figure(int(number), number.digits, said.get("lead", ""))


def _noise(said: Said, _context: Context) -> Noise:
    """Give words that say nothing of the booking, whatever numbers or days are in them.

    Constant `kind`: `all` is everybody, `past` a day that is over.
    """
    return Noise(said.get("kind", ""))


def _aside(said: Said, _context: Context) -> Aside:
    """Give the time of something else ("our train arrives at 6"); a number is that of the train."""
    time: Clock = said["time"]
    return Aside(time._replace(bare=False))


def _choice(said: Said, context: Context) -> Choice | None:
    """Give a pick, while there is something to pick from.

    Constant `extreme`: -1 picks the earliest, wherever it stands, and 1 the latest.
    """
    if not context.options:
        return None
    if "extreme" in said:
        moments = [_moment(option) for option in context.options]
        extreme = min(moments) if said["extreme"] < 0 else max(moments)
        return Choice(moments.index(extreme) + 1)
    place = next(int(said[key]) for key in ("place", "nth", "number") if key in said)
    return Choice(place) if 0 < abs(place) <= len(context.options) else None


def _moment(option: Option) -> tuple[date, int]:
    """Give what options are sorted by; the hours after midnight belong to the evening before."""
    minutes = option.time.hour * 60 + option.time.minute
    return option.date or date.min, (minutes - _DAYBREAK) % _DAY


def _value(said: Said, suffix: str = "") -> object:
    return next((said[n + suffix] for n in ("date", "time", "party") if n + suffix in said), None)


def _shift(said: Said, _context: Context) -> Shift:
    """Give the old value and the new one; a bare old number says nothing.

    Constant `slip`: the old one is taken back as soon as it is said.
    """
    new = _value(said, "2")
    if new is None:
        new = Party(int(said["number2"]))
    return Shift(_value(said), new, bool(said.get("slip")))


def _old(said: Said, _context: Context) -> Old:
    return Old(_value(said))


def _new(said: Said, _context: Context) -> New:
    return New(_value(said))


_ANY_VALUE = ("date", "time", "party", "number")

FIGURES = {
    "figure": Phenomenon(_figure, slots=("number",), constants=("lead",), rank=0),
    "noise": Phenomenon(
        _noise,
        slots=(
            "number",
            "count",
            "unit",
            "span",
            "nth",
            "weekday",
            "person",
            "time",
            "date",
            "holiday",
            "day_part",
            "hhmm",
        ),
        constants=("kind",),
        rank=3,
    ),
    "aside": Phenomenon(_aside, slots=("time", "number"), rank=4),
    "choice": Phenomenon(_choice, slots=("nth", "number"), constants=("place", "extreme"), rank=5),
    "shift": Phenomenon(_shift, slots=_ANY_VALUE, constants=("slip",), rank=8),
    "old": Phenomenon(_old, slots=_ANY_VALUE, rank=8),
    "new": Phenomenon(_new, slots=_ANY_VALUE, rank=5),
}
