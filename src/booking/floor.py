"""Where parties sit: tables, the sets of them that may be joined, and who fits where."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

#: What a table may be besides standing in a section; the languages have words for each.
ATTRIBUTES = ("accessible", "outdoor", "high", "quiet", "window")


class KeptFor(StrEnum):
    """For whom a table is kept."""

    WALK_INS = "walk_ins"
    HOUSE = "house"  # the staff alone give it away


class Audience(StrEnum):
    """Who asks for a table: some are kept for some."""

    GUEST = "guest"
    STAFF = "staff"
    WALK_IN = "walk_in"


#: Which tables each may have: those that are kept for nobody, and these.
_MAY_HAVE: dict[Audience, frozenset[KeptFor]] = {
    Audience.GUEST: frozenset(),
    Audience.STAFF: frozenset({KeptFor.HOUSE}),
    Audience.WALK_IN: frozenset({KeptFor.WALK_INS, KeptFor.HOUSE}),
}


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table, and the smallest and largest party it takes."""

    id: int
    name: str
    min_covers: int
    max_covers: int
    section: str | None = None
    attributes: frozenset[str] = frozenset()
    kept_for: KeptFor | None = None

    @property
    def features(self) -> frozenset[str]:
        """What a guest may wish for: its section and its attributes, in lower case."""
        own = {*self.attributes, *([self.section] if self.section else [])}
        return frozenset(feature.casefold() for feature in own)


@dataclass(frozen=True, kw_only=True)
class TableCombination:
    """Tables that may be joined, and the smallest and largest party they then take."""

    table_ids: tuple[int, ...]
    min_covers: int
    max_covers: int


@dataclass(frozen=True, slots=True)
class Place:
    """A table or a combination, as seen by a party that looks for seats.

    `features` are what all of its tables have, `kept_for` is for whom any of them is kept.
    """

    table_ids: tuple[int, ...]
    min_covers: int
    max_covers: int
    features: frozenset[str] = frozenset()
    kept_for: frozenset[KeptFor] = frozenset()


def _looks(table: Table) -> tuple[object, ...]:
    """What a party can tell of a table."""
    return table.min_covers, table.max_covers, table.features, table.kept_for


@dataclass(frozen=True)
class FloorPlan:
    """All tables and combinations of a venue."""

    tables: tuple[Table, ...]
    combinations: tuple[TableCombination, ...] = ()

    @cached_property
    def names(self) -> dict[int, str]:
        """The name of each table by its id."""
        return {table.id: table.name for table in self.tables}

    @cached_property
    def features(self) -> frozenset[str]:
        """All sections and attributes that a table of this floor has."""
        return frozenset(feature for table in self.tables for feature in table.features)

    @cached_property
    def largest_party(self) -> int:
        """The largest party that any table or combination takes."""
        return max(place.max_covers for place in self.every)

    @cached_property
    def every(self) -> tuple[Place, ...]:
        """All tables and combinations."""
        return tuple(self._all())

    @cached_property
    def place_at(self) -> dict[frozenset[int], Place]:
        """The place that a set of tables is, if they make one."""
        return {frozenset(place.table_ids): place for place in reversed(self.every)}

    @cached_property
    def kinds(self) -> dict[int, tuple[object, ...]]:
        """The kind of each table by its id: of one kind are tables that nothing tells apart.

        A table that can be joined is a kind of its own, unless all that it is ever joined with are
        like it: then those are a kind of their own together.
        """
        return {table.id: self._kind(table) for table in self.tables}

    def _kind(self, table: Table) -> tuple[object, ...]:
        joined = [each for each in self.combinations if table.id in each.table_ids]
        if not joined:
            return _looks(table)
        sets = {each.table_ids for each in self.combinations if self._touches(each, joined[0])}
        looks = {_looks(each) for each in self.tables if each.id in joined[0].table_ids}
        is_closed_circle = len(sets) == 1 and len(looks) == 1
        return joined[0].table_ids if is_closed_circle else (table.id,)

    @staticmethod
    def _touches(one: TableCombination, other: TableCombination) -> bool:
        return not set(one.table_ids).isdisjoint(other.table_ids)

    @cached_property
    def _fitting(self) -> dict[tuple[int, Audience, bool], tuple[Place, ...]]:
        return {}

    def features_at(self, table_ids: Iterable[int]) -> frozenset[str]:
        """What all of these tables have; those that have left the floor have nothing."""
        known = {table.id: table.features for table in self.tables}
        features = [known.get(number, frozenset()) for number in table_ids]
        return frozenset.intersection(*features) if features else frozenset()

    def places(
        self, party_size: int, audience: Audience = Audience.GUEST, *, any_minimum: bool = False
    ) -> tuple[Place, ...]:
        """Where a party of this size may sit, best first: least waste, then fewest joinable tables.

        A table that can be joined is kept back for those who need the combination.

        Args:
            party_size: how many come.
            audience: who asks.
            any_minimum: also tables that are meant for larger parties.

        """
        key = (party_size, audience, any_minimum)
        if key not in self._fitting:
            fitting = [
                place
                for place in self.every
                if (any_minimum or place.min_covers <= party_size)
                and party_size <= place.max_covers
                if place.kept_for <= _MAY_HAVE[audience]
            ]
            self._fitting[key] = tuple(sorted(fitting, key=self._worth))
        return self._fitting[key]

    def _all(self) -> Iterator[Place]:
        by_id = {table.id: table for table in self.tables}
        for table in self.tables:
            kept = frozenset({table.kept_for} if table.kept_for else ())
            yield Place((table.id,), table.min_covers, table.max_covers, table.features, kept)
        for joined in self.combinations:
            members = [by_id[number] for number in joined.table_ids]
            yield Place(
                joined.table_ids,
                joined.min_covers,
                joined.max_covers,
                frozenset.intersection(*(table.features for table in members)),
                frozenset(table.kept_for for table in members if table.kept_for),
            )

    @cached_property
    def _joinable(self) -> frozenset[int]:
        return frozenset(i for joined in self.combinations for i in joined.table_ids)

    def _worth(self, place: Place) -> tuple[int, int]:
        joinable = sum(i in self._joinable for i in place.table_ids)
        return place.max_covers, joinable
