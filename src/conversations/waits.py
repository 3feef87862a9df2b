"""What a guest waits for, as they think of it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from conversations.actions import Action, Say


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An entry of the waitlist, in calendar date and wall time, first start to last."""

    id: int
    party_size: int
    date: dt.date
    time: dt.time
    time_to: dt.time
    request: str | None = None


def waited_for(entries: tuple[Waiting, ...], *, spare: int = 0) -> list[Action]:
    """What a guest waits for; `spare` as in `wording.Line`."""
    return [Say("waiting", window(entry), spare) for entry in entries]


def window(entry: Waiting) -> dict[str, Any]:
    """What a sentence needs of what is waited for."""
    return {
        "party_size": entry.party_size,
        "date": entry.date,
        "time": entry.time,
        "time_to": entry.time_to,
        "request": entry.request,
    }
