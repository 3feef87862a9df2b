"""A browser, and a house to look at."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright
from servers import answers, free_port, wait_until

ROOT = Path(__file__).parents[3]
#: How long (ms) a page is waited for, as long as for anything else: two cores may be busy.
expect.set_options(timeout=20_000)


def chromium() -> str | None:
    found = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
    return found or shutil.which("chromium-browser")


@pytest.fixture(scope="module")  # no longer: while it runs, no other test can call asyncio.run
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None and os.environ.get("CI") == "true":
        pytest.fail("no Chromium: `make browser` installs one, or set CHROMIUM_PATH")
    if path is None:
        pytest.skip("no Chromium: `make browser` installs one, or set CHROMIUM_PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def house() -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("echo_house.py")), str(port)],
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: answers(f"{url}/emulator/phones"), what="the process")
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture
def visit(open_tab: Callable[..., Page], house: str) -> Callable[..., Page]:
    """Open the simulator of the echoing house in a new tab."""
    httpx.post(f"{house}/emulator/reset")
    return partial(open_tab, house)


@pytest.fixture
def open_tab(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open the simulator of a house; whatever the browser complains of fails the test."""
    contexts = []
    complaints: list[str] = []

    def opened(house: str, **options: Any) -> Page:
        def check(request: Request) -> None:
            if not request.url.startswith(("data:", house)):
                complaints.append(f"leaves the house: {request.url}")

        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("requestfailed", lambda request: complaints.append(request.url))
        page.on("request", check)
        page.goto(f"{house}/simulator")
        page.get_by_role("region").first.wait_for()
        return page

    yield opened
    assert complaints == []
    for context in contexts:
        context.close()
