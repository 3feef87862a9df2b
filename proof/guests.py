"""How well messages are read that others wrote: 432 a language, labelled before any rule saw them.

`messages/CODE.jsonl` has lines as for `tabletalk understand --jsonl`, with `expect`, what a message
states, and `also`, values that are as right. Rules were written with most of them in view; those
marked `fresh` no rule has been written for yet, and only they tell how strangers are understood.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from conversations import jsonl

FOLDER = Path(__file__).parent / "messages"
VALUES = ("party_size", "date", "time", "choice")


def main() -> None:
    """Print, for each language, the share read right, of all messages and of the fresh ones."""
    rows = [json.loads(line) for path in sorted(FOLDER.glob("*.jsonl")) for line in lines(path)]
    print(f"\nguests: {len(rows)} messages; of those fresh, values / intent right, values invented")
    totals: Counter[str] = Counter()
    for code in sorted({row["lang"] for row in rows}):
        found = score([row for row in rows if row["lang"] == code and row.get("fresh")])
        totals += found
        print(f"  {code}   {told(found)}")
    print(f"  all  {told(totals)}")
    known = score([row for row in rows if not row.get("fresh")])
    print(f"  those that rules were written with: {told(known)}")


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def score(rows: list[dict[str, Any]]) -> Counter[str]:
    """Count messages, and of them those whose values, and whose intent, are as stated."""
    found: Counter[str] = Counter()
    for row in rows:
        said = json.loads(jsonl.answer(json.dumps(row)))
        wrong = [key for key in VALUES if not is_right(row, said, key)]
        silent = not any(key in row["expect"] for key in VALUES)
        found["messages"] += 1
        found["values"] += not wrong
        found["intent"] += is_right(row, said, "intent")
        found["silent"] += silent
        found["invented"] += silent and bool(wrong)
    return found


def is_right(row: dict[str, Any], said: dict[str, Any], key: str) -> bool:
    """Tell whether a value is the stated one, or one that is as right."""
    others = row.get("also", {}).get(key, [])
    others = others if isinstance(others, list) else [others]
    return said.get(key) in (row["expect"].get(key), *others)


def told(found: Counter[str]) -> str:
    values, intent = (100 * found[key] / found["messages"] for key in ("values", "intent"))
    return f"{values:.1f} / {intent:.1f} %, {found['invented']} of {found['silent']}"


if __name__ == "__main__":
    main()
