"""Writes `playbooks/data/division_history.tsv`: `python -m playbooks.addresses.make_history FILE`.

FILE holds a JSON object a line for every city and district that ended between 1990 and 2026: `code`, `name`,
`level`, `province`, `parent` (names of then, 直辖 where there was no city), `used_from`, `until` (years) and `now`
(the units of today it came to, each with its `code`), compiled from yescallop/areacodes eed219a (CC0-1.0).
A unit ended as well when only its parent changed: 公主岭市 of 四平市 is 公主岭市 of 长春市 since 2020.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "data" / "division_history.tsv"
NOTES = (
    "# source: yescallop/areacodes eed219a, 2025-11-04 (CC0-1.0): cities and districts that ended 1990-2026",
    "# or changed their parent, and the codes of what they came to; `parent` is the name of then",
    "# made by python -m playbooks.addresses.make_history; not edited by hand",
)
HEADINGS = ("code", "level", "name", "province", "parent", "until", "now")


def line(row: dict[str, Any]) -> str:
    now = " ".join(unit["code"] for unit in row["now"])
    return "\t".join([*(str(row[heading]) for heading in HEADINGS[:-1]), now])


def main(lines: Iterable[str]) -> None:
    found = sorted(line(json.loads(text)) for text in lines)
    TARGET.write_text("\n".join([*NOTES, "\t".join(HEADINGS), *found]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]).read_text(encoding="utf-8").splitlines())
