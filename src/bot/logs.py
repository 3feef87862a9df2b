"""Logs: one JSON object a line on standard error, without message texts, secrets or whole numbers.

The libraries' own logs go the same way. Those that print addresses with tokens in them are kept
to warnings.
"""

import logging
import re
import sys
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any

import structlog

from booking.database import is_outage, outage_reason

log = structlog.get_logger()

_PHONE = re.compile(r"\+\d{6,15}\b")
_TALKATIVE = ("httpx", "httpcore", "telegram", "twilio", "urllib3", "dramatiq", "alembic")


def configure(secrets: Iterable[str] = (), *, level: int = logging.INFO) -> None:
    """Set up all logging of the process.

    Args:
        secrets: values that are replaced wherever they would be printed.
        level: the lowest level to print.

    """
    shared: list[Callable[..., Any]] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _without_colours,
            Redactor(secrets),
            structlog.processors.JSONRenderer(),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def _without_colours(_: Any, __: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    fields.pop("color_message", None)  # uvicorn says everything twice
    return fields


def tell_failure(event: str, error: Exception, **fields: Any) -> None:
    """Log what failed: an outage of the database in one line, a fault of ours with its trace."""
    if is_outage(error):
        log.warning(event, reason=outage_reason(error), **fields)
    else:
        log.error(event, exc_info=error, **fields)


class Redactor:
    """Takes secrets and the middle of phone numbers out of everything that is logged."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = sorted((s for s in secrets if s), key=len, reverse=True)

    def __call__(
        self, _: Any, __: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        """Clean one event."""
        return {key: self._clean(value) for key, value in event.items()}

    def _clean(self, value: Any) -> Any:
        if isinstance(value, int | float | bool | None):
            return value
        text = value if isinstance(value, str) else repr(value)
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return mask_numbers(text)


def mask_numbers(text: str) -> str:
    """A text without the middle of its phone numbers."""
    return _PHONE.sub(lambda found: mask(found[0]), text)


def mask(number: str) -> str:
    """A phone number by its country and its last two digits."""
    return f"{number[:3]}…{number[-2:]}"
