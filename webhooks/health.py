"""Health: is the process alive, can it store messages, and does the work get done."""

from datetime import datetime
from typing import Any

import structlog
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from booking.database import Database
from booking.errors import Busy
from bot import figures, inbox, utc_now
from bot.inbox import Kind, Received
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
    return {
        "worker_seen_seconds": figures.age(db, figures.WORKER_SEEN, now=now),
        "oldest_unhandled_seconds": figures.age(db, figures.OLDEST["in"], now=now),
        "oldest_overdue_seconds": figures.age(db, figures.OLDEST["out"], now=now),
    }
