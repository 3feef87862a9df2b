"""How many come: counts of persons, lists of persons, and changes of a known number."""

from conversations.grammar import Phenomenon, Said
from conversations.parsers.findings import Besides, MoreParty, Party, Persons
from conversations.reading import Asked, Context

#: More than this is no party but a year, a price or a house number.
LARGEST = 500


def _persons(said: Said, _context: Context) -> Persons | None:
    """Give some persons: a counted noun, one relative, or the writer.

    Constants: `count` fixes the number, `self` counts the writer.
    """
    count = said.get("number")
    each = said.get("person", 1)
    if said.get("self"):
        return Persons(said.get("count", 1), self_included=True)
    if count is not None:
        size = int(count) * said.get("each", 1)
        return Persons(size, counted=bool(said.get("people"))) if count else None
    if "count" in said:
        return Persons(said["count"], counted=bool(said.get("people")))
    return Persons(each, unknown=not each)


def _joined(said: Said, _context: Context) -> Persons | None:
    """Add two groups of persons up.

    Constants: `listed` joins without a word for "and", so "myself, 1 person" is said twice;
    `writer` adds the writer, whom "I" names only beside relatives ("my wife and I"). A relative
    without an article counts only beside the writer ("me, hubby and grandma"). `more` counts those
    who stand with their names only ("me, my husband, Julia and the baby"); a `span` is an age ("my
    mum (82 years), dad and me").
    """
    one: Persons = said["persons"]
    if said.get("writer"):
        two = Persons(1, self_included=True)
    elif "person" in said:
        two = Persons(said["person"], unknown=not said["person"])
    else:
        two = said.get("persons2") or Persons(int(said["several"]))
    counted_twice = one.self_included and (
        two.self_included or (said.get("listed") and two.counted)
    )
    stray = "person" in said and not one.self_included  # "change time and date"
    if counted_twice or stray or (said.get("writer") and one.counted):
        return None
    return Persons(
        one.size + two.size + said.get("more", 0),
        self_included=one.self_included or two.self_included,
        counted=one.counted or two.counted,
        unknown=one.unknown or two.unknown,
    )


def _party(said: Said, context: Context) -> Party | None:
    """Give the size of a party that is stated as such.

    Constants: `size` fixes it, `more` adds persons who are not in the number ("me plus 3",
    "with 3 friends"), `asked` wants that the size was asked for ("4-5" is a time or a day
    elsewhere). `several` is a number that is no article (Dutch "met een" begins much else).
    """
    if said.get("asked") and context.asked is not Asked.PARTY_SIZE:
        return None
    if "size" in said:
        return Party(said["size"])
    size = max(said[key] for key in ("number", "several", "number2") if key in said)
    size += said.get("number3", 0) + said.get("more", 0)
    return Party(int(size)) if 0 < size <= LARGEST else None


def _company(said: Said, _context: Context) -> Party | None:
    """Give the party that a list of persons makes up, with the writer when they are company.

    Constant `with`: the persons come along with the writer; counted people ("with 6 people") are
    the whole party all the same.
    """
    persons: Persons = said["persons"]
    if persons.unknown or persons.size > LARGEST:
        return None
    if persons.self_included or persons.counted:
        alone = persons.self_included and persons.size == 1
        doubtful = "with" in said and (persons.self_included or persons.size == 1)
        return None if alone or doubtful else Party(persons.size)
    return Party(persons.size + 1) if said.get("with") else None


def _besides(said: Said, _context: Context) -> Besides | None:
    """Give the persons of "and a baby", for a party that was said before."""
    persons: Persons = said["persons"]
    hidden = persons.unknown or persons.self_included
    return None if hidden else Besides(persons.size, counted=persons.counted)


def _more(said: Said, _context: Context) -> MoreParty:
    """Give how many more, or with `fewer` how many less."""
    by = int(said["number"] if "number" in said else said.get("count", 1))
    return MoreParty(-by if said.get("fewer") else by)


PARTIES = {
    "persons": Phenomenon(
        _persons,
        slots=("number", "person"),
        constants=("self", "count", "people", "each"),
        gives=("{persons}",),
        rank=None,
    ),
    "joined_persons": Phenomenon(
        _joined,
        slots=("persons", "person", "several", "span"),
        constants=("listed", "writer", "more"),
        gives=("{persons}",),
        rank=None,
    ),
    "party": Phenomenon(
        _party,
        slots=("number", "several", "persons", "person", "name"),
        constants=("size", "more", "asked"),
        gives=("{party}",),
        rank=7,
    ),
    "company": Phenomenon(
        _company, slots=("persons",), constants=("with",), gives=("{party}",), rank=6
    ),
    "besides": Phenomenon(_besides, slots=("persons",), rank=1),
    "more_party": Phenomenon(
        _more, slots=("number", "person"), constants=("count", "fewer"), rank=6
    ),
}
