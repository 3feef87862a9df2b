"""`make proof`: every proof in this folder, one after the other; or those that are named."""

import sys
from importlib import import_module
from pathlib import Path

FOUND = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))

for name in sys.argv[1:] or FOUND:
    import_module(f"proof.{name}").main()
