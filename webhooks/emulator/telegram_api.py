"""The methods of the Bot API that the house may call, as strict as the real ones."""

from collections.abc import Callable
from datetime import timedelta
from types import MappingProxyType
from typing import Any, TypeAlias

from webhooks.emulator.phones import Author, PhoneMessage
from webhooks.emulator.telegram import TelegramEmulator
from webhooks.emulator.telegram_chats import Call, Chat, buttons_of
from webhooks.emulator.telegram_hook import Webhook, read_webhook
from webhooks.emulator.telegram_rules import (
    CALLBACK_ANSWER_CHARACTERS,
    COMMAND,
    COMMANDS,
    DESCRIPTION_CHARACTERS,
    Json,
    Params,
    TelegramRefusal,
    bad_request,
    check_callback_data,
    check_length,
    read_keyboard,
    read_text,
)

Method: TypeAlias = Callable[[TelegramEmulator, Params], Any]

#: How long "is typing" is shown.
TYPING = timedelta(seconds=5)
#: What a chat action may be, as far as a bot that writes only texts needs.
ACTIONS = frozenset({"typing", "upload_document", "find_location"})
#: How many updates are given at once at most.
LONGEST_LIST = 100
#: Seconds that a caller is asked to wait after more than one message a second.
RETRY_AFTER = 1


def carry_out(telegram: TelegramEmulator, method: str, params: Params) -> Any:
    """Carry out a call of the house and list it.

    Args:
        telegram: the box.
        method: in any case of letters.
        params: the arguments.

    Raises:
        TelegramRefusal: with the code and words of the Bot API.
    """
    status = 200
    try:
        with telegram.lock:
            return METHODS.get(method.lower(), _unknown)(telegram, params)
    except TelegramRefusal as refusal:
        status = refusal.code
        raise
    finally:
        telegram.calls.append(Call(telegram.now(), method, status, params.shown()))


def _unknown(_telegram: TelegramEmulator, _params: Params) -> Json:
    raise TelegramRefusal(404, "Not Found: method not found")


def _get_me(telegram: TelegramEmulator, _params: Params) -> Json:
    return telegram.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": not telegram.privacy,
        "supports_inline_queries": False,
    }


def _send_message(telegram: TelegramEmulator, params: Params) -> Json:
    text, entities = read_text(params)
    keyboard = read_keyboard(params)
    chat = _chat(telegram, params)
    check_length(text)
    check_callback_data(keyboard)
    if telegram.too_soon(chat):
        raise TelegramRefusal(
            429, f"Too Many Requests: retry after {RETRY_AFTER}", retry_after=RETRY_AFTER
        )
    message = telegram.post(chat, text, _extra(entities, keyboard))
    chat.phone.show(
        PhoneMessage(
            id=str(message["message_id"]),
            author=Author.HOUSE,
            text=text,
            at=telegram.now(),
            buttons=buttons_of(keyboard),
        )
    )
    return message


def _edit_message_text(telegram: TelegramEmulator, params: Params) -> Json:
    text, entities = read_text(params)
    keyboard = read_keyboard(params)
    check_length(text)
    return _replace(telegram, params, {"text": text} | _extra(entities, keyboard))


def _edit_message_reply_markup(telegram: TelegramEmulator, params: Params) -> Json:
    keyboard = read_keyboard(params)
    old = _own_message(telegram, _chat(telegram, params), params)
    kept = {name: old[name] for name in ("text", "entities") if name in old}
    return _replace(telegram, params, kept | _extra([], keyboard))


def _answer_callback_query(telegram: TelegramEmulator, params: Params) -> bool:
    text = params.text("text")
    if len(text) > CALLBACK_ANSWER_CHARACTERS:
        raise bad_request("MESSAGE_TOO_LONG")
    press = telegram.presses.get(params.text("callback_query_id"))
    if press is None or not press.open(telegram.now()):
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    press.answer, press.alert = text, params.flag("show_alert")
    if text:
        press.chat.phone.note(text, at=telegram.now())
    return True


