"""Phenomena: what can be said about a booking, in whatever language."""

from conversations.grammar import Phenomenon
from conversations.parsers.clocks import CLOCKS
from conversations.parsers.cues import CUES
from conversations.parsers.dates import DATES
from conversations.parsers.figures import FIGURES
from conversations.parsers.parties import PARTIES

#: name in the language files -> phenomenon
PHENOMENA: dict[str, Phenomenon] = CLOCKS | DATES | PARTIES | FIGURES | CUES
