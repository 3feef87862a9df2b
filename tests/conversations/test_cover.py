"""Of matches that overlap, those that explain the most are kept."""

from conversations.chart import Match
from conversations.cover import cover


def match(start: int, end: int, name: str, rank: int | None = 0) -> Match:
    return Match(start, end, name, name, rank, cue=False)


def names(matches: list[Match], length: int = 6) -> list[str]:
    return [kept.name for kept in cover(matches, length)]


def test_the_longer_match_wins() -> None:
    assert names([match(0, 2, "party"), match(0, 3, "duration")]) == ["duration"]


def test_two_matches_that_cover_more_win_over_a_longer_one() -> None:
    overlapping = [match(0, 2, "left"), match(1, 4, "middle"), match(2, 5, "right")]

    assert names(overlapping) == ["left", "right"]


def test_of_covers_of_one_length_the_one_in_fewer_pieces_wins() -> None:
    assert names([match(0, 1, "a"), match(1, 3, "b"), match(0, 3, "whole")]) == ["whole"]


def test_among_equals_the_rank_decides() -> None:
    assert names([match(0, 2, "noise", 1), match(0, 2, "party", 7)]) == ["party"]


def test_matches_without_a_rank_take_no_part() -> None:
    assert names([match(0, 6, "helper", None), match(2, 3, "party")]) == ["party"]


def test_nothing_covers_nothing() -> None:
    assert names([], 0) == []
