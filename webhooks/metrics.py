"""GET /metrics: the figures of the house for Prometheus. Open to all, so it tells of no guest.

What counts is read from the database, since the workers are processes of their own; only what
this process has answered is counted here.
"""

import threading
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from time import monotonic
from typing import Any

import structlog
from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, Histogram, disable_created_metrics
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from booking.database import Database
from booking.errors import Busy
from bot import figures, utc_now
from bot.figures import Figures

log = structlog.get_logger()
router = APIRouter()

PREFIX = "tabletalk_"
#: Seconds for which a look at the database is good, however many ask; and by how much longer
#: than it took: a scrape of a large house must not become its main work.
FRESH = 5.0
FRESH_TIMES = 20
#: Upper bounds of the buckets of answers to providers, in seconds.
ANSWER_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.3, 1.0, 3.0)


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """All figures, in the text format of Prometheus."""
    registry: CollectorRegistry = request.app.state.metrics
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(registry), media_type=content_type)


def make_registry(database: Database) -> CollectorRegistry:
    """A registry with the figures of the house and of this process."""
    disable_created_metrics()  # type: ignore[no-untyped-call]  # when each series began concerns nobody
    registry = CollectorRegistry()
    registry.register(HouseCollector(database))
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    return registry


class HouseCollector(Collector):
    """Reads the figures from the database, and keeps them for some seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._looking = threading.Lock()
        self._seen: Figures | None = None
        self._good_until = 0.0
        self._took = 0.0
        self._marks = Marks()

    def describe(self) -> Iterable[Metric]:
        """Names nothing beforehand: to register must not read the database."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """All figures; when the database is away, only that it is."""
        with self._looking:
            self._look()
            seen = self._seen
        yield InfoMetricFamily(PREFIX + "build", "The house.", {"version": version("tabletalk")})
        up = GaugeMetricFamily(PREFIX + "database_up", "Whether the database could be read.")
        up.add_metric([], float(seen is not None))
        yield up
        if seen is not None:
            took = GaugeMetricFamily(PREFIX + "scrape_seconds", "How long the last look took.")
            took.add_metric([], self._took)
            yield took
            yield from _families(seen, self._marks)

    def _look(self) -> None:
        started = monotonic()
        if started < self._good_until:
            return
        try:
            with self._database.reading() as db:
                self._seen = figures.read(db, now=utc_now())
        except (SQLAlchemyError, Busy) as error:
            log.warning("no figures", reason=type(error).__name__)
            self._seen = None
        self._took = monotonic() - started
        self._good_until = monotonic() + max(FRESH, self._took * FRESH_TIMES)


class Marks:
    """How high each count has been.

    One that falls, as when the operator lets a dead message try again, would be taken for a
    restart and counted anew.
    """

    def __init__(self) -> None:
        self._marks: dict[str, dict[tuple[str, ...], float]] = {}

    def raised(
        self, name: str, rows: Iterable[tuple[Any, ...]]
    ) -> Iterable[tuple[tuple[str, ...], float]]:
        """The highest of each set of labels of a figure, those that are gone included."""
        marks = self._marks.setdefault(name, {})
        for *labels, number in rows:
            key = tuple(labels)
            marks[key] = max(number, marks.get(key, 0.0))
        return marks.items()


def _families(seen: Figures, marks: Marks) -> Iterator[Metric]:
    for count in figures.COUNTS:
        rising = CounterMetricFamily(PREFIX + count.name, count.help, labels=count.labels)
        for labels, number in marks.raised(count.name, seen.counts[count.name]):
            rising.add_metric(labels, number)
        yield rising
    yield _reply_times(seen, marks)
    for level in figures.LEVELS:
        gauge = GaugeMetricFamily(PREFIX + level.name, level.help, labels=[level.label])
        for value, number in seen.levels.rows[level.name].items():
            gauge.add_metric([value], number)
        yield gauge
    ages = GaugeMetricFamily(
        PREFIX + "queue_age_seconds", "How long the oldest of a queue has waited.", labels=["queue"]
    )
    for queue, seconds in seen.levels.ages.items():
        ages.add_metric([queue], seconds)
    yield ages
    if seen.levels.worker_seen_at is not None:
        yield GaugeMetricFamily(
            PREFIX + "worker_seen_timestamp_seconds",
            "The last sign of life of the workers.",
            seen.levels.worker_seen_at.timestamp(),
        )


def _reply_times(seen: Figures, marks: Marks) -> Metric:
    family = HistogramMetricFamily(
        PREFIX + "reply_seconds",
        "From the last message that a reply answers until the provider has taken the reply.",
        labels=["channel"],
    )
    bounds = [*(str(bound) for bound in figures.REPLY_BUCKETS), "+Inf"]
    for times in seen.reply_times:
        rows = zip(bounds, (*times.within, times.replies), strict=True)
        marked = marks.raised(f"replies,{times.channel}", rows)
        buckets = [(le, number) for (le,), number in marked]
        ((_, total),) = marks.raised(f"seconds,{times.channel}", [(times.seconds,)])
        family.add_metric([times.channel], buckets, total)
    return family


class Stopwatch:
    """Counts what this process answers to providers, by route and code, and how long it takes.

    Args:
        app: whose answers.
        registry: where to count them.

    """

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        self._answers = Histogram(
            PREFIX + "webhook_seconds",
            "How long this process took to answer a provider, by route and code.",
            ["route", "code"],
            buckets=ANSWER_BUCKETS,
            registry=registry,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, and count it when the answer begins."""
        if scope["type"] != "http" or not scope["path"].startswith("/webhooks/"):
            await self._app(scope, receive, send)
            return
        started = monotonic()

        def count(code: int) -> None:
            route = getattr(scope.get("route"), "path", "other")
            self._answers.labels(route, str(code)).observe(monotonic() - started)

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                count(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, counted)
        except Exception:
            count(500)  # answered further out
            raise
