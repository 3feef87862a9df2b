"""Understanding: time a message, from outside, over a stream of lines through `tabletalk`.

The floor is a process that only parses the same lines and prints JSON of the same length.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles

import yaml

ROOT = Path(__file__).parent.parent
TABLETALK = str(Path(sys.executable).with_name("tabletalk"))
ECHO = (
    "import json, sys\n"
    "for line in sys.stdin:\n"
    "    found = json.loads(line)\n"
    "    sys.stdout.write(json.dumps({'id': 1, 'intent': 'book', 'x': found['text']}) + '\\n')\n"
    "    sys.stdout.flush()\n"
)
ROUNDS = 5
LONGEST = 4000
#: Of these, over and over, rules find something at every place.
HARD = ("1 ", "7-", "10/10 ", "at 7 to ", "twice half past ", "me and my wife, ", "4+", "(", "a")


def main() -> None:
    """Print the table."""
    lines = list(sentences())
    with process(sys.executable, "-c", ECHO) as echo:
        floor, _ = times(echo, lines)
    with process(TABLETALK, "understand", "--jsonl") as ours:
        found, first = times(ours, lines)
    print(f"\nunderstanding: {len(found)} messages, one at a time, from outside")
    for name, measured in (("floor (JSON only)", floor), ("tabletalk", found)):
        cuts = quantiles(measured, n=100)
        print(f"  {name:<18} p50 {cuts[49]:.3f} ms   p95 {cuts[94]:.3f} ms   p99 {cuts[98]:.3f} ms")
    net = quantiles(found, n=100)[49] - quantiles(floor, n=100)[49]
    print(f"  net of the floor   p50 {net:.3f} ms   (bound: p50 0.3 ms, p95 1.0 ms)")
    print(f"  process start to first reading: {first:.0f} ms (bound: 300 ms)")
    worst()


def worst() -> None:
    """Time the texts that are hardest to read: one piece over and over, up to the longest text."""
    with process(TABLETALK, "understand", "--jsonl") as ours:
        took = {
            (path.stem, piece): hardest(ours, piece, path.stem)
            for path in language_files()
            for piece in HARD
        }
    (code, piece), longest = max(took.items(), key=lambda item: item[1])
    print(
        f"  {LONGEST} characters of {piece!r} ({code}), the worst of {len(took)}: {longest:.0f} ms"
    )


def hardest(asked: "subprocess.Popen[str]", piece: str, code: str) -> float:
    """The least milliseconds of three readings of a text of this piece and nothing else."""
    line = json.dumps({"text": (piece * LONGEST)[:LONGEST], "lang": code})
    found = []
    for _ in range(3):
        begun = time.perf_counter()
        ask(asked, line)
        found.append((time.perf_counter() - begun) * 1000)
    return min(found)


def language_files() -> list[Path]:
    return sorted((ROOT / "tests/conversations/languages").glob("*.yaml"))


def sentences() -> Iterator[str]:
    """The project's own sentences, as lines of JSON."""
    for path in language_files():
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
        for text in (text for group in found["groups"] for text in group["read"]):
            yield json.dumps({**found["usual"], "text": text, "lang": path.stem})


@contextmanager
def process(*command: str) -> Iterator["subprocess.Popen[str]"]:
    """A process that answers a line with a line."""
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as started:
        yield started
        if started.stdin:
            started.stdin.close()


def times(asked: "subprocess.Popen[str]", lines: list[str]) -> tuple[list[float], float]:
    """Milliseconds a line after a first round, and from the start to the first answer."""
    begun = time.perf_counter()
    ask(asked, lines[0])
    first = (time.perf_counter() - begun) * 1000
    for line in lines:
        ask(asked, line)
    found = []
    for line in lines * ROUNDS:
        before = time.perf_counter()
        ask(asked, line)
        found.append((time.perf_counter() - before) * 1000)
    return found, first


def ask(asked: "subprocess.Popen[str]", line: str) -> str:
    """One line in, one line out."""
    if asked.stdin is None or asked.stdout is None:
        raise RuntimeError("the process has no pipes")
    asked.stdin.write(line + "\n")
    asked.stdin.flush()
    return asked.stdout.readline()


if __name__ == "__main__":
    main()