def _send_chat_action(telegram: TelegramEmulator, params: Params) -> bool:
    chat = _chat(telegram, params)
    if params.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.phone.show_typing(until=telegram.now() + TYPING)
    return True


def _set_webhook(telegram: TelegramEmulator, params: Params) -> bool:
    telegram.updates.point_to(read_webhook(params), drop=params.flag("drop_pending_updates"))
    return True


def _delete_webhook(telegram: TelegramEmulator, params: Params) -> bool:
    telegram.updates.point_to(Webhook(), drop=params.flag("drop_pending_updates"))
    return True


def _get_webhook_info(telegram: TelegramEmulator, _params: Params) -> Json:
    return telegram.updates.info()


def _get_updates(telegram: TelegramEmulator, params: Params) -> list[Json]:
    wanted = params.object("allowed_updates") or []
    waiting = telegram.updates.wait_here(params.integer("offset"))
    chosen = [each for each in waiting if not wanted or not each.keys().isdisjoint(wanted)]
    return chosen[: params.integer("limit") or LONGEST_LIST]


def _set_my_commands(telegram: TelegramEmulator, params: Params) -> bool:
    commands = params.object("commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands: expected an Array of BotCommand")
    if len(commands) > COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(str(command.get("command", ""))):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= DESCRIPTION_CHARACTERS:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    scope = (params.object("scope") or {}).get("type", "default")
    telegram.commands[scope, params.text("language_code")] = commands
    return True


def _chat(telegram: TelegramEmulator, params: Params) -> Chat:
    if not params.text("chat_id"):
        raise bad_request("chat_id is empty")
    chat = telegram.chats.get(params.integer("chat_id"))
    if chat is None:
        raise bad_request("chat not found")
    if chat.blocked:
        raise TelegramRefusal(403, "Forbidden: bot was blocked by the user")
    if chat.migrated_to:
        raise TelegramRefusal(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat.migrated_to,
        )
    return chat


def _own_message(telegram: TelegramEmulator, chat: Chat, params: Params) -> Json:
    message = telegram.messages.get((chat.id, params.integer("message_id")))
    if message is None:
        raise bad_request("message to edit not found")
    if message["from"]["id"] != telegram.bot["id"]:
        raise bad_request("message can't be edited")
    return message


def _replace(telegram: TelegramEmulator, params: Params, content: Json) -> Json:
    chat = _chat(telegram, params)
    old = _own_message(telegram, chat, params)
    keyboard = content.get("reply_markup")
    check_callback_data(keyboard)
    parts = ("text", "entities", "reply_markup")
    if {name: old[name] for name in parts if name in old} == content:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly"
            " the same as a current content and reply markup of the message"
        )
    new = {name: value for name, value in old.items() if name not in parts} | content
    new["edit_date"] = int(telegram.now().timestamp())
    telegram.messages[chat.id, old["message_id"]] = new
    chat.phone.change(
        str(old["message_id"]), text=new["text"], buttons=buttons_of(keyboard), edited=True
    )
    return new


def _extra(entities: list[Json], keyboard: Json | None) -> Json:
    extra = {"entities": entities, "reply_markup": keyboard}
    return {name: value for name, value in extra.items() if value}


METHODS: MappingProxyType[str, Method] = MappingProxyType(
    {
        "getme": _get_me,
        "getupdates": _get_updates,
        "sendmessage": _send_message,
        "editmessagetext": _edit_message_text,
        "editmessagereplymarkup": _edit_message_reply_markup,
        "answercallbackquery": _answer_callback_query,
        "sendchataction": _send_chat_action,
        "setwebhook": _set_webhook,
        "deletewebhook": _delete_webhook,
        "getwebhookinfo": _get_webhook_info,
        "setmycommands": _set_my_commands,
    }
)
#: Methods that send or change a message; counted faults strike only these.
SENDING = frozenset({"sendmessage", "editmessagetext", "editmessagereplymarkup"})
