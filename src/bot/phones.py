"""Phone numbers as people write them."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat


def e164(text: str, *, like: str | None) -> str | None:
    """A number in E.164, or None when it is none.

    Args:
        text: as somebody wrote it.
        like: a number whose country is meant where none is said.

    """
    region = phonenumbers.region_code_for_number(phonenumbers.parse(like)) if like else None
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
