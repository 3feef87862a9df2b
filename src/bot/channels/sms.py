"""SMS by Twilio: webhooks read, messages sent, with Twilio's own client.

`twilio.rest` takes long to import and much memory, so only a sender that sends does it.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from bot.channels import SMS, NotNow, Outgoing, Receipt, Refused, Unknown, Unreachable
from bot.inbox import Kind, Received

#: Seconds; below the lease of a message and below Dramatiq's time limit.
TIMEOUT = 10
#: Twilio's error codes that end an address: opted out, no valid number, no mobile, a landline.
ENDS_ADDRESS = frozenset({21610, 21211, 21614, 21635, 30006})
#: Concurrency, a full queue: passes.
PASSES = frozenset({20429, 21611, 30001})
#: Seconds that a message may wait with Twilio (its API: 1 to 36000).
LONGEST_WAIT = 36_000

#: How far Twilio has come with a message; callbacks come in any order, and never lead back.
RANKS = {
    "accepted": 1,
    "scheduled": 1,
    "queued": 2,
    "sending": 3,
    "sent": 4,
    "delivered": 5,
    "read": 6,
    "undelivered": 7,
    "failed": 7,
    "canceled": 7,
}


class TwilioSender:
    """Sends as one Twilio account.

    Args:
        account_sid: the account.
        auth_token: its secret.
        api_url: root of the REST API.
        status_url: where Twilio tells what became of a message; the row's id is appended. None
            where nobody wants to know.
        timeout: seconds that a call may take.

    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        api_url: str,
        status_url: str | None,
        *,
        timeout: float = TIMEOUT,
    ) -> None:
        self._account = account_sid, auth_token
        self._api_url = api_url
        self._status_url = status_url
        self._timeout = timeout

    @cached_property
    def client(self) -> Any:
        """Twilio's client, pointed at the configured root."""
        from twilio.http.http_client import TwilioHttpClient  # noqa: PLC0415 (see the module)
        from twilio.rest import Client  # noqa: PLC0415

        root, timeout = urlsplit(self._api_url), self._timeout

        class Redirected(TwilioHttpClient):  # type: ignore[misc]  # no types
            """Speaks to the configured root instead of the real one, with a timeout."""

            def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
                parts = urlsplit(url)
                path = root.path.rstrip("/") + parts.path
                url = urlunsplit((root.scheme, root.netloc, path, parts.query, ""))
                kwargs["timeout"] = timeout
                return super().request(method, url, *args, **kwargs)

        return Client(*self._account, http_client=Redirected())

    def send(self, outgoing: Outgoing) -> Receipt:
        """Send a text."""
        from requests.exceptions import RequestException  # noqa: PLC0415 (see the module)
        from twilio.base.exceptions import TwilioRestException  # noqa: PLC0415

        wait = int(outgoing.valid_for.total_seconds())
        told = f"{self._status_url}?row={outgoing.id}" if self._status_url else None
        try:
            sent = self.client.messages.create(
                to=outgoing.address,
                from_=outgoing.account,
                body=outgoing.text,
                status_callback=told,
                validity_period=min(max(wait, 1), LONGEST_WAIT),
            )
        except TwilioRestException as error:
            raise _named(error.status, error.code, error.msg) from error
        except RequestException as error:
            raise _lost(error) from error
        return Receipt(provider_id=sent.sid, provider_state=str(sent.status))

    def find(self, outgoing: Outgoing) -> Receipt | None:
        """Look for the same text to the same number since it was first handed over."""
        listed = self.client.messages.list(to=outgoing.address, from_=outgoing.account, limit=20)
        since = outgoing.since.replace(microsecond=0)
        for message in listed:
            created = message.date_created
            if message.body == outgoing.text and created and created >= since:
                return Receipt(provider_id=message.sid, provider_state=str(message.status))
        return None

    def warm_up(self) -> None:
        """Load Twilio's client."""
        self.client  # noqa: B018 (made when it is first asked for)

    def close(self) -> None:
        """Close the connections, if there are any."""
        if "client" in vars(self) and self.client.http_client.session:
            self.client.http_client.session.close()


def _named(status: int, code: int | None, text: str) -> Exception:
    """What an error of Twilio says about the message (its error codes: twilio.com/docs/errors)."""
    reason = f"{code}: {text}"
    if code in ENDS_ADDRESS:
        return Unreachable(reason)
    if code == 20003:  # noqa: PLR2004 (authentication)
        return NotNow("the provider does not know TABLETALK_TWILIO_AUTH_TOKEN")
    if status == 429 or status >= 500 or code in PASSES:  # noqa: PLR2004 (HTTP)
        return NotNow(reason)
    return Refused(reason)


def _lost(error: Exception) -> Exception:
    """A call that ended without an answer: surely unsent, or nobody knows."""
    from requests.exceptions import ConnectionError as NoConnection  # noqa: PLC0415
    from requests.exceptions import ConnectTimeout  # noqa: PLC0415
    from urllib3.exceptions import NewConnectionError  # noqa: PLC0415

    cause = getattr(error.args[0], "reason", None) if error.args else None
    unsent = isinstance(error, ConnectTimeout) or (
        isinstance(error, NoConnection) and isinstance(cause, NewConnectionError)
    )
    name = type(error).__name__
    return NotNow(name) if unsent else Unknown(name)


def read_sms(form: Mapping[str, str]) -> Received:
    """Turn Twilio's form into what the house stores.

    Raises:
        KeyError: a field that Twilio always sends is missing.

    """
    body = form.get("Body", "")
    data: dict[str, Any] = {}
    if form.get("OptOutType"):
        data["opt_out"] = form["OptOutType"].upper()
    media = form.get("NumMedia", "0") not in {"", "0"} and not body.strip()
    if media:  # an image, audio, video, or as text a business card (RFC 6838, 4.2)
        data["media"] = form.get("MediaContentType0", "").partition("/")[0]
    return Received(
        channel=SMS,
        account=form["To"],
        address=form["From"],
        external_id=form["MessageSid"],
        kind=Kind.MEDIA if media else Kind.TEXT,
        text=body,
        data=data,
    )
