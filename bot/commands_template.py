"""`shiftbot template runsheet`: an empty run sheet to fill in."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.template import NAMES, run_sheet

if TYPE_CHECKING:
    Subcommands = argparse._SubParsersAction[argparse.ArgumentParser]

GOOD, BAD_INPUT = 0, 2


def add(commands: Subcommands) -> None:
    """Its options."""
    template = commands.add_parser("template", help="write an empty table to fill in")
    template.add_argument(
        "what", choices=["runsheet"], help="runsheet: products, prices and promotions, in run order"
    )
    template.add_argument(
        "--out", metavar="FILE", type=Path, help="where to write it (default: a name of its own, here)"
    )
    template.add_argument(
        "--lang", choices=list(NAMES), default="zh-CN", help="language of hints and notes (default: zh-CN)"
    )


def run(given: argparse.Namespace) -> int:
    """Write the file and say where it is; 2 where one is there already. Raises OSError where it cannot be written."""
    out: Path = given.out or Path(NAMES[given.lang])
    try:
        with out.open("xb") as file:
            file.write(run_sheet(given.lang))
    except FileExistsError:
        print(f"{out} is there already and is kept. Give another name with --out.", file=sys.stderr)
        return BAD_INPUT
    print(out)
    return GOOD
