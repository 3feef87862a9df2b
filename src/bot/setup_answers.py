"""What is answered to `tabletalk init`, read; and what a machine lets guess. Pure but for /etc."""

import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from zoneinfo import available_timezones

from booking.service_periods import DAY_MINUTES
from booking.venue_values import WEEKDAYS
from bot import settings
from bot.phones import e164
from bot.setup import COVERS

#: A last seating that lies before the first is one of the next morning, at most so long after it.
LONGEST_NIGHT = 16 * 60


def read_timezone(text: str) -> str:
    """An IANA name; its last part is enough.

    Raises:
        ValueError: there is none, or several.

    """
    known = {name.lower(): name for name in available_timezones() if not name.startswith("posix")}
    wanted = text.strip().lower().replace(" ", "_")
    if wanted in known:
        return known[wanted]
    found = [name for low, name in known.items() if low.rpartition("/")[2] == wanted]
    if len(found) == 1:
        return found[0]
    near = found or [known[low] for low in get_close_matches(wanted, known, n=3)]
    hint = f"; is {' or '.join(sorted(near))} meant?" if near else ", such as Europe/Rome"
    raise ValueError(f"{text!r} is no time zone{hint}")


def guess_timezone(environment: Mapping[str, str], files: Path = Path("/etc")) -> str:
    """The time zone of this machine, as far as it tells."""
    names = [environment.get("TZ", "").lstrip(":")]
    if (files / "timezone").is_file():
        names.append((files / "timezone").read_text().strip())
    names.append(str((files / "localtime").resolve()).partition("zoneinfo/")[2])
    return next((name for name in names if name in available_timezones()), "UTC")


def guess_language(environment: Mapping[str, str], known: Sequence[str]) -> str:
    """The language of this machine, if the house speaks it."""
    said = environment.get("LC_ALL") or environment.get("LANG") or ""
    return said[:2] if said[:2] in known else "en"


def read_languages(text: str, known: Sequence[str]) -> list[str]:
    """The languages of a house: the one that is named first, then all others that are known.

    Raises:
        ValueError: one is not known.

    """
    wanted = list(dict.fromkeys(re.findall(r"\w+", text.lower())))
    unknown = [code for code in wanted if code not in known]
    if unknown or not wanted:
        raise ValueError(f"{text!r}: the languages are {', '.join(known)}")
    return wanted if len(wanted) > 1 else [*wanted, *(c for c in known if c not in wanted)]


def read_days(text: str) -> list[str]:
    """Days of the week: `tue-sun`, or `mon, wed, fri`.

    Raises:
        ValueError: one is no day.

    """
    found: list[str] = []
    for part in re.split(r"[\s,]+", re.sub(r"\s*-\s*", "-", text.strip().lower())):
        first, _, last = part.partition("-")
        begin, end = _weekday(first), _weekday(last or first)
        found += [WEEKDAYS[(begin + n) % 7] for n in range((end - begin) % 7 + 1)]
    return [day for day in WEEKDAYS if day in found]


def _weekday(text: str) -> int:
    if text[:3] not in WEEKDAYS:
        raise ValueError(f"{text!r} is no day; the days are {', '.join(WEEKDAYS)}")
    return WEEKDAYS.index(text[:3])


def read_spans(text: str) -> list[tuple[int, int]]:
    """First and last seatings in minutes: `12:00-14:00, 18:00-22:00`.

    Raises:
        ValueError: one is no span.

    """
    spans = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,2}):?(\d{2})?\s*-\s*(\d{1,2}):?(\d{2})?\s*", part)
        if not match:
            raise ValueError(f"{part.strip()!r} is no span such as 18:00-22:00")
        first, last = (int(h) * 60 + int(m or 0) for h, m in (match.group(1, 2), match.group(3, 4)))
        if not first < DAY_MINUTES or last >= DAY_MINUTES:
            raise ValueError(f"{part.strip()!r} is no span such as 18:00-22:00")
        if last < first:
            last += DAY_MINUTES
            if last - first > LONGEST_NIGHT:
                raise ValueError(f"{part.strip()!r}: the last seating lies before the first")
        spans.append((first, last))
    return spans


def read_tables(text: str) -> dict[int, int]:
    """How many tables for 2, 4 and 6 there are: `4, 4, 2`.

    Raises:
        ValueError: there are none, or it is not said so.

    """
    counts = re.split(r"[\s,]+", text.strip())
    if len(counts) > len(COVERS) or not all(re.fullmatch(r"\d{1,3}", c) for c in counts):
        raise ValueError(f"{text!r}: say how many tables for 2, 4 and 6, such as 4, 4, 2")
    found = dict(zip(COVERS, map(int, counts), strict=False))
    if not any(found.values()):
        raise ValueError("a restaurant needs a table")
    return found


def needed(text: str) -> str:
    """A text that must be there.

    Raises:
        ValueError: it is empty.

    """
    if not text.strip():
        raise ValueError("this is needed")
    return " ".join(text.split())


def optional(text: str) -> str | None:
    """A text, or None when it is empty."""
    return text.strip() or None


def address(text: str) -> str | None:
    """A web address, or None when there is none yet.

    Raises:
        ValueError: it is none.

    """
    if text.strip() and not re.fullmatch(r"https?://[^\s/]+\S*", text.strip()):
        raise ValueError("an address looks like https://tables.example.com")
    return text.strip().rstrip("/") or None


def setting(name: str) -> Callable[[str], str | None]:
    """What reads the value of a setting, or None when there is none; raises ValueError."""

    def read(text: str) -> str | None:
        given = text.strip()
        if given:
            settings.check(name, given)
        return given or None

    return read


def phone(text: str) -> str:
    """A number in E.164.

    Raises:
        ValueError: it is none.

    """
    found = e164(text, like=None)
    if found is None:
        raise ValueError(f"{text!r} is no number with its country, such as +390212345678")
    return found


def optional_phone(text: str) -> str | None:
    """A number in E.164, or None when there is none.

    Raises:
        ValueError: it is none.

    """
    return phone(text) if text.strip() else None
