"""An evening in the browser, with the real house behind it: written, held, booked, seen."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from evening import VENUE, Evening
from playwright.sync_api import Locator, Page, expect
from servers import free_port, wait_until

from booking.database import Database
from bot import loading, utc_now

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def evening(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    """A house in one process, with its venue loaded."""
    folder = tmp_path_factory.mktemp("evening")
    shutil.copy(sqlite_template, folder / "house.db")
    (folder / "aurora.toml").write_text(VENUE)
    database = Database(f"sqlite:///{folder}/house.db")
    loading.load(database, [folder / "aurora.toml"], keep_reservations=False, now=utc_now())
    port = free_port()
    env = {
        **os.environ,
        "TABLETALK_DATABASE_URL": f"sqlite:///{folder}/house.db",
        "TABLETALK_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "TABLETALK_SIMULATOR": "true",
    }
    house = Evening(f"http://127.0.0.1:{port}", env, folder / "house.log", database)
    house.start("web", "serve", "--port", str(port))
    try:
        wait_until(house.serves, what="the web process")
        yield house
    finally:
        house.kill("web")
        house.client.close()
        database.close()


def test_guests_book_in_two_languages_and_staff_and_book_show_it(
    open_tab: Callable[..., Page], evening: Evening
) -> None:
    page = open_tab(evening.url)
    anna, ben, staff, book = (
        page.get_by_role("region", name=name)
        for name in ("Anna", "Ben", "Front of house", "The book")
    )

    write(anna, "Table for 4 tomorrow at 8pm, we have a pram")
    expect(anna.get_by_role("timer")).to_contain_text("Table for 4 held")
    expect(bar(book, "4:")).to_be_visible()  # it counts down
    anna.get_by_role("button", name="Book it").click()
    expect(anna.get_by_text("Booked")).to_be_visible()
    expect(anna.get_by_role("timer")).to_be_hidden()
    expect(staff.get_by_text("4 people")).to_be_visible()
    expect(bar(book, "4 Anna")).to_be_visible()

    write(ben, "Un tavolo per 2 domani alle 21")
    expect(ben.get_by_text("2 persone")).to_be_visible()
    write(ben, "1")
    expect(staff.get_by_text("2 people")).to_be_visible()
    expect(bar(book, "2")).to_be_visible()
    expect(book.get_by_role("listitem")).to_have_count(2)
    assert [r["state"] for r in evening.book()] == ["reserved", "reserved"]


def test_another_day_is_chosen_and_the_book_comes_back_to_what_is_new(
    open_tab: Callable[..., Page], evening: Evening
) -> None:
    page = open_tab(evening.url)
    book = page.get_by_role("region", name="The book")
    days = book.get_by_role("group", name="Another day").get_by_role("button")

    days.nth(3).click()
    expect(days.nth(3)).to_have_attribute("aria-pressed", "true")
    expect(book.get_by_text("Nobody yet.")).to_be_visible()
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_text("Fresh guests.")).to_be_visible()
    expect(page.get_by_role("region", name="Anna").locator("article")).to_have_count(0)
    write(page.get_by_role("region", name="Anna"), "table for 2 tomorrow at 7pm")

    expect(days.nth(1)).to_have_attribute("aria-pressed", "true")


def test_a_broken_house_tells_what_waits_and_that_nothing_was_lost(
    open_tab: Callable[..., Page], evening: Evening
) -> None:
    page = open_tab(evening.url)
    trouble = page.get_by_role("region", name="Break something")
    paused = trouble.get_by_role("switch", name="Workers paused")
    trouble.get_by_role("switch", name="Duplicate webhooks").click()
    paused.click()
    expect(trouble.get_by_text("Counting.")).to_be_visible()

    write(page.get_by_role("region", name="Anna"), "table for 2 tomorrow at 9pm")
    expect(trouble.get_by_text("On its way: 1 to be read")).to_be_visible()
    paused.click()

    expect(trouble.get_by_text("Nothing lost, nothing doubled.")).to_be_visible()
    trouble.get_by_role("button", name="End the count").click()
    expect(trouble.get_by_role("switch", checked=True)).to_have_count(0)


def write(handset: Locator, text: str) -> None:
    box = handset.get_by_label("Message", exact=True)
    box.fill(text)
    box.press("Enter")


def bar(book: Locator, label: str) -> Locator:
    """What a bar of the timeline says; it is drawn as SVG."""
    return book.locator("svg text").filter(has_text=label).first
