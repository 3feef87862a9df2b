"""Faults that can be switched on while the house runs."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from webhooks.emulator import Emulators
from webhooks.emulator.faults import Fault

#: How long a slow provider takes for each call; less than the house's patience.
SLOW = timedelta(seconds=3)


class Trouble(StrEnum):
    """What can be made to go wrong."""

    SLOW = "slow"
    LOST_ANSWER = "lost_answer"
    DUPLICATE = "duplicate"
    PAUSED = "paused"


_FAULTS = {Trouble.LOST_ANSWER: Fault.LOSE_ANSWER, Trouble.DUPLICATE: Fault.DUPLICATE}


class Pausable(Protocol):
    """The workers."""

    @property
    def paused(self) -> bool:
        """Whether they do nothing."""

    def pause(self) -> None:
        """Stop working; waits for what is under way."""

    def resume(self) -> None:
        """Go on."""


class Troubles:
    """The switches, the same in every tab of the page.

    Args:
        emulators: the providers.
        workers: of this process; None when they run in another one.
        now: the clock, UTC.
    """

    def __init__(
        self, emulators: Emulators, workers: Pausable | None, *, now: Callable[[], datetime]
    ) -> None:
        self._faults = (emulators.telegram.faults, emulators.twilio.faults)
        self._workers = workers
        self._now = now
        self.since: datetime | None = None

    def possible(self, trouble: Trouble) -> bool:
        """Whether this process can make it."""
        return trouble is not Trouble.PAUSED or self._workers is not None

    def on(self) -> frozenset[Trouble]:
        """What is switched on."""
        return frozenset(trouble for trouble in Trouble if self._is_on(trouble))

    def switch(self, trouble: Trouble, *, on: bool) -> None:
        """Switch a trouble on or off; the first one begins the count."""
        if on and not self.on():
            self.since = self._now()
        if trouble is Trouble.PAUSED:
            self._pause(on=on)
        for faults in self._faults:
            if trouble is Trouble.SLOW:
                faults.slow = SLOW if on else timedelta()
            elif trouble in _FAULTS:
                faults.switch(_FAULTS[trouble], times=on)

    def end(self) -> None:
        """Switch everything off and forget the count."""
        for trouble in self.on():
            self.switch(trouble, on=False)
        self.since = None

    def _is_on(self, trouble: Trouble) -> bool:
        if trouble is Trouble.PAUSED:
            return self._workers is not None and self._workers.paused
        if trouble is Trouble.SLOW:
            return any(faults.slow for faults in self._faults)
        return any(faults.state()[_FAULTS[trouble]] for faults in self._faults)

    def _pause(self, *, on: bool) -> None:
        if self._workers is not None:
            (self._workers.pause if on else self._workers.resume)()
