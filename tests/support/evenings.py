"""Small evenings to seat parties in, and a judge who tries everything, with code of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from random import Random
from typing import Protocol, TypeVar

from booking.floor import Audience, FloorPlan, KeptFor, Place, Table, TableCombination
from booking.seating import NOBODY, Party, Seating, Stay

T = TypeVar("T")

SEVEN = datetime(2026, 11, 20, 19, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
#: How many stays an evening has at most.
MOST = 6


class Dice(Protocol):
    """Where choices come from: a seed, or Hypothesis."""

    def number(self, least: int, most: int) -> int:
        """A number from one to another, both included."""

    def one_of(self, choices: Sequence[T]) -> T:
        """One of several."""


class Seeded:
    """Choices from a seed."""

    def __init__(self, seed: int) -> None:
        """Begin a series."""
        self._random = Random(seed)

    def number(self, least: int, most: int) -> int:
        """A number from one to another, both included."""
        return self._random.randint(least, most)

    def one_of(self, choices: Sequence[T]) -> T:
        """One of several."""
        return self._random.choice(choices)


@dataclass(frozen=True)
class Case:
    """A question to the seating plan."""

    floor: FloorPlan
    stays: tuple[Stay, ...]
    party: Party
    buffer: timedelta


def at(minutes: int) -> datetime:
    """So many minutes after seven."""
    return SEVEN + minutes * MINUTE


def table(number: int, most: int, least: int = 1, **facts: object) -> Table:
    """A table by its number."""
    return Table(id=number, name=f"T{number}", min_covers=least, max_covers=most, **facts)  # type: ignore[arg-type]


def joined(*table_ids: int, least: int, most: int) -> TableCombination:
    """Tables that may be joined."""
    return TableCombination(table_ids=table_ids, min_covers=least, max_covers=most)


def stay(
    number: int, size: int, *table_ids: int, begin: int = 0, end: int = 90, **facts: object
) -> Stay:
    """A party that may be moved, from minute to minute after seven."""
    return Stay(number, size, at(begin), at(end), table_ids, **{"is_fixed": False, **facts})  # type: ignore[arg-type]


def closing(*table_ids: int, begin: int = 0, end: int = 90) -> Stay:
    """Tables that are closed."""
    return Stay(NOBODY, 0, at(begin), at(end), table_ids)


def party(size: int, begin: int = 0, end: int = 90, **facts: object) -> Party:
    """A party that looks for a place."""
    return Party(party_size=size, starts_at=at(begin), ends_at=at(end), **facts)  # type: ignore[arg-type]


def case(dice: Dice) -> Case:
    """A floor of four tables at most, six stays at most, and a party."""
    floor = _floor(dice)
    buffer = dice.one_of((0, 0, 15)) * MINUTE
    stays: list[Stay] = []
    for number in range(1, dice.number(0, 12) + 1):
        drawn = _stay(dice, floor, number)
        if len(stays) < MOST and not any(clash(drawn, other, buffer) for other in stays):
            stays.append(drawn)
    return Case(floor, tuple(stays), _party(dice, floor), buffer)


def _floor(dice: Dice) -> FloorPlan:
    alike = dice.number(0, 1)
    tables = [_table(dice, number, alike=bool(alike)) for number in range(1, dice.number(1, 4) + 1)]
    ids = [each.id for each in tables]
    sets = [ids_ for size in (2, 3) for ids_ in combinations(ids, size)]
    chosen = {dice.one_of(sets) for _ in range(dice.number(0, 2))} if sets else set()
    return FloorPlan(
        tuple(tables),
        tuple(
            joined(*ids_, least=dice.number(2, 4), most=dice.number(4, 8))
            for ids_ in sorted(chosen)
        ),
    )


def _table(dice: Dice, number: int, *, alike: bool) -> Table:
    if alike:
        return table(number, 4)
    return table(
        number,
        dice.number(2, 6),
        dice.number(1, 2),
        attributes=frozenset({"quiet"} if dice.number(0, 3) == 0 else ()),
        kept_for=dice.one_of((None, None, None, None, *KeptFor)),
    )


def _span(dice: Dice) -> tuple[int, int]:
    begin = 15 * dice.number(0, 8)
    return begin, begin + 15 * dice.number(1, 5)


def _stay(dice: Dice, floor: FloorPlan, number: int) -> Stay:
    begin, end = _span(dice)
    ids = [each.id for each in floor.tables]
    if dice.number(0, 9) == 0:
        return closing(dice.one_of(ids), begin=begin, end=end)
    place = dice.one_of([each for each in floor.every if each.min_covers <= 4])
    bent = dice.number(0, 9) == 0  # the staff may seat anybody anywhere
    table_ids = (dice.one_of(ids),) if bent else place.table_ids
    features = place.features if not bent and dice.number(0, 1) else frozenset()
    return stay(
        number,
        dice.number(place.min_covers, min(4, place.max_covers)),
        *table_ids,
        begin=begin,
        end=end,
        is_fixed=dice.number(0, 7) == 0,
        audience=dice.one_of((Audience.GUEST, *Audience)),
        features=features,
    )


def _party(dice: Dice, floor: FloorPlan) -> Party:
    begin, end = _span(dice)
    keep = dice.one_of(((), (), (), *(place.table_ids for place in floor.every)))
    only_keep = bool(keep) and dice.number(0, 1) == 0
    return party(
        0 if only_keep and dice.number(0, 1) else dice.number(1, 5),
        begin,
        end,
        audience=dice.one_of((Audience.GUEST, *Audience)),
        features=frozenset(dice.one_of(((), (), ("quiet",)))),
        keep=keep,
        only_keep=only_keep,
        any_minimum=dice.number(0, 9) == 0,
    )


def clash(one: Stay, other: Stay, buffer: timedelta) -> bool:
    """Tell whether two stays need one table at one time; minute by minute, the buffer included."""
    gap = timedelta() if NOBODY in (one.reservation_id, other.reservation_id) else buffer
    first, second = sorted((one, other), key=lambda each: each.starts_at)
    minutes = int((first.ends_at + gap - second.starts_at) / MINUTE)
    return minutes > 0 and any(i in other.table_ids for i in one.table_ids)


def candidates(given: Case) -> list[Place]:
    """Where the party may sit."""
    party = given.party
    if party.only_keep:
        return [Place(party.keep, 0, 0, party.features)]
    every = given.floor.places(party.party_size, party.audience, any_minimum=party.any_minimum)
    return list(every)


def newcomer(given: Case, place: Place) -> Stay:
    """The party as it would sit at a place; a closing is a stay of nobody."""
    party = given.party
    number = -1 if party.party_size else NOBODY
    return Stay(number, party.party_size, party.starts_at, party.ends_at, place.table_ids)


def can_be_seated(given: Case) -> bool:
    """Try every arrangement there is."""
    movers = [each for each in given.stays if not each.is_fixed]
    fixed = [each for each in given.stays if each.is_fixed]
    return any(
        _all_sit([*fixed, newcomer(given, place)], movers, given)
        for place in candidates(given)
        if not any(clash(newcomer(given, place), each, given.buffer) for each in fixed)
    )


def _all_sit(seated: list[Stay], movers: Sequence[Stay], given: Case) -> bool:
    if not movers:
        return True
    return any(
        _all_sit([*seated, there], movers[1:], given)
        for there in placings(given.floor, movers[0])
        if not any(clash(there, each, given.buffer) for each in seated)
    )


def placings(floor: FloorPlan, mover: Stay) -> Iterator[Stay]:
    """A stay at each place where it may be: where it is, or where it would be seated anew."""
    yield mover
    for place in floor.places(mover.party_size, mover.audience):
        if mover.features <= place.features:
            yield mover._replace(table_ids=place.table_ids)


def after(given: Case, found: Seating) -> list[Stay]:
    """Who sits where once a seating is carried out; the party is the last."""
    to = {move.reservation_id: move.table_ids for move in found.moves}
    assert len(to) == len(found.moves)
    moved = [
        each._replace(table_ids=to[each.reservation_id]) if each.reservation_id in to else each
        for each in given.stays
    ]
    return [*moved, newcomer(given, Place(found.table_ids, 0, 0))]
