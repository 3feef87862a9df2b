"""The simulator in a browser: everything travels over HTTP to an echoing house and back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


def phone(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


def write(handset: Locator, text: str) -> None:
    box = handset.get_by_label("Message", exact=True)
    box.fill(text)
    box.press("Enter")


def test_a_guest_in_telegram_writes_and_presses_a_button(visit: Visit) -> None:
    anna = phone(visit(), "Anna")

    write(anna, "table for 4")
    expect(anna.get_by_text("heard: table for 4")).to_be_visible()
    expect(anna.get_by_label("Message", exact=True)).to_have_value("")
    expect(anna.get_by_label("delivered", exact=True)).to_be_visible()
    anna.get_by_role("button", name="Yes").click()

    expect(anna.get_by_text("pressed Yes")).to_be_visible()
    expect(anna.get_by_text("Noted")).to_be_visible()
    expect(anna.get_by_role("button", name="Yes")).to_have_count(0)


def test_the_staff_see_the_alert_and_press_its_button(visit: Visit) -> None:
    page = visit()
    staff = phone(page, "Front of house")
    expect(staff.get_by_text("Alerts for the staff appear here.")).to_be_visible()

    write(phone(page, "Anna"), "table for 9")
    staff.get_by_role("button", name="Approve").click()

    expect(staff.get_by_text("pressed Approve")).to_be_visible()


def test_what_the_bot_is_not_shown_in_a_group_is_marked(visit: Visit) -> None:
    staff = phone(visit(), "Front of house")

    write(staff, "quiet tonight")
    expect(staff.get_by_text("not shown to the bot")).to_be_visible()
    write(staff, "/today")

    expect(staff.get_by_text("heard: /today")).to_be_visible()
    expect(staff.get_by_text("heard: quiet tonight")).to_have_count(0)


def test_a_guest_texts_and_the_carrier_answers_stop(visit: Visit) -> None:
    ben = phone(visit(), "Ben")
    expect(ben.get_by_text("+447700900123")).to_be_visible()

    write(ben, "dinner for 2")
    expect(ben.get_by_text("heard: dinner for 2")).to_be_visible()
    expect(ben.get_by_label("delivered", exact=True)).to_have_count(2)
    write(ben, "STOP")

    expect(ben.get_by_text("Twilio answers by itself")).to_be_visible()
    expect(ben.get_by_text("Stopped.")).to_be_visible()
    expect(ben.get_by_text("heard: STOP")).to_have_count(0)


def test_an_opener_is_sent_by_a_click(visit: Visit) -> None:
    anna = phone(visit(), "Anna")

    anna.get_by_role("button", name="Un tavolo per 4").click()

    expect(anna.get_by_text("heard: Un tavolo per 4")).to_be_visible()
    expect(anna.get_by_text("Nothing here yet.")).to_be_hidden()


def test_the_language_of_the_app_reaches_the_house(visit: Visit) -> None:
    page = visit()
    anna = phone(page, "Anna")
    write(anna, "one")
    expect(anna.get_by_text("heard: one [it]")).to_be_visible()

    anna.get_by_role("button", name="More about Anna").click()
    page.get_by_role("menu").get_by_text("English").click()
    expect(anna.get_by_text("Telegram · English")).to_be_visible()
    write(anna, "two")

    expect(anna.get_by_text("heard: two [en]")).to_be_visible()


def test_a_guest_blocks_and_unblocks_the_bot(visit: Visit) -> None:
    page = visit()
    anna = phone(page, "Anna")
    anna.get_by_role("button", name="More about Anna").click()
    page.get_by_role("menu").get_by_text("Block the bot", exact=True).click()
    expect(anna.get_by_text("Anna has blocked the bot.")).to_be_visible()
    expect(anna.get_by_label("Message", exact=True)).to_be_hidden()

    anna.get_by_role("button", name="More about Anna").click()
    page.get_by_role("menu").get_by_text("Unblock the bot", exact=True).click()
    write(anna, "back again")

    expect(anna.get_by_text("heard: back again")).to_be_visible()


def test_each_line_is_a_message_and_all_go_at_once(visit: Visit) -> None:
    anna = phone(visit(), "Anna")
    box = anna.get_by_label("Message", exact=True)

    box.fill("hello")
    box.press("Shift+Enter")
    box.press_sequentially("table for 2")
    expect(anna.get_by_text("2 messages, one right after the other")).to_be_visible()
    box.press("Enter")

    expect(anna.get_by_text("heard: hello")).to_be_visible()
    expect(anna.get_by_text("heard: table for 2")).to_be_visible()
    expect(anna.locator("article.holder")).to_have_count(2)


def test_the_staff_reply_to_an_alert(visit: Visit) -> None:
    page = visit()
    staff = phone(page, "Front of house")
    write(phone(page, "Anna"), "table for 9")

    staff.get_by_role("button", name="Reply").click()
    expect(staff.get_by_text("Reply to: New alert")).to_be_visible()
    write(staff, "call me")  # only a reply reaches a bot in a group

    expect(staff.get_by_text("heard: call me")).to_be_visible()
    expect(staff.get_by_text("Reply to: New alert")).to_be_hidden()


def test_a_guest_joins_writes_and_leaves(visit: Visit) -> None:
    page, other = visit(), visit()
    page.get_by_role("button", name="Add a guest").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Zoe")
    dialog.get_by_role("button", name="SMS").click()
    dialog.get_by_label("Name").press("Enter")

    write(phone(page, "Zoe"), "dinner for 2")
    expect(phone(other, "Zoe").get_by_text("heard: dinner for 2")).to_be_visible()
    phone(page, "Zoe").get_by_role("button", name="More about Zoe").click()
    page.get_by_role("menu").get_by_text("Remove Zoe").click()

    expect(phone(page, "Zoe")).to_have_count(0)
    expect(phone(other, "Zoe")).to_have_count(0)


def test_the_page_is_walked_through_with_the_keyboard(visit: Visit) -> None:
    page = visit()
    names = page.get_by_role("navigation", name="Guests")
    names.get_by_role("button", name="Ben").focus()
    page.keyboard.press("Enter")
    expect(phone(page, "Ben").get_by_label("Message", exact=True)).to_be_focused()

    page.keyboard.type("dinner for 2")
    page.keyboard.press("Enter")
    expect(phone(page, "Ben").get_by_text("heard: dinner for 2")).to_be_visible()
    page.keyboard.press("Tab")

    expect(phone(page, "Ben").get_by_role("button", name="Send")).to_be_focused()


def test_two_tabs_see_the_same_phones(visit: Visit) -> None:
    here, there = visit(), visit()

    write(phone(here, "Anna"), "hello")
    expect(phone(there, "Anna").get_by_text("heard: hello")).to_be_visible()
    phone(there, "Anna").get_by_role("button", name="No").click()

    expect(phone(here, "Anna").get_by_text("pressed No")).to_be_visible()


def test_markup_in_a_message_is_shown_as_it_was_written(visit: Visit) -> None:
    anna = phone(visit(), "Anna")

    write(anna, "<img src=x onerror=alert(1)> & <b>four</b>")

    expect(anna.get_by_text("heard: <img src=x onerror=alert(1)> & <b>four</b>")).to_be_visible()
    expect(anna.locator("img")).to_have_count(0)


def test_a_long_conversation_shows_its_end(visit: Visit) -> None:
    anna = phone(visit(), "Anna")

    for number in range(8):
        write(anna, f"message {number}")
        expect(anna.get_by_text(f"heard: message {number}")).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_screen_shows_one_thing_at_a_time_without_sideways_scrolling(
    visit: Visit, scheme: str
) -> None:
    page = visit(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    views = page.get_by_role("navigation", name="Views")
    write(phone(page, "Anna"), "a-word-that-does-not-end" * 20)
    expect(phone(page, "Anna").get_by_text("heard: a-word")).to_be_visible()
    expect(views.get_by_role("button", name="Staff").get_by_label("1 new")).to_be_visible()

    for name, shown in (("Staff", "Front of house"), ("Tables", "The book"), ("Trouble", "Break")):
        views.get_by_role("button", name=name).click()
        expect(page.get_by_role("region", name=shown)).to_be_visible()
        expect(page.get_by_role("region")).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth") == 390

    views.get_by_role("button", name="Guests").click()
    expect(phone(page, "Anna")).to_be_visible()
    assert page.evaluate("document.body.classList.contains('body--dark')") == (scheme == "dark")


def test_the_theme_can_be_turned(visit: Visit) -> None:
    page = visit(color_scheme="light")
    turn = page.get_by_role("button", name="Light, dark or as the system")

    turn.click()
    expect(page.locator("body.body--dark")).to_be_attached()
    turn.click()

    expect(page.locator("body.body--light")).to_be_attached()


def test_without_a_venue_the_book_says_what_to_do(visit: Visit) -> None:
    book = visit().get_by_role("region", name="The book")
    expect(book.get_by_text("No venue is loaded. Run: tabletalk load FILE.toml")).to_be_visible()
