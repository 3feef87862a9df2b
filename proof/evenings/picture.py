"""One picture of what the seating plan gains, by hand-made SVG: bars over the demand."""

from collections.abc import Iterator, Mapping
from pathlib import Path

#: The houses that are drawn, and in which colour; best fit is the line at zero.
COLOURS = {"plan": "#1f7a5c", "first fit": "#c9a227"}
#: All in pixels.
PANEL, HEIGHT, LEFT, TOP, BAR, PERCENT = 240, 260, 60, 60, 18, 18
ZERO = TOP + 8 * PERCENT

Gains = Mapping[tuple[int, float], Mapping[str, float]]


def draw(path: Path, gains: Gains) -> None:
    """Write the picture.

    Args:
        path: of the file.
        gains: the covers of each house against best fit, by number of tables and demand.

    """
    tables = sorted({number for number, _ in gains})
    width = LEFT + PANEL * len(tables) + 20
    inner = "\n".join(
        [*_frame(width), *(_line for n, t in enumerate(tables) for _line in _panel(n, t, gains))]
    )
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT + 20}"'
        f' font-family="sans-serif" font-size="12">\n'
        f'<rect width="{width}" height="{HEIGHT + 20}" fill="#ffffff"/>\n{inner}\n</svg>\n'
    )


def _frame(width: int) -> Iterator[str]:
    yield _text(20, 24, "Covers an evening against best fit, by demand", size=15)
    for percent in (-2, 0, 2, 4, 6):
        y = ZERO - PERCENT * percent
        shade = "#333333" if percent == 0 else "#dddddd"
        yield f'<line x1="{LEFT}" x2="{width - 20}" y1="{y}" y2="{y}" stroke="{shade}"/>'
        yield _text(LEFT - 8, y + 4, f"{percent:+d} %" if percent else "0", anchor="end")
    for number, (name, colour) in enumerate(COLOURS.items()):
        x = width - 190 + 90 * number
        yield f'<rect x="{x}" y="14" width="12" height="12" fill="{colour}"/>'
        yield _text(x + 18, 24, name)


def _panel(number: int, tables: int, gains: Gains) -> Iterator[str]:
    left = LEFT + PANEL * number
    demands = sorted(demand for there, demand in gains if there == tables)
    yield _text(left + PANEL // 2, HEIGHT, f"{tables} tables", anchor="middle", size=13)
    for position, demand in enumerate(demands):
        x = left + 24 + position * 54
        yield _text(x + BAR, ZERO + 4 * PERCENT, f"{demand:.0%}", anchor="middle")
        for bar, (name, colour) in enumerate(COLOURS.items()):
            height = gains[tables, demand][name] * 100 * PERCENT
            top = ZERO - max(height, 0)
            yield (
                f'<rect x="{x + bar * BAR}" y="{top:.1f}" width="{BAR - 2}"'
                f' height="{abs(height):.1f}" fill="{colour}"/>'
            )


def _text(x: int, y: float, words: str, *, anchor: str = "start", size: int = 12) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}">{words}</text>'
