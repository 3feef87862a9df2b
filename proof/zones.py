"""All IANA time zones, every day of the year on which clocks are moved, all start minutes."""

import sys
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))

from zones import YEAR, slots_are_as_the_clock_shows, transition_days


def main() -> None:
    """Print how many zones and starts were looked at."""
    zones = [ZoneInfo(name) for name in sorted(available_timezones())]
    moved = sum(len(transition_days(zone)) for zone in zones)
    starts = sum(slots_are_as_the_clock_shows(zone) for zone in zones)
    print(f"\nzones: {len(zones)} zones, {moved} days of {YEAR} on which clocks are moved")
    print(f"  {starts} starts compared with the clock itself: all right")


if __name__ == "__main__":
    main()
