"""What all tabs of the page share: the phones, the switches, and the way to the book."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from booking.database import Database
from webhooks.emulator import Emulators
from webhooks.pages.book import Book, read_book
from webhooks.pages.cast import Cast
from webhooks.pages.lines import Scene
from webhooks.pages.tally import Tally, count
from webhooks.pages.troubles import Pausable, Troubles


class Stage:
    """The simulator of one process.

    Args:
        emulators: the providers.
        scene: tells what the house is like.
        database: of the house; None when there is no book to show.
        workers: of this process; None when they run in another one.
    """

    def __init__(
        self,
        emulators: Emulators,
        scene: Callable[[], Scene],
        *,
        database: Database | None = None,
        workers: Pausable | None = None,
    ) -> None:
        self.emulators = emulators
        self._database = database
        self.scene = scene
        self.now = emulators.telegram.now
        self.cast = Cast(emulators, scene)
        self.troubles = Troubles(emulators, workers, now=self.now)

    def look(self, service_date: date | None) -> "Look":
        """Read the book and the counts; takes a moment, so call it from a thread."""
        now, since = self.now(), self.troubles.since
        if self._database is None:
            return Look()
        tally = count(self._database, self.emulators, since, now=now) if since else None
        return Look(book=read_book(self._database, service_date, now=now), tally=tally)

    def start_over(self) -> None:
        """Fresh guests, empty screens, and nothing broken; may wait for the workers."""
        self.troubles.end()
        self.cast.start_over()


@dataclass(frozen=True, kw_only=True)
class Look:
    """What one look found; there may be no book to show, and nothing to count."""

    book: Book | None = None
    tally: Tally | None = None


def seconds_left(until: datetime, now: datetime) -> str:
    """How long something still lasts, as minutes and seconds."""
    left = max(int((until - now).total_seconds()), 0)
    return f"{left // 60}:{left % 60:02}"
