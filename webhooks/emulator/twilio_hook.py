"""The way of a form from Twilio to the house: signed, and tried as its URL asks."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag, urlencode

from twilio.request_validator import RequestValidator

from webhooks.emulator.courier import Courier, Outcome, Parcel, Retry


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """Connection overrides, the fragment of a webhook's URL.

    Source: twilio.com/docs/usage/webhooks/webhooks-connection-overrides.

    Attributes:
        ct: milliseconds for the connection.
        rt: milliseconds for the answer.
        tt: milliseconds for all attempts together.
        rc: attempts after the first.
        rp: after what: `ct`, `rt`, `4xx`, `5xx`, `all`.
    """

    ct: int = 5000
    rt: int = 15000
    tt: int = 15000
    rc: int = 1
    rp: tuple[str, ...] = ("ct",)

    def retry(self) -> Retry:
        """The rule for the courier; attempts follow each other at once."""

        def rule(failures: int, outcome: Outcome) -> float | None:
            what = outcome.problem or f"{(outcome.status or 500) // 100}xx"
            again = "all" in self.rp or what in self.rp
            in_time = outcome.elapsed * 1000 < self.tt
            return 0 if again and in_time and failures <= self.rc else None

        return rule


def read_overrides(fragment: str) -> Overrides:
    """Read `rc=3&rp=5xx,ct`; keys that are not known and numbers that are none are passed over."""
    pairs = dict(re.findall(r"(\w+)=([^&]*)", fragment))
    numbers = {
        key: int(pairs[key]) for key in ("ct", "rt", "tt", "rc") if pairs.get(key, "").isdigit()
    }
    policy = tuple(pairs.get("rp", "ct").split(","))
    return Overrides(**numbers, rp=policy)


@dataclass(frozen=True, slots=True)
class Post:
    """Sends signed forms.

    Args:
        courier: carries them.
        auth_token: of the account; signs.
    """

    courier: Courier
    auth_token: str

    def send(
        self,
        url: str,
        form: Mapping[str, str],
        *,
        lane: str,
        ended: Callable[[Outcome], None] = lambda _outcome: None,
    ) -> None:
        """Post a form to a webhook; the fragment of its URL is obeyed and not signed."""
        address, fragment = urldefrag(url)
        overrides = read_overrides(fragment)
        signature = RequestValidator(self.auth_token).compute_signature(address, dict(form))
        parcel = Parcel(
            url=address,
            body=urlencode(form).encode(),
            headers={
                "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
                "User-Agent": "TwilioProxy/1.1",
                "X-Twilio-Signature": signature,
            },
            connect=overrides.ct / 1000,
            timeout=overrides.rt / 1000,
            retry=overrides.retry(),
            ended=ended,
        )
        self.courier.send(parcel, lane=f"twilio {lane}")
