"""Who holds a phone on the page: as many guests as wanted, and the staff."""

import secrets
from collections.abc import Callable

from webhooks.emulator import Emulators
from webhooks.emulator.phones import Channel
from webhooks.pages import texts
from webhooks.pages.lines import Line, Scene, SmsLine, TelegramLine

#: The first guests.
FIRST_CHAT = 5550001
FIRST_NUMBER = 123
#: Numbers from here on are kept free for films and books (Ofcom), a thousand of them.
NUMBERS = "+447700900{:03}"


class Cast:
    """The guests, the same in every tab of the page.

    Args:
        emulators: whose phones they hold.
        scene: tells what the house is like.
    """

    def __init__(self, emulators: Emulators, scene: Callable[[], Scene]) -> None:
        self._emulators = emulators
        self._scene = scene
        self.revision = 0
        self.guests: tuple[Line, ...] = ()
        self._begin(chat_id=FIRST_CHAT, number=FIRST_NUMBER)

    def staff(self) -> tuple[Line, ...]:
        """The staff's phones: their Telegram chat, their number, or both."""
        scene, found = self._scene(), list[Line]()
        if scene.staff_chat is not None:
            found.append(
                TelegramLine(
                    telegram=self._emulators.telegram,
                    chat_id=scene.staff_chat,
                    title=texts.STAFF,
                    staff=True,
                )
            )
        if scene.staff_number is not None:
            number, twilio = scene.staff_number, self._emulators.twilio
            found.append(SmsLine(twilio=twilio, number=number, title=texts.STAFF, staff=True))
        return tuple(found)

    def suggestion(self) -> str:
        """A name for the next guest that nobody has yet."""
        taken = {guest.title for guest in self.guests}
        free = (name for name in texts.NAMES if name not in taken)
        return next(free, f"{texts.GUEST} {len(self.guests) + 1}")

    def add(self, channel: Channel, name: str, language: str | None = None) -> Line:
        """Give a new guest a phone; the language is that of their Telegram app."""
        if channel is Channel.TELEGRAM:
            guest = self._in_telegram(self._free_chat(), name, language)
        else:
            guest = self._by_sms(self._free_number(), name)
        guest.phone()
        self._become((*self.guests, guest))
        return guest

    def remove(self, guest: Line) -> None:
        """Take a guest off the page; the house keeps what it knows of them."""
        self._become(tuple(other for other in self.guests if other is not guest))

    def start_over(self) -> None:
        """Two fresh guests whom the house does not know, and an empty screen for the staff."""
        for line in self.staff():
            line.phone().clear()
        self._begin(chat_id=self._free_chat(), number=self._free_number())

    def _begin(self, *, chat_id: int, number: int) -> None:
        languages = self._scene().languages
        self._become(
            (
                self._in_telegram(chat_id, texts.NAMES[0], next(iter(languages), None)),
                self._by_sms(number, texts.NAMES[1]),
            )
        )
        for line in (*self.guests, *self.staff()):
            line.phone()

    def _become(self, guests: tuple[Line, ...]) -> None:
        self.guests = guests
        self.revision += 1

    def _in_telegram(self, chat_id: int, name: str, language: str | None) -> Line:
        return TelegramLine(
            telegram=self._emulators.telegram, chat_id=chat_id, title=name, language=language
        )

    def _by_sms(self, number: int, name: str) -> Line:
        return SmsLine(twilio=self._emulators.twilio, number=NUMBERS.format(number), title=name)

    def _free_chat(self) -> int:
        return _unused(lambda: 5_550_100 + secrets.randbelow(900_000), self._known_chat)

    def _free_number(self) -> int:
        return _unused(lambda: secrets.randbelow(1000), self._known_number)

    def _known_chat(self, chat_id: int) -> bool:
        return chat_id in self._emulators.telegram.chats

    def _known_number(self, number: int) -> bool:
        return self._emulators.phones.find(Channel.SMS, NUMBERS.format(number)) is not None


def _unused(draw: Callable[[], int], known: Callable[[int], bool]) -> int:
    """A number that is not known, drawn so that guests of an earlier run are hardly ever hit."""
    for _ in range(10_000):
        number = draw()
        if not known(number):
            break
    return number
