"""`shiftbot health`: another process looks at the heartbeat and says what is well and what is not."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.health import Check
from bot.heartbeat import judge
from bot.render import line_html
from bot.texts import plain
from storage.rows import Line

UNHEALTHY = 1
BAD_INPUT = 2
LANG = "en"
"""As all the command line."""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command and its option."""
    health = commands.add_parser(
        "health", help="say whether the running bot is well (exit code 0) or not (1)"
    )
    health.add_argument("--json", action="store_true", help="print one JSON object, for monitoring")


def run(folder: Path, now: datetime, *, as_json: bool) -> int:
    """Print what was found of the bot on `folder`. 0: all is well; 1: it is not; 2: there is no such folder."""
    if not folder.is_dir():
        print(f"{folder} is no folder: DATA_DIR names where the bot keeps its data.", file=sys.stderr)
        return BAD_INPUT
    found = judge(folder, now)
    print(_json(found) if as_json else "\n".join(_said(check.said()) for check in found))
    return 0 if all(check.ok for check in found) else UNHEALTHY


def _json(found: Sequence[Check]) -> str:
    return json.dumps({"healthy": all(check.ok for check in found), "checks": [_table(c) for c in found]})


def _table(check: Check) -> dict[str, Any]:
    cure = _said(check.cure) if check.cure else None
    return {"name": check.name, "ok": check.ok, "found": _said(check.found), "cure": cure}


def _said(line: Line) -> str:
    return plain(line_html(LANG, line))
