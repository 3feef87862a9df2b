"""The actors: a few lines each. They take an id, may run twice, and catch what they raise."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import dramatiq
import structlog
from dramatiq import Broker

from bot import utc_now
from bot.house import House
from bot.logs import tell_failure

log = structlog.get_logger()


@dataclass(frozen=True)
class Hints:
    """Tells the workers what to look at. A hint that is lost is found again by the relay."""

    handle_actor: dramatiq.Actor[..., Any]
    deliver_actor: dramatiq.Actor[..., Any]

    def handle(self, talk_ids: Iterable[int]) -> None:
        """Conversations with waiting messages."""
        self._send(self.handle_actor, talk_ids)

    def deliver(self, outbound_ids: Iterable[int]) -> None:
        """Messages that are due."""
        self._send(self.deliver_actor, outbound_ids)

    @staticmethod
    def _send(actor: dramatiq.Actor[..., Any], ids: Iterable[int]) -> None:
        for number in ids:
            try:
                actor.send(number)
            except Exception as error:  # noqa: BLE001 (whatever became of it, the relay finds the row)
                log.warning("hint lost", actor=actor.actor_name, reason=type(error).__name__)
                return


def declare(broker: Broker, house: House) -> Hints:
    """Declare the actors on a broker; never at import, so that each process has its own house."""

    def handle(talk_id: int) -> None:
        try:
            hints.deliver(house.handle(talk_id, now=utc_now()))
        except Exception as error:  # noqa: BLE001 (the relay finds the row again)
            tell_failure("exchange failed", error, conversation=talk_id)

    def deliver(outbound_id: int) -> None:
        try:
            hints.deliver(house.deliver(outbound_id, now=utc_now()))
        except Exception as error:  # noqa: BLE001 (the relay finds the row again)
            tell_failure("delivery failed", error, outbound=outbound_id)

    hints = Hints(
        dramatiq.actor(actor_name="exchange.handle", queue_name="exchanges", broker=broker)(handle),
        dramatiq.actor(actor_name="outbox.deliver", queue_name="deliveries", broker=broker)(
            deliver
        ),
    )
    return hints
