"""The box as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from servers import answers, free_port, wait_until

ROOT = Path(__file__).parents[3]


@pytest.fixture
def alone(house: Any) -> Iterator[str]:
    port = free_port()
    settings = {
        "TABLETALK_TELEGRAM_TOKEN": "77:made-up",
        "TABLETALK_TELEGRAM_WEBHOOK_SECRET": "overruled",
        "TABLETALK_TWILIO_ACCOUNT_SID": "AC0",
        "TABLETALK_TWILIO_AUTH_TOKEN": "made-up-too",
    }
    words = [
        f"--port={port}",
        f"--webhooks={house.url}",
        f"--public-url={house.public_url}",
        "--telegram-webhook-secret=hush-hush",
        "--twilio-number=+390212345678",
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "webhooks.emulator", *words],
        cwd=ROOT,
        env=os.environ | settings | {"PYTHONPATH": "src"},
    )
    url = f"http://127.0.0.1:{port}/emulator"
    try:
        wait_until(lambda: answers(f"{url}/phones"), what="the process")
        yield url
    finally:
        process.terminate()
        process.wait()


def test_it_serves_and_delivers(alone: str, house: Any) -> None:
    httpx.post(f"{alone}/sms/say", json={"number": "+393331234567", "text": "hello"})
    httpx.post(f"{alone}/telegram/say", json={"chat_id": 5, "text": "hello"})

    house.wait_for(lambda: house.texts and house.updates)
    assert house.refused == []
