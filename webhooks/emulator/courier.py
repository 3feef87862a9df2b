"""Carries webhooks to the house, from a thread of its own so that no server waits for them."""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import httpx

from webhooks.emulator.faults import SUCCESS

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended.

    Attributes:
        status: of the answer; None when there was none.
        problem: `ct` not connected in time, `rt` no answer in time or a broken one.
        retry_after: seconds that the house asked for.
        elapsed: seconds since the first attempt began.
    """

    status: int | None = None
    problem: str = ""
    retry_after: float = 0
    elapsed: float = 0

    @property
    def accepted(self) -> bool:
        """Whether the house has taken it."""
        return self.status in SUCCESS


#: Called with the number of failures so far and the last of them: seconds to wait, None to give up.
Retry: TypeAlias = Callable[[int, Outcome], float | None]


def never(_failures: int, _outcome: Outcome) -> None:
    """The rule of who does not try again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A webhook on its way.

    Attributes:
        url: of the webhook.
        connect: seconds for the connection.
        timeout: seconds for the whole answer.
        ended: is called once, from the courier's thread, with the last outcome.
    """

    url: str
    body: bytes
    headers: Mapping[str, str]
    connect: float = 5
    timeout: float = 15
    retry: Retry = never
    ended: Callable[[Outcome], None] = field(default=lambda _outcome: None)


class Courier:
    """Carries parcels: in one lane one after the other, in different lanes at the same time.

    Args:
        reach: turns a webhook's public URL into the one under which it can be reached from here.
    """

    def __init__(self, *, reach: Callable[[str], str] = str) -> None:
        self._reach = reach
        self._idle = threading.Condition()
        self._under_way = 0
        self._lanes: dict[str, deque[Parcel]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._work, name="emulator-courier", daemon=True)
        self._thread.start()

    @property
    def under_way(self) -> int:
        """How many parcels and appointments have not come to their end."""
        return self._under_way

    def send(self, parcel: Parcel, *, lane: str) -> None:
        """Hand over a parcel; returns at once."""
        self._count(1)
        self._loop.call_soon_threadsafe(self._queue, lane, parcel)

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Call `act` from the courier's thread after some seconds."""
        self._count(1)
        self._loop.call_soon_threadsafe(self._loop.call_later, seconds, self._keep, act)

    def forget(self, lanes: str) -> None:
        """Drop all that waits or is carried in the lanes whose name begins so."""
        self._loop.call_soon_threadsafe(self._forget, lanes)

    def wait_idle(self, timeout: float = 10) -> None:
        """Wait until nothing is under way.

        Raises:
            TimeoutError: something still is after `timeout` seconds.
        """
        with self._idle:
            if not self._idle.wait_for(lambda: self._under_way == 0, timeout):
                raise TimeoutError(f"{self._under_way} webhooks are still under way")

    def close(self) -> None:
        """Drop everything and end the thread."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()

    def _work(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._client = httpx.AsyncClient(follow_redirects=True, trust_env=False)
        try:
            self._loop.run_forever()
            self._forget("")
            self._loop.run_until_complete(self._end())
        finally:
            self._loop.close()

    async def _end(self) -> None:
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        await self._client.aclose()

    def _count(self, change: int) -> None:
        with self._idle:
            self._under_way += change
            self._idle.notify_all()

    def _keep(self, act: Callable[[], None]) -> None:
        try:
            act()
        finally:
            self._count(-1)

    def _queue(self, lane: str, parcel: Parcel) -> None:
        waiting = self._lanes.setdefault(lane, deque())
        waiting.append(parcel)
        if lane not in self._tasks:
            self._tasks[lane] = self._loop.create_task(self._serve(lane, waiting))

    def _forget(self, lanes: str) -> None:
        for lane in [name for name in self._lanes if name.startswith(lanes)]:
            self._count(-len(self._lanes.pop(lane)))
            self._tasks.pop(lane).cancel()

    async def _serve(self, lane: str, waiting: deque[Parcel]) -> None:
        while waiting:
            outcome = await self._carry(waiting[0])
            parcel = waiting.popleft()
            if not waiting:
                del self._lanes[lane], self._tasks[lane]
            try:
                parcel.ended(outcome)
            except Exception:
                log.exception("what follows a webhook failed")
            finally:
                self._count(-1)

    async def _carry(self, parcel: Parcel) -> Outcome:
        began = self._loop.time()
        failures = 0
        while True:
            outcome = await self._attempt(parcel, began)
            if outcome.accepted:
                return outcome
            failures += 1
            pause = parcel.retry(failures, outcome)
            if pause is None:
                log.warning("webhook given up after %d attempts: %r", failures, outcome)
                return outcome
            await asyncio.sleep(pause)

    async def _attempt(self, parcel: Parcel, began: float) -> Outcome:
        status, problem, retry_after = None, "rt", 0.0
        try:
            async with asyncio.timeout(parcel.connect + parcel.timeout):
                answer = await self._client.post(
                    self._reach(parcel.url),
                    content=parcel.body,
                    headers=dict(parcel.headers),
                    timeout=httpx.Timeout(parcel.timeout, connect=parcel.connect, pool=None),
                )
            status, problem = answer.status_code, ""
            retry_after = _seconds(answer.headers.get("retry-after", ""))
        except (httpx.ConnectError, httpx.ConnectTimeout):
            problem = "ct"
        except (httpx.HTTPError, TimeoutError):
            problem = "rt"
        return Outcome(status, problem, retry_after, self._loop.time() - began)


def _seconds(text: str) -> float:
    return float(text) if text.isdigit() else 0
