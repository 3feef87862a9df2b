"""The phones on the simulator's page, and what their holders can do with them."""

from dataclasses import dataclass, field
from typing import Protocol
from zoneinfo import ZoneInfo

from babel import Locale

from webhooks.emulator.phones import Channel, Phone
from webhooks.emulator.telegram import TelegramEmulator
from webhooks.emulator.twilio import TwilioEmulator
from webhooks.pages import texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What the page needs to know of the house.

    Attributes:
        venue: its name.
        timezone: IANA name; times are shown in it.
        languages: that guests may choose for their Telegram app, the venue's default first.
        staff_chat: id of the staff's Telegram chat, if they have one.
        staff_number: E.164 number of the staff's phone, if they have one.
    """

    venue: str = "Tabletalk"
    timezone: str = "UTC"
    languages: tuple[str, ...] = ("en", "it")
    staff_chat: int | None = None
    staff_number: str | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the venue."""
        return ZoneInfo(self.timezone)

    @property
    def openers(self) -> tuple[str, ...]:
        """First messages to try, in the languages of the venue."""
        return tuple(opener for code in self.languages for opener in texts.OPENERS.get(code, ()))

    def name_of(self, language: str | None) -> str:
        """The name of a language in English."""
        if not language:
            return texts.NO_LANGUAGE
        return Locale.parse(language, sep="-").get_display_name("en") or language


class Line(Protocol):
    """A phone that somebody holds: a channel and an address."""

    @property
    def channel(self) -> Channel:
        """How it talks to the house."""

    @property
    def title(self) -> str:
        """Who holds it."""

    @property
    def about(self) -> str:
        """Channel and address, as shown under the title."""

    @property
    def staff(self) -> bool:
        """Whether the staff hold it."""

    @property
    def key(self) -> str:
        """Tells it from all others on the page."""

    def phone(self) -> Phone:
        """What it shows."""

    def say(self, text: str, *, reply_to: str | None = None) -> None:
        """Send a text, in Telegram perhaps as a reply to a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramLine:
    """A chat with the bot: of one guest, or of the staff (a group has a negative id)."""

    telegram: TelegramEmulator
    chat_id: int
    title: str
    staff: bool = False
    language: str | None = None
    channel: Channel = field(default=Channel.TELEGRAM, init=False)

    @property
    def about(self) -> str:
        """Channel and address."""
        return f"{texts.GROUP if self.chat_id < 0 else texts.TELEGRAM} · {self.chat_id}"

    @property
    def key(self) -> str:
        """Tells it from all others on the page."""
        return f"telegram{self.chat_id}"

    def phone(self) -> Phone:
        """What the chat shows; opens it after the emulators were reset."""
        if self.chat_id < 0:
            return self.telegram.open_group(self.chat_id, self.title)
        return self.telegram.open_chat(self.chat_id, self.title, language_code=self.language)

    def say(self, text: str, *, reply_to: str | None = None) -> None:
        """Write to the bot, perhaps as a reply."""
        self.telegram.say(self.chat_id, text, reply_to=int(reply_to) if reply_to else None)

    def press(self, message_id: str, data: str) -> None:
        """Press a button under a message."""
        self.telegram.press(self.chat_id, int(message_id), data)

    def speaks(self) -> str | None:
        """The language of the holder's app."""
        self.phone()
        return self.telegram.chats[self.chat_id].holder.language_code

    def speak(self, language: str | None) -> None:
        """Change the language of the app."""
        self.telegram.speak(self.chat_id, language)

    def block(self, *, blocked: bool) -> None:
        """Block the bot, or unblock it."""
        (self.telegram.block if blocked else self.telegram.unblock)(self.chat_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsLine:
    """A phone that texts with the house's number."""

    twilio: TwilioEmulator
    number: str
    title: str
    staff: bool = False
    channel: Channel = field(default=Channel.SMS, init=False)

    @property
    def about(self) -> str:
        """Channel and address."""
        return f"{texts.SMS} · {self.number}"

    @property
    def key(self) -> str:
        """Tells it from all others on the page."""
        return f"sms{self.number.removeprefix('+')}"

    def phone(self) -> Phone:
        """What the phone shows."""
        return self.twilio.open_phone(self.number, self.title)

    def say(self, text: str, *, reply_to: str | None = None) -> None:  # noqa: ARG002 (no such thing by SMS)
        """Text the house."""
        self.twilio.say(self.number, text)
