"""Telegram in a box: people who write to a bot, and the Bot API that it calls.

State is in memory. Everything here may be called from any thread and returns at once; updates
travel on the courier's thread.
"""

import secrets
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from webhooks.emulator.courier import Courier, Outcome
from webhooks.emulator.faults import Fault, Faults
from webhooks.emulator.phones import Author, Channel, Delivery, Phone, PhoneMessage, Phones
from webhooks.emulator.telegram_chats import (
    MEDIA,
    Call,
    Chat,
    Person,
    Press,
    entities_of,
    meant_for,
)
from webhooks.emulator.telegram_hook import Patience, Updates, Webhook
from webhooks.emulator.telegram_rules import Json
from webhooks.emulator.traffic import Traffic

#: Message ids count the seconds from here on, so that a restart never uses one twice.
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)

#: How many calls of the house are listed; a simulator may run for weeks.
CALLS_KEPT = 5000


class NotPossible(Exception):
    """What a person tried cannot be done on a real phone either."""


class TelegramEmulator:
    """One bot, everybody who writes to it, and what each of them sees.

    Args:
        token: of the bot; what comes before the colon is its id.
        username: of the bot, without @.
        phones: where chats show their messages.
        courier: takes updates to the house.
        now: the clock, UTC.
        webhook: where updates go until the house calls setWebhook.
        patience: with the house's webhook.
        privacy: in groups the bot sees only commands, mentions and replies (Telegram's default).
    """

    def __init__(
        self,
        *,
        token: str,
        phones: Phones,
        courier: Courier,
        now: Callable[[], datetime],
        username: str = "tabletalk_bot",
        webhook: Webhook | None = None,
        patience: Patience | None = None,
        privacy: bool = True,
    ) -> None:
        self.token = token
        self.username = username
        self.phones = phones
        self.now = now
        self.privacy = privacy
        self.faults = Faults()
        self.one_a_second = False
        self.lock = threading.RLock()
        self.updates = Updates(
            courier,
            webhook or Webhook(),
            patience=patience or Patience(),
            now=now,
            first_id=int(now().timestamp()),
        )
        self._message_ids = count(int((now() - BEGINNING).total_seconds()))
        self.reset()

    def reset(self) -> None:
        """Forget chats, messages and calls; the webhook and the rising ids stay."""
        with self.lock:
            self.chats: dict[int, Chat] = {}
            self.messages: dict[tuple[int, int], Json] = {}
            self.presses: dict[str, Press] = {}
            self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
            self.commands: dict[tuple[str, str], list[Json]] = {}
            self.traffic = Traffic()
            self.one_a_second = False
            self.faults.clear()

    @property
    def bot(self) -> Json:
        """The bot as a `User`."""
        return {
            "id": int(self.token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Tabletalk",
            "username": self.username,
        }

    def open_chat(
        self, chat_id: int, name: str, *, language_code: str | None = None, username: str = ""
    ) -> Phone:
        """Let the bot know a person, as if they had once written; keeps what is there already."""
        holder = Person(
            id=chat_id, first_name=name, language_code=language_code, username=username or None
        )
        return self._open(chat_id, "private", holder, name)

    def open_group(self, chat_id: int, title: str, *, member: str = "Staff") -> Phone:
        """Put the bot into a group; `member` writes there when nobody else is named."""
        kind = "supergroup" if str(chat_id).startswith("-100") else "group"
        return self._open(chat_id, kind, Person(id=abs(chat_id) % 10**9, first_name=member), title)

    def speak(self, chat_id: int, language_code: str | None) -> None:
        """Change the language of a person's app."""
        with self.lock:
            chat = self._known(chat_id)
            chat.holder = replace(chat.holder, language_code=language_code)

    def say(
        self,
        chat_id: int,
        text: str,
        *,
        sender: Person | None = None,
        reply_to: int | None = None,
    ) -> int:
        """Write a message; its id comes back.

        Raises:
            NotPossible: the chat is unknown or blocked, or the text is empty.
        """
        if not text.strip():
            raise NotPossible("an empty message cannot be sent")
        with self.lock:
            chat = self._chat(chat_id)
            body: Json = {"text": text} | entities_of(text)
            replied = self.messages.get((chat_id, reply_to or 0))
            if replied:
                body["reply_to_message"] = replied
            to_the_bot = replied is not None and replied["from"]["id"] == self.bot["id"]
            seen = (
                chat.private
                or not self.privacy
                or meant_for(self.username, text, is_reply=to_the_bot)
            )
            return self._write(chat, body, text, sender, seen=seen)

    def send(self, chat_id: int, kind: str) -> int:
        """Send a photo, sticker, voice note, location or contact; its id comes back."""
        with self.lock:
            chat = self._chat(chat_id)
            if kind not in MEDIA:
                raise NotPossible(f"not one of {', '.join(MEDIA)}: {kind}")
            return self._write(chat, MEDIA[kind], f"[{kind}]", None, seen=chat.private)

    def share_number(self, chat_id: int, number: str) -> int:
        """Share the holder's own number (E.164) with the bot; the id of the message comes back.

        Raises:
            NotPossible: it is no chat of one person with the bot.
        """
        with self.lock:
            chat = self._chat(chat_id)
            if not chat.private:
                raise NotPossible("a number can be shared in a private chat only")
            contact = {
                "phone_number": number.removeprefix("+"),  # as Telegram gives it
                "first_name": chat.holder.first_name,
                "user_id": chat.holder.id,
            }
            return self._write(chat, {"contact": contact}, f"[contact {number}]", None)

    def edit(self, chat_id: int, message_id: int, text: str) -> None:
        """Edit one of the holder's own messages."""
        with self.lock:
            chat, message = self._chat(chat_id), self._message(chat_id, message_id)
            edited = message | {"text": text, "edit_date": int(self.now().timestamp())}
            self.messages[chat_id, message_id] = edited
            chat.phone.change(str(message_id), text=text, edited=True)
            self._update("edited_message", edited, lane=f"chat {chat_id}")

    def press(
        self, chat_id: int, message_id: int, data: str, *, sender: Person | None = None
    ) -> str:
        """Press a button; `data` is not checked, as no real client does. The query's id comes back.

        Raises:
            NotPossible: there is no such chat or message.
        """
        with self.lock:
            chat, message = self._chat(chat_id), self._message(chat_id, message_id)
            press = Press(id=str(secrets.randbits(62)), chat=chat, at=self.now())
            self.presses[press.id] = press
            person = sender or chat.holder
            query = {
                "id": press.id,
                "from": person.shape(),
                "message": message,
                "chat_instance": str(-abs(chat_id)),
                "data": data,
            }
            self._update("callback_query", query, lane=f"press {person.id}")
            return press.id

    def button(self, chat_id: int, label: str) -> tuple[int, str]:
        """The newest button with this text or data: id of its message, data.

        Raises:
            NotPossible: there is none.
        """
        with self.lock:
            for (chat, message_id), message in reversed(self.messages.items()):
                rows = message.get("reply_markup", {}).get("inline_keyboard", [])
                for button in (button for row in rows for button in row if chat == chat_id):
                    if label in {button["text"], button.get("callback_data")}:
                        return message_id, button.get("callback_data", "")
        raise NotPossible(f"no button {label!r} in chat {chat_id}")

    def block(self, chat_id: int) -> None:
        """Block the bot, as a person."""
        self._block(chat_id, blocked=True)

    def unblock(self, chat_id: int) -> None:
        """Unblock the bot, as a person."""
        self._block(chat_id, blocked=False)

    def migrate(self, chat_id: int, new_id: int) -> Phone:
        """Turn a group into a supergroup with another id."""
        with self.lock:
            old = self._chat(chat_id)
            phone = self.open_group(new_id, old.title, member=old.holder.first_name)
            old.migrated_to = new_id
            self._write(old, {"migrate_to_chat_id": new_id}, "[now a supergroup]", None)
            self._write(
                self.chats[new_id], {"migrate_from_chat_id": chat_id}, "[was a group]", None
            )
            return phone

    def post(self, chat: Chat, text: str, extra: Json) -> Json:
        """Store a new message of the bot; how it is shown is up to the caller."""
        message = self._compose(chat, self.bot, {"text": text} | extra)
        self.messages[chat.id, message["message_id"]] = message
        return message

    def _open(self, chat_id: int, kind: str, holder: Person, title: str) -> Phone:
        with self.lock:
            if chat_id not in self.chats:
                phone = self.phones.open(Channel.TELEGRAM, str(chat_id), title)
                self.chats[chat_id] = Chat(
                    id=chat_id, kind=kind, holder=holder, phone=phone, title=title
                )
            return self.chats[chat_id].phone

    def _known(self, chat_id: int) -> Chat:
        if chat_id not in self.chats:
            raise NotPossible(f"unknown chat {chat_id}")
        return self.chats[chat_id]

    def _chat(self, chat_id: int) -> Chat:
        chat = self._known(chat_id)
        if chat.blocked:
            raise NotPossible(f"chat {chat_id} has blocked the bot")
        return chat

    def _message(self, chat_id: int, message_id: int) -> Json:
        message = self.messages.get((chat_id, message_id))
        if message is None:
            raise NotPossible(f"no message {message_id} in chat {chat_id}")
        return message

    def _compose(self, chat: Chat, sender: Json, body: Json) -> Json:
        return {
            "message_id": next(self._message_ids),
            "from": sender,
            "chat": chat.shape(),
            "date": int(self.now().timestamp()),
        } | body

    def _write(
        self, chat: Chat, body: Json, shown: str, sender: Person | None, *, seen: bool = True
    ) -> int:
        person = sender or chat.holder
        message = self._compose(chat, person.shape(), body)
        number: int = message["message_id"]
        self.messages[chat.id, number] = message
        chat.phone.show(
            PhoneMessage(
                id=str(number),
                author=Author.HOLDER,
                text=shown,
                at=self.now(),
                name="" if chat.private else person.first_name,
                state=Delivery.SENDING if seen else Delivery.UNSEEN,
            )
        )
        if seen:
            self._update("message", message, lane=f"chat {chat.id}", shown_in=chat.phone)
        return number

    def _update(self, kind: str, body: Json, *, lane: str, shown_in: Phone | None = None) -> None:
        def ended(outcome: Outcome) -> None:
            if shown_in:
                state = Delivery.DELIVERED if outcome.accepted else Delivery.FAILED
                shown_in.change(str(body["message_id"]), state=state)

        twice = self.faults.take(Fault.DUPLICATE)
        self.traffic.note(self.now(), copies=2 if twice else 1)
        self.updates.send(kind, body, lane=lane, twice=twice, ended=ended)

    def _block(self, chat_id: int, *, blocked: bool) -> None:
        with self.lock:
            chat = self._known(chat_id)
            if not chat.private:
                raise NotPossible("only a person can block a bot")
            if chat.blocked == blocked:
                return
            chat.blocked = blocked
            chat.phone.show_blocked(blocked=blocked)
            member, kicked = {"status": "member"}, {"status": "kicked", "until_date": 0}
            old, new = (member, kicked) if blocked else (kicked, member)
            change = {
                "chat": chat.shape(),
                "from": chat.holder.shape(),
                "date": int(self.now().timestamp()),
                "old_chat_member": {"user": self.bot} | old,
                "new_chat_member": {"user": self.bot} | new,
            }
            self._update("my_chat_member", change, lane=f"member {chat_id}")

    def too_soon(self, chat: Chat) -> bool:
        """Whether one message a second is the limit and this would be more; notes the sending."""
        now = self.now()
        early = chat.last_sent is not None and now - chat.last_sent < timedelta(seconds=1)
        if self.one_a_second and early:
            return True
        chat.last_sent = now
        return False
