"""What of a request is about allergies: by words of the language files, alike in each language."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import pytest

from conversations import language
from conversations.reading import Context
from conversations.templates import blocks
from conversations.understanding import allergies_in, understand

CONTEXT = Context(now=dt.datetime(2026, 11, 20, 12))  # noqa: DTZ001 (wall time at the venue)
#: The same thing in each language.
ALIKE = [
    {
        "en": "one of us is allergic to peanuts",
        "de": "einer von uns ist allergisch gegen Erdnüsse",
        "es": "uno de nosotros es alérgico a los cacahuetes",
        "fr": "l'un de nous est allergique aux cacahuètes",
        "it": "uno di noi è allergico alle arachidi",
        "nl": "een van ons is allergisch voor pinda's",
        "pt": "um de nós é alérgico a amendoim",
    },
    {
        "en": "a nut allergy",
        "de": "eine Nussallergie",
        "es": "alergia a los frutos secos",
        "fr": "une allergie aux noix",
        "it": "allergia alla frutta secca",
        "nl": "een notenallergie",
        "pt": "alergia a frutos secos",
    },
    {
        "en": "she is coeliac",
        "de": "sie hat Zöliakie",
        "es": "ella es celíaca",
        "fr": "elle est coeliaque",
        "it": "lei è celiaca",
        "nl": "zij heeft coeliakie",
        "pt": "ela é celíaca",
    },
    {
        "en": "gluten free",
        "de": "glutenfrei",
        "es": "sin gluten",
        "fr": "sans gluten",
        "it": "senza glutine",
        "nl": "glutenvrij",
        "pt": "sem glúten",
    },
    {
        "en": "lactose intolerant",
        "de": "laktoseintolerant",
        "es": "intolerante a la lactosa",
        "fr": "intolérante au lactose",
        "it": "intollerante al lattosio",
        "nl": "lactose-intolerant",
        "pt": "intolerante à lactose",
    },
    {
        "en": "dairy free",
        "de": "ohne Milchprodukte",
        "es": "sin lácteos",
        "fr": "sans produits laitiers",
        "it": "senza latticini",
        "nl": "zonder zuivel",
        "pt": "sem lácteos",
    },
    {
        "en": "my son is allergic to eggs",
        "de": "mein Sohn ist allergisch gegen Eier",
        "es": "mi hijo es alérgico al huevo",
        "fr": "mon fils est allergique aux oeufs",
        "it": "il bambino è intollerante alle uova",
        "nl": "mijn zoon is allergisch voor eieren",
        "pt": "o meu filho é alérgico a ovos",
    },
    {
        "en": "shellfish allergy",
        "de": "Allergie gegen Schalentiere",
        "es": "alérgica al marisco",
        "fr": "allergie aux crustacés",
        "it": "allergica ai crostacei",
        "nl": "allergisch voor schaaldieren",
        "pt": "alérgica a marisco",
    },
    {
        "en": "sesame allergy",
        "de": "Sesamallergie",
        "es": "alergia al sésamo",
        "fr": "allergie au sésame",
        "it": "allergia al sesamo",
        "nl": "sesamallergie",
        "pt": "alergia ao sésamo",
    },
]
#: Wishes that say nothing of anybody's health.
OTHERS = [
    "a pram and a window",
    "we are vegan",
    "it is her birthday",
    "a wheelchair",
    "un passeggino",
    "siamo vegetariani",
    "tavolo fuori",
    "ein Kinderwagen",
    "wir sind Vegetarier",
    "ein Tisch am Fenster",
    "un carrito de bebé",
    "somos vegetarianos",
    "une poussette",
    "nous sommes végétariens",
    "une table en terrasse",
    "we zijn vegetarisch",
    "een kinderwagen bij het raam",
    "mesa na esplanada",
    "somos veganos",
]


def told(request: str) -> list[str]:
    return allergies_in(request, CONTEXT)


@pytest.mark.parametrize("said", ALIKE, ids=lambda said: said["en"])
@pytest.mark.parametrize("code", language.available())
def test_an_allergy_is_one_in_every_language(said: dict[str, str], code: str) -> None:
    (clause,) = told(said[code])

    assert clause in said[code]


@pytest.mark.parametrize("request_", OTHERS)
def test_other_wishes_are_none(request_: str) -> None:
    assert told(request_) == []


@pytest.mark.parametrize("code", language.available())
def test_every_language_tells_its_words_of_allergies_from_those_of_other_wishes(code: str) -> None:
    rules = list(blocks(language.read(code)["rules"]["wish"]))
    words = {is_allergy: set(_words(rules, is_allergy=is_allergy)) for is_allergy in (True, False)}

    assert len(words[True]) > 15
    assert words[True].isdisjoint(words[False])


def _words(rules: Sequence[tuple[str, Mapping[str, object]]], *, is_allergy: bool) -> Iterator[str]:
    for template, constants in rules:
        if bool(constants.get("allergy")) is is_allergy:
            yield from template.strip("()").split("|")


def test_of_several_wishes_only_the_clauses_about_allergies_are_told() -> None:
    request = "we have a pram, allergic to nuts, window; gluten free"

    assert told(request) == ["allergic to nuts", "gluten free"]
    assert all(clause in request for clause in told(request))  # so the request is found by them


def test_what_is_told_of_stands_in_the_request_as_it_goes_into_the_book() -> None:
    said = "table for 2 tomorrow at 8, we have a pram and my wife is allergic to peanuts, thanks"
    request = understand(said, CONTEXT).request or ""

    assert told(request)
    assert all(clause in request for clause in told(request))
