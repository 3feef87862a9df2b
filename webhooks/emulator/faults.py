"""What can go wrong at a provider, switched on and off while it runs."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum

from fastapi import Request, Response

#: The answers that mean that something was done or taken.
SUCCESS = range(200, 300)
#: How long an answer is withheld at most; longer than any client of the house waits.
WITHHELD = timedelta(seconds=20)


class Fault(StrEnum):
    """A kind of trouble."""

    FAIL = "fail"  # 5xx, nothing was done
    FLOOD = "flood"  # 429, nothing was done
    LOSE_ANSWER = "lose_answer"  # done, but the caller never hears of it
    DUPLICATE = "duplicate"  # a webhook comes twice
    REORDER = "reorder"  # status callbacks come in the wrong order


#: Faults that keep a call from being carried out.
REFUSALS = (Fault.FAIL, Fault.FLOOD)


class Faults:
    """The faults of one provider. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: dict[Fault, int | None] = {}
        self.slow = timedelta()

    def switch(self, fault: Fault, *, times: int | bool) -> None:
        """Switch a fault on for good (True), for the next so many times, or off (False, 0)."""
        with self._lock:
            if times is True:
                self._left[fault] = None
            elif times:
                self._left[fault] = times
            else:
                self._left.pop(fault, None)

    def take(self, fault: Fault, *, sends: bool = True) -> bool:
        """Whether the fault strikes now; one that is counted strikes only what sends a message."""
        with self._lock:
            left = self._left.get(fault, 0)
            if left is None:
                return True
            if not left or not sends:
                return False
            self._left[fault] = left - 1
            return True

    def clear(self) -> None:
        """Switch everything off."""
        with self._lock:
            self._left.clear()
            self.slow = timedelta()

    def state(self) -> dict[str, int | bool]:
        """Every fault: True for good, a number for so many times more; and `slow_ms`."""
        with self._lock:
            left = {fault.value: self._left.get(fault, 0) for fault in Fault}
        shown: dict[str, int | bool] = {
            name: True if times is None else times for name, times in left.items()
        }
        return shown | {"slow_ms": round(self.slow / timedelta(milliseconds=1))}


async def attend(
    request: Request,
    faults: Faults,
    act: Callable[[], Response],
    *,
    refuse: Callable[[Fault], Response],
    sends: bool,
) -> Response:
    """Carry out a call of the house under the faults that are switched on.

    Waits on the event loop only, so a server that the house shares goes on serving.

    Args:
        request: is watched, so that a caller who has given up is not waited for.
        faults: of this provider.
        act: does the work and makes the answer.
        refuse: makes the provider's answer to a fault of `REFUSALS`.
        sends: whether the call sends or changes a message.
    """
    await asyncio.sleep(faults.slow.total_seconds())
    for fault in REFUSALS:
        if faults.take(fault, sends=sends):
            return refuse(fault)
    response = act()
    if sends and response.status_code in SUCCESS and faults.take(Fault.LOSE_ANSWER):
        await _withhold(request)
    return response


async def _withhold(request: Request) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(WITHHELD.total_seconds()):
            while (await request.receive())["type"] != "http.disconnect":
                pass
