"""The seating plan: how long a decision takes, on evenings of 12, 30 and 60 tables.

Time of one process alone, so that others on the machine do not count. The floor is what any house
must do: see which tables are taken, and give the best free one.
"""

import time
from collections.abc import Sequence
from itertools import product
from statistics import quantiles

from booking.floor import FloorPlan
from booking.seating import Party, Seating, Stay, seat
from proof.evenings import house, rivals
from proof.evenings.floors import floor_of
from proof.evenings.requests import requests_for

#: How many evenings of each demand, by the number of tables: other seeds than the proof's.
EVENINGS = {12: 20, 30: 10, 60: 3}
DEMANDS = (0.85, 1.0, 1.15, 1.3)
FIRST_SEED = 1000


class Watch:
    """A house with a stopwatch in its hand."""

    def __init__(self, decide: house.Decide) -> None:
        self._decide = decide
        self.times: list[float] = []

    def __call__(self, floor: FloorPlan, stays: Sequence[Stay], party: Party) -> Seating | None:
        begin = time.process_time()
        found = self._decide(floor, stays, party)
        self.times.append(time.process_time() - begin)
        return found


def main() -> None:
    """Print the table."""
    print("\nseating: time of a decision, of all and of those that best fit refuses")
    for tables in EVENINGS:
        _print(tables)


def _print(tables: int) -> None:
    floor, best, plan = floor_of(tables), Watch(rivals.best_fit), Watch(seat)
    hard = []
    requests = 0
    seeds = range(FIRST_SEED, FIRST_SEED + EVENINGS[tables])
    for demand, seed in product(DEMANDS, seeds):
        for made in house.run(floor, requests_for(floor, demand, seed), plan):
            requests += 1
            if not best(floor, made.before, made.party):
                hard.append(plan.times[-1])
    evenings = len(seeds) * len(DEMANDS)
    print(f"  {tables} tables, {requests / evenings:.0f} requests an evening, {evenings} evenings")
    for name, times in (("best fit", best.times), ("plan", plan.times), ("  refused by it", hard)):
        cuts = [1000 * cut for cut in quantiles(times, n=100)]
        print(
            f"    {name:<16} p50 {cuts[49]:6.2f} ms   p90 {cuts[89]:6.2f} ms"
            f"   p99 {cuts[98]:6.2f} ms   most {1000 * max(times):6.2f} ms"
        )


if __name__ == "__main__":
    main()
