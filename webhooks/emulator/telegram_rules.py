"""What the Bot API refuses, in its own words.

Source: tdlib/telegram-bot-api, `Client.cpp`; limits as in `telegram.constants`.
"""

import json
import re
from collections.abc import Mapping
from html import unescape
from typing import Any

TEXT_CHARACTERS = 4096
CALLBACK_DATA_BYTES = 64
CALLBACK_ANSWER_CHARACTERS = 200
COMMANDS = 100
DESCRIPTION_CHARACTERS = 256
CONNECTIONS = range(1, 101)
#: What may stand in a secret token.
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
#: What may be the name of a command.
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
#: The tags of parse mode HTML and the kind of entity that each makes.
TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "a": "text_link",
}
_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)((?:\s[^<>]*)?)>")
_HREF = re.compile(r"""\bhref\s*=\s*["']?([^"'\s>]+)""")

Json = dict[str, Any]


class TelegramRefusal(Exception):
    """A call that the Bot API refuses.

    Args:
        code: HTTP status, also `error_code` of the body.
        description: with its prefix, such as "Bad Request: ".
        parameters: `retry_after` or `migrate_to_chat_id`.
    """

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> Json:
        """The answer that the caller gets."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(reason: str) -> TelegramRefusal:
    """A refusal with status 400."""
    return TelegramRefusal(400, f"Bad Request: {reason}")


class Params:
    """The arguments of a call, whether they came in the query, as a form or as JSON."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def text(self, name: str) -> str:
        """A string; empty when it is not given."""
        value = self._values.get(name)
        return "" if value is None else str(value)

    def integer(self, name: str) -> int:
        """A whole number; 0 when it is not given or is none."""
        text = self.text(name)
        return int(text) if re.fullmatch(r"-?\d+", text) else 0

    def flag(self, name: str) -> bool:
        """Whether something is switched on."""
        return self.text(name).lower() in {"true", "1", "yes"}

    def object(self, name: str) -> Any:
        """A JSON value, which a form carries as text; None when it is not given."""
        value = self._values.get(name)
        if not isinstance(value, str) or not value:
            return value or None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def shown(self) -> Json:
        """The arguments as they came, for the list of calls."""
        return dict(self._values)


def read_text(params: Params) -> tuple[str, list[Json]]:
    """The text of a message and its entities.

    Raises:
        TelegramRefusal: empty, or not to be parsed.
    """
    text, mode = params.text("text"), params.text("parse_mode").lower()
    entities: list[Json] = params.object("entities") or []
    if mode == "html":
        text, entities = parse_html(text)
    elif mode:
        # Markdown is never sent by the house; whoever begins to needs its rules here first.
        raise bad_request("unsupported parse_mode")
    text = text.strip()
    if not text:
        raise bad_request("message text is empty")
    return text, entities


def check_length(text: str) -> None:
    """Refuse a text that is too long."""
    if len(text) > TEXT_CHARACTERS:
        raise bad_request("message is too long")


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Take the tags out of a text; offsets of entities count UTF-16 units as Telegram does.

    Raises:
        TelegramRefusal: a tag is unknown, or not closed.
    """
    text, at, opened, entities = "", 0, list[tuple[str, int, Json]](), list[Json]()
    for tag in [*_TAG.finditer(source), None]:
        piece = source[at : tag.start() if tag else len(source)]
        if "<" in piece:
            raise bad_request(f"can't parse entities: Unsupported start tag at {_at(source, at)}")
        text += unescape(piece)
        if tag is None:
            break
        at = tag.end()
        name = tag[2].lower()
        if not tag[1]:
            opened.append((name, _units(text), _entity(source, tag)))
        elif not opened or opened[-1][0] != name:
            raise bad_request(
                f"can't parse entities: Unmatched end tag at {_at(source, tag.start())}"
            )
        else:
            _, offset, entity = opened.pop()
            entities.append(entity | {"offset": offset, "length": _units(text) - offset})
    if opened:
        raise bad_request(
            "can't parse entities: Can't find end tag corresponding to start tag"
            f' "{opened[-1][0]}"'
        )
    return text, sorted(entities, key=lambda entity: entity["offset"])


def _entity(source: str, tag: re.Match[str]) -> Json:
    name = tag[2].lower()
    if name not in TAGS:
        where = _at(source, tag.start())
        raise bad_request(f'can\'t parse entities: Unsupported start tag "{name}" at {where}')
    link = _HREF.search(tag[3])
    return {"type": TAGS[name]} | ({"url": link[1]} if name == "a" and link else {})


def _at(source: str, index: int) -> str:
    return f"byte offset {len(source[:index].encode())}"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def read_keyboard(params: Params) -> Json | None:
    """The inline keyboard of a message; other kinds of reply markup are let pass unshown.

    Raises:
        TelegramRefusal: it is no keyboard, or a button lacks text or action.
    """
    markup = params.object("reply_markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        return None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(
            'field "inline_keyboard" of the InlineKeyboardMarkup should be an Array of Arrays'
        )
    for button in (button for row in rows for button in row):
        _check_button(button)
    return {"inline_keyboard": rows} if any(rows) else None


def _check_button(button: Any) -> None:
    prefix = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad_request(prefix + "InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request(prefix + 'Can\'t find field "text"')
    if not button.get("callback_data") and not button.get("url"):
        raise bad_request(prefix + "Text buttons are unallowed in the inline keyboard")


def check_callback_data(keyboard: Json | None) -> None:
    """Refuse callback data longer than 64 bytes (not characters)."""
    for row in (keyboard or {}).get("inline_keyboard", []):
        for button in row:
            if len(str(button.get("callback_data", "")).encode()) > CALLBACK_DATA_BYTES:
                raise bad_request("BUTTON_DATA_INVALID")
