"""The notation of language files."""

import pytest

from conversations.templates import (
    Group,
    ListMark,
    SlotMark,
    TemplateError,
    Words,
    blocks,
    parse,
)


def test_the_four_marks_are_told_apart() -> None:
    assert parse("at {hour} (a|b) [<ish>]") == (
        Words("at "),
        SlotMark("hour"),
        Group(((Words("a"),), (Words("b"),)), optional=False),
        Group(((ListMark("ish"),),), optional=True),
    )


def test_alternatives_may_stand_without_brackets() -> None:
    assert parse("a|{hour}") == (Group(((Words("a"),), (SlotMark("hour"),)), optional=False),)


def test_only_a_group_of_plain_words_has_phrases() -> None:
    plain, mixed = parse("(one|two three) (one|{hour})")

    assert isinstance(plain, Group)
    assert isinstance(mixed, Group)
    assert plain.phrases() == ["one", "two three"]
    assert mixed.phrases() is None


@pytest.mark.parametrize("template", ["(a", "a)", "[a)", "{a", "a>"])
def test_marks_that_do_not_fit_together_are_refused(template: str) -> None:
    with pytest.raises(TemplateError):
        parse(template)


def test_blocks_are_lines_and_mappings_with_constants() -> None:
    given = ["a\n\n b ", {"say": "c", "shift": 30}]

    assert list(blocks(given)) == [("a", {}), ("b", {}), ("c", {"shift": 30})]
