"""The seating plan: which tables each party of a service date gets. Pure; docs/seating.md."""

from booking.seating.plan import seat
from booking.seating.stays import NOBODY, Move, Party, Seating, Stay, free_until, occupied

__all__ = ["NOBODY", "Move", "Party", "Seating", "Stay", "free_until", "occupied", "seat"]
