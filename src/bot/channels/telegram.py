"""Telegram: updates read, messages sent, with python-telegram-bot's `Bot` and `Update` alone.

A Bot belongs to one event loop: this module owns one thread with a loop for the whole process.
"""

import asyncio
import os
import ssl
import threading
from collections.abc import Callable, Coroutine, Mapping
from functools import cache
from typing import Any, TypeVar

import httpx
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from bot.channels import TELEGRAM, Moved, NotNow, Outgoing, Receipt, Refused, Unknown, Unreachable
from bot.inbox import Kind, Received
from bot.phones import e164

os.environ.setdefault("PTB_TIMEDELTA", "true")  # the library's coming default; it warns without

T = TypeVar("T")

#: Seconds; below the lease of a message and below Dramatiq's time limit.
TIMEOUT = 10
#: More connections do not send faster (reference: 2-8 measured best).
POOL = 8
#: So many buttons stand in a row, if their labels are no longer than this.
ROW, SHORT = 3, 13
_NEVER_SENT = (httpx.PoolTimeout, httpx.ConnectTimeout, httpx.ConnectError)
_BLOCKED = ("kicked", "left")
#: What a message may be instead of a text. A GIF is a document too, and a venue a location.
_ATTACHMENTS = (
    *("animation", "venue", "photo", "video", "document", "live_photo", "paid_media", "story"),
    *("voice", "audio", "video_note", "sticker", "dice", "game", "location", "contact"),
)


@cache
def _certificates() -> ssl.SSLContext:
    """The authorities that are trusted; read once, as that takes longer than all the rest."""
    return httpx.create_ssl_context()


