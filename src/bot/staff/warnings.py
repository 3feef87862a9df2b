"""Warning the staff before a rule of the house is set aside, and asking whether to go on."""

from collections.abc import Mapping, Sequence
from typing import Any

from booking.venue import Venue
from bot.staff import acts
from bot.staff.stand import Said, Stand
from conversations.wording import load_wording


def ask(
    stand: Stand, venue: Venue, kind: str, data: Mapping[str, Any], warnings: Sequence[str]
) -> Said:
    """Tell what stands against an act, and keep it until the answer comes.

    Args:
        stand: who wants it.
        venue: where.
        kind: which act; `desk.py` knows how each goes on.
        data: what it takes to go on.
        warnings: what is told, a sentence each.

    """
    wording = load_wording(venue.languages[0])
    act = acts.keep(stand, venue.id, kind, data, acts.State.ASKED)
    asks = "staff.anyway" if stand.capability.has_buttons else "staff.anyway_by_text"
    button = wording.data["button"]
    return Said(
        text="\n".join([*warnings, wording.say(asks, {})]),
        buttons=[(button["anyway"], f"d:yes:{act}"), (button["leave"], f"d:no:{act}")],
    )
