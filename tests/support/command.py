"""The command line in tests: as a process of its own, or, which costs a fiftieth, in this one."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.cli import main

SHIFTBOT = [sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())"]


class Done(NamedTuple):
    """What a run of the command line came to."""

    returncode: int
    stdout: str
    stderr: str


def environment(folder: Path, **more: str) -> dict[str, str]:
    """No setting of this machine, none of a proxy; the code of this checkout."""
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")}
    ours = {"PYTHONPATH": str(Path(__file__).parents[2]), "DATA_DIR": str(folder / "data"), "NO_PROXY": "*"}
    return {**kept, **ours, **more}


def shiftbot(folder: Path, *words: str, **env: str) -> Done:
    """The command line in this process, started in `folder`. Not for what serves: that sets up the logs."""
    out, err = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.chdir(folder)
        wanted = environment(folder, **env)
        for name in {*os.environ} - {*wanted}:
            patch.delenv(name)
        for name, value in wanted.items():
            patch.setenv(name, value)
        try:
            code = main(words)
        except SystemExit as left:  # how argparse ends
            code = int(left.code or 0)
    return Done(code, out.getvalue(), err.getvalue())


def started(folder: Path, *words: str, said: str = "", then: str = "", **env: str) -> Done:
    """The command line as a process of its own that is told `said`; what it says goes to the command `then`."""
    command = " ".join(map(shlex.quote, [*SHIFTBOT, *words]))
    done = subprocess.run(
        f"{command} | {then}" if then else command, shell=True, cwd=folder, env=environment(folder, **env), input=said,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return Done(done.returncode, done.stdout, done.stderr)
