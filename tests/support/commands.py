"""`tabletalk` in a process of its own, forked from one that has imported everything already.

What a command does is what an operator's does; only the imports of each are not waited for again.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

#: What the commands import where they need it.
PRELOADED = ["bot.cli", "bot.migrations", "bot.terminal", "bot.checkup", "webhooks.app"]
#: Seconds; only a server that should not have started takes as long.
TIMEOUT = 30
_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(PRELOADED)


@dataclass(frozen=True)
class Done:
    """What a command printed, and how it ended."""

    stdout: str
    stderr: str
    returncode: int


def run(arguments: Sequence[object], *, folder: Path, env: Mapping[str, str], typed: str) -> Done:
    """Run `tabletalk` in a folder, with nothing but these variables.

    Raises:
        TimeoutError: it did not end.

    """
    with TemporaryDirectory() as kept:
        files = [Path(kept, name) for name in ("stdin", "stdout", "stderr")]
        files[0].write_text(typed)
        words = [str(argument) for argument in arguments]
        process = _FORKS.Process(target=_command, args=(words, folder, dict(env), files))
        process.start()
        process.join(TIMEOUT)
        if process.exitcode is None:
            process.kill()
            raise TimeoutError(f"tabletalk {' '.join(words)} did not end")
        return Done(files[1].read_text(), files[2].read_text(), process.exitcode)


def _command(words: list[str], folder: Path, env: dict[str, str], files: Sequence[Path]) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    for number, (file, flags) in enumerate(
        zip(files, (os.O_RDONLY, *[os.O_WRONLY | os.O_CREAT] * 2), strict=True)
    ):
        os.dup2(os.open(file, flags), number)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 (multiprocessing had closed it)
    sys.argv = ["tabletalk", *words]
    from bot.cli import main  # noqa: PLC0415 (only the fork needs it)

    main()