class TelegramSender:
    """Sends as one bot.

    Args:
        token: the bot's token.
        api_url: root of the Bot API.
        timeout: seconds that a call may take.

    """

    def __init__(self, token: str, api_url: str, *, timeout: float = TIMEOUT) -> None:
        self._timeout = timeout
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="telegram", daemon=True)
        self._thread.start()
        self._request = HTTPXRequest(
            connection_pool_size=POOL,
            pool_timeout=timeout,
            connect_timeout=timeout,
            read_timeout=timeout,
            write_timeout=timeout,
            httpx_kwargs={"verify": _certificates()},
        )
        self.bot = Bot(
            token,
            base_url=f"{api_url}/bot",
            request=self._request,
            get_updates_request=self._request,  # never polled; else it makes one more
        )

    def send(self, outgoing: Outgoing) -> Receipt:
        """Send a text, or acknowledge the press of a button."""
        return self.run(self._send(outgoing))

    def find(self, outgoing: Outgoing) -> Receipt | None:
        """Look for nothing: the Bot API cannot list what was sent."""

    def warm_up(self) -> None:
        """Load nothing: the library is here."""

    def close(self) -> None:
        """Close the connections, then the loop and its thread."""
        self.run(self._request.shutdown())  # the bot's own shutdown does nothing uninitialised
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, call: Coroutine[Any, Any, T]) -> T:
        """Run a call of the bot on its loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(call, self._loop).result(timeout=2 * self._timeout)

    async def _send(self, outgoing: Outgoing) -> Receipt:
        try:
            if outgoing.press_id is not None:
                await self.bot.answer_callback_query(outgoing.press_id)
                return Receipt()
            if outgoing.edits is not None:
                return await self._edit(outgoing, int(outgoing.edits))
            sent = await self.bot.send_message(
                int(outgoing.address), outgoing.text, reply_markup=_keyboard(outgoing)
            )
        except TelegramError as error:
            raise _named(error) from error
        return Receipt(provider_id=str(sent.message_id), provider_state="sent")

    async def _edit(self, outgoing: Outgoing, message_id: int) -> Receipt:
        """Replace text and buttons; what already reads like that is as good as edited."""
        try:
            await self.bot.edit_message_text(
                outgoing.text,
                chat_id=int(outgoing.address),
                message_id=message_id,
                reply_markup=_keyboard(outgoing),
            )
        except BadRequest as error:
            if "not modified" not in error.message.lower():
                raise
        return Receipt()


def _keyboard(outgoing: Outgoing) -> InlineKeyboardMarkup | None:
    if not outgoing.buttons:
        return None
    rows: list[list[InlineKeyboardButton]] = []
    for label, token in outgoing.buttons:
        button = InlineKeyboardButton(label, callback_data=token)
        if rows and len(rows[-1]) < ROW and all(len(b.text) <= SHORT for b in (button, *rows[-1])):
            rows[-1].append(button)
        else:
            rows.append([button])
    return InlineKeyboardMarkup(rows)


def _named(error: TelegramError) -> Exception:
    """What an error of the library says about the message."""
    return next(meaning(error) for kind, meaning in _MEANINGS if isinstance(error, kind))


def _bad_request(error: BadRequest) -> Exception:
    gone = "chat not found" in error.message.lower()
    return Unreachable(error.message) if gone else Refused(error.message)


def _lost(error: NetworkError) -> Exception:
    """A call that ended without an answer: surely unsent, or nobody knows."""
    cause = error.__cause__
    if isinstance(cause, _NEVER_SENT):
        return NotNow(type(cause).__name__)
    if cause is None:  # an answer came: HTTP 5xx
        return NotNow(error.message)
    return Unknown(type(cause).__name__)


#: In this order: BadRequest and TimedOut are NetworkErrors too.
_MEANINGS: tuple[tuple[type[TelegramError], Callable[[Any], Exception]], ...] = (
    (RetryAfter, lambda error: NotNow("flood", pause=error.retry_after)),
    (ChatMigrated, lambda error: Moved(str(error.new_chat_id))),
    (Forbidden, lambda error: Unreachable(error.message)),
    (BadRequest, _bad_request),
    (InvalidToken, lambda _: NotNow("the provider does not know TABLETALK_TELEGRAM_TOKEN")),
    (NetworkError, _lost),
    (TelegramError, lambda error: Refused(error.message)),
)


def read_update(body: Mapping[str, Any], account: str) -> Received:
    """Turn an update into what the house stores.

    Args:
        body: the update as Telegram posted it.
        account: the id of the bot it was posted to.

    Raises:
        Exception: of any kind, when the update is not of the shape that the Bot API promises.

    """
    update = Update.de_json(dict(body), None)
    if update is None:
        raise ValueError("no update")
    common = {
        "channel": TELEGRAM,
        "account": account,
        "external_id": f"{account}:{update.update_id}",
    }
    if update.callback_query:
        return _press(update, common)
    if update.my_chat_member:
        return _membership(update, common)
    if update.message or update.edited_message:
        return _message(update, common)
    return Received(**common, address=None, kind=Kind.UNREADABLE, data={"update": sorted(body)})


def _message(update: Update, common: dict[str, str]) -> Received:
    message = update.message or update.edited_message
    if message is None:
        raise ValueError("no message")
    text = message.text or message.caption or ""
    kind = Kind.TEXT if text else Kind.MEDIA
    attached = (name for name in _ATTACHMENTS if getattr(message, name, None))
    media = {"media": next(attached, None)} if kind is Kind.MEDIA else {}
    return Received(
        **common,
        address=str(message.chat.id),
        kind=Kind.EDITED if update.edited_message else kind,
        text=text,
        data={**_person(update), **_place(message), **media, **_own_number(message)},
    )


def _own_number(message: Message) -> dict[str, Any]:
    """The number of whoever shares their own contact; a number of somebody else is not kept."""
    contact, sender = message.contact, message.from_user
    if contact is None or sender is None or contact.user_id != sender.id:
        return {}
    number = e164(f"+{contact.phone_number.removeprefix('+')}", like=None)  # the plus may lack
    return {"own_number": number} if number else {}


def _place(message: Message) -> dict[str, Any]:
    """Where a message was written: in what kind of chat, and in reply to which message."""
    place: dict[str, Any] = {"chat_type": message.chat.type}
    if message.chat.title:
        place["chat_title"] = message.chat.title
    if message.reply_to_message:
        place["reply_to"] = str(message.reply_to_message.message_id)
    return place


def _press(update: Update, common: dict[str, str]) -> Received:
    query = update.callback_query
    if query is None or query.message is None:
        raise ValueError("a press without its message")
    return Received(
        **common,
        address=str(query.message.chat.id),
        kind=Kind.PRESS,
        text=query.data or "",
        data={**_person(update), "chat_type": query.message.chat.type, "press_id": query.id},
    )


def _membership(update: Update, common: dict[str, str]) -> Received:
    change = update.my_chat_member
    if change is None:
        raise ValueError("no membership")
    blocked = change.new_chat_member.status in _BLOCKED
    data = {**_person(update), "chat_type": change.chat.type, "blocked": blocked}
    return Received(**common, address=str(change.chat.id), kind=Kind.MEMBERSHIP, data=data)


def _person(update: Update) -> dict[str, Any]:
    user = update.effective_user
    if user is None:
        return {}
    language = (user.language_code or "").partition("-")[0]
    return {"name": user.full_name, "language": language or None}
