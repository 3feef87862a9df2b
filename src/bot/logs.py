"""Logs: one JSON object a line on standard error, without message texts, secrets or whole numbers.

In a terminal they are lines for people. The libraries' own logs go the same way; those that print
addresses with tokens in them are kept to warnings. What happens within an exchange or a delivery
carries the ids that `bound` was given.
"""

import logging
import re
import sys
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from contextlib import AbstractContextManager
from typing import Any

import structlog

from booking.database import is_outage, outage_reason

log = structlog.get_logger()

_PHONE = re.compile(r"\+\d{6,15}\b")
#: Where PostgreSQL and pydantic repeat the value that they refuse: it may be what a guest wrote.
_VALUES = re.compile(
    r"(?<=^DETAIL:).*?(?=\n\[SQL|\n\nThe above|\nCONTEXT|\Z)|(?<=input_value=).*?(?=, input_type=)",
    re.MULTILINE | re.DOTALL,
)
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
            _renderer(),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def bound(**ids: int | None) -> AbstractContextManager[None]:
    """Let all that is logged in the block carry these ids; those that are None are left out."""
    known = {name: number for name, number in ids.items() if number is not None}
    return structlog.contextvars.bound_contextvars(**known)


def tell_steps(steps: Iterable[Mapping[str, Any]]) -> None:
    """Log what happened to reservations, once it is committed; of the staff no names."""
    for step in steps:
        log.info(
            "reservation step",
            kind=step["kind"],
            reservation=step["reservation_id"],
            code=step["code"],
            venue=step["venue_id"],
            actor=step["actor"].partition(":")[0],
            from_state=step["from_state"],
            to_state=step["to_state"],
            party_size=step["party_size"],
            starts_at=step["starts_at"].isoformat(),
        )


def _renderer() -> Callable[..., Any]:
    if sys.stderr.isatty():
        return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    return structlog.processors.JSONRenderer()


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
        if isinstance(value, list):
            return [self._clean(each) for each in value]
        text = value if isinstance(value, str) else repr(value)
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return mask_numbers(_VALUES.sub("***", text))


def mask_numbers(text: str) -> str:
    """A text without the middle of its phone numbers."""
    return _PHONE.sub(lambda found: mask(found[0]), text)


def mask(number: str) -> str:
    """A phone number by its country and its last two digits."""
    return f"{number[:3]}…{number[-2:]}"
