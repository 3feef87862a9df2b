"""The real library against the box: what is sent, and what the Bot API refuses."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from webhooks.emulator.phones import Author

MakeBot = Callable[..., Bot]
ANNA = 5550001


def keyboard(*data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(d[:9], callback_data=d) for d in data]])


def with_bot(bot: Bot, act: Callable[[Bot], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with bot:
            return await act(bot)

    return asyncio.run(run())


def test_a_message_with_buttons_appears_on_the_phone(box: Any, make_bot: MakeBot) -> None:
    phone = box.telegram.open_chat(ANNA, "Anna")

    sent = with_bot(
        make_bot(), lambda bot: bot.send_message(ANNA, "Friday 19:00?", reply_markup=keyboard("y"))
    )

    assert isinstance(sent, Message)
    assert sent.chat.id == ANNA
    assert sent.reply_markup == keyboard("y")
    (shown,) = phone.messages()
    assert (shown.author, shown.text, shown.id) == (
        Author.HOUSE,
        "Friday 19:00?",
        str(sent.message_id),
    )
    assert shown.buttons[0][0].data == "y"


def test_html_becomes_plain_text_with_entities(box: Any, make_bot: MakeBot) -> None:
    phone = box.telegram.open_chat(ANNA, "Anna")

    sent = with_bot(
        make_bot(),
        lambda bot: bot.send_message(ANNA, "<b>Held</b> &amp; <i>yours</i>", parse_mode="HTML"),
    )

    assert sent.text == "Held & yours"
    assert [(e.type, e.offset, e.length) for e in sent.entities] == [
        ("bold", 0, 4),
        ("italic", 7, 5),
    ]
    assert phone.messages()[0].text == "Held & yours"


@pytest.mark.parametrize(
    ("text", "more", "words"),
    [
        (" \n ", {}, "Message text is empty"),
        ("x" * 4097, {}, "Message is too long"),
        ("<b>open", {"parse_mode": "HTML"}, "Can't find end tag"),
        ("a <marquee>", {"parse_mode": "HTML"}, "Unsupported start tag"),
        ("2 < 3", {"parse_mode": "HTML"}, "Unsupported start tag"),
        ("hi", {"reply_markup": keyboard("\N{EURO SIGN}" * 22)}, "Button_data_invalid"),
        (
            "hi",
            {"reply_markup": InlineKeyboardMarkup([[InlineKeyboardButton("no action")]])},
            "Text buttons are unallowed",
        ),
    ],
)
def test_a_message_that_breaks_a_rule_is_refused_and_not_shown(
    box: Any, make_bot: MakeBot, text: str, more: dict[str, Any], words: str
) -> None:
    phone = box.telegram.open_chat(ANNA, "Anna")

    with pytest.raises(BadRequest, match=f"(?i){words}"):
        with_bot(make_bot(), lambda bot: bot.send_message(ANNA, text, **more))

    assert phone.messages() == ()


def test_texts_and_callback_data_of_the_greatest_length_pass(box: Any, make_bot: MakeBot) -> None:
    box.telegram.open_chat(ANNA, "Anna")

    sent = with_bot(
        make_bot(),
        lambda bot: bot.send_message(ANNA, "x" * 4096, reply_markup=keyboard("d" * 64)),
    )

    assert len(sent.text) == 4096


def test_a_bot_cannot_write_first(make_bot: MakeBot) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        with_bot(make_bot(), lambda bot: bot.send_message(999, "hello"))


def test_a_group_that_the_bot_was_added_to_is_known(box: Any, make_bot: MakeBot) -> None:
    box.telegram.open_group(-1001234567890, "Front of house")

    sent = with_bot(make_bot(), lambda bot: bot.send_message(-1001234567890, "New: 4 at 19:00"))

    assert sent.chat.type == "supergroup"


def test_a_blocked_bot_is_told_so_until_it_is_unblocked(box: Any, make_bot: MakeBot) -> None:
    box.telegram.open_chat(ANNA, "Anna")
    box.telegram.block(ANNA)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        with_bot(make_bot(), lambda bot: bot.send_message(ANNA, "hello"))

    box.telegram.unblock(ANNA)

    assert with_bot(make_bot(), lambda bot: bot.send_message(ANNA, "hello")).text == "hello"


def test_a_group_that_became_a_supergroup_tells_its_new_id(box: Any, make_bot: MakeBot) -> None:
    box.telegram.open_group(-77, "Staff")
    box.telegram.migrate(-77, -10077)

    with pytest.raises(ChatMigrated) as moved:
        with_bot(make_bot(), lambda bot: bot.send_message(-77, "hello"))

    assert moved.value.new_chat_id == -10077
    assert with_bot(make_bot(), lambda bot: bot.send_message(-10077, "hello")).text == "hello"


def test_an_edit_changes_what_the_phone_shows(box: Any, make_bot: MakeBot) -> None:
    phone = box.telegram.open_chat(ANNA, "Anna")

    async def act(bot: Bot) -> None:
        sent = await bot.send_message(ANNA, "held", reply_markup=keyboard("y"))
        await bot.edit_message_text("booked", chat_id=ANNA, message_id=sent.message_id)

    with_bot(make_bot(), act)

    (shown,) = phone.messages()
    assert (shown.text, shown.buttons, shown.edited) == ("booked", (), True)


def test_buttons_alone_can_be_taken_away(box: Any, make_bot: MakeBot) -> None:
    phone = box.telegram.open_chat(ANNA, "Anna")

    async def act(bot: Bot) -> None:
        sent = await bot.send_message(ANNA, "held", reply_markup=keyboard("y"))
        await bot.edit_message_reply_markup(chat_id=ANNA, message_id=sent.message_id)

    with_bot(make_bot(), act)

    (shown,) = phone.messages()
    assert (shown.text, shown.buttons) == ("held", ())


def test_an_edit_that_changes_nothing_is_refused(box: Any, make_bot: MakeBot) -> None:
    box.telegram.open_chat(ANNA, "Anna")

    async def act(bot: Bot) -> None:
        sent = await bot.send_message(ANNA, "held", reply_markup=keyboard("y"))
        await bot.edit_message_text(
            "held", chat_id=ANNA, message_id=sent.message_id, reply_markup=keyboard("y")
        )

    with pytest.raises(BadRequest, match="Message is not modified"):
        with_bot(make_bot(), act)


@pytest.mark.parametrize(
    ("beyond", "words"), [(0, "Message can't be edited"), (1, "Message to edit not found")]
)
def test_only_messages_of_the_bot_can_be_edited(
    box: Any, make_bot: MakeBot, beyond: int, words: str
) -> None:
    box.telegram.open_chat(ANNA, "Anna")
    number = box.telegram.say(ANNA, "hello") + beyond

    with pytest.raises(BadRequest, match=f"(?i){words}"):
        with_bot(
            make_bot(), lambda bot: bot.edit_message_text("x", chat_id=ANNA, message_id=number)
        )


def press(box: Any) -> str:
    box.telegram.open_chat(ANNA, "Anna")
    query: str = box.telegram.press(ANNA, box.telegram.say(ANNA, "hello"), "y")
    return query


def test_an_answer_to_a_press_pops_up_on_the_phone(box: Any, make_bot: MakeBot) -> None:
    query = press(box)

    with_bot(make_bot(), lambda bot: bot.answer_callback_query(query, "Booked"))

    assert box.telegram.presses[query].answer == "Booked"
    assert box.telegram.open_chat(ANNA, "Anna").messages()[-1].text == "Booked"


def test_a_press_is_answered_once(box: Any, make_bot: MakeBot) -> None:
    query = press(box)

    async def act(bot: Bot) -> None:
        await bot.answer_callback_query(query)
        await bot.answer_callback_query(query)

    with pytest.raises(BadRequest, match="Query is too old"):
        with_bot(make_bot(), act)


def test_a_late_answer_to_a_press_is_refused(box: Any, make_bot: MakeBot, clock: Any) -> None:
    query = press(box)
    clock.now += timedelta(seconds=151)

    with pytest.raises(BadRequest, match="Query is too old"):
        with_bot(make_bot(), lambda bot: bot.answer_callback_query(query))


def test_a_long_answer_to_a_press_is_refused(box: Any, make_bot: MakeBot) -> None:
    query = press(box)

    with pytest.raises(BadRequest, match="Message_too_long"):
        with_bot(make_bot(), lambda bot: bot.answer_callback_query(query, "x" * 201))


def test_a_wrong_token_is_refused(make_bot: MakeBot) -> None:
    with pytest.raises(InvalidToken):
        with_bot(make_bot(token="77:wrong"), lambda bot: bot.get_me())


def test_an_unknown_method_is_not_found(driver: Any) -> None:
    answer = driver.post("/telegram/bot77:made-up/sendFlowers")

    assert answer.status_code == 404
    assert answer.json()["ok"] is False


def test_methods_take_json_and_query_as_well(box: Any, driver: Any) -> None:
    phone = box.telegram.open_chat(ANNA, "Anna")

    driver.post("/telegram/bot77:made-up/sendMessage", json={"chat_id": ANNA, "text": "json"})
    driver.get("/telegram/bot77:made-up/sendmessage", params={"chat_id": ANNA, "text": "query"})

    assert [m.text for m in phone.messages()] == ["json", "query"]


def test_one_message_a_second_when_that_is_switched_on(
    box: Any, make_bot: MakeBot, clock: Any
) -> None:
    box.telegram.open_chat(ANNA, "Anna")
    box.telegram.one_a_second = True
    with_bot(make_bot(), lambda bot: bot.send_message(ANNA, "one"))

    with pytest.raises(RetryAfter):
        with_bot(make_bot(), lambda bot: bot.send_message(ANNA, "two"))

    clock.now += timedelta(seconds=1)
    assert with_bot(make_bot(), lambda bot: bot.send_message(ANNA, "three")).text == "three"


def test_typing_shows_until_the_message_comes(box: Any, make_bot: MakeBot) -> None:
    phone = box.telegram.open_chat(ANNA, "Anna")
    with_bot(make_bot(), lambda bot: bot.send_chat_action(ANNA, "typing"))
    assert phone.typing_until is not None

    with_bot(make_bot(), lambda bot: bot.send_message(ANNA, "here"))

    assert phone.typing_until is None


def test_the_webhook_can_be_set_looked_at_and_deleted(make_bot: MakeBot) -> None:
    async def act(bot: Bot) -> tuple[Any, Any]:
        await bot.set_webhook(
            "https://x.example/hook", secret_token="s" * 256, allowed_updates=["message"]
        )
        info = await bot.get_webhook_info()
        await bot.delete_webhook()
        return info, await bot.get_webhook_info()

    info, gone = with_bot(make_bot(), act)

    assert (info.url, info.allowed_updates, gone.url) == (
        "https://x.example/hook",
        ("message",),
        "",
    )


@pytest.mark.parametrize(
    ("url", "secret", "words"),
    [
        ("ftp://x.example", None, "HTTPS URL must be provided"),
        ("https://x.example", "not good", "Secret token contains unallowed characters"),
        ("https://x.example", "s" * 257, "Secret token contains unallowed characters"),
    ],
)
def test_a_bad_webhook_is_refused(
    make_bot: MakeBot, url: str, secret: str | None, words: str
) -> None:
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        with_bot(make_bot(), lambda bot: bot.set_webhook(url, secret_token=secret))


def test_commands_are_kept_by_scope_and_language(box: Any, make_bot: MakeBot) -> None:
    with_bot(
        make_bot(), lambda bot: bot.set_my_commands([BotCommand("book", "A table")], None, "en")
    )

    assert box.telegram.commands["default", "en"][0]["command"] == "book"


@pytest.mark.parametrize(
    ("name", "description", "words"),
    [("Book!", "A table", "Bot_command_invalid"), ("book", "", "Bot_command_description_invalid")],
)
def test_a_bad_command_is_refused(
    make_bot: MakeBot, name: str, description: str, words: str
) -> None:
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        with_bot(make_bot(), lambda bot: bot.set_my_commands([BotCommand(name, description)]))


def test_a_lost_answer_leaves_the_message_on_the_phone(
    box: Any, make_bot: MakeBot, driver: Any
) -> None:
    phone = box.telegram.open_chat(ANNA, "Anna")
    driver.put("/telegram/faults", json={"lose_answer": 1})

    with pytest.raises(TimedOut):
        with_bot(make_bot(patience=1), lambda bot: bot.send_message(ANNA, "once"))

    phone.wait_for(lambda messages: [m.text for m in messages] == ["once"])
    assert with_bot(make_bot(), lambda bot: bot.send_message(ANNA, "twice")).text == "twice"


def test_a_failing_provider_does_nothing(box: Any, make_bot: MakeBot, driver: Any) -> None:
    phone = box.telegram.open_chat(ANNA, "Anna")
    driver.put("/telegram/faults", json={"fail": True})

    with pytest.raises(NetworkError, match="Bad Gateway"):
        with_bot(make_bot(), lambda bot: bot.send_message(ANNA, "hello"))

    assert phone.messages() == ()


def test_a_flooded_provider_asks_to_wait(box: Any, make_bot: MakeBot, driver: Any) -> None:
    box.telegram.open_chat(ANNA, "Anna")
    driver.put("/telegram/faults", json={"flood": 1})

    with pytest.raises(RetryAfter):
        with_bot(make_bot(), lambda bot: bot.send_message(ANNA, "hello"))


def test_a_slow_provider_is_slow_for_everybody(make_bot: MakeBot, driver: Any) -> None:
    driver.put("/telegram/faults", json={"slow_ms": 400})

    with pytest.raises(TimedOut):
        with_bot(make_bot(patience=0.1), lambda bot: bot.get_me())


def test_every_call_of_the_house_is_listed(box: Any, make_bot: MakeBot, driver: Any) -> None:
    box.telegram.open_chat(ANNA, "Anna")
    with_bot(make_bot(), lambda bot: bot.send_message(ANNA, "hello"))

    last = driver.get("/telegram/calls").json()[-1]

    assert (last["method"], last["status"]) == ("sendMessage", 200)
    assert last["parameters"]["text"] == "hello"
