"""The seating plan against the best greedy house and against an exact judge, evening by evening.

`PROOF_EVENINGS` multiplies the number of evenings. Every evening has a seed of its own.
"""

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product
from multiprocessing import Pool
from pathlib import Path

from booking.floor import FloorPlan
from booking.seating import seat
from proof.evenings import house, oracle, rivals
from proof.evenings.admission import everybody, large_first
from proof.evenings.floors import floor_of
from proof.evenings.picture import draw
from proof.evenings.requests import requests_for

TIMES = int(os.environ.get("PROOF_EVENINGS", "1"))
DEMANDS = (0.85, 1.0, 1.15, 1.3)
#: How many evenings of each demand, by the number of tables: to be counted, and to be judged.
COUNTED = {12: 60, 30: 20, 60: 8}
JUDGED = {12: 20, 30: 6, 60: 2}
#: Of what best fit refuses and the judge can seat, how much the plan must seat; and its covers.
FOUND = {12: 0.90, 30: 0.75, 60: 0.75}
GAIN = {12: 0.03, 30: 0.03}
PICTURE = Path(__file__).parent.parent / "docs" / "seating.svg"

HOUSES = {
    "plan": (seat, everybody),
    "plan, small parties limited": (seat, large_first),
    "best fit": (rivals.best_fit, everybody),
    "first fit": (rivals.first_fit, everybody),
}


@dataclass(frozen=True)
class Evening:
    """One evening, by what its requests are drawn from."""

    tables: int
    demand: float
    seed: int
    promises: bool
    is_judged: bool


@dataclass
class Found:
    """What came of it: covers and parties of each house, and what the judge says of the plan."""

    evening: Evening
    covers: Counter[str] = field(default_factory=Counter)
    parties: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)


def main() -> None:
    """Print the table, draw the picture, and fail where a bar is not reached."""
    every = [*_evenings()]
    with Pool(os.cpu_count()) as workers:
        found = workers.map(_live_through, every, chunksize=1)
    print(f"\nseating: {len(every)} evenings, requests over 21 days, 15 % cancelled")
    gains = [_print_covers(found, *each) for each in product(COUNTED, (False, True))]
    shares = [_print_verdicts(found, tables) for tables in JUDGED]
    draw(PICTURE, {(t, d): _gains(_of(found, t, demand=d)) for t, d in product(COUNTED, DEMANDS)})
    assert all(gains), "fewer covers than promised"
    assert all(shares), "too many refusals that were not needed"


def _evenings() -> Iterable[Evening]:
    """The slow ones first, so that no worker is left alone with them."""
    for tables in sorted(COUNTED, reverse=True):
        for seed, demand, promises in product(
            range(COUNTED[tables] * TIMES), DEMANDS, (True, False)
        ):
            yield Evening(tables, demand, seed, promises, seed < JUDGED[tables] * TIMES)


def _live_through(evening: Evening) -> Found:
    floor = floor_of(evening.tables)
    found = Found(evening)
    asked = requests_for(floor, evening.demand, evening.seed, promises=evening.promises)
    for name, (decide, admit) in HOUSES.items():
        decisions = [*house.run(floor, asked, decide, admit)]
        found.covers[name] = house.covers(decisions)
        found.parties[name] = sum(bool(decision.found) for decision in decisions)
        if name == "plan" and evening.is_judged:
            found.verdicts.update(_verdict(floor, decision) for decision in decisions)
    return found


def _verdict(floor: FloorPlan, made: house.Decision) -> str:
    """What best fit and the judge say of a decision, from the very state in which it was made."""
    if rivals.best_fit(floor, made.before, made.party):
        assert made.found, f"refused with a table free: {made}"
        return "seated at once"
    if oracle.can_seat(floor, made.before, made.party):
        return "seated by moving others" if made.found else "refused without need"
    assert not made.found, f"accepted, and cannot be seated: {made}"
    return "refused, and rightly"


def _of(found: Iterable[Found], tables: int, **facts: object) -> list[Found]:
    return [
        each
        for each in found
        if each.evening.tables == tables
        if all(getattr(each.evening, name) == value for name, value in facts.items())
    ]


def _gains(found: Iterable[Found]) -> dict[str, float]:
    """The covers of each house against best fit: 0.03 is three in a hundred more."""
    covers = sum((each.covers for each in found), Counter[str]())
    return {name: covers[name] / covers["best fit"] - 1 for name in HOUSES}


def _print_covers(found: Iterable[Found], tables: int, promises: bool) -> bool:  # noqa: FBT001
    """A line for each demand, and one for all; whether the bar is reached."""
    mine = _of(found, tables, promises=promises)
    how = "with wishes and promised tables" if promises else "nobody promised anything"
    print(f"\n  {tables} tables, {how}: covers an evening (and against best fit)")
    for demand in DEMANDS:
        _print_line(f"{demand:.0%}", [each for each in mine if each.evening.demand == demand])
    _print_line("all", mine)
    return promises or _gains(mine)["plan"] >= GAIN.get(tables, 0)


def _print_line(title: str, found: list[Found]) -> None:
    gains = _gains(found)
    covers = sum((each.covers for each in found), Counter[str]())
    parties = sum((each.parties for each in found), Counter[str]())
    print(
        f"    {title:>5}",
        *(f"{name} {covers[name] / len(found):6.1f} ({gains[name]:+5.1%})  " for name in HOUSES),
        f"parties {parties['plan'] / parties['best fit'] - 1:+.1%}",
    )


def _print_verdicts(found: Iterable[Found], tables: int) -> bool:
    """How the judge decides on what best fit refuses; whether the bar is reached."""
    verdicts = sum((each.verdicts for each in _of(found, tables)), Counter[str]())
    moved, missed = verdicts["seated by moving others"], verdicts["refused without need"]
    share = moved / (moved + missed)
    print(
        f"\n  {tables} tables: {verdicts['seated at once']} parties seated at once;"
        f" of {moved + missed} that best fit refuses and the judge can seat {moved} are seated"
        f" ({share:.1%}, promised {FOUND[tables]:.0%});"
        f" {verdicts['refused, and rightly']} refusals are right; accepted wrongly: 0"
    )
    return share >= FOUND[tables]


if __name__ == "__main__":
    main()
