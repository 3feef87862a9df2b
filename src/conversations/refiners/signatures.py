"""Names that nothing introduces: behind the word for a booking, or at the end of a message."""

from conversations.lexer import Kind, Token
from conversations.parsers.findings import Clock, Day, Figure, Noise, Party
from conversations.refiners.message import Message, Span

#: of words, particles and titles among them
LONGEST = 5
_FULL_NAME = 2
_LONGEST_PARTICLE = 3
#: as in "van den"
_MOST_PARTICLES = 3
_GOODBYES = ("thanks", "farewell", "polite")
#: what a message says that books something, and may be signed
_OF_A_VISIT = (Clock, Day, Figure, Party)
#: or is about one that exists
_OF_A_BOOKING = frozenset({"cancel", "change", "lookup", "holds"})
#: marks that part a sentence
_PARTS = (",", ":")


def behind_booking(message: Message) -> Span | None:
    """Give rare words with a capital behind that for a booking ("Reservation Steiner: ...")."""
    bookings = message.language.lexicon.standing_for("<booking>")
    for start, token in enumerate(message.tokens[:-1], 1):
        if token.text not in bookings:
            continue
        end = start
        while end < len(message.tokens) and _is_of_name(message, end):
            end += 1
        is_code = end < len(message.tokens) and _is_stuck(message.tokens[end])
        if start < end < start + LONGEST and not is_code:
            return start, end
    return None


def names_booking(message: Message) -> bool:
    """Tell whether a name stands behind the word for a booking, which then exists."""
    return behind_booking(message) is not None


def _is_stuck(token: Token) -> bool:
    """Tell whether a token belongs to the word it is stuck to ("QX-7"), and ends no clause."""
    return token.glued and token.kind is not Kind.STOP and token.text not in _PARTS


def signature(message: Message) -> Span | None:
    """Give the name that closes a message: behind thanks, on its own line, before a phone number.

    No word of it is known, and all are written with a capital.
    """
    visits = any(type(match.value) in _OF_A_VISIT for match in message.found)
    if not visits and not message.says & _OF_A_BOOKING:
        return None
    noise = {i for match, _ in message.of(Noise) for i in range(match.start, match.end)}
    end = len(message.tokens)
    while end and (end - 1 in noise or message.tokens[end - 1].kind is not Kind.WORD):
        end -= 1
    start = end
    while start and end - start < LONGEST and _is_of_name(message, start - 1):
        start -= 1
        if _opens_line(message, start):
            break
    phoned = any(token.kind is Kind.NOISE for token in message.tokens[end:])
    signed = phoned or _opens_line(message, start) or _follows_goodbye(message, start, end)
    signed = signed or _is_apart(message, start, end)
    return (start, end) if 0 < start < end and signed else None


def _opens_line(message: Message, at: int) -> bool:
    if not 0 < at < len(message.tokens):
        return False
    return "\n" in message.text[message.tokens[at - 1].end : message.tokens[at].start]


def _is_apart(message: Message, start: int, end: int) -> bool:
    """Tell whether two words, or a rare one, are all that is said behind the last stop or comma."""
    mark = message.tokens[start - 1] if start else None
    parted = mark is not None and (mark.kind is Kind.STOP or mark.text == ",")
    words = message.tokens[start:end]
    rare = all(token.text not in message.language.words for token in words)
    short_form = message.words(start, end).isupper() and len(words) == 1
    shouted = message.text.isupper()  # its capitals tell nothing
    return parted and not short_form and not shouted and (rare or len(words) == _FULL_NAME)


def _follows_goodbye(message: Message, start: int, end: int) -> bool:
    """Tell whether words stand behind thanks or a farewell: any behind a mark, else rare ones.

    Two are a full name, however frequent.
    """
    words = [i for i in range(start) if message.tokens[i].kind is Kind.WORD]
    last = words[-1] if words else -1
    frequent = all(t.text in message.language.words for t in message.tokens[start:end])
    if last < 0 or (frequent and last + 1 == start and end - start < _FULL_NAME):
        return False
    return any(cue.start <= last < cue.end for name in _GOODBYES for cue in message.told(name))


def _is_strange_capital(message: Message, at: int) -> bool:
    """Tell whether no rule knows a word, though one may take it along ("Reservation X: now 5")."""
    token = message.tokens[at]
    if token.kind is not Kind.WORD or any(m.start <= at < m.end for m in message.found):
        return False
    is_known = token.text in message.language.lexicon.entries
    return not is_known and message.text[token.start].isupper()


def _is_of_name(message: Message, at: int) -> bool:
    return _is_strange_capital(message, at) or leads_to_name(message, at)


def leads_to_name(message: Message, at: int) -> bool:
    """Tell whether a short word leads on to a name: "De Smet", "Van den Broeck", "Jan ter Horst".

    It is known as another word, too; so it has a capital, or stands between those that have.
    """
    if any(cue.start <= at < cue.end for cue in message.told("farewell")):
        return False  # "Kr Ann"
    token, end = message.tokens[at], at
    while end < len(message.tokens) - 1 and _is_small_word(message.tokens[end]):
        end += 1
    if not at < end <= at + _MOST_PARTICLES or not _is_strange_capital(message, end):
        return False
    behind_name = at > 0 and _is_of_name_before(message, at - 1)
    return message.text[token.start].isupper() or behind_name


def _is_of_name_before(message: Message, at: int) -> bool:
    """Tell whether a rare word with a capital stands here, or a particle with one does."""
    token = message.tokens[at]
    capital = message.text[token.start].isupper() and token.kind is Kind.WORD
    return _is_strange_capital(message, at) or (capital and _is_small_word(token))


def _is_small_word(token: Token) -> bool:
    return token.kind is Kind.WORD and len(token.text) <= _LONGEST_PARTICLE
