"""Logs: no secrets, no whole numbers. Seen in a process of its own, as operators see them."""

import json
import subprocess
import sys
from typing import Any

import pytest

from bot.logs import Redactor, mask


def logged(code: str) -> list[dict[str, Any]]:
    """What a process prints to standard error after our logging has been set up."""
    setup = (
        "import logging, structlog\n"
        "from bot.logs import configure\n"
        "configure(['hush'])\n"
        "log = structlog.get_logger()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", setup + code], capture_output=True, text=True, check=True
    )
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_each_line_is_an_object_with_level_and_time() -> None:
    ours, theirs = logged("log.info('hello', talk=3)\nlogging.warning('well %s', 'then')")

    assert (ours["event"], ours["level"], ours["talk"]) == ("hello", "info", 3)
    assert theirs["event"] == "well then"
    assert ours["timestamp"]


def test_secrets_are_starred_wherever_they_are() -> None:
    lines = logged(
        "log.info('url', address='https://x/bothush/send', what={'a': ['hush']})\n"
        "logging.error('token hush')\n"
        "try:\n"
        "    open('hush')\n"
        "except OSError:\n"
        "    log.exception('failed')\n"
    )

    assert len(lines) == 3
    assert "hush" not in json.dumps(lines)


def test_numbers_are_masked() -> None:
    (line,) = logged("log.info('to +447700900101', number='+390212345678')")

    assert (line["event"], line["number"]) == ("to +44…01", "+39…78")


def test_libraries_that_print_addresses_with_tokens_are_kept_quiet() -> None:
    assert logged("logging.getLogger('httpx').info('POST https://api/bot77:secret/send')") == []


@pytest.mark.parametrize("value", [3, 2.5, True, None, [3, 4]])
def test_what_is_no_text_stays_what_it_is(value: object) -> None:
    assert Redactor(["3"])(None, "", {"value": value}) == {"value": value}


def test_a_masked_number_shows_its_country_and_its_end() -> None:
    assert mask("+390212345678") == "+39…78"


def test_a_library_that_says_everything_twice_is_printed_once() -> None:
    (line,) = logged("logging.warning('up', extra={'color_message': 'UP'})")

    assert "color_message" not in line


def test_values_that_an_error_repeats_are_left_out() -> None:
    told = (
        "UniqueViolation: duplicate key\nDETAIL:  Key (text)=(we have\na pram) already exists.\n"
        "\nThe above exception was the direct cause\n1 validation error for Draft\n"
        "  wrong [type=int_parsing, input_value='we have a pram', input_type=str]"
    )
    clean = Redactor([])(None, "", {"exception": told})["exception"]

    assert "pram" not in clean
    assert all(kept in clean for kept in ("duplicate key", "direct cause", "int_parsing"))
