"""What a driver may ask of the emulators by HTTP; a field that nobody reads is refused."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Wish(BaseModel):
    """The body of a request of the driver."""

    model_config = ConfigDict(extra="forbid")


class OpenChat(Wish):
    """A person, or a group, that the bot knows."""

    chat_id: int
    name: str
    group: bool = False
    language_code: str | None = None
    username: str = ""


class SayTelegram(Wish):
    """A message; an unknown private chat is opened. In a group `sender` names who writes."""

    chat_id: int
    text: str
    name: str = "Guest"
    language_code: str | None = None
    sender: str | None = None
    reply_to: int | None = None


class SendTelegram(Wish):
    """Something that is no text: photo, sticker, voice, location, contact.

    With `number` the contact is the sender's own, else that of somebody else.
    """

    chat_id: int
    kind: str
    number: str | None = None


class EditTelegram(Wish):
    """Other words for a message of one's own."""

    chat_id: int
    message_id: int
    text: str


class PressTelegram(Wish):
    """A button, by its text or data: the newest such; or any data under a given message."""

    chat_id: int
    button: str
    message_id: int | None = None
    sender: str | None = None


class OneChat(Wish):
    """A chat."""

    chat_id: int


class Migrate(Wish):
    """A group and the id of the supergroup that it becomes."""

    chat_id: int
    new_id: int


class SaySms(Wish):
    """A text from a guest's number (E.164), with URLs of pictures."""

    number: str
    text: str
    media: tuple[str, ...] = ()


class Decide(Wish):
    """How texts to a number end, with Twilio's code."""

    number: str
    status: Literal["delivered", "undelivered", "failed"]
    error: int | None = None


class SwitchFaults(Wish):
    """Faults of a provider: true for good, a number for so many times, false or 0 for off."""

    fail: bool | int | None = None
    flood: bool | int | None = None
    lose_answer: bool | int | None = None
    duplicate: bool | int | None = None
    reorder: bool | int | None = None
    slow_ms: int | None = None
    one_a_second: bool | None = None
