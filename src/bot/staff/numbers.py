"""The number by which a phone of the staff names a conversation, as in `#125 we look forward`.

The last digit checks the others (Luhn), so that a slip of the finger reaches no other guest.
"""


def number_of(talk_id: int) -> str:
    """The number of a conversation, without its `#`."""
    return f"{talk_id}{_check(str(talk_id))}"


def talk_of(number: str) -> int | None:
    """The conversation with a number, or None when it is mistyped."""
    digits, check = number[:-1], number[-1:]
    return int(digits) if digits and _check(digits) == check else None


def _check(digits: str) -> str:
    doubled = (
        int(digit) if place % 2 else sum(divmod(2 * int(digit), 10))
        for place, digit in enumerate(reversed(digits))
    )
    return str(-sum(doubled) % 10)
