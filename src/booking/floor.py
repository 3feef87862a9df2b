"""Where parties sit: tables, the sets of them that may be joined, and who fits where."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table, and the smallest and largest party it takes."""

    id: int
    name: str
    min_covers: int
    max_covers: int
    section: str | None = None


@dataclass(frozen=True, kw_only=True)
class TableCombination:
    """Tables that may be joined, and the smallest and largest party they then take."""

    table_ids: tuple[int, ...]
    min_covers: int
    max_covers: int


@dataclass(frozen=True, slots=True)
class Place:
    """A table or a combination, as seen by a party that looks for seats."""

    table_ids: tuple[int, ...]
    min_covers: int
    max_covers: int


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
    def largest_party(self) -> int:
        """The largest party that any table or combination takes."""
        return max(place.max_covers for place in self._all())

    @cached_property
    def _by_size(self) -> dict[int, tuple[Place, ...]]:
        return {}

    def places(self, party_size: int) -> tuple[Place, ...]:
        """Where a party of this size may sit, best first: least waste, then fewest joinable tables.

        A table that can be joined is kept back for those who need the combination.
        """
        if party_size not in self._by_size:
            fitting = [p for p in self._all() if p.min_covers <= party_size <= p.max_covers]
            self._by_size[party_size] = tuple(sorted(fitting, key=self._worth))
        return self._by_size[party_size]

    def _all(self) -> Iterator[Place]:
        for table in self.tables:
            yield Place((table.id,), table.min_covers, table.max_covers)
        for joined in self.combinations:
            yield Place(joined.table_ids, joined.min_covers, joined.max_covers)

    @cached_property
    def _joinable(self) -> frozenset[int]:
        return frozenset(i for joined in self.combinations for i in joined.table_ids)

    def _worth(self, place: Place) -> tuple[int, int]:
        joinable = sum(i in self._joinable for i in place.table_ids)
        return place.max_covers, joinable
