"""Wishes for a place: told by the words of each language, and by the names of the sections."""

import pytest
from restaurants import a_venue, table

from booking.floor import ATTRIBUTES
from conversations import features
from conversations.features import BUT, WITHOUT, features_of
from conversations.language import available

FLOOR = a_venue(
    tables=[
        {**table("T1"), "section": "Window"},
        {**table("T2"), "section": "main room", "attributes": ["quiet"]},
        {**table("T3"), "section": "Dehors", "attributes": ["outdoor", "accessible"]},
    ],
    combinations=[],
).floor


@pytest.mark.parametrize("code", available())
def test_every_language_has_words_for_every_attribute(code: str) -> None:
    words = features._words(code)  # noqa: SLF001 (what the file says)

    assert set(words) == {*ATTRIBUTES, WITHOUT, BUT}
    assert all(phrase.strip() for phrases in words.values() for phrase in phrases)


@pytest.mark.parametrize(
    ("request_", "wished"),
    [
        (None, set()),
        ("we have a pram", set()),
        ("by the window please", {"window"}),
        ("a table outside", {"outdoor"}),
        ("in the main room, somewhere quiet", {"main room", "quiet"}),
        ("one in a wheelchair", {"accessible"}),
        ("no stairs please", {"accessible"}),
        ("not too loud", {"quiet"}),
        ("a high table", {"high"}),
        ("a high chair", set()),
        ("not outside please", set()),
        ("quiet, not by the window", {"quiet"}),
        ("not by the window but outside", {"outdoor"}),
        ("away from the window", set()),
        ("no high tables", set()),
        ("windows", {"window"}),
        ("vicino alla finestra, tranquillo", {"window", "quiet"}),
        ("fuori nel dehors", {"outdoor", "dehors"}),
        ("all'aperto se possibile", {"outdoor"}),
        ("siamo in due, uno in sedia a rotelle", {"accessible"}),
        ("non fuori", set()),
        ("senza scale", {"accessible"}),
        ("non tavoli alti, ma fuori", {"outdoor"}),
        ("na esplanada, se poss\u00edvel", {"outdoor"}),
        ("somos dois, um de cadeira de rodas", {"accessible"}),
        ("mesa sossegada \u00e0 janela", {"quiet", "window"}),
        ("longe da janela, mas l\u00e1 fora", {"outdoor"}),
        ("bij het raam, liefst rustig", {"window", "quiet"}),
        ("niet aan het raam maar buiten", {"outdoor"}),
        ("een in een rolstoel", {"accessible"}),
        ("près de la fenêtre, au calme", {"window", "quiet"}),
        ("pas en terrasse svp", set()),
        ("loin de la fenêtre mais au calme", {"quiet"}),
        ("une personne en fauteuil roulant", {"accessible"}),
        ("pas de marches", {"accessible"}),
        ("une chaise haute", set()),
        ("cerca de la ventana, tranquila", {"window", "quiet"}),
        ("fuera en la terraza si puede ser", {"outdoor"}),
        ("uno va en silla de ruedas", {"accessible"}),
        ("no en la terraza", set()),
        ("sin mesas altas, pero al aire libre", {"outdoor"}),
        ("ein ruhiger Tisch am Fenster", {"window", "quiet"}),
        ("draußen, wenn es geht", {"outdoor"}),
        ("eine Person im Rollstuhl", {"accessible"}),
        ("ohne Stufen bitte", {"accessible"}),
        ("nicht draußen", set()),
        ("kein Hochtisch, aber auf der Terrasse", {"outdoor"}),
        ("ein Hochstuhl", set()),
    ],
)
def test_a_request_wishes_for_what_it_names_and_not_for_what_it_refuses(
    request_: str | None, wished: set[str]
) -> None:
    assert features_of(request_, FLOOR, available()) == wished


def test_words_of_a_language_that_the_house_does_not_speak_mean_nothing() -> None:
    assert features_of("fuori", FLOOR, ["en"]) == set()
