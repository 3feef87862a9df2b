"""What the endpoints share: the house behind them, its hints, and how bodies are read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

import structlog
from fastapi import Depends, HTTPException, Request
from sqlalchemy.exc import SQLAlchemyError

from booking.errors import Busy
from bot import utc_now
from bot.house import House
from bot.inbox import Received
from bot.logs import tell_failure
from bot.workers import Hints

log = structlog.get_logger()

#: Seconds after which a provider may try again when we could not store its message.
RETRY_AFTER = 2


@dataclass(frozen=True, kw_only=True)
class Edge:
    """The house, and whom to hint at what was stored."""

    house: House
    hints: Hints

    def store(self, received: Received) -> None:
        """Store a message and hint at it; the answer may go out when this returns.

        Raises:
            HTTPException: 503 when it could not be stored.

        """
        with storing():
            accepted = self.house.accept(received, now=utc_now())
        log.info(
            "message stored" if accepted.message_id else "message known",
            message=accepted.message_id,
            conversation=accepted.talk_id,
            channel=received.channel,
            kind=received.kind,
        )
        if accepted.outbound_id is not None:
            self.hints.deliver([accepted.outbound_id])
        if accepted.talk_id is not None:
            self.hints.handle([accepted.talk_id])


@contextmanager
def storing() -> Iterator[None]:
    """Answer 503 when the database cannot store: the provider is to send it again."""
    try:
        yield
    except (SQLAlchemyError, Busy) as error:
        tell_failure("not stored", error)
        raise HTTPException(503, headers={"Retry-After": str(RETRY_AFTER)}) from error


def _edge(request: Request) -> Edge:
    edge: Edge = request.app.state.edge
    return edge


async def _body(request: Request) -> bytes:
    return await request.body()


TheEdge = Annotated[Edge, Depends(_edge)]
Body = Annotated[bytes, Depends(_body)]
