"""What people in Telegram do, driven by HTTP."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, HTTPException

from webhooks.emulator.control_phones import shape, switch_faults
from webhooks.emulator.doors import Telegram
from webhooks.emulator.telegram_chats import Person
from webhooks.emulator.wishes import (
    EditTelegram,
    Migrate,
    OneChat,
    OpenChat,
    PressTelegram,
    SayTelegram,
    SendTelegram,
    SwitchFaults,
)

router = APIRouter(prefix="/telegram")


@router.post("/open")
def open_chat(wish: OpenChat, telegram: Telegram) -> dict[str, Any]:
    """Let the bot know a person or a group."""
    if wish.group:
        return shape(telegram.open_group(wish.chat_id, wish.name))
    return shape(
        telegram.open_chat(
            wish.chat_id, wish.name, language_code=wish.language_code, username=wish.username
        )
    )


@router.post("/say")
def say(wish: SayTelegram, telegram: Telegram) -> dict[str, int]:
    """Write a message."""
    if wish.chat_id > 0:
        telegram.open_chat(wish.chat_id, wish.name)
    if wish.language_code:
        telegram.speak(wish.chat_id, wish.language_code)
    sender = _person(wish.sender)
    number = telegram.say(wish.chat_id, wish.text, sender=sender, reply_to=wish.reply_to)
    return {"message_id": number}


@router.post("/send")
def send(wish: SendTelegram, telegram: Telegram) -> dict[str, int]:
    """Send what is no text."""
    if wish.kind == "contact" and wish.number:
        return {"message_id": telegram.share_number(wish.chat_id, wish.number)}
    return {"message_id": telegram.send(wish.chat_id, wish.kind)}


@router.post("/edit", status_code=204)
def edit(wish: EditTelegram, telegram: Telegram) -> None:
    """Edit a message."""
    telegram.edit(wish.chat_id, wish.message_id, wish.text)


@router.post("/press")
def press(wish: PressTelegram, telegram: Telegram) -> dict[str, str]:
    """Press a button."""
    message_id, data = wish.message_id, wish.button
    if message_id is None:
        message_id, data = telegram.button(wish.chat_id, wish.button)
    pressed = telegram.press(wish.chat_id, message_id, data, sender=_person(wish.sender))
    return {"callback_query_id": pressed}


@router.get("/presses/{press_id}")
def pressed(press_id: str, telegram: Telegram) -> dict[str, Any]:
    """What the house answered to a press."""
    found = telegram.presses.get(press_id)
    if found is None:
        raise HTTPException(404)
    return {"answered": found.answer is not None, "text": found.answer, "alert": found.alert}


@router.post("/block", status_code=204)
def block(wish: OneChat, telegram: Telegram) -> None:
    """Block the bot."""
    telegram.block(wish.chat_id)


@router.post("/unblock", status_code=204)
def unblock(wish: OneChat, telegram: Telegram) -> None:
    """Unblock the bot."""
    telegram.unblock(wish.chat_id)


@router.post("/migrate")
def migrate(wish: Migrate, telegram: Telegram) -> dict[str, Any]:
    """Turn a group into a supergroup."""
    return shape(telegram.migrate(wish.chat_id, wish.new_id))


@router.get("/calls")
def calls(telegram: Telegram) -> list[dict[str, Any]]:
    """Every call of the house since the last reset, oldest first."""
    return [asdict(call) for call in telegram.calls]


@router.get("/faults")
def faults(telegram: Telegram) -> dict[str, int | bool]:
    """What is switched on."""
    return telegram.faults.state() | {"one_a_second": telegram.one_a_second}


@router.put("/faults")
def switch(wish: SwitchFaults, telegram: Telegram) -> dict[str, int | bool]:
    """Switch faults on and off; those not named stay as they are."""
    if wish.one_a_second is not None:
        telegram.one_a_second = wish.one_a_second
    switch_faults(telegram.faults, wish)
    return faults(telegram)


def _person(name: str | None) -> Person | None:
    # The same name is the same person, so that the house can tell who decided.
    return Person(id=700_000 + sum(name.encode()), first_name=name) if name else None
