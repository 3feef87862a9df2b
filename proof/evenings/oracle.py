"""An exact judge: whether any arrangement at all seats a party. Google's CP-SAT decides.

It shares no code with the seating plan. Tables that nothing tells apart are counted, not named: on
them a set of stays has room exactly when at no instant there are more stays than tables (intervals
are coloured in order of their starts). Named one by one, they drown a solver in symmetries.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from ortools.sat.python import cp_model

from booking.floor import FloorPlan
from booking.seating import Party, Stay

Span = tuple[datetime, datetime]
#: What tables have in common that are counted; for others the id of the one.
Kind = tuple[object, ...]
#: Far more than it needs.
SECONDS = 60.0


def can_seat(floor: FloorPlan, stays: Sequence[Stay], party: Party) -> bool:
    """Tell whether a party can be seated if all who are not fixed may get other tables.

    Raises:
        TimeoutError: it was not decided within SECONDS.

    """
    model = cp_model.CpModel()
    kinds = _kinds(floor, stays)
    at: dict[Kind, list[tuple[Span, cp_model.IntVar]]] = defaultdict(list)

    def sit_at_one_of(places: Iterable[tuple[int, ...]], span: Span) -> None:
        literals = []
        for needs in {tuple(kinds[table_id] for table_id in place) for place in places}:
            literal = model.new_bool_var("")
            literals.append(literal)
            for kind in needs:
                at[kind].append((span, literal))
        model.add_exactly_one(literals)

    for stay in stays:
        sit_at_one_of(_places(floor, stay), (stay.starts_at, stay.ends_at))
    everywhere = {place.table_ids for place in floor.places(party.party_size, party.audience)}
    sit_at_one_of(everywhere, (party.starts_at, party.ends_at))
    tables = Counter(kinds.values())
    for kind, users in at.items():
        for instant in {begin for (begin, _), _ in users}:
            there = [literal for (a, b), literal in users if a <= instant < b]
            model.add(sum(there) <= tables[kind])
    return _solve(model)


def _kinds(floor: FloorPlan, stays: Sequence[Stay]) -> dict[int, Kind]:
    """What each table has in common with others; promised and joinable ones stand alone."""
    alone = {i for stay in stays if stay.is_fixed for i in stay.table_ids}
    alone |= {i for joined in floor.combinations for i in joined.table_ids}
    return {
        table.id: (table.id,)
        if table.id in alone
        else (table.min_covers, table.max_covers, table.features, table.kept_for)
        for table in floor.tables
    }


def _places(floor: FloorPlan, stay: Stay) -> set[tuple[int, ...]]:
    if stay.is_fixed:
        return {stay.table_ids}
    places = floor.places(stay.party_size, stay.audience)
    return {stay.table_ids, *(p.table_ids for p in places if stay.features <= p.features)}


def _solve(model: cp_model.CpModel) -> bool:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2  # without it some refusals take for ever
    solver.parameters.random_seed = 1
    solver.parameters.max_time_in_seconds = SECONDS
    state = solver.solve(model)
    if state == cp_model.UNKNOWN:
        raise TimeoutError("CP-SAT did not decide")
    return state in (cp_model.OPTIMAL, cp_model.FEASIBLE)
