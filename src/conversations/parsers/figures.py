"""Numbers that may be anything, numbers that are nothing, and picks from a list."""

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
from conversations.reading import Context


def _figure(said: Said, _context: Context) -> Figure:
    """Give a lone number; an article that can be one ("one", "una") keeps -1 digits.

    Constant `lead` is the kind of word before it: `for`, `to`, or `at`, which goes with hours and
    with companies alike ("à 20", "à huit").
    """
    number: Number = said["number"]
    return Figure(int(number), number.digits, said.get("lead", ""))


def _noise(said: Said, _context: Context) -> Noise:
    return Noise(said.get("kind", ""))


def _aside(said: Said, _context: Context) -> Aside:
    """Give the time of something else ("our train arrives at 6")."""
    time: Clock = said["time"]
    return Aside(time._replace(bare=False))


def _choice(said: Said, context: Context) -> Choice | None:
    """Give a pick, while there is something to pick from."""
    place = next(int(said[key]) for key in ("place", "nth", "number") if key in said)
    return Choice(place) if context.options and place <= len(context.options) else None


def _value(said: Said, suffix: str = "") -> object:
    return next((said[n + suffix] for n in ("date", "time", "party") if n + suffix in said), None)


def _shift(said: Said, _context: Context) -> Shift:
    """Give the old value and the new one; a bare old number says nothing."""
    new = _value(said, "2")
    if new is None:
        new = Party(int(said["number2"]))
    return Shift(_value(said), new)


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
        ),
        constants=("kind",),
        rank=3,
    ),
    "aside": Phenomenon(_aside, slots=("time",), rank=4),
    "choice": Phenomenon(_choice, slots=("nth", "number"), constants=("place",), rank=5),
    "shift": Phenomenon(_shift, slots=_ANY_VALUE, rank=8),
    "old": Phenomenon(_old, slots=_ANY_VALUE, rank=8),
    "new": Phenomenon(_new, slots=_ANY_VALUE, rank=5),
}
