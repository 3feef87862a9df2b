"""The way of an update from Telegram to the house."""

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import TypeAlias

from webhooks.emulator.courier import Courier, Outcome, Parcel, Retry
from webhooks.emulator.telegram_chats import PRESS_LIFETIME
from webhooks.emulator.telegram_rules import (
    CONNECTIONS,
    SECRET,
    Json,
    Params,
    TelegramRefusal,
    bad_request,
)

Ended: TypeAlias = Callable[[Outcome], None]

MESSAGE_LIFETIME = timedelta(hours=24)
LONGEST_RETRY_AFTER = 3600
LANES = "telegram "


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How Telegram waits for a webhook, in seconds; tests shorten it.

    Attributes:
        pause: the first pause that is not zero is twice this one, the longest 60 times.
        timeout: for an answer.
    """

    pause: float = 1
    timeout: float = 60


def retry_rule(pause: float, lifetime: timedelta) -> Retry:
    """At once, then after 2, 4, 8 .. pauses, until the update has expired; Retry-After goes first.

    Source: tdlib/telegram-bot-api, `WebhookActor::on_update_error`.
    """

    def rule(failures: int, outcome: Outcome) -> float | None:
        growing = 0 if failures == 1 else pause * min(2 ** (failures - 1), 60)
        wait = min(outcome.retry_after, LONGEST_RETRY_AFTER) or growing
        return None if outcome.elapsed + wait > lifetime.total_seconds() else wait

    return rule


@dataclass(slots=True)
class Webhook:
    """Where updates go. Without a URL they wait."""

    url: str = ""
    secret: str = ""
    allowed: list[str] = field(default_factory=list)
    max_connections: int = 40
    last_error: tuple[datetime, str] | None = None

    def info(self, pending: int) -> Json:
        """As a `WebhookInfo`."""
        info: Json = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": pending,
        }
        if self.url:
            info["max_connections"] = self.max_connections
        if self.allowed:
            info["allowed_updates"] = self.allowed
        if self.last_error:
            info["last_error_date"] = int(self.last_error[0].timestamp())
            info["last_error_message"] = self.last_error[1]
        return info


def read_webhook(params: Params) -> Webhook:
    """The webhook that a call of setWebhook asks for; plain http is let pass, as in local mode.

    Raises:
        TelegramRefusal: the URL, the secret or the number of connections is not allowed.
    """
    url, secret = params.text("url"), params.text("secret_token")
    if url and not re.match(r"https?://[^/\s]+", url):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = params.integer("max_connections") or 40
    if connections not in CONNECTIONS:
        raise bad_request("max_connections must be between 1 and 100")
    return Webhook(url, secret, params.object("allowed_updates") or [], connections)


class Updates:
    """Numbers updates and hands them to the courier.

    Args:
        first_id: of the first update; must lie above all ids of an earlier run, or the house
            takes new updates for repeated ones.
    """

    def __init__(
        self,
        courier: Courier,
        webhook: Webhook,
        *,
        patience: Patience,
        now: Callable[[], datetime],
        first_id: int,
    ) -> None:
        self._courier = courier
        self._patience = patience
        self._now = now
        self._ids = count(first_id)
        self._lock = threading.Lock()
        self._held: list[tuple[str, Json, Ended]] = []
        self._under_way = 0
        self.webhook = webhook

    def info(self) -> Json:
        """As a `WebhookInfo`."""
        return self.webhook.info(len(self._held) + self._under_way)

    def point_to(self, webhook: Webhook, *, drop: bool) -> None:
        """Send updates elsewhere (or nowhere) from now on; `drop` forgets those that wait."""
        self.webhook = webhook
        if drop:
            self._courier.forget(LANES)
            self._held.clear()
            self._under_way = 0
        if webhook.url:
            held, self._held = self._held, []
            for lane, update, after in held:
                self._hold_or_send(lane, update, after)

    def wait_here(self, after: int) -> list[Json]:
        """Those that wait for somebody to ask, as long as there is no webhook.

        Args:
            after: the id from which on; those below are never asked for again.

        Raises:
            TelegramRefusal: a webhook takes them.
        """
        if self.webhook.url:
            raise TelegramRefusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active;"
                " use deleteWebhook to delete the webhook first",
            )
        self._held = [held for held in self._held if held[1]["update_id"] >= after]
        return [update for _, update, _ in self._held]

    def send(
        self, kind: str, body: Json, *, lane: str, twice: bool = False, ended: Ended | None = None
    ) -> None:
        """Send one update; in one lane the next waits for this one to be accepted.

        A second copy travels on its own: it may come at the same time as the first.
        """
        if self.webhook.allowed and kind not in self.webhook.allowed:
            return
        update = {"update_id": next(self._ids), kind: body}
        self._hold_or_send(lane, update, ended or _nothing)
        if twice:
            self._hold_or_send(f"copy {update['update_id']}", update, _nothing)

    def _hold_or_send(self, lane: str, update: Json, after: Ended) -> None:
        if not self.webhook.url:
            self._held.append((lane, update, after))
            return
        self._count(1)
        self._courier.send(self._parcel(update, after), lane=LANES + lane)

    def _count(self, change: int) -> None:
        with self._lock:
            self._under_way = max(0, self._under_way + change)

    def _parcel(self, update: Json, after: Ended) -> Parcel:
        lifetime = PRESS_LIFETIME if "callback_query" in update else MESSAGE_LIFETIME

        def ended(outcome: Outcome) -> None:
            self._count(-1)
            after(outcome)

        headers = {"Content-Type": "application/json"}
        if self.webhook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.webhook.secret
        return Parcel(
            url=self.webhook.url,
            body=json.dumps(update).encode(),
            headers=headers,
            timeout=self._patience.timeout,
            retry=self._watched(retry_rule(self._patience.pause, lifetime)),
            ended=ended,
        )

    def _watched(self, rule: Retry) -> Retry:
        def watched(failures: int, outcome: Outcome) -> float | None:
            said = outcome.status or "Connection failed"
            self.webhook.last_error = (self._now(), f"Wrong response from the webhook: {said}")
            return rule(failures, outcome)

        return watched


def _nothing(_outcome: Outcome) -> None:
    """What follows the second copy of an update."""
