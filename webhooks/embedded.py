"""Workers and scheduler inside the web process, for a house without Redis."""

from collections.abc import Iterator
from contextlib import contextmanager

from dramatiq import Broker

from bot.broker import make_worker
from bot.house import House
from bot.scheduler import Scheduler
from bot.workers import Hints

#: Threads of the workers. SQLite writes one at a time anyway.
THREADS = 2


class EmbeddedWorkers:
    """Run from the start of the app to its end; the simulator may pause them meanwhile."""

    def __init__(self, broker: Broker, house: House, hints: Hints) -> None:
        self._workers = make_worker(broker, threads=THREADS)
        self._scheduler = Scheduler(house, hints)
        self.paused = False

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run until the end of the block."""
        self._workers.start()
        self._scheduler.start()
        yield
        self.resume()  # workers that sleep would not hear that they are to stop
        self._scheduler.stop()
        self._workers.stop()

    def pause(self) -> None:
        """Do nothing from now on, as after a crash; waits for what is under way.

        Whatever comes in meanwhile is stored, and found again after `resume`.
        """
        if not self.paused:
            self.paused = True
            self._scheduler.pause()
            self._workers.pause()

    def resume(self) -> None:
        """Go on."""
        if self.paused:
            self.paused = False
            self._workers.resume()
            self._scheduler.resume()
