"""The queue of hints: Dramatiq over Redis in production, in memory when embedded.

A hint carries an id and nothing else, and may get lost or come twice: the rows of the database
say what is to be done. So there are no retries, no delays and no results here.
"""

import dramatiq
from dramatiq import Broker
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import Middleware, ShutdownNotifications, TimeLimit

#: Milliseconds. Above any provider call; below the lease of a message.
TIME_LIMIT = 50_000
#: Seconds that a call to Redis may take: a webhook waits no longer than that for its hint.
REDIS_TIMEOUT = 1
#: Milliseconds between two looks at an empty queue; Dramatiq's own default makes guests wait.
IDLE_POLL = 50
#: Milliseconds that a worker which is told to stop gives to what is under way. Whoever stops it
#: must wait for longer (`stop_grace_period` in docker-compose.yml, TimeoutStopSec of systemd).
SHUTDOWN_TIMEOUT = 20_000
#: Milliseconds after which the hints of a worker that died are given to another, and the chance
#: in a million that a command looks for such (the defaults may take a quarter of an hour).
HEARTBEAT_TIMEOUT = 30_000
MAINTENANCE_CHANCE = 1_000_000


def make_broker(redis_url: str | None) -> Broker:
    """The broker of this process; without a URL one that lives in its memory."""
    middleware: list[Middleware] = [TimeLimit(time_limit=TIME_LIMIT), ShutdownNotifications()]
    if redis_url is None:
        return StubBroker(middleware=middleware)
    import redis  # noqa: PLC0415 (slow to import, and not needed when embedded)
    from dramatiq.brokers.redis import RedisBroker  # noqa: PLC0415

    client = redis.Redis.from_url(
        redis_url, socket_timeout=REDIS_TIMEOUT, socket_connect_timeout=REDIS_TIMEOUT
    )
    return RedisBroker(  # type: ignore[no-untyped-call]
        client=client,
        middleware=middleware,
        maintenance_chance=MAINTENANCE_CHANCE,
        heartbeat_timeout=HEARTBEAT_TIMEOUT,
    )


def make_worker(broker: Broker, *, threads: int) -> dramatiq.Worker:
    """A worker of this process; not started yet."""
    return dramatiq.Worker(broker, worker_threads=threads, worker_timeout=IDLE_POLL)
