"""What people did that the house is told of, to be compared with what the house made of it."""

from collections import deque
from datetime import datetime

#: How many are remembered.
KEPT = 5000


class Traffic:
    """Messages, presses and the like, each with the number of webhooks that tell of it."""

    def __init__(self) -> None:
        self._told: deque[tuple[datetime, int]] = deque(maxlen=KEPT)

    def note(self, at: datetime, *, copies: int) -> None:
        """Something was done at an instant (UTC), and so many webhooks tell of it."""
        self._told.append((at, copies))

    def since(self, since: datetime) -> tuple[int, int]:
        """How many things were done since an instant (UTC), and how many webhooks told of them."""
        copies = [count for at, count in tuple(self._told) if at >= since]
        return len(copies), sum(copies)
