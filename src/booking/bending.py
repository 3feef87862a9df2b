"""Which rules of the house would have to bend for a wish that is refused. Pure."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from booking.availability import Offer, Seeker, check
from booking.errors import Reason, Rule, TableRule
from booking.floor import Audience
from booking.rules import BENDABLE, Refusal, Wish
from booking.seating import Stay
from booking.venue import Venue

#: The staff, who ask for a guest.
STAFF = Seeker(audience=Audience.STAFF)
#: Rules about tables, the one that costs least first.
_TABLE_RULES = (TableRule.MINIMUM, TableRule.KEPT, TableRule.BUFFER, TableRule.TURN_TIME)


@dataclass(frozen=True, kw_only=True)
class Bend:
    """A rule that stands against a wish, and what it is about."""

    rule: Rule
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Way:
    """A single rule that would have to bend, and what the wish would get then."""

    bend: Bend
    offer: Offer


def bending(
    venue: Venue,
    stays: Sequence[Stay],
    wish: Wish,
    *,
    now: dt.datetime,
    seeker: Seeker = STAFF,
) -> tuple[Offer | Refusal, tuple[Bend, ...]]:
    """Find all rules that would have to bend for a wish, and what it would get then.

    Args:
        venue: the rules and the floor.
        stays: of the service date of the wish.
        wish: what is asked for.
        now: the instant of the question (UTC).
        seeker: who asks.

    Returns:
        What it would get, or what cannot bend; and those rules.

    """
    bent: dict[Rule, Bend] = {}
    while True:
        seeker = replace(seeker, bend=frozenset(bent))
        found = check(venue, stays, wish, now=now, seeker=seeker)
        if isinstance(found, Offer) or found.reason in bent:
            return found, tuple(bent.values())
        if found.reason in BENDABLE:
            bent[found.reason] = Bend(rule=found.reason, fields=found.fields)
            continue
        ways = _tables(venue, stays, wish, now, seeker) if found.reason is Reason.NO_TABLE else ()
        way = next(iter(ways), None)
        return (way.offer, (*bent.values(), way.bend)) if way else (found, tuple(bent.values()))


def ways(
    venue: Venue,
    stays: Sequence[Stay],
    wish: Wish,
    refusal: Refusal,
    *,
    now: dt.datetime,
    seeker: Seeker = STAFF,
) -> tuple[Way, ...]:
    """Find every rule that alone would have to bend for a refused wish.

    Args:
        venue: the rules and the floor.
        stays: of the service date of the wish.
        wish: what is asked for.
        refusal: the first rule that stands against it.
        now: the instant of the question (UTC).
        seeker: who asks.

    """
    if refusal.reason is Reason.NO_TABLE:
        return tuple(_tables(venue, stays, wish, now, seeker))
    if refusal.reason not in BENDABLE:
        return ()
    bent = replace(seeker, bend=frozenset({refusal.reason}))
    found = check(venue, stays, wish, now=now, seeker=bent)
    bend = Bend(rule=refusal.reason, fields=refusal.fields)
    return (Way(bend=bend, offer=found),) if isinstance(found, Offer) else ()


def _tables(
    venue: Venue, stays: Sequence[Stay], wish: Wish, now: dt.datetime, seeker: Seeker
) -> Iterator[Way]:
    """The rules about tables that alone would have to bend, besides those that do already."""
    for rule in _TABLE_RULES:
        bent = replace(seeker, bend=seeker.bend | {rule})
        found = check(venue, stays, wish, now=now, seeker=bent)
        if isinstance(found, Offer):
            yield Way(bend=Bend(rule=rule, fields=_about(venue, rule, found)), offer=found)


def _about(venue: Venue, rule: Rule, offer: Offer) -> dict[str, Any]:
    names = "+".join(venue.floor.names[number] for number in offer.table_ids)
    more = {"until": venue.local(offer.ends_at).time()} if rule is TableRule.TURN_TIME else {}
    return {"tables": names, **more}
