"""Health: is the process alive, can it store messages, and does the work get done."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
import structlog
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from booking.database import Database
from booking.errors import Busy
from bot import inbox, utc_now
from bot.inbox import Kind, Received
from bot.models import InboundMessage, OutboundMessage, WorkerLife
from bot.outbox import State
from webhooks.edge import TheEdge

log = structlog.get_logger()
router = APIRouter(prefix="/health")


@router.get("/live")
def live() -> dict[str, bool]:
    """The process answers."""
    return {"live": True}


@router.get("/ready")
def ready(edge: TheEdge) -> Response:
    """Messages can be stored; with the age, in seconds, of whatever waits."""
    now = utc_now()
    try:
        _try_to_store(edge.house.database, now=now)
        with edge.house.database.reading() as db:
            ages = _ages(db, now=now)
    except (SQLAlchemyError, Busy) as error:
        log.warning("not ready", reason=type(error).__name__)
        wrong = [f"messages cannot be stored: {type(error).__name__}"]
        return JSONResponse({"ready": False, "wrong": wrong}, 503)
    return JSONResponse({"ready": True, "wrong": [], **ages})


def _try_to_store(database: Database, *, now: datetime) -> None:
    """Store a message as a webhook would, and take it back."""
    trial = Received(
        channel="health",
        account="",
        address=None,
        external_id=now.isoformat(),
        kind=Kind.UNREADABLE,
    )
    with database.transaction() as db:
        savepoint = db.begin_nested()
        inbox.accept(db, trial, now=now)
        savepoint.rollback()


def _ages(db: Connection, *, now: datetime) -> dict[str, Any]:
    inbound, outbound = InboundMessage, OutboundMessage
    unhandled = sa.select(sa.func.min(inbound.received_at)).where(inbound.state == "new")
    waits = (State.QUEUED, State.SENDING)
    overdue = sa.select(sa.func.min(outbound.due_at)).where(
        outbound.state.in_(waits), outbound.due_at <= now
    )
    seen = sa.select(sa.func.max(WorkerLife.seen_at))
    return {
        "worker_seen_seconds": _age(db, seen, now),
        "oldest_unhandled_seconds": _age(db, unhandled, now),
        "oldest_overdue_seconds": _age(db, overdue, now),
    }


def _age(db: Connection, query: sa.Select[Any], now: datetime) -> float | None:
    since: datetime | None = db.execute(query).scalar()
    return None if since is None else round((now - since).total_seconds(), 1)
