"""Who writes to a bot and where, in the shapes of the Bot API."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from webhooks.emulator.phones import Button, Phone
from webhooks.emulator.telegram_rules import Json

_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(@\w+)?")

#: After this a press can no longer be answered: its update has expired (channels.md 2.1).
PRESS_LIFETIME = timedelta(seconds=150)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A Telegram user; `language_code` is the language of the app, an IETF tag."""

    id: int
    first_name: str
    language_code: str | None = None
    username: str | None = None

    def shape(self) -> Json:
        """As a `User`."""
        given = {"language_code": self.language_code, "username": self.username}
        return {"id": self.id, "is_bot": False, "first_name": self.first_name} | {
            name: value for name, value in given.items() if value
        }


@dataclass(slots=True, kw_only=True)
class Chat:
    """A chat that the bot knows.

    Attributes:
        kind: `private`, `group` or `supergroup`.
        holder: the person of a private chat; in a group, who writes when nobody else is named.
        blocked: the person has blocked the bot.
        migrated_to: the supergroup that a group has become.
        last_sent: when the bot last sent here; for the limit of one message a second.
    """

    id: int
    kind: str
    holder: Person
    phone: Phone
    blocked: bool = False
    migrated_to: int | None = None
    last_sent: datetime | None = None
    title: str = ""

    @property
    def private(self) -> bool:
        """Whether it is a chat of one person with the bot."""
        return self.kind == "private"

    def shape(self) -> Json:
        """As a `Chat`."""
        if not self.private:
            return {"id": self.id, "type": self.kind, "title": self.title}
        person = self.holder.shape()
        named = {key: person[key] for key in ("first_name", "username") if key in person}
        return {"id": self.id, "type": self.kind} | named


@dataclass(slots=True, kw_only=True)
class Press:
    """A button pressed: the callback query that the bot should answer.

    Attributes:
        at: when, in UTC.
        answer: the text of the answer; None while there is none.
    """

    id: str
    chat: Chat
    at: datetime
    answer: str | None = None
    alert: bool = False

    def open(self, now: datetime) -> bool:
        """Whether it can (still) be answered."""
        return self.answer is None and now - self.at <= PRESS_LIFETIME


@dataclass(frozen=True, slots=True)
class Call:
    """A call that the house made.

    Attributes:
        at: when, in UTC.
        status: HTTP status of the answer.
        parameters: as they came.
    """

    at: datetime
    method: str
    status: int
    parameters: Json = field(default_factory=dict)


def entities_of(text: str) -> Json:
    """The entity of a command that a text begins with, as a part of a message."""
    command = _COMMAND.match(text)
    if not command:
        return {}
    return {"entities": [{"type": "bot_command", "offset": 0, "length": command.end()}]}


def meant_for(bot: str, text: str, *, is_reply: bool) -> bool:
    """Whether a bot in privacy mode is shown a group's message: command, mention or reply."""
    return is_reply or bool(_COMMAND.match(text)) or f"@{bot}".lower() in text.lower()


def buttons_of(keyboard: Json | None) -> tuple[tuple[Button, ...], ...]:
    """An inline keyboard as buttons of a phone."""
    return tuple(
        tuple(Button(b["text"], b.get("callback_data"), b.get("url")) for b in row)
        for row in (keyboard or {}).get("inline_keyboard", [])
    )


#: Bodies of what is not text, as far as the house looks at them.
MEDIA: dict[str, Json] = {
    "photo": {
        "photo": [
            {"file_id": "p1", "file_unique_id": "p1", "width": 90, "height": 60, "file_size": 999}
        ]
    },
    "sticker": {
        "sticker": {
            "file_id": "s1",
            "file_unique_id": "s1",
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": "\N{SLICE OF PIZZA}",
        }
    },
    "voice": {
        "voice": {"file_id": "v1", "file_unique_id": "v1", "duration": 3, "mime_type": "audio/ogg"}
    },
    "location": {"location": {"latitude": 45.4785, "longitude": 9.1877}},
    "contact": {"contact": {"phone_number": "+393331234567", "first_name": "Anna"}},
}
