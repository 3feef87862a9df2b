"""No sentence that a guest or the staff read stands in code: those live in the language files."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
#: The modules through which everything goes that a guest or the staff read.
SPEAKING = {
    "conversations": (
        *("actions", "acts", "commands", "conversation", "dialogue", "draft", "interpretation"),
        *("moves", "outcomes", "questions", "responses", "talks", "understanding", "wording"),
    ),
    "bot": (
        *("claims", "consent", "delivery", "exchange", "inbox", "letters", "menus", "messages"),
        *("notices", "outbox", "reception", "statuses", "unheard"),
    ),
}
FILES = [
    ROOT / "src" / package / f"{name}.py" for package, names in SPEAKING.items() for name in names
]
FILES += sorted((ROOT / "src/bot/staff").glob("*.py"))
SENTENCE = re.compile(r"[A-Za-zÀ-ÿ']{2,}( [A-Za-zÀ-ÿ']{2,}){2,}")


def spoken(tree: ast.AST) -> Iterator[str]:
    """Texts with three words in a row, except docstrings, errors and what goes to the log."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Raise | ast.Expr) and not _is_call(node):
            continue
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("log."):
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if SENTENCE.search(node.value):
                yield node.value
        else:
            yield from spoken(node)


def _is_call(node: ast.Raise | ast.Expr) -> bool:
    return isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_module_holds_no_sentence(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [text for text in spoken(tree) if text not in ALLOWED]

    assert found == []


#: Reasons that stand in a row's `error` column, for operators.
ALLOWED = {
    "the channel is off",
    "the worker died",
    "wants no messages",
    "no longer true",
    " cannot happen while ",  # an error of ours
}


def test_a_sentence_in_code_would_be_found() -> None:
    code = 'def reply():\n    """Say that it is booked."""\n    return "Your table is booked"\n'

    assert list(spoken(ast.parse(code))) == ["Your table is booked"]
