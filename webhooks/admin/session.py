"""Who may see the pages: one password, a signed cookie, and few guesses a minute.

The cookie says until when it is good, signed with a key that is made from the password: every
process can check it, a restart ends no session, and a new password ends them all.
"""

import hashlib
import hmac
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property

COOKIE = "tabletalk_staff"
#: How long who has given the password need not give it again.
LIFETIME = timedelta(days=7)
#: How many wrong passwords a process takes in which time, whoever guesses.
GUESSES = 5
GUESSES_IN = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Sessions:
    """The password of the house, and who has given it.

    Args:
        password: in plain text; never printed.
        wrong: when the last wrong ones were given (UTC).

    """

    password: str = field(repr=False)
    wrong: deque[datetime] = field(default_factory=lambda: deque(maxlen=GUESSES))

    @cached_property
    def _key(self) -> bytes:
        # Slow on purpose: who has a cookie must not find the password by trying.
        return hashlib.scrypt(self.password.encode(), salt=COOKIE.encode(), n=2**14, r=8, p=1)

    def wait(self, *, now: datetime) -> timedelta:
        """How long nobody may guess; zero when the next one may."""
        if len(self.wrong) < GUESSES:
            return timedelta()
        return max(self.wrong[0] + GUESSES_IN - now, timedelta())

    def opens(self, password: str, *, now: datetime) -> bool:
        """Tell whether this is the password; a wrong one is counted."""
        right = hmac.compare_digest(password.encode(), self.password.encode())
        if not right:
            self.wrong.append(now)
        return right

    def cookie(self, *, now: datetime) -> str:
        """A cookie for who has given the password."""
        until = str(int((now + LIFETIME).timestamp()))
        return f"{until}.{self._sign(until)}"

    def is_good(self, cookie: str, *, now: datetime) -> bool:
        """Tell whether a cookie is ours and not over."""
        until, _, signature = cookie.partition(".")
        if not hmac.compare_digest(signature.encode(), self._sign(until).encode()):
            return False
        return now < datetime.fromtimestamp(int(until), UTC)

    def _sign(self, text: str) -> str:
        return hmac.digest(self._key, text.encode(), "sha256").hex()
