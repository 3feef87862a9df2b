"""What Twilio refuses, in its own words.

Source: twilio.com/docs/api/errors/<code>.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import phonenumbers

Json = dict[str, Any]

BODY_CHARACTERS = 1600
LONGEST_VALIDITY = 36000  # seconds
_URL = re.compile(r"https?://[^/\s]+\S*")


class TwilioRefusal(Exception):
    """A call that Twilio refuses.

    Args:
        code: Twilio's own.
        message: as Twilio words it.
        status: HTTP status.
    """

    def __init__(self, code: int, message: str, status: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.message = message

    def body(self) -> Json:
        """The answer that the caller gets."""
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": int(self.status),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A message that the house wants sent, checked as far as that needs no account.

    Attributes:
        validity: seconds that it may wait.
    """

    to: str
    sender: str
    body: str
    media: bool
    validity: int
    status_callback: str


def read_order(form: Mapping[str, str]) -> Order:
    """The form of a POST to Messages.json.

    Raises:
        TwilioRefusal: the first rule that it breaks.
    """
    to, sender, body = form.get("To", ""), form.get("From", ""), form.get("Body", "")
    media, callback = "MediaUrl" in form, form.get("StatusCallback", "")
    if not to:
        raise TwilioRefusal(21604, "A 'To' phone number is required.")
    if not sender:
        raise TwilioRefusal(21603, "A 'From' phone number is required.")
    if not body and not media:
        raise TwilioRefusal(21602, "Message body is required.")
    if len(body) > BODY_CHARACTERS:
        raise TwilioRefusal(21617, "The concatenated message body exceeds the 1600 character limit")
    if not is_number(to):
        raise TwilioRefusal(21211, f"Invalid 'To' Phone Number: {to}")
    if not is_number(sender):
        raise TwilioRefusal(21212, f"Invalid From Number (caller ID): {sender}")
    if to == sender:
        raise TwilioRefusal(21266, "'To' and 'From' number cannot be the same")
    if callback and not _URL.fullmatch(callback):
        raise TwilioRefusal(21609, f"The 'StatusCallback' URL {callback} is not a valid URL.")
    validity = _validity(form.get("ValidityPeriod", str(LONGEST_VALIDITY)))
    return Order(
        to=to, sender=sender, body=body, media=media, validity=validity, status_callback=callback
    )


def is_number(text: str) -> bool:
    """Whether it is an E.164 number that could exist."""
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return False
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return written == text and phonenumbers.is_possible_number(number)


def country_of(number: str) -> str:
    """The ISO code of a number's country; empty when it is not known."""
    return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""


def _validity(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d*", text):
        raise TwilioRefusal(90014, "Validity Period should be positive integer")
    if int(text) > LONGEST_VALIDITY:
        raise TwilioRefusal(90007, "Invalid validity period value")
    return int(text)
